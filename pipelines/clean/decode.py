"""Decode: bytes become text that a parser does not choke on."""

import codecs
import re

# One reference to a control character or noncharacter drops the whole page in libxml2.
_BAD_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01]|11|12)|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F])"
    r"|0*(?:6553[45]|5(?:529[6-9]|5[3-9]\d\d|6\d\d\d|7[0-2]\d\d|73[0-3]\d|734[0-3]))"
    r"|[xX]0*(?:[fF]{3}[eEfF]|[dD][89a-fA-F][0-9a-fA-F]{2}));?"
)
_BAD_CHARACTER = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_MARKUP = re.compile(r"<(?:!doctype|html|head|body|div|p|article|table|meta|script|br|h1)\b", re.IGNORECASE)


class Undecodable(ValueError):
    """No charset makes text of these bytes."""


def decode(content: bytes, *, content_type: str | None) -> str:
    """Return the text of a body without NULs, control characters, surrogates and references to them.

    The header's charset wins if it decodes strictly, then the byte order mark, UTF-8, the page's own
    declaration, and detection. Raises Undecodable.
    """
    text = _decode(content, content_type or "")
    return _BAD_REFERENCE.sub("", _BAD_CHARACTER.sub("", text.removeprefix("\ufeff")))


def is_html(text: str, *, content_type: str | None) -> bool:
    """Return whether a text is to be read as HTML, by its declared type or else by its beginning."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind == "text/plain":
        return False
    if "html" in kind or "xml" in kind:
        return True
    return _MARKUP.search(text[:4096]) is not None


def _decode(content: bytes, content_type: str) -> str:
    for mark, charset in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(charset, "replace")
    declared = _CHARSET.search(content_type)
    in_page = _CHARSET.search(content[:2048].decode("ascii", "ignore"))
    for charset in (declared and declared[1], "utf-8", in_page and in_page[1]):
        if charset:
            try:
                return content.decode(charset)
            except (UnicodeDecodeError, LookupError):
                continue
    from trafilatura.utils import decode_file

    return str(decode_file(content))
