"""Spooling: a batch that could not be loaded waits on disk, as Parquet, until the next run loads it."""

import logging
import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import duckdb

from pipelines.disk import sync_folder
from pipelines.model import Reject, Sighting
from pipelines.store.database import Store
from pipelines.store.errors import store_faults
from pipelines.store.loading import STAGED_TABLES, Loaded, batch_tables, load_tables

if TYPE_CHECKING:
    import pyarrow as pa

_SPOOL = "spool"

_logger = logging.getLogger(__name__)


def spool(
    data: Path, *, run_id: UUID, sightings: Sequence[Sighting], rejects: Sequence[Reject], loaded_at: datetime
) -> Path:
    """Write one batch to data/spool, in full or not at all, and return its folder. Raises StoreFault."""
    import pyarrow.parquet as pq

    tables = batch_tables(run_id=run_id, sightings=sightings, rejects=rejects, loaded_at=loaded_at)
    folder = data / _SPOOL
    # Sorted by name, batches are loaded in the order they were made.
    name = f"{loaded_at:%Y%m%dT%H%M%S%f}-{uuid4().hex[:8]}"
    fresh = folder / f".{name}.new"
    with store_faults(folder):
        try:
            fresh.mkdir(parents=True)
            for table, rows in tables.items():
                with (fresh / f"{table}.parquet").open("wb") as file:
                    pq.write_table(rows, file, compression="zstd")
                    os.fsync(file.fileno())
            sync_folder(fresh)
            fresh.rename(folder / name)
            sync_folder(folder)
        except OSError:
            # On a full disk, a half-written batch would only take up room.
            shutil.rmtree(fresh, ignore_errors=True)
            raise
    return folder / name


def is_spooled(data: Path) -> bool:
    """Whether a batch waits to be loaded."""
    return any(folder.is_dir() and not folder.name.startswith(".") for folder in (data / _SPOOL).glob("*"))


def drain(store: Store, *, loaded_at: datetime | None = None) -> list[Loaded]:
    """Load the batches that wait, oldest first, and remove each once it is stored; loading again adds nothing.

    A batch that cannot be read is set aside under a name with a leading dot; its pages are fetched again.
    """
    folder = store.data / _SPOOL
    with store_faults(folder):
        for leftover in folder.glob(".*.new"):
            shutil.rmtree(leftover)
        waiting = sorted(folder.glob("[!.]*"))
    return [loaded for batch in waiting if (loaded := _drain_one(store, batch, loaded_at or datetime.now(UTC)))]


def _drain_one(store: Store, batch: Path, loaded_at: datetime) -> Loaded | None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        tables = {name: pq.read_table(batch / f"{name}.parquet") for name in STAGED_TABLES}
    except (pa.ArrowException, OSError) as error:
        _set_aside(batch, error)
        return None
    try:
        for name in ("fetches", "rejects"):
            tables[name] = _loaded_at(tables[name], loaded_at)
        with store.writing() as cursor:
            loaded = load_tables(cursor, tables)
    except (KeyError, duckdb.BinderException, duckdb.ConversionException) as error:
        # Written by a program whose tables had other columns.
        _set_aside(batch, error)
        return None
    with store_faults(batch):
        # Under a name that no run reads: if this run is killed now, the next one removes it.
        done = batch.rename(batch.with_name(f".{batch.name}.new"))
        shutil.rmtree(done)
    return loaded


def _loaded_at(table: "pa.Table", at: datetime) -> "pa.Table":
    import pyarrow as pa

    index = table.schema.get_field_index("loaded_at")
    field = table.schema.field(index)
    return table.set_column(index, field, pa.array([at] * table.num_rows, type=field.type))


def _set_aside(batch: Path, error: Exception) -> None:
    _logger.warning("%s cannot be loaded and is set aside; its pages are fetched again: %s", batch, error)
    with store_faults(batch):
        batch.rename(batch.with_name(f".{batch.name}.broken"))
