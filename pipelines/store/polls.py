"""Polls: looks at sources, ended, become rows; the state of each source follows in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.model import Gap, Poll, Tally
from pipelines.store.database import Store
from pipelines.store.rows import poll_reject_row, poll_row
from pipelines.store.staging import stage, storable_value
from pipelines.store.statements import fetch_rows, statement
from pipelines.store.tables import LookRow, PollRow, RejectRow
from pipelines.urls import url_id

if TYPE_CHECKING:
    import duckdb

# The newest entry is the last to leave a feed, so a few show whether two looks overlap; all 5,000 of a sitemap
# would be 80 kB to write at each look.
_REMEMBERED_ENTRIES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedPoll:
    """A look whose articles are all stored or deferred, and what follows from it."""

    poll: Poll
    tally: Tally
    next_due_at: datetime | None
    interval: timedelta | None = None  # this and failure_points: for the next decision when to look again
    failure_points: float = 0.0
    gap: Gap | None = None  # the one before this look


def finish_polls(store: Store, ended: Sequence[EndedPoll]) -> None:
    """Note looks at sources, at most one of each source; looks that are noted already change nothing.

    Validators are kept only where nothing was left undone: a conditional request would hide what was deferred or
    failed by what may pass. A look that failed, or was unchanged and brought none, leaves those that are there.

    A thousand looks at once take half a second; one by one they took two minutes, each an update of its own.
    """
    with store.writing() as cursor:
        stage(cursor, "polls", PollRow, [poll_row(end.poll, end.tally, next_due_at=end.next_due_at) for end in ended])
        fresh_ids = {row[0] for row in fetch_rows(cursor, "fresh_polls")}
        fresh = [end for end in ended if end.poll.poll_id in fresh_ids]
        stage(cursor, "looks", LookRow, [_look_row(end) for end in fresh])
        cursor.execute(statement("insert_polls"))
        if failed := [end.poll for end in fresh if end.poll.outcome == "failed"]:
            _insert_rejects(cursor, failed)
        for end in fresh:
            if end.gap is not None:
                _insert_gap(cursor, end, end.gap)
        cursor.execute(statement("remember_sources"))
        if any(end.poll.entries for end in fresh):
            cursor.execute(statement("remember_entries"))


def _look_row(end: EndedPoll) -> LookRow:
    poll, tally = end.poll, end.tally
    return LookRow(
        poll_id=poll.poll_id,
        is_ok=poll.outcome != "failed",
        is_part=poll.is_part,
        has_new=tally.new + tally.seen + tally.revised > 0,
        interval_s=None if end.interval is None else round(end.interval.total_seconds()),
        failure_points=end.failure_points,
        newest_ids=tuple(str(url_id(entry.canonical_url)) for entry in poll.entries[:_REMEMBERED_ENTRIES]),
    )


def _insert_rejects(cursor: "duckdb.DuckDBPyConnection", failed: Sequence[Poll]) -> None:
    locations = dict(fetch_rows(cursor, "looked_at"))
    rows = [poll_reject_row(poll, location=locations.get(poll.source) or poll.final_url or "") for poll in failed]
    stage(cursor, "rejects", RejectRow, rows)
    cursor.execute(statement("insert_rejects"))


def _insert_gap(cursor: "duckdb.DuckDBPyConnection", end: EndedPoll, gap: Gap) -> None:
    values = {
        "poll_id": end.poll.poll_id,
        "run_id": end.poll.run_id,
        "source": end.poll.source,
        "started_at": gap.started_at,
        "ended_at": gap.ended_at,
        "entry_count": end.tally.entries,
        "entries_per_hour": gap.entries_per_hour,
        "missed_count": gap.missed_count,
    }
    cursor.execute(statement("insert_gap"), {name: storable_value(value) for name, value in values.items()})
