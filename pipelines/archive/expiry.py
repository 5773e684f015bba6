"""Expiry: which files of the archive are to be removed, or which sources' pages in them, by age or by size."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.archive.paths import day_of, folder_of, locate
from pipelines.archive.thinning import family
from pipelines.model import Retention, StoreFault

GB = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveFile:
    """A file of the archive."""

    file: str  # as fetches.warc_file names it
    written_on: date  # the day it was written
    byte_count: int


def list_files(data: Path) -> list[ArchiveFile]:
    """The files of the archive, oldest first. Files that Presswatch did not write are not among them."""
    folder = folder_of(data)
    found = []
    for path in folder.glob("*/*/*/*.warc.gz"):
        file = path.relative_to(folder).as_posix()
        day = day_of(file)
        if day is not None and path.is_file():
            found.append(ArchiveFile(file=file, written_on=day, byte_count=path.stat().st_size))
    return sorted(found, key=lambda one: one.file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one source has in one file of the archive. A page that two sources announced counts for both."""

    file: str
    source: str
    byte_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What is to be removed from the archive."""

    files: tuple[ArchiveFile, ...]  # that are removed whole, oldest first
    thinned: Mapping[str, frozenset[str]]  # file → sources whose pages are removed, while those of others stay


def choose_removal(
    kept: Sequence[ArchiveFile],
    shares: Iterable[Share],
    *,
    today: date,
    retentions: Mapping[str, Retention],
    most_days: int | None,
    most_bytes: int | None,
) -> Removal:
    """What has expired, given the files, oldest first, and what each source has in them.

    A source is held to its own limits, and to `most_days` where it sets no days. `most_bytes` bounds all files
    together, whatever sources say: the oldest go first. A page of several sources stays until the last lets it go.
    """
    ages = {one.file: (today - one.written_on).days for one in kept}
    present: dict[str, dict[str, int]] = {file: {} for file in ages}
    for share in shares:
        if share.file in present:
            present[share.file][share.source] = share.byte_count
    overdue = _overdue(present, ages, retentions, most_days)
    # Sets and maps throughout: each run begins a file, so a schedule of five minutes makes 100,000 of them a year.
    is_orphan_gone = _orphan_rule(present, ages, retentions, most_days)
    gone = [
        one
        for one in kept
        if (overdue[one.file] == present[one.file].keys() if present[one.file] else is_orphan_gone(one.file))
    ]
    whole = {one.file for one in gone}
    rest = [one for one in kept if one.file not in whole]
    left = {one.file: one.byte_count - sum(present[one.file][name] for name in overdue[one.file]) for one in rest}
    total = sum(left.values())
    for one in rest:
        if most_bytes is None or total <= most_bytes:
            break
        gone.append(one)
        whole.add(one.file)
        total -= left[one.file]
    return Removal(
        files=tuple(sorted(gone, key=lambda one: one.file)),
        thinned={file: frozenset(names) for file, names in overdue.items() if names and file not in whole},
    )


def _overdue(
    present: Mapping[str, Mapping[str, int]],
    ages: Mapping[str, int],
    retentions: Mapping[str, Retention],
    most_days: int | None,
) -> dict[str, set[str]]:
    """The sources whose pages have expired, by file."""
    overdue: dict[str, set[str]] = {file: set() for file in present}
    files_of: dict[str, list[str]] = {}
    for file, found in present.items():
        for source in found:
            files_of.setdefault(source, []).append(file)
    for source, files in files_of.items():
        retention = retentions.get(source, Retention())
        most = most_days if retention.days is None else retention.days
        room = None if retention.gb is None else retention.gb * GB
        total = sum(present[file][source] for file in files)
        for file in files:
            if (most is not None and ages[file] > most) or (room is not None and total > room):
                overdue[file].add(source)
                total -= present[file][source]
    return overdue


def _orphan_rule(
    present: Mapping[str, Mapping[str, int]],
    ages: Mapping[str, int],
    retentions: Mapping[str, Retention],
    most_days: int | None,
) -> Callable[[str], bool]:
    """Whether a file whose pages are in no row is removed: a killed run or upkeep left it."""
    families = {family(file) for file, found in present.items() if found}
    limits = [one.days for one in retentions.values() if one.days is not None]
    most = max(limits, default=None) if most_days is None else most_days
    return lambda file: family(file) in families or (most is not None and ages[file] > most)


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
