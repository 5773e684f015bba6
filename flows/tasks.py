"""Tasks: how a stage becomes a task of Prefect, and how a flow reports to Prefect."""

import functools
import logging
import os
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.context import FlowRunContext
from prefect.logging.handlers import APILogHandler
from prefect.utilities.annotations import quote

from flows.cli.terminal import only_printable
from pipelines.model import OperatorFault
from pipelines.run.stops import end_with

P = ParamSpec("P")
R = TypeVar("R")

# Names the process of `presswatch serve` to the runs that it starts.
SERVED_BY = "PRESSWATCH_SERVED_BY"


def batch_task(stage: Callable[P, Awaitable[R]], *, name: str) -> Callable[P, Awaitable[R]]:
    """A stage as a task that spans a batch; `name` is that of its runs, a template over the stage's parameters.

    A task costs the server 20 ms and more, so that it never spans one article. Its inputs are neither hashed nor
    stored, and not searched for futures: that took 50 ms for a hundred pages.
    """
    as_task: Any = task(task_run_name=name, cache_policy=NO_CACHE, persist_result=False)(stage)

    @functools.wraps(stage)
    async def run(*arguments: P.args, **options: P.kwargs) -> R:
        quoted = {key: quote(value) for key, value in options.items()}
        result: R = await as_task(*map(quote, arguments), **quoted)
        return result

    return run


def flow_run_id() -> UUID | None:
    """Identifier of the flow run that this code works in; None outside of one."""
    context = FlowRunContext.get()
    return context.flow_run.id if context and context.flow_run else None


def begin_flow() -> None:
    """What every flow does first: it logs to Prefect, and ends with the `presswatch serve` that started it."""
    _log_to_prefect()
    if (server := os.environ.get(SERVED_BY)) and int(server) != os.getpid():
        end_with(int(server))


def _log_to_prefect() -> None:
    """Send what our stages log to Prefect, and an operator's fault without its traceback. May be called again."""
    # Prefect prints every log that its API did not take; a run that loses the API says so once, at the end.
    logging.raiseExceptions = False
    ours = logging.getLogger("pipelines")
    if not any(isinstance(handler, APILogHandler) for handler in ours.handlers):
        handler = APILogHandler()
        handler.addFilter(only_printable)  # it comes first, so that all handlers get the same
        ours.addHandler(handler)
        ours.setLevel(logging.INFO)
    for name in ("prefect.flow_runs", "prefect.task_runs", "prefect.engine"):
        logging.getLogger(name).addFilter(_without_traceback)


def _without_traceback(record: logging.LogRecord) -> bool:
    fault = record.exc_info[1] if record.exc_info else None
    if isinstance(fault, OperatorFault):
        record.msg, record.args, record.exc_info = str(fault), (), None
    return True
