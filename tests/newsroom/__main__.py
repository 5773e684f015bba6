"""Run the newsroom until SIGTERM, SIGINT or the end of a piped standard input: python -m tests.newsroom"""

import os
import signal
import stat
import sys
import threading

from tests.newsroom import Newsroom


def main() -> int:
    """Exit code 0 when told to stop, 2 for a port that is no number, 3 for one that is taken."""
    value = os.environ.get("NEWSROOM_PORT") or "8808"
    if not value.isdecimal() or int(value) > 65535:
        sys.stderr.write(f"NEWSROOM_PORT is no port: {value!r}\n")
        return 2
    # Blocked before any thread starts, so that they all leave the signals to sigwait.
    stops = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    try:
        with Newsroom(port=int(value)) as newsroom:
            sys.stderr.write(f"The newsroom is open at {newsroom.address}\n")
            sys.stderr.flush()
            if _is_pipe(0):
                threading.Thread(target=_stop_at_end, daemon=True).start()
            signal.sigwait(stops)
    except OSError as fault:
        sys.stderr.write(f"The newsroom cannot open port {value}: {fault.strerror}\n")
        return 3
    return 0


def _is_pipe(descriptor: int) -> bool:
    # A shell's background job reads /dev/null, which ends at once: only a pipe's end means that the parent is gone.
    try:
        return stat.S_ISFIFO(os.fstat(descriptor).st_mode)
    except OSError:
        return False


def _stop_at_end() -> None:
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
