"""Errors: what DuckDB and the disk say becomes one line for the operator, or stays a bug."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.disk import disk_fault, full_disk
from pipelines.model import StoreFault

_HOLDER = re.compile(r"Conflicting lock is held in (.+?) \(PID (\d+)\)")
# DuckDB wraps the operating system's words, so they are found by their text.
_LOCKED = ("could not set lock", "conflicting lock")
_FULL = ("no space left on device", "disk full", "file too large", "disk quota exceeded", "out of disk")
_READ_ONLY = ("permission denied", "read-only file system", "operation not permitted")
_DISK_FAULTS = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)


@contextmanager
def store_faults(path: Path) -> Iterator[None]:
    """Raise StoreFault, in one line that names `path`, for what a lock, a disk or a broken file made fail."""
    try:
        with database_faults(path):
            yield
    except OSError as error:
        raise disk_fault(path, error) from error


@contextmanager
def database_faults(path: Path) -> Iterator[None]:
    """The same for what DuckDB raises; an OSError of ours stays a bug."""
    try:
        yield
    except _DISK_FAULTS as error:
        raise _fault(path, str(error)) from error
    except duckdb.TransactionException as error:
        # A commit that the disk refuses comes under this name; anything else under it is a bug of ours.
        if not is_of_system(str(error)):
            raise
        raise _fault(path, str(error)) from error
    except duckdb.OutOfMemoryException as error:
        raise StoreFault(
            f"{path}: DuckDB ran out of memory, raise PRESSWATCH_MEMORY_LIMIT: {first_line(str(error))}"
        ) from error


def is_of_system(message: str) -> bool:
    """Whether DuckDB repeats what the operating system said of a lock, a disk or a permission, not of the content."""
    lowered = message.lower()
    return any(words in lowered for words in (*_LOCKED, *_FULL, *_READ_ONLY))


def first_line(message: str) -> str:
    """The first line of a message, whatever it holds."""
    return next((line.strip() for line in message.splitlines() if line.strip()), "no reason given")


def _fault(path: Path, message: str) -> StoreFault:
    lowered = message.lower()
    holder = _HOLDER.search(message)
    if any(words in lowered for words in _LOCKED):
        who = f"by process {holder[2]} ({Path(holder[1]).name})" if holder else "by another process"
        return StoreFault(f"{path} is held open {who}: close it there and run again (query presswatch.duckdb instead)")
    if any(words in lowered for words in _FULL):
        return full_disk(path)
    if any(words in lowered for words in _READ_ONLY):
        return StoreFault(f"{path} cannot be written: {first_line(message)}")
    if "database has been invalidated" in lowered:
        return StoreFault(f"{path} was closed by DuckDB after an earlier fault; run again")
    return StoreFault(f"{path} cannot be read or written: {first_line(message)}")
