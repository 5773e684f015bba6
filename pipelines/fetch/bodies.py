"""Bodies: pieces from the wire become the plain bytes of a document of a wanted kind, within a bound and whole."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from pipelines.fetch.failures import FetchError, first_line

STEP = 64 * 1024
GZIP_MAGIC = b"\x1f\x8b"

# Types that say nothing: servers send them for whatever they have no name for.
_VAGUE = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/force-download"})
# A feed or sitemap never comes under these, whatever follows the slash.
_NEVER_DATA = ("image/", "audio/", "video/", "font/", "model/", "multipart/", "message/")

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
    (GZIP_MAGIC, "gzip data"),
    (b"\x7fELF", "a program"),
    (b"ID3\x03", "sound"),
    (b"ID3\x04", "sound"),
    (b"OggS\0", "sound"),
)
# "Binary data bytes" of the WHATWG's MIME sniffing standard.
_BINARY = bytes([*range(0x09), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_TEXT_MARKS = (b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf")

# The codings of IANA's registry, and others in use, under which a body is not what it seems. All other names in a
# Content-Encoding ("utf-8", "none", "identity", "binary") describe a body that was sent as it is.
_CODINGS = frozenset(
    "gzip x-gzip deflate br zstd compress x-compress dcb dcz exi aes128gcm pack200-gzip xz lzma bzip2 lz4".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    header: str
    types: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    never: tuple[str, ...] | None = None  # where given, the body decides under all types but these
    unzips: bool = False
    is_any: bool = False


_DATA = _Kind(
    header="application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, application/json;q=0.8, */*;q=0.5",
    types=frozenset({"application/xml", "application/json", "application/rss", "application/atom", "application/rdf"}),
    prefixes=("text/",),
    suffixes=("+xml", "+json", "/xml", "/json", "/x-xml", "/x-json", "/rss", "/atom"),
    never=_NEVER_DATA,
    unzips=True,
)


class Accept(Enum):
    """The kinds of answer. A feed or sitemap may come under nearly any type; a page only as HTML or plain text."""

    PAGE = _Kind(
        header="text/html, application/xhtml+xml;q=0.9, text/plain;q=0.5, */*;q=0.1",
        types=frozenset({"text/html", "application/xhtml+xml", "text/plain", "application/vnd.wap.xhtml+xml"}),
    )
    FEED = _DATA
    SITEMAP = _Kind(
        header="application/xml, text/xml;q=0.9, text/plain;q=0.8, */*;q=0.5",
        types=_DATA.types,
        prefixes=_DATA.prefixes,
        suffixes=_DATA.suffixes,
        never=_NEVER_DATA,
        unzips=True,
    )
    ANY = _Kind(header="*/*", is_any=True)

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
        essence = _essence_of(content_type)
        if essence in _VAGUE or "/" not in essence:
            return True
        if essence in wanted.types or essence.startswith(wanted.prefixes) or essence.endswith(wanted.suffixes):
            # Servers call everything text/plain which they do not know; UTF-16 looks binary.
            return essence == "text/plain" and "utf-16" not in (content_type or "").lower()
        if wanted.never is not None and not essence.startswith(wanted.never):
            return True
        raise FetchError("unsupported-type", f"Content-Type is {essence[:80]!r}", evidence=content_type)

    def check_start(self, start: bytes, *, is_vague: bool) -> None:
        """Refuses a body whose first bytes give it away as something else than text."""
        if self.value.is_any:
            return
        for magic, name in _MAGIC:
            if start.startswith(magic):
                raise FetchError("unsupported-type", f"the body is {name}", evidence=repr(start[:16]))
        head = start[:1_024]
        # A stray NUL does not make a text binary; the cleaner drops it.
        binary_count = len(head) - len(head.translate(None, _BINARY))
        if is_vague and not head.startswith(_TEXT_MARKS) and binary_count * 50 > len(head):
            raise FetchError("unsupported-type", "the body is binary", evidence=repr(start[:16]))


def _essence_of(content_type: str | None) -> str:
    """The type without its parameters, lower case; "" where there is none."""
    for part in (content_type or "").replace(";", " ").replace(",", " ").split():
        return part.lower()
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a request asks for and how much of it is taken."""

    accept: Accept
    max_bytes: int
    is_cut: bool = False  # a longer body is cut off instead of refused
    is_conditional: bool = False


class BodyReader:
    """A body as it grows: decoded, sniffed at its start, unpacked where it is itself a gzip file, bounded.

    The constructor refuses what the headers give away (FetchError: unsupported-type, bad-encoding, too-large).
    """

    def __init__(self, wanted: Wanted, *, content_type: str | None, content_encoding: str, content_length: str) -> None:
        self._wanted = wanted
        self._is_vague = wanted.accept.check_type(content_type) or not _names_only_codings(content_encoding)
        self._decoder = decoder_for(content_encoding)
        if not wanted.is_cut and _is_longer(content_length, wanted.max_bytes):
            detail = f"Content-Length is {content_length}, more than {wanted.max_bytes}"
            raise FetchError("too-large", detail, evidence=content_length)
        self._piece_count = self._wire_count = 0
        self._start = b""
        self._is_sniffed = False
        self._unzip: Inflate | None = None
        self._buffer = bytearray()

    @property
    def byte_count(self) -> int:
        """The decoded bytes so far."""
        return len(self._buffer)

    def add(self, raw: bytes) -> bool:
        """Takes a piece from the wire; False when a body that may be cut is full."""
        self._piece_count += 1
        self._wire_count += len(raw)
        if self._piece_count >= 20_000 and self._wire_count < 32 * self._piece_count:
            # Chunks of one byte cost h11 30 µs each: ten megabytes of them would be five minutes.
            raise FetchError("protocol-error", f"{self._piece_count} chunks for {self._wire_count} bytes")
        if self._wire_count > self._wanted.max_bytes + STEP:
            # A gzip header may name its file without end, and empty members follow one another: nothing comes out.
            raise FetchError("too-large", f"more than {self._wanted.max_bytes} bytes even before they are decoded")
        return all(self._add_decoded(piece) for piece in self._decoder.feed(raw))

    def close(self) -> bytes:
        """The whole body; refuses an empty one and one that broke off."""
        self._decoder.close()
        if not self._is_sniffed:
            self._append(self._sniff())
        if self._unzip is not None:
            self._unzip.close()
        if not self._buffer and not self._wanted.is_cut:
            raise FetchError("empty-body", "the body is empty")
        return self.content

    @property
    def content(self) -> bytes:
        """The decoded bytes so far."""
        return bytes(self._buffer)

    def _add_decoded(self, piece: bytes) -> bool:
        if not self._is_sniffed:
            self._start += piece
            if len(self._start) < 1_024:
                return True
            piece = self._sniff()
        return self._append(piece)

    def _sniff(self) -> bytes:
        self._is_sniffed = True
        start, self._start = self._start, b""
        if self._wanted.accept.unzips and start.startswith(GZIP_MAGIC):
            self._unzip = Inflate(31)
        elif start:
            self._wanted.accept.check_start(start, is_vague=self._is_vague)
        return start

    def _append(self, piece: bytes) -> bool:
        pieces = (piece,) if self._unzip is None else self._unzip.feed(piece)
        for part in pieces:
            self._buffer += part
            if len(self._buffer) > self._wanted.max_bytes:
                if self._wanted.is_cut:
                    del self._buffer[self._wanted.max_bytes :]
                    return False
                evidence = first_line(bytes(self._buffer[:2_048]))
                raise FetchError("too-large", f"more than {self._wanted.max_bytes} bytes", evidence=evidence)
        return True


def _is_longer(content_length: str, max_bytes: int) -> bool:
    is_number = content_length.isascii() and content_length.isdigit() and len(content_length) < 20
    return is_number and int(content_length) > max_bytes


class Decoder(Protocol):
    """Takes pieces, gives pieces of at most STEP bytes or so, and knows at the end whether anything is missing."""

    def feed(self, data: bytes) -> Iterator[bytes]: ...

    def close(self) -> None: ...


def decoder_for(codings: str) -> Decoder:
    """The decoder for the value of a Content-Encoding header; refuses all compressions but one gzip or deflate."""
    names = [name for name in _names_of(codings) if name in _CODINGS]
    if not names:
        return Plain()
    if names in (["gzip"], ["x-gzip"]):
        return Inflate(zlib.MAX_WBITS | 16)
    if names == ["deflate"]:
        return Inflate(None)
    # httpx would undo gzip over gzip over gzip: 1 kB becomes gigabytes.
    raise FetchError("bad-encoding", f"Content-Encoding is {codings[:80]!r}, not one gzip or deflate")


def _names_of(codings: str) -> list[str]:
    return [name for part in codings.split(",") if (name := part.partition(";")[0].strip().lower())]


def _names_only_codings(codings: str) -> bool:
    return all(name in _CODINGS or name == "identity" for name in _names_of(codings))


class Plain:
    """Nothing to decode."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def close(self) -> None:
        return None


class Inflate:
    """gzip (several members too), zlib or raw deflate. `wbits` None: zlib or raw, as the first two bytes say.

    httpx inflates without a bound and hands out a truncated body as if it were whole, hence our own.
    """

    def __init__(self, wbits: int | None) -> None:
        self._wbits = wbits
        self._stream = zlib.decompressobj(wbits) if wbits is not None else None
        self._head = b""  # bytes that wait until there are two of them to tell what begins
        self._is_fed = False
        self._is_done = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Decoded pieces of at most STEP bytes. What follows the end of the stream is dropped, as browsers do."""
        self._is_fed = self._is_fed or bool(data)
        while data and not self._is_done:
            if self._stream is None or self._stream.eof:
                data, self._head = self._head + data, b""
                if len(data) < 2:
                    self._head = data
                    return
                self._begin(data)
                if self._stream is None or self._stream.eof:
                    return
            yield from self._inflate(data)
            data = self._stream.unused_data

    def _begin(self, data: bytes) -> None:
        if self._stream is None:
            # RFC 9110 says zlib; old servers send raw deflate. A zlib header is a multiple of 31.
            is_zlib = data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
            self._stream = zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
        elif self._wbits is not None and data.startswith(GZIP_MAGIC):
            self._stream = zlib.decompressobj(self._wbits)
        else:
            self._is_done = True

    def _inflate(self, data: bytes) -> Iterator[bytes]:
        assert self._stream is not None
        while True:
            try:
                piece = self._stream.decompress(data, STEP)
            except zlib.error as error:
                raise FetchError("bad-encoding", f"the compressed body is broken: {error}") from error
            if piece:
                yield piece
            data = self._stream.unconsumed_tail
            # A full piece may leave output inside zlib although its input is used up.
            if self._stream.eof or (not data and len(piece) < STEP):
                return

    def close(self) -> None:
        """Refuses a stream that broke off."""
        if self._is_fed and (self._stream is None or not self._stream.eof):
            raise FetchError("truncated-body", "the compressed body ends before its end", is_retryable=True)
