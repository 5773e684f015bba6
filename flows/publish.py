"""Publish: checks first, then the analysts' copy."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows.run import Run
from pipelines.store import check, publish_open


@task(cache_policy=NO_CACHE, persist_result=False)
async def publish(run: Run) -> list[str]:
    """Check what is stored; publish it if every promise holds. Returns the broken promises, a line each.

    A broken promise keeps the analysts on their last good copy, and the data where it is.
    """
    violations = await run.ask_store(check, since=run.started_at)
    if violations:
        await run.finish("failed")
        return [f"{broken.check}: {broken.rows} rows, such as {broken.example}" for broken in violations]
    await run.finish("completed" if run.stop_reason is None else "stopped")
    await run.ask_store(publish_open)
    return []
