"""Accept: what kind of answer is wanted, what else is refused before its body is read."""

from dataclasses import dataclass
from enum import Enum

from pipelines.fetch.faults import RefusedError

# Types that say nothing: servers send them for whatever they have no name for.
_VAGUE = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/force-download"})
_GZIP = frozenset({"application/gzip", "application/x-gzip"})

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF"),
    (b"%!PS", "PostScript"),
    (b"\x89PNG", "a PNG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x7fELF", "a program"),
    (b"ID3\x03", "sound"),
    (b"ID3\x04", "sound"),
    (b"OggS\0", "sound"),
)
# "Binary data bytes" of the WHATWG's MIME sniffing standard.
_BINARY = bytes([*range(0x09), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_TEXT_MARKS = (b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Class:
    header: str
    types: frozenset[str]
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    unzips: bool = False
    is_any: bool = False


_MARKUP = frozenset({"text/html", "application/xhtml+xml", "text/plain", "application/vnd.wap.xhtml+xml"})
_DATA = _Class(
    header="application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, application/json;q=0.8, */*;q=0.5",
    types=frozenset({"application/xml", "application/json", "application/rss", "application/atom", "application/rdf"}),
    prefixes=("text/",),
    suffixes=("+xml", "+json", "/xml", "/json", "/x-xml", "/x-json", "/rss", "/atom"),
    unzips=True,
)


class Accept(Enum):
    """The kinds of answer. A feed may come as nearly any text; a page only as HTML or plain text."""

    PAGE = _Class(header="text/html, application/xhtml+xml;q=0.9, text/plain;q=0.5, */*;q=0.1", types=_MARKUP)
    FEED = _DATA
    SITEMAP = _Class(
        header="application/xml, text/xml;q=0.9, text/plain;q=0.8, */*;q=0.5",
        types=_DATA.types | _GZIP,
        prefixes=_DATA.prefixes,
        suffixes=_DATA.suffixes,
        unzips=True,
    )
    TEXT = _Class(header="text/plain, text/*;q=0.9, */*;q=0.5", types=frozenset(), prefixes=("text/",))
    ANY = _Class(header="*/*", types=frozenset(), is_any=True)

    @property
    def header(self) -> str:
        """The value of the Accept header."""
        return self.value.header

    @property
    def unzips(self) -> bool:
        """Whether a body that is itself a gzip file (sitemap.xml.gz) is unpacked."""
        return self.value.unzips

    def check_type(self, content_type: str | None) -> bool:
        """Refuses a declared type that is not wanted; True where the body must show what it is."""
        wanted = self.value
        if wanted.is_any:
            return False
        essence = essence_of(content_type)
        if essence in _VAGUE or "/" not in essence:
            return True
        if not (essence in wanted.types or essence.startswith(wanted.prefixes) or essence.endswith(wanted.suffixes)):
            raise RefusedError("unsupported-type", f"Content-Type is {essence[:80]!r}", evidence=content_type)
        # Servers call everything text/plain which they do not know, UTF-16 looks binary.
        return essence == "text/plain" and "utf-16" not in (content_type or "").lower()

    def check_start(self, start: bytes, *, is_vague: bool) -> None:
        """Refuses a body whose first bytes give it away as something else than text."""
        if self.value.is_any:
            return
        for magic, name in _MAGIC:
            if start.startswith(magic):
                raise RefusedError("unsupported-type", f"the body is {name}", evidence=repr(start[:16]))
        head = start[:1_024]
        # A stray NUL does not make a text binary; the cleaner drops it.
        binary_count = len(head) - len(head.translate(None, _BINARY))
        if is_vague and not head.startswith(_TEXT_MARKS) and binary_count * 50 > len(head):
            raise RefusedError("unsupported-type", "the body is binary", evidence=repr(start[:16]))


def essence_of(content_type: str | None) -> str:
    """The type without its parameters, lower case; "" where there is none."""
    for part in (content_type or "").replace(";", " ").replace(",", " ").split():
        return part.lower()
    return ""
