"""Promoting: what was cleaned again stands as if it had been cleaned so from the first day, at once or not at all."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.identity import resolve, sight
from pipelines.store import (
    Promoted,
    Recleaned,
    Selection,
    check,
    compare,
    load,
    open_candidate,
    promote,
    publish_open,
)
from tests.builders import NOON, RUN, a_fetch, a_page, an_article, an_entry
from tests.replays import LATER, SOURCES, Cleaner, Visit, ingest, make_candidate, opened, promoted, rows

ROOT = Path(__file__).parents[3]

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


def test_pages_that_came_since_the_candidate_was_made_stay_and_are_counted(tmp_path: Path) -> None:
    visits = [Visit(raw=raw, url=raw) for raw in range(4)]
    with opened(tmp_path) as store:
        ingest(store, visits, {raw: (raw, True) for raw in range(4)}, "old")
        make_candidate(tmp_path, visits[:3], {raw: (raw + 10, True) for raw in range(4)}, "new")

        result = promoted(store)

        texts = sorted(row["text"] for row in rows(store)["articles"])
    assert (result.exchanges, result.unseen) == (3, 1)
    assert texts == ["Text 10.", "Text 11.", "Text 12.", "Text 3."]


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
from tests.replays import LATER
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


def test_whose_a_canonical_url_is_stays_as_it_was_judged(tmp_path: Path) -> None:
    """Two articles whose pages claim one canonical URL: the first has it, and both stay there when cleaned again."""
    claimed = "https://courier.example/2026/a"
    cleaned = []
    for number in range(2):
        url = f"https://courier.example/story/{number}"
        fetch = a_fetch(url, digest=f"{number}" * 64, warc_file="a.warc.gz", warc_offset=number, warc_length=1)
        article = an_article(f"Text {number}.", title=f"Title {number}", page_url=claimed)
        cleaned.append((a_page(entry=an_entry(url), fetch=fetch), article))
    with opened(tmp_path) as store:
        load(store, run_id=RUN, sightings=sight(cleaned), rejects=[], loaded_at=NOON)
        before = rows(store)
        with open_candidate(tmp_path, Selection(cleaner="new"), made_at=LATER) as candidate:
            candidate.add(
                [
                    Recleaned(
                        fetch_id=page.fetch.fetch_id,
                        source=page.entry.source,
                        article=article,
                        address=resolve(page, article),
                    )
                    for page, article in cleaned
                ]
            )

        assert promoted(store) == Promoted()
        assert rows(store) == before
        urls = [row["canonical_url"] for row in before["sightings"]]
    assert sorted(urls) == [claimed, "https://courier.example/story/1"]
