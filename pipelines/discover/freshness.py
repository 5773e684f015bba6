"""Freshness: what a response and its document say of when to look again becomes seconds. Pure.

Only what is said counts. A guess from the age of Last-Modified, as RFC 9111 allows it, misses new articles.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from pipelines.dates import instant
from pipelines.fetch import Response

HOURS, DAYS = 24, 7
_ALL_HOURS, _ALL_DAYS = (1 << HOURS) - 1, (1 << DAYS) - 1
_MOST_S = 10**9
_UNSTORED = re.compile(r"(?i)(?:\A|[\s,])(?:no-cache|no-store)(?=\s*(?:,|\Z))")
_MAX_AGE = re.compile(r"(?i)(?:\A|[\s,])max-age\s*=\s*\"?([0-9]+)")
_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_SKIPPED = re.compile(r"(?i)<(?:\w+:)?skip(hour|day)s\s*>")
_HOUR = re.compile(r"(?i)<(?:\w+:)?hour\s*>\s*([0-9]{1,2})\s*<")
_DAY = re.compile(r"(?i)<(?:\w+:)?day\s*>\s*(mon|tues|wednes|thurs|fri|satur|sun)day\s*<")
_WEEK = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
_LONGEST_SKIP = 3_000  # characters; 24 hours need 700
_MOST_SKIPS = 4  # one of hours and one of days, were it not for their like in some description


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """What a document asks of those who poll it."""

    pause_s: int = 0  # between two polls; 0 where it does not say
    skip_hours: int = 0  # hours of the day in GMT in which not to poll, as bits: 1 is midnight to one
    skip_days: int = 0  # days of the week in GMT, as bits: 1 is Monday

    def left_s(self, *, now: datetime, pause_s: int | None, wait_s: int) -> int | None:
        """Seconds from now until it may be looked at again; None where nothing is asked.

        The longer of its own pause and the one given, `pause_s`. Where that ends, or the next look after `wait_s` at
        the soonest falls, within what is to be skipped: the time to the end of the skipped stretch. Who asks never
        to be polled has asked for nothing.
        """
        pauses = [min(pause, _MOST_S) for pause in (self.pause_s or None, pause_s) if pause is not None]
        soonest = now.astimezone(UTC) + timedelta(seconds=min(max([*pauses, wait_s]), _MOST_S))
        ends_at = soonest
        for _hour in range((DAYS + 1) * HOURS):
            if not self._is_skipped(ends_at):
                break
            ends_at = ends_at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        else:
            ends_at = soonest
        return max(pauses, default=None) if ends_at == soonest else math.ceil((ends_at - now).total_seconds())

    def _is_skipped(self, moment: datetime) -> bool:
        return bool(self.skip_hours >> moment.hour & 1 or self.skip_days >> moment.weekday() & 1)

    def encode(self) -> str:
        """A short word of it, to be remembered with a digest; "" where nothing is asked."""
        if self == Freshness():
            return ""
        return f"{self.pause_s:x}-{self.skip_hours:x}-{self.skip_days:x}"


def decode_freshness(word: str) -> Freshness:
    """What `encode` has made a word of; nothing is asked where it is no such word."""
    try:
        pause_s, hours, days = (int(part, 16) for part in word.split("-"))
    except ValueError:
        return Freshness()
    return Freshness(pause_s=pause_s, skip_hours=hours & _ALL_HOURS, skip_days=days & _ALL_DAYS)


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
            for hour in map(int, _HOUR.findall(inside)):
                hours |= 1 << hour % HOURS if hour <= HOURS else 0
        else:
            for day in _DAY.findall(inside):
                days |= 1 << _WEEK.index(day)
    pauses = (_ttl_s(ttl), _period_s(period, frequency, generator))
    return Freshness(pause_s=max(pauses), skip_hours=hours, skip_days=days)


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


def fresh_s(response: Response, *, now: datetime) -> int | None:
    """Seconds for which a response says to be fresh (RFC 9111, 4.2), less its Age; None where it does not say."""
    control = ", ".join(_values(response, "cache-control"))
    if _UNSTORED.search(control):
        return 0
    age_s = _seconds(response.header("age")) or 0
    if found := _MAX_AGE.search(control):
        return max(0, min(_seconds(found[1]) or 0, _MOST_S) - age_s)
    expires = response.header("expires")
    if expires is None:
        return None
    ends_at, begins_at = instant(expires), instant(response.header("date")) or now
    # An Expires that is no date ("0", "-1") has passed.
    return 0 if ends_at is None else max(0, min(round((ends_at - begins_at).total_seconds()), _MOST_S) - age_s)


def _values(response: Response, name: str) -> Iterable[str]:
    return (value for key, value in response.headers if key == name)


def _seconds(text: str | None) -> int | None:
    digits = (text or "").strip()
    return int(digits[:12]) if digits.isascii() and digits.isdigit() else None
