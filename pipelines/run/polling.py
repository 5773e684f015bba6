"""Polling: due sources become announced entries, and polls of which all entries have ended become rows."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from pipelines.discover import poll as poll_source
from pipelines.fetch import Client
from pipelines.model import Entry, PollResult, Source, StoreFault, Tally
from pipelines.run.ledger import Ledger, OpenPoll, finished_poll
from pipelines.run.progress import Progress
from pipelines.run.road import Queues, Stop, in_store_thread, run_beside
from pipelines.store import PollState, Store, Unseen, finish_polls, known_urls, poll_states, release, unseen
from pipelines.urls import host_of
from pipelines.workers import Executor

# Polls that brought nothing are written down together: one by one, that took more than the polling itself.
WRITTEN_TOGETHER = 256

# A sitemap may have 50 MB, five times as much as any other document that is polled: 64 of them would be 3.2 GB.
SITEMAPS_AT_ONCE = 8

# A page that two sources of a host announce belongs to the one that comes first in the file. If that one is slow, it is
# waited for so long: it must not hold up the pages of the others.
ANNOUNCE_WAIT_S = 20.0

_NOTHING = Unseen(fresh=(), known_count=0, deferred_count=0)
_logger = logging.getLogger(__name__)


class PollBook:
    """Writes down the polls of which no entry is pending any more."""

    def __init__(self, store: Store, ledger: Ledger, sources: Mapping[str, Source]) -> None:
        self._store = store
        self._ledger = ledger
        self._sources = sources
        self._closed: list[OpenPoll] = []  # to be written down
        self._writing = asyncio.Lock()
        self._stored: dict[UUID, asyncio.Event] = {}

    def in_file_order(self, sources: Iterable[Source]) -> list[Source]:
        """The sources in the order of sources.yaml."""
        names = {source.name for source in sources}
        return [source for name, source in self._sources.items() if name in names]

    async def finish(self, poll_ids: Iterable[UUID]) -> None:
        """Write polls down, and those that `finish_soon` has gathered; what is pending of them is deferred.

        Whoever comes while others are written down waits, and then writes all that have gathered: one by one, the
        polls of 10,000 sources took hours.
        """
        self._closed += self._ledger.close(poll_ids)
        async with self._writing:
            closed, self._closed = self._closed, []
            if closed:
                finished = [finished_poll(each, self._sources) for each in closed]
                await in_store_thread(finish_polls, self._store, finished)
        for each in closed:
            self._event(each.result.poll_id).set()

    async def finish_soon(self, poll_id: UUID) -> None:
        """Write a poll down together with others; should the run be killed before, its source is polled again."""
        self._closed += self._ledger.close([poll_id])
        if len(self._closed) >= WRITTEN_TOGETHER:
            await self.finish([])

    async def finish_rest(self) -> None:
        """Write down the polls that are still open, after a run that was stopped."""
        await self.finish(self._ledger.open_poll_ids)

    async def until_finished(self, poll_id: UUID) -> None:
        """Wait until a poll is written down."""
        await self._event(poll_id).wait()

    def _event(self, poll_id: UUID) -> asyncio.Event:
        return self._stored.setdefault(poll_id, asyncio.Event())


class SiteOrder:
    """Lets the sources of one host announce in the order given, however long each poll takes."""

    def __init__(self, sources: Iterable[Source], *, wait_s: float = ANNOUNCE_WAIT_S) -> None:
        self._wait_s = wait_s
        self._announced: dict[str, asyncio.Event] = {}
        self._previous: dict[str, asyncio.Event] = {}
        last_of: dict[str, asyncio.Event] = {}
        for source in sources:
            host = (host_of(source.location) or source.name).removeprefix("www.")
            self._announced[source.name] = asyncio.Event()
            if host in last_of:
                self._previous[source.name] = last_of[host]
            last_of[host] = self._announced[source.name]

    def has_turn(self, source: Source) -> bool:
        """Whether the source may announce now."""
        previous = self._previous.get(source.name)
        return previous is None or previous.is_set()

    async def wait(self, source: Source) -> None:
        """Wait until the source may announce; in vain no longer than `wait_s`."""
        if previous := self._previous.get(source.name):
            with suppress(TimeoutError):
                await asyncio.wait_for(previous.wait(), self._wait_s)

    def pass_on(self, source: Source) -> None:
        """Let the next source announce."""
        self._announced[source.name].set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Poller:
    """What polling uses."""

    run_id: UUID
    store: Store
    client: Client
    executor: Executor
    ledger: Ledger
    queues: Queues
    stop: Stop
    book: PollBook
    progress: Progress
    concurrency: int  # sources polled at once
    max_articles: int  # taken of one source


async def poll(sources: Sequence[Source], poller: Poller) -> None:
    """Poll every source, several at once, and announce the entries that are fresh."""
    poller.progress.expect_sources(len(sources))
    poller.ledger.expect(source.name for source in sources)
    slots = asyncio.Semaphore(poller.concurrency)
    large_slots = asyncio.Semaphore(min(SITEMAPS_AT_ONCE, poller.concurrency))
    order = SiteOrder(poller.book.in_file_order(sources))

    async def poll_all() -> None:
        states = await in_store_thread(poll_states, poller.store, [source.name for source in sources])
        polls = (
            _poll_one(
                source,
                states.get(source.name, PollState()),
                poller,
                order,
                large_slots if source.kind == "sitemap" else slots,
            )
            for source in sources
        )
        async with run_beside(*polls):
            pass

    try:
        await poller.stop.until_set(poll_all())
        await poller.book.finish([])
    except StoreFault as fault:
        poller.stop.break_off(fault)
    await poller.queues.end_announcing()


async def _poll_one(
    source: Source, last: PollState, poller: Poller, order: SiteOrder, slots: asyncio.Semaphore
) -> None:
    try:
        await _poll_while_more(source, last, poller, order, slots)
    except StoreFault as fault:
        poller.stop.break_off(fault)  # not raised: that would cancel the batches in flight
    finally:
        order.pass_on(source)


async def _poll_while_more(
    source: Source, last: PollState, poller: Poller, order: SiteOrder, slots: asyncio.Semaphore
) -> None:
    """Poll a source; where that shows a part of it, poll again once the part is stored, as far as the run takes."""
    remaining = poller.max_articles
    while remaining > 0:
        async with AsyncExitStack() as slot:
            await slot.enter_async_context(slots)
            polled = await _poll_once(source, last, poller)
            if not order.has_turn(source):
                await slot.aclose()  # others may poll meanwhile
                await order.wait(source)
            fresh = await _announce(polled, last, poller, limit=remaining)
        order.pass_on(source)
        remaining -= len(fresh)
        if not polled.has_more:
            break
        if not fresh:
            await poller.book.finish([])
        await poller.book.until_finished(polled.poll_id)
        release(poller.store, fresh)
        last = (await in_store_thread(poll_states, poller.store, [source.name]))[source.name]
        if last.validators != polled.validators:
            break  # something of it was left undone
    poller.progress.finish_source(source.name)


async def _poll_once(source: Source, last: PollState, poller: Poller) -> PollResult:
    return await poll_source(
        source,
        client=poller.client,
        run_id=poller.run_id,
        validators=last.validators,
        now=datetime.now(UTC),
        executor=poller.executor,
        find_known=lambda urls: in_store_thread(known_urls, poller.store, urls),
    )


def without_texts(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries without the full texts of the feed, but for those that have no page to be fetched."""
    return tuple(replace(entry, content_html=None) if entry.content_html and entry.url else entry for entry in entries)


async def _announce(polled: PollResult, last: PollState, poller: Poller, *, limit: int) -> Sequence[Entry]:
    """Announce what a poll shows. Returns the entries that the run takes of it."""
    ledger = poller.ledger
    limit = ledger.limit(limit)
    reserved_count = min(limit, len(polled.entries))
    ledger.reserve(reserved_count)  # before the store is asked, while others poll
    entries = _NOTHING
    if polled.entries:
        entries = await in_store_thread(unseen, poller.store, polled.entries, limit=limit, now=datetime.now(UTC))
    tally = Tally(
        source=polled.source,
        poll=polled.outcome,
        entries=len(polled.entries),
        known=entries.known_count,
        deferred=entries.deferred_count,
        reasons={} if polled.reason is None else {polled.reason: 1},
    )
    if polled.reason is not None:
        _logger.debug("%s: failed: %s: %s", polled.source, polled.reason, polled.detail)
    fresh = entries.fresh if ledger.has_room_for_texts() else without_texts(entries.fresh)
    ledger.open(
        replace(polled, entries=without_texts(polled.entries)),
        fresh_count=len(fresh),
        reserved_count=reserved_count,
        last=last,
        tally=tally,
        limit=limit,
    )
    poller.progress.expect_articles(len(fresh))
    await poller.queues.announce(fresh)
    if not entries.fresh:
        await poller.book.finish_soon(polled.poll_id)
    return entries.fresh
