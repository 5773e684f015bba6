"""Publish: checks first, then the analysts' copy."""

from collections.abc import Sequence
from datetime import UTC, datetime

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows.run import Run
from pipelines.model import StoreFault
from pipelines.store import Store, Violation, check, is_publishing_due, publish_open, unchecked_since


@task(cache_policy=NO_CACHE, persist_result=False)
async def publish(run: Run) -> list[str]:
    """Check what is stored; publish it if every promise holds. Returns the broken promises, a line each.

    A broken promise keeps the analysts on their last good copy, and the data where it is: until it is mended, this
    and every later run says so.
    """
    since = await run.ask_store(unchecked_since)
    violations = await run.ask_store(check, since=min(since or run.started_at, run.started_at))
    if violations:
        await run.finish("failed")
        return told(violations)
    await run.finish("completed" if run.stop_reason is None else "stopped")
    if is_publishing_due(run.settings.data, has_news=bool(run.tallies), now=datetime.now(UTC)):
        try:
            await run.ask_store(publish_open)
        except StoreFault:
            await run.finish("failed")
            raise
    return []


def publish_checked(store: Store) -> list[str]:
    """The same outside of an ingest run, for all that is stored."""
    violations = check(store)
    if not violations:
        publish_open(store)
    return told(violations)


def told(violations: Sequence[Violation]) -> list[str]:
    """Broken promises, a line each."""
    return [f"{broken.check}: {broken.rows} rows, such as {broken.example}" for broken in violations]
