"""Holding: a data folder is held by one process at a time, and whoever comes second is told by whom."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pipelines.model import StoreFault
from pipelines.store.faults import store_faults

LOCK = "ingest.lock"


@contextmanager
def held(data: Path, *, lock: str = LOCK) -> Iterator[None]:
    """Hold a data folder, made where it is missing, by a lock that ends with the process whatever ends that.

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
            raise StoreFault(f"another run ({_holder(descriptor)}) is at work on {data}: wait, or stop it") from error
        with store_faults(path):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()} {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _holder(descriptor: int) -> str:
    words = os.pread(descriptor, 200, 0).decode("utf-8", "replace").split()
    return f"pid {words[0]}, since {words[1]}" if len(words) == 2 else "it has just begun"
