"""A feed that moved on between two runs: one decision writes the gap, tells of it and shortens the interval."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.store import status_rows
from tests.flows.presswatch import ingest as ingest_now
from tests.flows.presswatch import settle_in
from tests.sites import Site


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A feed that shows the newest five of its articles, one every ten minutes; the environment knows of it."""
    with Site() as site:
        (tmp_path / "sources.yaml").write_text(
            "fetch: {allow_networks: ['127.0.0.0/8']}\n"
            f"sources:\n  - {{name: courier, kind: feed, url: '{site.base}/feed', every: 1h}}\n"
        )
        settle_in(tmp_path, monkeypatch)
        monkeypatch.setenv("PRESSWATCH_BATCH_WAIT_S", "0.2")
        yield site


def ingest() -> None:
    assert ingest_now(["courier"]).exit_code == 0


def asked(data: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(data / "ingest.duckdb")) as connection:
        return connection.execute(sql).fetchall()


def test_a_feed_that_moved_on_is_one_gap_told_and_looked_at_sooner(site: Site, tmp_path: Path) -> None:
    data, now = tmp_path / "data", datetime.now(UTC)
    waits = "select round(epoch(next_due_at - polled_at) / 60) from polls order by polled_at"
    for number in range(100):
        site.dates[f"/{number}"] = now - (100 - number) * timedelta(minutes=10)
    site.headers["Cache-Control"] = "max-age=86400"  # which a gap proves wrong

    site.feeds["/feed"] = [f"/{number}" for number in range(10, 15)]
    ingest()
    # As if two hours had passed since the last look.
    asked(data, "update sources set last_entries_at = last_entries_at - interval 2 hour")
    site.feeds["/feed"] = [f"/{number}" for number in range(95, 100)]
    ingest()
    site.feeds["/feed"] = [f"/{number}" for number in range(94, 99)]
    ingest()

    query = "select missed_estimate, entries_per_hour, hour_count from coverage_gaps"
    ((missed, per_hour, hours),) = asked(data, query)
    assert (per_hour, hours) == (6, 2)
    # From two hours ago to the oldest that is there now, which is fifty minutes old.
    assert missed == 7
    assert asked(data, waits) == [(120,), (30,), (120,)]
    (row,) = status_rows(data)
    assert (row.health, row.gap_count_7d, row.missed_estimate_7d) == ("gaps", 1, 7)


def test_pinned_entries_hide_no_gap(site: Site, tmp_path: Path) -> None:
    data, now = tmp_path / "data", datetime.now(UTC)
    for number in range(100):
        site.dates[f"/{number}"] = now - (100 - number) * timedelta(minutes=10)
    pinned = ["/pinned-1", "/pinned-2"]
    site.dates |= {path: now - timedelta(days=400) for path in pinned}

    site.feeds["/feed"] = pinned + [f"/{number}" for number in range(80, 90)]
    ingest()
    asked(data, "update sources set last_entries_at = last_entries_at - interval 90 minute")
    site.feeds["/feed"] = pinned + [f"/{number}" for number in range(96, 100)]
    ingest()

    # Of ten that came within ninety minutes, four are shown: /91 to /95 are lost.
    assert asked(data, "select missed_estimate, entries_per_hour from coverage_gaps") == [(5, 6.0)]
