"""The deployments: one definition for `serve` and for workers, which run them against a real server."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

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
    # One after the other: a data folder has room for one.
    for count, deployment in enumerate(("ingest/scheduled", "upkeep/nightly"), 1):
        prefect("deployment", "run", deployment)
        prefect("worker", "start", "--pool", "presswatch", "--limit", "1", "--run-once")
        assert _states(server) == ["COMPLETED"] * count

    assert {"scheduled", "nightly", "by-hand"} <= deployed
    assert (tmp_path / "data" / "presswatch.duckdb").exists()


def _states(server: dict[str, str]) -> list[str]:
    """How the runs ended that the work pool was asked for by hand; none of them is left at work."""
    query = {"work_pools": {"name": {"any_": ["presswatch"]}}}
    until = time.monotonic() + 120
    while True:
        runs = ask_prefect(server, "flow_runs/filter", query)
        states = [run["state_type"] for run in runs if not run["auto_scheduled"]]
        if {"SCHEDULED", "PENDING", "RUNNING"}.isdisjoint(states) or time.monotonic() > until:
            return states
        time.sleep(0.5)


def test_compose_refuses_to_start_without_a_login_and_a_sources_file() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    logins = [
        services["prefect"]["environment"]["PREFECT_SERVER_API_AUTH_STRING"],
        services["flows"]["environment"]["PREFECT_API_AUTH_STRING"],
    ]
    mounted = {each.rpartition("}:")[2].removesuffix(":ro"): each for each in services["flows"]["volumes"]}

    # `:?` is what compose refuses where the variable is missing or empty.
    assert [login.partition(":?")[0] for login in logins] == ["${PREFECT_LOGIN"] * 2
    assert mounted["/etc/presswatch/sources.yaml"].startswith("${PRESSWATCH_SOURCES_FILE:?")
    assert mounted["/data"] == "${PRESSWATCH_DATA_FOLDER:-./data}:/data"
