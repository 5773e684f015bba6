"""Rhythm: what a poll brought decides when the next one is due. Pure.

Only what a source says of its freshness counts. A guess from the age of Last-Modified, as RFC 9111 allows it, misses
new articles.
"""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from pipelines.dates import instant
from pipelines.fetch import Response
from pipelines.model import Freshness, Gap, PollResult, Source
from pipelines.reasons import points_of

LONGEST = timedelta(days=1)  # between two tries of a source that fails: a dead feed is still tried daily
_HOUR = timedelta(hours=1)
_MANY = 0.5  # share of new entries from which on a poll came late
_FASTER, _SLOWER = 0.5, 1.5
# Times `every`, where `every_max` does not say how long a source may ask to be left alone. Servers which give all
# they have a day or a year are many; those that say ttl 60 and mean it, too.
_FRESHEST = 2
_SOONEST = 0.5  # of the interval, between two polls, however late the first of them was

HOURS_A_DAY, DAYS_A_WEEK = 24, 7
_LONGEST_S = 10**9
_UNSTORED = re.compile(r"(?i)(?:\A|[\s,])(?:no-cache|no-store)(?=\s*(?:,|\Z))")
_MAX_AGE = re.compile(r"(?i)(?:\A|[\s,])max-age\s*=\s*\"?([0-9]+)")
_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_SKIPPED = re.compile(r"(?i)<(?:\w+:)?skip(hour|day)s\s*>")
_SKIPPED_HOUR = re.compile(r"(?i)<(?:\w+:)?hour\s*>\s*([0-9]{1,2})\s*<")
_SKIPPED_DAY = re.compile(r"(?i)<(?:\w+:)?day\s*>\s*(mon|tues|wednes|thurs|fri|satur|sun)day\s*<")
_WEEK = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
_LONGEST_SKIP = 3_000  # characters; 24 hours need 700
_MOST_SKIPS = 4  # one of hours and one of days, were it not for their like in some description


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How a source is polled: what the last poll left for the next decision."""

    due_at: datetime
    interval: timedelta  # between polls while all goes well
    failure_points: float = 0.0  # since the last success


def next_due(
    poll: PollResult, *, source: Source, previous: Rhythm | None = None, new_count: int = 0, gap: Gap | None = None
) -> Rhythm:
    """When to poll again, and the rhythm from then on.

    A failure doubles the interval per point (hard 1, soft ½, transient ¼), up to a day; a success forgives all.
    With `every_min` or `every_max` the interval adapts: half as long when half of the entries are new, half as long
    again when none is. After a gap the next poll comes in half the time, down to `every_min`, or to half of `every`
    where that is not set. While the source says that it is fresh it is not polled, up to `every_max`, or to twice
    `every` where that is not set; unless there was a gap, which proves it wrong.

    An interval counts from when the poll was due, not from when it was made: else a schedule of the same interval
    would find the source not yet due at every other turn.
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
    fresh_for = timedelta(seconds=min(poll.fresh_for_s or 0, _LONGEST_S))
    fresh_until = poll.polled_at + min(fresh_for, source.every_max or source.every * _FRESHEST)
    return Rhythm(due_at=max(_one_interval_on(poll, source, interval, previous), fresh_until), interval=interval)


def backed_off(interval: timedelta, points: float) -> timedelta:
    """The interval, doubled for each point, never over a day unless the interval itself is longer."""
    # Bounded before it is raised: after years of failing, two to the power of all points is no number of seconds.
    return min(interval * 2 ** min(points, 32.0), max(interval, LONGEST))


def _one_interval_on(poll: PollResult, source: Source, interval: timedelta, previous: Rhythm | None) -> datetime:
    late = poll.polled_at - previous.due_at if previous else timedelta()
    # Polled long before it was due (by name) or long after (the machine slept): the schedule starts anew.
    if previous is None or not -source.due_tolerance <= late <= interval:
        return poll.polled_at + interval
    return max(previous.due_at + interval, poll.polled_at + interval * _SOONEST)


def _bounded(interval: timedelta, source: Source) -> timedelta:
    shortest = source.every_min or source.every
    longest = source.every_max or source.every
    return min(max(interval, shortest), longest)


def read_freshness(
    text: str, *, ttl: object = None, period: object = None, frequency: object = None, generator: object = None
) -> Freshness:
    """Of a feed: `ttl` in minutes, sy:updatePeriod and sy:updateFrequency, and skipHours and skipDays in its text."""
    hours = days = 0
    for match in islice(_SKIPPED.finditer(text), _MOST_SKIPS):
        inside = (
            text[match.end() : match.end() + _LONGEST_SKIP].lower().partition(match[0].lower().replace("<", "</"))[0]
        )
        if match[1].lower() == "hour":
            # RSS 0.91 counted from 1 to 24, 2.0 from 0 to 23; 24 is midnight in both.
            for hour in map(int, _SKIPPED_HOUR.findall(inside)):
                hours |= 1 << hour % HOURS_A_DAY if hour <= HOURS_A_DAY else 0
        else:
            for day in _SKIPPED_DAY.findall(inside):
                days |= 1 << _WEEK.index(day)
    pauses = (_ttl_s(ttl), _period_s(period, frequency, generator))
    return Freshness(pause_s=max(pauses), skip_hours=hours, skip_days=days)


def fresh_for_s(freshness: Freshness, *, now: datetime, pause_s: int | None, wait_s: int) -> int | None:
    """Seconds from now until a document may be polled again; None where it asks for nothing.

    The longer of its own pause and of `pause_s`, the header's. Where that ends, or the next poll after `wait_s` at the
    soonest falls, within what is to be skipped: the time to the end of the skipped stretch. A document that asks
    never to be polled has asked for nothing.
    """
    pauses = [min(pause, _LONGEST_S) for pause in (freshness.pause_s or None, pause_s) if pause is not None]
    soonest = now.astimezone(UTC) + timedelta(seconds=min(max([*pauses, wait_s]), _LONGEST_S))
    ends_at = soonest
    for _hour in range((DAYS_A_WEEK + 1) * HOURS_A_DAY):
        if not _is_skipped(freshness, ends_at):
            break
        ends_at = ends_at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    else:
        ends_at = soonest
    return max(pauses, default=None) if ends_at == soonest else math.ceil((ends_at - now).total_seconds())


def header_fresh_s(response: Response, *, now: datetime) -> int | None:
    """Seconds for which a response says to be fresh (RFC 9111, 4.2), less its Age; None where it does not say."""
    control = ", ".join(value for name, value in response.headers if name == "cache-control")
    if _UNSTORED.search(control):
        return 0
    age_s = _seconds(response.header("age")) or 0
    if found := _MAX_AGE.search(control):
        return max(0, min(_seconds(found[1]) or 0, _LONGEST_S) - age_s)
    expires = response.header("expires")
    if expires is None:
        return None
    ends_at, begins_at = instant(expires), instant(response.header("date")) or now
    # An Expires that is no date ("0", "-1") has passed.
    return 0 if ends_at is None else max(0, min(round((ends_at - begins_at).total_seconds()), _LONGEST_S) - age_s)


def _is_skipped(freshness: Freshness, moment: datetime) -> bool:
    return bool(freshness.skip_hours >> moment.hour & 1 or freshness.skip_days >> moment.weekday() & 1)


def _ttl_s(minutes: object) -> int:
    text = str(minutes or "").strip()
    return int(text) * 60 if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _period_s(period: object, frequency: object, generator: object) -> int:
    length_s = _PERIODS.get(str(period or "").strip().lower(), 0)
    times = str(frequency or "1").strip()
    count = int(times) if times.isascii() and times.isdigit() and len(times) < 7 else 1
    if length_s == 3_600 and count == 1 and "wordpress" in str(generator or "").lower():
        return 0  # WordPress writes "hourly" into every feed, also where news comes by the minute: nobody asked for it
    return length_s // max(1, count)


def _seconds(text: str | None) -> int | None:
    digits = (text or "").strip()
    return int(digits[:12]) if digits.isascii() and digits.isdigit() else None
