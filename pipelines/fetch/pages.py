"""Pages: entries become pages, or rejects that say why. Many hosts at once, each at its own pace."""

import asyncio
import hashlib
import logging
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from pipelines.fetch.accept import Accept
from pipelines.fetch.client import Client, Response
from pipelines.fetch.faults import Fault, RefusedError, printable
from pipelines.fetch.files import content_type_of, read_file
from pipelines.fetch.slots import Places, Slot
from pipelines.fetch.target import parse_target
from pipelines.model import Entry, Fetch, Page, Reject, Source

log = logging.getLogger(__name__)

# Entries that may wait for their hosts; they are small, their pages are not.
BACKLOG = 50_000


async def fetch_page(entry: Entry, *, source: Source, client: Client, slot: Slot | None = None) -> Page | Reject:
    """Fetches the page of one entry. Every way it can end is a Page or a Reject with a Fetch."""
    slot = slot or Slot()
    try:
        match source.kind:
            case "files":
                return await _read_local(entry, source=source, client=client, slot=slot)
            case "warc":
                return await _read_recorded(entry, source=source, client=client, slot=slot)
            case _:
                return await _get_page(entry, source=source, client=client, slot=slot)
    except RefusedError as refused:
        fault = Fault(reason=refused.reason, detail=refused.detail, final_url=entry.url, evidence=refused.evidence)
    except Exception as error:  # the guard: a bug on one page must not end the run
        log.exception("fetching %s crashed", printable(entry.url))
        fault = Fault(reason="fetch-crash", detail=printable(f"{type(error).__name__}: {error}"), final_url=entry.url)
    return _reject(entry, fault, client)


async def _get_page(entry: Entry, *, source: Source, client: Client, slot: Slot) -> Page | Reject:
    # A feed must not be able to send its readers' credentials elsewhere, so they hold for the source's own host.
    got = await client.get(
        entry.url, accept=Accept.PAGE, headers=source.headers, headers_for=source.location, slot=slot
    )
    if isinstance(got, Fault):
        return _reject(entry, got, client)
    return Page(
        entry=entry,
        fetch=_fetch_of(got, client, digest=hashlib.sha256(got.content).hexdigest()),
        content=got.content,
        headers=got.headers,
        status_line=got.status_line,
        cleaning=source.cleaning,
    )


async def _read_local(entry: Entry, *, source: Source, client: Client, slot: Slot) -> Page:
    await slot.take_body()
    started = client.clock.monotonic()
    content = await asyncio.to_thread(read_file, entry.url, root=source.location, max_bytes=client.limits.body_bytes)
    fetch = Fetch(
        fetch_id=uuid4(),
        fetched_at=_now(client),
        final_url=entry.url,
        content_type=content_type_of(entry.url),
        byte_count=len(content),
        duration_ms=round((client.clock.monotonic() - started) * 1_000),
        digest=hashlib.sha256(content).hexdigest(),
    )
    return Page(entry=entry, fetch=fetch, content=content, cleaning=source.cleaning)


async def _read_recorded(entry: Entry, *, source: Source, client: Client, slot: Slot) -> Page:
    await slot.take_body()
    # warcio takes 60 ms to import, and most sources need none of it.
    from pipelines.fetch.recorded import read_page

    return await asyncio.to_thread(read_page, entry, source=source, max_bytes=client.limits.body_bytes)


def _reject(entry: Entry, fault: Fault, client: Client) -> Reject:
    return Reject(
        stage="fetch",
        reason=fault.reason,
        detail=printable(fault.detail, length=300),
        source=entry.source,
        url=entry.url,
        evidence=printable(fault.evidence) if fault.evidence else None,
        entry=entry,
        fetch=_fetch_of(fault, client),
    )


def _fetch_of(got: Response | Fault, client: Client, *, digest: str | None = None) -> Fetch:
    """The exchange, however it ended."""
    return Fetch(
        fetch_id=uuid4(),
        fetched_at=_now(client),
        final_url=got.final_url,
        status=got.status,
        content_type=got.content_type,
        byte_count=got.byte_count,
        duration_ms=got.duration_ms,
        attempt_count=got.attempt_count,
        digest=digest,
    )


def _now(client: Client) -> datetime:
    return datetime.fromtimestamp(client.clock.now(), UTC)


@dataclass(slots=True)
class _Lane:
    """The entries that wait for one host, in order."""

    key: str
    connections: int
    waiting: deque[tuple[Entry, Source]] = field(default_factory=deque)
    worker_count: int = 0


async def fetch_pages(
    entries: AsyncIterable[Entry] | Iterable[Entry],
    *,
    sources: Mapping[str, Source],
    client: Client,
    concurrency: int = 32,
) -> AsyncGenerator[Page | Reject, None]:
    """Fetches the pages of entries, in the order in which they get ready.

    Hosts go on side by side, each in the order of its entries, and none waits for another. No more than
    `concurrency` bodies are in memory, those that wait here to be taken included; eight times as many exchanges
    may be under way. A host that makes us wait for its pause takes no place.
    What `entries` raises is raised here. Close the iterator (`contextlib.aclosing`) to stop early.
    """
    board = _Board(sources=sources, client=client, concurrency=concurrency)
    work = asyncio.create_task(board.work(entries), name="fetch_pages")
    work.add_done_callback(lambda _work: board.results.put_nowait(None))
    try:
        while (done := await board.results.get()) is not None:
            result, slot = done
            slot.give_body()
            board.waiting.release()
            yield result
        await work
    finally:
        work.cancel()
        await asyncio.wait({work})


class _Board:
    """Who fetches what: a lane for each host, and as many workers in it as the host has connections."""

    def __init__(self, *, sources: Mapping[str, Source], client: Client, concurrency: int) -> None:
        self._sources = sources
        self._client = client
        self._places = Places(concurrency)
        self._lanes: dict[str, _Lane] = {}
        self.waiting = asyncio.Semaphore(BACKLOG)
        self.results: asyncio.Queue[tuple[Page | Reject, Slot] | None] = asyncio.Queue()

    async def work(self, entries: AsyncIterable[Entry] | Iterable[Entry]) -> None:
        """Deals the entries out to the lanes; ends when the last lane is empty."""
        try:
            async with asyncio.TaskGroup() as workers:
                if isinstance(entries, AsyncIterable):
                    async for entry in entries:
                        await self._deal(entry, workers)
                else:
                    for entry in entries:
                        await self._deal(entry, workers)
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None  # the one of the entries, or a bug in a lane

    async def _deal(self, entry: Entry, workers: asyncio.TaskGroup) -> None:
        source = self._sources[entry.source]
        await self.waiting.acquire()
        key = _lane_key(entry)
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = _Lane(key, self._client.connections(entry.url))
        lane.waiting.append((entry, source))
        if lane.worker_count < lane.connections:
            lane.worker_count += 1
            workers.create_task(self._drain(lane))

    async def _drain(self, lane: _Lane) -> None:
        while lane.waiting:
            entry, source = lane.waiting.popleft()
            slot = Slot(self._places)
            result = await fetch_page(entry, source=source, client=self._client, slot=slot)
            if isinstance(result, Reject):
                slot.give_body()
            self.results.put_nowait((result, slot))
        lane.worker_count -= 1
        if not lane.worker_count:
            self._lanes.pop(lane.key, None)


def _lane_key(entry: Entry) -> str:
    target = parse_target(entry.url)
    return target if isinstance(target, str) else target.key
