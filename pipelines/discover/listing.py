"""Listing: an index page becomes the article links on it, in their order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import html

from pipelines.discover.exchange import Visit, look_at_document
from pipelines.discover.jsonfeed import absolute, language_code
from pipelines.discover.reading import Announced, Look, Raw, Reading, Unread
from pipelines.discover.text import decode, plain, start_of
from pipelines.fetch import Accept
from pipelines.model import Source
from pipelines.urls import canonicalise, is_same_site

_MOST_TAGS = 60_000
_BY_THE_WAY = frozenset({"nav", "footer", "header", "aside", "form", "button", "noscript", "template"})
_BY_THE_WAY_ROLES = frozenset({"navigation", "contentinfo", "banner", "search", "menu", "menubar", "complementary"})
_BY_THE_WAY_NAMES = re.compile(
    r"(?i)(?:^|[\s_-])(?:nav|navbar|navigation|menu|submenu|breadcrumbs?|footer|sidebar|pagination|pager|share|social|tags?"
    r"|tag-?list|cookies?|newsletter|login|lang(?:uage)?s?|widget|promo|advert\w*|sponsor\w*|comments?)(?:$|[\s_-])"
)
_NO_ARTICLE = re.compile(
    r"""(?ix) /(?:tags?|categor(?:y|ies)|authors?|author-\w+|topics?|sections?|search|login|signin|sign-in|register
    |account|subscribe|subscription|about(?:-us)?|contacts?|privacy|terms|impressum|imprint|cookies?|policy|rss|feeds?
    |help|faq|jobs?|careers?|advertis\w+|newsletters?|page|profile|users?|shop|archive|rubri[ck]\w*|temas?|themes?
    |wp-admin|wp-login\.php|kontakt|datenschutz|agb|sitemap)(?:/[^/]*)?/?$"""
)
_FILE = re.compile(
    r"(?i)\.(?:jpe?g|png|gif|svg|webp|pdf|docx?|xlsx?|zip|mp[34]|m4a|avi|mov|css|js|xml|rss|json|ics|apk|exe)$"
)
_DATED = re.compile(r"(?:^|[/_-])(?:19|20)[0-9]{2}(?:[/_-]?[01]?[0-9](?:[/_-]?[0-3]?[0-9])?)?(?:[/_.-]|$)")
_NUMBERED = re.compile(r"[0-9]{4,}|[a-f0-9]{12,}")
_SCRIPT_WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_ENOUGH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    url: str
    text: str
    is_in_heading: bool
    order: int


async def poll_listing(source: Source, visit: Visit) -> Look | Unread:
    """Look at an index page."""
    return await look_at_document(source, visit, accept=Accept.PAGE, reason="bad-listing", parse=parse)


def parse(raw: Raw) -> Reading | Unread:
    """The links that a selector names, or those which look like articles; then only what matches the pattern. Pure."""
    text = decode(raw.content, raw.content_type)
    if text.count("<") > _MOST_TAGS * 2:
        return _bad(f"more than {_MOST_TAGS:,} tags", raw)
    # Decoded by us: a declaration would only mislead, or be refused in a str.
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, no_network=True)
    try:
        root = html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (html.etree.ParserError, ValueError) as error:
        return _bad(f"not readable as HTML: {error}", raw)
    links = list(_links(_named(root, raw.selector) if raw.selector else root.iter("a"), root, raw))
    if raw.selector and not links:
        return _bad(f"nothing on the page matches the selector {raw.selector!r}", raw)
    chosen = links if raw.selector else _likely(links, raw)
    if raw.pattern:
        chosen = [link for link in chosen if re.search(raw.pattern, link.url)]
    if not chosen:
        return _bad(f"none of its {len(links)} links looks like an article; give a selector or another pattern", raw)
    language = language_code(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"))
    title = root.findtext(".//title")
    return Reading(
        announced=tuple(Announced(link=link.url, title=plain(link.text), language=language) for link in chosen),
        title=plain(title),
        dialect="html",
    )


def _bad(detail: str, raw: Raw) -> Unread:
    return Unread(reason="bad-listing", detail=detail[:300], evidence=start_of(raw.content, raw.content_type))


def _named(root: html.HtmlElement, selector: str) -> Iterable[html.HtmlElement]:
    """The links that match a selector, or lie in or around what matches ("h3", "h3 a" and "h3 a span" all work)."""
    for element in root.cssselect(selector):
        inner = [element] if element.tag == "a" else list(element.iter("a"))
        outer = next(element.iterancestors("a"), None) if not inner else None
        yield from inner or ([outer] if outer is not None else [])


def _links(anchors: Iterable[html.HtmlElement], root: html.HtmlElement, raw: Raw) -> Iterable[_Link]:
    """Each address once, where it stands first, with its longest text: pictures and headlines link alike."""
    declared = root.find(".//base[@href]")
    base = absolute(declared.get("href", "").strip(), raw.url) if declared is not None else raw.url
    own = canonicalise(raw.url)
    found: dict[str, _Link] = {}
    for order, anchor in enumerate(anchors):
        href = "".join((anchor.get("href") or "").splitlines()).strip()
        if not href or href.startswith("#") or (not raw.selector and _is_by_the_way(anchor)):
            continue
        url = absolute(href, base)
        address = canonicalise(url)
        if not url.lower().startswith(("http://", "https://")) or address == own:
            continue
        text = _text(anchor)
        before = found.get(address)
        is_in_heading = bool(before and before.is_in_heading) or _is_in_heading(anchor)
        if before is None:
            found[address] = _Link(url=url, text=text, is_in_heading=is_in_heading, order=order)
        elif len(text) > len(before.text) or is_in_heading != before.is_in_heading:
            longest = max(text, before.text, key=len)
            found[address] = _Link(url=before.url, text=longest, is_in_heading=is_in_heading, order=before.order)
    return found.values()


def _text(anchor: html.HtmlElement) -> str:
    text = " ".join(" ".join(anchor.itertext()).split())
    return text or " ".join((anchor.get("title") or anchor.get("aria-label") or "").split())


def _is_in_heading(anchor: html.HtmlElement) -> bool:
    headings = {"h1", "h2", "h3", "h4", "h5"}
    near = (element for _, element in zip(range(3), anchor.iterancestors(), strict=False))
    return any(element.tag in headings for element in near) or any(child.tag in headings for child in anchor.iter())


def _is_by_the_way(anchor: html.HtmlElement) -> bool:
    # An <article> has a header of its own, which holds the headline.
    for element in anchor.iterancestors():
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in {"article", "main", "body"}:
            return False
        if tag in _BY_THE_WAY or (element.get("role") or "").lower() in _BY_THE_WAY_ROLES:
            return True
        if _BY_THE_WAY_NAMES.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            return True
    return False


def _likely(links: Iterable[_Link], raw: Raw) -> list[_Link]:
    return [link for link in links if is_same_site(link.url, raw.url) and _score(link) >= _ENOUGH]


def _score(link: _Link) -> int:
    """How much a link looks like one to an article: its words, its place and the form of its path."""
    path, _, query = canonicalise(link.url).split("://", 1)[1].partition("/")[2].partition("?")
    if _NO_ARTICLE.search("/" + path) or _FILE.search(path) or (not path and not query):
        return 0
    words = len(link.text.split())
    if _SCRIPT_WITHOUT_SPACES.search(link.text):
        words = max(words, len(link.text) // 3)
    segments = [segment for segment in path.split("/") if segment]
    slug = max(segments, key=lambda segment: len(re.split(r"[-_]", segment)), default="")
    slug_words = len(re.split(r"[-_]", slug))
    score = 2 if words >= 4 else 1 if words >= 3 else -2 if words == 0 else 0
    score += 1 if words >= 7 else 0
    score += 2 if link.is_in_heading else 0
    score += 2 if slug_words >= 4 else 1 if slug_words == 3 else 0
    score += 2 if _DATED.search("/" + path) else 0
    score += 1 if _NUMBERED.search(path) or re.search(r"(?i)(?:^|&)(?:id|p|article|news|story)\w*=\d+", query) else 0
    score += 1 if len(segments) >= 2 else 0
    score += 1 if re.search(r"(?i)\.(?:s?html?|php|aspx?)$", path) else 0
    return score
