"""Ingestion: what the due sources announce becomes articles in DuckDB.

    due → poll → fetch → archive → clean → deduplicate → load → publish

Polling and fetching run beside cleaning and loading, so that one slow host holds nobody up.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from pipelines.archive import Archive
from pipelines.fetch import fetch_pages
from pipelines.model import EndStatus, Entry, Page, Reject, Source, StoreFault
from pipelines.run import polling, stages
from pipelines.run.ledger import Bounds
from pipelines.run.opening import BOUNDS, Run, open_run
from pipelines.run.polling import Poller
from pipelines.run.road import FetchedBatch, Queues, Stop, in_store_thread, run_beside
from pipelines.run.stages import CleanedBatch, EndedBatch
from pipelines.run.summary import Summary, log_lines
from pipelines.settings import Settings
from pipelines.store import PUBLISHED, Loaded, Store, due, first_due
from pipelines.workers import Executor

# Prefect takes 20 s for the log lines of 10,000 sources, and the end of a run waits for them.
LOGGED_SOURCES = 1000

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """The stages of a run. They are ordinary functions; a flow of Prefect puts a task in the place of each."""

    poll: Callable[[Sequence[Source], Poller], Awaitable[None]] = polling.poll
    fetch: Callable[[Queues], Awaitable[FetchedBatch | None]] = stages.fetch
    archive: Callable[[FetchedBatch, Archive | None, Store, Stop], Awaitable[FetchedBatch]] = stages.archive
    clean: Callable[[FetchedBatch, Executor, float], Awaitable[CleanedBatch]] = stages.clean
    deduplicate: Callable[[CleanedBatch], Awaitable[EndedBatch]] = stages.deduplicate
    load: Callable[[EndedBatch, Store, UUID, Stop], Awaitable[Loaded | None]] = stages.load
    publish: Callable[[Store, datetime, bool, bool, Callable[[EndStatus], Awaitable[None]]], Awaitable[list[str]]] = (
        stages.publish
    )


BARE = Stages()


async def ingest(
    settings: Settings,
    only: Sequence[str] | None = None,
    *,
    stages: Stages = BARE,
    bounds: Bounds = BOUNDS,
    prefect_run_id: UUID | None = None,
) -> Summary:
    """Fetch, archive, clean, deduplicate and load what the due sources announce, and publish it.

    `only` names sources to ingest whether due or not. Returns what became of each source.
    Raises OperatorFault, in one line.
    """
    async with open_run(settings, prefect_run_id=prefect_run_id, bounds=bounds) as run:
        sources = await in_store_thread(due, run.store, list(run.sources.values()), now=run.started_at, only=only)
        if sources:
            await _ingest_sources(sources, run, stages)
        violations = await stages.publish(
            run.store, run.started_at, bool(sources), run.stop.reason is not None, run.finish
        )
        next_due = None if sources else await in_store_thread(first_due, run.store, list(run.sources.values()))
    summary = Summary(
        run_id=run.run_id,
        started_at=run.started_at,
        finished_at=run.finished_at or datetime.now(UTC),
        database=settings.data / PUBLISHED,
        tallies=run.ledger.tallies,
        violations=tuple(violations),
        stop_reason=run.stop.reason,
        next_due=next_due,
    )
    for level, line in log_lines(summary, at_most=LOGGED_SOURCES):
        _logger.log(level, "%s", line)
    return summary


async def _ingest_sources(sources: Sequence[Source], run: Run, stages: Stages) -> None:
    def fetch_all(entries: AsyncIterator[Entry]) -> AsyncGenerator[Page | Reject, None]:
        return fetch_pages(
            entries,
            sources=run.sources,
            client=run.client,
            concurrency=run.settings.concurrency,
            most_waiting=run.bounds.waiting_for_hosts,
        )

    async with run_beside(stages.poll(sources, run.poller), run.queues.fetch_with(fetch_all)) as tasks:
        earlier = None
        await run.batch_slots.acquire()
        while batch := await stages.fetch(run.queues):
            earlier = tasks.create_task(process_batch(batch, run, stages, after=earlier))
            await run.batch_slots.acquire()
    run.stop.raise_fault()
    await run.book.finish_rest()


async def process_batch(batch: FetchedBatch, run: Run, stages: Stages, *, after: asyncio.Task[None] | None) -> None:
    """Archive, clean, deduplicate and load a batch; it is cleaned while the batch before it is stored.

    A store that fails ends the run, but only once the batches in flight wait on disk: what is cleaned is not lost.
    """
    try:
        try:
            async with run.archiving:
                archived = await stages.archive(batch, run.archive, run.store, run.stop)
            cleaned = await stages.clean(archived, run.executor, run.settings.page_deadline_s)
        finally:
            if after is not None:
                await after
        ended = await stages.deduplicate(cleaned)
        if loaded := await stages.load(ended, run.store, run.run_id, run.stop):
            await run.book.finish(run.ledger.settle(ended.sightings, ended.rejects, loaded.outcomes))
            run.progress.finish_articles(len(ended.sightings) + len(ended.rejects))
    except StoreFault as fault:
        run.stop.break_off(fault)
    run.batch_slots.release()
