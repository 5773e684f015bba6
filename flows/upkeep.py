"""Upkeep: raw pages that are too old, or too many, go from the archive."""

from prefect import flow

from flows.tasks import begin_flow, flow_run_id
from pipelines.run import retention
from pipelines.run.retention import Upkept
from pipelines.settings import load_settings


@flow(name="upkeep", persist_result=False)
def upkeep(days: int | None = None, gb: float | None = None) -> Upkept:
    """Remove raw pages older than `days`, and the oldest while all take more than `gb`; by default as is set."""
    begin_flow()
    return retention.upkeep(load_settings(), days=days, gb=gb, prefect_run_id=flow_run_id())
