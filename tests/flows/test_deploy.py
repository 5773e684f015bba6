"""The deployments: one definition for `serve` and for workers, which run them against a real server."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.flows.presswatch import ROOT, ask_prefect, clean_environ, shared_server


def test_prefect_yaml_is_what_is_defined() -> None:
    written = subprocess.run(
        [sys.executable, "-m", "flows.deploy"],
        cwd=ROOT,
        env=clean_environ(),
        capture_output=True,
        text=True,
        check=True,
    )

    assert (ROOT / "prefect.yaml").read_text() == written.stdout


@pytest.mark.timeout(400)
def test_a_process_worker_runs_what_prefect_yaml_deploys(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("sources:\n  - {name: texts, kind: files, path: .}\n")
    server = shared_server()
    environ = clean_environ(
        **server,
        PREFECT_HOME=str(tmp_path / "prefect"),
        PRESSWATCH_DATA=str(tmp_path / "data"),
        PRESSWATCH_SOURCES=str(tmp_path / "sources.yaml"),
    )

    def prefect(*arguments: str) -> None:
        ended = subprocess.run(
            [sys.executable, "-m", "prefect", "--no-prompt", *arguments],
            cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert ended.returncode == 0, ended.stdout + ended.stderr

    prefect("work-pool", "create", "presswatch", "--type", "process")
    prefect("deploy", "--all")
    deployed = {each["name"] for each in ask_prefect(server, "deployments/filter", {})}
    prefect("deployment", "run", "ingest/scheduled")
    prefect("deployment", "run", "upkeep/nightly")
    prefect("worker", "start", "--pool", "presswatch", "--limit", "1", "--run-once")

    assert {"scheduled", "nightly", "by-hand"} <= deployed
    assert _ended(server, {"ingest", "upkeep"}) == {"COMPLETED"}
    assert (tmp_path / "data" / "presswatch.duckdb").exists()


def _ended(server: dict[str, str], flows: set[str]) -> set[str]:
    query = {"flows": {"name": {"any_": sorted(flows)}}, "flow_runs": {"deployment_id": {"is_null_": False}}}
    until = time.monotonic() + 120
    while True:
        states = [run["state_type"] for run in ask_prefect(server, "flow_runs/filter", query)]
        ended = {state for state in states if state in {"COMPLETED", "FAILED", "CRASHED"}}
        if sum(state in ended for state in states) >= len(flows) or time.monotonic() > until:
            return ended
        time.sleep(1)
