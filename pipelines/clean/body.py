"""Body: a parsed page becomes the lines of its article, by trafilatura, fast first, in full where that looks short."""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Literal

from lxml.etree import _Element, iterwalk
from lxml.html import HtmlElement, document_fromstring
from trafilatura.core import trafilatura_sequence
from trafilatura.settings import Extractor

from pipelines.clean.blocks import container, drop_boxes, find_leads, paragraph_weights, squash
from pipelines.clean.draft import Line, LineKind
from pipelines.clean.metadata import squeeze
from pipelines.clean.neighbours import drop_neighbours

_FAST = Extractor(output_format="python", fast=True, comments=False)
_FULL = Extractor(output_format="python", fast=False, comments=False)

_LINKED_BLOCK = 0.85  # of the characters of a block; the rest is what stands between links
_LINKED_ITEM = 0.6  # of a list item that ends in its link: "Kicker: a headline"
_TINY_TEXT = 500  # characters
_SHORT_TEXT = 1500  # characters
_LUMP = 0.8  # of the text, on one line
_LEAST_SHARE = 0.4  # of the text in the page's longer paragraphs

_CONTAINED = 0.8  # of the longer paragraphs, in the element that is tried first
_LEAST_COVERED = 0.7  # of the longer paragraphs; below it the article may lie in several blocks
_LEAST_DESCRIBED = 0.3  # of the description's words
_MOST_BLOCKS = 3000  # the full extraction is quadratic in these: 8,000 cells took 4.6 s, 20,000 h1 over 60 s

_BREAKING = frozenset(
    "p head list item quote code table row cell div section article main lb h1 h2 h3 h4 h5 h6 ul ol li dl dt dd "
    "blockquote pre td th tr br hr body".split()
)
_KINDS: dict[str, LineKind] = {
    "head": "heading", **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    "item": "item", "li": "item", "dd": "item", "dt": "item",
    "quote": "quote", "blockquote": "quote",
}  # fmt: skip
_BLOCKS = frozenset(
    "p li h1 h2 h3 h4 h5 h6 td th div dd dt blockquote section article aside figcaption body html".split()
)


@dataclass(frozen=True, slots=True)
class Body:
    """The lines read from a page, and how many boxes were taken out of it before."""

    lines: tuple[Line, ...] = ()
    box_count: int = 0

    @property
    def text(self) -> str:
        """All lines in one."""
        return " ".join(line.text for line in self.lines)

    @property
    def size(self) -> int:
        """Characters."""
        return sum(len(line.text) for line in self.lines)

    @property
    def is_lump(self) -> bool:
        """Whether nearly everything stands on one line: the last resort of the extractor, navigation and all."""
        longest = max((len(line.text) for line in self.lines), default=0)
        return self.size > _SHORT_TEXT and longest > _LUMP * self.size


def extract(
    tree: HtmlElement,
    *,
    descriptions: Sequence[str],
    titles: Sequence[str] = (),
    url: str = "",
    has_boxes: bool = False,
) -> Body:
    """Return the article in a page. The tree is used up.

    The element that holds most of the page's prose is tried first, alone: it is a tenth of the page, and the
    extractor, which takes the first block with a likely name, misses articles that lie in several. The whole page
    is read where that leaves out too much, and in full where the result still looks short.

    descriptions: what the page says about itself. title: its headline. has_boxes: leave captions, fact boxes and the
    like in.
    """
    title = titles[0] if titles else None
    weights = paragraph_weights(tree)
    if not has_boxes and drop_neighbours(
        tree, {one: size for one, size in weights.items() if one.tag == "p"}, titles=titles, url=url
    ):
        weights = paragraph_weights(tree)
    prose = {squash(one.text_content())[:60]: size for one, size in weights.items() if one.tag == "p"}
    # With less prose than that the whole page is read in full anyway.
    inside = container(tree, weights, share=_CONTAINED) if weights[tree] >= _TINY_TEXT else None
    beside = () if inside is None else [one for one in inside.getparent() if one.tag == "p" and weights[one]]
    body = Body() if inside is None else _read_inside(inside, beside, prose, has_boxes)
    if _coverage(body, prose) < _LEAST_COVERED or body.is_lump or body.size < _TINY_TEXT:
        body = _read_all(tree, body, prose, descriptions, has_boxes)
    if not body.lines and prose:
        # Nested too deep, or in names that extractors shun: better all of it than nothing.
        body = Body(tuple(lines_of(tree if inside is None else inside)))
    teasers = find_leads(tree, descriptions, [line.text for line in body.lines], title=title)
    return Body((*map(Line, teasers), *body.lines), body.box_count) if teasers else body


def _read_inside(inside: HtmlElement, beside: Sequence[HtmlElement], prose: Mapping[str, int], has_boxes: bool) -> Body:
    body = _read(_scope(inside, beside, "main"), _FAST, has_boxes)
    if _coverage(body, prose) >= _LEAST_COVERED:
        return body
    return _read(_scope(inside, beside, "div"), _FAST, has_boxes)


def _read_all(
    tree: HtmlElement, body: Body, prose: Mapping[str, int], descriptions: Sequence[str], has_boxes: bool
) -> Body:
    is_bounded = _count_blocks(tree) <= _MOST_BLOCKS
    if body.size >= _TINY_TEXT or not is_bounded:
        # With next to nothing in hand the full extraction follows anyway, and begins with the same steps.
        wide = _read(tree, _FAST, has_boxes)
        if not body.lines or _coverage(wide, prose) > _coverage(body, prose):
            body = wide
    if is_bounded and _looks_short(body, sum(prose.values()), descriptions):
        full = _read(tree, _FULL, has_boxes)
        if full.size > body.size or (body.is_lump and not full.is_lump):
            body = full
    return body


def _read(tree: HtmlElement, options: Extractor, has_boxes: bool) -> Body:
    """What trafilatura finds in a tree, which stays as it is but for its boxes."""
    box_count = 0 if has_boxes else drop_boxes(tree)
    links = _link_keys(tree)
    element, _, _, _ = trafilatura_sequence(copy(tree), options)
    lines = (Line(line.text, line.kind, squash(line.text) in links) for line in lines_of(element))
    return Body(tuple(lines), box_count)


def _coverage(body: Body, prose: Mapping[str, int]) -> float:
    """The share of the page's longer paragraphs that a body holds. prose: their beginnings → characters."""
    said = squash(body.text)
    return sum(size for key, size in prose.items() if key in said) / sum(prose.values()) if prose else 1.0


def lines_of(body: _Element) -> Iterator[Line]:
    """Yield the lines of an element, one a block, one a row of short cells. It knows trafilatura's tags and HTML's."""
    kinds: list[LineKind] = ["paragraph"]
    pieces: list[str] = []
    pending: list[Line] = []
    row: list[int] | None = None

    def flush() -> None:
        text = squeeze("".join(pieces))
        pieces.clear()
        if text:
            pending.append(Line(text, kinds[-1]))

    for event, element in iterwalk(body, events=("start", "end")):
        tag = element.tag
        is_block = tag in _BREAKING
        if event == "start":
            if is_block:
                flush()
                kinds.append(_KINDS.get(tag, kinds[-1]))
            if tag in {"row", "tr"} and row is None:
                yield from pending
                pending.clear()
                row = []
            if element.text:
                pieces.append(element.text)
            continue
        if is_block:
            flush()
            kinds.pop()
        if row is not None and tag in {"cell", "td", "th"}:
            row.append(len(pending))
        if row is not None and tag in {"row", "tr"}:
            # One line a cell or less, and more than one cell: data. Else the table is there for the layout.
            sizes = [after - before for before, after in zip([0, *row], row, strict=False)]
            if len(pending) > 1 and sizes and max(sizes) <= 1 and all(len(line.text) < 200 for line in pending):
                joined = Line(" | ".join(line.text for line in pending), "row")
                pending[:] = [joined]
            row = None
        if element.tail and element is not body:
            pieces.append(element.tail)
    flush()
    yield from pending


def _looks_short(body: Body, paragraphs: int, descriptions: Sequence[str]) -> bool:
    if body.size < _SHORT_TEXT or body.size < _LEAST_SHARE * paragraphs or body.is_lump:
        return True
    words = set(descriptions[0].casefold().split()) if descriptions else set()
    return len(words & set(body.text.casefold().split())) < _LEAST_DESCRIBED * len(words)


def _scope(inside: HtmlElement, beside: Sequence[HtmlElement], tag: Literal["main", "div"]) -> HtmlElement:
    """A page that holds nothing but one element of another page, and the lone paragraphs beside it.

    What lies behind a paywall is wrapped at times, and the paragraphs in front of it are not. As "main" it is where
    extractors look last, after the names they know within it; as a "div" of the class "article-body" they look there
    first, and take all of it.
    """
    page = document_fromstring("<html><body></body></html>")
    article = copy(inside)
    article.tag = tag
    article.attrib.clear()
    if tag == "div":
        article.set("class", "article-body")
    article.tail = None
    page[0].append(article)
    parent = inside.getparent()
    place = parent.index(inside) if parent is not None else 0
    front = [copy(one) for one in beside if parent.index(one) < place]
    if front:
        article.text, front[-1].tail = None, article.text
        article[:0] = front
    article.extend(copy(one) for one in beside if parent.index(one) > place)
    return page


def _count_blocks(tree: HtmlElement) -> int:
    return sum(1 for _ in tree.iter("p", "div", "li", "td", "th", "h1", "h2", "h3", "h4", "section", "br"))


def _link_keys(tree: HtmlElement) -> frozenset[str]:
    """The texts of blocks that hold links and nothing else, and of the links in them, which br may part."""
    linked: dict[HtmlElement, list[str]] = {}
    keys: set[str] = set()
    for link in tree.iter("a"):
        text = squash(link.text_content())
        if not text:
            continue
        for inner in link.iterdescendants("h2", "h3", "h4", "p", "div", "span"):
            keys.add(squash(inner.text_content()[:500]))
        block = next((above for above in link.iterancestors() if above.tag in _BLOCKS), None)
        if block is not None and block.tag not in {"body", "html", "section", "article"}:
            linked.setdefault(block, []).append(text)
    for block, texts in linked.items():
        key = squash(block.text_content())
        least = _LINKED_ITEM if block.tag == "li" and key.endswith(texts[-1]) else _LINKED_BLOCK
        if sum(map(len, texts)) >= least * len(key):
            keys.update([key, *texts])
    keys.discard("")
    return frozenset(keys)
