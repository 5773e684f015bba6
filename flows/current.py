"""Current: the run of Prefect that this code works in, if any."""

from uuid import UUID

from prefect.context import FlowRunContext


def prefect_run_id() -> UUID | None:
    """Identifier of the flow run; None outside of one."""
    context = FlowRunContext.get()
    return context.flow_run.id if context and context.flow_run else None
