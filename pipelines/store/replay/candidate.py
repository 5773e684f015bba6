"""Candidate: a file beside the database with archived pages that were cleaned again, until they are promoted."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from pipelines.disk import sync_folder
from pipelines.model import Address, Article, Reject
from pipelines.store.data_folder import held
from pipelines.store.database import Bounds, open_database
from pipelines.store.errors import store_faults
from pipelines.store.migrating import known_version
from pipelines.store.replay.snapshot import Selection
from pipelines.store.rows import page_row
from pipelines.store.staging import arrow_table, side_by_side, stage_arrow
from pipelines.store.statements import fetch_rows, statement
from pipelines.store.tables import CandidateRow, PageRow

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

CANDIDATE = "candidate.duckdb"
_LOCK = "replay.lock"

# Columns that DuckDB compresses with zstd only where the table says so.
_LONG = ("text", "description")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recleaned:
    """What became of one archived page: an article at its canonical URL, a reject, or a fault of the archive."""

    fetch_id: UUID
    source: str
    article: Article | None = None
    address: Address | None = None
    reject: Reject | None = None
    fault: str | None = None


class Candidate:
    """The file that is being made; it gets its name when it is complete."""

    def __init__(self, connection: "duckdb.DuckDBPyConnection", path: Path) -> None:
        self._connection = connection
        self._path = path

    def add(self, pages: Sequence[Recleaned]) -> None:
        """Store a batch. Raises StoreFault for what the disk does."""
        with store_faults(self._path), self._connection.cursor() as cursor:
            stage_arrow(cursor, "pages", _table(pages))
            cursor.execute("insert into pages by name from staged_pages")


@contextmanager
def open_candidate(
    data: Path, selection: Selection, *, made_at: datetime, memory_limit: str = "1GB", threads: int = 2
) -> Iterator[Candidate]:
    """A new candidate, which replaces an older one when the block ends well; one process at a time.

    Raises StoreFault where another replay is at work or for what the disk does.
    """

    path, fresh = data / CANDIDATE, data / f".{CANDIDATE}.new"
    with held(data, lock=_LOCK):
        with store_faults(fresh):
            _remove(fresh)
            connection = open_database(fresh, Bounds(memory_limit=memory_limit, threads=threads))
        try:
            with store_faults(fresh):
                _create_tables(connection)
            yield Candidate(connection, fresh)
            with store_faults(fresh):
                connection.execute(
                    "insert into replay values ($cleaner, $sources, $since, $made_at, $version)",
                    {
                        "cleaner": selection.cleaner,
                        "sources": list(selection.sources),
                        "since": selection.since,
                        "made_at": made_at,
                        "version": known_version(),
                    },
                )
                connection.execute("checkpoint")
        except BaseException:
            connection.close()
            _remove(fresh)
            raise
        connection.close()
        with store_faults(path):
            fresh.replace(path)
            sync_folder(data)


def find_candidate(data: Path, selection: Selection) -> datetime | None:
    """When the candidate that waits was made; None where there is none, or one of another selection or cleaner."""
    import duckdb

    path = data / CANDIDATE
    if not path.exists():
        return None
    with store_faults(path), duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        rows = fetch_rows(connection, "replay/candidate_selection")
    if not rows or rows[0][4] != known_version():
        return None
    [(cleaner, sources, since, made_at, _)] = rows
    found = Selection(cleaner=cleaner, sources=tuple(sources), since=since)
    return made_at if found == selection else None


def remove_candidate(data: Path) -> None:
    """Remove the candidate that waits, if there is one."""
    with store_faults(data / CANDIDATE):
        _remove(data / CANDIDATE)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)


def _create_tables(connection: "duckdb.DuckDBPyConnection") -> None:
    with connection.cursor() as cursor:
        stage_arrow(cursor, "pages", _table([]))
        columns = ", ".join(
            f'"{name}" {kind}' + (" using compression zstd" if name in _LONG else "")
            for name, kind, *_ in cursor.execute("describe staged_pages").fetchall()
        )
        cursor.execute(f"create table pages ({columns})")
    connection.execute(statement("replay/create_candidate_replay"))


def _table(pages: Sequence[Recleaned]) -> "pa.Table":
    """What became of each page, where its text is seen, and the article: columns side by side."""
    return side_by_side(
        arrow_table(CandidateRow, [_row(page) for page in pages]),
        arrow_table(PageRow, [_page_row(page) for page in pages]),
        arrow_table(Article, [page.article for page in pages]),
    )


def _page_row(page: Recleaned) -> PageRow:
    return page_row(page.fetch_id, page.address) if page.address else PageRow(fetch_id=page.fetch_id)


def _row(page: Recleaned) -> CandidateRow:
    reject = page.reject
    return CandidateRow(
        source=page.source,
        fault=page.fault,
        reason=reject.reason if reject else None,
        detail=reject.detail if reject else None,
        evidence=reject.evidence if reject else None,
    )
