"""Reader: an offset in a WARC file becomes its record, checked; a whole file becomes the captures that it holds."""

import hashlib
import logging
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.timeutils import iso_date_to_datetime

from pipelines.archive.paths import locate
from pipelines.model import StoreFault

LARGEST = 1 << 30  # bytes of a decoded body
# Bytes of the header lines of a record, or of the HTTP response in it; browsers take as many.
LARGEST_HEADER = 1 << 18

_HTML = ("text/html", "application/xhtml+xml")
# What warcio raises on a file that is no WARC file, or a broken one.
_BROKEN = (ArchiveLoadFailed, EOFError, zlib.error, ValueError, LookupError, AttributeError, TypeError)

# It warns of spaces in URLs, which it repairs.
logging.getLogger("warcio.recordloader").setLevel(logging.ERROR)


class ArchiveFault(StoreFault):
    """A record that is missing, or not as it was written."""


class _BoundedReader(DecompressingBufferedReader):  # type: ignore[misc]
    """Limits header lines, which warcio reads whatever their length and number; a header ends at a blank line.

    A header of 400 MB, 389 kB of gzip, took 1.2 GB.
    """

    _header_size = 0

    def readline(self, length: int | None = None) -> bytes:
        room = LARGEST_HEADER - self._header_size + 1
        line: bytes = super().readline(room if length is None else min(length, room))
        self._header_size = self._header_size + len(line) if line.strip() else 0
        if self._header_size > LARGEST_HEADER:
            raise ArchiveLoadFailed(f"a header is larger than {LARGEST_HEADER} bytes")
        return line

    def read(self, length: int | None = None) -> bytes:
        self._header_size = 0
        return super().read(length)  # type: ignore[no-any-return]


class _Records(ArchiveIterator):  # type: ignore[misc]
    """The records of a stream, with bounded headers."""

    INC_RECORD = ""  # warcio writes it, with what stands in the file, to the terminal

    def __init__(self, stream: IO[bytes], *, check_digests: bool = False) -> None:
        super().__init__(stream, check_digests=check_digests)
        self.reader = _BoundedReader(self.fh)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record as it was archived; of a response, the body is decoded of its transfer."""

    record_type: str  # response, resource …
    target_uri: str
    captured_at: datetime
    status_line: str | None  # None where it is no response
    headers: tuple[tuple[str, str], ...]  # HTTP; names as they stand in the record
    content_type: str | None
    content: bytes = field(repr=False)

    @property
    def status(self) -> int | None:
        """The HTTP status; None where it is no response."""
        return _status_of(self.status_line or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A page in a WARC file, and the offset of its record."""

    url: str
    captured_at: datetime
    offset: int
    length: int


class OversizedRecord(ArchiveFault):
    """A record whose body is larger than the caller takes."""


def read_record(
    data: Path,
    file: str,
    offset: int,
    *,
    length: int | None = None,
    digest: str | None = None,
    max_bytes: int = LARGEST,
) -> Record:
    """Read the record at `offset` of what `fetches.warc_file` names, in the archive of a data folder.

    length: of the record as it is stored; digest: SHA-256 of the body, hexadecimal. Both are held against what is
    there, as are the record's own length and digests. max_bytes: of the decoded body. Raises ArchiveFault.
    """
    path = locate(data, file)
    where = f"{path}, offset {offset}"
    with _faults(where), path.open("rb") as stream:
        stream.seek(offset)
        if length is not None:
            stored = stream.read(length)
            if len(stored) != length:
                raise ArchiveFault(f"{where}: the file ends {length - len(stored)} bytes early")
            record = next(_Records(BytesIO(stored), check_digests=True), None)
        else:
            record = next(_Records(stream, check_digests=True), None)
        if record is None:
            raise ArchiveFault(f"{where}: there is no record")
        found = _record_of(record, max_bytes=max_bytes, where=where)
    if digest is not None and hashlib.sha256(found.content).hexdigest() != digest:
        raise ArchiveFault(f"{where}: the body is not the one that was archived: its digest is not {digest}")
    return found


def scan(path: Path, *, offset: int = 0) -> Iterator[tuple[int, Capture | None]]:
    """Yield for each record of a WARC file, from the one at `offset` on, where the next begins and the page that it is.

    A page is a response with status 200 and HTML; other records give None. Bounded in memory whatever the size of
    the file. Raises ArchiveFault where it breaks off or cannot be read, after the records before that one.
    """
    with _faults(str(path)), path.open("rb") as stream:
        stream.seek(offset)
        records = _Records(stream)
        for record in records:
            page = _page_of(record)
            start, length = records.get_record_offset(), records.get_record_length()
            if _is_cut(record):
                raise ArchiveFault(f"{path}: the record at {start} breaks off")
            capture = None
            if page is not None:
                url, captured_at = page
                capture = Capture(url=url, captured_at=captured_at, offset=start, length=length)
            yield records.offset, capture  # past the blank lines that end a record in a plain file


def _record_of(record: Any, *, max_bytes: int, where: str) -> Record:
    declared = record.rec_headers.get_header("Content-Length")
    content = record.content_stream().read(max_bytes + 1)
    if len(content) > max_bytes:
        raise OversizedRecord(f"{where}: the body is larger than {max_bytes} bytes")
    while record.raw_stream.read(1 << 16):
        pass  # what a chunked body leaves over; the digests cover it
    if declared is None or _is_cut(record):
        raise ArchiveFault(f"{where}: the record breaks off")
    http = record.http_headers
    # Some crawlers digest the payload after, others before the chunks are joined; the digest of the block is clear.
    is_chunked = http is not None and http.get_header("transfer-encoding") is not None
    problems = [text for text in record.digest_checker.problems if not (is_chunked and text.startswith("payload"))]
    if problems:
        raise ArchiveFault(f"{where}: {problems[0]}")
    return Record(
        record_type=record.rec_type,
        target_uri=record.rec_headers.get_header("WARC-Target-URI") or "",
        captured_at=_instant(record.rec_headers.get_header("WARC-Date")),
        status_line=None if http is None else f"{http.protocol} {http.statusline}".strip(),
        headers=() if http is None else tuple(http.headers),
        content_type=record.rec_headers.get_header("Content-Type") if http is None else http.get_header("content-type"),
        content=content,
    )


def _is_cut(record: Any) -> bool:
    """Whether a record that was read to its end was shorter than it says."""
    return bool(vars(record.raw_stream).get("limit", 0))


def _page_of(record: Any) -> tuple[str, datetime] | None:
    if record.rec_type != "response" or record.http_headers is None:
        return None
    if _status_of(f"{record.http_headers.protocol} {record.http_headers.statusline}") != 200:
        return None
    headers = record.rec_headers
    kind = record.http_headers.get_header("content-type") or headers.get_header("WARC-Identified-Payload-Type") or ""
    if kind.partition(";")[0].strip().lower() not in _HTML:
        return None
    url = headers.get_header("WARC-Target-URI")
    try:
        return (url, _instant(headers.get_header("WARC-Date"))) if url else None
    except ValueError:
        return None


def _status_of(status_line: str) -> int | None:
    parts = status_line.split(" ")
    return int(parts[1]) if len(parts) > 1 and parts[1].isascii() and parts[1].isdigit() else None


def _instant(text: str | None) -> datetime:
    return iso_date_to_datetime(text or "").replace(tzinfo=UTC)  # type: ignore[no-any-return]


@contextmanager
def _faults(where: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise ArchiveFault(f"{where}: the file is not there") from error
    except OSError as error:
        raise ArchiveFault(f"{where}: {error.strerror or error}") from error
    except _BROKEN as error:
        message = " ".join(str(error).split())[:200]
        raise ArchiveFault(f"{where}: no WARC record can be read: {message or type(error).__name__}") from error
