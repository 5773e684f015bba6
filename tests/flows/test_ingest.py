"""The ingest flow as a process: killed, stopped, doubled, watched; nothing is lost and nothing is doubled."""

import json
import os
import pty
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.server import free_port
from tests.flows.presswatch import COMMAND, ROOT, ask_prefect, clean_environ, presswatch, shared_server
from tests.newsroom import Newsroom

ARTICLES = 90


@pytest.fixture(scope="module")
def slow_site() -> Iterator[str]:
    """A site that takes its time, so that a run can be caught in the middle."""
    command = [sys.executable, "-m", "benchmarks.site", "--articles", str(ARTICLES), "--feeds", "3", "--latency", "0.1"]
    site = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert site.stdout is not None
    yield site.stdout.readline().strip()
    site.communicate()


@pytest.fixture
def folder(slow_site: str, tmp_path: Path) -> Path:
    """A folder whose catalogue names the slow site's three feeds."""
    lines = ["fetch: {allow_networks: ['127.0.0.0/8'], hosts: {127.0.0.1: {pause: 0, connections: 2}}}", "sources:"]
    lines += [f"  - {{name: feed-{n}, kind: feed, url: '{slow_site}/feed/{n}'}}" for n in range(3)]
    (tmp_path / "sources.yaml").write_text("\n".join(lines) + "\n")
    return tmp_path


def _start(folder: Path, *, api_url: str | None = None) -> "subprocess.Popen[str]":
    prefect = {} if api_url is None else {"PREFECT_API_URL": api_url, "PRESSWATCH_SERVER_WAIT_S": "200"}
    environ = clean_environ(PRESSWATCH_BATCH_SIZE="10", **prefect)
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([*COMMAND, "run", "--json"], cwd=folder, env=environ, **pipes)


def _wait_until_at_work(folder: Path, run: "subprocess.Popen[str]", *, log_bytes: int = 0) -> None:
    """Until its write-ahead log is there, or so long: a batch of ten articles takes 45 kB and more."""
    log = folder / "data" / "ingest.duckdb.wal"
    until = time.monotonic() + 200
    while not log.exists() or log.stat().st_size < log_bytes:
        assert run.poll() is None, run.communicate()
        assert time.monotonic() < until
        time.sleep(0.05)


def _stored(folder: Path) -> dict[str, Any]:
    with duckdb.connect(str(folder / "data" / "presswatch.duckdb"), read_only=True) as connection:
        rows = connection.execute("select content_hash, title, authors, published_at from articles order by all")
        articles = rows.fetchall()
        sightings = connection.execute("select canonical_url, article_id from sightings order by all").fetchall()
        statuses = [row[0] for row in connection.execute("select status from runs order by started_at").fetchall()]
    return {"articles": articles, "sightings": sightings, "statuses": statuses}


def test_a_run_killed_anywhere_and_started_again_equals_one_clean_run(folder: Path, tmp_path: Path) -> None:
    moments = random.Random(7)
    for _ in range(2):
        run = _start(folder)
        _wait_until_at_work(folder, run)
        time.sleep(moments.uniform(0.2, 2.0))
        run.kill()
        run.communicate()

    last = presswatch("run", cwd=folder)
    killed = _stored(folder)
    clean = presswatch("run", "--data", str(tmp_path / "clean"), cwd=folder)
    (tmp_path / "data2").mkdir()
    (tmp_path / "data2" / "data").symlink_to(tmp_path / "clean")
    undisturbed = _stored(tmp_path / "data2")

    assert (last.returncode, clean.returncode) == (0, 0), last.stderr + clean.stderr
    assert len(undisturbed["articles"]) == len(undisturbed["sightings"]) == ARTICLES
    assert killed["articles"] == undisturbed["articles"]
    assert killed["sightings"] == undisturbed["sightings"]
    assert killed["statuses"][-1] == "completed"
    assert set(killed["statuses"][:-1]) == {"interrupted"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_run_that_is_asked_to_stop_stores_what_it_has_and_defers_the_rest(
    folder: Path, number: signal.Signals
) -> None:
    run = _start(folder)
    _wait_until_at_work(folder, run, log_bytes=60_000)  # all feeds are polled, and some of their articles stored
    run.send_signal(number)
    said, complaint = run.communicate(timeout=240)

    summary = json.loads(said)
    taken = sum(source["new"] for source in summary["sources"])
    deferred = sum(source["deferred"] for source in summary["sources"])
    assert run.returncode == 0, complaint
    assert summary["stop_reason"] == f"asked to by {number.name}"
    assert deferred > 0
    assert taken + deferred == ARTICLES
    assert len(_stored(folder)["articles"]) == taken

    again = json.loads(presswatch("run", "--due", "--json", cwd=folder).stdout)

    assert sum(source["new"] for source in again["sources"]) == deferred


def test_a_second_run_says_so_and_ends_with_4_while_the_first_goes_on(folder: Path) -> None:
    first = _start(folder)
    _wait_until_at_work(folder, first)

    second = presswatch("run", cwd=folder)
    first.communicate(timeout=240)

    assert second.returncode == 4
    assert second.stderr.count("\n") == 1
    assert f"pid {first.pid}" in second.stderr
    assert first.returncode == 0


def test_a_full_disk_is_one_line_and_code_4_and_the_next_run_goes_on(folder: Path) -> None:
    presswatch("run", "feed-0", cwd=folder)
    database = folder / "data" / "ingest.duckdb"
    with duckdb.connect(str(database)) as connection:
        # Larger than any file that the cleaning processes write, so that only the store meets the limit.
        connection.execute("create table ballast as select uuid() as a, uuid() as b from range(3_000_000)")
    limit = database.stat().st_size + 100_000

    def leave_little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    environ = clean_environ(PRESSWATCH_BATCH_SIZE="10")
    full = subprocess.run(
        [*COMMAND, "run"],
        cwd=folder,
        env=environ,
        preexec_fn=leave_little_room,
        capture_output=True,
        text=True,
        timeout=240,
    )

    assert full.returncode == 4, full.stderr
    assert full.stderr.count("\n") == 1
    assert "disk is full" in full.stderr
    assert presswatch("run", cwd=folder).returncode == 0
    assert len(_stored(folder)["articles"]) == ARTICLES


def test_a_run_outlives_the_death_of_prefects_api(folder: Path, tmp_path: Path) -> None:
    port = str(free_port())
    server = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--port", port],
        env=clean_environ(PREFECT_HOME=str(tmp_path / "prefect"), PREFECT_SERVER_ANALYTICS_ENABLED="false"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    run = _start(folder, api_url=f"http://127.0.0.1:{port}/api")  # which waits for its server
    try:
        _wait_until_at_work(folder, run)
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    _, complaint = run.communicate(timeout=400)

    assert run.returncode == 6, complaint
    assert complaint.count("\n") == 1
    assert "Prefect's API failed" in complaint
    assert len(_stored(folder)["articles"]) == ARTICLES


def test_an_open_shell_survives_a_run_and_a_run_survives_it(tmp_path: Path) -> None:
    with Newsroom(port=0) as newsroom:
        url = newsroom.url("courier", "/feed.xml")
        (tmp_path / "sources.yaml").write_text(
            "fetch: {allow_networks: ['127.0.0.0/8'], hosts: {'*.localhost': {pause: 0}}}\n"
            f"sources:\n  - {{name: courier, kind: feed, url: '{url}'}}\n"
        )
        presswatch("run", cwd=tmp_path)
        path = tmp_path / "data" / "presswatch.duckdb"
        with duckdb.connect() as shell:
            shell.execute(f"attach '{path}' as press (read_only); use press")
            [before] = shell.execute("select count(*) from articles").fetchall()
            newsroom.publish()
            ended = presswatch("run", cwd=tmp_path)
            [during] = shell.execute("select count(*) from articles").fetchall()
            shell.execute(f"use memory; detach press; attach '{path}' as press (read_only); use press")
            [after] = shell.execute("select count(*) from articles").fetchall()

    assert ended.returncode == 0
    assert during == before
    assert before is not None
    assert after == (before[0] + 1,)


def test_prefect_shows_a_named_run_its_tally_and_a_line_per_source_and_reject(tmp_path: Path) -> None:
    server = shared_server()
    with Newsroom(port=0) as newsroom:
        url = newsroom.url("observer", "/atom.xml")
        (tmp_path / "sources.yaml").write_text(
            "fetch: {allow_networks: ['127.0.0.0/8'], hosts: {'*.localhost': {pause: 0}}}\n"
            f"sources:\n  - {{name: observer, kind: feed, url: '{url}'}}\n"
        )
        summary = json.loads(presswatch("run", "--json", cwd=tmp_path, **server).stdout)

    def find() -> dict[str, Any] | None:
        runs = ask_prefect(server, "flow_runs/filter", {"sort": "START_TIME_DESC", "limit": 20})
        return next((run for run in runs if run["name"].startswith("observer ")), None)

    flow_run = find()
    assert flow_run is not None
    assert flow_run["state_type"] == "COMPLETED"
    by_run = {"flow_runs": {"id": {"any_": [flow_run["id"]]}}}
    artifacts = {item["key"]: item for item in ask_prefect(server, "artifacts/filter", by_run)}
    tally = json.loads(artifacts["ingest-tally"]["data"])
    assert tally[0]["source"] == "observer"
    assert "**1 sources polled" in artifacts["ingest-summary"]["data"]

    rejected = sum(source["rejected"] for source in summary["sources"])
    logs = {"logs": {"flow_run_id": {"any_": [flow_run["id"]]}}, "limit": 200}
    until = time.monotonic() + 120
    messages: list[str] = []
    while time.monotonic() < until and not any(line.startswith("1 sources polled") for line in messages):
        messages = [entry["message"] for entry in ask_prefect(server, "logs/filter", logs)]
        time.sleep(0.3)
    assert sum(line.startswith("rejected observer") for line in messages) == rejected > 0
    assert sum(line.startswith("observer: ok: ") for line in messages) == 1
    tasks = {run["name"] for run in ask_prefect(server, "task_runs/filter", by_run)}
    assert {"poll sources", "fetch batch 1", "archive batch 1", "clean batch 1", "load batch 1", "publish"} <= tasks


def test_progress_is_drawn_on_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text(
        f"sources:\n  - {{name: seeds, kind: files, path: '{ROOT}/tests/fixtures/seeds'}}\n"
    )
    master, terminal = pty.openpty()
    environ = clean_environ(TERM="xterm-256color")
    run = subprocess.Popen(
        [*COMMAND, "run"], cwd=tmp_path, env=environ, stdin=terminal, stdout=subprocess.DEVNULL, stderr=terminal
    )
    os.close(terminal)
    shown = b""
    while True:
        try:
            piece = os.read(master, 65_536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(master)

    assert run.wait() == 0
    assert b"reading articles" in shown
