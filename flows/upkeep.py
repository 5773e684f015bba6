"""Upkeep: what has had its time goes: raw pages that are too old, or too many, for their source or for all.

choose → forget in the database → remove whole files → thin the others → publish
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.current import prefect_run_id
from flows.publish import publish_checked
from flows.quiet import tell_faults_in_one_line
from flows.retention import choose, limits_from
from pipelines import __version__
from pipelines.archive import GB, Kept, Moved, list_kept, remove, thin
from pipelines.settings import load_settings
from pipelines.store import (
    Store,
    archived_shares,
    begin_run,
    drain,
    finish_run,
    forget_archived,
    forget_shares,
    open_store,
    staying_records,
)

# Thinned together, before the files that they came from go: so much room upkeep may take meanwhile.
THINNED_BYTES = GB


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkept:
    """What one run of upkeep removed from the archive, and what is left."""

    removed: tuple[Kept, ...]
    thinned: tuple[str, ...]  # files from which the pages of some sources went
    page_count: int  # exchanges whose raw answer went
    left: tuple[Kept, ...]
    violations: tuple[str, ...] = ()  # promises that what is stored breaks; then it was not published


@flow(name="upkeep", persist_result=False)
def upkeep(days: int | None = None, gb: float | None = None) -> Upkept:
    """Remove raw pages older than `days`, and the oldest while all take more than `gb`; by default as is set.

    A source that sets its own limits in sources.yaml is held to those, too; its days take the place of `days`.
    The rows of `fetches` keep their digest and say until when the page was kept.
    """
    tell_faults_in_one_line()
    settings = load_settings()
    limits = limits_from(settings, days=days, gb=gb)
    with open_store(settings.data, memory_limit=settings.memory_limit, threads=settings.threads) as store:
        run_id, now = uuid4(), datetime.now(UTC)
        begin_run(
            store, run_id=run_id, flow="upkeep", prefect_run_id=prefect_run_id(), version=__version__, started_at=now
        )
        drain(store)  # what waits to be stored has raw pages, too
        removal = choose(list_kept(settings.data), archived_shares(store), limits, now=now)
        page_count = remove_files(store, removal.files, now)
        page_count += thin_files(store, removal.thinned, run_id, now)
        finish_run(store, run_id=run_id, status="completed", finished_at=datetime.now(UTC))
        violations = publish_checked(store) if removal.files or removal.thinned else []
    return Upkept(
        removed=removal.files,
        thinned=tuple(removal.thinned),
        page_count=page_count,
        left=tuple(list_kept(settings.data)),
        violations=tuple(violations),
    )


def upkeep_once(days: int | None, gb: float | None) -> Upkept:
    """Run the flow here and now, for `presswatch upkeep`."""
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        return upkeep(days, gb)


@task(cache_policy=NO_CACHE, persist_result=False)
def remove_files(store: Store, expired: Sequence[Kept], now: datetime) -> int:
    """Forget files, then remove them: killed in between, they lie about and a later run removes them."""
    files = [one.file for one in expired]
    page_count = forget_archived(store, files, at=now)
    remove(store.data, files)
    if files:
        get_run_logger().info("removed %s files with %s raw pages from the archive", len(files), page_count)
    return page_count


@task(cache_policy=NO_CACHE, persist_result=False)
def thin_files(store: Store, thinned: Mapping[str, frozenset[str]], run_id: UUID, now: datetime) -> int:
    """Take the pages of some sources out of files which others share. Killed anywhere, the rows tell what is there."""
    page_count = 0
    going: dict[str, frozenset[str]] = {}
    moved: list[Moved] = []
    taken = 0
    for file, sources in thinned.items():
        places = staying_records(store, file, sources)
        moved += thin(store.data, file, places, run_id=run_id, software=f"presswatch/{__version__}", at=now)
        going[file] = sources
        taken += sum(length for _, length in places)
        if taken >= THINNED_BYTES:
            page_count += _put_thinned_in_place(store, going, moved, now)
            going, moved, taken = {}, [], 0
    page_count += _put_thinned_in_place(store, going, moved, now)
    if thinned:
        get_run_logger().info("removed %s raw pages from %s files that others share", page_count, len(thinned))
    return page_count


def _put_thinned_in_place(
    store: Store, going: Mapping[str, frozenset[str]], moved: Sequence[Moved], now: datetime
) -> int:
    page_count = forget_shares(store, going, moved, at=now) if going else 0
    remove(store.data, going)
    return page_count
