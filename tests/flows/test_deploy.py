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
