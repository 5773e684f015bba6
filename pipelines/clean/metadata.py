"""Metadata: what a page says of itself in its head, its first-order headings and its JSON-LD."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from pipelines.urls import join, parse_url

_SPACES = re.compile(r"\s+")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_PARTING = ("br", "div", "p", "h2", "h3", "h4", "header", "hgroup", "li")
_MAX_HEADING = 400  # characters; a longer h1 is a page that someone wrapped in one

Node: TypeAlias = dict[str, Any]

# Unparseable JSON-LD costs others 3 s at 1 MB and over 60 s at 4 MB.
_MAX_BYTES = 256 * 1024
_MAX_NODES = 500
_MAX_DEPTH = 6
_ARTICLE_TYPES = frozenset(
    """
    newsarticle article reportagenewsarticle analysisnewsarticle opinionnewsarticle backgroundnewsarticle
    reviewnewsarticle asknewsarticle advertisercontentarticle satiricalarticle blogposting liveblogposting
    socialmediaposting report scholarlyarticle techarticle review criticreview posting
    """.split()
)
_LESSER_TYPES = frozenset({"webpage", "videoobject", "podcastepisode", "event", "recipe", "creativework", "itempage"})
_WRAPPING = re.compile(r"^\s*(?:<!\[CDATA\[|<!--|//\s*<!\[CDATA\[)?\s*|\s*(?:\]\]>|-->|//\s*\]\]>)?[\s;]*$")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")


@dataclass(slots=True, kw_only=True)
class PageMetadata:
    """What stands in a page's head, and its first-order headings."""

    metas: dict[str, list[str]] = field(default_factory=dict)  # name, property or itemprop, lower-case → contents
    canonical: str | None = None
    title: str | None = None
    headings: tuple[str, ...] = ()
    language: str | None = None

    def first(self, *keys: str) -> str | None:
        """Return the first content under the first of the keys that has one."""
        return next((value for key in keys for value in self.metas.get(key, ())), None)

    def every(self, *keys: str) -> list[str]:
        """Return all contents under the keys, in their order."""
        return [value for key in keys for value in self.metas.get(key, ())]


def read_metadata(tree: HtmlElement, *, url: str) -> PageMetadata:
    """Return what a page's head says; URLs are made absolute against `url`."""
    metadata = PageMetadata(
        language=tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang")
    )
    headings: list[str] = []
    for element in tree.iter("meta", "link", "title", "h1"):
        if element.tag == "meta":
            _add_meta(metadata, element)
        elif element.tag == "link":
            if (
                metadata.canonical is None
                and "canonical" in (element.get("rel") or "").lower().split()
                and element.get("href")
            ):
                metadata.canonical = absolute(element.get("href", ""), url)
        elif element.tag == "title":
            if metadata.title is None and not any(True for _ in element.iterancestors("svg")):
                metadata.title = squeeze(element.text_content()) or None
        elif len(headings) < 20:
            text = squeeze(_heading_text(element))
            if 0 < len(text) <= _MAX_HEADING:
                headings.append(text)
    metadata.headings = tuple(headings)
    metadata.language = metadata.language or metadata.first("content-language", "language", "dc.language", "og:locale")
    return metadata


def squeeze(text: str) -> str:
    """Return a text on one line, with single spaces and without what nobody sees."""
    return _SPACES.sub(" ", text.replace("\u00ad", "").replace("\u200b", "").replace("\ufeff", "")).strip()


def unescaped(text: str) -> str:
    """Return a text without tags and entities: JSON-LD and meta elements often hold HTML, escaped twice at times."""
    for _ in range(2):
        if "&" not in text and "<" not in text:
            break
        text = _TAG.sub("", html.unescape(text))
    return text


def absolute(link: str, base: str) -> str | None:
    """Return an absolute http(s) URL, or None where the link does not make one."""
    joined = join(base, link)
    return joined if parse_url(joined) else None


def _heading_text(element: HtmlElement) -> str:
    """The text of a heading, in which a line break and a block part words: "Kicker<br>Headline"."""
    if next(element.iterdescendants(*_PARTING), None) is None:
        return str(element.text_content())
    pieces: list[str] = []
    for event, inner in iterwalk(element, events=("start", "end")):
        pieces.append(" " if inner.tag in _PARTING else "")
        pieces.append((inner.text if event == "start" else inner.tail if inner is not element else "") or "")
    return "".join(pieces)


def _add_meta(metadata: PageMetadata, element: HtmlElement) -> None:
    content = squeeze(element.get("content") or "")
    if not content:
        return
    keys = {(element.get(name) or "").strip().lower() for name in ("property", "name", "itemprop", "http-equiv")}
    for key in sorted(keys - {""}):
        values = metadata.metas.setdefault(key, [])
        if len(values) < 50:
            values.append(content)


def read_nodes(tree: HtmlElement) -> list[Node]:
    """Return every JSON-LD object of a page, outermost first, and drop the scripts that are broken or too large."""
    nodes: list[Node] = []
    for script in list(tree.iter("script")):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        parsed = _parse(script.text or "")
        if parsed is None:
            script.drop_tree()
            continue
        nodes.extend(_walk(parsed))
        if len(nodes) > _MAX_NODES:
            break
    return nodes[:_MAX_NODES]


def article_node(nodes: list[Node], *, url: str) -> Node:
    """Return the node which describes the article of this page, or an empty one.

    An article before other works, one that names this URL before the others, one with a headline before one without.
    """
    best: Node = {}
    best_rank = (0, 0, 0)
    path = _path(url)
    for node in nodes:
        kinds = {kind.rpartition("/")[2].lower() for kind in strings(node.get("@type"))}
        kind_rank = 2 if kinds & _ARTICLE_TYPES else 1 if kinds & _LESSER_TYPES else 0
        if not kind_rank:
            continue
        names = [*strings(node.get("url")), *_ids(node.get("mainEntityOfPage")), *strings(node.get("@id"))]
        is_here = int(path not in {"", "/"} and any(_path(name) == path for name in names))
        rank = (kind_rank, is_here, int(bool(node.get("headline"))) + int(bool(node.get("datePublished"))))
        if rank > best_rank:
            best, best_rank = node, rank
    return best


def strings(value: Any) -> list[str]:
    """Return the strings in a value that may be one, or a list of them, or neither."""
    values = value if isinstance(value, list) else [value]
    return [one.strip() for one in values if isinstance(one, str) and one.strip()]


def names(value: Any, nodes: list[Node]) -> list[str]:
    """Return the names in a value: strings, objects with a name, references to other nodes."""
    found: list[str] = []
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, list):
            found.extend(name for inner in one for name in names(inner, nodes) if not isinstance(inner, list))
        elif isinstance(one, dict):
            if not one.get("name") and one.get("@id"):
                one = next((node for node in nodes if node.get("@id") == one["@id"] and node.get("name")), one)
            parts = [*strings(one.get("givenName"))[:1], *strings(one.get("familyName"))[:1]]
            found.extend(strings(one.get("name")) or [" ".join(parts)])
    return [name.strip() for name in found if name.strip()]


def image_url(value: Any) -> str | None:
    """Return the first URL in a value: a string, an ImageObject, or a list of them."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str) and one.startswith(("http", "/")):
            return one
        if isinstance(one, dict):
            found = [*strings(one.get("url")), *strings(one.get("contentUrl")), *strings(one.get("@id"))]
            if found and found[0].startswith(("http", "/")):
                return found[0]
    return None


def _parse(text: str) -> Any:
    if len(text) > _MAX_BYTES:
        return None
    text = _WRAPPING.sub("", text)
    # strict=False: real pages carry raw line breaks inside JSON strings.
    for candidate in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _walk(value: Any, depth: int = 0) -> Iterator[Node]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for one in value[:_MAX_NODES]:
            yield from _walk(one, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemReviewed", "hasPart", "author", "publisher"):
            if isinstance(value.get(key), dict | list):
                yield from _walk(value[key], depth + 1)


def _ids(value: Any) -> list[str]:
    return [*strings(value), *(strings(value.get("@id")) if isinstance(value, dict) else [])]


def _path(url: str) -> str:
    return re.sub(r"^\w+://[^/]*|[?#].*$", "", url).rstrip("/")
