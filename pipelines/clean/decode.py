"""Decode: the bytes of a page become text that a parser does not choke on."""

import re

from pipelines.clean.draft import NotAnArticle
from pipelines.text import decode as decode_text
from pipelines.text import is_binary

# One reference to a control character or noncharacter makes libxml2 drop the whole page.
_BAD_REFERENCE = re.compile(r"&#(?:([0-9]{1,9})(?![0-9])|[xX]([0-9a-fA-F]{1,8})(?![0-9a-fA-F]));?")
_MARKUP = re.compile(r"<(?:!doctype|html|head|body|div|p|article|table|meta|script|br|h1)\b", re.IGNORECASE)


def decode(content: bytes, *, content_type: str | None, language: str | None = None) -> str:
    """Return the text of a body, without control characters, surrogates and references to them.

    `language` is a hint for pages that name no charset. Raises NotAnArticle for binary data.
    """
    if is_binary(content):
        raise NotAnArticle("undecodable", f"binary data: {content[:8]!r}")
    text = decode_text(content, content_type, language=language)
    return _BAD_REFERENCE.sub(_keep_if_good, text) if "&#" in text else text


def is_html(text: str, *, content_type: str | None) -> bool:
    """Return whether a text is to be read as HTML, by its declared type or else by its beginning."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind == "text/plain":
        return False
    if "html" in kind or "xml" in kind:
        return True
    return _MARKUP.search(text[:4096]) is not None


def _keep_if_good(reference: re.Match[str]) -> str:
    code = int(reference[1]) if reference[1] else int(reference[2], 16)
    is_bad = (
        (code < 0x20 and code not in {0x09, 0x0A, 0x0D})
        or code == 0x7F
        or 0xD800 <= code <= 0xDFFF
        or code & 0xFFFE == 0xFFFE
        or code > 0x10FFFF
    )
    return "" if is_bad else reference[0]
