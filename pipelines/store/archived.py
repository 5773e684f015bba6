"""Archived: what the store knows of the raw pages: where one lies already, and which are gone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pipelines.model import Page
from pipelines.store.opening import Store
from pipelines.store.staging import stage
from pipelines.store.statements import statement
from pipelines.store.tables import UrlRow
from pipelines.urls import url_id


def with_known_places(store: Store, pages: Sequence[Page]) -> list[Page]:
    """The pages in the order given; one whose bytes were archived before from the same URL gets their place."""
    keys = [url_id(page.entry.canonical_url) for page in pages]
    with store.reading() as cursor:
        stage(cursor, "urls", UrlRow, [UrlRow(url_id=key) for key in set(keys)])
        rows = cursor.execute(statement("archived_pages")).fetchall()
    places = {(key, digest): place for key, digest, place in rows}
    return [
        page if place is None or page.fetch.warc_file else _placed(page, place)
        for page, key in zip(pages, keys, strict=True)
        for place in [places.get((key, page.fetch.digest))]
    ]


def _placed(page: Page, place: dict[str, Any]) -> Page:
    fetch = replace(page.fetch, warc_file=place["file"], warc_offset=place["offset"], warc_length=place["length"])
    return replace(page, fetch=fetch)


def forget_archived(store: Store, files: Sequence[str], *, at: datetime) -> int:
    """Note that files of the archive are gone since `at`; returns how many exchanges had their raw answer there."""
    if not files:
        return 0
    with store.writing() as cursor:
        row = cursor.execute(statement("forget_archived"), {"files": list(files), "at": at}).fetchone()
    return int(row[0]) if row else 0
