"""Body: a parsed page becomes the lines of its article, by trafilatura."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Literal

from lxml.etree import _Element, iterwalk
from lxml.html import HtmlElement, document_fromstring
from trafilatura.core import trafilatura_sequence
from trafilatura.settings import Extractor

from pipelines.clean.blocks import container, drop_boxes, find_leads, paragraph_weights, prose_in, squash
from pipelines.clean.draft import Line, LineKind
from pipelines.clean.marks import Marks
from pipelines.clean.metadata import squeeze
from pipelines.clean.neighbours import drop_neighbours
from pipelines.clean.titles import title_key

_OPTIONS = Extractor(output_format="python", fast=True, comments=False)

_TEASERS = 6  # that many make a page with next to no prose of its own a list
_MIN_PROSE = 200  # characters
_MIN_HEADLINE = 20  # bytes; a shorter one may be the name of a section
_TINY_TEXT = 500  # characters
_MIN_SHARE = 0.4  # of the longer paragraphs
_MUCH_MORE = 2  # times a tiny text
_LUMP_SIZE = 1500  # characters
_LUMP = 0.8  # of the text, on one line
_SHARES = (0.8, 0.5)  # of the longer paragraphs, in the element that is read alone
_MAX_MISSED = 0.3  # of its longer paragraphs
_KEY = 60  # letters by which a paragraph is known again

_BREAKING = frozenset(
    "p head list item quote code table row cell div section article main lb h1 h2 h3 h4 h5 h6 ul ol li dl dt dd "
    "blockquote pre td th tr br hr body".split()
)
_SIMILARDS: dict[str, LineKind] = {
    "head": "heading", **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    "item": "item", "li": "item", "dd": "item", "dt": "item",
    "quote": "quote", "blockquote": "quote",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Body:
    """The lines read from a page, how many boxes were taken out of it before, and whether it is a list of teasers."""

    lines: tuple[Line, ...] = ()
    box_count: int = 0
    is_list: bool = False

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
        return self.size > _LUMP_SIZE and longest > _LUMP * self.size


def extract(
    tree: HtmlElement,
    *,
    descriptions: Sequence[str],
    titles: Sequence[str] = (),
    url: str = "",
    has_boxes: bool = False,
) -> Body:
    """Return the article in a page. The tree is used up.

    Other articles and teasers leave the tree first. The element that holds most of the prose is read alone: it is a
    tenth of the page, and the extractor, which takes the first block with a likely name, misses articles that lie in
    several. Where the extractor leaves out paragraphs of the same kind as those it takes, all lines of the element
    are taken; where there is next to no prose, the whole page is read.

    descriptions: what the page says about itself. titles: what it may be called, its headline first. has_boxes: leave
    captions, fact boxes and the like in.
    """
    weights = paragraph_weights(tree)
    neighbour_count = 0 if has_boxes else drop_neighbours(tree, prose_in(tree, weights), titles=titles, url=url)
    if neighbour_count:
        weights = paragraph_weights(tree)
    is_list = neighbour_count >= _TEASERS and weights[tree] < _MIN_PROSE and _headline_in(tree, titles) is None
    inside = _container(tree, weights, titles)
    body = Body() if inside is None else _read_inside(inside, weights, url, has_boxes)
    if body.size < _TINY_TEXT or body.is_lump:
        whole = _read(tree, url, has_boxes)
        if not body.lines or (whole.size > _MUCH_MORE * body.size and not whole.is_lump):
            body = whole
    around = tree if inside is None else inside
    if body.size < _MIN_SHARE * sum(len(one.text_content()) for one in prose_in(around, weights)):
        # Nested too deep, the same over and over, or in names that extractors shun: better all of it than too little.
        body = Body(tuple(lines_of(around)), body.box_count)
    leads = find_leads(tree, descriptions, [line.text for line in body.lines], title=titles[0] if titles else None)
    return Body((*map(Line, leads), *body.lines), body.box_count, is_list)


def _container(tree: HtmlElement, weights: Counter[HtmlElement], titles: Sequence[str]) -> HtmlElement | None:
    """The element to read alone: with most of the prose, or with the headline and some where there is little."""
    if weights[tree] >= _TINY_TEXT:
        for share in _SHARES:
            inside = container(tree, weights, share=share)
            if inside is not None:
                return inside
    heading = _headline_in(tree, titles, min_size=1)
    around = None if heading is None else next((one for one in heading.iterancestors() if weights[one]), None)
    return None if around is None or around.tag in {"body", "html"} else around


def _headline_in(tree: HtmlElement, titles: Sequence[str], *, min_size: int = _MIN_HEADLINE) -> HtmlElement | None:
    """The heading that is what the page calls itself, where that is no shorter than the name of a section."""
    keys = [key for key in map(title_key, titles) if len(key.encode()) >= min_size]
    return next((one for one in tree.iter("h1", "h2") if title_key(one.text_content()) in keys), None)


def _read_inside(inside: HtmlElement, weights: Counter[HtmlElement], url: str, has_boxes: bool) -> Body:
    prose = prose_in(inside, weights)
    parent = inside.getparent()
    beside = [one for one in parent if one.tag == "p" and weights[one]] if parent is not None else []
    body = _read(_scope(inside, beside, "main"), url, has_boxes)
    if _misses_prose(body, prose):
        return _read(_scope(inside, beside, "div"), url, has_boxes)
    return body


def _read(tree: HtmlElement, url: str, has_boxes: bool) -> Body:
    """What trafilatura finds in a tree, which stays as it is but for its boxes."""
    box_count = 0 if has_boxes else drop_boxes(tree)
    marks = Marks(tree, url=url)
    element, _, _, _ = trafilatura_sequence(copy(tree), _OPTIONS)
    lines = (replace(line, marks=marks.of(line.text)) for line in lines_of(element))
    return Body(tuple(lines), box_count)


def _misses_prose(body: Body, prose: Mapping[HtmlElement, int]) -> bool:
    """Whether a body lacks much of the prose that stands among what it has, or in elements of the same kind.

    What stands behind it in elements of another kind may be anything.
    """
    said = squash(body.text)
    found = {one: squash(one.text_content())[:_KEY] in said for one in prose}
    kinds = {_kind(one) for one, is_found in found.items() if is_found}
    last = max((index for index, is_found in enumerate(found.values()) if is_found), default=len(found))
    missed = sum(
        prose[one]
        for index, (one, is_found) in enumerate(found.items())
        if not is_found and (index < last or _kind(one) in kinds)
    )
    return missed > _MAX_MISSED * sum(prose.values())


def _kind(paragraph: HtmlElement) -> tuple[str, str]:
    above = paragraph.getparent()
    return ("", "") if above is None else (str(above.tag), above.get("class") or "")


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
                kinds.append(_SIMILARDS.get(tag, kinds[-1]))
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
