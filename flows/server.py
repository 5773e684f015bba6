"""Server: where Prefect keeps its own things, which API a run belongs to, and the server behind `presswatch serve`."""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from pipelines.model import OperatorFault
from pipelines.settings import Settings

DEFAULT_PORT = 4200
_SERVER = [sys.executable, "-m", "prefect", "server", "start"]
START_S = 120  # a cold start under load took 9 s where it was measured; slow disks take far longer


def find_api(settings: Settings) -> str | None:
    """The Prefect API that runs of this data folder belong to: the one that is named, or that of `presswatch serve`."""
    return os.environ.get("PREFECT_API_URL") or _running_server(settings.data)


def prepare_prefect(settings: Settings, *, log_level: str) -> None:
    """Set what Prefect reads from the environment at import; what the operator has set already stays.

    Raises OperatorFault where the API that PREFECT_API_URL names does not answer.
    """
    defaults = {
        "PREFECT_HOME": str(settings.data / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": log_level,
        # Its servers complain of connections that end with the run; `serve` keeps their log in a file.
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL" if log_level == "CRITICAL" else "WARNING",
        "PREFECT_INTERNAL_LOGGING_LEVEL": "CRITICAL" if log_level == "CRITICAL" else "ERROR",
        "PREFECT_LOGGING_COLORS": "false" if not sys.stderr.isatty() else "true",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    (settings.data / "prefect").mkdir(parents=True, exist_ok=True)
    if named := os.environ.get("PREFECT_API_URL"):
        _wait_for_named(named, patience_s=settings.server_wait_s)
    elif url := _running_server(settings.data):
        os.environ["PREFECT_API_URL"] = url


@contextmanager
def local_server(settings: Settings, *, port: int | None) -> Iterator[str]:
    """Run a Prefect server of our own while the block runs; yields its API URL and names it in the environment."""
    if port is None:
        port = DEFAULT_PORT if _is_free(DEFAULT_PORT) else free_port()
    elif not _is_free(port):
        raise OperatorFault(f"port {port} is taken; name another with --port")
    url = f"http://127.0.0.1:{port}/api"
    log_path = settings.data / "prefect" / "server.log"
    note = _note_path(settings.data)
    with _serving(url, log_path) as process:
        try:
            _wait_for_health(url, process, log_path)
            note.write_text(json.dumps({"url": url, "pid": process.pid}), encoding="utf-8")
            os.environ["PREFECT_API_URL"] = url
            yield url
        finally:
            note.unlink(missing_ok=True)


@contextmanager
def _serving(url: str, log_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run Prefect's server while the block runs, and no longer than this process lives."""
    log_path.parent.mkdir(parents=True, exist_ok=True)
    address = urlsplit(url)
    # The server must not take part in what a terminal's Ctrl-C says to the group: it goes last.
    with log_path.open("ab") as log:
        process = subprocess.Popen(
            [*_SERVER, "--host", str(address.hostname), "--port", str(address.port)],
            env={**os.environ, "PREFECT_API_URL": url},
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_ends_with_us(),
        )
    try:
        yield process
    finally:
        _stop(process)


def is_healthy(api_url: str) -> bool:
    """Does a Prefect API answer there?"""
    try:
        with urllib.request.urlopen(f"{api_url}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        return True  # it answers, if only that it wants to know who we are
    except (OSError, ValueError):
        return False


def _wait_for_named(api_url: str, *, patience_s: float) -> None:
    # A server that starts together with us, in containers say, has a while.
    until = time.monotonic() + patience_s
    while not is_healthy(api_url):
        if time.monotonic() > until:
            raise OperatorFault(f"no Prefect API answers at {api_url}: start it, or unset PREFECT_API_URL")
        time.sleep(0.5)


def _note_path(data: Path) -> Path:
    return data / "prefect" / "served.json"


def _running_server(data: Path) -> str | None:
    try:
        url = str(json.loads(_note_path(data).read_text(encoding="utf-8"))["url"])
    except (OSError, ValueError, KeyError):
        return None
    return url if is_healthy(url) else None


def _wait_for_health(url: str, process: subprocess.Popen[bytes], log_path: Path) -> None:
    until = time.monotonic() + START_S
    while not is_healthy(url):
        if process.poll() is not None:
            raise OperatorFault(f"the Prefect server ended with code {process.returncode}; see {log_path}")
        if time.monotonic() > until:
            raise OperatorFault(f"the Prefect server did not answer within {START_S} s; see {log_path}")
        time.sleep(0.2)


def _stop(process: subprocess.Popen[bytes]) -> None:
    for number, grace_s in ((signal.SIGTERM, 10), (signal.SIGKILL, 5)):
        if process.poll() is not None:
            return
        try:
            os.killpg(process.pid, number)
            process.wait(grace_s)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def _ends_with_us() -> Callable[[], object] | None:
    """What a child calls first, so that it is told when this process is killed; only Linux can."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port of the loopback address that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
