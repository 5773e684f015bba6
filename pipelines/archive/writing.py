"""Writing: fetched pages become records in WARC 1.1 files, and know where they lie."""

import base64
import errno
import hashlib
import os
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO
from uuid import UUID, uuid5

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.archive.places import day_folder, folder_of
from pipelines.model import Page, StoreFault

FILE_BYTES = 256_000_000  # after which the next file begins

# Level 4 costs 2.6 ms a page of 300 kB and 6 % more room than warcio's level 9, which costs 8.1 ms (measured).
_LEVEL = 4
_MOST_THREADS = 4
# The body is kept decoded, so what spoke of its coding would be a lie; Common Crawl keeps it under this prefix, too.
_KEPT_ASIDE = "X-Crawler-"
_OF_TRANSFER = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_PROTOCOLS = frozenset({"HTTP/1.0", "HTTP/1.1"})
_SPECIFICATION = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


class Archive:
    """Appends to files of its own run, so that what a killed run left torn is never written on."""

    def __init__(self, data: Path, *, run_id: UUID, software: str, file_bytes: int = FILE_BYTES) -> None:
        self._folder = folder_of(data)
        self._run_id = run_id
        self._software = software
        self._file_bytes = file_bytes
        self._file: IO[bytes] | None = None
        self._name = ""
        # zlib works without Python's lock: the gzip of a batch takes the time of its pages over the cores.
        self._pool = ThreadPoolExecutor(min(_MOST_THREADS, os.cpu_count() or 1), thread_name_prefix="archive")
        self._size = 0
        self._serial = 0

    def add(self, pages: Sequence[Page], *, now: datetime) -> list[Page]:
        """Write pages to disk, to stay there whatever happens, and return them with their places, in the order given.

        A page that lies somewhere already is returned as it is. Blocks: call it in a thread. Raises StoreFault for
        what the disk does; the pages of a failed call are to be fetched again.
        """
        with self._disk_faults():
            members = self._pool.map(self._member_unless_held, pages)
            placed = [
                page if member is None else self._place(page, member, now)
                for page, member in zip(pages, members, strict=True)
            ]
            self._sync()
        return placed

    def close(self) -> None:
        """Close the file that is open. Nothing can be added after it."""
        self._pool.shutdown()
        self._close_file()

    def _sync(self) -> None:
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _member_unless_held(self, page: Page) -> bytes | None:
        file = page.fetch.warc_file
        # Somebody may have made room by hand.
        is_held = file is not None and (self._folder / file).exists()
        return None if is_held else _member(_page_record(page))

    def _place(self, page: Page, member: bytes, now: datetime) -> Page:
        self._turn_over(now)
        offset = self._append(member)
        fetch = replace(page.fetch, warc_file=self._name, warc_offset=offset, warc_length=len(member))
        return replace(page, fetch=fetch)

    def _turn_over(self, now: datetime) -> None:
        """Begin a new file for a new day, or where the last is full."""
        folder = day_folder(now)
        if self._file is not None and self._size < self._file_bytes and self._name.startswith(folder):
            return
        self._sync()
        self._close_file()
        name = f"presswatch-{now.astimezone(UTC):%Y%m%d%H%M%S}-{self._run_id.hex[:8]}-{self._serial:05}.warc.gz"
        path = self._folder / folder / name
        _make_folders(path.parent)
        self._file = path.open("xb")
        _sync_folder(path.parent)
        self._name, self._size, self._serial = f"{folder}/{name}", 0, self._serial + 1
        self._append(_member(self._info_record(name, now)))

    def _append(self, member: bytes) -> int:
        assert self._file is not None
        offset = self._size
        self._file.write(member)
        self._size += len(member)
        return offset

    def _info_record(self, name: str, now: datetime) -> ArcWarcRecord:
        fields = {
            "software": self._software,
            "format": "WARC File Format 1.1",
            "conformsTo": _SPECIFICATION,
            "isPartOf": f"run {self._run_id}",
            "description": "Bodies are decoded of their Content-Encoding and Transfer-Encoding; the fields that named "
            f"these, and Content-Length as it came, are kept with the prefix {_KEPT_ASIDE}. Names of headers are in "
            "lower case, values in UTF-8.",
        }
        content = "".join(f"{key}: {value}\r\n" for key, value in fields.items()).encode()
        headers = {
            "WARC-Record-ID": f"<urn:uuid:{uuid5(self._run_id, name)}>",
            "WARC-Filename": name,
            "WARC-Date": _instant(now),
            "WARC-Block-Digest": _digest(content),
        }
        return _record("", "warcinfo", content, headers, content_type="application/warc-fields")

    @contextmanager
    def _disk_faults(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            # What follows a torn record could not be read, so the next page begins a new file.
            file, self._file = self._file, None
            if file is not None:
                _abandon(file)
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise StoreFault(
                    f"{self._folder}: the disk is full; make room and run again, nothing is lost"
                ) from error
            raise StoreFault(f"{self._folder}: {error.strerror or error}") from error


@contextmanager
def open_archive(data: Path, *, run_id: UUID, software: str) -> Iterator[Archive]:
    """An archive to add to, for the one run that holds the data folder. No file is made before the first page."""
    archive = Archive(data, run_id=run_id, software=software)
    try:
        yield archive
    finally:
        archive.close()


class _Member:
    """One gzip member, to which warcio writes in pieces."""

    def __init__(self) -> None:
        self._compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> None:
        self._parts.append(self._compressor.compress(data))

    def flush(self) -> None:
        """warcio's word at the end of a record; the member ends with close."""

    def close(self) -> bytes:
        return b"".join([*self._parts, self._compressor.flush()])


def _member(record: ArcWarcRecord) -> bytes:
    member = _Member()
    WARCWriter(member, gzip=False, warc_version="1.1").write_record(record)
    return member.close()


def _page_record(page: Page) -> ArcWarcRecord:
    fetch = page.fetch
    payload_digest = bytes.fromhex(fetch.digest) if fetch.digest else hashlib.sha256(page.content).digest()
    headers = {
        # The record is called as the row in `fetches`, so that one finds the other.
        "WARC-Record-ID": f"<urn:uuid:{fetch.fetch_id}>",
        "WARC-Date": _instant(fetch.fetched_at),
        "WARC-Payload-Digest": _label(payload_digest),
    }
    uri = _one_line(fetch.final_url)
    if fetch.status is None:
        headers["WARC-Block-Digest"] = headers["WARC-Payload-Digest"]
        return _record(
            uri, "resource", page.content, headers, content_type=_one_line(fetch.content_type or "text/plain")
        )
    http = _http_headers(page)
    http.compute_headers_buffer()
    headers["WARC-Block-Digest"] = _digest(http.headers_buff, page.content)
    content_type = "application/http; msgtype=response"
    return _record(uri, "response", page.content, headers, content_type=content_type, http=http)


def _http_headers(page: Page) -> StatusAndHeaders:
    protocol, _, status = (page.status_line or f"HTTP/1.1 {page.fetch.status}").partition(" ")
    headers = [
        (f"{_KEPT_ASIDE}{name.title()}" if name.lower() in _OF_TRANSFER else _one_line(name), _one_line(value))
        for name, value in page.headers
    ]
    headers.append(("content-length", str(len(page.content))))
    # HTTP/2 has no status line of its own; readers know these two.
    return _HttpHeaders(_one_line(status), headers, protocol=protocol if protocol in _PROTOCOLS else "HTTP/1.1")


class _HttpHeaders(StatusAndHeaders):  # type: ignore[misc]
    """In UTF-8: warcio quotes values that are not ASCII, and fails on such a status line ("200 Très bien")."""

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        self.headers_buff = self.to_bytes(header_filter)


def _record(
    uri: str,
    record_type: str,
    content: bytes,
    headers: dict[str, str],
    *,
    content_type: str,
    http: StatusAndHeaders | None = None,
) -> ArcWarcRecord:
    return WARCWriter(None, gzip=False, warc_version="1.1").create_warc_record(
        uri,
        record_type,
        payload=BytesIO(content),
        length=len(content),
        warc_content_type=content_type,
        warc_headers_dict=headers,
        http_headers=http,
    )


def _digest(*parts: bytes) -> str:
    total = hashlib.sha256()
    for part in parts:
        total.update(part)
    return _label(total.digest())


def _label(digest: bytes) -> str:
    return f"sha256:{base64.b32encode(digest).decode()}"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _one_line(text: str) -> str:
    # Half a surrogate pair has no place in UTF-8.
    sound = text.encode("utf-8", "replace").decode()
    return "".join(" " if character in "\r\n\0" else character for character in sound)


def _make_folders(folder: Path) -> None:
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for path in missing:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _abandon(file: IO[bytes]) -> None:
    try:
        file.close()
    except OSError:
        # It flushes what the disk has refused already.
        return
