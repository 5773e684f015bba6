"""The `presswatch` command: options become settings, answers go to stdout, faults are one line on stderr.

Prefect is imported only inside the commands which run flows: it takes 0.85 s.
"""

import os
import sys
from typing import NoReturn

# In this order they stand in --help.
from flows.cli import ingestion, questions, archive, sources  # isort: skip
from flows.cli.interruption import EXIT_CODE, is_leaving, leave_when_asked
from flows.cli.options import app
from flows.cli.terminal import say
from pipelines.model import OperatorFault

__all__ = ["app", "archive", "ingestion", "main", "questions", "sources"]


def main() -> None:
    """Run the command; an operator's fault is one line on stderr and its documented exit code."""
    leave_when_asked()
    # numpy, which pyarrow brings along, would take memory for a thread a core, and end the process where it gets none.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app()
    except Exception as error:
        if is_leaving():
            # What a signal's handler raises in the middle of Prefect's import comes back as a fault of pydantic's.
            sys.exit(EXIT_CODE)
        _end_by(error)


def _end_by(error: Exception) -> NoReturn:
    match error:
        case OperatorFault():
            say(f"presswatch: {error}", err=True)
            sys.exit(error.exit_code)
        case MemoryError() | RuntimeError(args=("can't start new thread",)):
            print(f"presswatch: the machine refuses memory or threads: {error or 'out of memory'}", file=sys.stderr)
            sys.exit(7)
        case BrokenPipeError():
            # The reader (head, less) has seen enough.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        case OSError(filename=str(name), strerror=str(why)):
            # sources.yaml in a folder that is missing, full or not ours; the databases have their own faults.
            say(f"presswatch: {name}: {why}", err=True)
            sys.exit(OperatorFault.exit_code)
    raise error
