"""Writer: fetched pages become records in WARC 1.1 files, and get the file and offset of their record."""

import os
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from uuid import UUID

from pipelines.archive.paths import day_folder, folder_of
from pipelines.archive.records import info_member, page_member
from pipelines.disk import disk_fault, disk_faults, sync_folder, write_whole
from pipelines.model import Page

FILE_BYTES = 256_000_000  # after which the next file begins

_MOST_THREADS = 4
# Holds the name of the file that is being written; the next run repairs what a killed one left.
_OPEN = ".open"


class Archive:
    """Appends to files of its own run, so that nothing is appended to a torn record of a killed run."""

    def __init__(self, data: Path, *, run_id: UUID, software: str, file_bytes: int = FILE_BYTES) -> None:
        self._folder = folder_of(data)
        self._run_id = run_id
        self._software = software
        self._file_bytes = file_bytes
        self._file: IO[bytes] | None = None
        self._name = ""
        # zlib releases the interpreter lock, so the pages of a batch are compressed on all cores.
        self._pool = ThreadPoolExecutor(min(_MOST_THREADS, os.cpu_count() or 1), thread_name_prefix="archive")
        self._size = 0
        self._whole_size = 0  # up to which the file is on disk
        self._serial = 0

    def add(self, pages: Sequence[Page], *, now: datetime) -> list[Page]:
        """Write pages to disk and return them with the file and offset of their record, in the order given.

        A page that is archived already is returned as it is. Blocks: call it in a thread. Raises StoreFault for
        what the disk does; the pages of a failed call are to be fetched again.
        """
        with self._disk_faults():
            members = self._pool.map(self._member_unless_archived, pages)
            archived = [
                page if member is None else self._add_member(page, member, now)
                for page, member in zip(pages, members, strict=True)
            ]
            self._sync()
        return archived

    def close(self) -> None:
        """Close the file that is open. Nothing can be added after it."""
        self._pool.shutdown()
        self._close_file()
        with disk_faults(self._folder):
            (self._folder / _OPEN).unlink(missing_ok=True)

    def _sync(self) -> None:
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._whole_size = self._size

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _member_unless_archived(self, page: Page) -> bytes | None:
        file = page.fetch.warc_file
        # Somebody may have deleted the file.
        is_archived = file is not None and (self._folder / file).exists()
        return None if is_archived else page_member(page)

    def _add_member(self, page: Page, member: bytes, now: datetime) -> Page:
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
        write_whole(self._folder / _OPEN, f"{folder}/{name}".encode())
        self._file = path.open("xb")
        sync_folder(path.parent)
        self._whole_size = 0
        self._name, self._size, self._serial = f"{folder}/{name}", 0, self._serial + 1
        fields = {"software": self._software, "isPartOf": f"run {self._run_id}"}
        self._append(info_member(name, run_id=self._run_id, at=now, fields=fields))

    def _append(self, member: bytes) -> int:
        assert self._file is not None
        offset = self._size
        self._file.write(member)
        self._size += len(member)
        return offset

    @contextmanager
    def _disk_faults(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            # What follows a torn record could not be read, so the next page begins a new file.
            file, self._file = self._file, None
            if file is not None:
                _abandon(file, self._folder / self._name, self._whole_size)
            raise disk_fault(self._folder, error) from error


@contextmanager
def open_archive(data: Path, *, run_id: UUID, software: str) -> Iterator[Archive]:
    """An archive to add to, for the one run that holds the data folder. No file is made before the first page."""
    mend(data)
    archive = Archive(data, run_id=run_id, software=software)
    try:
        yield archive
    finally:
        archive.close()


def mend(data: Path) -> None:
    """Cut off the record that a killed run left half written, so that every tool reads the file to its end."""
    folder = folder_of(data)
    with disk_faults(folder), suppress(FileNotFoundError):
        path = folder / (folder / _OPEN).read_text(encoding="utf-8")
        whole = _whole_size(path)
        if whole == 0:
            path.unlink()
        elif whole < path.stat().st_size:
            os.truncate(path, whole)
        (folder / _OPEN).unlink()


def _whole_size(path: Path) -> int:
    """Where the last whole gzip member ends."""
    end = offset = 0
    with path.open("rb") as stream:
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        while piece := stream.read(1 << 16):
            while piece:
                with suppress(zlib.error):
                    member.decompress(piece)
                if not member.eof:
                    offset += len(piece)
                    break
                offset += len(piece) - len(member.unused_data)
                end, piece = offset, member.unused_data
                member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    return end


def _make_folders(folder: Path) -> None:
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for path in missing:
        sync_folder(path.parent)


def _abandon(file: IO[bytes], path: Path, whole: int) -> None:
    with suppress(OSError):
        file.close()  # it flushes what the disk has refused already
    with suppress(OSError):
        if whole:
            os.truncate(path, whole)
        else:
            path.unlink()
