"""Stops: what asks a process to end: signals, and the death of the process that started it."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def stops() -> list[signal.Signals]:
    """SIGTERM, SIGINT and, unless `nohup` has it ignored, SIGHUP: its terminal was closed."""
    asked = [signal.SIGTERM, signal.SIGINT]
    return asked if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN else [*asked, signal.SIGHUP]


def end_with(parent: int) -> None:
    """Let this process get SIGTERM when its parent, the process of that number, ends; at once where it has. Linux."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    # The parent may have died before the call; then no signal comes.
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)
