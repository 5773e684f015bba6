"""Ingest: what the due sources announce becomes articles in DuckDB, each stage a task over a batch.

due → poll → fetch → archive → clean → deduplicate → load → publish
"""

import logging
from datetime import UTC, datetime

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.runtime import flow_run

from flows.tasks import batch_task, begin_flow, flow_run_id
from pipelines.model import OperatorFault
from pipelines.run import ingestion, polling, stages
from pipelines.run.ingestion import Stages
from pipelines.run.summary import Summary, most_telling, summary_markdown, tally_row, total_row
from pipelines.settings import load_settings

# Prefect takes 20 s for a table of 10,000 sources, and the end of a run waits for it.
SHOWN_SOURCES = 1000

TASKS = Stages(
    poll=batch_task(polling.poll, name="poll sources"),
    fetch=batch_task(stages.fetch, name="fetch batch {queues.next_number}"),
    archive=batch_task(stages.archive, name="archive batch {batch.number}"),
    clean=batch_task(stages.clean, name="clean batch {batch.number}"),
    deduplicate=batch_task(stages.deduplicate, name="deduplicate batch {batch.number}"),
    load=batch_task(stages.load, name="load batch {batch.number}"),
    publish=batch_task(stages.publish, name="publish"),
)

_logger = logging.getLogger("pipelines.run")


class RunFailed(OperatorFault):
    """A run that Prefect has to show as failed, though it wrote down all that it did."""

    def __init__(self, summary: Summary) -> None:
        super().__init__(summary.failure)
        self.summary = summary


def name_run() -> str:
    """What the run is about, for Prefect's list of runs."""
    only: list[str] = flow_run.parameters.get("only") or []
    what = ", ".join(only[:3]) + (f" and {len(only) - 3} more" if len(only) > 3 else "") if only else "due sources"
    return f"{what} {datetime.now(UTC):%Y-%m-%d %H:%M:%S}"


@flow(name="ingest", flow_run_name=name_run, persist_result=False)
async def ingest(only: list[str] | None = None) -> Summary:
    """Poll, fetch, archive, clean, deduplicate and load what the due sources announce, and publish it.

    `only` names sources to ingest whether due or not. Returns what became of each source.
    """
    begin_flow()
    summary = await ingestion.ingest(load_settings(), only, stages=TASKS, prefect_run_id=flow_run_id())
    await leave_artifacts(summary)
    if summary.failure:
        raise RunFailed(summary)
    return summary


async def leave_artifacts(summary: Summary) -> None:
    """Show in Prefect what the run did: a table of its sources, and a sentence."""
    tallies = most_telling(summary.polled, at_most=SHOWN_SOURCES)
    if not tallies:
        return
    rows = [*(tally_row(tally) for tally in tallies), total_row(summary.polled)]
    await acreate_table_artifact(table=rows, key="ingest-tally", description="What became of each source.")
    await acreate_markdown_artifact(markdown=summary_markdown(summary), key="ingest-summary")
