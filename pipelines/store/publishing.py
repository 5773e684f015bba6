"""Publishing: the pipeline's database becomes the analysts' file, whole, at one instant."""

import os
from pathlib import Path

from pipelines.model import StoreFault
from pipelines.store.copying import copy_file, sync_folder
from pipelines.store.faults import store_faults
from pipelines.store.opening import PUBLISHED, Store, open_store, reopen


def publish(data: Path) -> Path:
    """Publish from a store that is closed; takes the lock meanwhile. Returns the analysts' file.

    Raises StoreFault, in one line; the file that was there before stays as it was.
    """
    with open_store(data) as store:
        return publish_open(store)


def publish_open(store: Store) -> Path:
    """Publish from a store that is open: its file is closed, copied and opened again, its lock held throughout.

    Whoever has the old file open keeps reading it, since a rename leaves its inode be.
    """
    target = store.data / PUBLISHED
    fresh = store.data / f".{PUBLISHED}.new"
    with store.turn:
        with store_faults(store.path):
            store.connection.execute("checkpoint")
        store.connection.close()
        try:
            _put_in_place(store.path, fresh, target)
        finally:
            reopen(store)
    return target


def _put_in_place(source: Path, fresh: Path, target: Path) -> None:
    with store_faults(target):
        if source.with_name(f"{source.name}.wal").exists():
            raise StoreFault(f"{source} could not be written out in full (its .wal remains): look at the disk")
        fresh.unlink(missing_ok=True)
        try:
            copy_file(source, fresh)
            # Read-only, or an analyst who opens it for writing locks all others out.
            fresh.chmod(0o444)
            # What somebody wrote into the old copy must not be replayed into the new one.
            target.with_name(f"{target.name}.wal").unlink(missing_ok=True)
            os.replace(fresh, target)  # noqa: PTH105 - the point is the one atomic call
        finally:
            fresh.unlink(missing_ok=True)
        sync_folder(target.parent)
