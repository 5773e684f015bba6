"""An archive made elsewhere, taken in part by part: within a run, over runs, and whatever a limit leaves."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.flows.presswatch import ingest as ingest_now
from tests.flows.presswatch import settle_in
from tests.warcs import Crawled, write_warc

Ingest = Callable[..., dict[str, Any]]


@pytest.fixture
def ingest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ingest:
    """One run of the flow over 20 pages of three outlets and, in a second file, a later capture and another page."""
    (tmp_path / "news").mkdir()
    pages = [Crawled(url=f"https://outlet{n % 3}.example/{n}", title=f"Title {n}") for n in range(20)]
    write_warc(tmp_path / "news" / "1.warc.gz", pages)
    later = "2026-11-01T10:00:00Z"
    again = [
        Crawled(url=pages[0].url, title="Corrected", date=later),
        Crawled(url=pages[1].url, title=pages[1].title, date=later),
        Crawled(url="https://outlet0.example/21", title="Title 21", date=later),
    ]
    write_warc(tmp_path / "news" / "2.warc.gz", again)
    (tmp_path / "sources.yaml").write_text("sources:\n  - {name: news, kind: warc, path: news, every: 1h}\n")
    monkeypatch.setattr("pipelines.discover.warc.MOST_ENTRIES", 6)
    settle_in(tmp_path, monkeypatch)
    monkeypatch.setenv("PRESSWATCH_BATCH_WAIT_S", "0.2")

    def run(**environ: str) -> dict[str, Any]:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environ.items():
                patch.setenv(name, value)
            summary = ingest_now()
        assert summary.exit_code == 0
        if not summary.tallies:
            return {}
        (tally,) = summary.tallies
        assert tally.is_balanced
        return {name: getattr(tally, name) for name in ("poll", "known", "deferred", "new", "seen", "revised")}

    return run


def test_one_run_takes_all_parts_and_the_next_finds_nothing_due(ingest: Ingest, tmp_path: Path) -> None:
    first = ingest()
    second = ingest()

    assert first == {"poll": "ok", "known": 0, "deferred": 0, "new": 21, "seen": 1, "revised": 1}
    assert second == {}
    with duckdb.connect(str(tmp_path / "data" / "presswatch.duckdb"), read_only=True) as connection:
        polls = connection.execute("select entry_count from polls order by polled_at").fetchall()
        files = connection.execute("select distinct warc_file from fetches order by 1").fetchall()
        revised = connection.execute("select title, revision from sightings where outcome = 'revised'").fetchall()
        due = connection.execute("select next_due_at > last_polled_at from sources").fetchall()
    assert polls == [(6,), (6,), (6,), (5,)]
    assert files == [(str(tmp_path / "news" / name),) for name in ("1.warc.gz", "2.warc.gz")]
    assert revised == [("Corrected", 1)]
    assert due == [(True,)]
    assert not (tmp_path / "data" / "warc").exists()  # nothing is copied


def test_what_a_limit_leaves_is_taken_by_the_next_runs(ingest: Ingest) -> None:
    runs = [ingest(PRESSWATCH_MAX_ARTICLES="8"), ingest()]

    # The part that the limit cut is read again: two of its pages are known by then.
    assert runs[0] == {"poll": "ok", "known": 0, "deferred": 4, "new": 8, "seen": 0, "revised": 0}
    assert runs[1] == {"poll": "ok", "known": 2, "deferred": 0, "new": 13, "seen": 1, "revised": 1}
