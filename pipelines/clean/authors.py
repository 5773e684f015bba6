"""Authors: what a page says about who wrote it becomes a list of names."""

import re
from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from pipelines.clean.head import Head, squeeze
from pipelines.clean.jsonld import Node, names
from pipelines.clean.titles import title_key

_KEYS = ("author", "article:author", "parsely-author", "dc.creator", "dcterms.creator", "sailthru.author", "byl", "creator")
_BY = re.compile(
    r"^(?:(?:written|reported|posted|published|words|story|text|interview|analysis|opinion)\s+)?"
    r"(?:by|von|par|por|door|av|af|di|de la redacción de|przez|autor(?:en|in|zy|ka)?|authors?|auteurs?|автор(?:ы)?)\b\s*:?\s+",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:[;|•·、]|,(?!\s*(?:jr|sr|ph\.?d|m\.?d|ii|iii)\b)|\s/\s|\s(?:and|und|et|y|og|och|en|i|и|ve|&)\s)\s*", re.IGNORECASE)
_INITIALS = re.compile(r"\s*\([a-zäöüß./, ]{1,8}\)$")  # the shorthand of a newsroom; "(赵建东)" stays
_NO_NAME = re.compile(r"^(?:image|photo|bild|foto|picture|video|credit)\b|https?:|www\.|@|\d{3}|[<>{}\[\]=]", re.IGNORECASE)
_NOBODY = frozenset({"admin", "administrator", "author", "staff", "editor", "unknown", "none", "null", "undefined", "guest", "anonymous", "user"})
_MOST_AUTHORS = 30
_MOST_NAME = 80


def find_authors(head: Head, node: Node, nodes: list[Node], tree: HtmlElement, *, outlets: Sequence[str]) -> tuple[str, ...]:
    """Return the names of a page's authors: JSON-LD first, then meta, then microdata and rel=author.

    An outlet's own name counts only where nobody else is named.
    """
    written = names(node.get("author"), nodes) or names(node.get("creator"), nodes)
    return (
        tidy_authors(written, outlets=outlets)
        or tidy_authors(head.every(*_KEYS), outlets=outlets)
        or tidy_authors(_marked(tree), outlets=outlets)
    )


def tidy_authors(given: Iterable[str], *, outlets: Sequence[str]) -> tuple[str, ...]:
    """Return names without prefixes, addresses and doubles, split where one string holds several."""
    found: dict[str, str] = {}
    for text in given:
        for part in _SPLIT.split(_BY.sub("", squeeze(text))):
            name = _INITIALS.sub("", _BY.sub("", part)).strip(" ,.;:-–—|/")
            key = title_key(name)
            if key and key not in _NOBODY and len(name) <= _MOST_NAME and not _NO_NAME.search(name):
                found.setdefault(key, name)
    people = {key: name for key, name in found.items() if key not in {title_key(outlet) for outlet in outlets}}
    return tuple((people or found).values())[:_MOST_AUTHORS]


def _marked(tree: HtmlElement) -> list[str]:
    found: list[str] = []
    for element in tree.iter("a", "span", "div", "p", "address"):
        if element.get("rel") == "author" or "author" in (element.get("itemprop") or "").split():
            inner = next((one for one in element.iter() if one.get("itemprop") == "name"), element)
            text = squeeze(inner.get("content") or inner.text_content())
            if 0 < len(text) <= _MOST_NAME:
                found.append(text)
    return found
