"""Local: a file, or a record of a WARC file, inside a source's root becomes bytes, or a FetchError.

No links, no devices, no pipes.
"""

import errno
import hashlib
import os
import re
import stat
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes, urlsplit
from uuid import uuid4

from pipelines.fetch.bodies import Accept
from pipelines.fetch.failures import FetchError
from pipelines.model import Entry, Fetch, Page, Source

if TYPE_CHECKING:
    from pipelines.archive import Record

_HTML = frozenset({".html", ".htm", ".xhtml", ".xht"})
# What is decoded on the way out of the archive; warcio knows no others.
_DECODED_CODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
_MARKUP = re.compile(rb"<(!doctype|html|head|body|meta|title|div|article)\b", re.IGNORECASE)
_RECORD_LOCATION = re.compile(r"(.+)@([0-9]+)\+([0-9]+)", re.DOTALL)


def read_file(url: str, *, root: str, max_bytes: int) -> bytes:
    """The bytes of a file; raises FetchError. Blocks: call it in a thread."""
    base, parts = locate(url, root=root)
    handle = _open(base, parts)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise FetchError("file-not-regular", f"not a regular file: {_kind(status.st_mode)}")
        if status.st_size > max_bytes:
            raise FetchError("too-large", f"{status.st_size} bytes, more than {max_bytes}")
        content = _read(handle, max_bytes + 1)
    except OSError as error:
        raise _failure(error) from error
    finally:
        os.close(handle)
    if len(content) > max_bytes:  # it grew, or it is one of those that claim to be empty (/proc)
        raise FetchError("too-large", f"more than {max_bytes} bytes")
    if not content:
        raise FetchError("empty-body", "the file is empty")
    return content


def content_type_of(url: str) -> str:
    """text/html or text/plain, by the suffix."""
    try:
        suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
    except ValueError:
        return "text/plain"
    return "text/html" if suffix in _HTML else "text/plain"


def locate(url: str, *, root: str) -> tuple[Path, tuple[str, ...]]:
    """The resolved root and the way from it to the file; raises FetchError for what lies outside."""
    try:
        split = urlsplit(url)
    except ValueError as error:
        raise FetchError("bad-url", f"not a URL: {error}") from error
    if split.scheme != "file" or split.netloc not in ("", "localhost"):
        raise FetchError("bad-url", "not a local file: URL")
    raw = unquote_to_bytes(split.path.encode("utf-8", "surrogateescape"))
    if b"\0" in raw or not raw.startswith(b"/"):
        raise FetchError("bad-url", "not an absolute path")
    path = Path(os.fsdecode(raw))
    if ".." in path.parts:
        raise FetchError("bad-url", "the path climbs")
    try:
        base = Path(root).resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise FetchError("file-missing", f"the source's path is not there: {error}") from error
    for start in (Path(root).absolute(), base):
        if path == start or path.is_relative_to(start):
            return base, path.relative_to(start).parts
    raise FetchError("bad-url", "the file lies outside the source's folder")


def _open(base: Path, parts: tuple[str, ...]) -> int:
    """Step by step from the root, so that no part of the way can be a link, not even one swapped in meanwhile."""
    final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    folder = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC
    handle: int | None = None
    try:
        if not parts:
            return os.open(base, final)
        handle = os.open(base, folder)
        for part in parts[:-1]:
            following = os.open(part, folder, dir_fd=handle)
            os.close(handle)
            handle = following
        return os.open(parts[-1], final, dir_fd=handle)
    except OSError as error:
        raise _failure(error) from error
    finally:
        if handle is not None:
            os.close(handle)


def _read(handle: int, size: int) -> bytes:
    pieces: list[bytes] = []
    while size > 0:
        piece = os.read(handle, min(size, 1 << 20))
        if not piece:
            break
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _failure(error: OSError) -> FetchError:
    text = error.strerror or str(error)
    if error.errno == errno.ENOENT:
        return FetchError("file-missing", text)
    if error.errno in (errno.ELOOP, errno.ENOTDIR, errno.ENXIO, errno.EISDIR, errno.ENODEV):
        return FetchError("file-not-regular", f"a link, a folder or a device: {text}")
    return FetchError("file-unreadable", text)


def _kind(mode: int) -> str:
    for name, test in (
        ("folder", stat.S_ISDIR),
        ("pipe", stat.S_ISFIFO),
        ("device", stat.S_ISCHR),
        ("device", stat.S_ISBLK),
        ("socket", stat.S_ISSOCK),
    ):
        if test(mode):
            return name
    return "something else"


def read_record_page(entry: Entry, *, source: Source, max_bytes: int) -> Page:
    """The page of an entry; raises FetchError. Blocks: call it in a thread."""
    path, offset, length = _locate_record(entry, root=Path(source.location))
    # warcio takes 60 ms to import, and most sources need none of it.
    from pipelines.archive import ArchiveFault, OversizedRecord, read_record

    try:
        record = read_record(path.parent, str(path), offset, length=length, max_bytes=max_bytes)
    except OversizedRecord as fault:
        raise FetchError("too-large", str(fault)) from fault
    except ArchiveFault as fault:
        raise FetchError("bad-archive", str(fault)) from fault
    if record.target_uri != entry.url:
        raise FetchError("bad-archive", f"{path} has changed: it holds {record.target_uri[:200]} now")
    _refuse_encoded(record)
    is_vague = Accept.PAGE.check_type(record.content_type)
    Accept.PAGE.check_start(record.content, is_vague=is_vague)
    return Page(
        # The instant of the capture let the entry pass for news; it says nothing about the text.
        entry=replace(entry, modified_at=None),
        fetch=_fetch_of(record, path, offset, length),
        content=record.content,
        headers=record.headers,
        status_line=record.status_line,
        cleaning=source.cleaning,
    )


def _refuse_encoded(record: "Record") -> None:
    coding = next((value for name, value in record.headers if name.lower() == "content-encoding"), "").strip().lower()
    # Most crawlers keep a body decoded and the header as it came, so the body decides.
    if coding not in _DECODED_CODINGS and not _MARKUP.search(record.content, 0, 5_000):
        raise FetchError("bad-encoding", f"the body was recorded as {coding[:20]}, which cannot be decoded")


def _fetch_of(record: "Record", path: Path, offset: int, length: int) -> Fetch:
    return Fetch(
        fetch_id=uuid4(),
        fetched_at=record.captured_at,
        final_url=record.target_uri,
        status=record.status,
        content_type=record.content_type,
        byte_count=len(record.content),
        digest=hashlib.sha256(record.content).hexdigest(),
        warc_file=str(path),
        warc_offset=offset,
        warc_length=length,
    )


def _locate_record(entry: Entry, *, root: Path) -> tuple[Path, int, int]:
    match = _RECORD_LOCATION.fullmatch(entry.location or "")
    if match is None:
        raise FetchError("bad-archive", "the entry does not say where it lies")
    folder = root if root.is_dir() else root.parent
    path = folder / match[1]
    if ".." in Path(match[1]).parts or not path.resolve().is_relative_to(folder.resolve()):
        raise FetchError("bad-url", "the file lies outside the source's folder")
    return path, int(match[2]), int(match[3])
