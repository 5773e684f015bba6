"""By hand: what a command runs goes through Prefect where a server is named or served, else bare in this process.

Prefect is imported on the first way only: it takes 0.85 s.
"""

import asyncio
import logging
import resource
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from flows.cli.terminal import only_printable
from flows.server import find_api, prepare_prefect
from pipelines.model import OperatorFault, StoreHeld
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.run.recleaning import Action, Replayed
    from pipelines.run.retention import Upkept
    from pipelines.run.summary import Summary

Result = TypeVar("Result")

# Until a run whose `presswatch serve` was killed has stored what it has.
OUTLIVED_S = 30

# Address space: 1.0 GB ended in an abort of the C library, 1.5 GB sufficed.
LEAST_MEMORY_BYTES = 1_500_000_000


class MachineFault(OperatorFault):
    """A machine, or a limit set on it, with too little for a run."""

    exit_code = 7


class PrefectFault(OperatorFault):
    """A Prefect API that fails. What was stored by then stays."""

    exit_code = 6


def ingest(settings: Settings, only: Sequence[str] | None) -> "Summary":
    """Ingest once, now: the due sources, or those of `only`."""
    if not prepare(settings):
        from pipelines.run.ingestion import ingest

        return asyncio.run(ingest(settings, only))
    from flows.ingest import RunFailed
    from flows.ingest import ingest as flow

    try:
        return _through_prefect(lambda: asyncio.run(flow(None if only is None else list(only))))
    except RunFailed as failed:
        return failed.summary


def replay(
    settings: Settings, action: "Action", *, sources: Sequence[str] | None, since: datetime | None
) -> "Replayed":
    """Clean the archive again, once, now."""
    if not prepare(settings):
        from pipelines.run.recleaning import replay

        return asyncio.run(replay(settings, action, sources=sources, since=since))
    from flows.replay import replay as flow

    return _through_prefect(lambda: asyncio.run(flow(action, None if sources is None else list(sources), since)))


def upkeep(settings: Settings, *, days: int | None, gb: float | None) -> "Upkept":
    """Remove from the archive what is too old or too much, once, now."""
    if not prepare(settings):
        from pipelines.run.retention import upkeep

        return upkeep(settings, days=days, gb=gb)
    from flows.upkeep import upkeep as flow

    return _through_prefect(lambda: flow(days, gb))


def prepare(settings: Settings) -> bool:
    """Get ready to run, and say whether through Prefect. Raises OperatorFault where a named API does not answer."""
    require_memory()
    if find_api(settings) is not None:
        prepare_prefect(settings, log_level=settings.log_level)
        return True
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s | %(levelname)-7s | %(message)s"))
    handler.addFilter(only_printable)
    ours = logging.getLogger("pipelines")
    ours.addHandler(handler)
    ours.setLevel(settings.log_level)
    ours.propagate = False
    return False


def _through_prefect(run: Callable[[], Result]) -> Result:
    from prefect.events.clients import PrefectEventsClient
    from prefect.events.worker import EventsWorker
    from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    # By default each event waits 8 s for a server that has gone, and a run leaves hundreds of them.
    EventsWorker.set_client_override(PrefectEventsClient, reconnection_attempts=0)
    # The heartbeat's thread is joined at the end and costs a second; somebody watches a run in the foreground, who
    # would also wait for five retries of a call, which take a minute, and for several calls.
    options = {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None, PREFECT_CLIENT_MAX_RETRIES: 2}
    with temporary_settings(options), blame_prefect():
        return run()


@contextmanager
def blame_prefect() -> Iterator[None]:
    """Turn what Prefect's client raises inside the block into one line. Raises PrefectFault."""
    try:
        yield
    except Exception as error:
        if not _is_of_prefect(error):
            raise
        said = " ".join(str(error).split()) or type(error).__name__
        raise PrefectFault(f"Prefect's API failed; what was stored by then stays: {said[:300]}") from error


def require_memory() -> None:
    """Raises MachineFault under a limit of memory (`ulimit -v`) under which native libraries would end the process."""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < LEAST_MEMORY_BYTES:
        asked = f"{LEAST_MEMORY_BYTES / 1e9:g} GB"
        raise MachineFault(
            f"this process may take {limit / 1e9:.1f} GB of memory; a run needs {asked}: raise `ulimit -v`"
        )


def wait_for_store(settings: Settings) -> None:
    """Open the store and close it, so that a broken one is known before Prefect takes its seconds to start.

    A run that outlived its `presswatch serve` has a while to store what it has. Raises StoreFault.
    """
    require_memory()
    from pipelines.store import open_store

    deadline = time.monotonic() + OUTLIVED_S
    while True:
        try:
            with open_store(settings.data, memory_limit=settings.memory_limit, threads=settings.threads):
                return
        except StoreHeld:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def _is_of_prefect(error: Exception) -> bool:
    """Did Prefect's client raise it, or httpx below it, which only fetching may import?"""
    packages = {kind.__module__.partition(".")[0] for kind in type(error).__mro__}
    frame = list(traceback.walk_tb(error.__traceback__))[-1][0]
    packages.add(str(frame.f_globals.get("__name__", "")).partition(".")[0])
    return bool(packages & {"prefect", "httpx", "httpcore"})
