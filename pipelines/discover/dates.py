"""Dates: what feeds and sitemaps write as a date becomes an instant in UTC, or None."""

import re
from datetime import UTC, datetime, timedelta, timezone

_ISO = re.compile(
    r"""(?x) \A ([0-9]{4}) -? (?: (0[1-9]|1[0-2]) (?: -? (0[1-9]|[12][0-9]|3[01]) )? )?
    (?: [T\s_]+ (2[0-4]|[01]?[0-9]) (?: :? ([0-5][0-9]) (?: :? ([0-5][0-9]|60) (?: [.,] ([0-9]+) )? )? )? )?
    \s* (.*) \Z"""
)
_OFFSET = re.compile(r"\A(?:GMT|UTC|UT)?\s*([+-\u2212])\s?([0-9]{1,2})(?::?([0-5][0-9]))?(?:\s*\(.*\))?\Z")
# "Fri, 03 May 2024 10:00:00 +0300", "3. Mai 2024, 10:00 Uhr", "May 3, 2024 10:00 PM EST".
_DAY_FIRST = re.compile(
    r"(?<![0-9:])([0-3]?[0-9])(?:st|nd|rd|th|\.|er|º)?[\s\-/.]+(?:de\s+)?([^\W\d_]{3,})\.?(?:\s+de)?[,\s\-/.']+"
    r"([0-9]{4}|[0-9]{2})(?![0-9:])"
)
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,})\.?\s+([0-3]?[0-9])(?:st|nd|rd|th)?,?\s+([0-9]{4})(?![0-9:])")
_ASCTIME = re.compile(r"([A-Za-z]{3})\s+([0-3]?[0-9])\s+[0-9:]{5,8}\s+(?:[A-Z]{2,5}\s+)?([0-9]{4})\Z")
_NUMERIC = re.compile(r"\A(?:\D*\s)?([0-3]?[0-9])[./-]([01]?[0-9]|[0-3][0-9])[./-]([0-9]{4})(?![0-9])")
_CJK = re.compile(r"([0-9]{4})\s*[年년]\s*([0-9]{1,2})\s*[月월]\s*([0-9]{1,2})\s*[日일]")
_SLASHED = re.compile(r"\A([0-9]{4})[/.]([01]?[0-9])[/.]([0-3]?[0-9])(?![0-9])")
_TIME = re.compile(
    r"(?<![0-9])(2[0-4]|[01]?[0-9])\s?[:.h時시]\s?([0-5]?[0-9])(?:\s?[:.分분]\s?([0-5]?[0-9]|60))?(?:\.[0-9]+)?"
    r"\s*([AaPp]\.?[Mm]\b\.?)?"
)
_ZONE = re.compile(r"\A\s*(Z\b|(?:GMT|UTC|UT)?\s*[+\-\u2212]\s?[0-9]{1,2}:?(?:[0-9]{2})?|\(?[A-Z]{2,5}\b)")

_STAMP = re.compile(r"\A[0-9]{9,13}\Z")
# Names that feeds really use; ambiguous ones as most of their users mean them.
_ZONES = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 60, "IST": 330, "WEST": 60, "CET": 60, "MEZ": 60, "MET": 60,
    "CEST": 120, "MESZ": 120, "EET": 120, "EEST": 180, "MSK": 180, "MSD": 240, "TRT": 180, "SAST": 120, "WAT": 60,
    "EAT": 180, "CAT": 120, "GST": 240, "PKT": 300, "NPT": 345, "ICT": 420, "WIB": 420, "HKT": 480, "SGT": 480,
    "PHT": 480, "AWST": 480, "JST": 540, "KST": 540, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780, "BRT": -180,
    "ART": -180, "AST": -240, "ADT": -180, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420,
    "MDT": -360, "PST": -480, "PDT": -420, "AKST": -540, "HST": -600,
}  # fmt: skip

_MONTHS = (
    "jan januar janvier janv enero ene gennaio gen janeiro januari januar januara styczeń stycznia sty "
    "январь января янв січень січня січ студзеня яну януари "
    "ocak oca ιανουάριος ιανουαρίου ιαν leden ledna január jän jänner",
    "feb februar februari février févr fév febrero febbraio fevereiro fev luty lutego lut februari februara "
    "февраль февраля фев лютий лютого лют лютага февр şubat şub φεβρουάριος φεβρουαρίου φεβ únor února február",
    "mar march märz mär mrz mars marzo março maart mrt marzec marca марта март мар березень березня бер сакавіка "
    "mart μάρτιος μαρτίου μαρ březen března március márc",
    "apr april avril avr abril abr aprile kwiecień kwietnia kwi апрель апреля апр квітень квітня кві красавіка "
    "априла nisan nis απρίλιος απριλίου απρ duben dubna április ápr",
    "may mai mayo maggio mag maio mei maj maja май мая травень травня тра мај "
    "mayıs μάιος μαΐου μαϊ května květen május máj",
    "jun june juni juin junio giugno giu junho czerwiec czerwca cze июнь июня июн червень червня чер чэрвеня јуна "
    "haziran haz ιούνιος ιουνίου ιουν červen června június jún",
    "jul july juli juillet juil julio luglio lug julho lipiec lipca lip июль июля июл липень липня лип ліпеня јула "
    "temmuz tem ιούλιος ιουλίου ιουλ červenec července július júl",
    "aug august août aoû agosto ago augustus sierpień sierpnia sie август августа авг серпень серпня сер жніўня "
    "ağustos ağu αύγουστος αυγούστου αυγ srpen srpna augusztus",
    "sep sept september septembre septiembre settembre set setembro wrzesień września wrz сентябрь сентября сен сент "
    "вересень вересня вер верасня септембар септембра eylül eyl σεπτέμβριος σεπτεμβρίου σεπ září szeptember szept",
    "oct okt october oktober octobre octubre ottobre ott outubro out październik października paź октябрь октября окт "
    "жовтень жовтня жов кастрычніка октобар ekim eki οκτώβριος οκτωβρίου οκτ říjen října október",
    "nov november novembre noviembre novembro listopad listopada lis ноябрь ноября ноя нояб листопад листопада лис "
    "лістапада новембар новембра kasım kas νοέμβριος νοεμβρίου νοε",
    "dec dez december dezember décembre déc diciembre dic dicembre dezembro grudzień grudnia gru декабрь декабря дек "
    "грудень грудня гру снежня децембар децембра aralık ara δεκέμβριος δεκεμβρίου δεκ prosinec prosince",
)
_MONTH_NUMBERS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_EARLIEST = 1900


def instant(text: object) -> datetime | None:
    """The instant that a date names, in UTC. A date without a zone counts as UTC, a day as its first moment.

    Reads RFC 822 and 850, asctime, W3C and ISO 8601, seconds and milliseconds since 1970, and the common ways of
    writing a date in some twenty languages. The epoch itself, and years before 1900, are how programs say nothing.
    """
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        return None
    words = " ".join(str(text).split())[:100]
    try:
        found = _stamp(words) or _iso(words) or _written(words)
    except (ValueError, OverflowError):
        return None
    if found is None or found.year < _EARLIEST or abs(found.timestamp()) < 86_400:
        return None
    return found


def _stamp(words: str) -> datetime | None:
    if not _STAMP.match(words.partition(".")[0]):
        return None
    number = float(words)
    return datetime.fromtimestamp(number / 1_000 if number > 1e11 else number, UTC)


def _iso(words: str) -> datetime | None:
    match = _ISO.match(words)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, rest = match.groups()
    zone = _zone(rest) if rest else 0
    if zone is None:
        if minute is None:
            return None  # "2024/05/03" begins like ISO
        zone = 0
    return _instant(
        year=int(year), month=int(month or 1), day=int(day or 1), hour=int(hour or 0), minute=int(minute or 0),
        second=int(second or 0), microsecond=int(f"{fraction or 0:0<6}"[:6]), offset=zone,
    )  # fmt: skip


def _written(words: str) -> datetime | None:
    day = _day(words)
    if day is None:
        return None
    year, month, number, rest = day
    time = _TIME.search(rest)
    hour, minute, second, half = time.groups() if time else ("0", "0", "0", None)
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    zone = _ZONE.search(rest[time.end() :]) if time else None
    offset = (_zone(zone[1]) or 0) if zone else 0
    return _instant(
        year=year, month=month, day=number, hour=hours, minute=int(minute), second=int(second or 0), microsecond=0,
        offset=offset,
    )  # fmt: skip


def _day(words: str) -> tuple[int, int, int, str] | None:
    """Year, month, day, and the words without them."""
    if match := _CJK.search(words) or _SLASHED.search(words):
        return int(match[1]), int(match[2]), int(match[3]), _without(words, match)
    for match in _DAY_FIRST.finditer(words):
        if month := _month(match[2]):
            return _full_year(match[3]), month, int(match[1]), _without(words, match)
    for match in (*_MONTH_FIRST.finditer(words), *_ASCTIME.finditer(words)):
        if month := _month(match[1]):
            return int(match[3]), month, int(match[2]), _without(words, match)
    if match := _NUMERIC.search(words):
        # Day first, as most of the world writes it, unless only the other way makes a date.
        day, month = int(match[1]), int(match[2])
        if month > 12:
            day, month = month, day
        return int(match[3]), month, day, _without(words, match)
    return None


def _without(words: str, match: re.Match[str]) -> str:
    for group in (3, 2, 1) if match.start(3) > match.start(1) else (1, 2, 3):
        start, end = match.span(group)
        words = f"{words[:start]}{' ' * (end - start)}{words[end:]}"
    return words


def _month(name: str) -> int | None:
    name = name.lower()
    return _MONTH_NUMBERS.get(name) or _MONTH_NUMBERS.get(name[:3] if name.isascii() else name[:4])


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else int(digits) + (2000 if int(digits) < 70 else 1900)


def _zone(text: str) -> int | None:
    """Minutes east of UTC."""
    text = text.strip()
    if match := _OFFSET.match(text):
        sign = 1 if match[1] == "+" else -1
        return sign * (int(match[2]) * 60 + int(match[3] or 0))
    return _ZONES.get(text.upper().strip("()[]"))


def _instant(
    *, year: int, month: int, day: int, hour: int, minute: int, second: int, microsecond: int, offset: int
) -> datetime:
    if abs(offset) > 15 * 60:
        offset = 0
    start = datetime(year, month, day, tzinfo=timezone(timedelta(minutes=offset)))
    # By addition, so that 24:00 and a leap second name the next moment.
    moment = start + timedelta(hours=hour, minutes=minute, seconds=second, microseconds=microsecond)
    return moment.astimezone(UTC)
