"""Thinning: a file becomes another one with some of its records, byte for byte; the others have expired."""

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from uuid import UUID

from pipelines.archive.paths import locate
from pipelines.archive.records import info_member
from pipelines.disk import disk_faults, sync_folder
from pipelines.model import StoreFault

# NAME.warc.gz is followed by NAME.1.warc.gz, and that by NAME.2.warc.gz.
_NAME = re.compile(r"(.+?)(?:\.([0-9]+))?\.warc\.gz", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A record that was copied to another file. The file it was in is still there."""

    file: str
    offset: int
    new_file: str
    new_offset: int


def thin(
    data: Path, file: str, records: Sequence[tuple[int, int]], *, run_id: UUID, software: str, at: datetime
) -> list[Moved]:
    """Copy `records` (offset and length in bytes) into the file's successor, on disk when this returns.

    A successor that is in no row is overwritten. Raises StoreFault for what the disk does, and leaves none then.
    """
    successor = _successor(file)
    old, new = locate(data, file), locate(data, successor)
    fields = {"software": software, "isPartOf": f"run {run_id}", "source": f"records of {old.name} that were to stay"}
    info = info_member(new.name, run_id=run_id, at=at, fields=fields)
    moved: list[Moved] = []
    try:
        with disk_faults(new), old.open("rb") as reader, new.open("wb") as writer:
            writer.write(info)
            for offset, length in records:
                reader.seek(offset)
                content = reader.read(length)
                if len(content) != length:
                    raise StoreFault(f"{old}, offset {offset}: the file ends {length - len(content)} bytes early")
                moved.append(Moved(file=file, offset=offset, new_file=successor, new_offset=writer.tell()))
                writer.write(content)
            writer.flush()
            os.fsync(writer.fileno())
        sync_folder(new.parent)
    except BaseException:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    return moved


def family(file: str) -> str:
    """What a file and its successors have in common."""
    match = _NAME.fullmatch(file)
    return match[1] if match else file


def _successor(file: str) -> str:
    path = PurePosixPath(file)
    match = _NAME.fullmatch(path.name)
    name, generation = (match[1], int(match[2] or 0)) if match else (path.name, 0)
    return str(path.with_name(f"{name}.{generation + 1}.warc.gz"))
