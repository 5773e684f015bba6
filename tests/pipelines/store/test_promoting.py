"""Promoting: what was cleaned again stands as if it had been cleaned so from the first day, at once or not at all."""

import atexit
import functools
import hashlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.dedup import resolve, sight
from pipelines.model import Article, Page, Reject, StoreFault
from pipelines.store import (
    CANDIDATE,
    INGEST,
    Promoted,
    Recleaned,
    Selection,
    Store,
    begin_run,
    check,
    compare,
    compare_examples,
    find_candidate,
    finish_poll,
    finish_run,
    known,
    load,
    open_candidate,
    open_snapshot,
    open_store,
    promote,
    publish_open,
    remove_candidate,
    sync_sources,
)
from pipelines.urls import registered_domain
from tests.builders import NOON, RUN, a_fetch, a_poll, a_source, a_tally, an_article, an_entry

ROOT = Path(__file__).parents[3]
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
        url = f"https://{name}.example/{self.url}"
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
    # Some pages name another as their canonical one.
    twin = f"https://{page.entry.source}.example/0/"
    return replace(
        article,
        authors=("Ann",) if number % 2 else (),
        page_url=twin if page.entry.url.endswith("/3") else None,
        removed={name: 1},
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
    held = known(
        store,
        article_ids={article.article_id for _, article in cleaned},
        canonical_urls={resolve(page, article) for page, article in cleaned},
    )
    sightings = sight(cleaned, known=held)
    load(store, run_id=run_id, sightings=sightings, rejects=rejects, loaded_at=at)
    tallies = []
    for source in SOURCES:
        counts = {
            outcome: sum(one.outcome == outcome and one.entry.source == source for one in sightings)
            for outcome in ("new", "seen", "revised")
        }
        rejected = sum(reject.source == source for reject in rejects)
        reasons = {"too-short": rejected} if rejected else {}
        tallies.append(a_tally(source, **counts, rejected=rejected, reasons=reasons))
        poll = a_poll(poll_id=poll_id(source, run), source=source, run_id=run_id, polled_at=at)
        finish_poll(store, poll, tallies[-1], next_due_at=at)
    finish_run(store, run_id=run_id, status="completed", finished_at=at, tallies=tallies)


def make_candidate(
    data: Path, visits: Sequence[Visit], cleaner: Cleaner, name: str, *, sources: Sequence[str] = SOURCES
) -> None:
    """What `presswatch replay --candidate` leaves, for the pages of some sources."""
    recleaned = []
    for number, visit in enumerate(visits):
        page = visit.page(number)
        if page.entry.source not in sources:
            continue
        result = clean(page, cleaner, name)
        found = Recleaned(fetch_id=page.fetch.fetch_id, source=page.entry.source)
        if isinstance(result, Reject):
            recleaned.append(replace(found, reject=result))
        else:
            url = resolve(page, result)
            recleaned.append(replace(found, article=result, canonical_url=url, domain=registered_domain(url)))
    with open_candidate(data, Selection(cleaner=name), made_at=LATER) as candidate:
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


VISITS = st.lists(
    st.builds(Visit, raw=st.integers(0, 5), url=st.integers(0, 4), source=st.integers(0, 1)), min_size=1, max_size=14
)
CLEANERS = st.fixed_dictionaries({raw: st.tuples(st.none() | st.integers(0, 3), st.booleans()) for raw in range(6)})
some = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@some
@given(visits=VISITS, old=CLEANERS, new=CLEANERS)
def test_a_promotion_equals_having_cleaned_so_from_the_first_day(
    tmp_path_factory: pytest.TempPathFactory, visits: list[Visit], old: Cleaner, new: Cleaner
) -> None:
    data, other = tmp_path_factory.mktemp("replayed"), tmp_path_factory.mktemp("fresh")
    with opened(data) as store, opened(other) as fresh:
        ingest(store, visits, old, "old")
        ingest(fresh, visits, new, "new")

        make_candidate(data, visits, new, "new")
        promoted(store)

        assert rows(store) == rows(fresh)


@some
@given(visits=VISITS, old=CLEANERS, new=CLEANERS)
def test_a_part_may_be_promoted_and_taken_back(
    tmp_path_factory: pytest.TempPathFactory, visits: list[Visit], old: Cleaner, new: Cleaner
) -> None:
    data = tmp_path_factory.mktemp("part")
    with opened(data) as store:
        ingest(store, visits, old, "old")
        before = rows(store)

        make_candidate(data, visits, new, "new", sources=SOURCES[:1])
        promoted(store)  # every promise holds
        between = rows(store)
        again = promoted(store)
        make_candidate(data, visits, old, "old")
        promoted(store)

        assert again == Promoted()
        untouched = [row for row in before["rejects"] if row["source"] == SOURCES[1]]
        assert [row for row in between["rejects"] if row["source"] == SOURCES[1]] == untouched
        assert rows(store) == before


def test_the_same_cleaner_changes_nothing_at_all(tmp_path: Path) -> None:
    visits = [Visit(raw=number % 5, url=number % 4, source=number % 2) for number in range(12)]
    cleaner: Cleaner = {0: (0, True), 1: (1, False), 2: (None, False), 3: (0, False), 4: (3, True)}
    with opened(tmp_path) as store:
        ingest(store, visits, cleaner, "1")
        publish_open(store)
        before = rows(store, without=())

        make_candidate(tmp_path, visits, cleaner, "1")
        result = promoted(store)

        assert result == Promoted()
        assert rows(store, without=()) == before
    assert [change.is_same for change in compare(tmp_path)] == [True, True]


def test_what_was_changed_is_counted(tmp_path: Path) -> None:
    visits = [Visit(raw=raw, url=raw) for raw in (0, 1, 2, 3)]
    with opened(tmp_path) as store:
        ingest(store, visits, {0: (0, True), 1: (1, True), 2: (None, True), 3: (3, True)}, "old")
        # Another text, another title only, gained, and lost.
        make_candidate(tmp_path, visits, {0: (5, True), 1: (1, False), 2: (2, True), 3: (None, True)}, "new")

        result = promoted(store)

        assert len(rows(store)["articles"]) == 3
    assert result == Promoted(exchanges=3, sightings=2, described=3, removed=2)


# ── What is told of it ────────────────────────────────────────────────────────────────────────────────────────────


def test_changes_are_counted_by_source_and_shown(tmp_path: Path) -> None:
    visits = [Visit(raw=raw, url=raw) for raw in (0, 1, 2)] + [Visit(raw=4, url=4, source=1)]
    with opened(tmp_path) as store:
        ingest(store, visits, {0: (0, True), 1: (1, True), 2: (None, True), 4: (3, True)}, "old")
        publish_open(store)

    make_candidate(tmp_path, visits, {0: (5, False), 1: (None, True), 2: (2, True), 4: (3, False)}, "new")

    courier, observer = compare(tmp_path)
    assert (courier.page_count, courier.gained, courier.lost, courier.texts) == (3, 1, 1, 1)
    assert (courier.titles, courier.reasons, courier.broken, courier.missing) == (1, 0, 0, 0)
    assert (observer.page_count, observer.titles, observer.texts, observer.is_same) == (1, 1, 0, False)
    examples = {(one.source, one.kind): (one.before, one.after) for one in compare_examples(tmp_path)}
    assert examples == {
        ("courier", "gained"): ("too-short", "Text 2."),
        ("courier", "lost"): ("Text 1.", "too-short: new finds too little"),
        ("courier", "texts"): ("Text 0.", "Text 5."),
        ("courier", "titles"): ("Title 0", None),
        ("observer", "titles"): ("Title 0", None),
    }


def test_pages_that_cannot_be_read_or_are_not_archived_stay_and_are_counted(tmp_path: Path) -> None:
    visits = [Visit(raw=0, url=0), Visit(raw=1, url=1), Visit(raw=2, url=2)]
    with opened(tmp_path) as store:
        ingest(store, visits, {0: (0, True), 1: (1, True), 2: (2, True)}, "old")
        with store.writing() as cursor:
            cursor.execute("update fetches set warc_file = null, archived_until = now() where warc_offset = 2")
        publish_open(store)
        before = rows(store)
    with open_candidate(tmp_path, Selection(cleaner="new"), made_at=LATER) as candidate:
        for number in (0, 1):
            page = visits[number].page(number)
            candidate.add([Recleaned(fetch_id=page.fetch.fetch_id, source="courier", fault="the file is not there")])

    (courier,) = compare(tmp_path)
    with opened(tmp_path) as store:
        result = promoted(store)
        after = rows(store)

    assert (courier.page_count, courier.broken, courier.missing, courier.is_same) == (0, 2, 1, True)
    assert {(one.kind, one.after) for one in compare_examples(tmp_path)} == {("broken", "the file is not there")}
    assert result == Promoted()
    assert after == before


def test_a_snapshot_gives_back_the_entries_and_places_of_what_is_selected(tmp_path: Path) -> None:
    visits = [Visit(raw=0, url=0), Visit(raw=1, url=1, source=1), Visit(raw=2, url=2)]
    with opened(tmp_path) as store:
        ingest(store, visits, {0: (0, True), 1: (1, True), 2: (None, True)}, "old")
        publish_open(store)
    pages = [visit.page(number) for number, visit in enumerate(visits)]

    with open_snapshot(tmp_path) as snapshot:
        everything = Selection(cleaner="x")
        file = pages[0].fetch.warc_file or ""
        assert snapshot.files(everything) == [(file, 3)]
        found = snapshot.pages(file, everything)
        courier = snapshot.pages(file, Selection(cleaner="x", sources=("courier",)))
        late = snapshot.pages(file, Selection(cleaner="x", since=NOON + timedelta(seconds=2)))
        by_url = snapshot.find("https://observer.example/1")
        nothing = snapshot.find("nothing")

    assert [(one.entry, one.fetch) for one in found] == [(page.entry, page.fetch) for page in pages]
    assert [one.fetch.warc_offset for one in courier] == [0, 2]
    assert [one.fetch.warc_offset for one in late] == [2]
    assert by_url is not None
    assert by_url.fetch == pages[1].fetch
    assert nothing is None


# ── What goes wrong ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_promise_that_would_break_takes_everything_back(tmp_path: Path) -> None:
    visits = [Visit(raw=0, url=0), Visit(raw=1, url=1)]
    with opened(tmp_path) as store:
        ingest(store, visits, {0: (0, True), 1: (1, True)}, "old")
        make_candidate(tmp_path, visits, {0: (2, True), 1: (3, True)}, "new")
        with store.writing() as cursor:
            cursor.execute("update polls set entry_count = entry_count + 1")
        before = rows(store, without=())

        result = promote(store, at=LATER)

        assert rows(store, without=()) == before
    assert [broken.check for broken in result.violations] == ["every_poll_is_conserved"]
    assert result.exchanges == 0


def test_a_candidate_waits_for_the_same_selection_and_cleaner_only(tmp_path: Path) -> None:
    assert find_candidate(tmp_path, Selection(cleaner="new")) is None
    with opened(tmp_path) as store, pytest.raises(StoreFault, match=CANDIDATE):
        promote(store, at=LATER)

    make_candidate(tmp_path, [Visit(raw=0, url=0)], {0: (0, True)}, "new")

    assert find_candidate(tmp_path, Selection(cleaner="new")) == LATER
    assert find_candidate(tmp_path, Selection(cleaner="newer")) is None
    assert find_candidate(tmp_path, Selection(cleaner="new", sources=("courier",))) is None
    remove_candidate(tmp_path)
    remove_candidate(tmp_path)
    assert find_candidate(tmp_path, Selection(cleaner="new")) is None


def test_a_candidate_that_was_not_finished_leaves_the_one_before(tmp_path: Path) -> None:
    selection = Selection(cleaner="new")
    (tmp_path / f".{CANDIDATE}.new").write_bytes(b"left by a process that was killed")
    with (
        open_candidate(tmp_path, selection, made_at=LATER),
        pytest.raises(StoreFault, match="another run"),
        open_candidate(tmp_path, selection, made_at=LATER),
    ):
        pass
    with pytest.raises(KeyError), open_candidate(tmp_path, selection, made_at=NOON):
        raise KeyError

    assert find_candidate(tmp_path, selection) == LATER
    assert [path.name for path in tmp_path.glob(f".{CANDIDATE}*")] == []


def test_killed_in_mid_promotion_all_is_old_or_all_is_new(tmp_path: Path) -> None:
    visits = [Visit(raw=number % 6, url=number % 5, source=number % 2) for number in range(40)]
    old: Cleaner = {raw: (raw % 3, True) for raw in range(6)}
    new: Cleaner = {raw: (raw + 10 if raw else None, True) for raw in range(6)}
    with opened(tmp_path) as store, opened(tmp_path / "fresh") as fresh:
        ingest(store, visits, old, "old")
        ingest(fresh, visits, new, "new")
        states = [rows(store), rows(fresh)]
    code = f"""
from pathlib import Path
from pipelines.store import open_store, promote
from tests.pipelines.store.test_promoting import LATER
with open_store(Path({str(tmp_path)!r})) as store:
    print("ready", flush=True)
    promote(store, at=LATER)
    print("done", flush=True)
"""
    rng = random.Random(4)
    for _ in range(2):
        make_candidate(tmp_path, visits, new, "new")
        with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as promoter:
            assert promoter.stdout is not None
            assert promoter.stdout.readline() == "ready\n"
            time.sleep(rng.uniform(0.02, 0.25))
            promoter.send_signal(signal.SIGKILL)
        with opened(tmp_path) as store:
            assert check(store) == []
            found = rows(store)
            assert found in states
            if found == states[1]:
                make_candidate(tmp_path, visits, old, "old")
                promoted(store)
    make_candidate(tmp_path, visits, new, "new")
    with opened(tmp_path) as store:
        promoted(store)
        assert rows(store) == states[1]
