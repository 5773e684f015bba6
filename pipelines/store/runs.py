"""Runs: what a run began and ended with becomes rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from pipelines.model import Tally
from pipelines.store.database import Store
from pipelines.store.rows import tally_row
from pipelines.store.staging import stage
from pipelines.store.statements import statement
from pipelines.store.tables import TallyRow


def begin_run(
    store: Store,
    *,
    run_id: UUID,
    flow: str,
    prefect_run_id: str | UUID | None,
    version: str,
    started_at: datetime,
    is_archiving: bool = False,
) -> None:
    """Note that a run begins; those that never said how they ended were interrupted, since we hold the lock."""
    with store.writing() as cursor:
        cursor.execute(statement("interrupt_runs"), {"run_id": run_id})
        cursor.execute(
            statement("insert_run"),
            {
                "run_id": run_id,
                "flow": flow,
                "prefect_run_id": None if prefect_run_id is None else str(prefect_run_id),
                "version": version,
                "started_at": started_at,
                "is_archiving": is_archiving,
            },
        )
    store.claimed.clear()


def finish_run(
    store: Store,
    *,
    run_id: UUID,
    status: Literal["completed", "stopped", "failed"],
    finished_at: datetime,
    tallies: Sequence[Tally],
) -> None:
    """Note how a run ended and what became of each source's entries."""
    with store.writing() as cursor:
        stage(cursor, "run_tallies", TallyRow, [tally_row(run_id, tally) for tally in tallies])
        cursor.execute(statement("insert_run_tallies"))
        cursor.execute(statement("finish_run"), {"run_id": run_id, "status": status, "finished_at": finished_at})
