"""Data folder: one process at a time holds it, and files are copied and renamed so that they outlast a power cut."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pipelines.model import StoreHeld
from pipelines.store.errors import store_faults

LOCK = "ingest.lock"

# linux/fs.h: _IOW(0x94, 9, int). Shares the blocks on btrfs, xfs, bcachefs: no copy at all.
_FICLONE = 0x40049409


@contextmanager
def held(data: Path, *, lock: str = LOCK) -> Iterator[None]:
    """Lock a data folder, which is made if it is missing. The lock ends with the process, however that ends.

    DuckDB's own lock does not suffice: copying the file inside the process drops it.
    Raises StoreFault at once where another process holds the folder, or it cannot be written.
    """
    path = data / lock
    with store_faults(path):
        data.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreHeld(f"another run ({_holder(descriptor)}) is at work on {data}: wait, or stop it") from error
        with store_faults(path):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()} {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def holder_of(data: Path, *, lock: str = LOCK) -> str | None:
    """Who holds a data folder, "pid 12, since 2026-01-02T03:04:05Z"; None where nobody does or none can be asked."""
    try:
        descriptor = os.open(data / lock, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(descriptor)
    finally:
        os.close(descriptor)
    return None


def copy_file(source: Path, target: Path) -> None:
    """Copy by reference where the file system can, by the kernel where not. Raises OSError."""
    with source.open("rb") as reader, target.open("wb") as writer:
        if not _reflink(reader.fileno(), writer.fileno()):
            try:
                _copy_in_kernel(reader.fileno(), writer.fileno(), os.fstat(reader.fileno()).st_size)
            except OSError:
                # Across file systems, or on one that does not support it: read and write.
                reader.seek(0)
                writer.seek(0)
                writer.truncate()
                shutil.copyfileobj(reader, writer, 1 << 20)
        writer.flush()
        os.fsync(writer.fileno())


def _holder(descriptor: int) -> str:
    words = os.pread(descriptor, 200, 0).decode("utf-8", "replace").split()
    return f"pid {words[0]}, since {words[1]}" if len(words) == 2 else "it has just begun"


def _reflink(reader: int, writer: int) -> bool:
    try:
        fcntl.ioctl(writer, _FICLONE, reader)
    except OSError:
        return False
    return True


def _copy_in_kernel(reader: int, writer: int, size: int) -> None:
    copied = 0
    while copied < size:
        count = os.copy_file_range(reader, writer, size - copied)
        if count == 0:
            raise OSError(f"the file ended {size - copied} bytes early")
        copied += count
