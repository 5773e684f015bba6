"""One run: what it holds open, what it still owes, and how it ends.

A run owes an end to every entry it took. `Run.owed` counts, per poll, the entries whose end is not
stored yet; a poll is written down when nothing is owed any more, so that a crash forgets no article.
"""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID, uuid4

from flows.progress import Progress, current_progress
from pipelines import __version__
from pipelines.catalog import Catalog, load_catalog
from pipelines.discover import next_due
from pipelines.fetch import Client, Limits, fetch_pages, open_client
from pipelines.model import Article, Entry, Page, Poll, Reject, Sighting, Tally
from pipelines.settings import Settings
from pipelines.store import Store, begin_run, finish_poll, finish_run, load, open_store, sync_sources
from pipelines.workers import WorkerPool

Options = ParamSpec("Options")
Result = TypeVar("Result")

# Announced entries which wait for the fetcher: bounds what a first look at large sitemaps holds in memory.
ANNOUNCED_AT_MOST = 10_000


@dataclass(slots=True)
class Owed:
    """A poll whose articles are on their way, and how many."""

    poll: Poll
    entry_count: int


class Batch:
    """What was fetched together. No dataclass and no list, so that Prefect does not search it for futures."""

    def __init__(self, pages: Sequence[Page], rejects: Sequence[Reject]) -> None:
        self.pages = pages
        self.rejects = rejects


class Cleaned:
    """The articles of a batch, each with its page, and what became none."""

    def __init__(self, articles: Sequence[tuple[Page, Article]], rejects: Sequence[Reject]) -> None:
        self.articles = articles
        self.rejects = rejects


class Ended:
    """How every entry of a batch ended."""

    def __init__(self, sightings: Sequence[Sighting], rejects: Sequence[Reject]) -> None:
        self.sightings = sightings
        self.rejects = rejects


@dataclass(slots=True)
class Run:
    """What one run of the ingest flow holds; only one at a time is at work on a data folder."""

    run_id: UUID
    settings: Settings
    catalog: Catalog
    store: Store
    client: Client
    executor: WorkerPool
    progress: Progress
    tallies: dict[str, Tally] = field(default_factory=dict)
    owed: dict[UUID, Owed] = field(default_factory=dict)
    stop_reason: str | None = None
    is_changed: bool = False
    _announced: asyncio.Queue[Entry | None] = field(default_factory=lambda: asyncio.Queue(ANNOUNCED_AT_MOST))
    _fetched: asyncio.Queue[Page | Reject | None] = field(init=False)
    _is_fetching: bool = True
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _store_turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self._fetched = asyncio.Queue(self.settings.batch_size)

    async def ask_store(
        self,
        function: Callable[Concatenate[Store, Options], Result],
        *arguments: Options.args,
        **options: Options.kwargs,
    ) -> Result:
        """Call a function of the store in a thread, one at a time: a connection is not for sharing."""
        async with self._store_turn:
            work = asyncio.ensure_future(asyncio.to_thread(function, self.store, *arguments, **options))
            try:
                return await asyncio.shield(work)
            except asyncio.CancelledError:
                await asyncio.wait({work})  # the turn may pass on only when the thread is done
                raise

    def stop(self, reason: str) -> None:
        """Take nothing new: what is in hand is stored, the rest is deferred to the next run."""
        if self.stop_reason is None:
            self.stop_reason = reason
            self._stopping.set()

    async def until_stopped(self, work: Awaitable[object]) -> None:
        """Await `work`, or cancel it when the run is asked to stop."""
        task = asyncio.ensure_future(work)
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            if not task.done():
                task.cancel()
            await asyncio.wait({task})
        if not task.cancelled():
            task.result()

    async def announce(self, poll: Poll, fresh: Sequence[Entry]) -> None:
        """Hand a poll's fresh entries to the fetcher; the poll is written down when all have ended."""
        self.owed[poll.poll_id] = Owed(poll, len(fresh))
        self.progress.expect_articles(len(fresh))
        for entry in fresh:
            await self._announced.put(entry)
        if not fresh:
            await self.finish_poll(poll.poll_id)

    async def announce_end(self) -> None:
        """Tell the fetcher that no more entries come."""
        await self._announced.put(None)

    async def fetch_announced(self) -> None:
        """Fetch what was announced, host beside host, until the end of it or until stopped."""
        await self.until_stopped(self._fetch_all())
        while self._stopping.is_set() and await self._announced.get() is not None:
            pass  # whoever still announces must not wait for a fetcher that has gone
        await self._fetched.put(None)

    async def _fetch_all(self) -> None:
        sources = {source.name: source for source in self.catalog.sources}
        pages = fetch_pages(self._entries(), sources=sources, client=self.client, concurrency=self.settings.concurrency)
        async with aclosing(pages):
            async for page in pages:
                await self._fetched.put(page)

    async def _entries(self) -> AsyncIterator[Entry]:
        while (entry := await self._announced.get()) is not None:
            yield entry
        self._announced.put_nowait(None)  # for fetch_announced, should it be stopped just now

    async def next_batch(self) -> list[Page | Reject]:
        """Up to a batch of what was fetched, as soon as it is full or has waited long enough; empty at the end."""
        batch: list[Page | Reject] = []
        deadline: float | None = None
        clock = asyncio.get_running_loop().time
        while self._is_fetching and len(batch) < self.settings.batch_size:
            timeout = None if deadline is None else max(0.0, deadline - clock())
            try:
                result = await asyncio.wait_for(self._fetched.get(), timeout)
            except TimeoutError:
                break
            if result is None:
                self._is_fetching = False
                break
            deadline = deadline or clock() + self.settings.batch_wait_s
            batch.append(result)
        return batch

    async def store_batch(self, sightings: Sequence[Sighting], rejects: Sequence[Reject]) -> None:
        """Store how entries ended, then write down the polls which owe nothing any more."""
        await self.ask_store(
            load, run_id=self.run_id, sightings=sightings, rejects=rejects, loaded_at=datetime.now(UTC)
        )
        for sighting in sightings:
            tally = self.tallies[sighting.entry.source]
            match sighting.outcome:
                case "new":
                    tally.new += 1
                case "seen":
                    tally.seen += 1
                case "revised":
                    tally.revised += 1
        for reject in rejects:
            tally = self.tallies[reject.source]
            tally.reasons[reject.reason] = tally.reasons.get(reject.reason, 0) + 1
            if reject.entry is not None:
                tally.rejected += 1
        self.is_changed = self.is_changed or bool(sightings or rejects)
        ended = [sighting.entry for sighting in sightings] + [reject.entry for reject in rejects if reject.entry]
        for entry in ended:
            owed = self.owed[entry.poll_id]
            owed.entry_count -= 1
            if owed.entry_count == 0:
                await self.finish_poll(entry.poll_id)
        self.progress.finish_articles(len(ended))

    async def finish_poll(self, poll_id: UUID) -> None:
        """Write a poll down. What it still owes is deferred: the source stays due and keeps its old validators."""
        owed = self.owed.pop(poll_id)
        source = self.catalog.source(owed.poll.source)
        tally = self.tallies[source.name]
        tally.deferred += owed.entry_count
        due_at = owed.poll.polled_at if tally.deferred else next_due(source, owed.poll)
        await self.ask_store(finish_poll, owed.poll, tally, next_due_at=due_at)

    async def defer_rest(self) -> None:
        """Write down the polls which still owe articles, after a run that was stopped."""
        for poll_id in list(self.owed):
            await self.finish_poll(poll_id)


@asynccontextmanager
async def open_run(settings: Settings, *, prefect_run_id: UUID | None) -> AsyncIterator[Run]:
    """Open the store, the client and the workers for one run. Raises OperatorFault in one line."""
    catalog = load_catalog(settings.sources, environ=os.environ)
    async with AsyncExitStack() as stack:
        store = stack.enter_context(
            open_store(settings.data, memory_limit=settings.memory_limit, threads=settings.threads)
        )
        client = await stack.enter_async_context(open_client(rules=catalog.fetch, limits=limits_from(settings)))
        executor = await stack.enter_async_context(
            WorkerPool(workers=settings.workers, memory_mb=settings.worker_memory_mb)
        )
        run = Run(
            run_id=uuid4(),
            settings=settings,
            catalog=catalog,
            store=store,
            client=client,
            executor=executor,
            progress=current_progress(),
        )
        started_at = datetime.now(UTC)
        begin_run(
            store,
            run_id=run.run_id,
            flow="ingest",
            prefect_run_id=prefect_run_id,
            version=__version__,
            started_at=started_at,
        )
        sync_sources(store, catalog.sources, started_at)
        status = "failed"
        try:
            with _stopped_by_signals(run), _stopped_by_time(run):
                yield run
            status = "completed" if run.stop_reason is None else "stopped"
        finally:
            finish_run(
                store,
                run_id=run.run_id,
                status=status,
                finished_at=datetime.now(UTC),
                tallies=list(run.tallies.values()),
            )


def limits_from(settings: Settings) -> Limits:
    return Limits(
        connect_s=settings.connect_timeout_s,
        read_s=settings.read_timeout_s,
        total_s=settings.total_timeout_s,
        retries=settings.retries,
    )


@contextmanager
def _stopped_by_time(run: Run) -> Iterator[None]:
    timer = asyncio.get_running_loop().call_later(
        run.settings.run_minutes * 60, run.stop, f"the {run.settings.run_minutes:g} minutes of a run were up"
    )
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def _stopped_by_signals(run: Run) -> Iterator[None]:
    # Prefect's own handler would tear the flow down in mid-batch.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    previous: dict[signal.Signals, Any] = {number: signal.getsignal(number) for number in signals}
    for number in signals:
        loop.add_signal_handler(number, run.stop, f"asked to by {number.name}")
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
            signal.signal(number, previous[number])
