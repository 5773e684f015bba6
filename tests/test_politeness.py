"""What one run was told, the next one knows: a host that asked for an hour is left alone by all sources."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from tests.faults.case import answer, fault, says
from tests.faults.server import Served, serving
from tests.flows.presswatch import presswatch
from tests.sites import Site

NAME = "busy-for-an-hour"
BUSY = fault(NAME, "status", "fetch:host-paused", says(answer(b"busy", status="429 Busy", Retry_After="3600")))


@pytest.fixture
def served() -> Iterator[Served]:
    with serving((BUSY,)) as server:
        yield server


def write_sources(folder: Path, **urls: str) -> None:
    sources = [{"name": name, "kind": "feed", "url": url} for name, url in urls.items()]
    rules = {"allow_networks": ["127.0.0.0/8"], "hosts": {"*": {"pause": 0}}}
    (folder / "sources.yaml").write_text(yaml.safe_dump({"fetch": rules, "sources": sources}))


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(folder / "data" / "presswatch.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_a_host_that_asked_for_an_hour_is_left_alone_by_every_source_and_the_next_run(
    served: Served, tmp_path: Path
) -> None:
    host = f"{NAME}.localhost:{served.port}"
    # One source announces a page of the host; the other is the host's own feed, and comes with the second run only.
    announcing = f"http://{NAME}.feeds.localhost:{served.port}/feed.xml"
    write_sources(tmp_path, announcing=announcing)
    first = presswatch("run", cwd=tmp_path)
    asked = dict(served.requests)
    write_sources(tmp_path, announcing=announcing, own=f"http://{host}/feed.xml")
    second = presswatch("run", cwd=tmp_path)

    assert (first.stderr, second.stderr) == ("", "")
    assert asked == {(NAME, "/robots.txt"): 1, (NAME, "/article"): 1, (NAME, "/feed.xml"): 0}
    assert dict(served.requests) == asked
    assert rows(tmp_path, "select reason, detail from rejects order by all")[0][0] == "host-paused"
    [(reason, detail)] = rows(tmp_path, "select reason, detail from polls where source = 'own'")
    assert reason == "host-paused"
    assert f"{host} is left alone for 3" in detail
    assert "429" in detail
    told = presswatch("status", cwd=tmp_path)
    assert "host-paused" in told.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have one address on loopback")
def test_an_outside_feed_leads_nobody_to_a_service_of_this_machine(tmp_path: Path) -> None:
    with Site() as newsroom, Site(address="127.0.0.2") as outside:
        newsroom.feeds["/feed.xml"] = ["/story"]
        outside.feeds["/feed.xml"] = ["/own", f"{newsroom.base}/admin"]
        sources = [
            {"name": name, "kind": "feed", "url": f"{site.base}/feed.xml", "allow_networks": [network]}
            for name, site, network in (("newsroom", newsroom, "127.0.0.1/32"), ("outside", outside, "127.0.0.2/32"))
        ]
        (tmp_path / "sources.yaml").write_text(yaml.safe_dump({"sources": sources}))

        assert presswatch("run", cwd=tmp_path).stderr == ""

    assert rows(tmp_path, "select source, url from sightings order by all") == [
        ("newsroom", f"{newsroom.base}/story"),
        ("outside", f"{outside.base}/own"),
    ]
    assert rows(tmp_path, "select source, reason from rejects") == [("outside", "private-address")]
    assert not newsroom.asked[f"{newsroom.base}/admin"]
