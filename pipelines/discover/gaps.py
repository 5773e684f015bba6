"""Gaps: whether a poll shows that entries came and went unseen since the last one, and about how many. Pure.

A feed is a window on a stream: what came first leaves first. So two polls leave no gap between them where the later
one still shows what the earlier one showed last. An entry that stays while younger ones leave (pinned, promoted), one
without a date among dated ones, and one whose page was rejected (a standing link; the store does not remember it)
prove nothing: two pinned entries were once enough to hide 48 lost stories.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from pipelines.discover.results import MOST_ENTRIES
from pipelines.model import Entry, Gap, PollResult, RememberedEntry, Source
from pipelines.urls import url_id

# The youngest entry is the last to leave a feed, so a few show whether two polls overlap; all 5,000 of a sitemap
# would be 80 kB to write at each poll.
_REMEMBERED = 32
_HOUR = timedelta(hours=1)
_FAR = 100  # times the dated span; beyond, a rate is a guess: sitemaps stamp many pages within the second


def remember(poll: PollResult, *, previous: Sequence[RememberedEntry]) -> tuple[RememberedEntry, ...]:
    """The newest entries of a poll in its order, each with the first poll since which it has been among them."""
    since = {entry.key: entry.since for entry in previous}
    keys = dict.fromkeys(url_id(entry.canonical_url) for entry in poll.entries[:_REMEMBERED])
    return tuple(RememberedEntry(key=key, since=since.get(key, poll.polled_at)) for key in keys)


def coverage_gap(
    poll: PollResult, *, source: Source, last_entries_at: datetime | None, remembered: Sequence[RememberedEntry]
) -> Gap | None:
    """The gap before a poll that proves no overlap with the last poll that announced any; None where there is none.

    `remembered` are that poll's newest entries, `last_entries_at` is its instant. How many are missing is estimated by
    the dates: the rate of the entries that are new, from the last poll to the oldest of them.
    """
    if not poll.entries or last_entries_at is None or not remembered or not _is_window(poll, source):
        return None
    if _has_overlap(poll.entries, remembered, is_ordered=source.kind != "listing"):
        return None
    started_at = min(last_entries_at, poll.polled_at)  # the clock may have been set back
    known = {entry.key for entry in remembered}
    fresh = (entry for entry in poll.entries if url_id(entry.canonical_url) not in known)
    dates = [date for entry in fresh if (date := _dated_at(entry)) and date <= poll.polled_at]
    if len(dates) < 2 or (span := max(dates) - min(dates)) <= timedelta():
        return Gap(started_at=started_at, ended_at=poll.polled_at)
    per_hour = (len(dates) - 1) / (span / _HOUR)
    unseen = min(dates) - started_at
    if unseen > span * _FAR:
        return Gap(started_at=started_at, ended_at=poll.polled_at)
    return Gap(
        started_at=started_at,
        ended_at=poll.polled_at,
        entries_per_hour=per_hour,
        # Entries dated before the last poll, which did not show them, have dates that prove nothing.
        missed_count=round(per_hour * (unseen / _HOUR)) if unseen > timedelta() else None,
    )


def _is_window(poll: PollResult, source: Source) -> bool:
    """Whether a poll shows the latest of a stream.

    A folder or an archive shows all it holds. Of a sitemap beyond the cap whose entries are of one age, each poll shows
    others: those that are not known.
    """
    if source.kind == "sitemap" and len(poll.entries) >= MOST_ENTRIES:
        return len({_dated_at(entry) for entry in poll.entries[:_REMEMBERED]}) > 1
    return source.kind not in ("files", "warc")


def _has_overlap(entries: Sequence[Entry], remembered: Sequence[RememberedEntry], *, is_ordered: bool) -> bool:
    """Whether an entry is left that proves it, or half of all: so much of a window is neither pinned nor hurried past.

    An entry proves it where half of those that came after it are left as well, and, in an order by time, where no more
    than half of what follows it is news: what is pinned to the top has news behind it.
    """
    places: dict[UUID, int] = {}
    for place, entry in enumerate(entries):
        places.setdefault(url_id(entry.canonical_url), place)
    is_dated = 2 * sum(_dated_at(entry) is not None for entry in entries) > len(entries)
    left = [
        entry.key in places and not (is_dated and _dated_at(entries[places[entry.key]]) is None) for entry in remembered
    ]
    if 2 * sum(left) >= len(remembered):
        return True
    known = {entry.key for entry in remembered}
    youngest_first = sorted(range(len(remembered)), key=lambda index: remembered[index].since, reverse=True)
    left_count = 0
    for count, index in enumerate(youngest_first):
        if not left[index]:
            continue
        place = places[remembered[index].key]
        behind = entries[place + 1 :][: len(remembered) - index - 1] if is_ordered else ()
        news = [entry for entry in behind if _is_news(entry, entries[place], known)]
        if 2 * left_count >= count and 2 * len(news) <= len(behind):
            return True
        left_count += 1
    return False


def _is_news(entry: Entry, earlier: Entry, known: Collection[UUID]) -> bool:
    """Whether an entry came after one that stands before it; of a long window the old end is not remembered."""
    if url_id(entry.canonical_url) in known:
        return False
    at, earlier_at = _dated_at(entry), _dated_at(earlier)
    return at is None or earlier_at is None or at > earlier_at


def _dated_at(entry: Entry) -> datetime | None:
    return entry.published_at or entry.modified_at
