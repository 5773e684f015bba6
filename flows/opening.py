"""Opening: what a run needs is opened, and closed again however it ends."""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import Any
from uuid import UUID, uuid4

from flows.progress import current_progress
from flows.run import Run
from flows.stops import stops
from pipelines import __version__
from pipelines.archive import open_archive
from pipelines.catalog import load_catalog
from pipelines.fetch import FetchLimits, open_client
from pipelines.model import StoreFault
from pipelines.settings import Settings
from pipelines.store import begin_run, drain, open_store, sync_sources
from pipelines.workers import WorkerPool


@asynccontextmanager
async def open_run(settings: Settings, *, prefect_run_id: UUID | None) -> AsyncIterator[Run]:
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
        keeper = (
            stack.enter_context(open_archive(settings.data, run_id=run_id, software=software))
            if settings.archive
            else None
        )
        run = Run(
            run_id=run_id,
            settings=settings,
            sources={source.name: source for source in catalog.sources},
            store=store,
            client=client,
            executor=executor,
            progress=current_progress(),
            keeper=keeper,
        )
        try:
            begin_run(
                store,
                run_id=run.run_id,
                flow="ingest",
                prefect_run_id=prefect_run_id,
                version=__version__,
                started_at=run.started_at,
                is_archiving=keeper is not None,
            )
            drain(store)
            sync_sources(store, catalog.sources, run.started_at)
            with _stopped_by_signals(run), _stopped_by_time(run):
                yield run
        except BaseException:
            # The fault that ended the run is the one to be told, not that this could not be noted either.
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
    signals = stops()
    previous: dict[signal.Signals, Any] = {number: signal.getsignal(number) for number in signals}
    for number in signals:
        loop.add_signal_handler(number, run.stop, f"asked to by {number.name}")
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
            signal.signal(number, previous[number] or signal.SIG_DFL)
