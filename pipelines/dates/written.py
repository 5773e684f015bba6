"""Written dates: a text in any of some hundred languages becomes calendar date, clock, zone and what is left of it."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipelines.dates import vocabulary, words

_COMPACT = re.compile(r"\A((?:19|20)\d\d)(\d\d)(\d\d)(?:[t_ ]?(\d\d):?(\d\d)(?::?(\d\d))?)?(?!\d)")
_WEEK = re.compile(r"\A(\d{4})-?w(\d\d)(?:-?(\d))?(?![\d-])")
_DAY_OF_YEAR = re.compile(r"\A(\d{4})-([0-3]\d\d)(?=[t ]|\Z)")
_COMPACT_TIME = re.compile(r"(?<=\d)t(\d\d)(?:(\d\d)(\d\d)?)?(?=\Z|[.,]\d|z|[+-])")
_REWRITTEN = (
    (re.compile(r"\A(\d{4}):(\d\d):(\d\d)(?=[ t])"), r"\1-\2-\3"),  # cameras
    (re.compile(r"\A(\d{4}-\d\d-\d\d)(?:z|[+-]\d\d:\d\d)\Z"), r"\1"),  # XML Schema: a day with an offset
    (re.compile(r"(\d{4}([-/.])\d{1,2}\2\d{1,2})(?:[t_,;:/]|-(?=\d{1,2}:\d{1,2}:)) ?(?=\d)"), r"\1 "),
    (re.compile(r"(?<=\d{4}):(?=\d{1,2}:\d\d:\d\d)"), " "),  # the logs of web servers
    (re.compile(r"(?<=\d)t(?=\d{1,2}:\d)"), " "),
)
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_ERA = re.compile(rf"({'|'.join(_ERAS)}) ?(\d{{1,3}}|元) ?年")
_SHORT_YEAR = re.compile(r"(?<!\d)(\d\d) ?[年년]")
_NUMBERED_MONTH = re.compile(r"(?<!\d)(\d{1,2}) ?(?:[月월]|-?р сар\w*)|\b(?:thang|thg|th)\.? ?(\d{1,2})(?!\d)")
_NUMBER_UNIT = re.compile(r"(?<=\d) ?[年년日일号號]")
_TRIPLE = re.compile(
    r"(?<![\d.:/-])(\d{1,4}) ?([-/.]) ?(\d{1,2}) ?\2 ?(\d{1,4})(?![\d:/-]|\.\d)"
    r"|(?<!\d)(\d{4}) (\d\d) (\d\d)(?![\d:.])"
)
_COARSE = re.compile(r"(\d{4})(?:[-/.](\d{1,2}))?|(\d{1,2})[/.-](\d{4})")
_FULL_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ENGLISH_HALF = re.compile(r"\d ?[ap]\.? ?m\b")
_YEAR_FIRST = frozenset({"hu", "ja", "ko", "lt", "mn", "zh"})
_MONTH_FIRST = frozenset({"en-us", "en-ph", "fil", "es-us"})
_MONTH_FIRST_WITH_HALF = frozenset({"", "en"})

_CLOCKS = (
    re.compile(r"(?<![\d:+-])(\d{1,2}) ?: ?(\d{1,2})(?: ?: ?(\d{1,2})(?:[.,:](\d{1,9})(?:[.,]\d+)*)?)?(?!\d| ?:\d)"),
    re.compile(r"(?<![\d:.+-])(\d{1,2}) ?[時时點点시] ?(?:(\d{1,2}) ?(?:[分분]|(?!\d))(?: ?(\d{1,2}) ?[秒초])?)?"),
    re.compile(r"(?<![\d:.+-])(\d{1,2})(?:h|gio)(\d\d)(?:m(\d\d)s)?(?![\d/.-])(?: ?min\b)?"),
    re.compile(r"(?<![\d:.+-])(\d{1,2}) h (\d\d)(?= ?(?:min\b|\Z|[,;|)]))(?: ?min)?(?: (\d\d) s\b)?"),
    re.compile(r"(?<![\d:.+-])(\d{1,2})\.(\d\d)(?:\.(\d\d)(?:\.(\d{3,9}))?)?(?![\d:]|\.\d)"),
    re.compile(r"(?<![\d:.+-])(\d{1,2}) ?(?:uhr|uur|h|ч|gio)\b"),
    re.compile(r"\b(?:kl|klo|klokken|klockan|godz|plkst|pukul)\.? (\d{1,2})(?![\d:]|\. ?\w)"),
    re.compile(r"(?<![\d:.+-])(\d\d)(\d\d)(?= ?(?:hrs|h|gmt|utc|z)\b)"),
    re.compile(r"(?<![\d:./+-])(\d{1,2}) ?(?=[ap]\.? ?m\b)"),
)
_HOUR_WORD = re.compile(r"\A[ ,]*(?:uhr|hrs?|hours|heures|h|uur|ч|น|hod)\b\.?")
_GERMAN = re.compile(r"\b(?:um|uhr)\b")
_NUMBER_NEXT = re.compile(r"\W*\d")
_NUMERIC_ZONE = re.compile(
    r"([\s,;(\[|:]*)(?:(gmt|utc|ut|z)(?![a-z]) ?)?([+-])( ?)(\d{1,2})(?:[:.]?(\d\d)(?::?00)?)?(?![\d:])"
)
_NAMED_ZONE = re.compile(r"[\s,;(\[|]*((?:[a-z]+/)+[a-z0-9_+-]+|[^\W\d_]+)")
_MILITARY = re.compile(r"\W*[a-y]\W*\Z")  # RFC 822 got their signs wrong, so nobody knows what is meant
_COMMENT = re.compile(r"[)\]]* ?\([^()\d]*\)")
_LAST_WORD = re.compile(r"[\s(]([^\W\d_]+)\)?\Z")
_AMERICAN_ZONES = frozenset({"et", "ct", "mt", "pt"})
_MOST_OFFSET_MIN = 15 * 60
_UNCLEAR = "unclear"
_ISO = re.compile(r"\d{4}[-/]\d")
_ROMAN = {name: number for number, name in enumerate("i ii iii iv v vi vii viii ix x xi xii".split(), 1)}
_ENGLISH = "january february march april may june july august september october november december".split()


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day. Raises ValueError where no clock shows it."""

    hour: int
    minute: int = 0
    second: int | None = None
    microsecond: int = 0

    def __post_init__(self) -> None:
        # 24:00 and a leap second name the next moment.
        if self.minute > 59 or (self.second or 0) > 60 or self.hour * 60 + self.minute > 24 * 60:
            raise ValueError(f"{self} is no time")

    def since_midnight(self) -> timedelta:
        """The time that has passed since the day began."""
        return timedelta(hours=self.hour, minutes=self.minute, seconds=self.second or 0, microseconds=self.microsecond)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A date as it is written. Without a day it is a month, without a month a year."""

    year: int
    month: int | None = None
    day: int | None = None
    clock: Clock | None = None
    zone: int | str | None = None  # minutes east of UTC, or an IANA name
    unknown_count: int = 0  # words that were not understood


def read_written(text: str, *, language: str) -> Written | None:
    """Return what is written, or None where there is no date, more than one, or a number that is none of it.

    `language` is a lower-case tag, or "". Raises ValueError for a time that no clock shows.
    """
    is_solar = language.startswith("fa") or any("۰" <= char <= "۹" for char in text)
    text = vocabulary.fold(text)
    if match := _COARSE.fullmatch(text):
        month = match[2] or match[3]
        return Written(year=int(match[1] or match[4]), month=int(month) if month else None)
    time, rest = _take_time(_rewrite(text, language, is_solar=is_solar), language, is_iso=_ISO.match(text) is not None)
    written = _calendar_date(rest, language)
    if written is None or time is None:
        return written
    if written.day is None:
        return None
    return replace(written, clock=time.clock, zone=time.zone, unknown_count=written.unknown_count + time.unknown_count)


# Notations: all become day, English month and year, with a space before the clock


def _rewrite(text: str, language: str, *, is_solar: bool) -> str:
    text = _COMPACT_TIME.sub(
        lambda match: f" {match[1]}:{match[2] or '00'}" + (f":{match[3]}" if match[3] else ""), text
    )
    for pattern, new in _REWRITTEN:
        text = pattern.sub(new, text)
    text = _WEEK.sub(lambda match: f"{date.fromisocalendar(int(match[1]), int(match[2]), int(match[3] or 1))}", text)
    text = _DAY_OF_YEAR.sub(lambda match: f"{date(int(match[1]), 1, 1) + timedelta(days=int(match[2]) - 1)}", text)
    text = _COMPACT.sub(_spelled_out, text)
    text = _ERA.sub(lambda match: f" {_ERAS[match[1]] + (1 if match[2] == '元' else int(match[2]))} ", text)
    text = _SHORT_YEAR.sub(r"20\1 ", text)
    text = _TRIPLE.sub(lambda match: _ordered(match, language, is_solar=is_solar), text)
    text = _NUMBERED_MONTH.sub(lambda match: _month_name(int(match[1] or match[2])) or match[0], text)
    text = _NUMBER_UNIT.sub(" ", text)
    return vocabulary.phrases().sub(lambda match: _month_name(vocabulary.month_phrases()[match[1]]), text)


def _spelled_out(match: re.Match[str]) -> str:
    year, month, day, hour, minute, second = match.groups()
    clock = f" {hour}:{minute}" + (f":{second}" if second else "") if hour else ""
    return f"{year}-{month}-{day}{clock}"


def _month_name(number: int) -> str:
    return f" {_ENGLISH[number - 1]} " if 1 <= number <= 12 else ""


def _ordered(match: re.Match[str], language: str, *, is_solar: bool) -> str:
    """Day, month and year of three numbers, in the order that the separator, the language or the numbers imply."""
    first, middle, last = (match[1], match[3], match[4]) if match[1] else match.group(5, 6, 7)
    a, b, c = int(first), int(middle), int(last)
    tongue = language.partition("-")[0]
    if len(first) == 4:
        year, month, day = a, b, c
    elif len(first) == 3 or len(last) == 3 or (len(last) < 4 and _FULL_YEAR.search(match.string)):
        return match[0]
    elif len(last) <= 2 and tongue in _YEAR_FIRST:
        year, month, day = 2000 + a, b, c
    else:
        has_half = _ENGLISH_HALF.search(match.string) is not None
        is_american = language in _MONTH_FIRST or (has_half and language in _MONTH_FIRST_WITH_HALF)
        day, month = (b, a) if (match[2] == "/" and is_american) or b > 12 else (a, b)
        if month > 12:
            day, month = month, day
        year = c if len(last) == 4 else _full_year(c)
    if is_solar and 1300 <= year < 1500:
        year, month, day = _from_solar_hijri(year, month, day)
    return f" {day} {_ENGLISH[month - 1]} {year:04} " if 1 <= month <= 12 else match[0]


def _full_year(year: int) -> int:
    return year + (2000 if year < 70 else 1900)


def _from_solar_hijri(year: int, month: int, day: int) -> tuple[int, int, int]:
    """The Gregorian year, month and day. Leap years by the 33-year cycle, right from 1928 to 2088."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise ValueError(f"{year}-{month}-{day} is no day")
    cycle_year = year + 1595
    leap_days = cycle_year // 33 * 8 + (cycle_year % 33 + 3) // 4
    days = 365 * cycle_year + leap_days + day + ((month - 1) * 31 if month < 7 else (month - 7) * 30 + 186)
    on = date.fromordinal(days - 356_033)
    return on.year, on.month, on.day


# Clock and zone


@dataclass(frozen=True, slots=True, kw_only=True)
class _Time:
    clock: Clock
    zone: int | str | None = None
    unknown_count: int = 0


def _take_time(text: str, language: str, *, is_iso: bool) -> tuple[_Time | None, str]:
    """The time of day, and the text without it."""
    match = next((found for pattern in _CLOCKS if (found := pattern.search(text))), None)
    if match is None:
        return None, text
    before, after = text[: match.start()], text[match.end() :]
    minute, second, fraction = (*match.groups()[1:], None, None, None)[:3]
    hours, unknown_count = int(match[1]), 0
    half, before, after = _take_half(before, after, language)
    if half == "am" and hours <= 12:
        hours %= 12
    elif half and hours < 12:
        hours += 12
    elif half == "am" or (half == "evening" and hours == 12):
        unknown_count = 1  # "15:05 AM"; "15:05 PM" is clear
    clock = Clock(hours, int(minute or 0), int(second) if second else None, int(f"{fraction or 0:0<6}"[:6]))
    after = _HOUR_WORD.sub("", after)
    zone, after = _take_zone(after, language, may_end=second is None and not is_iso)
    if zone is None:
        zone, before, after = _take_distant_zone(before, after, language)
    if zone is _UNCLEAR:
        zone, unknown_count = None, unknown_count + 1
    return _Time(clock=clock, zone=zone, unknown_count=unknown_count), f"{before} ; {after}"


def _take_half(before: str, after: str, language: str) -> tuple[str | None, str, str]:
    """The half of the day that stands before or behind a clock, and both sides without it."""
    if match := vocabulary.half_behind().match(after):
        # German: "um 12:30 am 14. März".
        is_german = language.startswith("de") or _GERMAN.search(before + after) is not None
        if not (is_german and match[0].strip() == "am" and _NUMBER_NEXT.match(after, match.end())):
            return vocabulary.half_of(match[1]), before, after[match.end() :]
    if match := vocabulary.half_before().search(before):
        return vocabulary.half_of(match[1]), before[: match.start()], after
    return None, before, after


def _take_zone(after: str, language: str, *, may_end: bool) -> tuple[int | str | None, str]:
    """The zone that stands behind a clock, and what follows it. `may_end`: what follows may be the end of an event.

    A zone may be given twice, "-05:00 EST": the offset holds, unless the two contradict each other.
    """
    offsets: set[int] = set()
    names: set[int | str] = set()
    position = 0
    while True:
        if (match := _NUMERIC_ZONE.match(after, position)) and _is_offset(match, may_end=may_end):
            minutes = int(match[5]) * 60 + int(match[6] or 0)
            offsets.add(-minutes if match[3] == "-" else minutes)
        elif (match := vocabulary.zone_phrases().match(after, position)) or (
            match := _NAMED_ZONE.match(after, position)
        ):
            zone = _zone_named(match[1], language)
            if zone is None:
                break
            names.add(zone)
        else:
            break
        comment = _COMMENT.match(after, match.end())
        position = comment.end() if comment else match.end()
    if not offsets and not names and _MILITARY.match(after):
        return _UNCLEAR, ""
    return _agreed(offsets, names), after[position:].lstrip(")]")


def _is_offset(match: re.Match[str], *, may_end: bool) -> bool:
    lead, prefix, sign, gap, hours, minutes = match.groups()
    if int(hours) * 60 + int(minutes or 0) > _MOST_OFFSET_MIN or int(minutes or 0) > 59:
        return False
    if hours == "0" and minutes:
        return False  # "+053"
    # "10:00-12:00" and "10:00 - 12:00" are times of an event.
    return bool(prefix) or (not gap and (sign == "+" or lead.endswith(" ") or not may_end))


def _agreed(offsets: set[int], names: set[int | str]) -> int | str | None:
    if len(offsets) > 1:
        offsets = offsets - {0}  # "-05:00Z"
    if not offsets:
        return next(iter(names), None) if len(names) < 2 else _UNCLEAR
    offset = next(iter(offsets))
    # In summer, many write the name that their zone has in winter.
    is_contradicted = any(isinstance(name, int) and name and abs(name - offset) > 60 for name in names)
    return _UNCLEAR if len(offsets) > 1 or is_contradicted else offset


def _take_distant_zone(before: str, after: str, language: str) -> tuple[int | str | None, str, str]:
    """A zone that does not stand beside the clock: "北京时间 …", "09:05, 14 March 2025 GMT"."""
    if match := vocabulary.zone_phrases().search(before):
        return _zone_named(match[1], language), before[: match.start()] + before[match.end() :], after
    match = _LAST_WORD.search(after)
    zone = _zone_named(match[1], language) if match and len(match[1]) > 2 else None
    return (zone, before, after[: match.start()]) if match and zone is not None else (None, before, after)


def _zone_named(name: str, language: str) -> int | str | None:
    if name in _AMERICAN_ZONES and language[:2] not in {"", "en", "es"}:
        return None
    found = vocabulary.zones().get(name)
    return found if found is not None or "/" not in name else vocabulary.iana_names().get(name)


# The calendar


def _calendar_date(text: str, language: str) -> Written | None:
    numbers: list[str] = []
    months: list[tuple[str, int]] = []
    romans: list[int] = []
    solar_month: int | None = None
    unknown_count = 0
    for word in vocabulary.WORD.findall(vocabulary.unspaced_fillers().sub(" ", text)):
        if word.isdigit():
            numbers.append(word)
        elif month := _month(word, language, text):
            months.append((word, month))
        elif word in vocabulary.solar_months():
            solar_month = vocabulary.solar_months()[word]
        elif word in _ROMAN:
            romans.append(_ROMAN[word])
        elif word not in vocabulary.fillers():
            unknown_count += 1
    if len({month for _, month in months}) > 1:  # "mar, 14 abr 2025"
        months = [(word, month) for word, month in months if word not in vocabulary.weekdays()]
    found = {month for _, month in months} or (
        {solar_month} if solar_month else set(romans if len(romans) == 1 else ())
    )
    if len(found) != 1:
        return None
    month = found.pop()
    if len(numbers) == 1 and len(numbers[0]) == 4 and not solar_month:
        return Written(year=_christian(int(numbers[0])), month=month, unknown_count=unknown_count)
    if len(numbers) != 2 or max(map(len, numbers)) > 4 or {3} & set(map(len, numbers)):
        return None
    day, year = (int(number) for number in (numbers if len(numbers[0]) < 4 and int(numbers[0]) < 32 else numbers[::-1]))
    if solar_month and not months:
        year, month, day = _from_solar_hijri(year, month, day)
    year = _christian(year) if max(map(len, numbers)) == 4 else _full_year(year)
    return Written(year=year, month=month, day=day, unknown_count=unknown_count)


def _month(word: str, language: str, text: str) -> int | None:
    own = words.LANGUAGE_MONTHS.get(language[:2], {})
    # Croatian has a dot behind the day, Polish has none.
    if not language and word == "listopada" and re.search(r"\d\. listopada", text):
        own = words.LANGUAGE_MONTHS["hr"]
    months = vocabulary.months()
    # Hebrew prepositions stand in one with the word.
    return own.get(word) or months.get(word) or (months.get(word[1:]) if word[0] in "בל" else None)


def _christian(year: int) -> int:
    """The year of our era; Thailand counts from the death of the Buddha."""
    return year - 543 if 2400 < year < 2700 else year
