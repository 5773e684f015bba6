"""Loading: all of a batch or nothing, once."""

import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.model import Reject, Sighting
from pipelines.store import Loaded, Store, begin_run, check, finish_run, load, open_store
from tests.builders import (
    NOON,
    POLL,
    RUN,
    a_fetch,
    a_poll,
    a_reject,
    a_sighting,
    a_tally,
    an_article,
    an_entry,
    finish_poll,
)

HOUR = timedelta(hours=1)
TABLES = ("articles", "sightings", "fetches", "rejects")


def counts(store: Store) -> dict[str, int]:
    with store.reading() as cursor:
        return {table: cursor.execute(f"select count(*) from {table}").fetchall()[0][0] for table in TABLES}


def sighted(plan: list[tuple[int, int]], start: int = 0) -> list[Sighting]:
    """Sightings of texts at URLs, a minute after another."""
    sightings = []
    for number, (text, url) in enumerate(plan, start):
        entry = an_entry(f"https://courier.example/{url}")
        fetch = a_fetch(entry.url, fetch_id=uuid5(POLL, str(number)), fetched_at=NOON + timedelta(minutes=number))
        sightings.append(a_sighting(entry=entry, fetch=fetch, article=an_article(f"Text {text}.")))
    return sightings


def judged(plan: list[tuple[int, int]]) -> list[str]:
    """How the pages of a plan end, told apart from SQL: URL and text unknown: new; text known: seen; else revised."""
    texts: set[int] = set()
    at_url: dict[int, set[int]] = {}
    outcomes = []
    for text, url in plan:
        standing = at_url.setdefault(url, set())
        if text in standing:
            outcomes.append("seen")
        else:
            outcomes.append("revised" if standing else "seen" if text in texts else "new")
        standing.add(text)
        texts.add(text)
    return outcomes


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> "Store":
    with open_store(tmp_path_factory.mktemp("store")) as store:
        yield store


def emptied(store: Store) -> Store:
    with store.writing() as cursor:
        for table in (*TABLES, "polls", "sources", "runs", "gaps"):
            cursor.execute(f"delete from {table}")
    return store


plans = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=12)
reasons = st.lists(st.sampled_from(["not-found", "timeout", "too-short", "robots-disallowed", "bad-url"]), max_size=6)


def rejects_for(slugs: list[str]) -> list[Reject]:
    rejects = []
    for n, slug in enumerate(slugs):
        entry = an_entry(f"https://courier.example/bad/{n}")
        fetch = None if slug == "bad-url" else a_fetch(entry.url, fetch_id=uuid5(RUN, str(n)))
        rejects.append(a_reject(entry=entry, reason=slug, fetch=fetch))
    return rejects


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=plans, slugs=reasons)
def test_loading_twice_equals_loading_once_and_nothing_is_lost(
    shared: Store, plan: list[tuple[int, int]], slugs: list[str]
) -> None:
    store = emptied(shared)
    sightings, rejects = sighted(plan), rejects_for(slugs)

    first = load(store, run_id=RUN, sightings=sightings, rejects=rejects, loaded_at=NOON)
    after_first = counts(store)
    second = load(store, run_id=RUN, sightings=sightings, rejects=rejects, loaded_at=NOON + timedelta(hours=1))
    ends = [first.outcomes[sighting.fetch.fetch_id] for sighting in sightings]
    tally = a_tally(**{end: ends.count(end) for end in ("new", "seen", "revised")}, rejected=len(rejects))
    finish_poll(store, a_poll(), tally, next_due_at=None)

    assert ends == judged(plan)
    assert second == Loaded(outcomes=first.outcomes)
    assert counts(store) == after_first
    assert first.fetches == len(sightings) + len(rejects)
    assert first.articles == len({s.article.article_id for s in sightings})
    assert first.sightings == len({(s.article.article_id, s.address.canonical_url) for s in sightings})
    assert first.rejects == len(rejects)
    assert check(store) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=plans, cuts=st.sets(st.integers(1, 11), max_size=3))
def test_where_a_batch_ends_makes_no_difference(shared: Store, plan: list[tuple[int, int]], cuts: set[int]) -> None:
    def stored(store: Store) -> list[tuple[object, ...]]:
        with store.reading() as cursor:
            return cursor.execute(
                "select article_id, canonical_url, outcome, revision, first_seen_at, last_seen_at "
                "from sightings order by all"
            ).fetchall()

    store = emptied(shared)
    outcomes = dict(load(store, run_id=RUN, sightings=sighted(plan), rejects=[], loaded_at=NOON).outcomes)
    whole = stored(store)

    store = emptied(shared)
    edges = [0, *sorted(cut for cut in cuts if cut < len(plan)), len(plan)]
    parts: dict[UUID, str] = {}
    for start, end in pairwise(edges):
        parts |= load(store, run_id=RUN, sightings=sighted(plan[start:end], start), rejects=[], loaded_at=NOON).outcomes

    assert stored(store) == whole
    assert parts == outcomes
    assert check(store) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.characters(categories=None), max_size=40),
    instant=st.datetimes(
        timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=14)), timezone(-timedelta(hours=14))])
    ),
    number=st.integers(-(1 << 70), 1 << 70),
)
def test_whatever_a_page_holds_can_be_stored(shared: Store, text: str, instant: datetime, number: int) -> None:
    store = emptied(shared)
    article = an_article(
        "x" + text, title=text, authors=(text,), published_at=instant, removed_lines={text: 1}, description=text
    )
    entry = an_entry("https://courier.example/?" + text, published_at=instant)
    fetch = a_fetch(text, byte_count=number, status=number)
    sighting = a_sighting(entry=entry, article=article, fetch=fetch)
    reject = a_reject(entry=an_entry("urn:" + text), detail=text, evidence=text)

    loaded = load(store, run_id=RUN, sightings=[sighting], rejects=[reject], loaded_at=NOON)

    assert replace(loaded, outcomes={}) == Loaded(articles=1, sightings=1, fetches=2, rejects=1)
    with store.reading() as cursor:
        stored = cursor.execute("select text, title, published_at from articles").fetchall()[0]
    assert not set("\0\x1b\x7f\x9c\ud800") & set(stored[0] + stored[1])


def test_what_is_met_again_moves_its_last_sighting_only_forward(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        load(store, run_id=RUN, sightings=[a_sighting()], rejects=[], loaded_at=NOON)
        for hours in (2, 1):
            again = a_sighting(fetch=a_fetch(fetched_at=NOON + timedelta(hours=hours)))
            load(store, run_id=RUN, sightings=[again], rejects=[], loaded_at=NOON)

        with store.reading() as cursor:
            rows = cursor.execute("select first_seen_at, last_seen_at from sightings").fetchall()

    assert rows == [(NOON, NOON + timedelta(hours=2))]


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail_halfway(store: Store) -> None:
        with store.writing() as cursor:
            cursor.execute("insert into articles (article_id) values (uuid())")
            raise ValueError("halfway")

    with open_store(tmp_path) as store:
        with pytest.raises(ValueError, match="halfway"):
            fail_halfway(store)

        assert counts(store)["articles"] == 0


def test_a_look_that_failed_has_its_reject(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        poll = a_poll(outcome="failed", reason="bad-feed", detail="no feed", evidence="<html>")
        finish_poll(store, poll, a_tally(poll="failed"), next_due_at=NOON)
        finish_poll(store, poll, a_tally(poll="failed"), next_due_at=NOON)

        with store.reading() as cursor:
            rows = cursor.execute("select reject_id, stage, reason, evidence from rejects").fetchall()
        assert rows == [(poll.poll_id, "discover", "bad-feed", "<html>")]
        assert check(store) == []


LOADER = """
import sys
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import uuid5
from pipelines.store import begin_run, load, open_store, sync_sources, unseen
from tests.builders import *

entries = tuple(an_entry(f"https://courier.example/{n}") for n in range(600))
with open_store(Path(sys.argv[1])) as store:
    run_id = uuid5(RUN, sys.argv[2])
    begin_run(store, run_id=run_id, flow="ingest", prefect_run_id=None, version="x", started_at=NOON)
    sync_sources(store, [a_source()], NOON)
    poll_id = uuid5(POLL, sys.argv[2])
    entries = tuple(an_entry(entry.url, poll_id=poll_id) for entry in entries)
    found = unseen(store, entries, limit=1000)
    print("begun", flush=True)
    new = rejected = 0
    for start in range(0, len(found.fresh), 10):
        batch = found.fresh[start : start + 10]
        good = [a_sighting(f"Text {e.url} " * 50, entry=e) for e in batch[:8]]
        bad = [a_reject(entry=e) for e in batch[8:]]
        load(store, run_id=run_id, sightings=good, rejects=bad, loaded_at=NOON)
        new, rejected = new + len(good), rejected + len(bad)
        print(new + rejected, flush=True)
    poll = a_poll(entries, poll_id=poll_id, run_id=run_id)
    finish_poll(store, poll, a_tally(known=found.known_count, new=new, rejected=rejected), next_due_at=None)
    print("finished", flush=True)
"""


@pytest.mark.parametrize("seed", range(2))
def test_a_loader_killed_anywhere_and_started_again_equals_one_clean_run(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    acknowledged = 0
    for attempt in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", LOADER, str(tmp_path), str(attempt)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        if attempt > 0:
            process.stdout.readline()  # the first kill may also strike while the file is made
        time.sleep(chance.random())
        process.send_signal(signal.SIGKILL)
        acknowledged += len([line for line in process.stdout.read().split() if line.isdecimal()]) * 10
        process.wait()
        with open_store(tmp_path) as store:
            assert counts(store)["fetches"] >= min(acknowledged, 600)
            assert check(store) == []

    subprocess.run([sys.executable, "-c", LOADER, str(tmp_path), "last"], check=True, stdout=subprocess.DEVNULL)

    with open_store(tmp_path) as store:
        assert counts(store) == {"articles": 480, "sightings": 480, "fetches": 600, "rejects": 120}
        assert check(store) == []
        with store.reading() as cursor:
            interrupted = cursor.execute("select count(*) from runs where status = 'interrupted'").fetchall()
    assert interrupted > [(1,)]


def test_runs_that_never_ended_are_marked(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        for number in (1, 2):
            begin_run(
                store, run_id=UUID(int=number), flow="ingest", prefect_run_id=UUID(int=9), version="1", started_at=NOON
            )
        finish_run(store, run_id=UUID(int=2), status="completed", finished_at=NOON)

        with store.reading() as cursor:
            rows = cursor.execute("select status from runs order by run_id").fetchall()
    assert rows == [("interrupted",), ("completed",)]
