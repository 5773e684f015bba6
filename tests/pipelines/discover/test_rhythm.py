"""How often a source is polled: by what it brings, by what it asks for, and by what was missed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.discover.rhythm import (
    LONGEST,
    Rhythm,
    backed_off,
    fresh_for_s,
    header_fresh_s,
    next_due,
    read_freshness,
)
from pipelines.fetch import Response
from pipelines.model import Entry, Freshness, Gap, PollResult, Reason, Source

NOW = datetime(2023, 9, 13, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ID = UUID(int=1)


def source(**options: Any) -> Source:
    return Source(name="a", kind=options.pop("kind", "feed"), location="https://a.org/", every=30 * MINUTE, **options)


def poll(*ages: int | None, **options: Any) -> PollResult:
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
    return PollResult(poll_id=ID, run_id=ID, source="a", polled_at=NOW, outcome=outcome, entries=entries, **options)


def failed(reason: Reason) -> PollResult:
    return poll(outcome="failed", reason=reason)


def test_a_fixed_interval_stays() -> None:
    for polled in (poll(1, 2), poll(outcome="unchanged"), poll(1, fresh_for_s=60)):
        assert next_due(polled, source=source(), new_count=2) == Rhythm(due_at=NOW + 30 * MINUTE, interval=30 * MINUTE)


def test_failures_add_up_and_a_success_forgives_all() -> None:
    first = next_due(failed("gone"), source=source())
    second = next_due(failed("timeout"), source=source(), previous=first)
    third = next_due(poll(1), source=source(), previous=second, new_count=1)

    assert (first.failure_points, first.due_at) == (1.0, NOW + 60 * MINUTE)
    assert second.failure_points == 1.25
    assert second.due_at == NOW + 30 * MINUTE * 2**1.25
    assert third == Rhythm(due_at=NOW + 30 * MINUTE, interval=30 * MINUTE)


@pytest.mark.parametrize(
    ("late", "minutes"),
    [
        (timedelta(), 30),
        (timedelta(seconds=20), 30 - 1 / 3),
        (timedelta(seconds=-20), 30 + 1 / 3),
        (timedelta(minutes=10), 20),
        # However late it was, half of the interval lies between two polls.
        (timedelta(minutes=25), 15),
        # By name, or after a night of sleep: the schedule starts anew.
        (timedelta(minutes=-10), 30),
        (timedelta(minutes=31), 30),
    ],
    ids=str,
)
def test_an_interval_counts_from_when_the_poll_was_due(late: timedelta, minutes: float) -> None:
    previous = Rhythm(due_at=NOW - late, interval=30 * MINUTE)

    assert next_due(poll(1), source=source(), previous=previous, new_count=1).due_at == NOW + minutes * MINUTE


def test_a_schedule_of_the_same_interval_polls_at_every_turn() -> None:
    asked = replace(source(), every=timedelta(seconds=20))
    rhythm: Rhythm | None = None
    polled = 0
    for turn in range(100):
        # Some runs take longer to start than others.
        now = NOW + timedelta(seconds=20 * turn + (0.3, 1.4, 0.1)[turn % 3])
        if rhythm is None or rhythm.due_at <= now + asked.due_tolerance:
            rhythm = next_due(replace(poll(1), polled_at=now), source=asked, previous=rhythm, new_count=1)
            polled += 1

    assert polled == 100


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
        polled = failed(reason) if reason else poll(1, 2, 3, fresh_for_s=fresh_for_s)

        rhythm = next_due(polled, source=asked, previous=rhythm, new_count=new_count)

        assert 5 * MINUTE <= rhythm.due_at - NOW <= LONGEST
        assert 5 * MINUTE <= rhythm.interval <= 300 * MINUTE


ASKED_AT = datetime(2023, 9, 13, 12, 30, tzinfo=UTC)  # a Wednesday
DATE = "Wed, 13 Sep 2023 12:00:00 GMT"
NIGHT = sum(1 << hour for hour in (22, 23, 0, 1, 2, 3))
WEEKEND = 0b1100000


def response(*headers: tuple[str, str]) -> Response:
    return Response(
        final_url="https://example.org/feed",
        status=200,
        headers=headers,
        content=b"",
        content_type=None,
        byte_count=0,
        duration_ms=0,
        attempt_count=1,
    )


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ((), None),
        ((("cache-control", "public, max-age=600"),), 600),
        ((("cache-control", 'Max-Age="60", private'),), 60),
        ((("cache-control", "max-age=600"), ("age", "200")), 400),
        ((("cache-control", "max-age=600"), ("age", "900")), 0),
        ((("cache-control", "max-age=600"), ("age", "old")), 600),
        ((("cache-control", "public"), ("cache-control", "max-age=30")), 30),
        # For caches that many share, which we are not.
        ((("cache-control", "s-maxage=600"),), None),
        ((("cache-control", "no-cache, max-age=600"),), 0),
        ((("cache-control", "no-store"), ("expires", "Wed, 13 Sep 2023 13:00:00 GMT")), 0),
        # A field name behind it forbids to keep that field only.
        ((("cache-control", 'no-cache="set-cookie", max-age=60'),), 60),
        ((("cache-control", "max-age=soon"),), None),
        ((("cache-control", "max-age=" + "9" * 40),), 10**9),
        ((("date", DATE), ("expires", "Wed, 13 Sep 2023 13:00:00 GMT")), 3_600),
        ((("date", DATE), ("expires", "Wed, 13 Sep 2023 13:00:00 GMT"), ("age", "600")), 3_000),
        ((("expires", "Wed, 13 Sep 2023 13:00:00 GMT"),), 1_800),
        ((("expires", "Wed, 13 Sep 2023 13:00:00 GMT"), ("cache-control", "max-age=5")), 5),
        ((("date", DATE), ("expires", DATE)), 0),
        ((("expires", "0"),), 0),
        ((("expires", "-1"),), 0),
        ((("expires", "Thu, 01 Jan 1970 00:00:00 GMT"),), 0),
        ((("last-modified", "Wed, 01 Mar 2023 12:00:00 GMT"), ("date", DATE)), None),
    ],
    ids=str,
)
def test_a_header_says_how_long_it_is_fresh(headers: tuple[tuple[str, str], ...], seconds: int | None) -> None:
    assert header_fresh_s(response(*headers), now=ASKED_AT) == seconds


@pytest.mark.parametrize(
    ("freshness", "pause_s", "minutes"),
    [
        (Freshness(), None, None),
        (Freshness(), 600, 10),
        (Freshness(pause_s=3_600), None, 60),
        (Freshness(pause_s=3_600), 600, 60),
        (Freshness(pause_s=600), 3_600, 60),
        (Freshness(), 0, 0),
        # 12:30 plus half an hour is not within the night.
        (Freshness(skip_hours=NIGHT), None, None),
        # At 12:30 the next poll would be due at 13:00, and the skipped stretch ends at 16:00.
        (Freshness(skip_hours=0b111 << 13), None, 210),
        (Freshness(skip_hours=0b111 << 13), 600, 210),
        # The pause ends at 22:10, which is skipped; so is all of the night.
        (Freshness(pause_s=34_800, skip_hours=NIGHT), None, 15 * 60 + 30),
        # Wednesday and Thursday: until Friday.
        (Freshness(skip_days=0b1100), None, 11 * 60 + 30 + 24 * 60),
        # Thursday begins right behind the night that is skipped.
        (Freshness(skip_days=0b1000, skip_hours=0b11111111111 << 13), None, 11 * 60 + 30 + 24 * 60),
        (Freshness(skip_days=WEEKEND), 2 * 86_400 + 12 * 3_600, 11 * 60 + 30 + 4 * 24 * 60),
        # Never is no answer.
        (Freshness(skip_hours=(1 << 24) - 1), None, None),
        (Freshness(skip_hours=(1 << 24) - 1, pause_s=600), None, 10),
        (Freshness(skip_days=(1 << 7) - 1), None, None),
    ],
    ids=str,
)
def test_a_document_says_when_to_poll_again(freshness: Freshness, pause_s: int | None, minutes: int | None) -> None:
    left_s = fresh_for_s(freshness, now=ASKED_AT, pause_s=pause_s, wait_s=1_800)

    assert left_s == (None if minutes is None else minutes * 60)


def test_hours_are_those_of_gmt() -> None:
    now = datetime.fromisoformat("2023-09-13T14:30:00+02:00")

    assert fresh_for_s(Freshness(skip_hours=1 << 13), now=now, pause_s=None, wait_s=1_800) == 90 * 60


@pytest.mark.parametrize(
    ("element", "seconds"),
    [
        ({"ttl": "20"}, 1_200),
        ({"ttl": " 20\n"}, 1_200),
        ({"ttl": "-5"}, 0),
        ({"ttl": "9" * 30}, 0),
        ({"ttl": "٣"}, 0),
        ({"period": "daily"}, 86_400),
        ({"period": " Hourly ", "frequency": "2"}, 1_800),
        ({"period": "weekly", "frequency": "0"}, 604_800),
        ({"period": "fortnightly"}, 0),
        ({"ttl": "20", "period": "hourly"}, 3_600),
        ({"period": "hourly", "frequency": "1", "generator": "https://wordpress.org/?v=6.3"}, 0),
        ({"period": "daily", "frequency": "1", "generator": "https://wordpress.org/?v=6.3"}, 86_400),
    ],
    ids=str,
)
def test_a_feed_names_its_pause(element: dict[str, str], seconds: int) -> None:
    assert read_freshness("", **element) == Freshness(pause_s=seconds)


@given(
    st.builds(
        Freshness,
        pause_s=st.integers(0, 10**9),
        skip_hours=st.integers(0, (1 << 24) - 1),
        skip_days=st.integers(0, (1 << 7) - 1),
    ),
    st.integers(0, 10**10) | st.none(),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),
)
def test_any_request_to_pause_ends(freshness: Freshness, pause_s: int | None, now: datetime) -> None:
    left_s = fresh_for_s(freshness, now=now.replace(tzinfo=UTC), pause_s=pause_s, wait_s=1_800)

    assert left_s is None or 0 <= left_s <= 10**9 + 8 * 86_400


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    read_freshness(f"<skipHours>{text}", ttl=text, period=text, frequency=text, generator=text)
    header_fresh_s(response(("cache-control", text), ("age", text)), now=ASKED_AT)
    header_fresh_s(response(("expires", text), ("date", text)), now=ASKED_AT)
