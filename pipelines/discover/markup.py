"""Markup: the text of a feed or sitemap, as the wild has it, becomes XML that a strict parser takes.

What stands before the root goes, the document type with it, so that no parser ever sees a declaration of entities.
Those that are harmless, and HTML's, are replaced here; lone ampersands are escaped. All in linear time.
"""

import re
from dataclasses import dataclass
from html.entities import html5

# HTML's, and what servers and their error messages put in front of a feed.
_HTML_ROOTS = frozenset({"html", "head", "body", "meta", "link", "title", "div", "p", "br", "b", "font", "table", "h1"})
_ROOT = re.compile(r"<(?:(html|head|body)|(?:\w+:)?(?:rss|rdf|feed|urlset|sitemapindex))[\s>/]", re.IGNORECASE)
_NAME = re.compile(r"<(?:\w{1,100}:)?([A-Za-z]\w{0,100})")
_HTML_DOCTYPE = re.compile(r"<!doctype\s+html\b", re.IGNORECASE)
_FAR = 20_000  # characters of foreign matter before the root
_MOST_PARTS = 50  # comments, instructions, scripts before the root

_SUBSET_PART = re.compile(r"""(?s)"[^"]*(?:"|\Z)|'[^']*(?:'|\Z)|<!--.*?(?:-->|\Z)|\]""")
_ENTITY = re.compile(
    r"""<!ENTITY\s+([\w.:-]{1,100})\s+(?:(SYSTEM|PUBLIC)\b|"([^"]*)"|'([^']*)')""",
)
_MOST_ENTITIES = 500
_LONGEST_ENTITY = 2_000  # characters, with what it refers to
_MOST_GROWTH = 1_000_000  # characters that all entities of a document may add

_REFERENCE = re.compile(r"&(?:([A-Za-z_][\w.:-]{0,100});|#([0-9]{1,7}|[xX][0-9A-Fa-f]{1,6});)?")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})


class EntityFault(Exception):
    """A document type that declares what no parser should expand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prolog:
    """What stands before the root of a document."""

    end: int  # offset of the root
    root: str = ""  # its name without prefix, lower case; "" where no element follows
    is_html: bool = False
    doctype: str = ""


def read_prolog(text: str) -> Prolog:
    """Find the root: behind byte order mark, declaration, comments, document type, scripts, and messages of a server.

    A feed behind `<!DOCTYPE html>` is a feed; without a root of a feed or sitemap, HTML is HTML.
    """
    position, doctype = 0, ""
    for _part in range(_MOST_PARTS):
        while position < len(text) and (text[position].isspace() or text[position] == "\ufeff"):
            position += 1
        end = _end_of_part(text, position)
        if end is None:
            break
        if text.startswith("<!", position) and not text.startswith("<!--", position):
            doctype = text[position:end]
        position = end
    name = _NAME.match(text, position)
    root = name[1].lower() if name else ""
    if not root or root in _HTML_ROOTS:
        # A PHP warning, a stray word: the root is what comes first of a feed's and a page's.
        found = _ROOT.search(text, position, position + _FAR)
        if found and not found[1]:
            found_name = _NAME.match(text, found.start())
            return Prolog(end=found.start(), root=found_name[1].lower() if found_name else "", doctype=doctype)
    is_html = root in _HTML_ROOTS or (not root and bool(_HTML_DOCTYPE.match(doctype)))
    return Prolog(end=position, root=root, is_html=is_html, doctype=doctype)


def mend_xml(text: str, doctype: str = "") -> str:
    """The text with what breaks strict parsers most often made good, outside of CDATA: HTML's entities, lone
    ampersands, references to control characters. Lenient parsing of those takes five times as long and loses nesting.

    Raises EntityFault where the document type declares an entity that is external, or grows without measure, and the
    text refers to it.
    """
    declared = _Entities(doctype)
    parts: list[str] = []
    start = 0
    # Not by a regular expression: a hundred thousand openings without an end would each be searched to the end.
    while (opening := text.find("<![CDATA[", start)) >= 0 and (end := text.find("]]>", opening)) >= 0:
        parts += [_REFERENCE.sub(declared.mended, text[start:opening]), text[opening : end + 3]]
        start = end + 3
    return "".join([*parts, _REFERENCE.sub(declared.mended, text[start:])])


def _end_of_part(text: str, position: int) -> int | None:
    """Where a part of the prolog ends; None where none begins there, or it never ends."""
    for opening, closing in (("<?", "?>"), ("<!--", "-->")):
        if text.startswith(opening, position):
            end = text.find(closing, position + len(opening))
            return end + len(closing) if end >= 0 else None
    lower = text[position : position + 9].lower()
    if lower == "<!doctype":
        return _end_of_doctype(text, position)
    for name in ("script", "style"):
        if lower.startswith(f"<{name}"):
            end = text.lower().find(f"</{name}", position)
            closed = text.find(">", end) if end >= 0 else -1
            return closed + 1 if closed >= 0 else None
    return None


def _end_of_doctype(text: str, position: int) -> int | None:
    closing, subset = text.find(">", position), text.find("[", position)
    if closing < 0 or not 0 <= subset < closing:
        return closing + 1 if closing >= 0 else None
    end = next((part.start() for part in _SUBSET_PART.finditer(text, subset) if part[0] == "]"), -1)
    if end < 0:
        end = text.find("]", subset)  # a lone quote has swallowed the rest
    return text.find(">", end) + 1 or None if end >= 0 else None


class _Entities:
    """What a document type declares, expanded within bounds."""

    def __init__(self, doctype: str) -> None:
        self._values: dict[str, str | None] = {}  # None where it is external
        for match in _ENTITY.finditer(doctype):
            if len(self._values) >= _MOST_ENTITIES:
                break
            value = None if match[2] else match[3] if match[3] is not None else match[4]
            self._values.setdefault(match[1], value)  # XML: the first declaration counts
        self._expanded: dict[str, str] = {}
        self._growth = 0

    def mended(self, match: re.Match[str]) -> str:
        """What stands for one reference."""
        name, number = match.groups()
        if number:
            code = int(number[1:], 16) if number[0] in "xX" else int(number)
            is_allowed = code in {9, 10, 13} or (code >= 32 and not 0xD800 <= code <= 0xDFFF and code <= 0x10FFFF)
            return match[0] if is_allowed else ""
        if name is None:
            return "&amp;"
        if name in _XML_ENTITIES:
            return match[0]
        if name in self._values:
            return self._declared(name)
        return "".join(f"&#{ord(char)};" for char in html5.get(f"{name};", "")) or f"&amp;{name};"

    def _declared(self, name: str) -> str:
        found = self._expanded.get(name)
        if found is None:
            found = self._expanded[name] = self._expand(name, depth=0)
        self._growth += len(found)
        if self._growth > _MOST_GROWTH:
            raise EntityFault("its entities (<!ENTITY) grow without measure")
        return found

    def _expand(self, name: str, *, depth: int) -> str:
        value = self._values[name]
        if value is None:
            raise EntityFault(f"it refers to the external entity &{name}; (<!ENTITY), which no feed needs")
        if depth > 3:
            raise EntityFault("its entities (<!ENTITY) refer to each other too deeply")
        parts: list[str] = []
        start = length = 0
        for match in _REFERENCE.finditer(value):
            is_declared = match[1] in self._values and match[1] not in _XML_ENTITIES
            part = self._expand(match[1], depth=depth + 1) if is_declared else self.mended(match)
            parts += [_escaped(value[start : match.start()]), part]
            length += len(parts[-1]) + len(parts[-2])
            if length > _LONGEST_ENTITY:
                break
            start = match.end()
        expanded = "".join(parts) + _escaped(value[start:])
        if len(expanded) > _LONGEST_ENTITY:
            raise EntityFault("its entities (<!ENTITY) grow without measure")
        return expanded


def _escaped(text: str) -> str:
    """Markup in the value of an entity stays text: nobody needs more of it."""
    return text.replace("<", "&lt;")
