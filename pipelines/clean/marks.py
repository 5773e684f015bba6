"""Marks: what the layout of a block says about its line: that it leads elsewhere, or that the outlet speaks."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from pipelines.clean.blocks import squash
from pipelines.clean.draft import Mark
from pipelines.urls import registered_domain

_BLOCKS = frozenset(
    "p li h1 h2 h3 h4 h5 h6 td th div dd dt blockquote section article aside figcaption body html".split()
)
_CONTAINERS = frozenset({"body", "html", "section", "article"})
_LINKED = 0.85  # of the characters of a block; the rest is what stands between links
_LINKED_ITEM = 0.6  # of a list item that ends in its link: "Kicker: a headline"
_POINTED = 0.5  # of a line that ends in its link
_MAX_LEAD_IN = 40  # letters in front of that link
_MAX_POINTER, _MAX_NOTICE = 260, 400  # letters of such a line
_ITALIC = 0.9
_ENDS = (".", "!", "?", "…", "。", "！", "？", "।", "؟", '"', "”", "»", "“")
# Where a page asks to be subscribed to, supported, downloaded, followed or written to. An article links to posts.
_NOTICE = re.compile(
    r"^mailto:|^https?://(?:apps\.apple\.com|itunes\.apple\.com|play\.google\.com/store|news\.google\.com/publications|"
    r"(?:www\.)?google\.com/preferences/source|(?:www\.)?whatsapp\.com/channel|chat\.whatsapp\.com|"
    r"(?:t|telegram)\.me/[\w+]+/?$|signal\.(?:me|group)|(?:www\.)?patreon\.com|(?:www\.)?paypal\.\w+|steadyhq\.com|"
    r"[\w.-]+\.substack\.com/subscribe)"
    r"|[/.?&=-](?:newsletters?|subscri(?:be|ptions?|ber)|abo|abos|abonn\w*|abonn?ement\w*|suscri\w*|assin(?:e|atura)\w*|"
    r"iscri(?:viti|zione)|abbona\w*|prenumer\w*|predplatn\w*|prenumerata|abone\w*|membership|mitglied\w*|"
    r"donat(?:e|ions?)|spenden?|support-us|app-download|push-notifications)(?:[/.?&=#-]|$)",
    re.IGNORECASE,
)


class Marks:
    """The marks of a page's blocks, by their text."""

    def __init__(self, tree: HtmlElement, *, url: str) -> None:
        self._domain = registered_domain(url)
        self._by_key: dict[str, set[Mark]] = {}
        for block, links in _linked_blocks(tree).items():
            self._mark_linked(block, links)
        blocks = (
            next((above for above in one.iterancestors() if above.tag in _BLOCKS), None) for one in tree.iter("em", "i")
        )
        for block in dict.fromkeys(blocks):
            if block is not None and block.tag not in _CONTAINERS:
                self._mark_italic(block)
        self._by_key.pop("", None)

    def of(self, text: str) -> frozenset[Mark]:
        """Return the marks of the line that has this text."""
        return frozenset(self._by_key.get(squash(text), ()))

    def _add(self, key: str, mark: Mark) -> None:
        self._by_key.setdefault(key, set()).add(mark)

    def _mark_linked(self, block: HtmlElement, links: list[HtmlElement]) -> None:
        key = squash(block.text_content())
        texts = [squash(link.text_content()) for link in links]
        size = sum(map(len, texts))
        if size >= (_LINKED_ITEM if block.tag == "li" and key.endswith(texts[-1]) else _LINKED) * len(key):
            # br may part the links of a block.
            for one in (key, *texts):
                self._add(one, "link")
            return
        if len(key) <= _MAX_NOTICE and any(_NOTICE.search(link.get("href") or "") for link in links):
            self._add(key, "notice")
        if len(links) == 1 and len(key) <= _MAX_POINTER and self._is_pointer(key, texts[0], links[0]):
            self._add(key, "pointer")

    def _is_pointer(self, key: str, text: str, link: HtmlElement) -> bool:
        return (
            key.endswith(text)
            and not key.endswith(_ENDS)
            and len(text) >= _POINTED * len(key)
            and len(key) - len(text) <= _MAX_LEAD_IN
            and self._is_here(link.get("href") or "")
        )

    def _is_here(self, href: str) -> bool:
        if href.startswith(("http://", "https://")):
            return registered_domain(href) == self._domain
        return not href.startswith(("#", "mailto:", "//"))

    def _mark_italic(self, block: HtmlElement) -> None:
        key = squash(block.text_content())
        if len(key) > _MAX_NOTICE:
            return
        if sum(len(squash(one.text_content())) for one in _outermost(block)) >= _ITALIC * len(key):
            self._add(key, "italic")


def _block_of(element: HtmlElement) -> HtmlElement | None:
    return next((above for above in element.iterancestors() if above.tag in _BLOCKS), None)


def _outermost(block: HtmlElement) -> Iterator[HtmlElement]:
    for one in block.iter("em", "i"):
        if not any(above.tag in {"em", "i"} for above in one.iterancestors("em", "i")):
            yield one


def _linked_blocks(tree: HtmlElement) -> dict[HtmlElement, list[HtmlElement]]:
    linked: dict[HtmlElement, list[HtmlElement]] = {}
    for link in tree.iter("a"):
        if not link.text_content().strip():
            continue
        for inner in link.iterdescendants("h2", "h3", "h4", "p", "div", "span"):
            linked.setdefault(inner, [link])
        block = _block_of(link)
        if block is not None and block.tag not in _CONTAINERS:
            linked.setdefault(block, []).append(link)
    return linked
