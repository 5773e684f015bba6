"""Sitemap document: a file of XML with its news extension, plain text, or gzip of either becomes a ParsedSource."""

import re
import zlib
from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from pipelines.dates import instant
from pipelines.discover.documents import ChildSitemap, FeedItem, ParsedSource, PollFailure, SourceDocument
from pipelines.discover.links import mend_link
from pipelines.discover.markup import EntityFault, mend_xml, read_prolog
from pipelines.discover.results import newest_first
from pipelines.text import decode, language_code, plain, start_of
from pipelines.urls import join

_LARGEST = 50_000_000  # bytes unpacked: what sitemaps.org allows
_LINE_URL = re.compile(r"https?://\S+", re.IGNORECASE)


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
