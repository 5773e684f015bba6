"""The Prefect server of our own: only who may read the data folder may use it."""

import os
import stat
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from uuid import UUID

import httpx
import pytest

from flows.server import Api, free_port, local_server, prepare_prefect
from pipelines.settings import Settings
from tests.flows.presswatch import ask_prefect, clean_environ, csrf_guard, presswatch

# What turns a deployment into a shell: its next run pulls by this command.
PULL = {"pull_steps": [{"prefect.deployments.steps.run_shell_script": {"script": "id > /tmp/owned"}}]}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def api(data: Path) -> Iterator[Api]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "environ", clean_environ())
        settings = Settings(data=data)
        prepare_prefect(settings, log_level="WARNING")
        with local_server(settings, port=free_port()) as api:
            yield api


def test_nobody_changes_a_deployment_without_the_login(api: Api) -> None:
    target = f"{api.url}/deployments/{UUID(int=0)}"
    token = httpx.get(f"{api.url}/csrf-token", params={"client": "attacker"})
    # As if the attacker had that token all the same.
    guard = csrf_guard(environ_of(api))

    forged = httpx.patch(target, json=PULL)
    anyone = httpx.patch(target, json=PULL, headers=guard)
    guessed = httpx.patch(target, json=PULL, headers=guard, auth=("presswatch", "guessed"))

    assert (token.status_code, anyone.status_code, guessed.status_code) == (401, 401, 401)
    assert forged.status_code == 403


def test_a_browser_with_the_login_still_needs_the_token_against_forgery(api: Api) -> None:
    user, _, password = (api.auth or "").partition(":")

    forged = httpx.post(f"{api.url}/flows/filter", json={}, auth=(user, password))

    assert forged.status_code == 403
    assert ask_prefect(environ_of(api), "flows/filter", {}) == []


def test_no_page_from_elsewhere_may_ask(api: Api) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "PATCH"}

    preflight = httpx.options(f"{api.url}/deployments/filter", headers=headers)
    own = httpx.options(f"{api.url}/deployments/filter", headers=headers | {"Origin": api.url.removesuffix("/api")})

    assert preflight.headers.get("access-control-allow-origin") is None
    assert own.headers["access-control-allow-origin"] == api.url.removesuffix("/api")


def test_the_login_is_random_kept_and_nobody_elses(api: Api, data: Path) -> None:
    path = data / "prefect" / "auth"

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().strip() == api.auth
    assert len((api.auth or "").partition(":")[2]) >= 32


class Failing(BaseHTTPRequestHandler):
    """A server that has only errors to give."""

    def do_GET(self) -> None:
        self.send_error(500)

    do_POST = do_GET

    def log_message(self, *_arguments: object) -> None:
        return


@pytest.mark.parametrize("arguments", [["run"], ["serve"]])
def test_an_api_that_fails_is_one_line_and_code_6(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "sources.yaml").write_text("sources:\n  - {name: texts, kind: files, path: .}\n")
    with ThreadingHTTPServer(("127.0.0.1", 0), Failing) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/api"
        ended = presswatch(*arguments, cwd=tmp_path, PREFECT_API_URL=url, PREFECT_CLIENT_MAX_RETRIES="0")
        server.shutdown()

    assert ended.returncode == 6, ended.stderr
    assert ended.stderr.splitlines()[-1].startswith("presswatch: Prefect's API failed")
    assert "Traceback" not in ended.stderr


def environ_of(api: Api) -> dict[str, str]:
    return {"PREFECT_API_URL": api.url, "PREFECT_API_AUTH_STRING": api.auth or ""}
