"""Runs: what a run began, found at each source and ended with becomes rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from pipelines.model import Gap, Poll, Tally
from pipelines.store.opening import Store
from pipelines.store.rows import poll_reject_row, poll_row, tally_row
from pipelines.store.staging import bindable, stage, storable_value
from pipelines.store.statements import statement
from pipelines.store.tables import PollRow, RejectRow, TallyRow
from pipelines.urls import url_id

if TYPE_CHECKING:
    import duckdb

# The newest entry is the last to leave a feed, so a few show whether two looks overlap; all 5,000 of a sitemap
# would be 80 kB to write at each look.
_REMEMBERED_ENTRIES = 32


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


def finish_poll(
    store: Store,
    poll: Poll,
    tally: Tally,
    *,
    next_due_at: datetime | None,
    interval: timedelta | None = None,
    failure_points: float = 0.0,
    gap: Gap | None = None,
) -> None:
    """Note one look at a source, after all its articles are stored; the source's state follows in the same step.

    Validators are kept only where nothing was left undone: a conditional request would hide what was deferred or
    failed by what may pass. A look that failed, or was unchanged and brought none, leaves those that are there.
    interval and failure_points are kept for the next decision when to look again; `gap` is the one before this look.
    """
    row = poll_row(poll, tally, next_due_at=next_due_at)
    newest_ids = [str(url_id(entry.canonical_url)) for entry in poll.entries[:_REMEMBERED_ENTRIES]]
    with store.writing() as cursor:
        inserted = cursor.execute(statement("insert_poll"), bindable(row)).fetchone()
        if inserted is None or inserted[0] == 0:
            return
        if poll.outcome == "failed":
            _insert_reject(cursor, poll)
        if gap is not None:
            _insert_gap(cursor, row, gap)
        rhythm = {
            "interval_s": None if interval is None else round(interval.total_seconds()),
            "failure_points": failure_points,
        }
        _remember_source(cursor, poll, row, has_new=tally.new + tally.seen + tally.revised > 0, rhythm=rhythm)
        if newest_ids:
            # DuckDB takes 2.5 ms to bind a list of 30 UUIDs, and 0.3 ms for one string to split.
            cursor.execute(statement("remember_entries"), {"source": poll.source, "entry_ids": " ".join(newest_ids)})


def _insert_reject(cursor: "duckdb.DuckDBPyConnection", poll: Poll) -> None:
    row = cursor.execute("select location from sources where source = $source", {"source": poll.source}).fetchone()
    location = str(row[0]) if row else poll.final_url or ""
    stage(cursor, "rejects", RejectRow, [poll_reject_row(poll, location=location)])
    cursor.execute(statement("insert_rejects"))


def _insert_gap(cursor: "duckdb.DuckDBPyConnection", row: PollRow, gap: Gap) -> None:
    values = {
        "poll_id": row.poll_id,
        "run_id": row.run_id,
        "source": row.source,
        "gap_from": gap.started_at,
        "gap_to": gap.ended_at,
        "entry_count": row.entry_count,
        "entries_per_hour": gap.entries_per_hour,
        "missed_count": gap.missed_count,
    }
    cursor.execute(statement("insert_gap"), {name: storable_value(value) for name, value in values.items()})


def _remember_source(
    cursor: "duckdb.DuckDBPyConnection",
    poll: Poll,
    row: PollRow,
    *,
    has_new: bool,
    rhythm: Mapping[str, float | None],
) -> None:
    undone = cursor.execute(statement("undone_fetches"), {"poll_id": poll.poll_id}).fetchone()
    is_undone = row.deferred_count > 0 or (undone is not None and undone[0] > 0)
    brought = {"etag": row.etag, "last_modified": row.last_modified, "digest": row.digest}
    state = {
        "source": row.source,
        "title": row.title,
        "polled_at": row.polled_at,
        "is_ok": poll.outcome != "failed",
        "has_new": has_new,
        "has_entries": bool(poll.entries),
        "next_due_at": row.next_due_at,
        "outcome": row.outcome,
        "reason": row.reason,
        "keeps_validators": poll.outcome == "failed"
        or (poll.outcome == "unchanged" and not any(brought.values()))
        or (is_undone and poll.is_part),
        **(dict.fromkeys(brought) if is_undone else brought),
        **rhythm,
    }
    cursor.execute(statement("remember_source"), {name: storable_value(value) for name, value in state.items()})
