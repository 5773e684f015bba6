"""Slow hosts with more to fetch than a run can take: nobody else waits for them."""

import asyncio
from pathlib import Path

import pytest

from pipelines.run.ingestion import ingest
from pipelines.run.ledger import Bounds
from pipelines.settings import load_settings
from tests.sites import Site


def test_the_backlog_of_slow_hosts_holds_up_no_other_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = ("slow-1", "slow-2", "slow-3")
    # The true bounds, and 20 sitemaps of 5,000 pages, in small.
    bounds = Bounds(announced=40, waiting_for_hosts=80, backlog_high=20, taken_when_high=5)
    with Site() as site:
        hosts = "{quick.localhost: {pause: 0}, '*.localhost': {pause: 1}}"
        lines = [f"fetch: {{allow_networks: ['127.0.0.0/8'], hosts: {hosts}}}", "sources:"]
        for name in (*slow, "quick"):
            # In the names of pages, too, or they would be the same texts.
            site.feeds[f"/{name}"] = [f"/{name}/{number}" for number in range(5 if name == "quick" else 60)]
            lines.append(f"  - {{name: {name}, kind: feed, url: 'http://{name}.localhost:{site.port}/{name}'}}")
        (tmp_path / "sources.yaml").write_text("\n".join(lines) + "\n")
        for name, value in {
            "PRESSWATCH_DATA": str(tmp_path / "data"),
            "PRESSWATCH_SOURCES": str(tmp_path / "sources.yaml"),
            "PRESSWATCH_BATCH_WAIT_S": "0.2",
            "PRESSWATCH_POLL_CONCURRENCY": "1",
            "PRESSWATCH_RUN_MINUTES": "0.2",
            "PRESSWATCH_WORKERS": "1",
        }.items():
            monkeypatch.setenv(name, value)
        summary = asyncio.run(ingest(load_settings(), bounds=bounds))

    tallies = {tally.source: tally for tally in summary.tallies}
    assert tallies["quick"].new == 5
    assert all(tallies[name].entries == 60 and tallies[name].deferred >= 40 for name in slow)
    assert all(tally.is_balanced for tally in summary.tallies)
