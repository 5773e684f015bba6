"""One run: what it holds open, what it still owes, and how it ends.

A run owes an end to every entry it took. `Run.owed` counts, per poll, the entries whose end is not
stored yet; a poll is written down when nothing is owed any more, so that a crash forgets no article.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar
from uuid import UUID

from flows.progress import Progress
from pipelines.archive import Archive
from pipelines.discover import Rhythm, coverage_gap, next_due
from pipelines.fetch import Client, fetch_pages
from pipelines.model import (
    Entry,
    Gap,
    Outcome,
    Page,
    PollResult,
    Reason,
    Reject,
    Sighting,
    Source,
    StoreFault,
    Tally,
)
from pipelines.settings import Settings
from pipelines.store import (
    FinishedPoll,
    PollState,
    Store,
    finish_polls,
    finish_run,
    load,
    spool,
    with_known_places,
)
from pipelines.workers import WorkerPool

Options = ParamSpec("Options")
Result = TypeVar("Result")

# Announced entries which wait for the fetcher: bounds what a first look at large sitemaps holds in memory.
ANNOUNCED_AT_MOST = 50_000

# Once so many wait, half of what the fetcher deals out to its hosts, a run takes FEW of a source. Without it the first
# looks at 20 sitemaps of 5,000 pages, each on a host that gives one in two seconds, filled both queues and all turns to
# poll: every other source waited for as long as the run lasted.
PLENTY = 25_000
FEW = 200

# One is stored while the next is cleaned.
BATCHES_IN_HAND = 2


@dataclass(slots=True)
class Owed:
    """A poll whose articles are on their way, and how many."""

    poll: PollResult
    last: PollState
    entry_count: int
    is_limited: bool  # more was announced than one run takes of a source
    tally: Tally
    stored: asyncio.Event = field(default_factory=asyncio.Event)


class Run:
    """What one run of the ingest flow holds; only one at a time is at work on a data folder.

    `keeper` is None where raw pages are not kept. No dataclass, so that Prefect does not search it for futures.
    """

    def __init__(
        self,
        *,
        run_id: UUID,
        settings: Settings,
        sources: Mapping[str, Source],
        store: Store,
        client: Client,
        executor: WorkerPool,
        progress: Progress,
        keeper: Archive | None = None,
    ) -> None:
        self.run_id = run_id
        self.started_at = datetime.now(UTC)
        self.finished_at: datetime | None = None
        self.stop_reason: str | None = None
        self.fault: StoreFault | None = None
        self.settings = settings
        self.sources = sources
        self.store = store
        self.client = client
        self.executor = executor
        self.progress = progress
        self.keeper = keeper
        self.tallies: dict[str, Tally] = {}
        self.owed: dict[UUID, Owed] = {}
        self._ended: dict[UUID, Owed] = {}  # to be written down
        self._finishing = asyncio.Lock()
        self.hands = asyncio.Semaphore(BATCHES_IN_HAND)
        self.waiting_count = 0  # entries that were taken and whose end is not stored yet
        self._announced: asyncio.Queue[Entry | None] = asyncio.Queue(ANNOUNCED_AT_MOST)
        self._fetched: asyncio.Queue[Page | Reject | None] = asyncio.Queue(settings.batch_size)
        self._is_fetching = True
        self._archiving = asyncio.Lock()
        self._unkept: list[StoreFault] = []
        self._stopping = asyncio.Event()

    async def ask_store(
        self,
        function: Callable[Concatenate[Store, Options], Result],
        *arguments: Options.args,
        **options: Options.kwargs,
    ) -> Result:
        """Call a function of the store in a thread; a cancelled call still ends before the store is closed."""
        return await _to_its_end(asyncio.to_thread(function, self.store, *arguments, **options))

    async def archive(self, pages: Sequence[Page]) -> Sequence[Page]:
        """Keep the raw pages; returns them with their places, once they are on disk."""
        if self.keeper is None or not pages:
            return pages
        try:
            pages = await self.ask_store(with_known_places, pages)
        except StoreFault as fault:
            self.break_off(fault)  # some of them may be kept twice
        async with self._archiving:
            return await _to_its_end(asyncio.to_thread(self.keeper.add, pages, now=datetime.now(UTC)))

    def stop(self, reason: str) -> None:
        """Take nothing new: what is in hand is stored, the rest is deferred to the next run."""
        if self.stop_reason is None:
            self.stop_reason = reason
            self._stopping.set()

    def break_off(self, fault: StoreFault) -> None:
        """Take nothing new, since the store or the disk fails; what is in hand is cleaned and kept for the next run."""
        if self.fault is None:
            self.fault = fault
        self._stopping.set()

    def raise_fault(self) -> None:
        """Raise the fault that broke the run off, if one did, with what could not be kept; in one line."""
        if self.fault is None:
            return
        if not self._unkept:
            raise self.fault
        why = str(self._unkept[0]).partition(";")[0]
        lost = f"{len(self._unkept)} batches that were cleaned could not be kept either and are fetched again"
        raise StoreFault(f"{self.fault}; {lost} ({why})") from self.fault

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

    def room(self, most: int) -> int:
        """How many entries to take of a source that may have `most`: few where plenty wait already."""
        return most if self.waiting_count < PLENTY else min(most, FEW)

    async def announce(
        self, poll: PollResult, fresh: Sequence[Entry], *, last: PollState, tally: Tally, limit: int
    ) -> asyncio.Event:
        """Hand a poll's fresh entries to the fetcher; the poll is written down when all have ended.

        `tally` says what is known of its entries already, `limit` how many of them the run would have taken.
        The event that is returned is set once the poll is written down.
        """
        owed = Owed(
            poll=poll,
            last=last,
            entry_count=len(fresh),
            is_limited=len(fresh) >= limit or poll.has_more,
            tally=tally,
        )
        self.owed[poll.poll_id] = owed
        self._add_up(tally)
        self.progress.expect_articles(len(fresh))
        for entry in fresh:
            await self._announced.put(entry)
        if not fresh:
            await self.finish_polls([poll.poll_id])
        return owed.stored

    def _add_up(self, tally: Tally) -> None:
        """Add a poll to what is told of its source at the end of the run."""
        total = self.tallies[tally.source]
        total.poll = tally.poll
        total.entries += tally.entries
        total.known += tally.known
        total.deferred += tally.deferred
        for reason, count in tally.reasons.items():
            total.reasons[reason] = total.reasons.get(reason, 0) + count

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
        pages = fetch_pages(
            self._entries(), sources=self.sources, client=self.client, concurrency=self.settings.concurrency
        )
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
        """Store how entries ended, then write down the polls which owe nothing any more.

        A batch that the store does not take waits on disk, and the run breaks off.
        """
        loaded_at = datetime.now(UTC)
        try:
            await self.ask_store(load, run_id=self.run_id, sightings=sightings, rejects=rejects, loaded_at=loaded_at)
        except StoreFault as fault:
            self.break_off(fault)
            await self.spool_batch(sightings, rejects)
            return
        for sighting in sightings:
            self._count(sighting.entry, sighting.outcome)
        for reject in rejects:
            if reject.entry is not None:
                self._count(reject.entry, "rejected", reject.reason)
        ended = [sighting.entry for sighting in sightings] + [reject.entry for reject in rejects if reject.entry]
        self.waiting_count -= len(ended)
        for entry in ended:
            self.owed[entry.poll_id].entry_count -= 1
        done = {entry.poll_id for entry in ended if self.owed[entry.poll_id].entry_count == 0}
        await self.finish_polls(done)
        self.progress.finish_articles(len(ended))

    async def spool_batch(self, sightings: Sequence[Sighting], rejects: Sequence[Reject]) -> None:
        """Let a batch wait on disk until the next run loads it. Where the disk refuses, `raise_fault` says so."""
        keeping = asyncio.to_thread(
            spool,
            self.settings.data,
            run_id=self.run_id,
            sightings=sightings,
            rejects=rejects,
            loaded_at=datetime.now(UTC),
        )
        try:
            await _to_its_end(keeping)
        except StoreFault as fault:
            self._unkept.append(fault)

    def _count(self, entry: Entry, outcome: Outcome, reason: Reason | None = None) -> None:
        """Count how an entry ended, for its poll and for its source in this run."""
        for tally in (self.owed[entry.poll_id].tally, self.tallies[entry.source]):
            match outcome:
                case "new":
                    tally.new += 1
                case "seen":
                    tally.seen += 1
                case "revised":
                    tally.revised += 1
                case "rejected":
                    tally.rejected += 1
            if reason is not None:
                tally.reasons[reason] = tally.reasons.get(reason, 0) + 1

    async def finish_polls(self, poll_ids: Iterable[UUID]) -> None:
        """Write polls down. What they still owe is deferred: such a source stays due and keeps its old validators.

        Whoever comes while others are written down waits, and then writes all that have gathered: one by one, the
        polls of 10,000 sources took hours.
        """
        for poll_id in poll_ids:
            owed = self.owed.pop(poll_id)
            owed.tally.deferred += owed.entry_count
            self.tallies[owed.poll.source].deferred += owed.entry_count
            self._ended[poll_id] = owed
        async with self._finishing:
            ended, self._ended = self._ended, {}
            if ended:
                await self.ask_store(finish_polls, [_finished_poll(each, self.sources) for each in ended.values()])
        for owed in ended.values():
            owed.stored.set()

    async def defer_rest(self) -> None:
        """Write down the polls which still owe articles, after a run that was stopped."""
        await self.finish_polls(list(self.owed))

    async def finish(self, status: Literal["completed", "stopped", "failed"]) -> None:
        """Write down how the run ended; a later word counts."""
        self.finished_at = max(datetime.now(UTC), self.started_at)  # the clock may have been set back
        tallies = list(self.tallies.values())
        await self.ask_store(
            finish_run, run_id=self.run_id, status=status, finished_at=self.finished_at, tallies=tallies
        )


async def _to_its_end(work: Awaitable[Result]) -> Result:
    """Await work that cannot be interrupted; when cancelled, only after it has ended."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


def _finished_poll(owed: Owed, sources: Mapping[str, Source]) -> FinishedPoll:
    source = sources[owed.poll.source]
    gap = _gap_before(owed, source)
    rhythm = _next_rhythm(owed, source, gap)
    is_cut_short = owed.entry_count > 0 or owed.is_limited
    return FinishedPoll(
        result=owed.poll,
        tally=owed.tally,
        next_due_at=owed.poll.polled_at if is_cut_short else rhythm.due_at,
        interval=rhythm.interval,
        failure_points=rhythm.failure_points,
        gap=gap,
    )


def _gap_before(owed: Owed, source: Source) -> Gap | None:
    last = owed.last
    return coverage_gap(owed.poll, source=source, last_entries_at=last.entries_at, last_entry_ids=last.entry_ids)


def _next_rhythm(owed: Owed, source: Source, gap: Gap | None) -> Rhythm:
    last, poll, tally = owed.last, owed.poll, owed.tally
    previous = None
    if last.interval is not None:
        previous = Rhythm(
            due_at=last.due_at or poll.polled_at, interval=last.interval, failure_points=last.failure_points
        )
    return next_due(poll, source=source, previous=previous, new_count=tally.new + tally.seen + tally.revised, gap=gap)


@asynccontextmanager
async def meanwhile(*work: Coroutine[Any, Any, object]) -> AsyncIterator[asyncio.TaskGroup]:
    """Do the work beside the block, and await both; the first fault of any ends all, and is raised as itself.

    Yields the group, for more of such work.
    """
    try:
        async with asyncio.TaskGroup() as tasks:
            for each in work:
                tasks.create_task(each)
            yield tasks
    except BaseExceptionGroup as group:
        raise _first_of(group) from None


def _first_of(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
