"""Files: a local file or folder becomes one entry a text or HTML file."""

import asyncio
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from pipelines.discover.documents import (
    FeedItem,
    ParsedSource,
    PollFailure,
    PollRequest,
    digest_of,
    next_validators,
    usable_validators,
)
from pipelines.discover.results import failed, succeeded, unchanged
from pipelines.model import PollResult

SUFFIXES = frozenset({".txt", ".text", ".md", ".html", ".htm", ".xhtml", ".xht"})
LARGEST = 10_000_000  # bytes: as much as a page from the web may have

_GLOB = re.compile(r"\*\*/|\*\*|\*|\?|\[!?\]?[^\]]*\]|[^*?\[]+|\[")
_GLOB_WORDS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFile:
    """A file on disk, as it was when the folder was read."""

    path: str
    modified_ns: int
    size: int


async def poll_files(request: PollRequest) -> PollResult:
    """Poll a folder, recursively, or one file. Only names, sizes and times are read here.

    A file that has changed since keeps its address: its modified_at makes it a candidate for a revision.
    """
    root = Path(request.source.location)
    found = await asyncio.to_thread(find_files, root, request.source.pattern)
    if isinstance(found, PollFailure):
        return failed(request, found)
    validators = next_validators(request, digest_of(listing_of(found)))
    if validators.digest == usable_validators(request).digest:
        return unchanged(request, validators, final_url=root.as_uri())
    return succeeded(request, _parsed(found, root), validators, final_url=root.as_uri())


def listing_of(files: Sequence[LocalFile]) -> bytes:
    """Names, sizes and times of files: where it is the same, so are they."""
    lines = "\n".join(f"{file.path}\0{file.modified_ns}\0{file.size}" for file in files)
    return lines.encode("utf-8", "surrogateescape")


def _parsed(found: list[LocalFile], root: Path) -> ParsedSource:
    items = (FeedItem(link=Path(item.path).as_uri(), modified_at=_instant(item.modified_ns)) for item in found)
    return ParsedSource(items=tuple(items), title=root.name or str(root), dialect="files")


def _instant(ns: int) -> datetime:
    return datetime.fromtimestamp(ns // 10**9, UTC).replace(microsecond=ns % 10**9 // 1_000)


def find_files(
    root: Path, pattern: str | None, *, suffixes: frozenset[str] = SUFFIXES, largest: int | None = LARGEST
) -> list[LocalFile] | PollFailure:
    """The files of a folder and its subfolders that a glob or, without one, their suffix names, by path; or one file.

    largest: bytes of a file that is not passed over.
    """
    try:
        status = root.stat()
    except FileNotFoundError:
        return PollFailure(reason="file-missing", detail=f"there is no {root}", final_url=root.as_uri())
    except OSError as error:
        return PollFailure(reason="file-unreadable", detail=f"{root}: {error.strerror}", final_url=root.as_uri())
    if stat.S_ISREG(status.st_mode):
        return [LocalFile(path=str(root), modified_ns=status.st_mtime_ns, size=status.st_size)]
    if not stat.S_ISDIR(status.st_mode):
        return PollFailure(
            reason="file-not-regular", detail=f"{root} is neither a file nor a folder", final_url=root.as_uri()
        )
    try:
        # Opened once here, because os.walk keeps silent about a folder that it may not read.
        os.scandir(root).close()
    except OSError as error:
        return PollFailure(reason="file-unreadable", detail=f"{root}: {error.strerror}", final_url=root.as_uri())
    walk = _walk(root, pattern, suffixes=suffixes, largest=largest)
    return sorted(walk, key=lambda item: item.path)


def _walk(root: Path, pattern: str | None, *, suffixes: frozenset[str], largest: int | None) -> Iterator[LocalFile]:
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(folder) / name
            if not _is_wanted(path.relative_to(root).as_posix(), pattern, suffixes):
                continue
            try:
                status = path.lstat()
            except OSError:
                continue  # gone since the folder was read
            # No links, pipes or devices: they lead out of the root, or never end.
            if stat.S_ISREG(status.st_mode) and (largest is None or status.st_size <= largest):
                yield LocalFile(path=str(path), modified_ns=status.st_mtime_ns, size=status.st_size)


def _is_wanted(path: str, pattern: str | None, suffixes: frozenset[str]) -> bool:
    if any(part.startswith(".") for part in path.split("/")):
        return False
    if pattern is None:
        return path.lower().endswith(tuple(suffixes))
    return _glob(pattern).fullmatch(path) is not None


@lru_cache(maxsize=64)
def _glob(pattern: str) -> re.Pattern[str]:
    """A glob as a regular expression: * stays within a folder, ** crosses them, "**/" is also no folder at all."""
    try:
        return re.compile("".join(_GLOB_WORDS.get(word) or _glob_word(word) for word in _GLOB.findall(pattern)))
    except re.error:
        return re.compile(re.escape(pattern))  # a range that runs backwards, "[z-a]", matches itself only


def _glob_word(word: str) -> str:
    if len(word) > 2 and word.startswith("["):
        inner = word[1:-1].replace("\\", r"\\").replace("[", r"\[").replace("^", r"\^")
        return f"[^{inner[1:]}]" if inner.startswith("!") else f"[{inner}]"
    return re.escape(word)
