"""Tree: HTML becomes a tree, within bounds, without what holds no text, and with its paragraphs marked as such."""

import re
from itertools import islice

import lxml.html
from lxml.etree import ParserError
from lxml.html import HtmlElement
from trafilatura.utils import repair_faulty_html

from pipelines.clean.blocks import prose_size
from pipelines.clean.draft import NotAnArticle

_MAX_TAGS = 60_000  # extraction is superlinear: 2.1 MB of tiny paragraphs took 107 s
_MAX_ATTRIBUTES = 2000  # of one tag; libxml2 compares each with each: 100,000 took over 300 s
_MAX_NESTED = 100  # tables in one another; extraction is cubic in them: 680 took 4 s, more never ended
_MAX_SQUARES = 20_000_000  # attributes of a tag, squared, over the page; 500 tags of 1,900 took over 20 s
_MAX_TEXT = 1_000_000  # characters; ten times the longest article seen, and 5 MB on one line took 8 s
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_LONG_TAG = re.compile(r"<[A-Za-z][^>]{8000,}")
# What no extractor reads; the tree is copied several times, and these are most of its bytes.
_DEAD_TAGS = ("script", "style", "svg", "iframe", "template", "link", "object", "embed", "canvas", "select", "datalist")
_INLINE = frozenset(
    """
    a abbr b bdi bdo big br cite code del em font i img ins kbd mark q s samp small span strike strong sub sup time tt u
    var wbr
    """.split()
)
_ENOUGH_IN_PARAGRAPHS = 1000  # characters
_MIN_PROMOTED = 40  # characters


def parse(text: str) -> HtmlElement:
    """Return the tree of a page. Raises NotAnArticle where there are too many tags, or none."""
    tag_count = text.count("<") - text.count("</")
    if tag_count > _MAX_TAGS:
        raise NotAnArticle("too-complex", f"{tag_count} tags; the limit is {_MAX_TAGS}")
    squares = 0
    for tag in _LONG_TAG.finditer(text):
        bare = _QUOTED.sub("", tag[0])  # a value may hold a program's whole state
        attribute_count = max(bare.count("="), len(bare.split()))
        squares += attribute_count**2
        if attribute_count > _MAX_ATTRIBUTES or squares > _MAX_SQUARES:
            raise NotAnArticle(
                "too-complex", f"a tag with {attribute_count} attributes; the limit is {_MAX_ATTRIBUTES}"
            )
    # huge_tree: without it the text below 256 levels of nesting is lost, silently. A parser a page: they hold state.
    parser = lxml.html.HTMLParser(
        huge_tree=True,
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    # Only the beginning can have the faults that are repaired there; the whole costs 1 ms.
    text = repair_faulty_html(text[:4096], text[:50].lower()) + text[4096:]
    try:
        tree = lxml.html.document_fromstring(text.encode(), parser=parser)
    except ParserError as fault:
        raise NotAnArticle("no-text", str(fault)) from fault
    _refuse_nested_tables(tree)
    _refuse_long_text(tree)
    return tree


def _refuse_long_text(tree: HtmlElement) -> None:
    size = len(tree.text_content())
    if size > _MAX_TEXT:
        size -= sum(len(element.text_content()) for element in tree.iter("script", "style"))
        if size > _MAX_TEXT:
            raise NotAnArticle("too-complex", f"{size} characters of text; the limit is {_MAX_TEXT}")


def _refuse_nested_tables(tree: HtmlElement) -> None:
    tables = list(tree.iter("table"))
    if len(tables) > _MAX_NESTED and any(
        len(list(islice(table.iterancestors("table"), _MAX_NESTED))) == _MAX_NESTED for table in tables
    ):
        raise NotAnArticle("too-complex", f"more than {_MAX_NESTED} tables nested in one another")


def slim(tree: HtmlElement) -> None:
    """Take out what holds no text at all."""
    for element in list(tree.iter(*_DEAD_TAGS)):
        if element.getparent() is not None:
            element.drop_tree()


def promote_blocks(tree: HtmlElement) -> None:
    """Make paragraphs of what is laid out with div alone, which extractors run together into one line.

    A leaf of 40 characters or more is a paragraph, and so are its shorter neighbours ("Author: …").
    """
    if sum(len(element.text_content()) for element in tree.iter("p")) > _ENOUGH_IN_PARAGRAPHS:
        return
    leaves: dict[HtmlElement, list[HtmlElement]] = {}
    for element in tree.iter("div", "section"):
        parent = element.getparent()
        if (
            parent is not None
            and all(inner.tag in _INLINE for inner in element.iterdescendants())
            and prose_size(element)
        ):
            leaves.setdefault(parent, []).append(element)
    for siblings in leaves.values():
        if any(len(element.text_content().strip()) >= _MIN_PROMOTED for element in siblings):
            for element in siblings:
                element.tag = "p"
