"""Polling: who announces a page first."""

import asyncio
import time
from pathlib import Path

import duckdb
import pytest

from pipelines.run.ingestion import ingest
from pipelines.run.polling import SiteOrder, without_texts
from pipelines.settings import load_settings
from tests.builders import a_source, an_entry
from tests.sites import Site


def test_a_page_of_two_sources_belongs_to_the_first_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Site() as site:
        fetch = "{allow_networks: ['127.0.0.0/8'], hosts: {'*.localhost': {pause: 0, connections: 4}}}"
        lines = [f"fetch: {fetch}", "sources:"]
        for name in ("slow", "quick"):
            site.feeds[f"/{name}"] = ["/one", f"/{name}/only"]
            lines.append(f"  - {{name: {name}, kind: feed, url: 'http://news.localhost:{site.port}/{name}'}}")
        (tmp_path / "sources.yaml").write_text("\n".join(lines) + "\n")
        site.on_request = lambda path: time.sleep(0.5 if path == "/slow" else 0)
        monkeypatch.setenv("PRESSWATCH_DATA", str(tmp_path / "data"))
        monkeypatch.setenv("PRESSWATCH_SOURCES", str(tmp_path / "sources.yaml"))
        monkeypatch.setenv("PRESSWATCH_WORKERS", "1")
        summary = asyncio.run(ingest(load_settings()))

    with duckdb.connect(str(summary.database), read_only=True) as connection:
        found = connection.execute("select parse_path(url)[-1], source from sightings order by all").fetchall()
    assert found == [("one", "slow"), ("only", "quick"), ("only", "slow")]
    assert [(tally.source, tally.new, tally.known) for tally in summary.tallies] == [("slow", 2, 0), ("quick", 1, 1)]


def test_sources_of_one_host_announce_in_the_order_given() -> None:
    sources = [a_source(name, location="https://www.one.example/feed") for name in ("first", "second", "third")]
    other = a_source("other", location="https://two.example/feed")

    async def announce_backwards() -> list[str]:
        order = SiteOrder([*sources, other])
        announced = []

        async def announce(number: int) -> None:
            await order.wait(sources[number])
            announced.append(sources[number].name)
            order.pass_on(sources[number])

        assert order.has_turn(other)
        assert not order.has_turn(sources[1])
        await asyncio.gather(*(announce(number) for number in (2, 1, 0)))
        return announced

    assert asyncio.run(announce_backwards()) == ["first", "second", "third"]


def test_a_slow_source_is_not_waited_for_without_end() -> None:
    async def wait_in_vain() -> None:
        sources = [a_source(name, location="https://one.example/feed") for name in ("slow", "quick")]
        await SiteOrder(sources, wait_s=0.01).wait(sources[1])

    asyncio.run(wait_in_vain())


def test_full_texts_go_but_for_entries_without_a_page() -> None:
    with_page = an_entry(content_html="<p>One</p>")
    without = an_entry("", canonical_url="urn:presswatch:courier:7", content_html="<p>Two</p>")

    assert without_texts([with_page, without]) == (an_entry(), without)
