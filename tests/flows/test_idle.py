"""A run that finds nothing due, and what the catalogue says by then."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.flows.presswatch import ingest, settle_in
from tests.sites import Site


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A feed that was polled half an hour ago, and is due in another half."""
    with Site() as site:
        site.feeds["/feed"] = []
        settle_in(tmp_path, monkeypatch)
        write_catalogue(tmp_path, f"{site.base}/feed")
        assert [tally.source for tally in ingest().tallies] == ["courier"]
        half = "interval 30 minute"
        with duckdb.connect(str(tmp_path / "data" / "ingest.duckdb")) as connection:
            connection.execute(
                f"update sources set last_polled_at = last_polled_at - {half}, next_due_at = next_due_at - {half}"
            )
        yield site


def write_catalogue(folder: Path, url: str, every: str = "1h") -> None:
    (folder / "sources.yaml").write_text(
        "fetch: {allow_networks: ['127.0.0.0/8']}\n"
        f"sources: [{{name: courier, kind: feed, url: '{url}', every: {every}}}]\n"
    )


def test_nothing_is_due_before_its_time(site: Site) -> None:
    summary = ingest()

    assert summary.tallies == ()
    assert summary.next_due is not None


@pytest.mark.parametrize(("path", "every"), [("/new", "1h"), ("/feed", "10m")], ids=["another address", "more often"])
def test_what_the_catalogue_changed_is_due_at_once(site: Site, tmp_path: Path, path: str, every: str) -> None:
    write_catalogue(tmp_path, f"{site.base}{path}", every)

    assert [tally.source for tally in ingest().tallies] == ["courier"]
