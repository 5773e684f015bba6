"""Idle: a run that has nothing to do is noted and answered without Prefect, whose start takes seconds."""

from datetime import UTC, datetime
from uuid import uuid4

from flows.report import Summary
from pipelines import __version__
from pipelines.catalog import Catalog
from pipelines.settings import Settings
from pipelines.store import (
    PUBLISHED,
    begin_run,
    due,
    finish_run,
    first_due,
    is_publishing_due,
    is_spooled,
    open_store,
    publish_open,
    sync_sources,
    unchecked_since,
)


def run_idle(catalog: Catalog, settings: Settings) -> Summary | None:
    """The run that finds no source due, as rows and a summary; None where there is work, and then no run is noted.

    Raises StoreFault where the database is held or broken.
    """
    with open_store(settings.data, memory_limit=settings.memory_limit, threads=settings.threads) as store:
        started_at = datetime.now(UTC)
        # First: a source that lies elsewhere since, or is to be asked more often, may be due by that.
        sync_sources(store, catalog.sources, started_at)
        is_unchecked = unchecked_since(store) is not None  # the flow checks, and tells
        if is_unchecked or is_spooled(settings.data) or due(store, catalog.sources, now=started_at):
            return None
        run_id = uuid4()
        # A run like any other, so that `presswatch status --alive` sees a schedule at work where nothing happens.
        begin_run(store, run_id=run_id, flow="ingest", prefect_run_id=None, version=__version__, started_at=started_at)
        finished_at = datetime.now(UTC)
        finish_run(store, run_id=run_id, status="completed", finished_at=finished_at)
        if is_publishing_due(settings.data, has_news=False, now=finished_at):
            publish_open(store)
        return Summary(
            run_id=run_id,
            started_at=started_at,
            finished_at=finished_at,
            database=settings.data / PUBLISHED,
            tallies=(),
            next_due=first_due(store, catalog.sources),
        )
