"""Dates: what a text says as a date becomes an instant in UTC with its precision and offset, or None.

Feeds, sitemaps, JSON feeds, HTTP headers and pages all read their dates here: seconds since 1970, RFC 3339 and mail
dates first; all others by one general reader, which takes clock, zone and calendar date out of a text and looks at what
is left. No rest is ignored, so that no instant is wrong in silence: a number that is left means no date, a few unknown
words lower the precision to the day, and more of them mean no date.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from pipelines.dates.written import Clock, Written, read_written
from pipelines.model import Precision

_MOST_CHARACTERS = 100
_MOST_UNKNOWN_WORDS = 3  # a longer rest is prose which mentions a date
_MOST_OFFSET_MIN = 15 * 60
_EARLIEST_YEAR = 1900
_EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDate:
    """What a text says as a date."""

    at: datetime  # UTC: the first moment of a day, month or year; a time without a zone is taken as UTC
    precision: Precision
    utc_offset_min: int | None = None  # minutes east of UTC; None where neither the text nor its source names a zone


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A date as it is written, before the zone of its source is known."""

    local: datetime  # naive
    precision: Precision
    offset_min: int | None = None
    is_utc: bool = False  # seconds since 1970: no zone is written, and none is needed
    is_whole: bool = True  # every word was understood


def parse_date(text: str, *, language: str | None = None, timezone: str | None = None) -> ParsedDate | None:
    """Return what a text says as a date, or None where it says none or leaves it open.

    `language` ("en-US") decides between the readings of 3/4/2025 or "listopad". `timezone` (an IANA name) holds for
    times without a zone. Midnight to the second, without a zone or in UTC, is how systems write a day.
    """
    found = _read_bounded(text, language)
    if found is None:
        return None
    offset_min = found.offset_min
    is_time = found.precision in {"second", "minute"}
    if timezone and is_time and offset_min is None and not found.is_utc:
        offset_min = _offset_in(timezone, found.local)
    try:
        at = found.local - timedelta(minutes=offset_min or 0) if is_time else found.local
    except OverflowError:
        return None
    return ParsedDate(at=at.replace(tzinfo=UTC), precision=found.precision, utc_offset_min=offset_min)


def instant(value: object, *, language: str | None = None, timezone: str | None = None) -> datetime | None:
    """Return the instant, in UTC, that a text or a number of (milli)seconds since 1970 names, or None.

    The epoch itself and years before 1900 are how programs say nothing: None.
    """
    at = None
    if isinstance(value, str):
        parsed = parse_date(value, language=language, timezone=timezone)
        at = parsed.at if parsed else None
    elif isinstance(value, int | float) and not isinstance(value, bool):
        reading = _from_epoch(value)
        at = reading.local.replace(tzinfo=UTC) if reading else None
    if at is None or at.year < _EARLIEST_YEAR or abs(at.timestamp()) < 86_400:
        return None
    return at


def is_date(text: str, *, language: str | None = None) -> bool:
    """Return whether a text is a date, down to the day at least, and nothing else."""
    found = _read_bounded(text, language)
    return found is not None and found.is_whole and found.precision in {"second", "minute", "day"}


def _read_bounded(text: str, language: str | None) -> _Reading | None:
    if len(text) > 10 * _MOST_CHARACTERS:
        return None
    squeezed = " ".join(text.split())
    if not squeezed or len(squeezed) > _MOST_CHARACTERS:
        return None
    return _read(squeezed, (language or "").replace("_", "-").lower())


@lru_cache(maxsize=4096)
def _read(text: str, language: str) -> _Reading | None:
    try:
        found = _read_rfc3339(text) or _read_mail(text) or _read_number(text)
        if found is None and (written := read_written(text, language=language)):
            found = _combine(written)
        return found
    except (ValueError, OverflowError):
        return None


# Seconds since 1970

_NUMBER = re.compile(r"(-?[0-9]{9,11}|[0-9]{13}|[0-9]{16}|[0-9]{19})(?:\.[0-9]+)?")
_DOT_NET = re.compile(r"/Date\((-?[0-9]{9,14})(?:[+-][0-9]{4})?\)/")


def _read_number(text: str) -> _Reading | None:
    match = _NUMBER.fullmatch(text) or _DOT_NET.fullmatch(text)
    return _from_epoch(int(match[1])) if match else None


def _from_epoch(number: float) -> _Reading | None:
    """Seconds, or thousandths, millionths or billionths of them, by their size."""
    if not abs(number) < 1e20:  # nor NaN
        return None
    seconds = float(number)
    while abs(seconds) > 1e11:
        seconds /= 1_000
    try:
        return _Reading(local=_EPOCH + timedelta(seconds=int(seconds)), precision="second", is_utc=True)
    except OverflowError:
        return None


# RFC 3339 and mail dates, which nearly all feeds and pages write; the general reader takes twenty times as long

_RFC3339 = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?"
    r" ?([Zz]|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_MAIL = re.compile(
    r"(?:[a-z]{3,9},? )?([0-9]{1,2})[ -]([a-z]{3})[ -]([0-9]{4}) ([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?()"
    r" (gmt|utc|z|[+-][0-9]{4})",
    re.IGNORECASE,
)
_ENGLISH_MONTHS = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
}


def _read_rfc3339(text: str) -> _Reading | None:
    match = _RFC3339.fullmatch(text)
    if match is None:
        return None
    on = date(int(match[1]), int(match[2]), int(match[3]))
    return _at(on, _clock(*match.group(4, 5, 6, 7)), _offset(match[8])) if match[4] else _on(on)


def _read_mail(text: str) -> _Reading | None:
    match = _MAIL.fullmatch(text)
    month = _ENGLISH_MONTHS.get(match[2].lower()) if match else None
    if match is None or month is None:
        return None
    return _at(date(int(match[3]), month, int(match[1])), _clock(*match.group(4, 5, 6, 7)), _offset(match[8]))


def _offset(zone: str | None) -> int | None:
    """Minutes of "+02:00", "-0500" or "Z". Raises ValueError where no clock on earth shows them."""
    if not zone:
        return None
    if zone[0] not in "+-":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    if minutes > _MOST_OFFSET_MIN or zone[-2:] > "59":
        raise ValueError(zone)
    return -minutes if zone[0] == "-" else minutes


def _clock(hour: str, minute: str, second: str | None, fraction: str | None) -> Clock:
    return Clock(int(hour), int(minute), int(second) if second else None, int(f"{fraction:0<6}"[:6]) if fraction else 0)


def _at(on: date, clock: Clock, offset_min: int | None) -> _Reading:
    passed = clock.since_midnight()
    if not passed and not offset_min:
        return replace(_on(on), offset_min=offset_min)
    local = datetime(on.year, on.month, on.day) + passed
    precision: Precision = "minute" if clock.second is None else "second"
    return _Reading(local=local, precision=precision, offset_min=offset_min)


def _combine(written: Written) -> _Reading | None:
    if written.unknown_count > _MOST_UNKNOWN_WORDS or (written.day is None and written.unknown_count):
        return None
    on = date(written.year, written.month or 1, written.day or 1)
    if written.day is None:
        return replace(_on(on), precision="month" if written.month else "year")
    if written.unknown_count or written.clock is None:
        return replace(_on(on), is_whole=not written.unknown_count)
    offset_min = written.zone
    if isinstance(offset_min, str):
        offset_min = _offset_in(offset_min, datetime(on.year, on.month, on.day) + written.clock.since_midnight())
    return _at(on, written.clock, offset_min)


def _on(on: date) -> _Reading:
    return _Reading(local=datetime(on.year, on.month, on.day), precision="day")


def _offset_in(timezone: str, local: datetime) -> int:
    return round((ZoneInfo(timezone).utcoffset(local) or timedelta()).total_seconds() / 60)
