"""Spooling: a batch that could not be loaded waits on disk, as Parquet, until the next run loads it."""

import logging
import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import duckdb

from pipelines.disk import sync_folder
from pipelines.model import Reject, Sighting
from pipelines.store.faults import store_faults
from pipelines.store.loading import LOADED_TABLES, Loaded, insert_staged
from pipelines.store.opening import Store
from pipelines.store.rows import batch_rows
from pipelines.store.staging import arrow_table, stage_arrow
from pipelines.store.statements import statement

_SPOOL = "spool"

_logger = logging.getLogger(__name__)


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
        try:
            fresh.mkdir(parents=True)
            for table, row_type in LOADED_TABLES.items():
                with (fresh / f"{table}.parquet").open("wb") as file:
                    pq.write_table(arrow_table(row_type, getattr(batch, table)), file, compression="zstd")
                    os.fsync(file.fileno())
            sync_folder(fresh)
            fresh.rename(folder / name)
            sync_folder(folder)
        except OSError:
            # On a full disk, what is half written would only be in the way.
            shutil.rmtree(fresh, ignore_errors=True)
            raise
    return folder / name


def is_spooled(data: Path) -> bool:
    """Whether a batch waits to be loaded."""
    return any(folder.is_dir() and not folder.name.startswith(".") for folder in (data / _SPOOL).glob("*"))


def drain(store: Store, *, loaded_at: datetime | None = None) -> list[Loaded]:
    """Load the batches that wait, oldest first, and remove each once it is stored; loading again adds nothing.

    What is new, seen or revised is judged anew, since batches that wait together were not held against each other.
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
        tables = {name: pq.read_table(batch / f"{name}.parquet") for name in LOADED_TABLES}
    except (pa.ArrowException, OSError) as error:
        _set_aside(batch, error)
        return None
    try:
        with store.writing() as cursor:
            for name, table in tables.items():
                at = table.schema.get_field_index("loaded_at")
                instants = pa.array([loaded_at] * table.num_rows, type=table.schema.field(at).type)
                stage_arrow(cursor, name, table.set_column(at, table.schema.field(at), instants))
            for name in ("judge_staged_sightings", "judge_staged_fetches"):
                cursor.execute(statement(name))
            loaded = insert_staged(cursor)
    except (duckdb.BinderException, duckdb.ConversionException) as error:
        # Written by a program whose tables had other columns.
        _set_aside(batch, error)
        return None
    with store_faults(batch):
        # Under a name that no run reads: killed half-way, it is cleared away by the next.
        done = batch.rename(batch.with_name(f".{batch.name}.new"))
        shutil.rmtree(done)
    return loaded


def _set_aside(batch: Path, error: Exception) -> None:
    _logger.warning("%s cannot be loaded and is set aside; its pages are fetched again: %s", batch, error)
    with store_faults(batch):
        batch.rename(batch.with_name(f".{batch.name}.broken"))
