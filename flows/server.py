"""Server: where Prefect keeps its own things, which API a run belongs to, and the server behind `presswatch serve`."""

import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from pipelines.model import OperatorFault, StoreFault
from pipelines.run.stops import end_with
from pipelines.settings import Settings

DEFAULT_PORT = 4200
_SERVER = [sys.executable, "-m", "prefect", "server", "start"]
START_S = 120  # a cold start under load took 9 s where it was measured; slow disks take far longer


class ServedAlready(OperatorFault):
    """A data folder on which another `presswatch serve` is at work."""

    exit_code = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """A Prefect API, and what it asks for: `user:password`, or nothing."""

    url: str
    auth: str | None


def find_api(settings: Settings) -> Api | None:
    """The Prefect API that runs of this data folder belong to: the one that is named, or that of `presswatch serve`."""
    if url := os.environ.get("PREFECT_API_URL"):
        return Api(url=url, auth=os.environ.get("PREFECT_API_AUTH_STRING"))
    return _served_api(settings.data)


def prepare_prefect(settings: Settings, *, log_level: str) -> None:
    """Set what Prefect reads from the environment at import; what the operator has set already stays.

    Raises OperatorFault where the API that PREFECT_API_URL names does not answer.
    """
    is_quiet = log_level == "CRITICAL"
    defaults = {
        "PREFECT_HOME": str(settings.data / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": log_level,
        "PREFECT_LOGGING_FORMATTERS_STANDARD_DATEFMT": "%Y-%m-%d %H:%M:%S",
        # Its servers complain of connections that end with the run; `serve` keeps their log in a file.
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL" if is_quiet else "WARNING",
        "PREFECT_INTERNAL_LOGGING_LEVEL": "CRITICAL" if is_quiet else "ERROR",
        "PREFECT_LOGGING_COLORS": "false" if not sys.stderr.isatty() else "true",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    _make_folder(settings.data)
    if named := os.environ.get("PREFECT_API_URL"):
        _wait_for_named(named, timeout_s=settings.server_wait_s)
    elif api := _served_api(settings.data):
        _name_api(api)


@contextmanager
def reserve(settings: Settings) -> Iterator[Callable[[Api], object]]:
    """Hold a data folder as its one `presswatch serve`. Yields a function that notes at which API.

    Raises ServedAlready.
    """
    path = _note_path(settings.data)
    _make_folder(settings.data)
    with _opened(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            served = _read_note(path)
            where = f" (pid {served['pid']}) at {served['url']}" if served else ""
            said = f"{settings.data} is served already, by another `presswatch serve`{where}"
            raise ServedAlready(said) from error

        def note(api: Api) -> None:
            file.truncate(0)
            file.write(json.dumps({"url": api.url, "pid": os.getpid()}))
            file.flush()

        file.truncate(0)
        try:
            yield note
        finally:
            file.truncate(0)


@contextmanager
def local_server(settings: Settings, *, port: int | None) -> Iterator[Api]:
    """Run a Prefect server of our own while the block runs, and name it in the environment.

    Only who can read DATA/prefect/auth may use it: through its API a deployment can be made to run any command.
    """
    if port is None:
        port = DEFAULT_PORT if _is_free(DEFAULT_PORT) else free_port()
    elif not _is_free(port):
        raise OperatorFault(f"port {port} is taken; without --port a free one is chosen")
    api = Api(url=f"http://127.0.0.1:{port}/api", auth=_auth_string(settings.data))
    log_path = settings.data / "prefect" / "server.log"
    with _serving(api, log_path) as process:
        _wait_for_health(api.url, process, log_path)
        _name_api(api)
        yield api


def login_url(api: Api) -> str:
    """Where a browser finds the server's pages."""
    return api.url.removesuffix("/api")


def _auth_string(data: Path) -> str:
    """The login of the server of our own, made once; nobody else may read it."""
    path = data / "prefect" / "auth"
    if path.exists():
        path.chmod(0o600)
        return path.read_text(encoding="ascii").strip()
    auth = f"presswatch:{secrets.token_urlsafe(24)}"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:  # noqa: PTH123
        file.write(f"{auth}\n")
    return auth


def _name_api(api: Api) -> None:
    os.environ["PREFECT_API_URL"] = api.url
    if api.auth is not None:
        os.environ["PREFECT_API_AUTH_STRING"] = api.auth


def _opened(path: Path) -> IO[str]:
    try:
        return path.open("a+", encoding="utf-8")
    except OSError as error:
        raise StoreFault(f"{path}: {error.strerror}") from error


def _make_folder(data: Path) -> None:
    folder = data / "prefect"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreFault(f"{folder}: {error.strerror}") from error


@contextmanager
def _serving(api: Api, log_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run Prefect's server while the block runs, and no longer than this process lives."""
    address = urlsplit(api.url)
    environ = {
        "PREFECT_API_URL": api.url,
        "PREFECT_SERVER_API_AUTH_STRING": api.auth or "",
        "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": login_url(api),
    }
    # The server must not take part in what a terminal's Ctrl-C says to the group: it goes last.
    with log_path.open("ab") as log:
        process = subprocess.Popen(
            [*_SERVER, "--host", str(address.hostname), "--port", str(address.port)],
            env={**os.environ, **environ},
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
    """Does a Prefect API answer there? One that answers with an error does, too."""
    try:
        with urllib.request.urlopen(f"{api_url}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        return True  # it answers, if only that it wants to know who we are
    except (OSError, ValueError):
        return False


def _wait_for_named(api_url: str, *, timeout_s: float) -> None:
    # A server that starts together with us, in containers say, has a while.
    until = time.monotonic() + timeout_s
    while not is_healthy(api_url):
        if time.monotonic() > until:
            raise OperatorFault(f"no Prefect API answers at {api_url}: start it, or unset PREFECT_API_URL")
        time.sleep(0.5)


def _note_path(data: Path) -> Path:
    return data / "prefect" / "served.json"


def _read_note(path: Path) -> dict[str, object]:
    try:
        served = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return served if isinstance(served, dict) else {}


def _served_api(data: Path) -> Api | None:
    url = _read_note(_note_path(data)).get("url")
    if not isinstance(url, str) or not is_healthy(url):
        return None
    path = data / "prefect" / "auth"
    try:
        return Api(url=url, auth=path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise OperatorFault(f"{path}: {error.strerror}: only who serves this folder may run on it meanwhile") from error


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
    """What a child calls first, so that it gets a signal when this process is killed; Linux only."""
    parent = os.getpid()
    return (lambda: end_with(parent)) if sys.platform == "linux" else None


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
