"""Decode: bytes become text that a parser does not choke on."""

import codecs
import re

from trafilatura.utils import detect_encoding

from pipelines.clean.draft import NotAnArticle

# One reference to a control character or noncharacter makes libxml2 drop the whole page.
_BAD_REFERENCE = re.compile(r"&#(?:([0-9]{1,9})(?![0-9])|[xX]([0-9a-fA-F]{1,8})(?![0-9a-fA-F]));?")
# bytes.translate deletes these at a tenth of a regular expression's cost.
_CONTROLS = bytes({*range(0x20), 0x7F} - {0x09, 0x0A, 0x0C, 0x0D})
_NONCHARACTER = re.compile("[\ufffe\uffff]")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(r"<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_MARKUP = re.compile(r"<(?:!doctype|html|head|body|div|p|article|table|meta|script|br|h1)\b", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What pages call Latin-1 is windows-1252 (WHATWG Encoding, names and labels); likewise for their Asian neighbours.
_WIDER = {
    "iso-8859-1": "windows-1252",
    "latin-1": "windows-1252",
    "latin1": "windows-1252",
    "us-ascii": "windows-1252",
    "ascii": "windows-1252",
    "iso-8859-9": "windows-1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "big5": "big5hkscs",
    "tis-620": "cp874",
    "windows-874": "cp874",
}

# Python's own codecs: what they make of a page that names one is no text.
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"})


def decode(content: bytes, *, content_type: str | None) -> str:
    """Return the text of a body, without NULs, control characters, surrogates and references to them.

    The header's charset wins if it decodes strictly, then a byte order mark, UTF-8, the page's own declaration, and
    detection. Raises NotAnArticle for binary data.
    """
    if content.startswith((b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b")):
        raise NotAnArticle("undecodable", f"binary data: {content[:8]!r}")
    text = _decode(content, content_type or "").encode("utf-8", "ignore").translate(None, _CONTROLS).decode("utf-8")
    if "\ufffe" in text or "\uffff" in text:
        text = _NONCHARACTER.sub("", text)
    return _BAD_REFERENCE.sub(_keep_if_good, text.removeprefix("\ufeff"))


def is_html(text: str, *, content_type: str | None) -> bool:
    """Return whether a text is to be read as HTML, by its declared type or else by its beginning."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind == "text/plain":
        return False
    if "html" in kind or "xml" in kind:
        return True
    return _MARKUP.search(text[:4096]) is not None


def _decode(content: bytes, content_type: str) -> str:
    for mark, charset in _MARKS:
        if content.startswith(mark):
            return content.decode(charset, "replace")
    beginning = content[:4096].decode("ascii", "ignore")
    declared = _CHARSET.search(content_type)
    in_page = _CHARSET.search(beginning) or _XML_ENCODING.search(beginning)
    named = [found[1] for found in (declared, in_page) if found]
    for charset in (*named[: declared is not None], "utf-8", *named[-1:]):
        decoded = _strictly(content, _WIDER.get(charset.lower(), charset))
        if decoded is not None:
            return decoded
    controls = len(content) - len(content.translate(None, _CONTROLS))
    if controls > len(content) // 20:
        raise NotAnArticle("undecodable", f"{controls} control characters in {len(content)} bytes")
    # Said to be UTF-8, and it almost is: a few broken characters are a better guess than another charset.
    if any(charset.lower() in {"utf-8", "utf8"} for charset in named):
        text = content.decode("utf-8", "replace")
        if text.count("\ufffd") * 1000 <= len(text):
            return text
    for guess in detect_encoding(content):
        decoded = _strictly(content, str(guess))
        if decoded is not None:
            return decoded
    return content.decode("utf-8", "replace")


def _strictly(content: bytes, charset: str) -> str | None:
    try:
        codec = codecs.lookup(charset)
        return None if codec.name in _NO_CHARSETS else content.decode(codec.name)
    except (UnicodeError, LookupError):  # Some codecs raise no UnicodeDecodeError.
        return None


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
