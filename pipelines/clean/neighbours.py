"""Neighbours: the other articles on a page, whole ones behind its own and teasers among its text, leave the tree."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from lxml.html import HtmlElement

from pipelines.clean.titles import title_key
from pipelines.urls import registered_domain

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_HEADLINE = 15  # characters; a shorter heading or link is a label
_MIN_ABOVE = 300  # characters of the article's own prose above the first neighbour
_MAX_DESCRIBED = 450  # characters of a teaser beside its headline
_MIN_DESCRIBED = 30
_CARD_LEVELS = 5  # how far above its link a teaser's element may be
_POSTS = 4  # that many blocks with a heading and a date, or a linked heading, are parts of the article
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:by-?line|authors?|date|time|timestamp|published|posted|meta)(?:$|[\s_-])", re.IGNORECASE
)
_ENOUGH_TEASERS = 12  # above the headline; they are counted, not dropped
_ASIDE = ("nav", "footer")
_HOST = re.compile(r"(?:https?:)?//([^/?#]*)", re.IGNORECASE)
_CARDS = frozenset({"div", "li", "section", "article", "aside", "td", "figure", "dd"})


def drop_neighbours(tree: HtmlElement, prose: Mapping[HtmlElement, int], *, titles: Sequence[str], url: str) -> int:
    """Take other articles and their teasers out of a page; return how many there were of either.

    Teasers above all that may be the article's are counted and left: a page of nothing else shall look like one.

    prose: the page's longer paragraphs → characters. titles: what the page calls itself.
    """
    walk = _Walk(prose, [key for key in map(title_key, titles) if key], url)
    unwanted = list(walk.run(tree))
    for element in unwanted:
        if element.getparent() is not None:
            element.drop_tree()
    return len(unwanted) + walk.left_count


class _Walk:
    """One walk over a page in its own order, which knows what has been found to be the article's so far."""

    def __init__(self, prose: Mapping[HtmlElement, int], title_keys: Sequence[str], url: str) -> None:
        self.prose = prose
        self.title_keys = title_keys
        self.around = {above for one in prose for above in one.iterancestors(*_ASIDE)}  # asides with prose in them
        self.path = _path(url)
        self.domain = registered_domain(url)
        self.above: set[HtmlElement] = set()  # all that hold something of the article's
        self.dated: list[HtmlElement] = []  # blocks that may be other articles, or the posts of a live page
        self.linked: list[HtmlElement] = []  # likewise, or the parts of a list of recommendations
        self.judged: set[HtmlElement] = set()  # blocks of which the first heading has been judged
        self.sizes: dict[HtmlElement, int] = {}
        self.left_count = 0  # teasers above the headline and all prose
        self.size = 0  # characters of the article's prose so far

    def run(self, tree: HtmlElement) -> Iterator[HtmlElement]:
        found: list[HtmlElement] = []
        block: HtmlElement | None = None
        has_title = False
        for element in tree.iter("p", "a", *_ASIDE, *_HEADINGS):
            if block is not None:
                if block in element.iterancestors():
                    continue
                block = None
            if element.tag in _ASIDE:
                block = element if element not in self.around else None
                continue
            if element.tag == "p":
                if element in self.prose:
                    self.size += self.prose[element]
                    self._own(element)
                continue
            if element.tag == "a":
                block = self._card(element) if has_title or self.size or self.left_count < _ENOUGH_TEASERS else None
                if block is None:
                    continue
                if has_title or self.size:
                    found.append(block)
                else:
                    self.left_count += 1
                continue
            if not has_title and self._is_title(element):
                has_title = True
                self._own(element)
                continue
            if self.size >= _MIN_ABOVE:
                block = self._article(element)
                if block is not None:
                    found.append(block)
        yield from found
        if sum(1 + sum(1 for _ in block.iter("time")) // 2 for block in self.dated) < _POSTS:
            yield from self.dated
        if len(self.linked) < _POSTS:
            yield from self.linked

    def _own(self, element: HtmlElement) -> None:
        for one in element.iterancestors():
            if one in self.above:
                break
            self.above.add(one)

    def _is_title(self, heading: HtmlElement) -> bool:
        key = title_key(heading.text_content())
        return bool(key) and any(
            key == one or (len(key) >= _HEADLINE and (key in one or one in key)) for one in self.title_keys
        )

    def _article(self, heading: HtmlElement) -> HtmlElement | None:
        """The element of another article whose heading this is: one with a date or a byline above its prose."""
        if len(heading.text_content().strip()) < _HEADLINE or self._is_title(heading):
            return None
        block = heading
        while (parent := block.getparent()) is not None and parent not in self.above:
            block = parent
        if block is heading or block in self.judged:
            return None
        self.judged.add(block)
        if not any(inner in self.prose for inner in block.iter("p")):
            return None
        is_linked = any(self._leads_away(link) for link in [*heading.iter("a"), *heading.iterancestors("a")])
        has_byline = _has_byline(block, self.prose)
        if heading.tag == "h1" or (is_linked and has_byline):
            return block
        if has_byline:
            self.dated.append(block)
        elif is_linked:
            self.linked.append(block)
        return None

    def _card(self, link: HtmlElement) -> HtmlElement | None:
        """The element of a teaser whose headline this link is."""
        title = len(link.text_content().strip())
        if title < _HEADLINE or not self._leads_away(link):
            return None
        card = link
        for _ in range(_CARD_LEVELS):
            parent = card.getparent()
            if parent is None or parent in self.above:
                return None
            card = parent
            beside = self._size(card) - title
            if beside >= _MIN_DESCRIBED:
                break
        else:
            return None
        if card.tag not in _CARDS or beside > _MAX_DESCRIBED or next(card.iter("h1"), None) is not None:
            return None
        if not _is_block(link, card):
            return None
        return card

    def _size(self, element: HtmlElement) -> int:
        """The characters in an element, counted once: thousands of links may stand in one."""
        size = self.sizes.get(element)
        if size is None:
            size = self.sizes[element] = len(element.text_content().strip())
        return size

    def _leads_away(self, link: HtmlElement) -> bool:
        href = (link.get("href") or "").strip()
        if not href or href.startswith(("#", "mailto:", "javascript:", "tel:")):
            return False
        host = _HOST.match(href)
        return (host is None or _domain_of(host[1]) == self.domain) and _path(href) != self.path


@lru_cache(maxsize=1024)  # a page's links lead to a few hosts
def _domain_of(host: str) -> str | None:
    return registered_domain(f"https://{host}/")


def _is_block(link: HtmlElement, card: HtmlElement) -> bool:
    """Whether a link is a line of its own, and not words of a sentence."""
    if next(link.iter(*_HEADINGS, "p", "div"), None) is not None:
        return True
    text = link.text_content().strip()
    for above in link.iterancestors():
        if above is card:
            return not (card.text or "").strip() and not (link.tail or "").strip()
        if above.text_content().strip() != text:
            return False
        if above.tag in _HEADINGS or above.tag in {"p", "div", "li"}:
            return True
    return False


def _is_byline(element: HtmlElement) -> bool:
    return (
        element.tag == "time"
        or "author" in (element.get("rel") or "")
        or element.get("itemprop") in {"author", "datePublished"}
        or _BYLINE.search(element.get("class") or "") is not None
    )


def _has_byline(block: HtmlElement, prose: Mapping[HtmlElement, int]) -> bool:
    """Whether a block says when or by whom before it says anything else."""
    for element in block.iter():
        if element in prose:
            return False
        if _is_byline(element):
            return True
    return False


def _path(url: str) -> str:
    return re.sub(r"^(?:\w+:)?//[^/]*|[?#].*$", "", url).rstrip("/")
