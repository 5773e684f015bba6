"""Interruption: a signal ends a command at once, as long as nothing is in hand that wants to be stored."""

import signal
from threading import Event
from types import FrameType
from typing import NoReturn

from pipelines.run.stops import stops

EXIT_CODE = 130

_asked = Event()


def leave_when_asked() -> None:
    """End the command at SIGINT, SIGTERM or SIGHUP until a run or the schedule sets its own handlers.

    Prefect waits for its server in a loop that hears no other way.
    """
    for number in stops():
        signal.signal(number, _leave)


def is_leaving() -> bool:
    """Was the command asked to end? Whatever fails from then on is a consequence."""
    return _asked.is_set()


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    _asked.set()
    raise SystemExit(EXIT_CODE)
