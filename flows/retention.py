"""Retention: what is asked for, set and configured becomes limits, and these the choice of what is to go."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pipelines.archive import GB, Kept, Removal, Share, choose_removal
from pipelines.catalog import load_catalog
from pipelines.model import ConfigFault, Retention

if TYPE_CHECKING:
    from pipelines.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of the archive is kept: by source, by age where a source says nothing, and in all."""

    retentions: Mapping[str, Retention]
    days: int | None
    gb: float | None


def limits_from(settings: "Settings", *, days: int | None, gb: float | None) -> Limits:
    """What is asked for, or else what is set. Raises ConfigFault where nothing is."""
    catalog = load_catalog(settings.sources, environ=os.environ)
    limits = Limits(
        retentions={source.name: source.retention for source in catalog.sources},
        days=settings.archive_days if days is None else days,
        gb=settings.archive_gb if gb is None else gb,
    )
    if limits.days is None and limits.gb is None and set(limits.retentions.values()) <= {Retention()}:
        raise ConfigFault(
            "nothing says what is too old: set PRESSWATCH_ARCHIVE_DAYS or PRESSWATCH_ARCHIVE_GB, "
            f"or `archive:` in {catalog.path}"
        )
    return limits


def choose(kept: Sequence[Kept], shares: Sequence[Share], limits: Limits, *, now: datetime) -> Removal:
    """What has had its time."""
    return choose_removal(
        kept,
        shares,
        today=now.date(),
        retentions=limits.retentions,
        most_days=limits.days,
        most_bytes=None if limits.gb is None else round(limits.gb * GB),
    )
