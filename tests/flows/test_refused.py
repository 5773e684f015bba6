"""Data that breaks a promise: no run publishes it, neither the one that finds it nor a later one."""

import asyncio
from pathlib import Path

import duckdb
import pytest

from flows.idle import run_idle
from pipelines.catalog import load_catalog
from pipelines.settings import load_settings
from tests.flows.presswatch import settle_in

SEEDS = Path(__file__).parents[1] / "fixtures" / "seeds"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "sources.yaml").write_text(f"sources:\n  - {{name: seeds, kind: files, path: '{SEEDS}', every: 1h}}\n")
    settle_in(tmp_path, monkeypatch)
    return tmp_path / "data"


def ingest() -> int:
    from flows.ingest import ingest_once

    return asyncio.run(ingest_once(["seeds"])).exit_code


def article_count(path: Path) -> int:
    with duckdb.connect(str(path), read_only=True) as connection:
        [(count,)] = connection.execute("select count(*) from articles").fetchall()
    return int(count)


def test_what_one_run_refuses_no_later_run_publishes(data: Path) -> None:
    assert ingest() == 0
    with duckdb.connect(str(data / "ingest.duckdb")) as connection:
        # As if a run had stored an article twice, and was killed before it could judge.
        connection.execute("update runs set status = 'interrupted'")
        connection.execute("insert into articles by name select * replace (now() as loaded_at) from articles limit 1")

    assert [ingest(), ingest()] == [5, 5]

    settings = load_settings()
    assert run_idle(load_catalog(settings.sources, environ={}), settings) is None  # it takes a run to say so
    assert article_count(data / "ingest.duckdb") == 6
    assert article_count(data / "presswatch.duckdb") == 5

    with duckdb.connect(str(data / "ingest.duckdb")) as connection:
        connection.execute("delete from articles where rowid = (select max(rowid) from articles)")
    assert ingest() == 0
