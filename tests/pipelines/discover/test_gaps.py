"""Gaps: what the earlier poll showed last proves that nothing was missed; what is pinned proves nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.discover.gaps import coverage_gap, remember
from pipelines.discover.results import MOST_ENTRIES
from pipelines.model import Entry, Gap, PollResult, RememberedEntry, Source
from pipelines.urls import url_id

START = datetime(2023, 9, 13, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ID = UUID(int=1)


def source(kind: str = "feed") -> Source:
    return Source(name="a", kind=kind, location="https://a.org/", every=30 * MINUTE)  # type: ignore[arg-type]


def entry(name: str, at: datetime | None = None) -> Entry:
    url = f"https://a.org/{name}"
    return Entry(source="a", poll_id=ID, url=url, canonical_url=url, published_at=at)


class Stream:
    """A source with a story every two minutes, of which it shows the newest; `pinned` stay on top or at the bottom."""

    def __init__(
        self,
        *,
        size: int = 20,
        on_top: Sequence[Entry] = (),
        at_bottom: Sequence[Entry] = (),
        is_dated: bool = True,
        kind: str = "feed",
    ) -> None:
        self.size = size - len(on_top) - len(at_bottom)
        self.on_top, self.at_bottom, self.is_dated = on_top, at_bottom, is_dated
        self.source = source(kind)
        self.story_count = 100
        self.remembered: tuple[RememberedEntry, ...] = ()
        self.last_at: datetime | None = None

    def poll(self, new_count: int) -> Gap | None:
        """Poll after so many new stories; the gap before that poll."""
        self.story_count += new_count
        now = START + self.story_count * 2 * MINUTE
        numbers = range(self.story_count - 1, self.story_count - 1 - self.size, -1)
        stories = [entry(str(n), START + n * 2 * MINUTE if self.is_dated else None) for n in numbers]
        entries = (*self.on_top, *stories, *self.at_bottom)
        polled = PollResult(poll_id=ID, run_id=ID, source="a", polled_at=now, outcome="ok", entries=entries)
        gap = coverage_gap(polled, source=self.source, last_entries_at=self.last_at, remembered=self.remembered)
        self.remembered, self.last_at = remember(polled, previous=self.remembered), now
        return gap


OLD = [entry("old-1", START - 9_000 * MINUTE), entry("old-2", START - 9_001 * MINUTE)]
UNDATED = [entry("undated-1"), entry("undated-2")]


@pytest.mark.parametrize(
    "options",
    [
        {"at_bottom": OLD},
        {"on_top": UNDATED},
        {"at_bottom": UNDATED},
        {"on_top": UNDATED, "is_dated": False},
        {"on_top": OLD},
    ],
    ids=["dated", "undated on top", "undated below", "nothing is dated", "not ranked by date"],
)
@pytest.mark.parametrize("quiet_polls", [0, 1, 5])
def test_pinned_entries_hide_no_gap(options: dict[str, Any], quiet_polls: int) -> None:
    stream = Stream(**options)
    stream.poll(0)
    for _ in range(quiet_polls):
        assert stream.poll(0) is None
        assert stream.poll(3) is None

    gap = stream.poll(50)

    assert gap is not None
    if stream.is_dated:
        assert gap.entries_per_hour == 30
        assert gap.missed_count == pytest.approx(32, abs=1)


def test_entries_that_stay_in_every_poll_of_an_undated_listing_hide_no_gap() -> None:
    stream = Stream(on_top=UNDATED, is_dated=False, kind="listing")
    stream.poll(0)
    stream.poll(5)
    stream.poll(5)

    assert stream.poll(50) is not None


@pytest.mark.parametrize("new_count", [0, 1, 5, 10, 15, 17])
@pytest.mark.parametrize("kind", ["feed", "sitemap", "listing"])
@pytest.mark.parametrize("is_dated", [True, False])
def test_a_window_that_still_shows_what_came_last_has_no_gap(new_count: int, kind: str, is_dated: bool) -> None:
    stream = Stream(at_bottom=OLD if is_dated else (), is_dated=is_dated, kind=kind)

    assert [stream.poll(count) for count in (0, 1, new_count, 2, new_count)] == [None] * 5


def test_a_long_window_of_which_a_part_is_remembered_has_no_gap() -> None:
    stream = Stream(size=200)

    assert [stream.poll(count) for count in (0, 120, 199, 150)] == [None] * 4
    assert stream.poll(200) is not None


def test_a_feed_of_pinned_entries_and_few_others_has_no_gap() -> None:
    stream = Stream(size=4, at_bottom=OLD)

    assert [stream.poll(count) for count in (0, 1, 2, 0)] == [None] * 4


def test_a_sitemap_that_shows_other_pages_of_one_age_in_each_poll_is_no_window() -> None:
    def shown(first: int, at: datetime | None) -> PollResult:
        entries = tuple(entry(str(n), at) for n in range(first, first + MOST_ENTRIES))
        return PollResult(poll_id=ID, run_id=ID, source="a", polled_at=START, outcome="ok", entries=entries)

    for at in (None, START - MINUTE):
        remembered = remember(shown(0, at), previous=())
        later = shown(MOST_ENTRIES, at)

        for kind, is_gap in (("sitemap", False), ("feed", True)):
            gap = coverage_gap(later, source=source(kind), last_entries_at=START, remembered=remembered)
            assert (gap is not None) == is_gap


def test_one_entry_that_was_taken_back_makes_no_gap() -> None:
    now = START + 60 * MINUTE
    before = [entry("late", START), entry("a", START - 5 * MINUTE), entry("b", START - 9 * MINUTE)]
    first = PollResult(poll_id=ID, run_id=ID, source="a", polled_at=START, outcome="ok", entries=tuple(before))
    entries = (entry("new", START + 9 * MINUTE), *before[1:])
    later = PollResult(poll_id=ID, run_id=ID, source="a", polled_at=now, outcome="ok", entries=entries)

    found = coverage_gap(later, source=source(), last_entries_at=START, remembered=remember(first, previous=()))

    assert found is None


def test_an_entry_is_remembered_since_its_first_poll() -> None:
    first = PollResult(poll_id=ID, run_id=ID, source="a", polled_at=START, outcome="ok", entries=(entry("a"),))
    second = PollResult(
        poll_id=ID, run_id=ID, source="a", polled_at=START + MINUTE, outcome="ok", entries=(entry("b"), entry("a"))
    )

    found = remember(second, previous=remember(first, previous=()))

    assert [(each.key, each.since) for each in found] == [
        (url_id("https://a.org/b"), START + MINUTE),
        (url_id("https://a.org/a"), START),
    ]


def test_only_the_newest_entries_are_remembered() -> None:
    many = tuple(entry(str(n)) for n in range(5_000))
    polled = PollResult(poll_id=ID, run_id=ID, source="a", polled_at=START, outcome="ok", entries=many)

    assert [each.key for each in remember(polled, previous=())] == [url_id(f"https://a.org/{n}") for n in range(32)]


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12), st.integers(2, 40), st.integers(0, 3), st.booleans())
def test_a_gap_is_found_where_stories_were_missed_and_nowhere_else(
    counts: list[int], size: int, pinned_count: int, is_dated: bool
) -> None:
    pinned = [entry(f"pin-{n}", START - n * MINUTE if is_dated else None) for n in range(pinned_count)]
    # Where the pinned are most of what is shown, nothing can be told.
    stream = Stream(size=size + 3 * pinned_count, is_dated=is_dated, at_bottom=pinned if is_dated else ())
    if not is_dated:
        stream = Stream(size=size + 3 * pinned_count, is_dated=False, on_top=pinned)
    stream.poll(0)

    for count in counts:
        assert (stream.poll(count) is not None) == (count >= stream.size)


NOW = START


def poll(*ages: float | None) -> PollResult:
    """A poll whose entries are so many minutes old."""
    entries = tuple(entry(str(n), None if age is None else NOW - age * MINUTE) for n, age in enumerate(ages))
    return PollResult(poll_id=ID, run_id=ID, source="a", polled_at=NOW, outcome="ok", entries=entries)


def gap_after(last: datetime | None, *ages: float | None, shared: int = 0, kind: str = "feed") -> Gap | None:
    """The gap between a poll at `last` and one now, whose entries are so old and of which `shared` were there."""
    polled = poll(*ages)
    before = [f"https://a.org/{number}" for number in range(shared)] + ["https://a.org/gone"]
    remembered = [RememberedEntry(key=url_id(url), since=NOW - timedelta(days=9)) for url in before]
    return coverage_gap(polled, source=source(kind), last_entries_at=last, remembered=remembered)


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
    # An entry from before the last poll, which was not there.
    assert gap_after(last, 0, 30, 60) == Gap(started_at=last, ended_at=NOW, entries_per_hour=2)


def test_where_something_is_left_there_is_no_gap() -> None:
    last = NOW - 120 * MINUTE

    assert gap_after(last, 0, 10, shared=1) is None
    assert gap_after(None, 0, 10) is None
    assert gap_after(last) is None
    assert gap_after(last, 0, 10, kind="files") is None
    assert coverage_gap(poll(0), source=source(), last_entries_at=last, remembered=()) is None


def test_a_clock_that_was_set_back_leaves_a_gap_without_length() -> None:
    gap = gap_after(NOW + timedelta(days=365), 0, 10)

    assert gap == Gap(started_at=NOW, ended_at=NOW, entries_per_hour=6)
