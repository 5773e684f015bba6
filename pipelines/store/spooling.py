"""Spooling: a batch that could not be loaded waits on disk, as Parquet, until the next run loads it."""

import os
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from pipelines.model import Reject, Sighting
from pipelines.store.copying import sync_folder
from pipelines.store.faults import store_faults
from pipelines.store.loading import LOADED_TABLES, Loaded, insert_staged
from pipelines.store.opening import Store
from pipelines.store.rows import batch_rows
from pipelines.store.staging import arrow_table

_SPOOL = "spool"


def spool(
    data: Path, *, run_id: UUID, sightings: Sequence[Sighting], rejects: Sequence[Reject], loaded_at: datetime
) -> Path:
    """Write one batch to data/spool and return its folder; it is there whole, or not at all. Raises StoreFault."""
    import pyarrow.parquet as pq

    batch = batch_rows(run_id=run_id, sightings=sightings, rejects=rejects, loaded_at=loaded_at)
    folder = data / _SPOOL
    # Sorted by name, batches are loaded in the order they were made.
    name = f"{loaded_at:%Y%m%dT%H%M%S%f}-{uuid4().hex[:8]}"
    fresh = folder / f".{name}.new"
    with store_faults(folder):
        fresh.mkdir(parents=True)
        for table, row_type in LOADED_TABLES.items():
            path = fresh / f"{table}.parquet"
            pq.write_table(arrow_table(row_type, getattr(batch, table)), path, compression="zstd")
            with path.open("rb") as file:
                os.fsync(file.fileno())
        sync_folder(fresh)
        fresh.rename(folder / name)
        sync_folder(folder)
    return folder / name


def drain(store: Store) -> list[Loaded]:
    """Load the batches that wait, oldest first, and remove each once it is stored; loading again adds nothing."""
    import pyarrow.parquet as pq

    loaded = []
    folder = store.data / _SPOOL
    for batch in sorted(folder.glob("[!.]*")):
        with store.writing() as cursor:
            for table in LOADED_TABLES:
                cursor.register(f"staged_{table}", pq.read_table(batch / f"{table}.parquet"))
            loaded.append(insert_staged(cursor))
        with store_faults(batch):
            shutil.rmtree(batch)
    return loaded
