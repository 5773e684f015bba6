"""Deploy: one definition of all deployments, for `presswatch serve` and, as prefect.yaml, for Prefect's workers.

One deployment picks the sources which are due. Deployments a source cost 307 s to register for 200 sources, and a
server that validates in vain; one flow which asks the table of sources did the same round in 8.6 CPU s.
`python -m flows.deploy > prefect.yaml` writes the same set for workers.
"""

import asyncio
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import yaml
from prefect import Flow
from prefect import __version__ as prefect_version
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron, Interval, Schedule
from prefect.server.schemas.schedules import CronSchedule, IntervalSchedule
from prefect.states import Crashed
from prefect.types.entrypoint import EntrypointType

from flows.ingest import ingest
from flows.replay import replay
from flows.upkeep import upkeep
from pipelines.model import ConfigFault, OperatorFault
from pipelines.run.stops import stops

# Without an anchor each new deployment would move the beat.
ANCHOR = datetime(2024, 1, 1, tzinfo=UTC)
BEAT = timedelta(minutes=5)
NIGHTLY = "30 3 * * *"
WORK_POOL = "presswatch"

# A run that was cancelled since another was at work has not run.
_ENDED = {StateType.COMPLETED, StateType.FAILED, StateType.CRASHED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A flow that the server runs. A run that would overlap with another of its deployment is cancelled."""

    name: str
    flow: Flow[..., Any]
    entrypoint: str
    description: str
    schedule: Schedule | None = None  # None: by hand only


def deployments(schedule: Schedule | None = None) -> tuple[Deployment, ...]:
    """What is deployed; `schedule` says how often due sources are ingested, every five minutes by default."""
    return (
        Deployment(
            name="scheduled",
            flow=ingest,
            entrypoint="flows/ingest.py:ingest",
            description="Fetch, clean, deduplicate and load what the due sources announce.",
            schedule=schedule or schedule_of(every=None, cron=None),
        ),
        Deployment(
            name="nightly",
            flow=upkeep,
            entrypoint="flows/upkeep.py:upkeep",
            description="Remove raw pages that are too old, or too many, as it is set; nothing where nothing is set.",
            schedule=Cron(NIGHTLY, timezone="UTC"),
        ),
        Deployment(
            name="by-hand",
            flow=replay,
            entrypoint="flows/replay.py:replay",
            description="Clean the archive again and show what would change; promote makes it current.",
        ),
    )


def prefect_yaml() -> str:
    """The deployments as prefect.yaml has them, for `prefect deploy --all`."""
    text: str = yaml.safe_dump(
        {
            "name": "presswatch",
            "prefect-version": prefect_version,
            "deployments": [_yaml_entry(each) for each in deployments()],
        },
        sort_keys=False,
        width=120,
    )
    return (
        "# Written by `python -m flows.deploy > prefect.yaml`; do not edit.\n"
        "# How to deploy to workers: docs/how-to/run-for-months.md\n" + text
    )


def schedule_of(*, every: timedelta | None, cron: str | None) -> Schedule:
    """The schedule by cron expression (UTC), else by anchored interval. Raises ConfigFault."""
    if cron is None:
        return Interval(every or BEAT, anchor_date=ANCHOR)
    try:
        return Cron(cron, timezone="UTC")
    except ValueError as error:
        raise ConfigFault(f"--cron {cron!r}: not a cron expression such as '*/10 * * * *'") from error


async def next_beat(schedule: Schedule, *, now: datetime) -> datetime:
    """The first instant of the schedule after `now`, in UTC."""
    dates: CronSchedule | IntervalSchedule
    if schedule.cron is not None:
        dates = CronSchedule(cron=schedule.cron, timezone="UTC")
    else:
        assert schedule.interval is not None
        dates = IntervalSchedule.model_validate({"interval": schedule.interval, "anchor_date": ANCHOR})
    (first,) = await dates.get_dates(n=1, start=now + timedelta(seconds=1))
    return first.astimezone(UTC)


async def serve_schedule(
    schedule: Schedule, *, is_own_server: bool, runs: int | None, show: Callable[[str], None]
) -> int:
    """Ingest at once, then by the schedule, until asked to stop (`stops`) or until `runs` runs have ended.

    A run that is at work stores what it has and ends. `show` is called with a line as soon as the first is ordered.
    On a server of our own, nothing else is at work as we start.
    Returns how many of the runs that ended failed, where `runs` is given.
    """
    # It has a line each time that it finds a run at work, and more for each that it starts; the runs log themselves.
    logging.getLogger("prefect.runner").setLevel(logging.WARNING)
    # Prefect would pause every schedule at shutdown, and run all at once without a limit.
    runner = Runner(name="presswatch", pause_on_shutdown=False, limit=1)
    ingest_id, *_ = [await runner.aadd_deployment(await _runner_deployment(each)) for each in deployments(schedule)]
    async with get_client() as client:
        if is_own_server:
            await _end_leftovers(client)
        # By the schedule alone nothing would be seen to work for a whole beat.
        await client.create_flow_run_from_deployment(ingest_id)
        following = await next_beat(schedule, now=datetime.now(UTC))
        show(f"First run over the sources which are due: now. The next: {following:%Y-%m-%d %H:%M:%S} UTC.")
        stopping = asyncio.Event()
        serving = asyncio.create_task(runner.start())
        await _until_started(runner, serving, stopping)
        waiting: list[asyncio.Task[Any]] = [serving, asyncio.create_task(stopping.wait())]
        if runs is not None:
            waiting.append(asyncio.create_task(_until_ended(client, ingest_id, runs)))
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        failed_count = waiting[2].result() if runs is not None and waiting[2].done() else 0
        is_by_itself = serving.done()
        for task in waiting[1:]:
            task.cancel()
        if not serving.done():
            await runner.astop()
        await serving
    if is_by_itself:
        raise OperatorFault("Prefect's runner has ended by itself: see the log above, and start again")
    return failed_count


async def _end_leftovers(client: PrefectClient) -> None:
    """Let runs end that a killed server left at work: for five minutes they would hold the one place of their kind."""
    at_work = FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING, StateType.CANCELLING])
    only = FlowRunFilter(state=FlowRunFilterState(type=at_work))
    for run in await client.read_flow_runs(flow_run_filter=only):
        await client.set_flow_run_state(run.id, Crashed(message="`presswatch serve` was killed while it was at work."))


async def _runner_deployment(deployment: Deployment) -> RunnerDeployment:
    return await deployment.flow.ato_deployment(
        name=deployment.name,
        schedule=deployment.schedule,
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
        entrypoint_type=EntrypointType.MODULE_PATH,
        description=deployment.description,
    )


async def _until_started(runner: Runner, serving: asyncio.Task[None], stopping: asyncio.Event) -> None:
    """Wait until the runner has started; from then on, and mostly before, signals set `stopping`."""
    loop = asyncio.get_running_loop()
    is_started = False
    while not is_started:
        is_started = runner.started or serving.done()
        # Prefect sets a handler as it starts, which exits from inside it and leaves runs "Running" for ever.
        for number in stops():
            loop.add_signal_handler(number, stopping.set)
        await asyncio.sleep(0.05)


async def _until_ended(client: PrefectClient, deployment_id: UUID, count: int) -> int:
    """Wait until so many runs of a deployment have ended since now; returns how many of them failed."""
    only = DeploymentFilter(id=DeploymentFilterId(any_=[deployment_id]))
    since = datetime.now(UTC)
    while True:
        runs = await client.read_flow_runs(deployment_filter=only, limit=200)
        ended = [run for run in runs if run.state_type in _ENDED and run.end_time and run.end_time > since]
        if len(ended) >= count:
            return sum(run.state_type != StateType.COMPLETED for run in ended)
        await asyncio.sleep(0.5)


def _yaml_entry(deployment: Deployment) -> dict[str, object]:
    return {
        "name": deployment.name,
        "entrypoint": deployment.entrypoint,
        "description": deployment.description,
        "schedules": [] if deployment.schedule is None else [_yaml_schedule(deployment.schedule)],
        "concurrency_limit": {"limit": 1, "collision_strategy": ConcurrencyLimitStrategy.CANCEL_NEW.value},
        "work_pool": {"name": WORK_POOL},
    }


def _yaml_schedule(schedule: Schedule) -> dict[str, object]:
    if schedule.cron is not None:
        return {"cron": schedule.cron, "timezone": "UTC"}
    assert schedule.interval is not None
    return {
        "interval": int(schedule.interval.total_seconds()),
        "anchor_date": ANCHOR.isoformat(),
        "timezone": "UTC",
    }


if __name__ == "__main__":
    sys.stdout.write(prefect_yaml())
