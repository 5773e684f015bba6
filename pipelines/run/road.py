"""Road: the queues between polling, fetching and cleaning, and the signal that ends them.

    poll → announced entries → fetch → fetched pages → batches → clean …

Both queues are bounded: whoever is faster than the next stage waits for it.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from pipelines.model import Entry, Page, Reject, StoreFault
from pipelines.store import Store

Options = ParamSpec("Options")
Result = TypeVar("Result")


class Stop:
    """Whether a run takes nothing new any more, and why. What is in flight is still cleaned and stored."""

    def __init__(self) -> None:
        self.reason: str | None = None
        self.fault: StoreFault | None = None
        self._lost: list[StoreFault] = []
        self._event = asyncio.Event()

    @property
    def is_set(self) -> bool:
        """Must the run take nothing new?"""
        return self._event.is_set()

    def request(self, reason: str) -> None:
        """Take nothing new: what is in flight is stored, the rest is deferred to the next run."""
        if self.reason is None:
            self.reason = reason
            self._event.set()

    def break_off(self, fault: StoreFault) -> None:
        """Take nothing new, since the store or the disk fails; what is in flight is kept for the next run."""
        if self.fault is None:
            self.fault = fault
        self._event.set()

    def lose_batch(self, fault: StoreFault) -> None:
        """Note that the disk refused a batch that the store had refused before."""
        self._lost.append(fault)

    def raise_fault(self) -> None:
        """Raise the fault that broke the run off, if one did, with what could not be kept; in one line."""
        if self.fault is None:
            return
        if not self._lost:
            raise self.fault
        why = str(self._lost[0]).partition(";")[0]
        lost = f"{len(self._lost)} batches that were cleaned could not be kept either and are fetched again"
        raise StoreFault(f"{self.fault}; {lost} ({why})") from self.fault

    async def until_set(self, work: Awaitable[object]) -> None:
        """Await `work`, or cancel it when the run has to stop."""
        task = asyncio.ensure_future(work)
        stopping = asyncio.ensure_future(self._event.wait())
        try:
            await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            if not task.done():
                task.cancel()
            await asyncio.wait({task})
        if not task.cancelled():
            task.result()


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedBatch:
    """Pages that are cleaned and stored together, and the entries whose page could not be fetched."""

    number: int  # in its run, from 1
    pages: Sequence[Page]
    rejects: Sequence[Reject]


class Queues:
    """What waits between two stages of one run."""

    def __init__(self, stop: Stop, *, batch_size: int, batch_wait_s: float, announced_at_most: int) -> None:
        self._stop = stop
        self._batch_size = batch_size
        self._batch_wait_s = batch_wait_s
        self._announced: asyncio.Queue[Entry | None] = asyncio.Queue(announced_at_most)
        self._fetched: asyncio.Queue[Page | Reject | None] = asyncio.Queue(batch_size)
        self._is_fetching = True
        self.next_number = 1  # of the next batch

    async def announce(self, entries: Sequence[Entry]) -> None:
        """Hand entries to the fetcher."""
        for entry in entries:
            await self._announced.put(entry)

    async def end_announcing(self) -> None:
        """Let the fetcher know that no more entries come."""
        await self._announced.put(None)

    async def fetch_with(self, fetch: Callable[[AsyncIterator[Entry]], AsyncGenerator[Page | Reject, None]]) -> None:
        """Fetch what is announced until the end of it, or until the run has to stop."""
        await self._stop.until_set(self._fetch_all(fetch))
        while self._stop.is_set and await self._announced.get() is not None:
            pass  # whoever still announces must not wait for a fetcher that has gone
        await self._fetched.put(None)

    async def next_batch(self) -> FetchedBatch | None:
        """Up to a batch of what was fetched, as soon as it is full or has waited long enough; None at the end."""
        results: list[Page | Reject] = []
        deadline: float | None = None
        clock = asyncio.get_running_loop().time
        while self._is_fetching and len(results) < self._batch_size:
            timeout = None if deadline is None else max(0.0, deadline - clock())
            try:
                result = await asyncio.wait_for(self._fetched.get(), timeout)
            except TimeoutError:
                break
            if result is None:
                self._is_fetching = False
                break
            deadline = deadline or clock() + self._batch_wait_s
            results.append(result)
        if not results:
            return None
        self.next_number += 1
        return FetchedBatch(
            number=self.next_number - 1,
            pages=[result for result in results if isinstance(result, Page)],
            rejects=[result for result in results if isinstance(result, Reject)],
        )

    async def _fetch_all(self, fetch: Callable[[AsyncIterator[Entry]], AsyncGenerator[Page | Reject, None]]) -> None:
        async with aclosing(fetch(self._entries())) as results:
            async for result in results:
                await self._fetched.put(result)

    async def _entries(self) -> AsyncIterator[Entry]:
        while (entry := await self._announced.get()) is not None:
            yield entry
        self._announced.put_nowait(None)  # for fetch_with, should it be stopped just now


async def in_store_thread(
    function: Callable[Concatenate[Store, Options], Result],
    store: Store,
    *arguments: Options.args,
    **options: Options.kwargs,
) -> Result:
    """Call a function of the store in a thread; a cancelled call still ends before the store is closed."""
    return await to_its_end(asyncio.to_thread(function, store, *arguments, **options))


async def to_its_end(work: Awaitable[Result]) -> Result:
    """Await work that cannot be interrupted; when cancelled, only after it has ended."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


@asynccontextmanager
async def run_beside(*work: Awaitable[object]) -> AsyncIterator[asyncio.TaskGroup]:
    """Do the work beside the block, and await both; the first fault of any ends all, and is raised as itself.

    Yields the group, for more of such work.
    """
    try:
        async with asyncio.TaskGroup() as tasks:
            for each in work:
                tasks.create_task(_awaited(each))
            yield tasks
    except BaseExceptionGroup as group:
        raise _first_of(group) from None


async def _awaited(work: Awaitable[object]) -> None:
    await work


def _first_of(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
