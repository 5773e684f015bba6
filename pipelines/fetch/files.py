"""Files: a file: URL inside a source's root becomes bytes, or a refusal. No links, no devices, no pipes."""

import errno
import os
import stat
from pathlib import Path, PurePosixPath
from urllib.parse import unquote_to_bytes, urlsplit

from pipelines.fetch.faults import RefusedError

_HTML = frozenset({".html", ".htm", ".xhtml", ".xht"})


def read_file(url: str, *, root: str, max_bytes: int) -> bytes:
    """The bytes of a file; raises RefusedError. Blocks: call it in a thread."""
    base, parts = locate(url, root=root)
    handle = _open(base, parts)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise RefusedError("file-not-regular", f"not a regular file: {_kind(status.st_mode)}")
        if status.st_size > max_bytes:
            raise RefusedError("too-large", f"{status.st_size} bytes, more than {max_bytes}")
        content = _read(handle, max_bytes + 1)
    except OSError as error:
        raise _refusal(error) from error
    finally:
        os.close(handle)
    if len(content) > max_bytes:  # it grew, or it is one of those that claim to be empty (/proc)
        raise RefusedError("too-large", f"more than {max_bytes} bytes")
    if not content:
        raise RefusedError("empty-body", "the file is empty")
    return content


def content_type_of(url: str) -> str:
    """text/html or text/plain, by the suffix."""
    try:
        suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
    except ValueError:
        return "text/plain"
    return "text/html" if suffix in _HTML else "text/plain"


def locate(url: str, *, root: str) -> tuple[Path, tuple[str, ...]]:
    """The resolved root and the way from it to the file; raises RefusedError for what lies outside."""
    try:
        split = urlsplit(url)
    except ValueError as error:
        raise RefusedError("bad-url", f"not a URL: {error}") from error
    if split.scheme != "file" or split.netloc not in ("", "localhost"):
        raise RefusedError("bad-url", "not a local file: URL")
    raw = unquote_to_bytes(split.path.encode("utf-8", "surrogateescape"))
    if b"\0" in raw or not raw.startswith(b"/"):
        raise RefusedError("bad-url", "not an absolute path")
    path = Path(os.fsdecode(raw))
    if ".." in path.parts:
        raise RefusedError("bad-url", "the path climbs")
    try:
        base = Path(root).resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise RefusedError("file-missing", f"the source's path is not there: {error}") from error
    for start in (Path(root).absolute(), base):
        if path == start or path.is_relative_to(start):
            return base, path.relative_to(start).parts
    raise RefusedError("bad-url", "the file lies outside the source's folder")


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
        raise _refusal(error) from error
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


def _refusal(error: OSError) -> RefusedError:
    text = error.strerror or str(error)
    if error.errno == errno.ENOENT:
        return RefusedError("file-missing", text)
    if error.errno in (errno.ELOOP, errno.ENOTDIR, errno.ENXIO, errno.EISDIR, errno.ENODEV):
        return RefusedError("file-not-regular", f"a link, a folder or a device: {text}")
    return RefusedError("file-unreadable", text)


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
