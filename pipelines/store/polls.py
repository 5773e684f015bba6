"""Polls: finished polls become rows, and the state that the next poll of each source starts from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import repeat
from typing import TYPE_CHECKING
from uuid import UUID

from pipelines.model import ArchivePosition, Freshness, Gap, PollResult, RememberedEntry, Tally, Validators
from pipelines.store.database import Store
from pipelines.store.staging import stage, storable_value
from pipelines.store.statements import fetch_rows, statement
from pipelines.store.tables import FinishedPollRow, Offset, RejectRow

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class PollState:
    """What the finished polls of a source left for the next one; empty where there was none."""

    validators: Validators = Validators()  # noqa: RUF009  frozen
    due_at: datetime | None = None
    interval: timedelta | None = None  # between two polls, as it is now
    failure_points: float = 0.0  # since the last success
    entries_at: datetime | None = None  # of the last poll that announced anything
    entries: tuple[RememberedEntry, ...] = ()  # the newest of that poll, in its order


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedPoll:
    """A poll whose articles are all stored or deferred, and what follows from it."""

    result: PollResult
    tally: Tally
    next_due_at: datetime | None
    interval: timedelta | None = None  # this and failure_points: for the next decision when to poll again
    failure_points: float = 0.0
    entries: tuple[RememberedEntry, ...] = ()  # the newest, for the next decision whether there is a gap
    gap: Gap | None = None  # the one before this poll


def poll_states(store: Store, names: Iterable[str]) -> Mapping[str, PollState]:
    """The state of the sources by name, in one query: one by one, it took 1 ms a source."""
    with store.reading() as cursor:
        rows = fetch_rows(cursor, "poll_states", {"names": list(names)})
    return {name: _poll_state(*state) for name, *state in rows}


def finish_polls(store: Store, finished: Sequence[FinishedPoll]) -> None:
    """Store polls, at most one of each source, and the state that they leave; stored ones change nothing.

    Validators are kept only where nothing was left undone: a conditional request would hide what was deferred or
    failed by what may pass. A poll that failed, or was unchanged and brought none, leaves those that are there.

    A thousand polls at once take half a second; one by one they took two minutes, each an update of its own.
    """
    with store.writing() as cursor:
        stage(cursor, "polls", FinishedPollRow, [_row(each) for each in finished])
        stored_ids = {poll_id for (poll_id,) in fetch_rows(cursor, "drop_stored_polls")}
        fresh = [each for each in finished if each.result.poll_id not in stored_ids]
        cursor.execute(statement("insert_polls"))
        if failed := [each.result for each in fresh if each.result.outcome == "failed"]:
            _insert_rejects(cursor, failed)
        for each in fresh:
            if each.gap is not None:
                _insert_gap(cursor, each, each.gap)
        cursor.execute(statement("remember_sources"))
        if any(each.entries for each in fresh):
            cursor.execute(statement("remember_entries"))


def _poll_state(
    etag: str | None,
    last_modified: str | None,
    digest: str | None,
    config_digest: str | None,
    read_on: datetime | None,
    pause_s: int | None,
    skip_hours: int | None,
    skip_days: int | None,
    archive_file_count: int | None,
    archive_offset: int | None,
    due_at: datetime | None,
    interval_s: int | None,
    failure_points: float | None,
    entries_at: datetime | None,
    entry_ids: Sequence[UUID] | None,
    entries_since: Sequence[datetime] | None,
) -> PollState:
    position = None
    if archive_file_count is not None:
        position = ArchivePosition(file_count=archive_file_count, offset=archive_offset or 0)
    return PollState(
        validators=Validators(
            etag=etag,
            last_modified=last_modified,
            digest=digest,
            config_digest=config_digest,
            read_on=read_on,
            freshness=Freshness(pause_s=pause_s or 0, skip_hours=skip_hours or 0, skip_days=skip_days or 0),
            position=position,
        ),
        due_at=due_at,
        interval=None if interval_s is None else timedelta(seconds=interval_s),
        failure_points=failure_points or 0.0,
        entries_at=entries_at,
        entries=tuple(
            RememberedEntry(key=key, since=since)
            for key, since in zip(entry_ids or (), entries_since or repeat(entries_at), strict=False)
            if since is not None
        ),
    )


def _row(finished: FinishedPoll) -> FinishedPollRow:
    result, tally, validators = finished.result, finished.tally, finished.result.validators
    position, freshness = validators.position, validators.freshness
    return FinishedPollRow(
        poll_id=result.poll_id,
        run_id=result.run_id,
        source=result.source,
        polled_at=result.polled_at,
        outcome=result.outcome,
        reason=result.reason,
        detail=result.detail,
        evidence=result.evidence,
        status=result.status,
        final_url=result.final_url,
        title=result.title,
        entry_count=tally.entries,
        known_count=tally.known,
        deferred_count=tally.deferred,
        new_count=tally.new,
        seen_count=tally.seen,
        revised_count=tally.revised,
        rejected_count=tally.rejected,
        byte_count=result.byte_count,
        duration_ms=result.duration_ms,
        etag=validators.etag,
        last_modified=validators.last_modified,
        digest=validators.digest,
        config_digest=validators.config_digest,
        read_on=validators.read_on,
        pause_s=freshness.pause_s,
        skip_hours=freshness.skip_hours,
        skip_days=freshness.skip_days,
        archive_file_count=None if position is None else position.file_count,
        archive_offset=None if position is None else Offset(position.offset),
        next_due_at=finished.next_due_at,
        is_part=result.is_part,
        interval_s=None if finished.interval is None else round(finished.interval.total_seconds()),
        failure_points=finished.failure_points,
        newest_ids=tuple(str(entry.key) for entry in finished.entries),
        newest_since=tuple(entry.since.isoformat() for entry in finished.entries),
    )


def _insert_rejects(cursor: "duckdb.DuckDBPyConnection", failed: Sequence[PollResult]) -> None:
    locations = dict(fetch_rows(cursor, "polled_locations"))
    rows = [_reject_row(each, location=locations.get(each.source) or each.final_url or "") for each in failed]
    stage(cursor, "rejects", RejectRow, rows)
    cursor.execute(statement("insert_rejects"))


def _reject_row(failed: PollResult, *, location: str) -> RejectRow:
    """The reject of a poll that failed as a whole."""
    return RejectRow(
        reject_id=failed.poll_id,
        fetch_id=None,
        poll_id=failed.poll_id,
        run_id=failed.run_id,
        source=failed.source,
        stage="discover",
        reason=failed.reason,
        detail=failed.detail,
        evidence=failed.evidence,
        url=location,
        canonical_url=None,
        final_url=failed.final_url,
        status=failed.status,
        rejected_at=failed.polled_at,
        loaded_at=failed.polled_at,
    )


def _insert_gap(cursor: "duckdb.DuckDBPyConnection", finished: FinishedPoll, gap: Gap) -> None:
    values = {
        "poll_id": finished.result.poll_id,
        "run_id": finished.result.run_id,
        "source": finished.result.source,
        "started_at": gap.started_at,
        "ended_at": gap.ended_at,
        "entry_count": finished.tally.entries,
        "entries_per_hour": gap.entries_per_hour,
        "missed_count": gap.missed_count,
    }
    cursor.execute(statement("insert_gap"), {name: storable_value(value) for name, value in values.items()})
