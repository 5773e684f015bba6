"""Querying: answers for analysts, and one clear line where there is none."""

import subprocess
import sys
from datetime import UTC
from pathlib import Path

import duckdb
import pytest

from pipelines.model import OperatorFault, StoreFault
from pipelines.store import load, open_store, query, status_rows, sync_sources
from tests.builders import NOON, RUN, a_sighting, a_source, publish


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with open_store(tmp_path) as store:
        sync_sources(store, [a_source(), a_source("wire", is_enabled=False)], NOON)
        load(store, run_id=RUN, sightings=[a_sighting()], rejects=[], loaded_at=NOON)
    publish(tmp_path)
    return tmp_path


def test_an_answer_has_columns_and_rows(data: Path) -> None:
    result = query(data, "select title, first_seen_at, authors from articles")

    assert result.columns == ("title", "first_seen_at", "authors")
    (row,) = result.rows
    assert row == ("One", NOON, ["Ann Author"])
    assert row[1].utcoffset() == UTC.utcoffset(None)  # type: ignore[attr-defined]


def test_a_long_answer_comes_as_it_is_drawn(data: Path) -> None:
    rows = query(data, "from range(1_000_000_000)").rows

    assert [next(rows) for _ in range(2500)][-1] == (2499,)
    rows.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("selec 1", "syntax error"),
        ("select nothing from articles", "nothing"),
        ("from nowhere", "nowhere"),
        ("delete from articles", "read-only"),
        ("select cast('x' as integer)", "Could not convert"),
        ("from 'missing.csv'", "No files found"),
        ("select error('late') from range(10)", "late"),
    ],
)
def test_a_query_that_does_not_hold_is_the_operators_fault(data: Path, sql: str, words: str) -> None:
    with pytest.raises(OperatorFault, match=words) as caught:
        list(query(data, sql).rows)

    assert not isinstance(caught.value, StoreFault)
    assert caught.value.exit_code == 2
    assert str(caught.value).count("\n") <= 5


def test_an_empty_query_answers_nothing(data: Path) -> None:
    for sql in ("", "-- nothing", ";"):
        result = query(data, sql)
        assert (result.columns, list(result.rows)) == ((), [])


def test_nothing_published_yet_names_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(StoreFault, match="run `presswatch run` first"):
        query(tmp_path, "select 1")


def test_a_broken_copy_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "presswatch.duckdb").write_bytes(b"broken" * 10_000)

    with pytest.raises(StoreFault) as caught:
        query(tmp_path, "select 1")

    assert "\n" not in str(caught.value)


def test_the_status_names_every_source(data: Path) -> None:
    assert [(row.source, row.health) for row in status_rows(data)] == [("courier", "new"), ("wire", "disabled")]


def test_the_status_of_a_file_of_another_version_is_one_line(data: Path) -> None:
    published = data / "presswatch.duckdb"
    published.chmod(0o644)
    with duckdb.connect(str(published)) as connection:
        connection.execute("delete from migrations where version > 3")
        connection.execute("drop view source_health")

    with pytest.raises(StoreFault, match=r"schema 3 .* the next `presswatch run` brings it up to date"):
        status_rows(data)


def test_a_query_never_waits_for_arrow_or_prefect(data: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from pipelines.store import query; "
        "list(query(Path(sys.argv[1]), 'from articles').rows); "
        "print(sorted({'pyarrow', 'prefect', 'trafilatura', 'httpx', 'tldextract'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code, str(data)], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
