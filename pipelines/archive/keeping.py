"""Keeping: which files of the archive have had their time, by age or by size."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pipelines.archive.places import day_of, folder_of, locate
from pipelines.model import StoreFault


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file of the archive."""

    file: str  # as fetches.warc_file names it
    kept_on: date  # the day it was written
    byte_count: int


def list_kept(data: Path) -> list[Kept]:
    """The files of the archive, oldest first. Files which it has not made are not among them."""
    folder = folder_of(data)
    found = []
    for path in folder.glob("*/*/*/*.warc.gz"):
        file = path.relative_to(folder).as_posix()
        day = day_of(file)
        if day is not None and path.is_file():
            found.append(Kept(file=file, kept_on=day, byte_count=path.stat().st_size))
    return sorted(found, key=lambda kept: kept.file)


def choose_expired(
    kept: Sequence[Kept], *, today: date, most_days: int | None, most_bytes: int | None
) -> tuple[Kept, ...]:
    """Those that are older than `most_days`, and the oldest of the rest while all hold more than `most_bytes`."""
    expired = [] if most_days is None else [one for one in kept if today - one.kept_on > timedelta(days=most_days)]
    rest = kept[len(expired) :]  # the oldest come first
    total = sum(one.byte_count for one in rest)
    for one in rest:
        if most_bytes is None or total <= most_bytes:
            break
        expired.append(one)
        total -= one.byte_count
    return tuple(expired)


def remove(data: Path, files: Iterable[str]) -> None:
    """Delete files of the archive, and the folders that this leaves empty. A file that is gone is no fault."""
    top = folder_of(data)
    for file in files:
        path = locate(data, file)
        try:
            path.unlink()
            for folder in path.parents:
                if folder == top or any(folder.iterdir()):
                    break
                folder.rmdir()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise StoreFault(f"{path} cannot be removed: {error.strerror or error}") from error
