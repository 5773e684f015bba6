"""Describing: an article's fields come from the page that says most of it, in whatever order the pages come."""

from itertools import permutations
from pathlib import Path

import pytest

from pipelines.model import Sighting
from pipelines.store import load, open_store
from tests.builders import NOON, RUN, a_fetch, a_sighting, an_article, an_entry

FILE = {"title": None, "authors": (), "published_at": None}
TEASER = {"title": "A title", "authors": (), "published_at": None}
PAGE = {"title": "The title", "authors": ("Ann Author",), "published_at": NOON}


def _seen_at(place: str, said: dict[str, object]) -> Sighting:
    entry = an_entry(f"https://{place}.example/one", source=place)
    article = an_article("One text.", **said)
    return a_sighting(entry=entry, article=article, fetch=a_fetch(entry.url))


@pytest.mark.parametrize("order", permutations(("file", "teaser", "page")))
@pytest.mark.parametrize("batch_size", [1, 3])
def test_the_page_that_says_most_describes_the_article(tmp_path: Path, order: tuple[str, ...], batch_size: int) -> None:
    pages = {"file": FILE, "teaser": TEASER, "page": PAGE}
    sightings = [_seen_at(place, pages[place]) for place in order]

    with open_store(tmp_path) as store:
        for start in range(0, len(sightings), batch_size):
            batch = sightings[start : start + batch_size]
            load(store, run_id=RUN, sightings=batch, rejects=(), loaded_at=NOON)
        with store.reading() as cursor:
            (row,) = cursor.execute("select title, authors, published_at, source, fetch_id from articles").fetchall()

    fetched = next(sighting.fetch.fetch_id for sighting in sightings if sighting.entry.source == "page")
    assert row == ("The title", ["Ann Author"], NOON, "page", fetched)
