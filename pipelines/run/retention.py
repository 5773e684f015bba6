"""Retention: raw pages that are too old, or too many, for their source or for all, go from the archive.

choose → forget in the database → remove whole files → thin the others → publish
"""

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from pipelines import __version__
from pipelines.archive import GB, ArchiveFile, Moved, Removal, Share, choose_removal, list_files, remove, thin
from pipelines.catalog import load_catalog
from pipelines.model import ConfigFault, Retention
from pipelines.run.stages import violation_lines
from pipelines.settings import Settings
from pipelines.store import (
    Store,
    archived_shares,
    begin_run,
    check,
    drain,
    finish_run,
    forget_archived,
    forget_shares,
    open_store,
    publish_open,
    staying_records,
)

# Thinned together, before the files that they came from go: so much room upkeep may take meanwhile.
THINNED_BYTES = GB

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of the archive is kept: by source, by age where a source says nothing, and in all."""

    retentions: Mapping[str, Retention]
    days: int | None
    gb: float | None

    def require_any(self) -> None:
        """Raises ConfigFault where nothing says what is too old."""
        if self.days is None and self.gb is None and set(self.retentions.values()) <= {Retention()}:
            raise ConfigFault(
                "nothing says what is too old: set PRESSWATCH_ARCHIVE_DAYS or PRESSWATCH_ARCHIVE_GB, "
                "or `archive:` in the sources file"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkept:
    """What one run of upkeep removed from the archive, and what is left."""

    removed: tuple[ArchiveFile, ...]
    thinned: tuple[str, ...]  # files from which the pages of some sources went
    page_count: int  # exchanges whose raw answer went
    left: tuple[ArchiveFile, ...]
    violations: tuple[str, ...] = ()  # promises that what is stored breaks; then it was not published


def upkeep(settings: Settings, *, days: int | None, gb: float | None, prefect_run_id: UUID | None = None) -> Upkept:
    """Remove raw pages older than `days`, and the oldest while all take more than `gb`; by default as is set.

    A source that sets its own limits in sources.yaml is held to those, too; its days take the place of `days`.
    The rows of `fetches` keep their digest and say until when the page was kept.
    """
    limits = limits_from(settings, days=days, gb=gb)
    with open_store(settings.data, memory_limit=settings.memory_limit, threads=settings.threads) as store:
        run_id, now = uuid4(), datetime.now(UTC)
        begin_run(
            store, run_id=run_id, flow="upkeep", prefect_run_id=prefect_run_id, version=__version__, started_at=now
        )
        drain(store)  # what waits to be stored has raw pages, too
        removal = choose(list_files(settings.data), archived_shares(store), limits, now=now)
        page_count = remove_files(store, removal.files, now)
        page_count += thin_files(store, removal.thinned, run_id, now)
        finish_run(store, run_id=run_id, status="completed", finished_at=datetime.now(UTC))
        violations = _publish_checked(store) if removal.files or removal.thinned else []
    return Upkept(
        removed=removal.files,
        thinned=tuple(removal.thinned),
        page_count=page_count,
        left=tuple(list_files(settings.data)),
        violations=tuple(violations),
    )


def limits_from(settings: Settings, *, days: int | None, gb: float | None) -> Limits:
    """What is asked for, or else what is set."""
    catalog = load_catalog(settings.sources, environ=os.environ)
    return Limits(
        retentions={source.name: source.retention for source in catalog.sources},
        days=settings.archive_days if days is None else days,
        gb=settings.archive_gb if gb is None else gb,
    )


def choose(kept: Sequence[ArchiveFile], shares: Sequence[Share], limits: Limits, *, now: datetime) -> Removal:
    """What has had its time."""
    return choose_removal(
        kept,
        shares,
        today=now.date(),
        retentions=limits.retentions,
        most_days=limits.days,
        most_bytes=None if limits.gb is None else round(limits.gb * GB),
    )


def remove_files(store: Store, expired: Sequence[ArchiveFile], now: datetime) -> int:
    """Forget files, then remove them: killed in between, they lie about and a later run removes them."""
    files = [one.file for one in expired]
    page_count = forget_archived(store, files, at=now)
    remove(store.data, files)
    if files:
        _logger.info("removed %s files with %s raw pages from the archive", len(files), page_count)
    return page_count


def thin_files(store: Store, thinned: Mapping[str, frozenset[str]], run_id: UUID, now: datetime) -> int:
    """Take the pages of some sources out of files which others share. Killed anywhere, the rows name what is there."""
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
        _logger.info("removed %s raw pages from %s files that others share", page_count, len(thinned))
    return page_count


def _put_thinned_in_place(
    store: Store, going: Mapping[str, frozenset[str]], moved: Sequence[Moved], now: datetime
) -> int:
    page_count = forget_shares(store, going, moved, at=now) if going else 0
    remove(store.data, going)
    return page_count


def _publish_checked(store: Store) -> list[str]:
    violations = check(store)
    if not violations:
        publish_open(store)
    return violation_lines(violations)
