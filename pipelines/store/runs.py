"""Runs: what a run began and ended with becomes rows."""

from datetime import datetime
from uuid import UUID

from pipelines.model import EndStatus
from pipelines.store.database import Store
from pipelines.store.statements import statement


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
    """Note that a run begins. As this process holds the lock, runs that never wrote how they ended were interrupted."""
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
    status: EndStatus,
    finished_at: datetime,
) -> None:
    """Note how a run ended."""
    with store.writing() as cursor:
        cursor.execute(statement("finish_run"), {"run_id": run_id, "status": status, "finished_at": finished_at})
