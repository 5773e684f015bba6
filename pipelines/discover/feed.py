"""Feed: RSS 0.9x to 2.0, RDF, Atom or JSON Feed becomes a reading."""

import re
from collections.abc import Iterator
from html.entities import html5
from io import BytesIO
from typing import Any

from pipelines.dates import instant
from pipelines.discover.exchange import Visit, look_at_document
from pipelines.discover.freshness import read_freshness
from pipelines.discover.jsonfeed import absolute, language_code, parse_json_feed
from pipelines.discover.reading import MOST_ENTRIES, Announced, Look, Raw, Reading, Unread, newest_first
from pipelines.fetch import Accept
from pipelines.model import Source
from pipelines.text import HTML_START, decode, plain, start_of

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_SITEMAP = re.compile(r"(?is)<(?:\w+:)?(urlset|sitemapindex)[\s>]")
_LONG_TAG = re.compile(r"<(?![!?])[^<>]{3000,}>")
_ATTRIBUTE = re.compile(r"\s[\w:.-]+\s*=")
_MOST_ATTRIBUTES = 500
_ITEM = re.compile(r"(?i)<(?:\w+:)?(?:item|entry)[\s/>]")
_REFERENCE = re.compile(r"&(?:([A-Za-z][A-Za-z0-9]*);|#([0-9]{1,7}|[xX][0-9A-Fa-f]{1,6});)?")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
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


async def poll_feed(source: Source, visit: Visit) -> Look | Unread:
    """Look at a feed."""
    return await look_at_document(source, visit, accept=Accept.FEED, reason="bad-feed", parse=parse)


def parse(raw: Raw) -> Reading | Unread:
    """Read a feed in any dialect. Pure: no network, no file, no clock."""
    text = decode(raw.content, raw.content_type)
    start = text[:2_000].lstrip("\ufeff \t\r\n")
    if start.startswith(("{", "[")):
        return parse_json_feed(text, raw=raw)
    problem = _refusal(text, start, raw)
    return problem if problem else _parse_xml(text, raw)


def _refusal(text: str, start: str, raw: Raw) -> Unread | None:
    detail = None
    if HTML_START.match(start):
        detail = "an HTML page, not a feed"
        links = (tag[0] for tag in _LINK.finditer(text[:200_000]) if _FEED_TYPE.search(tag[0]))
        href = _HREF.search(next(links, ""))
        if href:
            detail += f"; it names this feed: {absolute(href[1], raw.url)}"
    elif match := _SITEMAP.search(start):
        detail = f"a sitemap (<{match[1]}>), not a feed: use kind: sitemap"
    elif "<!ENTITY" in text:
        detail = "it declares entities (<!ENTITY), which no feed needs and attackers like"
    elif any(len(_ATTRIBUTE.findall(tag[0])) > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(text)):
        # expat's time grows with the square of the attributes of one tag.
        detail = f"a tag has more than {_MOST_ATTRIBUTES} attributes"
    return (
        Unread(reason="bad-feed", detail=detail, evidence=start_of(raw.content, raw.content_type)) if detail else None
    )


def _parse_xml(text: str, raw: Raw) -> Reading | Unread:
    # Imported late: it takes 0.1 s, and a run in which nothing changed never parses a feed.
    import feedparser

    # Decoded by us and handed over as UTF-8: what the header and the declaration say no longer counts.
    shortened, note = _whole_items(_DECLARATION.sub("", text, count=1))
    # feedparser looks for mail addresses in names, in time that grows with the square of their length.
    shortened = _LONG_NAME.sub(lambda match: match[1] + ("]]>" if match[2].endswith("]]>") else ""), shortened)
    content = _mended(shortened).encode("utf-8")
    # Without a Content-Location links stay relative unless xml:base says otherwise, and identifiers stay identifiers.
    found = feedparser.parse(
        BytesIO(content),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    fault = str(found.get("bozo_exception")).replace("<unknown>:", "line ") if found.get("bozo") else None
    if not found.get("version") and not found.entries:
        detail = "no feed dialect was recognised" + (f" ({fault})" if fault else "")
        return Unread(reason="bad-feed", detail=detail[:300], evidence=start_of(raw.content, raw.content_type))
    language = found.feed.get("language") or raw.language
    is_atom = str(found.get("version")).startswith("atom")
    return Reading(
        announced=newest_first([_announced(entry, raw, language, is_atom=is_atom) for entry in found.entries]),
        title=plain(found.feed.get("title")),
        dialect=found.get("version") or None,
        freshness=read_freshness(
            text,
            ttl=found.feed.get("ttl"),
            period=found.feed.get("sy_updateperiod"),
            frequency=found.feed.get("sy_updatefrequency"),
            generator=found.feed.get("generator"),
        ),
        note=note or (f"ill-formed, read leniently: {fault}"[:300] if fault else None),
    )


def _mended(text: str) -> str:
    """The text with what breaks strict parsers most often made good, outside of CDATA: HTML's entities, lone
    ampersands, references to control characters. Lenient parsing of those takes five times as long and loses nesting.
    """
    parts: list[str] = []
    start = 0
    # Not by a regular expression: a hundred thousand openings without an end would each be searched to the end.
    while (opening := text.find("<![CDATA[", start)) >= 0 and (end := text.find("]]>", opening)) >= 0:
        parts += [_REFERENCE.sub(_mended_reference, text[start:opening]), text[opening : end + 3]]
        start = end + 3
    return "".join([*parts, _REFERENCE.sub(_mended_reference, text[start:])])


def _mended_reference(match: re.Match[str]) -> str:
    name, number = match.groups()
    if number:
        code = int(number[1:], 16) if number[0] in "xX" else int(number)
        is_allowed = code in {9, 10, 13} or (code >= 32 and not 0xD800 <= code <= 0xDFFF and code <= 0x10FFFF)
        return match[0] if is_allowed else ""
    if name is None:
        return "&amp;"
    if name in _XML_ENTITIES:
        return match[0]
    return "".join(f"&#{ord(char)};" for char in html5.get(f"{name};", "")) or f"&amp;{name};"


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


def _announced(entry: Any, raw: Raw, language: str | None, *, is_atom: bool) -> Announced:
    link = _link(entry, raw.url)
    guid = entry.get("id")
    title = entry.get("title_detail") or {}  # knows xml:lang of its entry
    published_at, created_at, modified_at = (
        # Asked for "updated", feedparser would answer with "published".
        instant(entry[name], language=language, timezone=raw.timezone) if name in entry else None
        for name in ("published", "created", "updated")
    )
    published_at = published_at or created_at
    if published_at is None:
        # dc:date and Atom's lone <updated> are all that many feeds have: better than no date at all.
        published_at = modified_at
        modified_at = modified_at if is_atom else None
    return Announced(
        link=link,
        guid=guid if isinstance(guid, str) and guid.strip() else None,
        title=plain(entry.get("title")),
        authors=tuple(dict.fromkeys(_authors(entry))),
        published_at=published_at,
        modified_at=modified_at,
        language=language_code(title.get("language"))
        or language_code(entry.get("language"))
        or language_code(language),
        description=plain(entry.get("summary")),
    )


def _link(entry: Any, url: str) -> str:
    """The address of the article: before FeedBurner's detour, then the alternate in HTML, then any, then the id."""
    alternates = [
        link for link in entry.get("links", ()) if link.get("rel", "alternate") == "alternate" and link.get("href")
    ]
    alternates.sort(key=lambda link: "html" not in str(link.get("type") or "text/html"))
    guid = str(entry.get("id") or "").strip()
    # RSS calls every GUID a permalink that does not deny it, "12345" too.
    is_permalink = guid.lower().startswith(("http://", "https://", "/"))
    candidates = [
        entry.get("feedburner_origlink"),
        alternates[0]["href"] if alternates else None,
        entry.get("link") if is_permalink or not entry.get("guidislink") else None,
        guid if is_permalink and not guid.startswith("/") else None,
    ]
    link = next(
        (found for candidate in candidates if (found := "".join(str(candidate or "").splitlines()).strip())), ""
    )
    return absolute(link, url) if link else ""


def _authors(entry: Any) -> Iterator[str]:
    people = [person for person in entry.get("authors") or () if person]
    names = [person.get("name") or "" for person in people] or [entry.get("author") or ""]
    for name in names:
        # RSS 2.0 wants "mail (Name)"; what is left of a lone mail address names nobody.
        words = plain(_MAIL.sub(" ", str(name)[:500]), most=200)
        if words := (words or "").strip(" ()<>,;"):
            yield words
