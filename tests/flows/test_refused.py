"""Data that breaks a promise: no run publishes it, neither the one that finds it nor a later one."""

from pathlib import Path

import duckdb
import pytest

from tests.flows.presswatch import ingest, settle_in

SEEDS = Path(__file__).parents[1] / "fixtures" / "seeds"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "sources.yaml").write_text(f"sources:\n  - {{name: seeds, kind: files, path: '{SEEDS}', every: 1h}}\n")
    settle_in(tmp_path, monkeypatch)
    return tmp_path / "data"


def article_count(path: Path) -> int:
    with duckdb.connect(str(path), read_only=True) as connection:
        [(count,)] = connection.execute("select count(*) from articles").fetchall()
    return int(count)


def test_what_one_run_refuses_no_later_run_publishes(data: Path) -> None:
    assert ingest(["seeds"]).exit_code == 0
    with duckdb.connect(str(data / "ingest.duckdb")) as connection:
        # As if a run had stored an article twice, and was killed before it could judge.
        connection.execute("update runs set status = 'interrupted'")
        connection.execute("insert into articles by name select * replace (now() as loaded_at) from articles limit 1")

    assert [ingest(["seeds"]).exit_code, ingest(["seeds"]).exit_code] == [5, 5]

    idle = ingest()
    assert (idle.tallies, idle.exit_code) == ((), 5)  # nothing is due, and still it says so
    assert article_count(data / "ingest.duckdb") == 6
    assert article_count(data / "presswatch.duckdb") == 5

    with duckdb.connect(str(data / "ingest.duckdb")) as connection:
        connection.execute("delete from articles where rowid = (select max(rowid) from articles)")
    assert ingest(["seeds"]).exit_code == 0
