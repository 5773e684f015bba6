"""Interval: what a poll brought decides when the next one is due, and whether something was missed in between."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pipelines.model import Gap, Poll, Source
from pipelines.reasons import points_of
from pipelines.urls import url_id

LONGEST = timedelta(days=1)  # between two tries of a source that fails: a dead feed is still tried daily
_HOUR = timedelta(hours=1)
_MANY = 0.5  # share of new entries from which on a poll came late
_FAR = 100  # times the dated span; beyond, a rate is a guess: sitemaps stamp many pages within the second
_FASTER, _SLOWER = 0.5, 1.5
# Times `every`, where `every_max` does not say how long a source may ask to be left alone. Servers which give all
# they have a day or a year are many; those that say ttl 60 and mean it, too.
_FRESHEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How a source is polled: what the last poll left for the next decision."""

    due_at: datetime
    interval: timedelta  # between polls while all goes well
    failure_points: float = 0.0  # since the last success


def next_due(
    poll: Poll, *, source: Source, previous: Rhythm | None = None, new_count: int = 0, gap: Gap | None = None
) -> Rhythm:
    """When to look again, and the rhythm from then on.

    A failure doubles the interval per point (hard 1, soft ½, transient ¼), up to a day; a success forgives all.
    With `every_min` or `every_max` the interval adapts: half as long when half of the entries are new, half as long
    again when none is. After a gap the next look comes in half the time, down to `every_min`, or to half of `every`
    where that is not set. For as long as the source says that it is fresh it is not asked, up to `every_max`, or to
    twice `every` where that is not set; unless there was a gap, which proves it wrong.
    """
    interval = _bounded(previous.interval if previous else source.every, source)
    if poll.outcome == "failed":
        points = (previous.failure_points if previous else 0.0) + points_of(poll.reason)
        return Rhythm(due_at=poll.polled_at + backed_off(interval, points), interval=interval, failure_points=points)
    if gap is not None:
        wait = max(interval * _FASTER, source.every_min or source.every * _FASTER)
        return Rhythm(due_at=poll.polled_at + wait, interval=_bounded(wait, source))
    if poll.entries and new_count >= len(poll.entries) * _MANY:
        interval = _bounded(interval * _FASTER, source)
    elif new_count == 0:
        interval = _bounded(interval * _SLOWER, source)
    fresh_for = timedelta(seconds=min(poll.fresh_for_s or 0, 10**9))
    longest = source.every_max or source.every * _FRESHEST
    return Rhythm(due_at=poll.polled_at + max(interval, min(fresh_for, longest)), interval=interval)


def backed_off(interval: timedelta, points: float) -> timedelta:
    """The interval, doubled for each point, never over a day unless the interval itself is longer."""
    # Bounded before it is raised: after years of failing, two to the power of all points is no number of seconds.
    return min(interval * 2 ** min(points, 32.0), max(interval, LONGEST))


def coverage_gap(
    poll: Poll, *, source: Source, last_entries_at: datetime | None, last_entry_ids: Collection[UUID]
) -> Gap | None:
    """The gap before a look which shows nothing of the last look that announced any; None where there is none.

    `last_entry_ids` are the keys (`url_id`) of that look's newest entries, `last_entries_at` is its instant.
    The newest entry is the last to leave a feed, so where none is left, others may have come and gone unseen. How many
    is told by the dates: the rate at which the entries now there are dated, from the last look to the oldest of them.
    """
    # A folder or an archive shows all it holds, not the latest of a stream.
    if not poll.entries or last_entries_at is None or not last_entry_ids or source.kind in ("files", "warc"):
        return None
    if any(url_id(entry.canonical_url) in last_entry_ids for entry in poll.entries):
        return None
    started_at = min(last_entries_at, poll.polled_at)  # the clock may have been set back
    dates = [date for entry in poll.entries if (date := entry.published_at or entry.modified_at)]
    dates = [date for date in dates if date <= poll.polled_at]
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
        # Entries that are dated before the last look, and were not there, have dates that do not tell.
        missed_count=round(per_hour * (unseen / _HOUR)) if unseen > timedelta() else None,
    )


def _bounded(interval: timedelta, source: Source) -> timedelta:
    shortest = source.every_min or source.every
    longest = source.every_max or source.every
    return min(max(interval, shortest), longest)
