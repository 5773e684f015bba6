"""Querying: a question in SQL becomes rows of the analysts' file."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.model import OperatorFault, Reason, StoreFault
from pipelines.reasons import common_failure
from pipelines.store.database import PUBLISHED
from pipelines.store.faults import first_line, store_faults
from pipelines.store.statements import statement

_CHUNK = 1000


@dataclass(slots=True, kw_only=True)
class QueryResult:
    """The answer to a query: its columns at once, its rows as they are asked for, once."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[object, ...]] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """One row of the view source_health."""

    source: str
    kind: str
    health: str
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


def query(data: Path, sql: str) -> QueryResult:
    """Ask the analysts' file, read-only, with instants in UTC.

    Raises OperatorFault with DuckDB's own words for a query that does not hold, also while the rows are drawn;
    StoreFault where nothing is published yet or the file cannot be read.
    """
    path = data / PUBLISHED
    connection = _open_published(path)
    try:
        with _query_faults(path):
            connection.execute(sql)
            description = connection.description or []
    except BaseException:
        connection.close()
        raise
    return QueryResult(
        columns=tuple(name for name, *_ in description),
        rows=_draw(connection, path),
    )


def status_rows(data: Path) -> Sequence[SourceHealth]:
    """The health of every source, those that need a person first. Raises as `query` does."""
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
    try:
        while True:
            with _query_faults(path):
                rows = connection.fetchmany(_CHUNK) if connection.description else []
            if not rows:
                return
            yield from rows
    finally:
        connection.close()


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
