"""Recleaning: the archive is cleaned again, without any network, and compared; then it may become what is stored.

    pages of the archive → clean → candidate → compare ( → promote → publish )

A candidate is made from the analysts' copy, so that no run waits for it; only promoting takes the lock.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Literal, TypeAlias
from uuid import UUID, uuid4

from pipelines import __version__
from pipelines.archive import ArchiveFault, read_record
from pipelines.catalog import load_catalog
from pipelines.clean import CLEANER_VERSION, clean_pages
from pipelines.identity import resolve
from pipelines.model import Article, Cleaning, OperatorFault, Page, Reject
from pipelines.run.progress import current_progress
from pipelines.run.stages import violation_lines
from pipelines.settings import Settings
from pipelines.store import (
    Archived,
    Candidate,
    Example,
    Promoted,
    Recleaned,
    Selection,
    Snapshot,
    SourceChange,
    begin_run,
    compare,
    compare_examples,
    find_candidate,
    finish_run,
    open_candidate,
    open_snapshot,
    open_store,
    promote,
    publish_open,
    remove_candidate,
)
from pipelines.workers import Executor, WorkerPool

Action: TypeAlias = Literal["candidate", "promote"]
# Decoded pages in memory: one batch that is cleaned and one that is read ahead, each of this size and one page more.
BATCH_BYTES = 32_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What cleaning again would change or, once promoted, has changed."""

    made_at: datetime  # of the candidate
    changes: tuple[SourceChange, ...]
    examples: tuple[Example, ...]
    promoted: Promoted | None = None  # None where it was only compared
    violations: tuple[str, ...] = ()  # promises that would have been broken: then nothing was changed


@dataclass(frozen=True, slots=True, kw_only=True)
class CleaningRules:
    """How to clean, by source."""

    by_source: Mapping[str, Cleaning]

    @property
    def digest(self) -> str:
        """Eight hexadecimal digits that change with any rule."""
        return sha256(repr(sorted(self.by_source.items(), key=lambda rule: rule[0])).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedBatch:
    """Exchanges whose pages are still to be read from the archive."""

    number: int
    archived: Sequence[Archived]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBatch:
    """A batch as it was read: the pages, and the exchanges whose record is broken."""

    number: int
    pages: Sequence[Page]
    broken: Sequence[Recleaned]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecleanedBatch:
    """What became of each page of a batch."""

    number: int
    pages: Sequence[Recleaned]


async def read(batch: ArchivedBatch, data: Path, rules: CleaningRules) -> ReadBatch:
    """Take the raw pages of a batch out of the archive."""
    return await asyncio.to_thread(_read_all, batch, data, rules)


async def clean(batch: ReadBatch, executor: Executor, deadline_s: float) -> RecleanedBatch:
    """Turn raw pages into articles again, in processes which may hang or die."""
    results = await clean_pages(batch.pages, executor=executor, deadline_s=deadline_s)
    recleaned = [_recleaned(*pair) for pair in zip(batch.pages, results, strict=True)]
    return RecleanedBatch(number=batch.number, pages=[*batch.broken, *recleaned])


async def keep(batch: RecleanedBatch, candidate: Candidate) -> None:
    """Store a batch beside what is current."""
    await asyncio.to_thread(candidate.add, batch.pages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """The stages of a replay. They are ordinary functions; a flow of Prefect puts a task in the place of each."""

    read: Callable[[ArchivedBatch, Path, CleaningRules], Awaitable[ReadBatch]] = read
    clean: Callable[[ReadBatch, Executor, float], Awaitable[RecleanedBatch]] = clean
    keep: Callable[[RecleanedBatch, Candidate], Awaitable[None]] = keep


BARE = Stages()


async def replay(
    settings: Settings,
    action: Action,
    *,
    sources: Sequence[str] | None = None,
    since: datetime | None = None,
    stages: Stages = BARE,
    prefect_run_id: UUID | None = None,
) -> Replayed:
    """Clean the archive again beside what is stored, show what would change and, to promote, make it current.

    `sources` names those whose pages to take, `since` bounds when they were fetched. To promote, the candidate that
    waits is taken if it was made of the same by the same cleaner, so that what was looked at is what comes.
    """
    selection, rules = _select(settings, sources, since)
    made_at = await asyncio.to_thread(find_candidate, settings.data, selection) if action == "promote" else None
    if made_at is None:
        made_at = await _make_candidate(settings, selection, rules, stages)
    replayed = Replayed(
        made_at=made_at,
        changes=tuple(await asyncio.to_thread(compare, settings.data)),
        examples=tuple(await asyncio.to_thread(compare_examples, settings.data)),
    )
    if action == "candidate":
        return replayed
    return await asyncio.to_thread(_promote, settings, replayed, prefect_run_id)


async def _make_candidate(settings: Settings, selection: Selection, rules: CleaningRules, stages: Stages) -> datetime:
    made_at = datetime.now(UTC)
    progress = current_progress()
    async with AsyncExitStack() as stack:
        snapshot = stack.enter_context(open_snapshot(settings.data))
        candidate = stack.enter_context(
            open_candidate(
                settings.data,
                selection,
                made_at=made_at,
                memory_limit=settings.memory_limit,
                threads=settings.threads,
            )
        )
        executor = await stack.enter_async_context(
            WorkerPool(workers=settings.workers, memory_mb=settings.worker_memory_mb)
        )
        progress.expect_articles(sum(count for _, count in snapshot.files(selection)))
        batches = _batches(snapshot, selection, most=settings.batch_size)
        read_batches = await stack.enter_async_context(aclosing(_read_ahead(settings.data, batches, rules, stages)))
        async for batch in read_batches:
            recleaned = await stages.clean(batch, executor, settings.page_deadline_s)
            await stages.keep(recleaned, candidate)
            progress.finish_articles(len(recleaned.pages))
    return made_at


async def _read_ahead(
    data: Path, batches: Iterable[ArchivedBatch], rules: CleaningRules, stages: Stages
) -> AsyncGenerator[ReadBatch, None]:
    """One batch is read while another is cleaned."""
    reading: asyncio.Future[ReadBatch] | None = None
    try:
        for batch in batches:
            ready, reading = reading, asyncio.ensure_future(stages.read(batch, data, rules))
            if ready is not None:
                yield await ready
        if reading is not None:
            yield await reading
    finally:
        if reading is not None:
            reading.cancel()
            await asyncio.wait({reading})


def _batches(snapshot: Snapshot, selection: Selection, *, most: int) -> Iterator[ArchivedBatch]:
    number = count(1)
    for file, _ in snapshot.files(selection):
        archived: list[Archived] = []
        byte_count = 0
        for one in snapshot.pages(file, selection):
            archived.append(one)
            byte_count += one.fetch.byte_count
            if len(archived) >= most or byte_count >= BATCH_BYTES:
                yield ArchivedBatch(number=next(number), archived=archived)
                archived, byte_count = [], 0
        if archived:
            yield ArchivedBatch(number=next(number), archived=archived)


def _read_all(batch: ArchivedBatch, data: Path, rules: CleaningRules) -> ReadBatch:
    pages: list[Page] = []
    broken: list[Recleaned] = []
    for one in batch.archived:
        try:
            pages.append(_page(data, one, rules.by_source[one.entry.source]))
        except ArchiveFault as fault:
            broken.append(Recleaned(fetch_id=one.fetch.fetch_id, source=one.entry.source, fault=str(fault)))
    return ReadBatch(number=batch.number, pages=pages, broken=broken)


def _page(data: Path, archived: Archived, cleaning: Cleaning) -> Page:
    """The page as it was when it was first cleaned; only the rules are those of today."""
    fetch = archived.fetch
    assert fetch.warc_file is not None
    assert fetch.warc_offset is not None
    record = read_record(data, fetch.warc_file, fetch.warc_offset, length=fetch.warc_length, digest=fetch.digest)
    return Page(
        entry=archived.entry,
        fetch=fetch,
        content=record.content,
        headers=record.headers,
        status_line=record.status_line,
        cleaning=cleaning,
    )


def _recleaned(page: Page, result: Article | Reject) -> Recleaned:
    found = Recleaned(fetch_id=page.fetch.fetch_id, source=page.entry.source)
    if isinstance(result, Reject):
        return replace(found, reject=result)
    return replace(found, article=result, address=resolve(page, result))


def _promote(settings: Settings, replayed: Replayed, prefect_run_id: UUID | None) -> Replayed:
    run_id, started_at = uuid4(), datetime.now(UTC)
    with open_store(settings.data, memory_limit=settings.memory_limit, threads=settings.threads) as store:
        begin_run(
            store,
            run_id=run_id,
            flow="replay",
            prefect_run_id=prefect_run_id,
            version=__version__,
            started_at=started_at,
        )
        promoted = promote(store, at=started_at)
        status: Literal["failed", "completed"] = "failed" if promoted.violations else "completed"
        finish_run(store, run_id=run_id, status=status, finished_at=datetime.now(UTC))
        if not promoted.violations:
            publish_open(store)
            remove_candidate(settings.data)
    return replace(replayed, promoted=promoted, violations=tuple(violation_lines(promoted.violations)))


def _select(
    settings: Settings, sources: Sequence[str] | None, since: datetime | None
) -> tuple[Selection, CleaningRules]:
    catalog = load_catalog(settings.sources, environ=os.environ)
    by_source = {source.name: source.cleaning for source in catalog.sources}
    if not by_source:
        raise OperatorFault(f"{catalog.path}: no source is named yet, so there are no rules to clean by")
    if missing := sorted(set(sources or ()) - by_source.keys()):
        raise OperatorFault(f"no source is called {missing[0]!r}; `presswatch sources list` lists them")
    # The rules of a source that is gone from sources.yaml are not known: its articles stay as they are.
    rules = CleaningRules(
        by_source={name: cleaning for name, cleaning in by_source.items() if not sources or name in sources}
    )
    selection = Selection(
        cleaner=f"{CLEANER_VERSION}.{rules.digest}", sources=tuple(sorted(rules.by_source)), since=since
    )
    return selection, rules
