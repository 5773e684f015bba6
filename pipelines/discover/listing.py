"""Listing: an index page becomes the article links on it, in their order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, islice

from lxml import html

from pipelines.discover.documents import FeedItem, ParsedSource, PollFailure, PollRequest, SourceDocument
from pipelines.discover.results import poll_document
from pipelines.fetch import Accept
from pipelines.model import PollResult
from pipelines.text import decode, language_code, plain, start_of
from pipelines.urls import canonicalise, is_same_site, join

_MOST_TAGS = 60_000
_MOST_PARTS = 100  # of a link; links that are never closed hold all that follow, each of them
_BOILERPLATE_TAGS = frozenset({"nav", "footer", "header", "aside", "form", "button", "noscript", "template"})
_BOILERPLATE_ROLES = frozenset({"navigation", "contentinfo", "banner", "search", "menu", "menubar", "complementary"})
_BOILERPLATE_NAMES = re.compile(
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
_DIGITS = re.compile(r"[0-9]+")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})
_ENOUGH = 4  # points that make an article
_SOME = 2  # points that do beside articles of the same form


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    url: str
    text: str
    is_in_heading: bool
    is_in_article: bool  # an <article>, as front pages wrap their cards in

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """Which of several links to one address speaks for it."""
        return self.is_in_heading, "#" not in self.url, bool(self.text)


async def poll_listing(request: PollRequest) -> PollResult:
    """Poll an index page."""
    return await poll_document(request, accept=Accept.PAGE, reason="bad-listing", parse=parse)


def parse(document: SourceDocument) -> ParsedSource | PollFailure:
    """The links that a selector names, or those which look like articles; then only what matches the pattern. Pure."""
    text = decode(document.content, document.content_type)
    if text.count("<") > _MOST_TAGS * 2:
        return _bad(f"more than {_MOST_TAGS:,} tags", document)
    # Decoded by us: a declaration would only mislead, or be refused in a str.
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, no_network=True)
    try:
        root = html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (html.etree.ParserError, ValueError) as error:
        return _bad(f"not readable as HTML: {error}", document)
    links = _links(_named(root, document.selector) if document.selector else root.iter("a"), root, document)
    if document.selector and not links:
        return _bad(f"nothing on the page matches the selector {document.selector!r}", document)
    chosen = links if document.selector else _likely(links, document)
    chosen = [link for link in chosen if document.is_wanted(link.url)]
    if not chosen:
        return _bad(
            f"none of its {len(links)} links looks like an article; give a selector or another pattern", document
        )
    language = language_code(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"))
    title = root.findtext(".//title")
    return ParsedSource(
        items=tuple(FeedItem(link=link.url, title=plain(link.text), language=language) for link in chosen),
        title=plain(title),
        dialect="html",
    )


def _bad(detail: str, document: SourceDocument) -> PollFailure:
    return PollFailure(
        reason="bad-listing", detail=detail[:300], evidence=start_of(document.content, document.content_type)
    )


def _named(root: html.HtmlElement, selector: str) -> Iterable[html.HtmlElement]:
    """The links that match a selector, or lie in or around what matches ("h3", "h3 a" and "h3 a span" all work)."""
    for element in root.cssselect(selector):
        inner = [element] if element.tag == "a" else list(element.iter("a"))
        outer = next(element.iterancestors("a"), None) if not inner else None
        yield from inner or ([outer] if outer is not None else [])


def _links(anchors: Iterable[html.HtmlElement], root: html.HtmlElement, document: SourceDocument) -> list[_Link]:
    """Each address once, where it stands first: picture, headline, "Read more" and "14 comments" all link to it.

    The link in a heading says what it is called, else the first that says anything.
    """
    declared = root.find(".//base[@href]")
    base = join(document.url, declared.get("href") or "") if declared is not None else document.url
    own = canonicalise(document.url)
    boilerplate = _Boilerplate()
    found: dict[str, _Link] = {}
    for anchor in anchors:
        href = "".join((anchor.get("href") or "").splitlines()).strip()
        if not href or href.startswith("#") or (not document.selector and boilerplate.is_boilerplate_link(anchor)):
            continue
        url = join(base, href)
        address = canonicalise(url)
        if not url.lower().startswith(("http://", "https://")) or address == own:
            continue
        link = _link(anchor, url)
        if address not in found or link.rank > found[address].rank:
            found[address] = link  # in the place of the first: a dict keeps its order
    return list(found.values())


def _link(anchor: html.HtmlElement, url: str) -> _Link:
    heading = next((child for child in islice(anchor.iter(), _MOST_PARTS) if child.tag in _HEADINGS), None)
    near = (element for _, element in zip(range(3), anchor.iterancestors(), strict=False))
    texts = islice((anchor if heading is None else heading).itertext(), _MOST_PARTS)
    text = " ".join(" ".join(map(str, texts)).split())
    return _Link(
        url=url,
        text=text or " ".join((anchor.get("title") or anchor.get("aria-label") or "").split()),
        is_in_heading=heading is not None or any(element.tag in _HEADINGS for element in near),
        is_in_article=next(anchor.iterancestors("article"), None) is not None,
    )


class _Boilerplate:
    """Which elements lie in navigation and the like. Remembers, or 60,000 links in deep nests would take minutes."""

    def __init__(self) -> None:
        self._known: dict[html.HtmlElement, bool] = {}

    def is_boilerplate_link(self, anchor: html.HtmlElement) -> bool:
        """Whether the nearest ancestor that decides it stands beside the articles."""
        passed: list[html.HtmlElement] = []
        verdict = False
        for element in chain([anchor], anchor.iterancestors()):
            if element in self._known:
                verdict = self._known[element]
                break
            passed.append(element)
            own = _is_boilerplate(element)
            if own is not None:
                verdict = own
                break
        self._known.update(dict.fromkeys(passed, verdict))
        return verdict


def _is_boilerplate(element: html.HtmlElement) -> bool | None:
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag in {"article", "main", "body"}:
        return False
    if tag == "header" and next(element.iterancestors("article", "main"), None) is not None:
        return None  # an article's own, with its headline
    if tag in _BOILERPLATE_TAGS or (element.get("role") or "").lower() in _BOILERPLATE_ROLES:
        return True
    if _BOILERPLATE_NAMES.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
        return True
    return None


def _likely(links: Iterable[_Link], document: SourceDocument) -> list[_Link]:
    """The links that look like articles by themselves, and those whose address has the form of theirs."""
    scores = [(link, _score(link)) for link in links if is_same_site(link.url, document.url)]
    # "The port opens" at /press/0319.html is too little alone, but it is when /press/0320.html is one.
    forms = {_form(link.url) for link, score in scores if score >= _ENOUGH and _DIGITS.search(link.url)}
    return [link for link, score in scores if score >= (_SOME if _form(link.url) in forms else _ENOUGH)]


def _form(url: str) -> str:
    return _DIGITS.sub("0", canonicalise(url))


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
    score += 1 if link.is_in_article else 0
    score += 2 if slug_words >= 4 else 1 if slug_words == 3 else 0
    score += 2 if _DATED.search("/" + path) else 0
    score += 1 if _NUMBERED.search(path) or re.search(r"(?i)(?:^|&)(?:id|p|article|news|story)\w*=\d+", query) else 0
    score += 1 if len(segments) >= 2 else 0
    score += 1 if re.search(r"(?i)\.(?:s?html?|php|aspx?)$", path) else 0
    return score
