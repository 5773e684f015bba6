"""A clock that jumps by a year, between two runs or within one: all sources are still polled, and nothing is lost."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
import time_machine

from pipelines.run.summary import Summary
from tests.flows.presswatch import ingest as ingest_now
from tests.flows.presswatch import presswatch, settle_in
from tests.sites import Site

YEAR = timedelta(days=365)

Ingest = Callable[[], Summary]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A feed of nine articles, which the environment knows of."""
    with Site() as site:
        site.feeds["/feed"] = [f"/{number}" for number in range(9)]
        (tmp_path / "sources.yaml").write_text(
            "fetch: {allow_networks: ['127.0.0.0/8']}\n"
            f"sources:\n  - {{name: courier, kind: feed, url: '{site.base}/feed', every: 1h}}\n"
        )
        settle_in(tmp_path, monkeypatch)
        monkeypatch.setenv("PRESSWATCH_BATCH_SIZE", "3")
        monkeypatch.setenv("PRESSWATCH_BATCH_WAIT_S", "0.2")
        yield site


@pytest.fixture
def ingest(site: Site) -> Ingest:
    """One run over whatever is due."""

    return ingest_now


def set_by(shift: timedelta) -> time_machine.travel:
    """A clock that is wrong by so much, and goes on."""
    return time_machine.travel(datetime.now(UTC) + shift, tick=True)


def new_count(summary: Summary) -> int | None:
    return summary.tallies[0].new if summary.tallies else None


def stored(data: Path) -> list[tuple[object, ...]]:
    query = """
        select
            (select count(*) from articles), (select count(*) from fetches), (select count(distinct url) from fetches),
            (select min(duration_ms) >= 0 from fetches), (select min(duration_ms) >= 0 from polls),
            (select bool_and(finished_at >= started_at and status = 'completed') from runs)
    """
    with duckdb.connect(str(data / "presswatch.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("shift", [YEAR, -YEAR], ids=["ahead", "behind"])
def test_a_clock_that_was_wrong_in_the_run_before(site: Site, ingest: Ingest, tmp_path: Path, shift: timedelta) -> None:
    with set_by(shift):
        first = ingest()
    is_alive = presswatch("status", "--alive", "1h", cwd=tmp_path).returncode == 0
    site.feeds["/feed"].insert(0, "/9")
    second = ingest()
    third = ingest()

    assert [new_count(summary) for summary in (first, second, third)] == [9, 1, None]  # the third finds nothing due
    assert not is_alive
    assert presswatch("status", "--alive", "1h", cwd=tmp_path).returncode == 0
    assert stored(tmp_path / "data") == [(10, 10, 10, True, True, True)]
    assert {count for url, count in site.asked.items() if url.rpartition("/")[2].isdigit()} == {1}


@pytest.mark.parametrize("shift", [YEAR, -YEAR], ids=["forwards", "backwards"])
def test_a_clock_that_jumps_within_a_run(site: Site, ingest: Ingest, tmp_path: Path, shift: timedelta) -> None:
    with ExitStack() as wrong:

        def jump(path: str) -> None:
            if path == "/4":
                wrong.enter_context(set_by(shift))

        site.on_request = jump
        first = ingest()
    site.feeds["/feed"].insert(0, "/9")
    # The clock is right again, and an hour has passed.
    with set_by(timedelta(hours=1, minutes=1)):
        second = ingest()

    assert [new_count(summary) for summary in (first, second)] == [9, 1]
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert stored(tmp_path / "data") == [(10, 10, 10, True, True, True)]
