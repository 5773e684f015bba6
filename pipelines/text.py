"""Text: bytes become text, text loses what no text may hold, markup becomes words, a language tag becomes a code."""

import codecs
import json
import re
from html import unescape

from pipelines.charsets import find_codec, guess_codec

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = (b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"\x00asm", b"RIFF", b"OggS")
_HEADER_CHARSET = re.compile(r"(?i)charset\s*=\s*[\"']?([A-Za-z0-9._:-]+)")
_DECLARED = re.compile(
    rb"""(?i)(?:\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*|<meta[^>]{0,200}?charset\s*=\s*)["']?([A-Za-z0-9._:-]+)"""
)
_LANGUAGE = re.compile(
    rb"""(?i)(?:\s(?:xml:)?lang\s*=\s*["']?|<(?:dc:)?language>\s*"""
    rb"""|content-language["'][^>]{0,40}?content\s*=\s*["']?)([A-Za-z]{2,3}(?:[_-][A-Za-z]{2,8})*)"""
)
_START = 4_096  # bytes in which a document says what it is
_MOST_PARTS = 10_000  # that are looked at one by one; 50 MB of no-break spaces would be a gigabyte of them
_EVIDENCE = 32_768  # bytes around the first fault that show whether the rest is UTF-8

# What no text may hold, since neither XML nor a database takes it: C0 and C1 but tab and line breaks, surrogates,
# noncharacters. Deleting bytes costs a tenth of a regular expression.
_C0 = bytes({*range(0x20), 0x7F} - {0x09, 0x0A, 0x0D})
_C1 = frozenset(bytes([code]) for code in {*range(0x80, 0xA0)} - {0x85})
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# What a reader of a terminal or a log must not be sent besides: what moves, hides or reorders other characters.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\ufff9-\uffff\U000e0000-\U000e0fff]"
)
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


def decode(content: bytes, content_type: str | None = None, *, language: str | None = None) -> str:
    """The text of a document, without what no text may hold. Never raises.

    A byte order mark wins; then UTF-8 wherever the bytes are UTF-8 beyond ASCII, whatever the document says, since
    servers label it as Latin-1 by default and no other charset looks like it by chance; then the charset of the
    header, the document's own; then UTF-16 that shows by its zeros; then a guess, for which the document's language
    counts, or else `language`, an ISO 639-1 code.
    """
    for mark, codec in _BOMS:
        if content.startswith(mark):
            return storable(content[len(mark) :].decode(codec, "replace"))
    if utf_16 := _utf_16(content):
        return storable(content.decode(utf_16, "replace"))
    try:
        text = content.translate(None, _C0).decode("utf-8")
    except UnicodeDecodeError:
        return storable(_decode_other(content, content_type or "", language))
    if text.isascii():
        return content.decode("iso2022_jp", "replace").replace("\x1b", "") if b"\x1b$" in content else text
    _, *parts = content.split(b"\xc2", _MOST_PARTS)
    has_c1 = len(parts) == _MOST_PARTS or any(part[:1] in _C1 for part in parts)
    return storable(text) if has_c1 or "\ufffe" in text or "\uffff" in text else text


def is_binary(content: bytes) -> bool:
    """Whether bytes are no text: by how they begin, or by the control characters among them."""
    if content.startswith(_BINARY):
        return True
    if b"\0" not in content or content.startswith(tuple(mark for mark, _ in _BOMS)) or _utf_16(content):
        return False
    return len(content) - len(content.translate(None, _C0)) > max(16, len(content) // 20)


def storable(text: str) -> str:
    """The text without what neither XML nor a database may hold. A lone NUL has cost others whole articles.

    C1 controls are windows-1252 that somebody decoded as Latin-1: quotation marks and dashes come back.
    """
    return _UNSTORABLE.sub(_repaired, text)


def printable(text: str, *, most: int = 300) -> str:
    """One line that may go to a terminal, a log or a table as evidence: no controls, no marks that reorder text."""
    line = " ".join(_UNPRINTABLE.sub(" ", text[: most * 8]).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def printable_lines(text: str) -> str:
    """The same for a text whose tabs and line breaks stay."""
    return _UNPRINTABLE.sub("", text)


def printable_json(text: str) -> str:
    """A JSON document in which what no terminal should be sent is escaped; it says the same."""
    return _UNPRINTABLE.sub(lambda char: json.dumps(char[0])[1:-1], text)


def plain(markup: object, *, most: int = 1_000) -> str | None:
    """One line of plain text from a title or summary with markup, or None where nothing is left."""
    if not isinstance(markup, str):
        return None
    text = _unmarked(markup[: most * 20])
    if "&" in text:
        # Twice escaped is common: "&amp;lt;b&amp;gt;", "&amp;#8217;".
        text = _unmarked(unescape(unescape(text)))
    text = " ".join(storable(text).split())
    return text[:most].strip() or None


def start_of(content: bytes, content_type: str | None = None) -> str:
    """The first words of a document, as evidence."""
    return printable(decode(content[:400], content_type), most=200)


def language_code(tag: str | None) -> str | None:
    """The ISO 639-1 code of a language tag: "pt-BR", "zh_Hans", "eng", "nb"; None where it names no such language."""
    code = re.split(r"[-_@.]", (tag or "").strip()[:40].lower())[0]
    code = _RENAMED.get(code, code)
    return code if len(code) == 2 and code in _CODES else None


def _decode_other(content: bytes, content_type: str, language: str | None) -> str:
    """What is not UTF-8 from end to end."""
    header = _HEADER_CHARSET.search(content_type)
    own = _DECLARED.search(content[:_START])
    labels = [header[1] if header else "", own[1].decode("ascii") if own else ""]
    declared = [codec for label in labels if label and (codec := find_codec(label)) and not codec.startswith("utf-16")]
    if (text := _as_damaged_utf_8(content, is_declared="utf-8" in declared)) is not None:
        return text
    for codec in declared:
        if codec != "utf-8":
            text = content.decode(codec, "replace")
            # A label that makes every other letter unreadable is a wrong one.
            if text.count("\ufffd") * 20 <= max(20, len(text) - len(text.encode("ascii", "ignore"))):
                return text
    found = _LANGUAGE.search(content[:_START])
    spoken = language_code(found[1].decode("ascii")) if found else None
    return content.decode(guess_codec(content, language=spoken or language_code(language)), "replace")


def _as_damaged_utf_8(content: bytes, *, is_declared: bool) -> str | None:
    """The text where some bytes of UTF-8 are broken or its last character is cut off; None where it is no UTF-8."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        start, is_cut = error.start, error.start >= len(content) - 3 and error.reason == "unexpected end of data"
    if is_cut and not content[:start].isascii():
        return content[:start].decode("utf-8")
    part = content[max(0, start - _EVIDENCE) : start + _EVIDENCE].decode("utf-8", "replace")
    bad = part.count("\ufffd")
    good = len(part) - len(part.encode("ascii", "ignore")) - bad
    if good >= 20 * bad or (is_declared and (bad == 1 or good >= bad)):
        return content.decode("utf-8", "replace")
    return None


def _utf_16(content: bytes) -> str | None:
    """Which UTF-16 shows without a mark: every other byte of markup is zero."""
    start = content[:400]
    if b"\0" not in start or len(start) < 4:
        return None
    even, odd = start[::2].count(0), start[1::2].count(0)
    if odd * 4 > len(start) and even * 20 < odd:
        return "utf-16-le"
    return "utf-16-be" if even * 4 > len(start) and odd * 20 < even else None


def _repaired(control: re.Match[str]) -> str:
    code = ord(control[0])
    return bytes([code]).decode("cp1252", "ignore") if 0x80 <= code < 0xA0 else ""


def _unmarked(text: str) -> str:
    return _MARKUP.sub(" ", _INLINE.sub("", text)) if "<" in text else text


# ISO 639-2 (both the terms and the bibliographic codes), and members of its macrolanguages: three letters, then two.
_THREE_LETTERS = """
aaraa abkab afraf akaak albsq alssq amham araar arbar argan armhy asmas avaav aveae aymay azeaz azjaz bakba bambm baqeu
belbe benbn bihbh bisbi bodbo bosbs brebr bulbg burmy catca cescs chach chece chizh chucu chvcv ckbku cmnzh corkw cosco
crecr cymcy czecs danda deude divdv dutnl dzodz ekket ellel engen epoeo estet euseu eweee faofo fasfa fijfj filtl finfi
frafr frefr fryfy fulff geoka gerde glagd glega glggl glvgv greel grngn gujgu hatht hauha hbssr hebhe herhz hinhi hmoho
hrvhr hunhu hyehy iboig iceis idoio iiiii ikuiu ileie inaia indid ipkik islis itait javjv jpnja kalkl kankn kasks katka
kaukr kazkk khkmn khmkm kikki kinrw kirky kmrku komkv konkg korko kuakj kurku laolo latla lavlv limli linln litlt ltzlb
lublu luglg lvslv macmk mahmh malml maomi marmr mayms mkdmk mlgmg mltmt molro monmn mrimi msams myamy nauna navnv nblnr
ndend ndong nepne nldnl nnono nobno norno npine nyany ocioc ojioj orior ormom oryor ossos panpa pbups perfa pesfa plipi
pnbpa polpl porpt prsfa pusps quequ rohrm ronro rumro runrn rusru sagsg sansa sccsr scrhr sinsi slksk slosk slvsl smese
smosm snasn sndsd somso sotst spaes sqisq srdsc srpsr sswss sunsu swasw swesv swhsw tahty tamta tattt telte tgktg tgltl
thath tibbo tirti tonto tsntn tsots tuktk turtr twitw uigug ukruk urdur uzbuz uznuz venve vievi volvo welcy wlnwa wolwo
wuuzh xhoxh yddyi yidyi yoryo yuezh zhaza zhozh zsmms zulzu
"""
_RENAMED = {entry[:3]: entry[3:] for entry in _THREE_LETTERS.split()} | {
    "nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro", "sh": "sr",
    "arb": "ar", "ary": "ar", "arz": "ar", "fuv": "ff", "gug": "gn", "hbo": "he", "grc": "el", "ltg": "lv", "sdh": "ku",
    "uzs": "uz",
}  # fmt: skip
_CODES = frozenset(_RENAMED.values())
