"""Upkeep: what has had its time goes: raw pages that are too old, or too many.

choose files → forget them in the database → remove them → publish
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.current import prefect_run_id
from flows.publish import publish_checked
from flows.quiet import tell_faults_in_one_line
from pipelines import __version__
from pipelines.archive import Kept, choose_expired, list_kept, remove
from pipelines.settings import load_settings
from pipelines.store import Store, begin_run, finish_run, forget_archived, open_store

GB = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkept:
    """What one run of upkeep removed from the archive, and what is left."""

    removed: tuple[Kept, ...]
    page_count: int  # exchanges whose raw answer went
    left: tuple[Kept, ...]
    violations: tuple[str, ...] = ()  # promises that what is stored breaks; then it was not published


@flow(name="upkeep", persist_result=False)
def upkeep(days: int | None = None, gb: float | None = None) -> Upkept:
    """Remove raw pages older than `days`, and the oldest while all take more than `gb`; by default as is set.

    The rows of `fetches` keep their digest and say until when the page was kept.
    """
    tell_faults_in_one_line()
    settings = load_settings()
    days, gb = days or settings.archive_days, gb or settings.archive_gb
    with open_store(settings.data, memory_limit=settings.memory_limit, threads=settings.threads) as store:
        run_id, now = uuid4(), datetime.now(UTC)
        begin_run(
            store, run_id=run_id, flow="upkeep", prefect_run_id=prefect_run_id(), version=__version__, started_at=now
        )
        kept = list_kept(settings.data)
        expired = choose_expired(
            kept, today=now.date(), most_days=days, most_bytes=None if gb is None else round(gb * GB)
        )
        page_count = remove_files(store, expired, now)
        finish_run(store, run_id=run_id, status="completed", finished_at=datetime.now(UTC), tallies=[])
        violations = publish_checked(store) if expired else []
    return Upkept(
        removed=expired,
        page_count=page_count,
        left=tuple(kept[len(expired) :]),
        violations=tuple(violations),
    )


def upkeep_once(days: int | None, gb: float | None) -> Upkept:
    """Run the flow here and now, for `presswatch upkeep`."""
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        return upkeep(days, gb)


@task(cache_policy=NO_CACHE, persist_result=False)
def remove_files(store: Store, expired: Sequence[Kept], now: datetime) -> int:
    """Forget files, then remove them: killed in between, they lie about and the next run removes them."""
    files = [one.file for one in expired]
    page_count = forget_archived(store, files, at=now)
    remove(store.data, files)
    if files:
        get_run_logger().info("removed %s files with %s raw pages from the archive", len(files), page_count)
    return page_count
