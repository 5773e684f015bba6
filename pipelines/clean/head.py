"""Head: one walk over a page collects what its meta elements, links, titles and headings say."""

import html
import re
from dataclasses import dataclass, field
from urllib.parse import urljoin

from lxml.etree import iterwalk
from lxml.html import HtmlElement

_SPACES = re.compile(r"\s+")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_PARTING = ("br", "div", "p", "h2", "h3", "h4", "header", "hgroup", "li")
_HEADING_ROOM = 400  # characters; a longer h1 is a page that someone wrapped in one


@dataclass(slots=True, kw_only=True)
class Head:
    """What stands in a page's head, and its first-order headings."""

    metas: dict[str, list[str]] = field(default_factory=dict)  # name, property or itemprop, lower-case → contents
    canonical: str | None = None
    amp_of: str | None = None
    title: str | None = None
    headings: tuple[str, ...] = ()
    language: str | None = None

    def first(self, *keys: str) -> str | None:
        """Return the first content under the first of the keys that has one."""
        return next((value for key in keys for value in self.metas.get(key, ())), None)

    def every(self, *keys: str) -> list[str]:
        """Return all contents under the keys, in their order."""
        return [value for key in keys for value in self.metas.get(key, ())]


def read_head(tree: HtmlElement, *, url: str) -> Head:
    """Return what a page's head says; URLs are made absolute against `url`."""
    head = Head(
        language=tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang")
    )
    headings: list[str] = []
    for element in tree.iter("meta", "link", "title", "h1"):
        if element.tag == "meta":
            _add_meta(head, element)
        elif element.tag == "link":
            if (
                head.canonical is None
                and "canonical" in (element.get("rel") or "").lower().split()
                and element.get("href")
            ):
                head.canonical = absolute(element.get("href", ""), url)
        elif element.tag == "title":
            if head.title is None and not any(True for _ in element.iterancestors("svg")):
                head.title = squeeze(element.text_content()) or None
        elif len(headings) < 20:
            text = squeeze(_heading_text(element))
            if 0 < len(text) <= _HEADING_ROOM:
                headings.append(text)
    head.headings = tuple(headings)
    head.language = head.language or head.first("content-language", "language", "dc.language", "og:locale")
    return head


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
    try:
        joined = urljoin(base, link.strip())
    except ValueError:
        return None
    return joined if joined.startswith(("http://", "https://")) else None


def _heading_text(element: HtmlElement) -> str:
    """The text of a heading, in which a line break and a block part words: "Kicker<br>Headline"."""
    if next(element.iterdescendants(*_PARTING), None) is None:
        return str(element.text_content())
    pieces: list[str] = []
    for event, inner in iterwalk(element, events=("start", "end")):
        pieces.append(" " if inner.tag in _PARTING else "")
        pieces.append((inner.text if event == "start" else inner.tail if inner is not element else "") or "")
    return "".join(pieces)


def _add_meta(head: Head, element: HtmlElement) -> None:
    content = squeeze(element.get("content") or "")
    if not content:
        return
    keys = {(element.get(name) or "").strip().lower() for name in ("property", "name", "itemprop", "http-equiv")}
    for key in sorted(keys - {""}):
        values = head.metas.setdefault(key, [])
        if len(values) < 50:
            values.append(content)
