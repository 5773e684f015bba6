"""Stages: what is done to a batch on its way, one function a stage; each takes what it uses and returns what it made.

How due sources become announced entries: `pipelines.run.polling`.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from pipelines.archive import Archive
from pipelines.clean import clean_pages
from pipelines.identity import sight
from pipelines.model import Article, EndStatus, Page, Reject, Sighting, StoreFault
from pipelines.run.road import FetchedBatch, Queues, Stop, in_store_thread, to_its_end
from pipelines.store import (
    Loaded,
    Store,
    Violation,
    check,
    is_publishing_due,
    publish_open,
    spool,
    unchecked_since,
    with_archived_records,
)
from pipelines.store import load as load_rows
from pipelines.workers import Executor

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanedBatch:
    """The articles of a batch, each with its page, and the entries that became none."""

    number: int
    articles: Sequence[tuple[Page, Article]]
    rejects: Sequence[Reject]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedBatch:
    """How every entry of a batch ended: as a text at a URL, or with a reason."""

    number: int
    sightings: Sequence[Sighting]
    rejects: Sequence[Reject]


async def fetch(queues: Queues) -> FetchedBatch | None:
    """Take the next batch from the fetcher, which works all the while; None at the end."""
    return await queues.next_batch()


async def archive(batch: FetchedBatch, to: Archive | None, store: Store, stop: Stop) -> FetchedBatch:
    """Keep the raw pages before anything is made of them, so that a better cleaner can be run over them later.

    Returns the batch with their places in the archive, once they are on disk. One batch at a time.
    """
    if to is None or not batch.pages:
        return batch
    pages = batch.pages
    try:
        pages = await in_store_thread(with_archived_records, store, pages)
    except StoreFault as fault:
        stop.break_off(fault)  # some of them may be kept twice
    return replace(batch, pages=await to_its_end(asyncio.to_thread(to.add, pages, now=datetime.now(UTC))))


async def clean(batch: FetchedBatch, executor: Executor, deadline_s: float) -> CleanedBatch:
    """Turn pages into articles, in processes which may hang or die."""
    results = await clean_pages(batch.pages, executor=executor, deadline_s=deadline_s)
    pairs = list(zip(batch.pages, results, strict=True))
    return CleanedBatch(
        number=batch.number,
        articles=[(page, result) for page, result in pairs if isinstance(result, Article)],
        rejects=[*batch.rejects, *(result for _, result in pairs if isinstance(result, Reject))],
    )


async def deduplicate(batch: CleanedBatch) -> EndedBatch:
    """Find the URL at which each article was seen; whether it is new there, the store says as it loads it."""
    # In a thread: the first domain of a run reads the list of public suffixes, 0.2 s in which nothing would be fetched.
    sightings = await asyncio.to_thread(sight, batch.articles)
    return EndedBatch(number=batch.number, sightings=sightings, rejects=batch.rejects)


async def load(batch: EndedBatch, store: Store, run_id: UUID, stop: Stop) -> Loaded | None:
    """Store how the entries of a batch ended, in one transaction.

    Where the store fails, the batch waits in the spool for the next run, and this run takes nothing new: None.
    """
    for reject in batch.rejects:
        _logger.warning(
            "rejected %s: %s at %s: %s %s", reject.source, reject.reason, reject.stage, reject.url, reject.detail
        )
    loaded_at = datetime.now(UTC)
    try:
        return await in_store_thread(
            load_rows, store, run_id=run_id, sightings=batch.sightings, rejects=batch.rejects, loaded_at=loaded_at
        )
    except StoreFault as fault:
        stop.break_off(fault)
    await _spool(batch, store.data, run_id, loaded_at, stop)
    return None


async def publish(
    store: Store, since: datetime, has_news: bool, is_stopped: bool, finish: Callable[[EndStatus], Awaitable[None]]
) -> list[str]:
    """Check what is stored; publish it if every promise holds. Returns the broken promises, a line each.

    `since` is when the run began; `finish` writes down how it ended, which the published copy shows.
    A broken promise keeps the analysts on their last good copy, and the data where it is: until it is mended, this
    and every later run says so.
    """
    unchecked = await in_store_thread(unchecked_since, store)
    violations = await in_store_thread(check, store, since=min(unchecked or since, since))
    if violations:
        await finish("failed")
        return violation_lines(violations)
    await finish("stopped" if is_stopped else "completed")
    if is_publishing_due(store.data, has_news=has_news, now=datetime.now(UTC)):
        try:
            await in_store_thread(publish_open, store)
        except StoreFault:
            await finish("failed")
            raise
    return []


def violation_lines(violations: Sequence[Violation]) -> list[str]:
    """Broken promises, a line each."""
    return [f"{broken.check}: {broken.rows} rows, such as {broken.example}" for broken in violations]


async def _spool(batch: EndedBatch, data: Path, run_id: UUID, loaded_at: datetime, stop: Stop) -> None:
    spooling = asyncio.to_thread(
        spool, data, run_id=run_id, sightings=batch.sightings, rejects=batch.rejects, loaded_at=loaded_at
    )
    try:
        await to_its_end(spooling)
    except StoreFault as fault:
        stop.lose_batch(fault)
