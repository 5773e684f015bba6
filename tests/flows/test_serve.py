"""The schedule: a real Prefect server, the served deployment, runs that come by themselves, a clean stop."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from flows.server import is_healthy
from tests.flows.presswatch import ask_prefect, clean_environ, presswatch, served_api
from tests.newsroom import Newsroom
from tests.sites import Site

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
            # A run is stored a little before Prefect's server has heard of its end.
            _wait_for(lambda: _flow_run_states(tmp_path).count("COMPLETED") >= 3, served, tmp_path)
        finally:
            served.send_signal(signal.SIGTERM)
            code = served.wait(120)

    said = (tmp_path / "serve.log").read_text()
    assert code == 0, said
    assert "Prefect's pages: http://127.0.0.1:" in said
    assert "First run over the sources which are due: now. The next: " in said
    assert "Finished in state Completed()" in said
    assert "INFO    | Task run" not in said  # only what a task complains of
    assert "Traceback" not in said
    assert "skipped" not in said
    assert "scaling events" not in said
    assert re.search(r"^20\d\d-\d\d-\d\d \d\d:", said, re.M)
    assert (tmp_path / "data" / "prefect" / "served.json").read_text() == ""
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

    until = time.monotonic() + 120
    while is_healthy(note["url"]):
        assert time.monotonic() < until
        time.sleep(0.2)
    assert "-01-01 00:00:00 UTC" in (tmp_path / "serve.log").read_text()


def test_serve_stops_by_itself_after_as_many_runs_as_it_was_told_and_is_the_only_one(tmp_path: Path) -> None:
    with Site() as site:
        site.feeds["/feed"] = ["/1"]
        site.on_request = lambda path: time.sleep(2 if path == "/1" else 0)  # so that the run is seen at work
        (tmp_path / "sources.yaml").write_text(
            "fetch: {allow_networks: ['127.0.0.0/8']}\n"
            f"sources:\n  - {{name: courier, kind: feed, url: '{site.base}/feed'}}\n"
        )
        served = _serve(tmp_path, "--runs", "1", "--cron", "0 0 1 1 *")
        _wait_for(lambda: bool(_note(tmp_path)), served, tmp_path)
        second = presswatch("serve", cwd=tmp_path)
        other_port = presswatch("serve", "--port", "4999", cwd=tmp_path)
        assert served.wait(120) == 0, (tmp_path / "serve.log").read_text()

    for refused in (second, other_port):
        assert refused.returncode == 4
        assert refused.stderr.count("\n") == 1
        assert f"(pid {served.pid}) at http://127.0.0.1:" in refused.stderr
    assert _run_count(tmp_path) == 1
    assert _article_count(tmp_path) == 1


def test_a_run_under_a_served_folder_is_a_flow_run_there(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("sources:\n  - {name: texts, kind: files, path: .}\n")
    served = _serve(tmp_path, "--cron", "0 0 1 1 *")
    try:
        _wait_for(lambda: _run_count(tmp_path) >= 1, served, tmp_path)
        ended = presswatch("run", "texts", cwd=tmp_path)
        runs = ask_prefect(served_api(tmp_path), "flow_runs/filter", {})
        deployed = ask_prefect(served_api(tmp_path), "deployments/filter", {})
    finally:
        served.send_signal(signal.SIGTERM)
        served.wait(120)

    assert ended.returncode == 0, ended.stderr
    assert [run["state_type"] for run in runs if run["name"].startswith("texts ")] == ["COMPLETED"]
    assert {each["name"] for each in deployed} == {"scheduled", "nightly", "by-hand"}


def test_serve_that_is_killed_in_mid_run_takes_its_run_along_and_starts_again_at_once(tmp_path: Path) -> None:
    with Site() as site:
        site.feeds["/feed"] = [f"/{number}" for number in range(200)]
        (tmp_path / "sources.yaml").write_text(
            "fetch: {allow_networks: ['127.0.0.0/8'], hosts: {127.0.0.1: {pause: 1}}}\n"
            f"sources:\n  - {{name: courier, kind: feed, url: '{site.base}/feed'}}\n"
        )
        first = _serve(tmp_path, "--cron", "0 0 1 1 *")
        _wait_for(lambda: site.asked[f"{site.base}/0"] > 0, first, tmp_path)
        first.kill()
        first.wait()
        again = _serve(tmp_path, "--cron", "0 0 1 1 *")
        _wait_for(lambda: (tmp_path / "serve.log").read_text().count("Beginning flow run") == 2, again, tmp_path)
        again.send_signal(signal.SIGTERM)
        code = again.wait(120)

    assert code == 0, (tmp_path / "serve.log").read_text()


def _serve(folder: Path, *options: str) -> "subprocess.Popen[bytes]":
    with (folder / "serve.log").open("a") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "flows.cli", "serve", *options],
            cwd=folder,
            env=clean_environ(**OFTEN),
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def _note(folder: Path) -> str:
    path = folder / "data" / "prefect" / "served.json"
    return path.read_text() if path.exists() else ""


def _wait_for(is_so: Callable[[], bool], served: "subprocess.Popen[bytes]", folder: Path) -> None:
    until = time.monotonic() + 300
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


def _flow_run_states(folder: Path) -> list[str]:
    return [run["state_type"] for run in ask_prefect(served_api(folder), "flow_runs/filter", {})]
