"""Deploy: the schedule. One deployment picks the sources which are due; two runs never overlap.

Deployments a source cost 307 s to register for 200 sources, and a server that validates in vain; one flow
which asks the table of sources did the same round in 8.6 CPU s.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron, Interval, Schedule
from prefect.server.schemas.schedules import CronSchedule, IntervalSchedule
from prefect.types.entrypoint import EntrypointType

from flows.ingest import ingest
from pipelines.model import ConfigFault, OperatorFault
from pipelines.run.stops import stops

DEPLOYMENT = "scheduled"

# Without an anchor each new deployment would move the beat.
ANCHOR = datetime(2024, 1, 1, tzinfo=UTC)


def schedule_of(*, every: timedelta | None, cron: str | None) -> Schedule:
    """The schedule by cron expression (UTC), else by anchored interval. Raises ConfigFault."""
    if cron is None:
        return Interval(timedelta(minutes=5) if every is None else every, anchor_date=ANCHOR)
    try:
        return Cron(cron, timezone="UTC")
    except ValueError as error:
        raise ConfigFault(f"--cron {cron!r}: not a cron expression such as '*/10 * * * *'") from error


async def next_look(schedule: Schedule, *, now: datetime) -> datetime:
    """The first instant of the schedule after `now`, in UTC."""
    dates: CronSchedule | IntervalSchedule
    if schedule.cron is not None:
        dates = CronSchedule(cron=schedule.cron, timezone="UTC")
    else:
        assert schedule.interval is not None
        dates = IntervalSchedule.model_validate({"interval": schedule.interval, "anchor_date": ANCHOR})
    (first,) = await dates.get_dates(n=1, start=now + timedelta(seconds=1))
    return first.astimezone(UTC)


async def deployment_of(schedule: Schedule) -> RunnerDeployment:
    """The one deployment of the ingest flow: a run that is late while another works is cancelled."""
    return await ingest.ato_deployment(
        name=DEPLOYMENT,
        schedule=schedule,
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
        entrypoint_type=EntrypointType.MODULE_PATH,
        description="Fetch, clean, deduplicate and load what the due sources announce.",
    )


async def serve_schedule(schedule: Schedule, *, tell: Callable[[str], None]) -> None:
    """Look at once, then by the schedule, until asked to stop (`stops`); the run in hand stores what it has and ends.

    `tell` is called with a line as soon as the first run is ordered.
    """
    # Prefect would pause every schedule at shutdown, and run all at once without a limit.
    runner = Runner(name="presswatch", pause_on_shutdown=False, limit=1)
    deployment_id = await runner.aadd_deployment(await deployment_of(schedule))
    # By the schedule alone nothing would be seen to work for a whole beat.
    async with get_client() as client:
        await client.create_flow_run_from_deployment(deployment_id)
    following = await next_look(schedule, now=datetime.now(UTC))
    tell(f"First look at the sources which are due: now. The next: {following:%Y-%m-%d %H:%M:%S} UTC.")
    stopping = asyncio.Event()
    serving = asyncio.create_task(runner.start())
    await _until_started(runner, serving)
    loop = asyncio.get_running_loop()
    # Prefect's handler exits from inside a signal handler and leaves runs "Running" for ever.
    for number in stops():
        loop.add_signal_handler(number, stopping.set)
    waiting = asyncio.create_task(stopping.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not serving.done():
        await runner.astop()
    await serving
    if not stopping.is_set():
        raise OperatorFault("Prefect's runner has ended by itself: see the log above, and start again")


async def _until_started(runner: Runner, serving: asyncio.Task[None]) -> None:
    while not runner.started and not serving.done():  # noqa: ASYNC110 - Prefect tells nobody
        await asyncio.sleep(0.05)
