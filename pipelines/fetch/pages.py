"""Pages: entries become pages, or rejects that say why. Many hosts at once, each at its own pace."""

import asyncio
import hashlib
import logging
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from pipelines.fetch.bodies import Accept
from pipelines.fetch.client import Client, Response
from pipelines.fetch.failures import FetchError, FetchFailure, first_line
from pipelines.fetch.hosts import Slot, Slots
from pipelines.fetch.local import content_type_of, read_file, read_record_page
from pipelines.fetch.redirects import is_redirected_home
from pipelines.fetch.target import parse_target
from pipelines.model import Entry, Fetch, Page, Reason, Reject, Source
from pipelines.text import printable

log = logging.getLogger(__name__)


async def fetch_page(entry: Entry, *, source: Source, client: Client, slot: Slot | None = None) -> Page | Reject:
    """Fetches the page of one entry. Every way it can end is a Page or a Reject with a Fetch."""
    slot = slot or Slot()
    try:
        match source.kind:
            case "files":
                return await _read_local(entry, source=source, client=client, slot=slot)
            case "warc":
                await slot.acquire_body()
                max_bytes = client.limits.body_bytes
                return await asyncio.to_thread(read_record_page, entry, source=source, max_bytes=max_bytes)
            case _ if not entry.url and entry.content_html:
                return _page_in_feed(entry, entry.content_html, source=source, client=client)
            case _:
                got = await client.get(entry.url, accept=Accept.PAGE, source=source, slot=slot)
                return _page_of(entry, got, source=source, client=client)
    except FetchError as error:
        failure = FetchFailure(reason=error.reason, detail=error.detail, final_url=entry.url, evidence=error.evidence)
    except Exception as error:  # the guard: a bug on one page must not end the run
        log.exception("fetching %s crashed", printable(entry.url))
        detail = printable(f"{type(error).__name__}: {error}")
        failure = FetchFailure(reason="fetch-crash", detail=detail, final_url=entry.url)
    return _reject(entry, failure, client)


def _page_of(entry: Entry, got: Response | FetchFailure, *, source: Source, client: Client) -> Page | Reject:
    if isinstance(got, FetchFailure):
        return _reject(entry, got, client)
    if is_redirected_home(entry.url, got.final_url):
        detail = f"redirected to {got.final_url}, a front page or section"
        fetch = _fetch_of(got, client)  # without a digest: what is rejected here is not archived
        return _reject_with(entry, fetch, reason="redirected-home", detail=detail, evidence=first_line(got.content))
    return Page(
        entry=entry,
        fetch=_fetch_of(got, client, digest=hashlib.sha256(got.content).hexdigest()),
        content=got.content,
        headers=got.headers,
        status_line=got.status_line,
        cleaning=source.cleaning,
    )


def _page_in_feed(entry: Entry, content_html: str, *, source: Source, client: Client) -> Page:
    """The page of an entry without a link, of which the feed carries the full text. Nothing is asked of anybody."""
    head = '<!DOCTYPE html><html><head><meta charset="utf-8"></head>'
    content = f"{head}<body><article>{content_html}</article></body></html>".encode("utf-8", "replace")
    fetch = Fetch(
        fetch_id=uuid4(),
        fetched_at=_now(client),
        final_url=entry.canonical_url,
        content_type="text/html; charset=utf-8",
        byte_count=len(content),
        attempt_count=0,
        digest=hashlib.sha256(content).hexdigest(),
    )
    return Page(entry=entry, fetch=fetch, content=content, cleaning=source.cleaning)


async def _read_local(entry: Entry, *, source: Source, client: Client, slot: Slot) -> Page:
    await slot.acquire_body()
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


def _reject(entry: Entry, failure: FetchFailure, client: Client) -> Reject:
    fetch = _fetch_of(failure, client)
    return _reject_with(entry, fetch, reason=failure.reason, detail=failure.detail, evidence=failure.evidence)


def _reject_with(entry: Entry, fetch: Fetch, *, reason: Reason, detail: str, evidence: str | None) -> Reject:
    return Reject(
        stage="fetch",
        reason=reason,
        detail=printable(detail),
        source=entry.source,
        url=entry.url,
        evidence=printable(evidence, most=200) if evidence else None,
        entry=entry,
        fetch=fetch,
    )


def _fetch_of(got: Response | FetchFailure, client: Client, *, digest: str | None = None) -> Fetch:
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
class _HostQueue:
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
    most_waiting: int = 50_000,
) -> AsyncGenerator[Page | Reject, None]:
    """Fetches the pages of entries, in the order in which they get ready.

    Hosts go on side by side, each in the order of its entries, and none waits for another. No more than
    `concurrency` bodies are in memory, those that wait here to be taken included; eight times as many exchanges
    may be under way. A host that makes us wait for its pause takes no slot. No more than `most_waiting` entries wait
    for their hosts; they are small, their pages are not.
    What `entries` raises is raised here. Close the iterator (`contextlib.aclosing`) to stop early.
    """
    scheduler = _Scheduler(sources=sources, client=client, concurrency=concurrency, most_waiting=most_waiting)
    work = asyncio.create_task(scheduler.work(entries), name="fetch_pages")
    work.add_done_callback(lambda _work: scheduler.results.put_nowait(None))
    try:
        while (done := await scheduler.results.get()) is not None:
            result, slot = done
            slot.release_body()
            scheduler.waiting.release()
            yield result
        await work
    finally:
        work.cancel()
        await asyncio.wait({work})


class _Scheduler:
    """Who fetches what: a queue for each host, and as many workers in it as the host has connections."""

    def __init__(self, *, sources: Mapping[str, Source], client: Client, concurrency: int, most_waiting: int) -> None:
        self._sources = sources
        self._client = client
        self._slots = Slots(concurrency)
        self._queues: dict[str, _HostQueue] = {}
        self.waiting = asyncio.Semaphore(most_waiting)
        self.results: asyncio.Queue[tuple[Page | Reject, Slot] | None] = asyncio.Queue()

    async def work(self, entries: AsyncIterable[Entry] | Iterable[Entry]) -> None:
        """Puts the entries into the queues of their hosts; ends when the last is empty."""
        try:
            async with asyncio.TaskGroup() as workers:
                if isinstance(entries, AsyncIterable):
                    async for entry in entries:
                        await self._enqueue(entry, workers)
                else:
                    for entry in entries:
                        await self._enqueue(entry, workers)
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None  # the one of the entries, or a bug in a worker

    async def _enqueue(self, entry: Entry, workers: asyncio.TaskGroup) -> None:
        source = self._sources[entry.source]
        await self.waiting.acquire()
        key = _queue_key(entry)
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = _HostQueue(key, self._client.connections(entry.url))
        queue.waiting.append((entry, source))
        if queue.worker_count < queue.connections:
            queue.worker_count += 1
            workers.create_task(self._drain(queue))

    async def _drain(self, queue: _HostQueue) -> None:
        while queue.waiting:
            entry, source = queue.waiting.popleft()
            slot = Slot(self._slots)
            result = await fetch_page(entry, source=source, client=self._client, slot=slot)
            if isinstance(result, Reject):
                slot.release_body()
            self.results.put_nowait((result, slot))
        queue.worker_count -= 1
        if not queue.worker_count:
            self._queues.pop(queue.key, None)


def _queue_key(entry: Entry) -> str:
    target = parse_target(entry.url)
    return target if isinstance(target, str) else target.key
