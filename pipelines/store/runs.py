"""Runs: what a run began, found at each source and ended with becomes rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from pipelines.model import Poll, Tally
from pipelines.store.opening import Store
from pipelines.store.rows import poll_reject_row, poll_row, tally_row
from pipelines.store.staging import stage, storable
from pipelines.store.statements import statement
from pipelines.store.tables import PollRow, RejectRow, TallyRow
from pipelines.urls import url_id

if TYPE_CHECKING:
    import duckdb

# Enough to see whether two looks overlap; a sitemap's 5,000 keys would be 80 kB a look.
_REMEMBERED_ENTRIES = 500


def begin_run(
    store: Store,
    *,
    run_id: UUID,
    flow: str,
    prefect_run_id: str | UUID | None,
    version: str,
    started_at: datetime,
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


def finish_poll(store: Store, poll: Poll, tally: Tally, *, next_due_at: datetime | None) -> None:
    """Note one look at a source, after all its articles are stored; the source's state follows in the same step.

    Validators are kept only where nothing was left undone: a conditional request would hide what was deferred or
    failed by what may pass. A look that failed, or was unchanged and brought none, leaves those that are there.
    """
    with store.writing() as cursor:
        stage(cursor, "polls", PollRow, [poll_row(poll, tally, next_due_at=next_due_at)])
        row = cursor.execute(statement("insert_polls")).fetchone()
        if row is None or row[0] == 0:
            return
        if poll.outcome == "failed":
            stage(cursor, "rejects", RejectRow, [poll_reject_row(poll, location=_location(cursor, poll))])
            cursor.execute(statement("insert_rejects"))
        entry_ids = [url_id(entry.canonical_url) for entry in poll.entries]
        cursor.execute(
            statement("insert_gap"),
            {
                "poll_id": poll.poll_id,
                "run_id": poll.run_id,
                "source": poll.source,
                "polled_at": poll.polled_at,
                "entry_ids": entry_ids,
            },
        )
        _remember_source(cursor, poll, tally, entry_ids=entry_ids[:_REMEMBERED_ENTRIES], next_due_at=next_due_at)


def _location(cursor: "duckdb.DuckDBPyConnection", poll: Poll) -> str:
    row = cursor.execute("select location from sources where source = $source", {"source": poll.source}).fetchone()
    return str(row[0]) if row else poll.final_url or ""


def _remember_source(
    cursor: "duckdb.DuckDBPyConnection",
    poll: Poll,
    tally: Tally,
    *,
    entry_ids: list[UUID],
    next_due_at: datetime | None,
) -> None:
    row = cursor.execute(statement("undone_fetches"), {"poll_id": poll.poll_id}).fetchone()
    is_undone = tally.deferred > 0 or (row is not None and row[0] > 0)
    validators = poll.validators
    brought = (validators.etag, validators.last_modified, validators.digest)
    keeps = poll.outcome == "failed" or (poll.outcome == "unchanged" and not any(brought))
    etag, last_modified, digest = (None if is_undone or value is None else storable(value) for value in brought)
    cursor.execute(
        statement("remember_source"),
        {
            "source": poll.source,
            "title": None if poll.title is None else storable(poll.title),
            "polled_at": poll.polled_at,
            "is_ok": poll.outcome != "failed",
            "has_new": tally.new + tally.revised > 0,
            "next_due_at": next_due_at,
            "outcome": poll.outcome,
            "reason": poll.reason,
            "keeps_validators": keeps,
            "etag": etag,
            "last_modified": last_modified,
            "digest": digest,
            "entry_ids": entry_ids,
        },
    )
