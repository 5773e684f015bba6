"""Stops: which signals ask us to end."""

import signal


def stops() -> list[signal.Signals]:
    """SIGTERM, SIGINT and, unless `nohup` has it ignored, SIGHUP: its terminal was closed."""
    asked = [signal.SIGTERM, signal.SIGINT]
    return asked if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN else [*asked, signal.SIGHUP]
