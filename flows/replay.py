"""Replay: the archive is cleaned again and compared; then it may become what is stored. Tasks span batches."""

from datetime import datetime

from prefect import flow

from flows.tasks import batch_task, begin_flow, flow_run_id
from pipelines.run import recleaning
from pipelines.run.recleaning import Action, Replayed, Stages
from pipelines.settings import load_settings

TASKS = Stages(
    read=batch_task(recleaning.read, name="read batch {batch.number}"),
    clean=batch_task(recleaning.clean, name="clean batch {batch.number}"),
    keep=batch_task(recleaning.keep, name="keep batch {batch.number}"),
)


@flow(name="replay", persist_result=False)
async def replay(
    action: Action = "candidate", sources: list[str] | None = None, since: datetime | None = None
) -> Replayed:
    """Clean the archive again beside what is stored, show what would change and, to promote, make it current.

    `sources` names those whose pages to take, `since` bounds when they were fetched.
    """
    begin_flow()
    return await recleaning.replay(
        load_settings(), action, sources=sources, since=since, stages=TASKS, prefect_run_id=flow_run_id()
    )
