"""Querying: a question in SQL becomes rows of the analysts' file."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import duckdb

from pipelines.model import OperatorFault, Reason, StoreFault
from pipelines.reasons import common_failure
from pipelines.store.data_folder import holder_of
from pipelines.store.database import PUBLISHED
from pipelines.store.errors import first_line, store_faults
from pipelines.store.migrating import known_version
from pipelines.store.statements import statement

_CHUNK = 1000
_BATCH = 10_000  # rows
# What answers with rows; `set`, `create` and the like only say that they were done.
_ANSWERED = frozenset({"SELECT", "EXPLAIN", "EXECUTE", "CALL", "PRAGMA", "COPY", "RELATION"})


@dataclass(slots=True, kw_only=True)
class QueryResult:
    """The answer to a query: its columns at once, its rows as they are asked for, once."""

    columns: tuple[str, ...]
    types: tuple[str, ...]  # DuckDB's names
    rows: Iterator[tuple[object, ...]] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """One row of the view source_health."""

    source: str
    kind: str
    health: str
    meaning: str  # of its health, in words
    needs_person: bool
    last_polled_at: datetime | None
    last_new_at: datetime | None
    next_due_at: datetime | None
    failure_count: int
    last_reason: Reason | None
    article_count_7d: int
    rejected_count_7d: int
    gap_count_7d: int
    missed_estimate_7d: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The health of all sources in one line."""

    line: str
    is_well: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """The analysts' file, open read-only for one question after another, with instants in UTC."""

    path: Path
    connection: duckdb.DuckDBPyConnection

    def ask(self, sql: str) -> Iterator[QueryResult]:
        """The results of the statements of a text, in their order; each must be drawn before the next is asked for.

        Raises OperatorFault with DuckDB's own words for a statement that does not hold, also while rows are drawn.
        """
        for statement_ in self._statements(sql):
            with _query_faults(self.path):
                self.connection.execute(statement_)
                description = self.connection.description or []
            if statement_.type.name in _ANSWERED and description:
                yield QueryResult(
                    columns=tuple(name for name, *_ in description),
                    types=tuple(str(type_) for _, type_, *_ in description),
                    rows=_draw(self.connection, self.path),
                )

    def write_parquet(self, sql: str, sink: BinaryIO) -> None:
        """Write the one result of a text as Parquet. Raises OperatorFault as `ask` does, and for several results."""
        from pyarrow.parquet import ParquetWriter

        statements = self._statements(sql)
        answered = [one for one in statements if one.type.name in _ANSWERED]
        if len(answered) != 1:
            raise OperatorFault(f"a Parquet file holds one result; this text has {len(answered)}")
        with _query_faults(self.path):
            for statement_ in statements:
                self.connection.execute(statement_)
                if statement_ is answered[0]:
                    reader = self.connection.fetch_record_batch(_BATCH)
                    with ParquetWriter(sink, reader.schema, compression="zstd") as writer:
                        for batch in reader:
                            writer.write_batch(batch)

    def _statements(self, sql: str) -> list[duckdb.Statement]:
        with _query_faults(self.path):
            return self.connection.extract_statements(sql)


@contextmanager
def open_questions(data: Path) -> Iterator[Questions]:
    """Open the analysts' file. Raises StoreFault where nothing is published yet or the file cannot be read."""
    path = data / PUBLISHED
    connection = _open_published(path)
    try:
        yield Questions(path=path, connection=connection)
    finally:
        connection.close()


def query(data: Path, sql: str) -> QueryResult:
    """Ask the analysts' file one question. Raises as `open_questions` and `Questions.ask` do."""
    stack = ExitStack()
    try:
        result = next(stack.enter_context(open_questions(data)).ask(sql), None)
    except BaseException:
        stack.close()
        raise
    if result is None:
        stack.close()
        return QueryResult(columns=(), types=(), rows=iter(()))
    return replace(result, rows=_closing(result.rows, stack))


def status_rows(data: Path) -> Sequence[SourceHealth]:
    """The health of every source, those that need a person first. Raises as `query` does."""
    [(version,)] = query(data, "select max(version) from migrations").rows
    if version != known_version():
        raise StoreFault(
            f"{data / PUBLISHED} is of schema {version} and this program of {known_version()}: the next"
            " `presswatch run` brings it up to date"
        )
    result = query(data, statement("health_by_urgency"))
    return [SourceHealth(**dict(zip(result.columns, row, strict=True))) for row in result.rows]  # type: ignore[arg-type]


def verdict(rows: Sequence[SourceHealth]) -> Verdict:
    """What the health of all sources comes to: what they have in common where all fail, and how many need a person."""
    if not rows:
        return Verdict(line="No source is configured yet.", is_well=True)
    polled = [row for row in rows if row.health not in ("new", "disabled")]
    common = common_failure([row.last_reason if row.failure_count else None for row in polled])
    count = sum(row.needs_person for row in rows)
    troubled = f"{count} of {len(rows)} sources need a person." if count else None
    lines = [line for line in (common, troubled) if line]
    return Verdict(line=" ".join(lines) or "All sources are well.", is_well=not lines)


def _open_published(path: Path) -> duckdb.DuckDBPyConnection:
    if not path.exists():
        holder = holder_of(path.parent)
        if holder is not None:
            raise StoreFault(f"{path} is not there yet: the first run ({holder}) is at work and has yet to publish")
        raise StoreFault(f"{path} is not there yet: run `presswatch run` first")
    with store_faults(path), _left_behind(path):
        connection = duckdb.connect(
            str(path),
            read_only=True,
            # A query reaches the network only where it says so itself, by `install` and `load`.
            config={"autoinstall_known_extensions": False, "autoload_known_extensions": False},
        )
        connection.execute("set TimeZone = 'UTC'")
        return connection


@contextmanager
def _left_behind(path: Path) -> Iterator[None]:
    try:
        yield
    except duckdb.IOException as error:
        if "replaying wal" not in str(error).lower():
            raise
        raise StoreFault(
            f"{path}.wal does not belong to {path.name}: somebody has opened the copy for writing; close it there,"
            " then remove the .wal, or wait for the next run"
        ) from error


def _draw(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[tuple[object, ...]]:
    while True:
        with _query_faults(path):
            rows = connection.fetchmany(_CHUNK)
        if not rows:
            return
        yield from rows


def _closing(rows: Iterator[tuple[object, ...]], stack: ExitStack) -> Iterator[tuple[object, ...]]:
    with stack:
        yield from rows


@contextmanager
def _query_faults(path: Path) -> Iterator[None]:
    """What DuckDB says of a query, in its own words; a missing CSV file that it reads is as much the query's fault."""
    try:
        yield
    except duckdb.IOException as error:
        if str(path) not in str(error):
            raise OperatorFault(_words(error)) from error
        raise StoreFault(
            f"{path} is broken ({first_line(str(error))}): the next `presswatch run` makes it anew"
        ) from error
    except duckdb.Error as error:
        raise OperatorFault(_words(error)) from error


def _words(error: duckdb.Error) -> str:
    lines = [line.rstrip() for line in str(error).splitlines() if line.strip()]
    return "\n".join(lines[:6]) or "DuckDB gave no reason"
