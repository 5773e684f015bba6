"""Sitemap: XML with its news extension, an index of such, plain text, or gzip of any of them becomes a reading."""

import hashlib
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from lxml import etree

from pipelines.dates import instant
from pipelines.discover.exchange import (
    Visit,
    answered,
    ask,
    digest_of,
    is_same,
    look,
    next_validators,
    raw_of,
    usable_validators,
)
from pipelines.discover.jsonfeed import absolute, language_code
from pipelines.discover.reading import (
    MOST_ENTRIES,
    Announced,
    Child,
    Look,
    Raw,
    Reading,
    Unread,
    newest_first,
)
from pipelines.fetch import Accept, Response
from pipelines.model import Source, Validators
from pipelines.text import HTML_START, decode, plain, start_of
from pipelines.urls import canonicalise, is_same_site

DEEPEST = 3  # an index of indexes of sitemaps
MOST_FILES = 50
# Seconds for the files of an index. Each may drip for a minute and then be there; at a host's own pace of two seconds
# all of them take two minutes.
LONGEST_S = 300.0
_OLDEST_CHILD = timedelta(days=35)
_LARGEST = 50_000_000  # bytes unpacked: what sitemaps.org allows
_LINE_URL = re.compile(r"https?://\S+", re.IGNORECASE)
# Children that list no articles; polled only where there is nothing else.
_ASIDE = re.compile(
    r"(?i)(?:\b|_)(?:categor(?:y|ies)|post[_-]?tags?|tags?|authors?|users?|pages?|images?|videos?|sections?|topics?|products?"
    r"|attachments?|taxonom\w+|misc|static|galler(?:y|ies))(?:\b|_)"
)
_IN_NAME = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})(?:[-_/.]?(0[1-9]|1[0-2]))?(?:[-_/.]?(0[1-9]|[12][0-9]|3[01]))?(?![0-9])"
)


async def poll_sitemap(source: Source, visit: Visit) -> Look | Unread:
    """Look at a sitemap; of an index at its newest children, not deeper than three levels, 50 files in all.

    An index is asked for unconditionally: children change while it stays the same. Its digest spans all files.
    """
    usable = usable_validators(source, visit)
    root = await ask(source.location, accept=Accept.SITEMAP, source=source, client=visit.client, validators=usable)
    if isinstance(root, Unread):
        return root
    found = next_validators(source, root, previous=usable, now=visit.now)
    if root.status == 304 or is_same(found.digest, usable.digest):
        return look(None, found, root, source=source, visit=visit)
    reading = await visit.read(parse, raw_of(root, source), "bad-sitemap")
    if isinstance(reading, Unread):
        return answered(reading, root)
    if not reading.children:
        return look(reading, found, root, source=source, visit=visit)
    return await _descend(source, root, reading, usable, visit)


def parse(raw: Raw) -> Reading | Unread:
    """Read one sitemap file. Pure: entities, DTDs and the network stay untouched."""
    content = raw.content
    if content.startswith(b"\x1f\x8b"):
        unpacked = _unpacked(content)
        if unpacked is None:
            return _bad("the gzip file is broken, cut or larger than 50 MB", raw)
        content = unpacked
    text = decode(content, raw.content_type)
    start = text[:2_000].lstrip("\ufeff \t\r\n")
    if HTML_START.match(start):
        return _bad("an HTML page, not a sitemap", raw)
    if start.startswith("<"):
        return _parse_xml(text, raw)
    return _parse_lines(text, raw)


def choose(children: Sequence[Child], *, now: datetime) -> list[tuple[Child, bool]]:
    """The children worth a request, newest first by their lastmod or else by the date in their name.

    The truth beside each says whether it rests: it is over 35 days older than the newest. News sitemaps come first;
    lists of tags, authors and images are left out unless there is nothing else.
    """
    articles = [child for child in children if not _ASIDE.search(_path(child.url))] or list(children)
    dates = [child.modified_at or _date_in_name(child.url) for child in articles]
    newest = max((date for date in dates if date), default=None)
    limit = min(now, newest) - _OLDEST_CHILD if newest else now
    ranks = [
        (
            "news" not in _path(child.url).lower(),
            -(date or limit).timestamp(),
            # WordPress: post-sitemap12.xml holds newer posts than post-sitemap2.xml.
            0 if newest else -_number(child.url),
        )
        for child, date in zip(articles, dates, strict=True)
    ]
    order = sorted(range(len(articles)), key=ranks.__getitem__)
    return [(articles[index], (dates[index] or now) < limit) for index in order]


@dataclass(slots=True, kw_only=True)
class _Descent:
    """What has been gathered below an index."""

    announced: list[Announced] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)  # of what does not rest; the bodies may be 50 of 50 MB
    problems: list[Unread] = field(default_factory=list)
    title: str | None = None
    byte_count: int = 0
    file_count: int = 1  # with the root
    read_count: int = 0
    late_count: int = 0  # files for which no time was left


async def _descend(
    source: Source, root: Response, reading: Reading, previous: Validators, visit: Visit
) -> Look | Unread:
    # An archive is read at the first look only; hourly it would cost its host 50 requests for nothing.
    is_first = previous.digest is None
    below = await _gather(source, root, reading, visit, is_first=is_first)
    if below.problems and not below.read_count:
        return below.problems[0]
    # Over what does not rest, so that the second look can find the first unchanged.
    validators = Validators(digest=digest_of(source, sorted(below.digests), now=visit.now))
    if is_same(validators.digest, previous.digest):
        return look(None, validators, root, source=source, visit=visit, byte_count=below.byte_count)
    whole = Reading(
        announced=newest_first(below.announced), title=below.title, dialect="sitemapindex", note=_note(below)
    )
    return look(whole, validators, root, source=source, visit=visit, byte_count=below.byte_count)


def _note(below: _Descent) -> str | None:
    notes = []
    if below.problems:
        notes.append(f"{len(below.problems)} of {below.file_count} files could not be read: {below.problems[0].detail}")
    if below.late_count:
        notes.append(f"{below.late_count} files were left unread after {LONGEST_S:.0f} s")
    return "; ".join(notes) or None


async def _gather(source: Source, root: Response, reading: Reading, visit: Visit, *, is_first: bool) -> _Descent:
    found = _Descent(byte_count=root.byte_count)
    seen = {canonicalise(root.final_url), canonicalise(source.location)}
    waiting = [(child, rests, 2) for child, rests in choose(reading.children, now=visit.now)]
    monotonic = visit.client.clock.monotonic
    ends_at = monotonic() + LONGEST_S
    while waiting and found.file_count < MOST_FILES and len(found.announced) < MOST_ENTRIES:
        if monotonic() > ends_at:
            found.late_count = len(waiting)
            break
        child, rests, depth = waiting.pop(0)
        address = canonicalise(child.url)
        if (rests and not is_first) or address in seen:
            continue
        seen.add(address)
        if not is_same_site(child.url, root.final_url):
            found.problems.append(Unread(reason="bad-sitemap", detail=f"{child.url[:200]} lies on another site"))
            continue
        found.file_count += 1
        part = await ask(child.url, accept=Accept.SITEMAP, source=source, client=visit.client, validators=None)
        if isinstance(part, Unread):
            found.problems.append(part)
            continue
        found.byte_count += part.byte_count
        inner = await visit.read(parse, raw_of(part, source), "bad-sitemap")
        if isinstance(inner, Unread):
            found.problems.append(answered(inner, part))
            continue
        found.read_count += 1
        found.announced.extend(inner.announced)
        found.title = found.title or inner.title
        if not rests:
            found.digests.append(hashlib.sha256(part.content).digest())
        if depth < DEEPEST:
            deeper = choose(inner.children, now=visit.now)
            waiting[:0] = [(grandchild, rests or is_resting, depth + 1) for grandchild, is_resting in deeper]
    return found


def _bad(detail: str, raw: Raw) -> Unread:
    return Unread(reason="bad-sitemap", detail=detail[:300], evidence=start_of(raw.content, raw.content_type))


def _unpacked(content: bytes) -> bytes | None:
    stream = zlib.decompressobj(wbits=31)
    try:
        found = stream.decompress(content, _LARGEST + 1)
    except zlib.error:
        return None
    return found if stream.eof and len(found) <= _LARGEST else None


def _parse_xml(text: str, raw: Raw) -> Reading | Unread:
    if "<!ENTITY" in text:
        return _bad("it declares entities (<!ENTITY), which no sitemap needs and attackers like", raw)
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, recover=True, huge_tree=False, remove_comments=True
    )
    content = re.sub(r"\A\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff"), count=1).strip().encode("utf-8")
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        return _bad(f"not well-formed: {error}", raw)
    name = _local(root) if root is not None else ""
    # The parser is lenient; what it had to forgive is told.
    fault = parser.error_log.last_error if len(parser.error_log) else None
    note = f"ill-formed, read leniently: {fault.message}" if fault is not None else None
    if name == "sitemapindex":
        children = (
            Child(url=absolute(link, raw.url), modified_at=_date(item, "lastmod", raw))
            for item in root
            if _local(item) == "sitemap" and (link := _field(item, "loc"))
        )
        return Reading(children=tuple(dict.fromkeys(children)), dialect="sitemapindex", note=note)
    if name == "urlset":
        items = [item for item in root if _local(item) == "url"]
        if note and not text.rstrip().endswith(("url>", "urlset>")):
            items = items[:-1]  # it was cut within, perhaps within its address
        announced = [found for item in items if (found := _announced(item, raw))]
        return Reading(announced=newest_first(announced), title=_publication(root), dialect="urlset", note=note)
    if name in {"rss", "feed", "RDF"}:
        return _bad(f"a feed (<{name}>), not a sitemap: use kind: feed", raw)
    return _bad(f"its root is <{name}>, neither <urlset> nor <sitemapindex>", raw)


def _announced(item: etree._Element, raw: Raw) -> Announced | None:
    link = _field(item, "loc")
    if not link:
        return None
    link = absolute(link, raw.url)
    if raw.pattern and not re.search(raw.pattern, link):
        return None
    news = next((child for child in item if _local(child) == "news"), None)
    publication = next((child for child in news if _local(child) == "publication"), None) if news is not None else None
    return Announced(
        link=link,
        title=plain(_field(news, "title")) if news is not None else None,
        published_at=_date(news, "publication_date", raw) if news is not None else None,
        modified_at=_date(item, "lastmod", raw),
        language=language_code(_field(publication, "language")) if publication is not None else None,
    )


def _publication(root: etree._Element) -> str | None:
    names = (element for element in root.iter() if _local(element) == "publication")
    return next((name for element in names if (name := plain(_field(element, "name")))), None)


def _parse_lines(text: str, raw: Raw) -> Reading | Unread:
    lines = [line.strip() for line in text.lstrip("\ufeff").splitlines()]
    links = [line for line in lines if line]
    if sum(_LINE_URL.fullmatch(link) is not None for link in links[:20]) * 2 <= len(links[:20]):
        return _bad("neither XML nor a list of addresses, one a line", raw)
    kept = (link for link in links if _LINE_URL.fullmatch(link) and (not raw.pattern or re.search(raw.pattern, link)))
    return Reading(announced=tuple(Announced(link=link) for link in kept), dialect="text")


def _local(element: etree._Element) -> str:
    # Not by etree.QName: it raises on "news:news", which is what a prefix that nobody declared leaves.
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def _field(element: etree._Element, name: str) -> str | None:
    for child in element:
        if _local(child) == name:
            return "".join(map(str, child.itertext())).strip() or None
    return None


def _date(element: etree._Element, name: str, raw: Raw) -> datetime | None:
    return instant(_field(element, name), language=raw.language, timezone=raw.timezone)


def _path(url: str) -> str:
    return url.split("://", 1)[-1].partition("/")[2]


def _date_in_name(url: str) -> datetime | None:
    """The last moment of the year, month or day that the name of a file gives."""
    found = list(_IN_NAME.finditer(_path(url)))
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found[-1].groups())
    assert year is not None
    if month is None:
        return datetime(year + 1, 1, 1, tzinfo=UTC)
    if day is None:
        return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return instant(f"{year:04}-{month:02}-{day:02}T23:59:59Z")


def _number(url: str) -> int:
    found = re.findall(r"[0-9]{1,9}", _path(url).rpartition("/")[2])
    return int(found[-1]) if found else 0
