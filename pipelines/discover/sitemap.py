"""Sitemap: XML with its news extension, an index of such, plain text, or gzip of any of them becomes a ParsedSource."""

import hashlib
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from lxml import etree

from pipelines.dates import instant
from pipelines.discover.documents import (
    ChildSitemap,
    FeedItem,
    ParsedSource,
    PollFailure,
    PollRequest,
    SourceDocument,
    ask,
    digest_of,
    next_validators,
    read,
    refreshed,
    usable_validators,
)
from pipelines.discover.links import mend_link
from pipelines.discover.markup import EntityFault, mend_xml, read_prolog
from pipelines.discover.results import MOST_ENTRIES, failed, newest_first, succeeded, unchanged
from pipelines.fetch import Accept, Response
from pipelines.model import PollResult, Validators
from pipelines.text import decode, language_code, plain, start_of
from pipelines.urls import canonicalise, is_same_site, join

DEEPEST = 3  # an index of indexes of sitemaps
MOST_FILES = 50
# Seconds for the files of an index. Each may drip for a minute and then be there; at a host's own pace of two seconds
# all of them take two minutes.
LONGEST_S = 300.0
_OLDEST_CHILD = timedelta(days=35)
_LARGEST = 50_000_000  # bytes unpacked: what sitemaps.org allows
_LINE_URL = re.compile(r"https?://\S+", re.IGNORECASE)
# Children that list no articles; polled only where there is nothing else. "sitemap_page_2" is the second of a series.
_BOILERPLATE_CHILD = re.compile(
    r"(?i)(?:\b|_)(?:categor(?:y|ies)|post[_-]?tags?|tags?|authors?|users?|pages?(?![-_/=]?[0-9])|images?|videos?|sections?|topics?|products?"
    r"|attachments?|taxonom\w+|misc|static|galler(?:y|ies))(?:\b|_)"
)
_IN_NAME = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})(?:[-_/.]?(0[1-9]|1[0-2]))?(?:[-_/.]?(0[1-9]|[12][0-9]|3[01]))?(?![0-9])"
)


async def poll_sitemap(request: PollRequest) -> PollResult:
    """Poll a sitemap; of an index its newest children, not deeper than three levels, 50 files in all.

    An index is asked for unconditionally: children change while it stays the same. Its digest spans all files.
    """
    usable = usable_validators(request)
    root = await ask(request.source.location, accept=Accept.SITEMAP, request=request, validators=usable)
    if isinstance(root, PollFailure):
        return failed(request, root)
    if root.status == 304:
        return unchanged(request, refreshed(usable, root), response=root)
    validators = next_validators(request, digest_of(root.content), root)
    if validators.digest == usable.digest:
        return unchanged(request, validators, response=root)
    parsed = await read(parse, root, reason="bad-sitemap", request=request)
    if isinstance(parsed, PollFailure):
        return failed(request, parsed)
    if not parsed.children:
        return succeeded(request, parsed, validators, response=root)
    return await _poll_index(request, root, parsed, usable)


def parse(document: SourceDocument) -> ParsedSource | PollFailure:
    """Read one sitemap file. Pure: entities, DTDs and the network stay untouched."""
    content = document.content
    if content.startswith(b"\x1f\x8b"):
        unpacked = _unpacked(content)
        if unpacked is None:
            return _bad("the gzip file is broken, cut or larger than 50 MB", document)
        content = unpacked
    text = decode(content, document.content_type)
    if not text[:2_000].lstrip("\ufeff \t\r\n").startswith("<"):
        return _parse_lines(text, document)
    return _parse_xml(text, document)


def choose(children: Sequence[ChildSitemap], *, now: datetime) -> list[tuple[ChildSitemap, bool]]:
    """The children worth a request, newest first by their lastmod or else by the date in their name.

    The truth beside each says whether it rests: it is over 35 days older than the newest. News sitemaps come first;
    lists of tags, authors and images are left out unless there is nothing else.
    """
    articles = [child for child in children if not is_boilerplate_child(child)] or list(children)
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


def is_boilerplate_child(child: ChildSitemap) -> bool:
    """Whether a sitemap lists tags, authors, images and the like, by its name."""
    return _BOILERPLATE_CHILD.search(_path(child.url).partition("?")[0]) is not None


@dataclass(slots=True, kw_only=True)
class _Children:
    """What has been gathered from the files of an index."""

    items: list[FeedItem] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)  # of what does not rest; the bodies may be 50 of 50 MB
    failures: list[PollFailure] = field(default_factory=list)
    title: str | None = None
    byte_count: int = 0
    file_count: int = 1  # with the root
    read_count: int = 0
    late_count: int = 0  # files for which no time was left
    over_count: int = 0  # files over the limit
    deep_count: int = 0  # files below the third level
    passed_over: list[str] = field(default_factory=list)  # addresses of lists of tags, authors, images


async def _poll_index(request: PollRequest, root: Response, index: ParsedSource, usable: Validators) -> PollResult:
    # An archive is read at the first poll only; hourly it would cost its host 50 requests for nothing.
    found = await _gather(request, root, index, is_first=usable.digest is None)
    if found.failures and not found.read_count:
        return failed(request, found.failures[0])
    # Over what does not rest, so that the second poll can find the first unchanged.
    validators = next_validators(request, digest_of(b"".join(sorted(found.digests))))
    if validators.digest == usable.digest:
        return unchanged(request, validators, response=root, byte_count=found.byte_count)
    parsed = ParsedSource(items=newest_first(found.items), title=found.title, dialect="sitemapindex", note=_note(found))
    return succeeded(request, parsed, validators, response=root, byte_count=found.byte_count)


def _note(found: _Children) -> str | None:
    notes = []
    if found.failures:
        notes.append(f"{len(found.failures)} of {found.file_count} files could not be read: {found.failures[0].detail}")
    if found.passed_over:
        names = ", ".join(_path(url).rpartition("/")[2][:80] for url in found.passed_over[:3])
        notes.append(f"{len(found.passed_over)} files seem to list no articles and were passed over: {names}")
    if found.over_count:
        notes.append(f"{found.over_count} files were left unread, since {MOST_FILES} files or enough entries were read")
    if found.deep_count:
        notes.append(f"{found.deep_count} files below the third level were left unread")
    if found.late_count:
        notes.append(f"{found.late_count} files were left unread after {LONGEST_S:.0f} s")
    return "; ".join(notes) or None


async def _gather(request: PollRequest, root: Response, index: ParsedSource, *, is_first: bool) -> _Children:
    found = _Children(byte_count=root.byte_count, title=index.title)
    if index.items:
        found.items.extend(index.items)
        found.digests.append(hashlib.sha256(root.content).digest())
    seen = {canonicalise(root.final_url), canonicalise(request.source.location)}
    waiting = [(child, rests, 2) for child, rests in _chosen(index.children, found, now=request.now)]
    monotonic = request.client.clock.monotonic
    ends_at = monotonic() + LONGEST_S
    while waiting:
        child, rests, depth = waiting.pop(0)
        address = canonicalise(child.url)
        if (rests and not is_first) or address in seen:
            continue
        if found.file_count >= MOST_FILES or len(found.items) >= MOST_ENTRIES:
            found.over_count += 1
            continue
        if monotonic() > ends_at:
            found.late_count += 1
            continue
        seen.add(address)
        if not is_same_site(child.url, root.final_url):
            found.failures.append(PollFailure(reason="bad-sitemap", detail=f"{child.url[:200]} lies on another site"))
            continue
        found.file_count += 1
        part = await ask(child.url, accept=Accept.SITEMAP, request=request, validators=Validators())
        if isinstance(part, PollFailure):
            found.failures.append(part)
            continue
        found.byte_count += part.byte_count
        inner = await read(parse, part, reason="bad-sitemap", request=request)
        if isinstance(inner, PollFailure):
            found.failures.append(inner)
            continue
        found.read_count += 1
        found.items.extend(inner.items)
        found.title = found.title or inner.title
        if not rests:
            found.digests.append(hashlib.sha256(part.content).digest())
        if depth >= DEEPEST:
            found.deep_count += len(inner.children)
        else:
            deeper = _chosen(inner.children, found, now=request.now)
            waiting[:0] = [(grandchild, rests or is_resting, depth + 1) for grandchild, is_resting in deeper]
    return found


def _chosen(children: Sequence[ChildSitemap], found: _Children, *, now: datetime) -> list[tuple[ChildSitemap, bool]]:
    chosen = choose(children, now=now)
    taken = {child.url for child, _ in chosen}
    found.passed_over.extend(child.url for child in children if child.url not in taken)
    return chosen


def _bad(detail: str, document: SourceDocument) -> PollFailure:
    return PollFailure(
        reason="bad-sitemap", detail=detail[:300], evidence=start_of(document.content, document.content_type)
    )


def _unpacked(content: bytes) -> bytes | None:
    stream = zlib.decompressobj(wbits=31)
    try:
        found = stream.decompress(content, _LARGEST + 1)
    except zlib.error:
        return None
    return found if stream.eof and len(found) <= _LARGEST else None


def _parse_xml(text: str, document: SourceDocument) -> ParsedSource | PollFailure:
    prolog = read_prolog(text)
    if prolog.is_html:
        return _bad("an HTML page, not a sitemap", document)
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, recover=True, huge_tree=False, remove_comments=True
    )
    try:
        content = mend_xml(text[prolog.end :], prolog.doctype).strip().encode("utf-8")
        root = etree.fromstring(content, parser)
    except EntityFault as fault:
        return _bad(str(fault), document)
    except etree.XMLSyntaxError as error:
        return _bad(f"not well-formed: {error}", document)
    name = _local(root) if root is not None else ""
    if name in {"rss", "feed", "RDF"}:
        return _bad(f"a feed (<{name}>), not a sitemap: use kind: feed", document)
    if name not in {"urlset", "sitemapindex"}:
        return _bad(f"its root is <{name}>, neither <urlset> nor <sitemapindex>", document)
    # The parser is lenient; what it had to repair is noted.
    fault_found = parser.error_log.last_error if len(parser.error_log) else None
    note = f"ill-formed, read leniently: {fault_found.message}" if fault_found is not None else None
    elements = [element for element in root if _local(element) in {"url", "sitemap", "loc"}]
    if note and not text.rstrip().endswith(("url>", "urlset>", "sitemap>", "sitemapindex>")):
        elements = elements[:-1]  # it was cut within, perhaps within its address
    return ParsedSource(
        items=newest_first([item for element in elements for item in _items(element, name, document)]),
        children=tuple(dict.fromkeys(child for element in elements for child in _children(element, name, document))),
        title=_publication(root),
        dialect=name,
        note=note,
    )


def _children(element: etree._Element, root: str, document: SourceDocument) -> Iterator[ChildSitemap]:
    """The sitemaps that an element names: it may have several <loc>, or its address without any."""
    if _local(element) == "sitemap" or (_local(element) == "loc" and root == "sitemapindex"):
        modified_at = _date(element, "lastmod", document)
        for link in _links(element, document):
            yield ChildSitemap(url=link, modified_at=modified_at)


def _items(element: etree._Element, root: str, document: SourceDocument) -> Iterator[FeedItem]:
    """The pages that an element names; <url> in an index, too."""
    if _local(element) == "sitemap" or (_local(element) == "loc" and root == "sitemapindex"):
        return
    news = next((child for child in element if _local(child) == "news"), None)
    publication = next((child for child in news if _local(child) == "publication"), None) if news is not None else None
    for link in _links(element, document):
        if not document.is_wanted(link):
            continue
        yield FeedItem(
            link=link,
            title=plain(_field(news, "title")) if news is not None else None,
            published_at=_date(news, "publication_date", document) if news is not None else None,
            modified_at=_date(element, "lastmod", document),
            language=language_code(_field(publication, "language")) if publication is not None else None,
        )


def _links(element: etree._Element, document: SourceDocument) -> list[str]:
    places = [element] if _local(element) == "loc" else [child for child in element if _local(child) == "loc"]
    texts = ["".join(map(str, place.itertext())) for place in places] or [element.text or ""]
    return [join(document.url, link) for text in texts if (link := mend_link(text))]


def _publication(root: etree._Element) -> str | None:
    names = (element for element in root.iter() if _local(element) == "publication")
    return next((name for element in names if (name := plain(_field(element, "name")))), None)


def _parse_lines(text: str, document: SourceDocument) -> ParsedSource | PollFailure:
    lines = [line.strip() for line in text.lstrip("\ufeff").splitlines()]
    links = [line for line in lines if line]
    if sum(_LINE_URL.fullmatch(link) is not None for link in links[:20]) * 2 <= len(links[:20]):
        return _bad("neither XML nor a list of addresses, one a line", document)
    kept = (link for link in links if _LINE_URL.fullmatch(link) and document.is_wanted(link))
    return ParsedSource(items=tuple(FeedItem(link=link) for link in kept), dialect="text")


def _local(element: etree._Element) -> str:
    # Not by etree.QName: it raises on "news:news", which is what a prefix that nobody declared leaves.
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def _field(element: etree._Element, name: str) -> str | None:
    for child in element:
        if _local(child) == name:
            return "".join(map(str, child.itertext())).strip() or None
    return None


def _date(element: etree._Element, name: str, document: SourceDocument) -> datetime | None:
    return instant(_field(element, name), language=document.language, timezone=document.timezone)


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
