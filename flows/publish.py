"""Publish: checks first, then the analysts' copy."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from flows.run import Run
from pipelines.store import check


@task(cache_policy=NO_CACHE, persist_result=False)
async def publish(run: Run) -> tuple[str, ...]:
    """Check what is stored; publish it if every promise holds. Returns the broken promises, a line each."""
    violations = await run.ask_store(check)
    await run.finish("failed" if violations else None)
    if violations:
        get_run_logger().error("%d checks failed: the analysts keep their last copy", len(violations))
        return tuple(str(violation) for violation in violations)
    await run.publish()
    return ()
