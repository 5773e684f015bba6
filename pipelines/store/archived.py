"""Archived: fetched pages become those whose raw bytes the archive holds already, and where."""

from collections.abc import Sequence
from dataclasses import replace
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
