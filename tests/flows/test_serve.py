"""The schedule: a real Prefect server, the served deployment, runs that come by themselves, a clean stop."""

import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from flows.server import is_healthy
from tests.flows.presswatch import clean_environ, presswatch
from tests.newsroom import Newsroom

# Prefect looks for runs that are due every 10 s, which here would only be waited for.
OFTEN = {"PREFECT_RUNNER_POLL_FREQUENCY": "1"}


def test_the_schedule_runs_finds_something_new_and_stops_cleanly(tmp_path: Path) -> None:
    with Newsroom(port=0) as newsroom:
        url = newsroom.url("courier", "/feed.xml")
        (tmp_path / "sources.yaml").write_text(
            "fetch: {allow_networks: ['127.0.0.0/8'], hosts: {'*.localhost': {pause: 0}}}\n"
            f"sources:\n  - {{name: courier, kind: feed, url: '{url}', every: 1s}}\n"
        )
        with (tmp_path / "serve.log").open("w") as log:
            served = subprocess.Popen(
                [sys.executable, "-m", "flows.cli", "serve", "--every", "3s"],
                cwd=tmp_path,
                env=clean_environ(**OFTEN),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            _wait_for(lambda: _run_count(tmp_path) >= 1, served, tmp_path)
            before = _article_count(tmp_path)
            newsroom.publish()
            _wait_for(lambda: _article_count(tmp_path) > before, served, tmp_path)
            _wait_for(lambda: _run_count(tmp_path) >= 3, served, tmp_path)
            api_url = json.loads((tmp_path / "data" / "prefect" / "served.json").read_text())["url"]
            # A run is stored a little before Prefect's server has heard of its end.
            _wait_for(lambda: _flow_run_states(api_url).count("COMPLETED") >= 3, served, tmp_path)
        finally:
            served.send_signal(signal.SIGTERM)
            code = served.wait(40)

    said = (tmp_path / "serve.log").read_text()
    assert code == 0, said
    assert "Prefect UI: http://127.0.0.1:" in said
    assert "First look at the sources which are due: now. The next: " in said
    assert "Finished in state Completed()" in said
    assert "INFO    | Task run" not in said  # only what a task complains of
    assert "Traceback" not in said
    assert not (tmp_path / "data" / "prefect" / "served.json").exists()
    assert presswatch("run", cwd=tmp_path).returncode in (0, 3)  # the lock is free; the newsroom has gone
    assert _statuses(tmp_path) <= {"completed", "stopped"}


def test_a_schedule_that_is_far_away_looks_at_once_and_leaves_nothing_running_when_killed(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("sources:\n  - {name: texts, kind: files, path: .}\n")
    with (tmp_path / "serve.log").open("w") as log:
        served = subprocess.Popen(
            [sys.executable, "-m", "flows.cli", "serve", "--cron", "0 0 1 1 *"],
            cwd=tmp_path,
            env=clean_environ(**OFTEN),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(lambda: _run_count(tmp_path) >= 1, served, tmp_path)
        note = json.loads((tmp_path / "data" / "prefect" / "served.json").read_text())
    finally:
        served.kill()
        served.wait()

    until = time.monotonic() + 60
    while is_healthy(note["url"]):
        assert time.monotonic() < until
        time.sleep(0.2)
    assert "-01-01 00:00:00 UTC" in (tmp_path / "serve.log").read_text()


def _wait_for(is_so: Callable[[], bool], served: "subprocess.Popen[bytes]", folder: Path) -> None:
    until = time.monotonic() + 120
    while not is_so():
        assert served.poll() is None, (folder / "serve.log").read_text()
        assert time.monotonic() < until, (folder / "serve.log").read_text()
        time.sleep(0.5)


def _ask(folder: Path, query: str) -> list[Any]:
    path = folder / "data" / "presswatch.duckdb"
    if not path.exists():
        return []
    with duckdb.connect(str(path), read_only=True) as connection:
        return [row[0] for row in connection.execute(query).fetchall()]


def _run_count(folder: Path) -> int:
    return len(_ask(folder, "select run_id from runs where status = 'completed'"))


def _article_count(folder: Path) -> int:
    return len(_ask(folder, "select article_id from articles"))


def _statuses(folder: Path) -> set[str]:
    return set(_ask(folder, "select distinct status from runs"))


def _flow_run_states(api_url: str) -> list[str]:
    request = urllib.request.Request(
        f"{api_url}/flow_runs/filter", data=b"{}", headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return [run["state_type"] for run in json.load(answer)]
