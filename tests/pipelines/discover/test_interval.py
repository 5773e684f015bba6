from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.discover.interval import LONGEST, Rhythm, backed_off, coverage_gap, next_due
from pipelines.model import Entry, Gap, Poll, Reason, Source
from pipelines.urls import url_id

NOW = datetime(2023, 9, 13, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ID = UUID(int=1)


def source(**options: Any) -> Source:
    return Source(name="a", kind=options.pop("kind", "feed"), location="https://a.org/", every=30 * MINUTE, **options)


def poll(*ages: int | None, **options: Any) -> Poll:
    """A poll whose entries are so many minutes old."""
    entries = tuple(
        Entry(
            source="a",
            poll_id=ID,
            url=f"https://a.org/{number}",
            canonical_url=f"https://a.org/{number}",
            published_at=None if age is None else NOW - age * MINUTE,
        )
        for number, age in enumerate(ages)
    )
    outcome = options.pop("outcome", "ok")
    return Poll(poll_id=ID, run_id=ID, source="a", polled_at=NOW, outcome=outcome, entries=entries, **options)


def failed(reason: Reason) -> Poll:
    return poll(outcome="failed", reason=reason)


def test_a_fixed_interval_stays() -> None:
    for looked in (poll(1, 2), poll(outcome="unchanged"), poll(1, fresh_for_s=60)):
        assert next_due(looked, source=source(), new_count=2) == Rhythm(due_at=NOW + 30 * MINUTE, interval=30 * MINUTE)


def test_failures_add_up_and_a_success_forgives_all() -> None:
    first = next_due(failed("gone"), source=source())
    second = next_due(failed("timeout"), source=source(), previous=first)
    third = next_due(poll(1), source=source(), previous=second, new_count=1)

    assert (first.failure_points, first.due_at) == (1.0, NOW + 60 * MINUTE)
    assert second.failure_points == 1.25
    assert second.due_at == NOW + 30 * MINUTE * 2**1.25
    assert third == Rhythm(due_at=NOW + 30 * MINUTE, interval=30 * MINUTE)


def test_a_dead_feed_is_still_tried_daily() -> None:
    rhythm = None
    for _ in range(5_000):
        rhythm = next_due(failed("gone"), source=source(), previous=rhythm)

    assert rhythm is not None
    assert rhythm.due_at == NOW + LONGEST


def test_a_weekly_source_is_not_asked_more_often_for_failing() -> None:
    assert backed_off(timedelta(days=7), 3) == timedelta(days=7)


def test_an_interval_with_bounds_adapts() -> None:
    asked = source(every_min=10 * MINUTE, every_max=60 * MINUTE)

    busy = next_due(poll(1, 2), source=asked, new_count=1)
    busier = next_due(poll(1, 2), source=asked, new_count=2, previous=busy)
    steady = next_due(poll(1, 2, 3), source=asked, new_count=1, previous=busier)
    quiet = next_due(poll(1, 2, 3), source=asked, new_count=0, previous=steady)
    silent = [quiet]
    for _ in range(9):
        silent.append(next_due(poll(outcome="unchanged"), source=asked, previous=silent[-1]))

    assert [rhythm.interval / MINUTE for rhythm in (busy, busier, steady, quiet)] == [15, 10, 10, 15]
    assert silent[-1].interval == 60 * MINUTE


def test_a_gap_shortens_the_interval() -> None:
    gap = Gap(started_at=NOW, ended_at=NOW)

    bounded = next_due(poll(1), source=source(every_min=20 * MINUTE), gap=gap)
    fixed = next_due(poll(1, fresh_for_s=86_400), source=source(), gap=gap)
    after = next_due(poll(1), source=source(), new_count=1, previous=fixed)

    assert bounded == Rhythm(due_at=NOW + 20 * MINUTE, interval=20 * MINUTE)
    # An interval without bounds is halved once, whatever the source says of its freshness.
    assert fixed == Rhythm(due_at=NOW + 15 * MINUTE, interval=30 * MINUTE)
    assert after == Rhythm(due_at=NOW + 30 * MINUTE, interval=30 * MINUTE)


def test_the_freshness_that_a_source_claims_is_respected_within_bounds() -> None:
    asked = source(every_max=120 * MINUTE)

    assert next_due(poll(1, 2, 3, fresh_for_s=5_400), source=asked, new_count=1).due_at == NOW + 90 * MINUTE
    assert next_due(poll(1, 2, 3, fresh_for_s=10**12), source=asked, new_count=1).due_at == NOW + 120 * MINUTE
    assert next_due(poll(1, 2, 3, fresh_for_s=0), source=asked, new_count=1).due_at == NOW + 30 * MINUTE


def test_without_bounds_a_source_may_ask_for_twice_the_interval() -> None:
    hour = next_due(poll(1, 2, 3, fresh_for_s=2_700), source=source(), new_count=1)
    year = next_due(poll(1, 2, 3, fresh_for_s=31_536_000), source=source(), new_count=1)

    assert hour == Rhythm(due_at=NOW + 45 * MINUTE, interval=30 * MINUTE)
    assert year == Rhythm(due_at=NOW + 60 * MINUTE, interval=30 * MINUTE)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([*get_args(Reason), None]), max_size=40),
    st.integers(0, 3),
    st.one_of(st.none(), st.integers(0, 10**15)),
)
def test_the_next_poll_always_lies_between_the_bounds_and_a_day(
    reasons: list[Reason | None], new_count: int, fresh_for_s: int | None
) -> None:
    asked = source(every_min=5 * MINUTE, every_max=300 * MINUTE)
    rhythm = None
    for reason in reasons:
        looked = failed(reason) if reason else poll(1, 2, 3, fresh_for_s=fresh_for_s)

        rhythm = next_due(looked, source=asked, previous=rhythm, new_count=new_count)

        assert 5 * MINUTE <= rhythm.due_at - NOW <= LONGEST
        assert 5 * MINUTE <= rhythm.interval <= 300 * MINUTE


def gap_after(last: datetime | None, *ages: int | None, shared: int = 0, kind: str = "feed") -> Gap | None:
    """The gap between a look at `last` and one now, whose entries are so old and of which `shared` were there."""
    looked = poll(*ages)
    before = [f"https://a.org/{number}" for number in range(shared)] + ["https://a.org/gone"]
    ids = frozenset(url_id(url) for url in before)
    return coverage_gap(looked, source=source(kind=kind), last_entries_at=last, last_entry_ids=ids)


def test_a_poll_that_shares_nothing_with_the_last_has_a_gap_before_it() -> None:
    last = NOW - 120 * MINUTE

    gap = gap_after(last, 0, 10, 20, 30)

    # Ninety minutes without a view, an entry every ten minutes.
    assert gap == Gap(started_at=last, ended_at=NOW, entries_per_hour=6, missed_count=9)


def test_where_dates_do_not_tell_the_gap_has_no_estimate_of_its_own() -> None:
    last = NOW - 30 * MINUTE

    assert gap_after(last, None, None) == Gap(started_at=last, ended_at=NOW)
    assert gap_after(last, 5, 5) == Gap(started_at=last, ended_at=NOW)
    # Stamped within a second, as sitemaps are: that is no rate to reckon a day by.
    assert gap_after(NOW - timedelta(days=1), 0, 1 / 60) == Gap(started_at=NOW - timedelta(days=1), ended_at=NOW)
    # An entry from before the last look, which was not there.
    assert gap_after(last, 0, 30, 60) == Gap(started_at=last, ended_at=NOW, entries_per_hour=2)


def test_where_something_is_left_there_is_no_gap() -> None:
    last = NOW - 120 * MINUTE

    assert gap_after(last, 0, 10, shared=1) is None
    assert gap_after(None, 0, 10) is None
    assert gap_after(last) is None
    assert gap_after(last, 0, 10, kind="files") is None
    assert coverage_gap(poll(0), source=source(), last_entries_at=last, last_entry_ids=()) is None


def test_a_clock_that_was_set_back_leaves_a_gap_without_length() -> None:
    gap = gap_after(NOW + timedelta(days=365), 0, 10)

    assert gap == Gap(started_at=NOW, ended_at=NOW, entries_per_hour=6)
