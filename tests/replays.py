"""Replays: a road of made pages and cleaners, stored, cleaned again and promoted."""

import atexit
import functools
import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from pipelines.identity import resolve, sight
from pipelines.model import Article, Page, Reject
from pipelines.store import (
    INGEST,
    Promoted,
    Recleaned,
    Selection,
    Store,
    begin_run,
    check,
    finish_run,
    load,
    open_candidate,
    open_store,
    promote,
    sync_sources,
)
from tests.builders import NOON, RUN, a_fetch, a_poll, a_source, a_tally, an_article, an_entry, finish_poll

TABLES = ("articles", "sightings", "fetches", "rejects", "polls", "run_tallies")
SOURCES = ("courier", "observer")
LATER = NOON + timedelta(days=1)


@dataclass(frozen=True)
class Visit:
    """A page that was fetched: what is on it, where, announced by whom."""

    raw: int
    url: int
    source: int = 0

    def page(self, number: int) -> Page:
        name = SOURCES[self.source]
        url = f"https://{name}.example/{'0/amp' if self.url == 3 else self.url}"
        content = f"raw {self.raw}".encode()
        fetch = a_fetch(
            url,
            fetch_id=uuid5(RUN, f"fetch {number}"),
            fetched_at=NOON + timedelta(seconds=number),
            digest=hashlib.sha256(content).hexdigest(),
            warc_file="2026/11/22/a.warc.gz",
            warc_offset=number,
            warc_length=1,
        )
        entry = an_entry(url, source=name, poll_id=poll_id(name, number // BATCH))
        return Page(entry=entry, fetch=fetch, content=content)


BATCH = 7  # visits of one run

# A cleaner: which text it makes of which page (None: a reject), and whether it finds a title.
Cleaner = Mapping[int, tuple[int | None, bool]]


def poll_id(source: str, run: int) -> UUID:
    return uuid5(RUN, f"poll {source} {run}")


def clean(page: Page, cleaner: Cleaner, name: str) -> Article | Reject:
    """What a cleaner makes of a page. Pages of one URL differ in what they say about a text."""
    text, has_title = cleaner[int(page.content.split()[1])]
    if text is None:
        return Reject(
            stage="clean",
            reason="too-short",
            detail=f"{name} finds too little",
            source=page.entry.source,
            url=page.entry.url,
            entry=page.entry,
            fetch=page.fetch,
        )
    number = page.fetch.warc_offset or 0
    article = an_article(f"Text {text}.", title=f"Title {number % 3}" if has_title else None, cleaner_version=name)
    # Some pages are AMP twins.
    twin = f"https://{page.entry.source}.example/0/"
    return replace(
        article,
        authors=("Ann",) if number % 2 else (),
        page_url=twin if page.entry.url.endswith("/amp") else None,
        removed_lines={name: 1},
    )


@functools.cache
def empty_store() -> Path:
    """A file to begin with: making one takes 0.4 s, copying it nothing."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    with open_store(folder):
        return folder / INGEST


@contextmanager
def opened(data: Path) -> Iterator[Store]:
    """A store that is there, or an empty one."""
    data.mkdir(exist_ok=True)
    if not (data / INGEST).exists():
        shutil.copy(empty_store(), data / INGEST)
    with open_store(data) as store:
        yield store


def ingest(store: Store, visits: Sequence[Visit], cleaner: Cleaner, name: str) -> None:
    """The road from page to row, run by run."""
    pages = [visit.page(number) for number, visit in enumerate(visits)]
    sync_sources(store, [a_source(source) for source in SOURCES], NOON)
    for run, start in enumerate(range(0, len(pages), BATCH)):
        ingest_run(store, run, pages[start : start + BATCH], cleaner, name)
    assert check(store) == []


def ingest_run(store: Store, run: int, pages: Sequence[Page], cleaner: Cleaner, name: str) -> None:
    run_id, at = uuid5(RUN, f"run {run}"), NOON + timedelta(minutes=run)
    begin_run(store, run_id=run_id, flow="ingest", prefect_run_id=None, version="1", started_at=at, is_archiving=True)
    results = [(page, clean(page, cleaner, name)) for page in pages]
    cleaned = [(page, result) for page, result in results if isinstance(result, Article)]
    rejects = [result for _, result in results if isinstance(result, Reject)]
    sightings = sight(cleaned)
    outcomes = load(store, run_id=run_id, sightings=sightings, rejects=rejects, loaded_at=at).outcomes
    for source in SOURCES:
        counts = {
            outcome: sum(outcomes[one.fetch.fetch_id] == outcome and one.entry.source == source for one in sightings)
            for outcome in ("new", "seen", "revised")
        }
        rejected = sum(reject.source == source for reject in rejects)
        tally = a_tally(source, **counts, rejected=rejected)
        poll = a_poll(poll_id=poll_id(source, run), source=source, run_id=run_id, polled_at=at)
        finish_poll(store, poll, tally, next_due_at=at)
    finish_run(store, run_id=run_id, status="completed", finished_at=at)


def make_candidate(
    data: Path, visits: Sequence[Visit], cleaner: Cleaner, name: str, *, sources: Sequence[str] = ()
) -> None:
    """What `presswatch replay --candidate` leaves, for the pages of some sources."""
    recleaned = []
    for number, visit in enumerate(visits):
        page = visit.page(number)
        if sources and page.entry.source not in sources:
            continue
        result = clean(page, cleaner, name)
        found = Recleaned(fetch_id=page.fetch.fetch_id, source=page.entry.source)
        if isinstance(result, Reject):
            recleaned.append(replace(found, reject=result))
        else:
            recleaned.append(replace(found, article=result, address=resolve(page, result)))
    with open_candidate(data, Selection(cleaner=name, sources=tuple(sources)), made_at=LATER) as candidate:
        candidate.add(recleaned)


def promoted(store: Store) -> Promoted:
    """What promoting did, with every promise kept."""
    result = promote(store, at=LATER)
    assert check(store) == []
    return result


def rows(store: Store, *, without: Sequence[str] = ("loaded_at",)) -> dict[str, list[dict[str, Any]]]:
    """All that is stored, in an order of its own, without what tells when it was loaded."""
    found = {}
    with store.reading() as cursor:
        for table in TABLES:
            cursor.execute(f"from {table}")
            names = [column for column, *_ in cursor.description or ()]
            records = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            kept = [{name: value for name, value in record.items() if name not in without} for record in records]
            found[table] = sorted(kept, key=lambda record: str(sorted(record.items())))
    return found
