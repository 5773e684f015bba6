"""Opening: what a run needs is opened, and closed again however it ends."""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from pipelines import __version__
from pipelines.archive import Archive, open_archive
from pipelines.catalog import load_catalog
from pipelines.fetch import Client, FetchLimits, open_client
from pipelines.model import EndStatus, Source, StoreFault
from pipelines.run.ledger import Bounds, Ledger
from pipelines.run.polling import PollBook, Poller
from pipelines.run.progress import current_progress
from pipelines.run.road import Queues, Stop, in_store_thread
from pipelines.run.stops import stops
from pipelines.settings import Settings
from pipelines.store import Store, begin_run, drain, finish_run, open_store, sync_sources
from pipelines.workers import WorkerPool

# One is stored while the next is cleaned.
BATCHES_IN_FLIGHT = 2

BOUNDS = Bounds()


class Run:
    """What one run of ingestion holds; only one at a time works on a data folder.

    `archive` is None where raw pages are not kept.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        run_id: UUID,
        sources: Mapping[str, Source],
        store: Store,
        client: Client,
        executor: WorkerPool,
        archive: Archive | None,
        bounds: Bounds = BOUNDS,
    ) -> None:
        self.settings = settings
        self.run_id = run_id
        self.started_at = datetime.now(UTC)
        self.finished_at: datetime | None = None
        self.sources = sources
        self.store = store
        self.client = client
        self.executor = executor
        self.archive = archive
        self.archiving = asyncio.Lock()
        self.batch_slots = asyncio.Semaphore(BATCHES_IN_FLIGHT)
        self.progress = current_progress()
        self.bounds = bounds
        self.ledger = Ledger(bounds)
        self.stop = Stop()
        self.queues = Queues(
            self.stop,
            announced_at_most=bounds.announced,
            batch_size=settings.batch_size,
            batch_wait_s=settings.batch_wait_s,
        )
        self.book = PollBook(store, self.ledger, sources)
        self.poller = Poller(
            run_id=run_id,
            store=store,
            client=client,
            executor=executor,
            ledger=self.ledger,
            queues=self.queues,
            stop=self.stop,
            book=self.book,
            progress=self.progress,
            concurrency=settings.poll_concurrency,
            max_articles=settings.max_articles,
        )

    async def finish(self, status: EndStatus) -> None:
        """Write down how the run ended; a later word counts."""
        self.finished_at = max(datetime.now(UTC), self.started_at)  # the clock may have been set back
        await in_store_thread(finish_run, self.store, run_id=self.run_id, status=status, finished_at=self.finished_at)


@asynccontextmanager
async def open_run(
    settings: Settings, *, prefect_run_id: UUID | None = None, bounds: Bounds = BOUNDS
) -> AsyncIterator[Run]:
    """Open the store, the client and the workers for one run. Raises OperatorFault in one line."""
    catalog = load_catalog(settings.sources, environ=os.environ)
    async with AsyncExitStack() as stack:
        store = stack.enter_context(
            open_store(settings.data, memory_limit=settings.memory_limit, threads=settings.threads)
        )
        client = await stack.enter_async_context(
            open_client(rules=catalog.fetch, limits=limits_from(settings), state_path=settings.data / "hosts.json")
        )
        executor = await stack.enter_async_context(
            WorkerPool(workers=settings.workers, memory_mb=settings.worker_memory_mb)
        )
        run_id = uuid4()
        software = f"presswatch/{__version__}"
        archive = (
            stack.enter_context(open_archive(settings.data, run_id=run_id, software=software))
            if settings.archive
            else None
        )
        sources = {source.name: source for source in catalog.sources}
        run = Run(
            settings,
            run_id=run_id,
            sources=sources,
            store=store,
            client=client,
            executor=executor,
            archive=archive,
            bounds=bounds,
        )
        try:
            begin_run(
                store,
                run_id=run.run_id,
                flow="ingest",
                prefect_run_id=prefect_run_id,
                version=__version__,
                started_at=run.started_at,
                is_archiving=archive is not None,
            )
            drain(store)
            sync_sources(store, catalog.sources, run.started_at)
            with _stopped_by_signals(run.stop), _stopped_by_time(run.stop, settings.run_minutes):
                yield run
        except BaseException:
            # The fault that ended the run is raised, not a second one from writing its end down.
            with suppress(StoreFault):
                await run.finish("failed")
            raise


def limits_from(settings: Settings) -> FetchLimits:
    """The fetcher's bounds as the environment sets them."""
    return FetchLimits(
        connect_s=settings.connect_timeout_s,
        read_s=settings.read_timeout_s,
        total_s=settings.total_timeout_s,
        retries=settings.retries,
        backoff_s=settings.retry_wait_s,
    )


@contextmanager
def _stopped_by_time(stop: Stop, minutes: float) -> Iterator[None]:
    timer = asyncio.get_running_loop().call_later(
        minutes * 60, stop.request, f"the {minutes:g} minutes of a run were up"
    )
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def _stopped_by_signals(stop: Stop) -> Iterator[None]:
    # Prefect's own handler would tear the flow down in mid-batch.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    signals = stops()
    previous: dict[signal.Signals, Any] = {number: signal.getsignal(number) for number in signals}
    for number in signals:
        loop.add_signal_handler(number, stop.request, f"asked to by {number.name}")
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
            signal.signal(number, previous[number] or signal.SIG_DFL)
