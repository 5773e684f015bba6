"""Warc: archives of web pages made elsewhere become one entry a captured page, a part of them each poll."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.discover.documents import (
    FeedItem,
    ParsedSource,
    PollFailure,
    PollRequest,
    digest_of,
    next_validators,
    usable_validators,
)
from pipelines.discover.files import LocalFile, find_files, listing_of
from pipelines.discover.results import MOST_ENTRIES, failed, succeeded, unchanged
from pipelines.model import ArchivePosition, PollResult, Validators
from pipelines.urls import canonicalise

if TYPE_CHECKING:
    from pipelines.archive import Capture

SUFFIXES = frozenset({".warc", ".warc.gz"})
# A poll ends after so many bytes, too (about 3 s), so that archives with little HTML do not keep a run from stopping.
MOST_BYTES = 250_000_000


@dataclass(slots=True, kw_only=True)
class _Part:
    """What one poll has read."""

    end: ArchivePosition
    pages: dict[str, FeedItem] = field(default_factory=dict)  # by canonical URL
    passed_over: int = 0
    byte_count: int = 0
    faults: list[str] = field(default_factory=list)


async def poll_warc(request: PollRequest) -> PollResult:
    """Poll a WARC file, or the *.warc.gz and *.warc of a folder: its next 5,000 pages, in order of the files.

    The validators hold how far earlier polls have read, and the digest of the files up to there: where one of them
    has changed, reading starts anew, and the pages that are known are passed over as everywhere.
    """
    root = Path(request.source.location)
    files = await asyncio.to_thread(find_files, root, request.source.pattern, suffixes=SUFFIXES, largest=None)
    if isinstance(files, PollFailure):
        return failed(request, files)
    start = _resume(usable_validators(request), files)
    if start is not None and start.file_count == len(files):
        return unchanged(request, request.validators, final_url=root.as_uri())
    part = await asyncio.to_thread(_read, files, start or ArchivePosition(), root)
    if part.faults and not part.pages and len(part.faults) == len(files):
        return failed(request, PollFailure(reason="bad-archive", detail=part.faults[0], final_url=root.as_uri()))
    parsed = ParsedSource(
        items=tuple(part.pages.values()), title=root.name or str(root), dialect="warc", note=_note(part)
    )
    validators = replace(next_validators(request, _digest(part.end, files)), position=part.end)
    return succeeded(
        request,
        parsed,
        validators,
        final_url=root.as_uri(),
        byte_count=part.byte_count,
        has_more=part.end.file_count < len(files),
    )


def _read(files: Sequence[LocalFile], start: ArchivePosition, root: Path) -> _Part:
    part = _Part(end=start)
    while part.end.file_count < len(files) and not _is_full(part):
        _read_file(files[part.end.file_count], part, root)
    return part


def _read_file(file: LocalFile, part: _Part, root: Path) -> None:
    # warcio takes 60 ms to import, and most catalogues hold no archive.
    from pipelines.archive import ArchiveFault, scan

    try:
        for end, capture in scan(Path(file.path), offset=part.end.offset):
            part.byte_count += end - part.end.offset
            part.end = ArchivePosition(file_count=part.end.file_count, offset=end)
            if capture is not None:
                _take(capture, file, part, root)
            if _is_full(part):
                return
    except ArchiveFault as fault:
        part.faults.append(str(fault))
    part.end = ArchivePosition(file_count=part.end.file_count + 1)


def _take(capture: "Capture", file: LocalFile, part: _Part, root: Path) -> None:
    key = canonicalise(capture.url)
    earlier = part.pages.get(key)
    if earlier is not None:
        part.passed_over += 1
        if earlier.modified_at is not None and earlier.modified_at >= capture.captured_at:
            return
    path = Path(file.path)
    name = path.name if path == root else path.relative_to(root).as_posix()
    part.pages[key] = FeedItem(
        link=capture.url,
        # A later capture of the same address is worth another fetch.
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


def _resume(last: Validators, files: Sequence[LocalFile]) -> ArchivePosition | None:
    """Where the last poll ended; None where there was none, or the files up to there have changed since."""
    is_same = last.position is not None and last.digest == _digest(last.position, files)
    return last.position if is_same else None


def _digest(position: ArchivePosition, files: Sequence[LocalFile]) -> str:
    return digest_of(listing_of(files[: position.file_count + (position.offset > 0)]))
