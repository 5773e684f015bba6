"""Candidate: archived pages that were cleaned again wait beside the database until they are promoted."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from pipelines.disk import sync_folder
from pipelines.model import Article, Reject
from pipelines.store.faults import store_faults
from pipelines.store.holding import held
from pipelines.store.migrating import known_version
from pipelines.store.opening import Bounds, open_database
from pipelines.store.snapshot import Selection
from pipelines.store.staging import stage
from pipelines.store.statements import statement
from pipelines.store.tables import CandidateRow
from pipelines.urls import url_id

if TYPE_CHECKING:
    import duckdb

CANDIDATE = "candidate.duckdb"
_LOCK = "replay.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recleaned:
    """What became of one archived page: an article at its canonical URL, a reject, or a fault of the archive."""

    fetch_id: UUID
    source: str
    article: Article | None = None
    canonical_url: str | None = None
    domain: str | None = None
    reject: Reject | None = None
    fault: str | None = None


class Candidate:
    """The file that is being made; nobody sees it before it is complete."""

    def __init__(self, connection: "duckdb.DuckDBPyConnection", path: Path) -> None:
        self._connection = connection
        self._path = path

    def add(self, pages: Sequence[Recleaned]) -> None:
        """Store a batch. Raises StoreFault for what the disk does."""
        with store_faults(self._path), self._connection.cursor() as cursor:
            stage(cursor, "pages", CandidateRow, [_row(page) for page in pages])
            cursor.execute("insert into pages by name select * from staged_pages")


@contextmanager
def open_candidate(
    data: Path, selection: Selection, *, made_at: datetime, memory_limit: str = "1GB", threads: int = 2
) -> Iterator[Candidate]:
    """A new candidate, which takes the place of an older one when the block ends well; one process at a time.

    Raises StoreFault where another replay is at work or for what the disk does.
    """

    path, fresh = data / CANDIDATE, data / f".{CANDIDATE}.new"
    with held(data, lock=_LOCK):
        with store_faults(fresh):
            _remove(fresh)
            connection = open_database(fresh, Bounds(memory_limit=memory_limit, threads=threads))
        try:
            with store_faults(fresh):
                for name in ("create_candidate_pages", "create_candidate_replay"):
                    connection.execute(statement(f"replay/{name}"))
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
        row = connection.execute("select cleaner, sources, since, made_at, schema_version from replay").fetchone()
    if row is None or row[4] != known_version():
        return None
    found = Selection(cleaner=row[0], sources=tuple(row[1]), since=row[2])
    return row[3] if found == selection else None


def remove_candidate(data: Path) -> None:
    """Remove the candidate that waits, if there is one."""
    with store_faults(data / CANDIDATE):
        _remove(data / CANDIDATE)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)


def _row(page: Recleaned) -> CandidateRow:
    article, reject = page.article, page.reject
    told = {} if article is None else {field.name: getattr(article, field.name) for field in fields(article)}
    return CandidateRow(
        fetch_id=page.fetch_id,
        source=page.source,
        fault=page.fault,
        reason=reject.reason if reject else None,
        detail=reject.detail if reject else None,
        evidence=reject.evidence if reject else None,
        sighted_url_id=url_id(page.canonical_url) if page.canonical_url else None,
        canonical_url=page.canonical_url,
        domain=page.domain,
        **told,
    )
