"""States: the JSON that a page's scripts start from becomes the lines of the article in it, where one is there.

Next.js, Nuxt, Apollo, Arc and hand-made pages differ in all but this: the article is one string of HTML, or one list
whose items hold a paragraph each.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import lxml.html
from lxml.etree import ParserError
from lxml.html import HtmlElement

from pipelines.clean.metadata import squeeze, unescaped
from pipelines.clean.titles import title_key

Json: TypeAlias = Any

_MAX_SCRIPT = 4_000_000  # characters
_MAX_STARTS = 20  # of JSON in one script
_MAX_PIECES = 5000  # of a state that comes in pieces, in one script
_MAX_NODES = 200_000
_MAX_DEPTH = 60
_MIN_SCRIPT = 500
_MIN_TEXT = 400  # characters of an article; a third of that in Chinese or Japanese
_MIN_ITEM = 60  # characters of an item that counts as a paragraph
_MIN_ITEMS = 3
_MAX_ITEM = 5000  # characters; items that are longer are articles
_STARTS = re.compile(r"""=\s*(?=[\[{])|JSON\.parse\(\s*(?=["'])|\.push\(\s*(?=\[)|^\s*(?=[\[{])""")
_ROW = re.compile(r"(?:^|\n)[0-9a-f]{1,6}:(?:T[0-9a-f]+,|(?=[\[{\"]))")
_PARAGRAPH = re.compile(r"<p[\s>]", re.IGNORECASE)
_TEXT_KEYS = frozenset(
    "text content value html body children paragraph copy nodes data model #text content_elements".split()
)
_TAGS = frozenset("p h2 h3 h4 h5 h6 li ul ol blockquote a b i em strong span div u br sub sup".split())
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff]{4}")


def text_in_states(scripts: Iterable[str], *, titles: Sequence[str], is_article: bool) -> HtmlElement | None:
    """Return the article in the scripts of a page as a tree, or None.

    scripts: what stands in them. titles: what the page calls itself; a text beside one of them comes before a longer
    one. is_article: the page says that it is one; else a text counts only beside a title.
    """
    keys = {key for key in map(title_key, titles) if key}
    best: tuple[bool, int, str] = (False, 0, "")
    for script in scripts:
        if not _MIN_SCRIPT <= len(script) <= _MAX_SCRIPT:
            continue
        for value in _values(script):
            for is_titled, text in _Search(keys).run(value):
                best = max(best, (is_titled, display_size(text), text))
    if best[1] < _MIN_TEXT or not (best[0] or is_article):
        return None
    try:
        return lxml.html.fragment_fromstring(best[2], create_parent="div")
    except (ParserError, ValueError):
        return None


def _values(script: str) -> Iterator[Json]:
    """The JSON values that a script holds: all of it, behind "=", in JSON.parse("…") and push([…])."""
    decoder = json.JSONDecoder(strict=False)
    stream: list[str] = []
    end = 0
    for count, start in enumerate(_STARTS.finditer(script)):
        if count >= (_MAX_PIECES if stream else _MAX_STARTS):
            break
        if start.end() < end:
            continue
        try:
            value, end = decoder.raw_decode(script, start.end())
            if isinstance(value, str):
                value = json.loads(value, strict=False)
        except (ValueError, RecursionError):
            continue
        # Next.js streams its state in pieces: self.__next_f.push([1, "…"]).
        if isinstance(value, list) and len(value) == 2 and value[0] == 1 and isinstance(value[1], str):
            stream.append(value[1])
        else:
            yield value
    if stream:
        yield _streamed("".join(stream), decoder)


def _streamed(text: str, decoder: json.JSONDecoder) -> Json:
    rows: list[Json] = []
    for row in _ROW.finditer(text):
        if row[0].endswith(","):
            # "T" and the size in bytes, in hexadecimal, of a text which follows as it is.
            size = int(row[0].rpartition("T")[2][:-1], 16)
            rows.append(text[row.end() : row.end() + size].encode()[:size].decode("utf-8", "ignore"))
            continue
        try:
            rows.append(decoder.raw_decode(text, row.end())[0])
        except (ValueError, RecursionError):
            continue
    return rows


class _Search:
    """A walk over a JSON value which yields what may be an article, and whether its headline stands beside it."""

    def __init__(self, keys: set[str]) -> None:
        self._keys = keys
        self._left = _MAX_NODES

    def run(self, value: Json, *, is_titled: bool = False, depth: int = 0) -> Iterator[tuple[bool, str]]:
        self._left -= 1
        if depth > _MAX_DEPTH or self._left < 0:
            return
        if isinstance(value, str):
            if len(_PARAGRAPH.findall(value[:100_000])) >= _MIN_ITEMS:
                yield is_titled, value
        elif isinstance(value, dict):
            here = is_titled or any(
                isinstance(one, str) and len(one) < 300 and title_key(one) in self._keys for one in value.values()
            )
            for one in value.values():
                yield from self.run(one, is_titled=here, depth=depth + 1)
        elif isinstance(value, list):
            text = _paragraphs(value)
            if text:
                yield is_titled, text
            for one in value:
                yield from self.run(one, is_titled=is_titled, depth=depth + 1)


def _paragraphs(items: list[Json]) -> str | None:
    """The items of a list as HTML, where they are the paragraphs of a text."""
    if len(items) < _MIN_ITEMS:
        return None
    texts = [(item, _text_of(item)) for item in items if isinstance(item, dict | list)]
    prose = [text for _, text in texts if display_size(text) >= _MIN_ITEM]
    if len(prose) < _MIN_ITEMS or len(prose) * 3 < len(texts) or max(map(len, prose)) > _MAX_ITEM:
        return None
    return "".join(text if "<p" in text else f"<{_tag(item)}>{text}</{_tag(item)}>" for item, text in texts if text)


def _tag(item: Json) -> str:
    kind = ""
    if isinstance(item, dict):
        kind = str(item.get("type") or item.get("_type") or item.get("style") or item.get("__typename") or "").lower()
    elif item and isinstance(item[0], str):
        kind = item[0]
    return "h2" if kind.startswith("head") or kind in {"h2", "h3", "h4", "header-two", "header-three"} else "p"


def _text_of(item: Json, depth: int = 0) -> str:
    """The text of one item, its pieces joined: HTML strings, runs of characters, ["p", {}, "text"]."""
    if depth > 8:
        return ""
    if isinstance(item, str):
        return item
    if isinstance(item, list):
        is_element = bool(item) and isinstance(item[0], str) and item[0] in _TAGS
        return "".join(
            _text_of(one, depth + 1) for one in (item[1:] if is_element else item) if not _is_attributes(one)
        )
    if isinstance(item, dict):
        return next(
            (text for key, one in item.items() if key in _TEXT_KEYS and (text := _text_of(one, depth + 1)).strip()), ""
        )
    return ""


def _is_attributes(value: Json) -> bool:
    return isinstance(value, dict) and not _TEXT_KEYS & value.keys()


def display_size(text: str) -> int:
    """The characters that a reader would see; a Chinese or Japanese one counts for three."""
    size = len(squeeze(unescaped(text)))
    return size * 3 if _DENSE.search(text) else size
