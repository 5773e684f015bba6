"""Warc: archives of web pages made elsewhere become one entry a captured page, a part of them each look."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.discover.exchange import Visit, fingerprint
from pipelines.discover.files import LocalFile, find_files
from pipelines.discover.reading import MOST_ENTRIES, Announced, Look, Reading, Unread
from pipelines.model import Source, Validators
from pipelines.urls import canonicalise

if TYPE_CHECKING:
    from pipelines.archive import Capture

SUFFIXES = frozenset({".warc", ".warc.gz"})
# A look ends after so many bytes, too (about 3 s), so that archives with little HTML do not keep a run from stopping.
MOST_BYTES = 250_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """How far the files, in their order, have been read."""

    index: int = 0  # of the file
    offset: int = 0  # of the next record in it


@dataclass(slots=True, kw_only=True)
class _Part:
    """What one look has read."""

    end: _Place
    pages: dict[str, Announced] = field(default_factory=dict)  # by canonical URL
    passed_over: int = 0
    byte_count: int = 0
    faults: list[str] = field(default_factory=list)


async def poll_warc(source: Source, visit: Visit) -> Look | Unread:
    """Look at a WARC file, or at the *.warc.gz and *.warc of a folder: its next 5,000 pages, in order of the files.

    The digest holds how far earlier looks have come, and what the files up to there were: where one of them has
    changed, reading starts anew, and the pages that are known are passed over as everywhere.
    """
    root = Path(source.location)
    files = await asyncio.to_thread(find_files, root, source.pattern, suffixes=SUFFIXES, largest=None)
    if isinstance(files, Unread):
        return files
    start = _resume(source, visit.validators.digest, files)
    if start is not None and start.index == len(files):
        return Look(reading=None, validators=visit.validators, final_url=root.as_uri())
    part = await asyncio.to_thread(_read, files, start or _Place(), root)
    if part.faults and not part.pages and len(part.faults) == len(files):
        return Unread(reason="bad-archive", detail=part.faults[0], final_url=root.as_uri())
    return Look(
        reading=Reading(
            announced=tuple(part.pages.values()),
            title=root.name or str(root),
            dialect="warc",
            note=_note(part),
        ),
        validators=Validators(digest=_digest(source, part.end, files)),
        final_url=root.as_uri(),
        byte_count=part.byte_count,
        is_part=True,
        has_more=part.end.index < len(files),
    )


def _read(files: Sequence[LocalFile], start: _Place, root: Path) -> _Part:
    part = _Part(end=start)
    while part.end.index < len(files) and not _is_full(part):
        _read_file(files[part.end.index], part, root)
    return part


def _read_file(file: LocalFile, part: _Part, root: Path) -> None:
    # warcio takes 60 ms to import, and most catalogues hold no archive.
    from pipelines.archive import ArchiveFault, scan

    try:
        for end, capture in scan(Path(file.path), offset=part.end.offset):
            part.byte_count += end - part.end.offset
            part.end = _Place(index=part.end.index, offset=end)
            if capture is not None:
                _take(capture, file, part, root)
            if _is_full(part):
                return
    except ArchiveFault as fault:
        part.faults.append(str(fault))
    part.end = _Place(index=part.end.index + 1)


def _take(capture: "Capture", file: LocalFile, part: _Part, root: Path) -> None:
    key = canonicalise(capture.url)
    earlier = part.pages.get(key)
    if earlier is not None:
        part.passed_over += 1
        if earlier.modified_at is not None and earlier.modified_at >= capture.captured_at:
            return
    path = Path(file.path)
    name = path.name if path == root else path.relative_to(root).as_posix()
    part.pages[key] = Announced(
        link=capture.url,
        # A later capture of the same address is worth another look.
        modified_at=capture.captured_at,
        location=f"{name}@{capture.offset}+{capture.length}",
    )


def _is_full(part: _Part) -> bool:
    return len(part.pages) >= MOST_ENTRIES or part.byte_count >= MOST_BYTES


def _note(part: _Part) -> str | None:
    notes = part.faults[:3]
    if len(part.faults) > 3:
        notes.append(f"{len(part.faults) - 3} more files are broken")
    if part.passed_over:
        notes.append(f"{part.passed_over} pages were captured again in the same part: the latest was taken")
    return "; ".join(notes) or None


def _resume(source: Source, digest: str | None, files: Sequence[LocalFile]) -> _Place | None:
    """Where the last look ended; None where there was none, or the files up to there have changed since."""
    place = _place_of(digest)
    return place if place is not None and digest == _digest(source, place, files) else None


def _place_of(digest: str | None) -> _Place | None:
    index, _, offset = (digest or "").rpartition(".")[2].partition("-")
    return _Place(index=int(index), offset=int(offset)) if index.isdigit() and offset.isdigit() else None


def _digest(source: Source, place: _Place, files: Sequence[LocalFile]) -> str:
    begun = files[: place.index + (place.offset > 0)]
    listing = "\n".join(f"{file.path}\0{file.modified_ns}\0{file.size}" for file in begun)
    read = hashlib.sha256(listing.encode("utf-8", "surrogateescape")).hexdigest()
    return f"{read}.{fingerprint(source)}.{place.index}-{place.offset}"
