"""Dates: what a page says about its own time becomes instants, with precision, origin and offset."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from itertools import islice

import htmldate
from lxml.html import HtmlElement

from pipelines.clean.draft import Instant
from pipelines.clean.metadata import Node, PageMetadata, strings
from pipelines.model import Entry, Precision

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_SLACK = timedelta(days=1)  # clocks and zones of outlets are wrong by this much
_LIVE = timedelta(days=14)  # the longest that a live page runs
_ISO = re.compile(
    r"^\s*(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,15}))?)?\s*(Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"^\s*((?:19|20)\d{2})(\d{2})(\d{2})(?:T?(\d{2}):?(\d{2})(?::?(\d{2}))?()\s*(Z|[+-]\d{2}:?\d{2})?)?\s*$"
)
_SLASHES = re.compile(r"^\s*(\d{4})/(\d{1,2})/(\d{1,2})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?()()?)?")
_EUROPEAN = re.compile(r"^\s*(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[\s,/|–-]+(\d{1,2})[:.](\d{2})(?::(\d{2}))?)?")
_TITLE_DATE = re.compile(r"[(,|–—-]\s*(\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2})\)?\s*$")
_EPOCH = re.compile(r"^\s*(1\d{9})(\d{3})?(?:\.\d+)?\s*$")
_SCRIPT_DATE = re.compile(
    r"^\w{3} (\w{3}) (\d{1,2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) (?:GMT|UTC)([+-]\d{4})?", re.IGNORECASE
)
_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}

_PUBLISHED = (
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dcterms.created",
    "dc.date.issued",
    "dcterms.date",
    "dc.date",
    "dc.date.created",
    "dcterms.issued",
    "publish-date",
    "publish_date",
    "publication_date",
    "pubdate",
    "date",
    "article_date_original",
    "originalpublicationdate",
    "article.published",
    "bt:pubdate",
    "rnews:datepublished",
)
_MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "dcterms.modified",
    "dc.date.modified",
    "article.updated",
    "lastmod",
    "revised",
)


def published(head: PageMetadata, node: Node, nodes: list[Node], tree: HtmlElement) -> Iterator[Instant]:
    """Yield what a page gives as its time of publication, the most trustworthy first."""
    for instant in _parsed(_published(head, node, nodes, tree)):
        if instant.origin == "meta":
            yield from _before_the_change(instant, head, tree)
        yield instant


def modified(head: PageMetadata, node: Node) -> Iterator[Instant]:
    """Yield what a page gives as the time of its last change."""
    yield from _parsed(("json-ld", text) for text in strings(node.get("dateModified")))
    yield from _parsed(("meta", text) for text in head.every(*_MODIFIED))


def announced(entry: Entry) -> Iterator[Instant]:
    """Yield what the entry of a page gives as its time of publication."""
    if entry.published_at is not None:
        yield Instant(at=entry.published_at, precision="second", origin="entry")


def choose(
    candidates: Iterable[Instant], *, fetched_at: datetime, kind: str = "date"
) -> tuple[Instant | None, tuple[str, ...]]:
    """Return the first plausible instant, and a flag for each kind of implausible one that stood before it.

    Before 1990, or more than a day after the fetch, is implausible: "implausible-KIND", "future-KIND". Where nothing
    else is left the first in the future is clamped to the fetch; a date from before 1990 is dropped.
    """
    flags: list[str] = []
    clamped: Instant | None = None
    for instant in candidates:
        if instant.at > fetched_at + _SLACK:
            flags.append(f"future-{kind}")
            clamped = clamped or replace(instant, at=fetched_at)
        elif instant.at < _EARLIEST:
            flags.append(f"implausible-{kind}")
        else:
            return instant, tuple(dict.fromkeys(flags))
    return clamped, tuple(dict.fromkeys(flags))


def in_title(titles: Iterable[str]) -> Iterator[Instant]:
    """Yield the days that titles end in: "Bridge to be repaired | Courier | 28.04.2023"."""
    yield from _parsed(("title", match[1]) for title in titles if (match := _TITLE_DATE.search(title)))


def search(tree: HtmlElement, *, url: str, fetched_at: datetime) -> Instant | None:
    """Return what htmldate makes of a page that says nothing plain: its URL, its text, its images."""
    found = htmldate.find_date(
        tree,
        extensive_search=True,
        original_date=True,
        outputformat="%Y-%m-%dT%H:%M:%S%z",
        url=url,
        min_date=_EARLIEST.strftime("%Y-%m-%d"),
        # Not the wall clock: the same page must give the same date next year.
        max_date=(fetched_at + _SLACK).strftime("%Y-%m-%d"),
    )
    return parse(found, origin="htmldate") if found else None


def parse(text: str, *, origin: str) -> Instant | None:
    """Return the instant that a text names, or None. A text without a zone is taken as UTC, offset None.

    Midnight to the second, without a zone or in UTC, is how systems write a day.
    """
    text = text.strip()[:64]
    if match := _ISO.match(text) or _COMPACT.match(text) or _SLASHES.match(text):
        year, month, day, hour, minute, second, fraction, zone = match.groups()
    elif match := _EUROPEAN.match(text):
        day, month, year, hour, minute, second = match.groups()
        fraction = zone = None
    elif match := _SCRIPT_DATE.match(text):
        name, day, year, hour, minute, second, zone = match.groups()
        month, fraction, zone = str(_MONTHS.get(name.lower(), 0)), None, zone or "Z"
    elif match := _EPOCH.match(text):
        at = datetime.fromtimestamp(int(match[1]), UTC)
        return Instant(at=at, precision="second", origin=origin, offset=None)
    else:
        return _parse_mail_date(text, origin)
    try:
        day_only = date(int(year), int(month), int(day))
        offset = _offset(zone)
        if not hour:
            return Instant(at=datetime(*day_only.timetuple()[:3], tzinfo=UTC), precision="day", origin=origin)
        local = datetime(
            day_only.year, day_only.month, day_only.day, int(hour) % 24, int(minute), int(second or 0),
            int((fraction or "0")[:6].ljust(6, "0")), timezone(timedelta(minutes=offset or 0)),
        )  # fmt: skip
        return Instant(at=local.astimezone(UTC), precision=_precision(local, second), origin=origin, offset=offset)
    except (ValueError, OverflowError):
        return None


def _parsed(candidates: Iterable[tuple[str, str]]) -> Iterator[Instant]:
    for origin, text in candidates:
        instant = parse(text, origin=origin)
        if instant is not None:
            yield instant


def _before_the_change(instant: Instant, head: PageMetadata, tree: HtmlElement) -> Iterator[Instant]:
    """Live pages move the published time of their head along with each change; their body still has the first one."""
    changed = next(_parsed(("meta", text) for text in head.every(*_MODIFIED)), None)
    if changed is not None and changed.at == instant.at:
        marked = tree.xpath("//*[@itemprop='datePublished'][@datetime or @content]")
        given = (("microdata", one.get("datetime") or one.get("content")) for one in marked[:1])
        yield from (first for first in _parsed(given) if timedelta() < instant.at - first.at < _LIVE)


def _published(head: PageMetadata, node: Node, nodes: list[Node], tree: HtmlElement) -> Iterator[tuple[str, str]]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        yield from (("json-ld", text) for text in strings(node.get(key)))
    yield from (("meta", text) for text in head.every(*_PUBLISHED))
    for element in tree.iter("time", "span", "div", "meta"):
        if "datePublished" in (element.get("itemprop") or "") or element.get("pubdate") is not None:
            yield "microdata", element.get("datetime") or element.get("content") or element.text_content()
    for other in nodes:
        if other is not node and {"WebPage", "NewsArticle", "Article"} & set(strings(other.get("@type"))):
            yield from (("json-ld", text) for text in strings(other.get("datePublished")))
    yield from (("time", text) for element in islice(tree.iter("time"), 1) if (text := element.get("datetime") or ""))


def _parse_mail_date(text: str, origin: str) -> Instant | None:
    try:
        given = parsedate_to_datetime(text)
        offset = None if given.tzinfo is None else round((given.utcoffset() or timedelta()).total_seconds() / 60)
        aware = given if given.tzinfo else given.replace(tzinfo=UTC)
        return Instant(at=aware.astimezone(UTC), precision="second", origin=origin, offset=offset)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _offset(zone: str | None) -> int | None:
    if not zone:
        return None
    if zone[0] not in "+-":
        return 0
    digits = zone[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    minutes += hours * 60
    if minutes > 14 * 60:
        raise ValueError(zone)
    return -minutes if zone[0] == "-" else minutes


def _precision(local: datetime, second: str | None) -> Precision:
    is_midnight = not (local.hour or local.minute or local.second or local.microsecond)
    if is_midnight and not local.utcoffset():
        return "day"
    return "second" if second else "minute"
