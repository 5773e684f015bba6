"""Body: a parsed page becomes the lines of its article, by trafilatura, fast first and in full where that looks short."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from copy import copy

from lxml.etree import _Element, iterwalk
from lxml.html import HtmlElement, document_fromstring
from trafilatura.core import trafilatura_sequence
from trafilatura.settings import Extractor

from pipelines.clean.draft import Line, LineKind
from pipelines.clean.head import squeeze
from pipelines.clean.prune import container, paragraph_weights
from pipelines.clean.titles import title_key

_FAST = Extractor(output_format="python", fast=True, comments=False)
_FULL = Extractor(output_format="python", fast=False, comments=False)

_SHORT_TEXT = 1500  # characters
_LEAST_SHARE = 0.4  # of the text in the page's longer paragraphs
_LEAST_COVERED = 0.8  # of the longer paragraphs; below it the article may lie in several blocks
_LEAST_TEASER = 25  # letters
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


def extract(tree: HtmlElement, *, descriptions: Sequence[str]) -> list[Line]:
    """Return the lines of the article in a page; the tree stays as it is."""
    weights = paragraph_weights(tree)
    lines = list(lines_of(_body(tree, _FAST)))
    if _looks_short(lines, weights[tree], descriptions) and _count_blocks(tree) <= _MOST_BLOCKS:
        fuller = list(lines_of(_body(tree, _FULL)))
        if _size(fuller) > _size(lines) or (_is_lump(lines) and not _is_lump(fuller)):
            lines = fuller
    covered = _coverage(lines, weights)
    inside = container(tree, weights)
    if inside is not None and covered < _LEAST_COVERED:
        scoped = list(lines_of(_body(_scope(inside), _FAST)))
        if _coverage(scoped, weights) > covered + 0.05:
            lines = scoped
    teaser = find_teaser(tree, descriptions, lines)
    if teaser:
        lines.insert(0, Line(teaser))
    links = _link_keys(tree)
    return [Line(line.text, line.kind, title_key(line.text) in links) for line in lines]


def find_teaser(tree: HtmlElement, descriptions: Sequence[str], lines: Sequence[Line]) -> str | None:
    """Return the paragraph above the body that says what the page's description says, where the body lacks it.

    The text as the page shows it, not as its head has it; None where it is not shown.
    """
    said = title_key(" ".join(line.text for line in lines))
    for description in descriptions:
        key = title_key(description.rstrip(".… "))
        if len(key) < _LEAST_TEASER or key[:200] in said:
            continue
        for element in tree.iter("p", "h2", "h3", "h4", "div", "span", "strong", "b", "li", "em", "section", "header"):
            if not element.text or element.text.isspace():
                continue
            text = element.text_content()
            if len(text) < 2 * len(description) + 100 and key in title_key(text):
                above = element.getparent()
                if element.tag in {"span", "strong", "b", "em"} and above is not None:
                    whole = squeeze(above.text_content())
                    if len(whole) <= len(text) + 60 and above.tag in {"p", "div", "h2"}:
                        return whole
                return squeeze(text)
    return None


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


def _looks_short(lines: Sequence[Line], paragraphs: int, descriptions: Sequence[str]) -> bool:
    size = _size(lines)
    if size < _SHORT_TEXT or size < _LEAST_SHARE * paragraphs or _is_lump(lines):
        return True
    if descriptions:
        words = set(descriptions[0].casefold().split())
        said = set(" ".join(line.text for line in lines).casefold().split())
        return len(words & said) < _LEAST_DESCRIBED * len(words)
    return False


def _is_lump(lines: Sequence[Line]) -> bool:
    """Whether nearly everything stands on one line: the last resort of the extractor, navigation and all."""
    return bool(lines) and max(len(line.text) for line in lines) > 0.8 * _size(lines) > 0.8 * _SHORT_TEXT


def _coverage(lines: Sequence[Line], weights: Counter[HtmlElement]) -> float:
    """The share of the page's longer paragraphs which the lines hold."""
    said = title_key(" ".join(line.text for line in lines))
    total = kept = 0
    for element, size in weights.items():
        if element.tag == "p":
            total += size
            if title_key(element.text_content())[:60] in said:
                kept += size
    return kept / total if total else 1.0


def _scope(inside: HtmlElement) -> HtmlElement:
    """A page that holds nothing but one element of another page, under the name extractors look for first."""
    page = document_fromstring("<html><body></body></html>")
    article = copy(inside)
    article.tag = "div"
    article.attrib.clear()
    article.set("class", "article-body")
    article.tail = None
    page.find("body").append(article)
    return page


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
            if size >= (0.6 if block.tag == "li" else 0.9) * len(key):
                keys.add(key)
    keys.discard("")
    return frozenset(keys)
