"""Sources: what the catalogue says, what state remains, and who is due."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from pipelines.discover.gaps import remember
from pipelines.model import ArchivePosition, Freshness, Gap, OperatorFault, Validators
from pipelines.store import (
    FinishedPoll,
    PollState,
    Store,
    due,
    finish_polls,
    load,
    open_store,
    poll_states,
    sync_sources,
)
from pipelines.urls import url_id
from tests.builders import NOON, RUN, a_poll, a_reject, a_source, a_tally, an_entry, finish_poll

QUARTER = timedelta(minutes=15)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    with open_store(tmp_path) as opened:
        yield opened


def rows(store: Store, sql: str) -> list[tuple[object, ...]]:
    with store.reading() as cursor:
        return cursor.execute(sql).fetchall()


def polled(store: Store, *, at=NOON, etag: str | None = '"1"', outcome: str = "ok", **tally: int) -> None:
    reason = "timeout" if outcome == "failed" else None
    poll = a_poll(poll_id=uuid4(), polled_at=at, outcome=outcome, reason=reason, validators=Validators(etag=etag))
    finish_poll(store, poll, a_tally(poll=outcome, **tally), next_due_at=at + QUARTER)


def test_the_table_mirrors_the_catalogue_and_forgets_nobody(store: Store) -> None:
    sync_sources(store, [a_source("a"), a_source("b", tags=("x", "y"))], NOON)
    sync_sources(store, [a_source("b", every=timedelta(hours=1)), a_source("c")], NOON + QUARTER)
    sync_sources(store, [a_source("b", every=timedelta(hours=1)), a_source("c")], NOON + 2 * QUARTER)

    found = rows(store, "select source, is_configured, every_s, configured_at from sources order by source")

    assert found == [
        ("a", False, 900, NOON + QUARTER),
        ("b", True, 3600, NOON + QUARTER),
        ("c", True, 900, NOON + QUARTER),
    ]


def test_credentials_stay_out_of_the_table(store: Store) -> None:
    sync_sources(store, [a_source(location="https://user:secret@courier.example/feed?a=@b")], NOON)

    assert rows(store, "select location from sources") == [("https://courier.example/feed?a=@b",)]


def test_sources_are_due_when_never_polled_or_past_their_instant(store: Store) -> None:
    sources = [a_source("a"), a_source("courier"), a_source("off", is_enabled=False)]
    sync_sources(store, sources, NOON)
    polled(store)

    assert [source.name for source in due(store, sources, now=NOON)] == ["a"]
    assert [source.name for source in due(store, sources, now=NOON + QUARTER)] == ["a", "courier"]


def test_a_poll_that_comes_a_moment_early_skips_no_turn(store: Store) -> None:
    sync_sources(store, [a_source()], NOON)
    polled(store)

    assert due(store, [a_source()], now=NOON + QUARTER - timedelta(seconds=31)) == []
    assert due(store, [a_source()], now=NOON + QUARTER - timedelta(seconds=30)) == [a_source()]


def test_named_sources_are_due_whatever_the_time(store: Store) -> None:
    sources = [a_source("a"), a_source("courier"), a_source("off", is_enabled=False)]
    sync_sources(store, sources, NOON)
    polled(store)

    assert [source.name for source in due(store, sources, now=NOON, only=["courier", "off"])] == ["courier", "off"]
    with pytest.raises(OperatorFault, match="no source is called 'nobody'"):
        due(store, sources, now=NOON, only=["nobody"])


def test_a_clock_that_was_wrong_silences_nobody(store: Store) -> None:
    sync_sources(store, [a_source()], NOON)
    polled(store, at=NOON + timedelta(days=400))

    assert due(store, [a_source()], now=NOON) == [a_source()]


def test_no_instant_silences_a_source_for_long(store: Store) -> None:
    source = a_source(every_max=timedelta(days=2))
    sync_sources(store, [source], NOON)
    finish_poll(store, a_poll(), a_tally(), next_due_at=NOON + timedelta(days=365))

    assert due(store, [source], now=NOON + timedelta(days=1)) == []
    assert due(store, [source], now=NOON + timedelta(days=2)) == [source]
    assert due(store, [a_source()], now=NOON + timedelta(days=1)) == [a_source()]


def test_a_shorter_interval_holds_at_once(store: Store) -> None:
    slow = a_source(every=timedelta(days=1))
    sync_sources(store, [slow], NOON)
    finish_poll(store, a_poll(), a_tally(), next_due_at=NOON + timedelta(days=1))

    sync_sources(store, [a_source()], NOON)

    assert due(store, [a_source()], now=NOON + QUARTER) == [a_source()]
    assert due(store, [a_source()], now=NOON + QUARTER / 2) == []


def test_a_source_that_moved_starts_anew(store: Store) -> None:
    sync_sources(store, [a_source()], NOON)
    polled(store)
    moved = replace(a_source(), location="https://courier.example/atom.xml")

    sync_sources(store, [moved], NOON)

    assert poll_states(store, ["courier"])["courier"].validators == Validators()
    assert due(store, [moved], now=NOON) == [moved]


def test_validators_are_those_of_the_poll_states_that_left_nothing_undone(store: Store) -> None:
    sync_sources(store, [a_source()], NOON)
    assert poll_states(store, ["courier"])["courier"].validators == Validators()

    polled(store, etag='"1"')
    assert poll_states(store, ["courier"])["courier"].validators.etag == '"1"'
    polled(store, etag=None, outcome="failed")
    polled(store, etag=None, outcome="unchanged")
    assert poll_states(store, ["courier"])["courier"].validators.etag == '"1"'
    polled(store, etag='"2"', deferred=1)
    assert poll_states(store, ["courier"])["courier"].validators.etag is None


def test_a_poll_with_pages_to_try_again_keeps_no_validators(store: Store) -> None:
    sync_sources(store, [a_source()], NOON)
    reject = a_reject(entry=an_entry(), reason="timeout")
    load(store, run_id=RUN, sightings=[], rejects=[reject], loaded_at=NOON)

    finish_poll(store, a_poll(validators=Validators(etag='"1"')), a_tally(rejected=1), next_due_at=NOON)

    assert poll_states(store, ["courier"])["courier"].validators == Validators()


def test_what_a_poll_leaves_comes_back_for_all_sources_at_once(store: Store) -> None:
    left = Validators(
        etag='"1"',
        last_modified="Tue, 12 Sep 2023 10:00:00 GMT",
        digest="ab" * 32,
        config_digest="0123abcd",
        read_on=NOON.date(),
        freshness=Freshness(pause_s=600, skip_hours=1 << 23, skip_days=1 << 6),
        position=ArchivePosition(file_count=3, offset=5_000_000_000),
    )
    sync_sources(store, [a_source("a"), a_source("b"), a_source("c")], NOON)
    finish_poll(store, a_poll(source="a", validators=left), a_tally("a"), next_due_at=NOON, interval=QUARTER)

    states = poll_states(store, ["a", "b", "nobody"])

    assert states == {"a": PollState(validators=left, due_at=NOON, interval=QUARTER), "b": PollState()}


def test_the_state_follows_the_polls(store: Store) -> None:
    sync_sources(store, [a_source()], NOON)
    polled(store, at=NOON, new=0)
    polled(store, at=NOON + QUARTER, outcome="unchanged")
    polled(store, at=NOON + 2 * QUARTER, outcome="failed")
    polled(store, at=NOON + 3 * QUARTER, outcome="failed")

    state = rows(
        store,
        "select last_polled_at, last_ok_at, last_new_at, next_due_at, last_outcome, last_reason, failure_count, "
        "unchanged_count from sources",
    )

    assert state == [
        (NOON + 3 * QUARTER, NOON + QUARTER, None, NOON + 4 * QUARTER, "failed", "timeout", 2, 1),
    ]


def note_poll(store: Store, urls: range, hours: int, *, new: int = 0, gap: Gap | None = None) -> None:
    entries = tuple(an_entry(f"https://courier.example/{n}") for n in urls)
    poll = a_poll(entries, poll_id=uuid4(), polled_at=NOON + timedelta(hours=hours))
    finish_poll(store, poll, a_tally(new=new, known=len(entries) - new), next_due_at=None, gap=gap)


def test_polls_are_noted_together_each_with_its_own_state(store: Store) -> None:
    sync_sources(store, [a_source("a"), a_source("b"), a_source("c")], NOON)
    entry = an_entry(source="a")
    polls = [
        a_poll((entry,), source="a", poll_id=uuid4(), validators=Validators(etag='"a"')),
        a_poll(source="b", poll_id=uuid4(), outcome="failed", reason="timeout", detail="10 s"),
        a_poll(source="c", poll_id=uuid4(), outcome="unchanged"),
    ]
    ended = [
        FinishedPoll(
            result=each,
            tally=a_tally(source=each.source),
            next_due_at=NOON + QUARTER,
            entries=remember(each, previous=()),
        )
        for each in polls
    ]

    finish_polls(store, ended[:1])
    finish_polls(store, ended)

    state = "select source, last_outcome, failure_count, unchanged_count, etag, len(last_entry_ids) from sources"
    assert rows(store, f"{state} order by source") == [
        ("a", "ok", 0, 0, '"a"', 1),
        ("b", "failed", 1, 0, None, None),
        ("c", "unchanged", 0, 1, None, None),
    ]
    assert rows(store, "select source from polls order by source") == [("a",), ("b",), ("c",)]
    assert rows(store, "select source, reason, url from rejects") == [("b", "timeout", "https://b.example/feed.xml")]


def test_the_newest_entries_of_the_poll_states_that_had_any_are_remembered(store: Store) -> None:
    sync_sources(store, [a_source()], NOON)
    note_poll(store, range(40), 0)
    note_poll(store, range(0), 1)

    last = poll_states(store, ["courier"])["courier"]

    assert last.entries_at == NOON
    assert [entry.key for entry in last.entries] == [url_id(f"https://courier.example/{n}") for n in range(32)]
    assert {entry.since for entry in last.entries} == {NOON}


def test_entries_whose_page_is_rejected_for_good_are_not_remembered(store: Store) -> None:
    sync_sources(store, [a_source()], NOON)
    entries = tuple(an_entry(f"https://courier.example/{n}") for n in range(3))
    rejects = [a_reject(entry=entries[0], reason="link-page"), a_reject(entry=entries[1], reason="timeout")]
    load(store, run_id=RUN, sightings=[], rejects=rejects, loaded_at=NOON)

    finish_poll(store, a_poll(entries), a_tally(rejected=2, deferred=1), next_due_at=NOON)

    remembered = poll_states(store, ["courier"])["courier"].entries
    assert [entry.key for entry in remembered] == [url_id(entry.canonical_url) for entry in entries[1:]]


def test_where_most_pages_are_rejected_every_entry_is_remembered(store: Store) -> None:
    sync_sources(store, [a_source()], NOON)
    entries = tuple(an_entry(f"https://courier.example/{n}") for n in range(3))
    load(store, run_id=RUN, sightings=[], rejects=[a_reject(entry=each) for each in entries[:2]], loaded_at=NOON)

    finish_poll(store, a_poll(entries), a_tally(rejected=2, deferred=1), next_due_at=NOON)

    remembered = poll_states(store, ["courier"])["courier"].entries
    assert [entry.key for entry in remembered] == [url_id(entry.canonical_url) for entry in entries]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        # Eight came in five hours; over twenty hours that makes 32, of which ten were seen.
        ((None, None), (1.6, 22)),
        ((3.0, None), (1.6, 22)),
        ((3.0, 40), (3.0, 40)),
    ],
    ids=["no dates", "dates that do not tell", "dates"],
)
def test_a_gap_is_estimated_by_dates_or_else_by_what_came_before(
    store: Store, told: tuple[float | None, int | None], expected: tuple[float, int]
) -> None:
    start, end = NOON + timedelta(hours=4), NOON + timedelta(hours=24)
    sync_sources(store, [a_source()], NOON)
    note_poll(store, range(10), 0, new=10)
    note_poll(store, range(4, 14), 2, new=4)
    note_poll(store, range(8, 18), 4, new=4)
    note_poll(store, range(0), 5)

    gap = Gap(started_at=start, ended_at=end, entries_per_hour=told[0], missed_count=told[1])
    note_poll(store, range(100, 110), 24, new=10, gap=gap)

    gaps = rows(store, "select started_at, ended_at, entries_per_hour, missed_estimate, hour_count from coverage_gaps")
    assert gaps == [(start, end, *expected, 20.0)]


def test_the_gap_of_a_young_source_without_dates_has_no_estimate(store: Store) -> None:
    sync_sources(store, [a_source()], NOON)
    note_poll(store, range(10), 0, new=10)
    note_poll(store, range(100, 110), 24, new=10, gap=Gap(started_at=NOON, ended_at=NOON + timedelta(days=1)))

    assert rows(store, "select entries_per_hour, missed_estimate from gaps") == [(None, None)]


@pytest.mark.parametrize("missed", [None, 10**12], ids=["dates that do not tell", "dates"])
def test_an_absurd_estimate_of_a_gap_is_cut_and_the_poll_is_noted(store: Store, missed: int | None) -> None:
    # A sitemap that stamps a thousand pages within ten milliseconds.
    gap = Gap(started_at=NOON, ended_at=NOON + timedelta(days=1), entries_per_hour=3.6e8, missed_count=missed)
    sync_sources(store, [a_source()], NOON)

    note_poll(store, range(100, 110), 24, new=10, gap=gap)

    assert rows(store, "select missed_estimate from gaps") == [(2**31 - 1,)]
