"""A store that takes nothing any more in mid-run: what was cleaned by then waits on disk, and is not fetched again."""

import random
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import duckdb
import pytest

from pipelines.model import StoreFault
from pipelines.run.opening import open_run
from pipelines.run.summary import Summary
from pipelines.settings import load_settings
from pipelines.store import drain, open_store, spool
from tests.builders import a_sighting
from tests.flows.presswatch import ingest as ingest_now
from tests.flows.presswatch import settle_in
from tests.sites import Site

ARTICLES = 60
# Bytes by which ten articles make the write-ahead log longer, at the least; they wait on disk as 90 kB of Parquet.
BATCH = 150_000

Ingest = Callable[[], Summary]


@contextmanager
def files_bounded(byte_count: int) -> Iterator[None]:
    """No file of this process or its children grows beyond so many bytes: what a full disk says, as EFBIG."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (byte_count, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def full_after_one_batch(data: Path) -> Iterator[None]:
    """The disk is full as soon as the first batch is stored; the cleaning processes, too, need room to start."""
    log, is_over = data / "ingest.duckdb.wal", Event()

    def watch() -> None:
        while not is_over.wait(0.002):
            if log.exists() and (size := log.stat().st_size) > BATCH:
                with files_bounded(size + BATCH // 2):
                    is_over.wait()

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        is_over.set()
        watcher.join()


@pytest.fixture
def site() -> Iterator[Site]:
    """A feed of articles of 20 kB."""
    with Site(words=2000) as site:
        site.feeds["/feed"] = [f"/{number}" for number in range(ARTICLES)]
        yield site


@pytest.fixture
def data(tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with an empty store, for whose flow the environment is set."""
    (tmp_path / "sources.yaml").write_text(
        "fetch: {allow_networks: ['127.0.0.0/8']}\n"
        f"sources:\n  - {{name: courier, kind: feed, url: '{site.base}/feed'}}\n"
    )
    settle_in(tmp_path, monkeypatch)
    monkeypatch.setenv("PRESSWATCH_BATCH_SIZE", "10")
    monkeypatch.setenv("PRESSWATCH_ARCHIVE", "false")  # its file is the first to reach the limit
    with open_store(tmp_path / "data"):
        return tmp_path / "data"


@pytest.fixture
def ingest(data: Path) -> Ingest:
    """One run of the flow."""

    return ingest_now


def _kept(data: Path) -> tuple[set[str], set[str]]:
    """URLs that are stored, and URLs that wait."""
    with duckdb.connect(str(data / "ingest.duckdb")) as connection:
        stored = connection.execute("select url from fetches").fetchall()
        waiting = connection.execute(f"select url from '{data}/spool/*/fetches.parquet'").fetchall()
    return {url for (url,) in stored}, {url for (url,) in waiting}


def test_what_is_cleaned_when_the_store_fails_is_never_asked_for_again(data: Path, site: Site, ingest: Ingest) -> None:
    with full_after_one_batch(data), pytest.raises(StoreFault, match="disk is full") as caught:
        ingest()
    stored, waiting = _kept(data)
    batches = len(list((data / "spool").iterdir()))
    summary = ingest()

    assert "\n" not in str(caught.value)
    assert batches >= 2
    assert not stored & waiting
    assert {site.asked[url] for url in stored | waiting} == {1}
    assert summary.exit_code == 0
    assert not list((data / "spool").iterdir())
    with duckdb.connect(str(data / "presswatch.duckdb"), read_only=True) as connection:
        counts = connection.execute(
            "select count(*), count(distinct url), count(*) filter (where outcome = 'new') from fetches"
        ).fetchall()
        articles = connection.execute("select count(*) from articles").fetchall()
        runs = connection.execute("select status from runs order by started_at").fetchall()
    assert counts == [(ARTICLES, ARTICLES, ARTICLES)]
    assert articles == [(ARTICLES,)]
    assert runs == [("failed",), ("completed",)]


def test_where_the_spool_fails_too_the_line_says_both(data: Path, site: Site, ingest: Ingest) -> None:
    (data / "spool").write_text("in the way")

    with full_after_one_batch(data), pytest.raises(StoreFault) as caught:
        ingest()
    (data / "spool").unlink()
    summary = ingest()

    told = str(caught.value)
    assert "\n" not in told
    assert told.startswith(str(data / "ingest.duckdb"))
    assert "could not be kept either and are fetched again" in told
    assert str(data / "spool") in told
    assert summary.exit_code == 0


async def test_a_run_that_fails_before_its_first_poll_says_that_it_failed(data: Path) -> None:
    words = random.Random(1)
    text = " ".join(f"{words.getrandbits(64):x}" for _ in range(BATCH // 16))
    spool(data, run_id=uuid4(), sightings=[a_sighting(text)], rejects=[], loaded_at=datetime.now(UTC))

    with files_bounded(BATCH), pytest.raises(StoreFault):
        async with open_run(load_settings(), prefect_run_id=None):
            pass

    with open_store(data) as store:
        with store.reading() as cursor:
            assert cursor.execute("select status from runs").fetchall() == [("failed",)]
        assert len(drain(store)) == 1
