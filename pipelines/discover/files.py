"""Files: a local file or folder becomes one entry a text or HTML file."""

import asyncio
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from pipelines.discover.exchange import Visit, digest_of, is_same, usable_validators
from pipelines.discover.reading import Announced, Look, Reading, Unread
from pipelines.model import Source, Validators

SUFFIXES = frozenset({".txt", ".text", ".md", ".html", ".htm", ".xhtml", ".xht"})
LARGEST = 10_000_000  # bytes: as much as a page from the web may have

_GLOB = re.compile(r"\*\*/|\*\*|\*|\?|\[!?\]?[^\]]*\]|[^*?\[]+|\[")
_GLOB_WORDS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFile:
    """A file on disk, as it was when it was looked at."""

    path: str
    modified_ns: int
    size: int


async def poll_files(source: Source, visit: Visit) -> Look | Unread:
    """Look at a folder, recursively, or at one file. Only names, sizes and times are read here.

    A file that has changed since keeps its address: its modified_at makes it a candidate for a revision.
    """
    usable = usable_validators(source, visit)
    found = await asyncio.to_thread(find_files, Path(source.location), source.pattern)
    if isinstance(found, Unread):
        return found
    listing = "\n".join(f"{item.path}\0{item.modified_ns}\0{item.size}" for item in found)
    digest = digest_of(source, [listing.encode("utf-8", "surrogateescape")], now=visit.now)
    return Look(
        reading=None if is_same(digest, usable.digest) else _reading(found, Path(source.location)),
        validators=Validators(digest=digest),
        final_url=Path(source.location).as_uri(),
    )


def _reading(found: list[LocalFile], root: Path) -> Reading:
    announced = (Announced(link=Path(item.path).as_uri(), modified_at=_instant(item.modified_ns)) for item in found)
    return Reading(announced=tuple(announced), title=root.name or str(root), dialect="files")


def _instant(ns: int) -> datetime:
    return datetime.fromtimestamp(ns // 10**9, UTC).replace(microsecond=ns % 10**9 // 1_000)


def find_files(
    root: Path, pattern: str | None, *, suffixes: frozenset[str] = SUFFIXES, largest: int | None = LARGEST
) -> list[LocalFile] | Unread:
    """The files of a folder and its subfolders that a glob or, without one, their suffix names, by path; or one file.

    largest: bytes of a file that is not passed over.
    """
    try:
        status = root.stat()
    except FileNotFoundError:
        return Unread(reason="file-missing", detail=f"there is no {root}", final_url=root.as_uri())
    except OSError as error:
        return Unread(reason="file-unreadable", detail=f"{root}: {error.strerror}", final_url=root.as_uri())
    if stat.S_ISREG(status.st_mode):
        return [LocalFile(path=str(root), modified_ns=status.st_mtime_ns, size=status.st_size)]
    if not stat.S_ISDIR(status.st_mode):
        return Unread(
            reason="file-not-regular", detail=f"{root} is neither a file nor a folder", final_url=root.as_uri()
        )
    try:
        # Opened once here, because os.walk keeps silent about a folder that it may not read.
        os.scandir(root).close()
    except OSError as error:
        return Unread(reason="file-unreadable", detail=f"{root}: {error.strerror}", final_url=root.as_uri())
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
