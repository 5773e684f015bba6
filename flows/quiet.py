"""Quiet: in Prefect's logs, too, an operator's fault is one line and no traceback."""

import logging

from pipelines.model import OperatorFault


class _WithoutTraceback(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        fault = record.exc_info[1] if record.exc_info else None
        if isinstance(fault, OperatorFault):
            record.msg, record.args, record.exc_info = str(fault), (), None
        return True


_FILTER = _WithoutTraceback()


def tell_faults_in_one_line() -> None:
    """Take the traceback off operator's faults in what flows and tasks log. May be called again."""
    # Prefect prints every log that its API did not take; who lost the API is told so once, at the end.
    logging.raiseExceptions = False
    for name in ("prefect.flow_runs", "prefect.task_runs"):
        logging.getLogger(name).addFilter(_FILTER)
