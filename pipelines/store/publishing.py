"""Publishing: the pipeline's database becomes the analysts' file, whole, at one instant."""

import logging
import os
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.disk import sync_folder
from pipelines.model import StoreFault
from pipelines.store.data_folder import copy_file
from pipelines.store.database import PUBLISHED, Store, reopen
from pipelines.store.errors import is_of_system, store_faults

# Bytes: 1.8 GB took 1.4 to 2.1 s.
_COPIED_PER_S = 1_000_000_000

_logger = logging.getLogger(__name__)


def publish_open(store: Store) -> Path:
    """Publish from a store that is open: its file is closed, copied and opened again, its lock held throughout.

    Raises StoreFault, in one line; the analysts' file that was there before stays as it was.
    Whoever has the old file open keeps reading it, since a rename does not touch its inode.
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


def is_publishing_due(data: Path, *, has_news: bool, now: datetime) -> bool:
    """Whether the analysts' file should be made anew: never more than a twentieth of the time goes into copying.

    A run that polled nothing (`has_news` false) publishes only every ten minutes, so that its end can be seen.
    """
    try:
        published = (data / PUBLISHED).stat()
    except OSError:
        return True
    age_s = now.timestamp() - published.st_mtime
    cost_s = published.st_size / _COPIED_PER_S
    return age_s < 0 or age_s >= max(20 * cost_s, 0 if has_news else 600)


def _put_in_place(source: Path, fresh: Path, target: Path) -> None:
    with store_faults(target):
        if source.with_name(f"{source.name}.wal").exists():
            raise StoreFault(f"{source} could not be written out in full (its .wal remains): look at the disk")
        fresh.unlink(missing_ok=True)
        try:
            copy_file(source, fresh)
            # Read-only, or an analyst who opens it for writing locks all others out.
            fresh.chmod(0o444)
            if target.exists() and not _is_ours(target):
                aside = target.with_name(f"{target.name}.aside-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
                target.rename(aside)
                _logger.warning("%s was no copy of ours, or a broken one: it is kept as %s", target, aside)
            # What somebody wrote into the old copy must not be replayed into the new one.
            target.with_name(f"{target.name}.wal").unlink(missing_ok=True)
            os.replace(fresh, target)  # noqa: PTH105 - the point is the one atomic call
        finally:
            fresh.unlink(missing_ok=True)
        sync_folder(target.parent)


def _is_ours(target: Path) -> bool:
    """Whether the file may be replaced: a copy that Presswatch made, even if somebody has it open or wrote to it."""
    try:
        with duckdb.connect(str(target), read_only=True) as connection:
            tables = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
    except duckdb.ConnectionException:
        return True  # open in this very process
    except duckdb.Error as error:
        return is_of_system(str(error)) or "replaying wal" in str(error).lower()
    return "migrations" in tables
