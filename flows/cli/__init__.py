"""The `presswatch` command: options become settings, answers go to stdout, faults are one line on stderr.

Prefect is imported only inside the commands which run flows: it takes 0.85 s.
"""

import os
import sys

from flows.cli import archive, ingestion, questions, sources
from flows.cli.options import app
from pipelines.model import OperatorFault

__all__ = ["app", "archive", "ingestion", "main", "questions", "sources"]


def main() -> None:
    """Run the command; an operator's fault is one line on stderr and its documented exit code."""
    try:
        app()
    except OperatorFault as fault:
        print(f"presswatch: {fault}", file=sys.stderr)
        sys.exit(fault.exit_code)
    except BrokenPipeError:
        # The reader (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
