"""The `presswatch` command as tests call it: in a process of its own, with its own folder."""

import asyncio
import atexit
import base64
import functools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows.server import free_port, local_server, prepare_prefect
from pipelines.run import ingestion
from pipelines.run.summary import Summary
from pipelines.settings import Settings, load_settings

COMMAND = [sys.executable, "-m", "flows.cli"]
ROOT = Path(__file__).parents[2]

# No test depends on how busy the machine is; those about deadlines set their own.
PATIENT = {
    "PRESSWATCH_CONNECT_TIMEOUT_S": "120",
    "PRESSWATCH_READ_TIMEOUT_S": "120",
    "PRESSWATCH_TOTAL_TIMEOUT_S": "240",
    "PRESSWATCH_PAGE_DEADLINE_S": "120",
}


def presswatch(*arguments: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run it to its end; the environment is this process's without any PRESSWATCH_* or PREFECT_*, plus `environ`."""
    return subprocess.run(
        [*COMMAND, *arguments], cwd=cwd, env=clean_environ(**environ), capture_output=True, text=True, timeout=500
    )


def clean_environ(**environ: str) -> dict[str, str]:
    """This process's environment without settings, which finds the checkout from any folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PRESSWATCH_", "PREFECT_"))}
    return {**kept, **PATIENT, "PYTHONPATH": str(ROOT), **environ}


def ingest(only: list[str] | None = None) -> Summary:
    """One run in this process, with the settings of the environment."""
    return asyncio.run(ingestion.ingest(load_settings(), only))


def settle_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let flows of this process work on FOLDER/data for FOLDER/sources.yaml, with one worker."""
    monkeypatch.setenv("PRESSWATCH_DATA", str(folder / "data"))
    monkeypatch.setenv("PRESSWATCH_SOURCES", str(folder / "sources.yaml"))
    monkeypatch.setenv("PRESSWATCH_WORKERS", "1")
    for name, value in PATIENT.items():
        monkeypatch.setenv(name, value)


@functools.cache
def shared_server() -> dict[str, str]:
    """The environment that names a real Prefect server, for all runs of this test process that go through Prefect."""
    stack = ExitStack()
    atexit.register(stack.close)
    folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
    settings = Settings(data=Path(folder))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "environ", clean_environ())
        prepare_prefect(settings, log_level="WARNING")
        # Not the usual port: several test processes may start at once.
        api = stack.enter_context(local_server(settings, port=free_port()))
    return {"PREFECT_API_URL": api.url, "PREFECT_API_AUTH_STRING": api.auth or ""}


def served_api(folder: Path) -> dict[str, str]:
    """The environment that names the server of a `presswatch serve` on FOLDER/data."""
    prefect = folder / "data" / "prefect"
    url = json.loads((prefect / "served.json").read_text())["url"]
    return {"PREFECT_API_URL": url, "PREFECT_API_AUTH_STRING": (prefect / "auth").read_text().strip()}


def ask_prefect(environ: Mapping[str, str], path: str, query: dict[str, Any]) -> list[dict[str, Any]]:
    """What a Prefect API answers to a filter."""
    headers = {**_login(environ), **csrf_guard(environ)}
    answer = httpx.post(f"{environ['PREFECT_API_URL']}/{path}", json=query, headers=headers, timeout=30)
    answer.raise_for_status()
    return list(answer.json())


def csrf_guard(environ: Mapping[str, str]) -> dict[str, str]:
    """The headers by which a Prefect API knows that a request was not forged; none where it does not ask for them."""
    url = f"{environ['PREFECT_API_URL']}/csrf-token"
    answer = httpx.get(url, params={"client": "tests"}, headers=_login(environ), timeout=30)
    if answer.status_code == 422:
        return {}
    return {"Prefect-Csrf-Client": "tests", "Prefect-Csrf-Token": answer.json()["token"]}


def _login(environ: Mapping[str, str]) -> dict[str, str]:
    login = base64.b64encode(environ["PREFECT_API_AUTH_STRING"].encode()).decode()
    return {"Authorization": f"Basic {login}"}
