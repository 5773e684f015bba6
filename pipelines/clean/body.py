"""Body: a parsed page becomes the lines of its article, by trafilatura, fast first and in full where that looks short."""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy

from lxml.etree import _Element, iterwalk
from lxml.html import HtmlElement
from trafilatura.core import trafilatura_sequence
from trafilatura.settings import Extractor

from pipelines.clean.draft import Line, LineKind
from pipelines.clean.head import squeeze
from pipelines.clean.titles import title_key

_FAST = Extractor(output_format="python", fast=True, comments=False)
_FULL = Extractor(output_format="python", fast=False, comments=False)

_SHORT_TEXT = 1500  # characters
_LEAST_SHARE = 0.4  # of the text in the page's longer paragraphs
_LONG_PARAGRAPH = 80  # characters
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
    "row": "row", "tr": "row",
}  # fmt: skip
_BLOCKS = frozenset("p li h1 h2 h3 h4 h5 h6 td th div dd dt blockquote section article aside figcaption body html".split())


def extract(tree: HtmlElement, *, description: str | None) -> list[Line]:
    """Return the lines of the article in a page; the tree stays as it is."""
    lines = list(lines_of(_body(tree, _FAST)))
    if _looks_short(lines, tree, description) and _count_blocks(tree) <= _MOST_BLOCKS:
        fuller = list(lines_of(_body(tree, _FULL)))
        if _size(fuller) > _size(lines):
            lines = fuller
    links = _link_keys(tree)
    return [Line(line.text, line.kind, title_key(line.text) in links) for line in lines]


def lines_of(body: _Element) -> Iterator[Line]:
    """Yield the lines of an element: one a block, one a row of short cells. Works on trafilatura's tags and on HTML's."""
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


def _body(tree: HtmlElement, options: Extractor) -> _Element:
    body, _, _, _ = trafilatura_sequence(copy(tree), options)
    return body


def _looks_short(lines: Sequence[Line], tree: HtmlElement, description: str | None) -> bool:
    size = _size(lines)
    if size < _SHORT_TEXT:
        return True
    if description:
        words = set(description.casefold().split())
        said = set(" ".join(line.text for line in lines).casefold().split())
        if len(words & said) < _LEAST_DESCRIBED * len(words):
            return True
    paragraphs = (len(element.text_content()) for element in tree.iter("p"))
    return size < _LEAST_SHARE * sum(length for length in paragraphs if length >= _LONG_PARAGRAPH)


def _size(lines: Iterable[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _count_blocks(tree: HtmlElement) -> int:
    return sum(1 for _ in tree.iter("p", "div", "li", "td", "th", "h1", "h2", "h3", "h4", "section", "br"))


def _link_keys(tree: HtmlElement) -> frozenset[str]:
    """The texts of blocks that hold links and nothing else."""
    linked: dict[HtmlElement, int] = {}
    keys: set[str] = set()
    for link in tree.iter("a"):
        text = link.text_content()
        if not text or text.isspace():
            continue
        keys.update(title_key(inner.text_content()) for inner in link.iterdescendants("h2", "h3", "h4", "p", "div", "span"))
        block = next((above for above in link.iterancestors() if above.tag in _BLOCKS), None)
        if block is not None:
            linked[block] = linked.get(block, 0) + len(title_key(text))
    for block, size in linked.items():
        if block.tag not in {"body", "html", "section", "article"}:
            key = title_key(block.text_content())
            if size >= 0.9 * len(key):
                keys.add(key)
    keys.discard("")
    return frozenset(keys)
