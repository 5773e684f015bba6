"""The `presswatch` command as tests call it: in a process of its own, with its own folder."""

import asyncio
import atexit
import functools
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from flows.server import free_port, local_server, prepare_prefect
from pipelines.run import ingestion
from pipelines.run.summary import Summary
from pipelines.settings import Settings, load_settings

COMMAND = [sys.executable, "-m", "flows.cli"]
ROOT = Path(__file__).parents[2]


def presswatch(*arguments: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run it to its end; the environment is this process's without any PRESSWATCH_* or PREFECT_*, plus `environ`."""
    return subprocess.run(
        [*COMMAND, *arguments], cwd=cwd, env=clean_environ(**environ), capture_output=True, text=True, timeout=180
    )


def clean_environ(**environ: str) -> dict[str, str]:
    """This process's environment without settings, which finds the checkout from any folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PRESSWATCH_", "PREFECT_"))}
    return {**kept, "PYTHONPATH": str(ROOT), **environ}


def ingest(only: list[str] | None = None) -> Summary:
    """One run in this process, with the settings of the environment."""
    return asyncio.run(ingestion.ingest(load_settings(), only))


def settle_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let flows of this process work on FOLDER/data for FOLDER/sources.yaml, with one worker."""
    monkeypatch.setenv("PRESSWATCH_DATA", str(folder / "data"))
    monkeypatch.setenv("PRESSWATCH_SOURCES", str(folder / "sources.yaml"))
    monkeypatch.setenv("PRESSWATCH_WORKERS", "1")


@functools.cache
def shared_server() -> str:
    """The API of a real Prefect server, for all runs of this test process that go through Prefect."""
    stack = ExitStack()
    atexit.register(stack.close)
    folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
    settings = Settings(data=Path(folder))
    prepare_prefect(settings, log_level="WARNING")
    # Not the usual port: several test processes may start at once.
    return stack.enter_context(local_server(settings, port=free_port()))
