"""Interval: what a poll brought decides when the next one is due, and whether something was missed in between."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from pipelines.model import Poll, Reason, Source

Grade: TypeAlias = Literal["hard", "soft", "transient"]

LONGEST = timedelta(days=1)  # between two tries of a source that fails: a dead feed is still tried daily
POINTS: dict[Grade, float] = {"hard": 1.0, "soft": 0.5, "transient": 0.25}
# What only somebody there, or the operator, can mend.
_HARD: frozenset[Reason] = frozenset(
    {
        *("bad-url", "private-address", "robots-disallowed", "unauthorized", "gone", "tls-error", "unsupported-type"),
        *("bad-redirect", "too-many-redirects", "file-missing", "file-unreadable", "file-not-regular", "client-error"),
        "too-large",
    }
)
# What passes by itself, mostly within the hour.
_TRANSIENT: frozenset[Reason] = frozenset(
    {
        *("timeout", "connection-refused", "connection-failed", "server-error", "rate-limited", "host-paused"),
        *("truncated-body", "robots-unreachable", "protocol-error"),
    }
)
_MANY = 0.5  # share of new entries from which on a poll came late
_FASTER, _SLOWER = 0.5, 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How a source is polled: what the last poll left for the next decision."""

    due_at: datetime
    interval: timedelta  # between polls while all goes well
    failure_points: float = 0.0  # since the last success


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch of time in which entries came and went between two polls."""

    started_at: datetime
    ended_at: datetime
    missed_count: int | None  # estimated; None where the entries have no dates to estimate by


def next_due(
    poll: Poll, *, source: Source, previous: Rhythm | None = None, new_count: int = 0, gap: Gap | None = None
) -> Rhythm:
    """When to look again, and the rhythm from then on.

    A failure doubles the interval per point (hard 1, soft ½, transient ¼), up to a day; a success forgives all.
    With `every_min` or `every_max` the interval adapts: half as long after a gap or when half of the entries are new,
    half as long again when none is; what the source says of its own freshness is respected up to `every_max`.
    """
    interval = previous.interval if previous else source.every
    interval = _bounded(interval, source)
    if poll.outcome == "failed":
        points = (previous.failure_points if previous else 0.0) + POINTS[grade(poll.reason)]
        return Rhythm(due_at=poll.polled_at + backed_off(interval, points), interval=interval, failure_points=points)
    if gap is not None or (poll.entries and new_count >= len(poll.entries) * _MANY):
        interval = _bounded(interval * _FASTER, source)
    elif new_count == 0:
        interval = _bounded(interval * _SLOWER, source)
    wait = interval
    if poll.fresh_for_s is not None:
        wait = _bounded(max(interval, timedelta(seconds=min(poll.fresh_for_s, 10**9))), source)
    return Rhythm(due_at=poll.polled_at + wait, interval=interval)


def grade(reason: Reason | None) -> Grade:
    """How grave a failure is. What is in no list, 404 among them, is soft: a living feed may answer it for a while."""
    if reason in _HARD:
        return "hard"
    return "transient" if reason in _TRANSIENT else "soft"


def backed_off(interval: timedelta, points: float) -> timedelta:
    """The interval, doubled for each point, never over a day unless the interval itself is longer."""
    # Bounded before it is raised: after years of failing, two to the power of all points is no number of seconds.
    return min(interval * 2 ** min(points, 32.0), max(interval, LONGEST))


def coverage_gap(poll: Poll, *, source: Source, known_count: int, last_polled_at: datetime | None) -> Gap | None:
    """What was missed since `last_polled_at`, the last poll which had entries (None: this is the first one).

    A feed holds its newest entries only. Where none of them was known before, others came and went unseen: from the
    last poll to the oldest entry now there. How many is estimated by the rate at which the entries are dated.
    """
    if last_polled_at is None or known_count > 0 or not poll.entries or source.kind == "files":
        return None
    dates = sorted(date for entry in poll.entries if (date := entry.published_at or entry.modified_at))
    dates = [date for date in dates if date <= poll.polled_at]
    ended_at = dates[0] if dates else poll.polled_at
    if ended_at <= last_polled_at:
        return None  # the oldest entry was there already when we looked last: it is new to us for another reason
    missed_count = None
    if len(dates) > 1 and dates[-1] > dates[0]:
        missed_count = round((len(dates) - 1) * ((ended_at - last_polled_at) / (dates[-1] - dates[0])))
    return Gap(started_at=last_polled_at, ended_at=ended_at, missed_count=missed_count)


def _bounded(interval: timedelta, source: Source) -> timedelta:
    shortest = source.every_min or source.every
    longest = source.every_max or source.every
    return min(max(interval, shortest), longest)
