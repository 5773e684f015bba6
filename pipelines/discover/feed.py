"""Feed: RSS 0.9x to 2.0, RDF, Atom or JSON Feed becomes a ParsedSource."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pipelines.dates import instant
from pipelines.discover.documents import FeedItem, ParsedSource, PollFailure, PollRequest, SourceDocument
from pipelines.discover.jsonfeed import parse_json_feed
from pipelines.discover.links import is_web_link, mend_link, target_of
from pipelines.discover.markup import EntityFault, Prolog, mend_xml, read_prolog
from pipelines.discover.results import MOST_ENTRIES, bounded_contents, newest_first, poll_document
from pipelines.discover.rhythm import read_freshness
from pipelines.fetch import Accept
from pipelines.model import PollResult
from pipelines.text import decode, language_code, plain, start_of
from pipelines.urls import is_same_site, join

_LONG_TAG = re.compile(r"<(?![!?])[^<>]{3000,}>")
_ATTRIBUTE = re.compile(r"\s[\w:.-]+\s*=")
_MOST_ATTRIBUTES = 500
_ITEM = re.compile(r"(?i)<(?:\w+:)?(?:item|entry)[\s/>]")
_ITEM_END = re.compile(r"(?i)</(?:\w+:)?(?:item|entry)\s*>")
_EMPTY_TAG = re.compile(r"<[^<>]*/>")
_LONG_NAME = re.compile(
    r"(?i)(<(?:[\w.-]+:)?(?:author|creator|contributor|managingeditor|webmaster|publisher|owner|name|email)\b[^<>]*>"
    r"(?:<!\[CDATA\[)?[^<]{500})([^<]+)"
)
_MAIL = re.compile(r"\S+@\S+\.\S+")
_LINK = re.compile(r"(?i)<link\b[^<>]{0,2000}>")
_FEED_TYPE = re.compile(r"(?i)application/(?:rss|atom)\+xml")
_HREF = re.compile(r"""(?is)\bhref\s*=\s*["']?([^"'\s>]+)""")
_RELATION = "http://www.iana.org/assignments/relation/"  # RFC 4287, 4.2.7.2: a relation may be an IRI


async def poll_feed(request: PollRequest) -> PollResult:
    """Poll a feed."""
    return await poll_document(request, accept=Accept.FEED, reason="bad-feed", parse=parse)


def parse(document: SourceDocument) -> ParsedSource | PollFailure:
    """Read a feed in any dialect. Pure: no network, no file, no clock."""
    text = decode(document.content, document.content_type)
    if text[:2_000].lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return parse_json_feed(text, document)
    prolog = read_prolog(text)
    problem = _refusal(text, prolog, document)
    return problem if problem else _parse_xml(text, prolog, document)


def _refusal(text: str, prolog: Prolog, document: SourceDocument) -> PollFailure | None:
    detail = None
    if prolog.is_html:
        detail = "an HTML page, not a feed"
        links = (tag[0] for tag in _LINK.finditer(text[:200_000]) if _FEED_TYPE.search(tag[0]))
        href = _HREF.search(next(links, ""))
        if href:
            detail += f"; it names this feed: {join(document.url, href[1])}"
    elif prolog.root in {"urlset", "sitemapindex"}:
        detail = f"a sitemap (<{prolog.root}>), not a feed: use kind: sitemap"
    elif any(len(_ATTRIBUTE.findall(tag[0])) > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(text)):
        # expat's time grows with the square of the attributes of one tag.
        detail = f"a tag has more than {_MOST_ATTRIBUTES} attributes"
    return _bad(detail, document) if detail else None


def _bad(detail: str, document: SourceDocument) -> PollFailure:
    evidence = start_of(document.content, document.content_type)
    return PollFailure(reason="bad-feed", detail=detail[:300], evidence=evidence)


def _parse_xml(text: str, prolog: Prolog, document: SourceDocument) -> ParsedSource | PollFailure:
    # Imported late: it takes 0.1 s, and a run in which nothing changed never parses a feed.
    import feedparser

    shortened, note = _whole_items(text[prolog.end :])
    # feedparser looks for mail addresses in names, in time that grows with the square of their length.
    shortened = _LONG_NAME.sub(lambda match: match[1] + ("]]>" if match[2].endswith("]]>") else ""), shortened)
    try:
        # Decoded by us and handed over as UTF-8: what the header and the declaration say no longer counts.
        content = mend_xml(shortened, prolog.doctype).encode("utf-8")
    except EntityFault as fault:
        return _bad(str(fault), document)
    # Without a Content-Location links stay relative unless xml:base says otherwise, and identifiers stay identifiers.
    found = feedparser.parse(
        BytesIO(content),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    fault_line = str(found.get("bozo_exception")).replace("<unknown>:", "line ") if found.get("bozo") else None
    if not found.get("version") and not found.entries:
        return _bad("no feed dialect was recognised" + (f" ({fault_line})" if fault_line else ""), document)
    language = found.feed.get("language") or document.language
    is_atom = str(found.get("version")).startswith("atom")
    base = _base_of(found.feed, document.url)
    items = [_item(entry, base, language, is_atom=is_atom, timezone=document.timezone) for entry in found.entries]
    return ParsedSource(
        items=bounded_contents(newest_first([item for item in items if document.is_wanted(item.link)])),
        title=plain(found.feed.get("title")),
        dialect=found.get("version") or None,
        freshness=read_freshness(
            text,
            ttl=found.feed.get("ttl"),
            period=found.feed.get("sy_updateperiod"),
            frequency=found.feed.get("sy_updatefrequency"),
            generator=found.feed.get("generator"),
        ),
        note=note or (f"ill-formed, read leniently: {fault_line}"[:300] if fault_line else None),
    )


def _base_of(feed: Any, url: str) -> str:
    """Where relative links start: at the feed, or at the site that it is of where another host serves it."""
    site = mend_link(str(feed.get("link") or ""))
    return site if is_web_link(site) and not is_same_site(site, url) else url


def _whole_items(text: str) -> tuple[str, str | None]:
    """A feed of absurd length without its middle, or one that was cut without its last item; and a note of that.

    feedparser takes 0.2 ms and 10 kB an item. Both ends stay, since a feed may begin with its oldest items. An item
    that was cut may have half an address.
    """
    starts = [match.start() for match in _ITEM.finditer(text)]
    if starts and not (_EMPTY_TAG.match(text, starts[-1]) or _ITEM_END.search(text, starts[-1])):
        return text[: starts[-1]], "it is cut within its last item, which was left out"
    if len(starts) <= MOST_ENTRIES * 2:
        return text, None
    note = f"only the first and the last {MOST_ENTRIES:,} of its {len(starts):,} items were read"
    return text[: starts[MOST_ENTRIES]] + text[starts[-MOST_ENTRIES] :], note


def _item(entry: Any, base: str, language: str | None, *, is_atom: bool, timezone: str | None) -> FeedItem:
    link = _link(entry)
    guid = entry.get("id")
    title = entry.get("title_detail") or {}  # knows xml:lang of its entry
    published_at, created_at, modified_at = (
        # Asked for "updated", feedparser would answer with "published".
        instant(entry[name], language=language, timezone=timezone) if name in entry else None
        for name in ("published", "created", "updated")
    )
    published_at = published_at or created_at
    if published_at is None:
        # dc:date and Atom's lone <updated> are all that many feeds have: better than no date at all.
        published_at = modified_at
        modified_at = modified_at if is_atom else None
    return FeedItem(
        link=target_of(join(base, link)) if link else "",
        guid=guid if isinstance(guid, str) and guid.strip() else None,
        title=plain(entry.get("title")),
        authors=tuple(dict.fromkeys(_authors(entry))),
        published_at=published_at,
        modified_at=modified_at,
        language=language_code(title.get("language"))
        or language_code(entry.get("language"))
        or language_code(language),
        description=plain(entry.get("summary")),
        content_html=_content(entry),
    )


def _link(entry: Any) -> str:
    """The address of the article: before FeedBurner's detour, then the alternate in HTML, then any, then the id."""
    links = [link for link in entry.get("links", ()) if link.get("href")]
    alternates = [link for link in links if _relation(link) == "alternate"]
    alternates.sort(key=lambda link: "html" not in str(link.get("type") or "text/html"))
    pages = [link for link in links if _relation(link) == "self" and "html" in str(link.get("type"))]
    contents = [content["src"] for content in entry.get("content", ()) if content.get("src")]
    guid = str(entry.get("id") or "").strip()
    # RSS calls every GUID a permalink that does not deny it, "12345" too.
    is_permalink = guid.lower().startswith(("http://", "https://", "/"))
    candidates = [
        entry.get("feedburner_origlink"),
        alternates[0]["href"] if alternates else None,
        entry.get("link") if is_permalink or not entry.get("guidislink") else None,
        *contents,
        *(link["href"] for link in pages),
        guid if is_permalink and not guid.startswith("/") else None,
    ]
    return next((link for candidate in candidates if (link := mend_link(str(candidate or "")))), "")


def _relation(link: Any) -> str:
    return str(link.get("rel") or "alternate").lower().removeprefix(_RELATION)


def _content(entry: Any) -> str | None:
    """The full text, where the feed carries it: content:encoded, Atom's content, Yandex's full-text."""
    found = [str(content.get("value") or "") for content in entry.get("content", ()) if _is_text(content)]
    found.append(str(entry.get("yandex_full-text") or ""))
    return max(found, key=len).strip() or None


def _is_text(content: Any) -> bool:
    return str(content.get("type") or "text/html").startswith(("text/", "application/xhtml"))


def _authors(entry: Any) -> Iterator[str]:
    people = [person for person in entry.get("authors") or () if person]
    names = [person.get("name") or "" for person in people] or [entry.get("author") or ""]
    for name in names:
        # RSS 2.0 wants "mail (Name)"; what is left of a lone mail address names nobody.
        words = plain(_MAIL.sub(" ", str(name)[:500]), most=200)
        if words := (words or "").strip(" ()<>,;"):
            yield words
