"""Text: the bytes of a feed, sitemap or index page become text, and markup within a title becomes plain words."""

import codecs
import re
from html import unescape

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# UTF-16 without a mark shows by the zeros beside "<" and "?" or "{".
_ZEROS = ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"), (b"{\x00", "utf-16-le"), (b"\x00{", "utf-16-be"))
_HEADER_CHARSET = re.compile(r"(?i)charset\s*=\s*[\"']?([A-Za-z0-9._:-]+)")
_DECLARED = re.compile(
    rb"""(?i)(?:\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*|<meta[^>]{0,200}?charset\s*=\s*)["']?([A-Za-z0-9._:-]+)"""
)
# What no text may hold: C0 and C1 but tab and line breaks, surrogates, noncharacters.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_INLINE = re.compile(
    r"(?i)</?(?:a|abbr|b|bdi|bdo|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strike|strong|sub|sup|tt|u|var|wbr)(?:\s[^<>]*)?/?>"
)
# What is not closed reaches to the end: were it passed over, each opening would be searched for its end again.
_MARKUP = re.compile(
    r"(?is)<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)|<!\[CDATA\[|\]\]>"
    r"|</?(?:address|article|aside|audio|big|blockquote|body|br|button|canvas|center|col|dd|details|div|dl|dt|embed"
    r"|fieldset|figcaption|figure|footer|form|h[1-6]|head|header|hr|html|iframe|img|input|label|li|link|main|meta|nav"
    r"|noscript|object|ol|option|p|param|picture|pre|section|select|source|summary|svg|table|tbody|td|textarea|tfoot|th"
    r"|thead|time|title|tr|ul|video)(?:\s[^<>]*)?/?>"
)
# The start of an HTML page. Atomic, since a comment may be taken for several and back-tracking would try each way.
HTML_START = re.compile(
    r"(?is)\A\s*(?>(?:<\?xml[^>]*\?>|<!--.*?-->)\s*)*+(?:<!doctype\s+html|<html|<head|<body|<script|<meta)"
)
# WHATWG: these names are in the wild labels of wider sets.
_WIDER = {
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "gb2312": "gb18030",
    "gbk": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "x-mac-cyrillic": "mac_cyrillic",
    "win-1251": "cp1251", "iso-8859-9": "cp1254", "tis-620": "cp874", "big5": "big5hkscs",
}  # fmt: skip

# Python's own codecs, which no server can mean: "punycode" takes time that grows with the square of the length,
# "undefined" raises whatever it is told to do about errors.
_NO_CHARSETS = frozenset({"charmap", "idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"})


def decode(content: bytes, content_type: str | None = None) -> str:
    """The text of a document, without control characters. Never raises.

    A byte order mark wins; then UTF-8 wherever the bytes are valid UTF-8, since servers label it as Latin-1 by
    default and no other charset looks like it by chance; then the header, the document's own word, Windows-1252.
    """
    return without_controls(_decoded(content, content_type))


def without_controls(text: str) -> str:
    """The text without what neither XML nor a database may hold. A lone NUL has cost others whole articles."""
    return _CONTROL.sub("", text)


def plain(markup: object, *, most: int = 1_000) -> str | None:
    """One line of plain text from a title or summary with markup, or None where nothing is left."""
    if not isinstance(markup, str):
        return None
    text = _unmarked(markup[: most * 20])
    if "&" in text:
        # Twice escaped is common: "&amp;lt;b&amp;gt;", "&amp;#8217;".
        text = _unmarked(unescape(unescape(text)))
    text = " ".join(without_controls(text).split())
    return text[:most].strip() or None


def _unmarked(text: str) -> str:
    return _MARKUP.sub(" ", _INLINE.sub("", text)) if "<" in text else text


def start_of(content: bytes, content_type: str | None = None) -> str:
    """The first words of a document, as evidence."""
    return " ".join(decode(content[:400], content_type).split())[:200]


def _decoded(content: bytes, content_type: str | None) -> str:
    for mark, name in _BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(name, "replace")
    for zeros, name in _ZEROS:
        if content.startswith(zeros):
            return content.decode(name, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        is_cut = error.start >= len(content) - 4 and error.reason == "unexpected end of data"
    header = _HEADER_CHARSET.search(content_type or "")
    declared = _DECLARED.search(content[:4_096])
    names = [header[1] if header else "", declared[1].decode("ascii") if declared else ""]
    if is_cut or any(name.lower().replace("_", "-") in {"utf-8", "utf8"} for name in names):
        return content.decode("utf-8", "replace")
    for name in names:
        found = _codec(name)
        if found:
            return content.decode(found, "replace")
    return content.decode("cp1252", "replace")


def _codec(name: str) -> str | None:
    name = name.strip().lower()
    try:
        found = codecs.lookup(_WIDER.get(name, name))
    except (LookupError, ValueError):
        return None
    # "hex", "zlib" and their like are codecs too, but not of text.
    is_charset = getattr(found, "_is_text_encoding", True) and found.name.replace("_", "-") not in _NO_CHARSETS
    return found.name if is_charset else None
