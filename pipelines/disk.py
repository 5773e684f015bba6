"""Disk: a file reaches the disk whole or not at all, and what the disk refuses becomes one line for the operator."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from pipelines.model import StoreFault

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def disk_faults(path: Path) -> Iterator[None]:
    """Raise StoreFault, in one line that names `path`, for what the disk does; a file that is not there stays that."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise disk_fault(path, error) from error


def disk_fault(path: Path, error: OSError) -> StoreFault:
    """What the operating system said about `path`, as one line."""
    return full_disk(path) if error.errno in _FULL else StoreFault(f"{path}: {error.strerror or error}")


def full_disk(path: Path) -> StoreFault:
    """The line for a disk that is full, however it was found out."""
    return StoreFault(f"{path}: the disk is full; make room and run again, nothing is lost")


def write_whole(path: Path, content: bytes, *, mode: int | None = None) -> None:
    """Put `content` in the place of a file in one step, on disk when the call returns. Raises OSError.

    Of two writers at once the later wins. `mode` is the file's permissions; by default the old file's.
    """
    beside = path.with_name(f".{path.name}.{uuid4().hex[:8]}.part")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None or path.exists():
            beside.chmod(path.stat().st_mode & 0o777 if mode is None else mode)
        beside.replace(path)
        sync_folder(path.parent)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Make new names and renames in a folder survive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
