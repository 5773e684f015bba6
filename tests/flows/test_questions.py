"""Questions: what sql, tables and status write for people on a terminal, and for programs."""

import json
import os
import pty
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from pyarrow import parquet

from flows.cli.answers import plain, shown
from flows.cli.terminal import column_widths
from pipelines.store import load, open_store, publish_open, sync_sources
from pipelines.store.data_folder import held
from tests.builders import NOON, RUN, a_sighting, a_source, an_article
from tests.flows.presswatch import COMMAND, clean_environ, presswatch

HOSTILE = "Bridge\x1b]0;owned\x07 \x9b31m\u202ereversed"
STYLE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published store with one article whose title is hostile."""
    folder = tmp_path_factory.mktemp("asked")
    with open_store(folder / "data") as store:
        sync_sources(store, [a_source()], NOON)
        sighting = a_sighting(article=an_article("One long line. " * 200 + "\nAnother.", title=HOSTILE))
        load(store, run_id=RUN, sightings=[sighting], rejects=[], loaded_at=NOON)
        publish_open(store)
    return folder


def on_a_terminal(*arguments: str, cwd: Path, typed: str = "", columns: int = 80) -> str:
    """What the command shows on a terminal of that width, without its styles."""
    controller, terminal = pty.openpty()
    environ = clean_environ(COLUMNS=str(columns), TERM="xterm")
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=cwd, env=environ, stdin=terminal, stdout=terminal, stderr=terminal
    ):
        os.close(terminal)
        os.write(controller, typed.encode())
        found = b"".join(_read(controller))
    os.close(controller)
    return STYLE.sub("", found.decode()).replace("\r\n", "\n")


def _read(controller: int) -> Iterator[bytes]:
    while True:
        try:
            part = os.read(controller, 65_536)
        except OSError:  # Linux says so when the other end is closed.
            return
        if not part:
            return
        yield part


def test_table_on_a_terminal_has_one_clipped_line_a_row(folder: Path) -> None:
    lines = on_a_terminal("sql", "from articles", cwd=folder).splitlines()

    assert max(map(len, lines)) <= 80
    assert sum("1:" in line for line in lines) == 1
    assert "more columns" in lines[-1]


def test_vertical_mode_shows_whole_texts(folder: Path) -> None:
    shown = on_a_terminal("sql", "-x", "select word_count, text from articles", cwd=folder)

    assert shown.startswith("-- row 1 --\nword_count  ")
    assert "One long line. " * 199 in shown
    assert shown.endswith("\n            Another.\n")


@pytest.mark.parametrize("arguments", [(), ("-x",), ("--json",), ("-f", "jsonl"), ("-f", "csv"), ("-f", "markdown")])
def test_what_a_page_says_moves_no_cursor(folder: Path, arguments: tuple[str, ...]) -> None:
    shown = on_a_terminal("sql", "select title from articles", *arguments, cwd=folder)

    assert "Bridge" in shown
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)


def test_a_fault_that_quotes_a_query_moves_no_cursor(folder: Path) -> None:
    ended = presswatch("sql", "select \x1b[31m\u202e", cwd=folder)

    assert ended.returncode == 2
    assert not re.search("[\x1b\u202e]", ended.stderr)


def test_several_statements_show_every_result(folder: Path) -> None:
    query = "select 1 as a; set threads = 1; select 2 as b, 3 as c"

    table = presswatch("sql", query, "-f", "csv", cwd=folder)
    as_json = presswatch("sql", query, "--json", cwd=folder)

    assert table.stdout.splitlines() == ["a", "1", "", "b,c", "2,3"]
    assert json.loads(as_json.stdout) == [[{"a": 1}], [{"b": 2, "c": 3}]]


def test_the_plan_of_a_query_keeps_its_lines(folder: Path) -> None:
    shown = on_a_terminal("sql", "explain from articles", cwd=folder)

    assert "SEQ_SCAN" in shown or "TABLE_SCAN" in shown
    assert len(shown.splitlines()) > 5


def test_parquet_goes_to_a_file_or_a_pipe(folder: Path, tmp_path: Path) -> None:
    query = "select title, first_seen_at from articles"

    named = presswatch("sql", query, "-f", "parquet", "-o", str(tmp_path / "x.parquet"), cwd=folder)
    with (tmp_path / "y.parquet").open("wb") as sink:
        subprocess.run(
            [*COMMAND, "sql", query, "-f", "parquet"], cwd=folder, env=clean_environ(), stdout=sink, check=True
        )
    several = presswatch("sql", "select 1; select 2", "-f", "parquet", cwd=folder)

    assert named.returncode == 0
    tables = [parquet.read_table(tmp_path / f"{name}.parquet") for name in "xy"]
    assert tables[0].equals(tables[1])
    assert tables[0].column_names == ["title", "first_seen_at"]
    assert tables[0].num_rows == 1
    assert (several.returncode, several.stdout) == (2, "")
    assert "terminal" in on_a_terminal("sql", query, "-f", "parquet", cwd=folder)


def test_a_terminal_without_a_query_gets_a_prompt(folder: Path) -> None:
    shown = on_a_terminal("sql", cwd=folder, typed="select 40\n+ 2 as answer;\nselect nope;\nselect 7 as more;\nexit\n")

    assert "answer" in shown
    assert "42" in shown
    assert "Binder Error" in shown
    assert "more" in shown


def test_tables_says_what_tables_and_columns_mean(folder: Path) -> None:
    listed = presswatch("tables", "--json", cwd=folder)
    columns = presswatch("tables", "articles", "--json", cwd=folder)
    unknown = presswatch("tables", "article", cwd=folder)

    names = {row["name"]: row["kind"] for row in json.loads(listed.stdout)}
    assert (names["articles"], names["source_health"]) == ("table", "view")
    assert all(row["comment"] for row in json.loads(listed.stdout))
    assert {row["name"]: row["type"] for row in json.loads(columns.stdout)}["authors"] == "VARCHAR[]"
    assert unknown.returncode == 2
    assert "did you mean articles?" in unknown.stderr


def test_status_during_the_first_run_says_that_one_is_at_work(tmp_path: Path) -> None:
    with held(tmp_path / "data"):
        said = presswatch("status", cwd=tmp_path)
        asked = presswatch("sql", "from articles", cwd=tmp_path)

    assert said.returncode == 0
    assert f"pid {os.getpid()}" in said.stderr
    assert asked.returncode == 4
    assert f"pid {os.getpid()}" in asked.stderr
    assert "run `presswatch run` first" not in asked.stderr


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (datetime(2025, 6, 27, 11, 5, tzinfo=UTC), "2025-06-27T11:05:00Z"),
        (datetime(2025, 6, 27, 11, 5), "2025-06-27T11:05:00"),
        (timedelta(days=3), "P3D"),
        (timedelta(hours=-1, seconds=-0.5), "-PT1H0.5S"),
        (timedelta(), "PT0S"),
        (b"\x00\xff", "00ff"),
        (Decimal("1.50"), "1.50"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ([datetime(2025, 6, 27, tzinfo=UTC), None, "x"], "2025-06-27T00:00:00Z, , x"),
        ({"a": datetime(2025, 6, 27, tzinfo=UTC), "b": [True]}, '{"a": "2025-06-27T00:00:00Z", "b": [true]}'),
    ],
)
def test_values_are_spelled_as_sql_and_iso_do(value: object, text: str) -> None:
    assert shown(value) == text


def test_json_has_numbers_and_no_nan() -> None:
    assert plain([1, 1.5, float("nan"), Decimal("2.5"), {1: None}]) == [1, 1.5, None, 2.5, {"1": None}]


def test_columns_share_a_line_by_what_they_need() -> None:
    heads, rows = ["id", "a title", "more"], [["1", "x" * 200, "y" * 200]]

    assert column_widths(heads, rows, width=60) == [2, 25, 25]
    assert column_widths(heads, rows, width=20) == [2, 13]
    assert column_widths(heads, rows, width=1_000) == [2, 200, 200]


def test_what_is_tried_moves_no_cursor(tmp_path: Path) -> None:
    words = "The council met on Tuesday to discuss the bridge and decided after three hours to repair it. " * 12
    page = tmp_path / "page.html"
    page.write_text(
        f"<title>Bridge &#x202e;reversed \x9b31m</title><article><h1>Bridge</h1><p>{words}\u202e</p></article>"
    )

    ended = presswatch("try", str(page), cwd=tmp_path)
    as_json = presswatch("try", str(page), "--json", cwd=tmp_path)

    assert ended.returncode == 0, ended.stderr
    assert "The council met" in ended.stdout
    assert not re.search("[\x1b\x80-\x9f\u202e]", ended.stdout + as_json.stdout)
    assert json.loads(as_json.stdout)["outcome"] == "article"
