"""Recorded: an entry that lies in a WARC file inside its source becomes a page, as it was captured."""

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from pipelines.archive import ArchiveFault, OversizedRecord, Record, read_record
from pipelines.fetch.accept import Accept
from pipelines.fetch.faults import RefusedError
from pipelines.model import Entry, Fetch, Page, Source

# What is decoded on the way out of the archive; warcio knows no others.
_DECODED = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
_MARKUP = re.compile(rb"<(!doctype|html|head|body|meta|title|div|article)\b", re.IGNORECASE)
_LOCATION = re.compile(r"(.+)@([0-9]+)\+([0-9]+)", re.DOTALL)


def read_page(entry: Entry, *, source: Source, max_bytes: int) -> Page:
    """The page of an entry; raises RefusedError. Blocks: call it in a thread."""
    path, offset, length = _locate(entry, root=Path(source.location))
    try:
        record = read_record(path.parent, str(path), offset, length=length, max_bytes=max_bytes)
    except OversizedRecord as fault:
        raise RefusedError("too-large", str(fault)) from fault
    except ArchiveFault as fault:
        raise RefusedError("bad-archive", str(fault)) from fault
    if record.target_uri != entry.url:
        raise RefusedError("bad-archive", f"{path} has changed: there lies {record.target_uri[:200]} now")
    _refuse_coded(record)
    is_vague = Accept.PAGE.check_type(record.content_type)
    Accept.PAGE.check_start(record.content, is_vague=is_vague)
    return Page(
        # The instant of the capture let the entry pass for news; it says nothing about the text.
        entry=replace(entry, modified_at=None),
        fetch=_fetch(record, path, offset, length),
        content=record.content,
        headers=record.headers,
        status_line=record.status_line,
        cleaning=source.cleaning,
    )


def _refuse_coded(record: Record) -> None:
    coding = next((value for name, value in record.headers if name.lower() == "content-encoding"), "").strip().lower()
    # Most crawlers keep a body decoded and the header as it came, so the body decides.
    if coding not in _DECODED and not _MARKUP.search(record.content, 0, 5_000):
        raise RefusedError("bad-encoding", f"the body is kept as {coding[:20]}, which is not decoded")


def _fetch(record: Record, path: Path, offset: int, length: int) -> Fetch:
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


def _locate(entry: Entry, *, root: Path) -> tuple[Path, int, int]:
    match = _LOCATION.fullmatch(entry.location or "")
    if match is None:
        raise RefusedError("bad-archive", "the entry does not say where it lies")
    folder = root if root.is_dir() else root.parent
    path = folder / match[1]
    if ".." in Path(match[1]).parts or not path.resolve().is_relative_to(folder.resolve()):
        raise RefusedError("bad-url", "the file lies outside the source's folder")
    return path, int(match[2]), int(match[3])
