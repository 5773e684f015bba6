"""Archived: which raw responses the archive holds, where their records are, and which were removed."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pipelines.model import Page
from pipelines.store.database import Store
from pipelines.store.staging import stage
from pipelines.store.statements import change_rows, fetch_rows
from pipelines.store.tables import MoveRow, Offset, ShareRow, UrlRow
from pipelines.urls import url_id

if TYPE_CHECKING:
    from pipelines.archive import Moved, Share


def with_archived_records(store: Store, pages: Sequence[Page]) -> list[Page]:
    """The pages in the order given; one whose bytes were archived before from the same URL gets that record."""
    keys = [url_id(page.entry.canonical_url) for page in pages]
    with store.reading() as cursor:
        stage(cursor, "urls", UrlRow, [UrlRow(url_id=key) for key in set(keys)])
        rows = fetch_rows(cursor, "archived_pages")
    records = {(key, digest): record for key, digest, record in rows}
    return [
        page if record is None or page.fetch.warc_file else _with_record(page, record)
        for page, key in zip(pages, keys, strict=True)
        for record in [records.get((key, page.fetch.digest))]
    ]


def _with_record(page: Page, record: dict[str, Any]) -> Page:
    fetch = replace(page.fetch, warc_file=record["file"], warc_offset=record["offset"], warc_length=record["length"])
    return replace(page, fetch=fetch)


def forget_archived(store: Store, files: Sequence[str], *, at: datetime) -> int:
    """Note that files of the archive are gone since `at`; returns how many exchanges had their raw response there."""
    if not files:
        return 0
    with store.writing() as cursor:
        return change_rows(cursor, "forget_archived", {"files": list(files), "at": at})


def archived_shares(store: Store) -> list["Share"]:
    """What each source has in each file of the archive, and in archives made elsewhere."""
    # Imported late: it brings warcio along, which takes 60 ms.
    from pipelines.archive import Share

    with store.reading() as cursor:
        rows = fetch_rows(cursor, "replay/archived_shares")
    return [Share(file=file, source=source, byte_count=byte_count) for file, source, byte_count in rows]


def staying_records(store: Store, file: str, going: Set[str]) -> list[tuple[int, int]]:
    """Offset and length of the records in a file that sources other than those `going` need."""
    with store.reading() as cursor:
        return fetch_rows(cursor, "staying_records", {"file": file, "sources": sorted(going)})


def forget_shares(store: Store, going: Mapping[str, Set[str]], moved: Iterable["Moved"], *, at: datetime) -> int:
    """Note that the pages of some sources are gone from some files since `at`, and where those that stay lie now.

    Returns how many exchanges had their raw response among what is gone. All at once, or nothing.
    """
    shares = [ShareRow(file=file, source=source) for file, sources in going.items() for source in sources]
    moves = [
        MoveRow(file=one.file, offset=Offset(one.offset), new_file=one.new_file, new_offset=Offset(one.new_offset))
        for one in moved
    ]
    with store.writing() as cursor:
        stage(cursor, "shares", ShareRow, shares)
        stage(cursor, "moves", MoveRow, moves)
        count = change_rows(cursor, "forget_shares", {"at": at})
        change_rows(cursor, "move_archived")
    return count
