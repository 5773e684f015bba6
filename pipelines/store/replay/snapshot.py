"""Snapshot: selects the archived pages that are to be cleaned again from the published file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.model import Entry, Fetch, StoreFault
from pipelines.store.database import PUBLISHED
from pipelines.store.errors import store_faults
from pipelines.store.migrating import applied_version, known_version
from pipelines.store.statements import fetch_records

if TYPE_CHECKING:
    import duckdb

    from pipelines.archive import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which pages are cleaned again, and by what."""

    cleaner: str  # version of the cleaner, and of the rules that sources.yaml gives it
    sources: tuple[str, ...] = ()  # empty: all
    since: datetime | None = None  # fetched at or after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """An exchange whose raw response is in the archive, and its entry."""

    entry: Entry
    fetch: Fetch
    raw_removed_at: datetime | None = None  # when the raw response was removed


@dataclass(slots=True, kw_only=True)
class Snapshot:
    """The analysts' file as it was when it was opened: reading it never waits for a run, nor a run for it."""

    connection: "duckdb.DuckDBPyConnection"
    path: Path

    def files(self, selection: Selection) -> list[tuple[str, int]]:
        """The WARC files that hold selected pages, and how many each."""
        return [(row["warc_file"], row["page_count"]) for row in self._ask("archived_files", _asked(selection))]

    def pages(self, file: str, selection: Selection) -> list[Archived]:
        """The selected pages of one WARC file, in the order of their records."""
        return [_archived(row) for row in self._ask("archived_fetches", {**_asked(selection), "file": file})]

    def find(self, what: str) -> Archived | None:
        """The exchange of an article, of a fetch_id or of a URL; one that is still archived if there is any."""
        return next((_archived(row) for row in self._ask("find_fetch", {"what": what})), None)

    def shares(self) -> list["Share"]:
        """What each source has in each file of the archive, and in archives made elsewhere."""
        # Imported late: it brings warcio along, which takes 60 ms.
        from pipelines.archive import Share

        return [Share(**row) for row in self._ask("archived_shares", {})]

    def _ask(self, name: str, asked: dict[str, object]) -> list[dict[str, Any]]:
        with store_faults(self.path), self.connection.cursor() as cursor:
            return fetch_records(cursor, f"replay/{name}", asked)


@contextmanager
def open_snapshot(data: Path) -> Iterator[Snapshot]:
    """The analysts' file for reading. Raises StoreFault where nothing is published yet."""
    import duckdb

    path = data / PUBLISHED
    if not path.exists():
        raise StoreFault(f"{path} is not there yet: run `presswatch run` first")
    with store_faults(path):
        connection = duckdb.connect(str(path), read_only=True)
        connection.execute("set TimeZone = 'UTC'")
    try:
        if applied_version(connection) != known_version():
            raise StoreFault(f"{path} was made by another version of Presswatch: run `presswatch run` first")
        yield Snapshot(connection=connection, path=path)
    finally:
        connection.close()


def _asked(selection: Selection) -> dict[str, object]:
    return {"sources": list(selection.sources), "since": selection.since}


def _archived(row: dict[str, Any]) -> Archived:
    entry = Entry(
        source=row["source"],
        poll_id=row["poll_id"],
        url=row["url"],
        canonical_url=row["canonical_url"],
        title=row["announced_title"],
        authors=tuple(row["announced_authors"] or ()),
        published_at=row["announced_published_at"],
        modified_at=row["announced_modified_at"],
        language=row["announced_language"],
        description=row["announced_description"],
    )
    names = (
        *("fetch_id", "fetched_at", "final_url", "status", "content_type", "byte_count", "duration_ms"),
        *("attempt_count", "digest", "warc_file", "warc_offset", "warc_length"),
    )
    fetch = Fetch(**{name: row[name] for name in names})
    return Archived(entry=entry, fetch=fetch, raw_removed_at=row.get("raw_removed_at"))
