"""Migrating: the schema is made in whole steps, documented, and remade where its views change."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.store import open_store
from pipelines.store.migrating import applied_version, apply_migrations, known_version
from pipelines.store.reference import COMMAND, tables_page
from pipelines.store.staging import arrow_table
from pipelines.store.statements import scripts, sql_folder
from pipelines.store.tables import FetchRow, PollRow, RejectRow

ROOT = Path(__file__).parents[3]


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    with duckdb.connect(":memory:") as opened:
        apply_migrations(opened)
        yield opened


@pytest.fixture
def own_sql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of sql/ that a test may change."""
    folder = tmp_path / "sql"
    shutil.copytree(sql_folder(), folder)
    monkeypatch.setattr("pipelines.store.statements.sql_folder", lambda: folder)
    return folder


def test_every_table_view_column_and_macro_has_a_comment(connection: duckdb.DuckDBPyConnection) -> None:
    bare = connection.execute(
        """
        select table_name from duckdb_tables() where comment is null
        union all select view_name from duckdb_views() where not internal and comment is null
        union all select concat(table_name, '.', column_name) from duckdb_columns()
            where not internal and comment is null
        union all select function_name from duckdb_functions()
            where not internal and function_type in ('macro', 'table_macro') and comment is null
        """
    ).fetchall()

    assert bare == []


def test_the_page_of_tables_is_current() -> None:
    page = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")

    assert page == tables_page(), f"run: {COMMAND}"


@pytest.mark.parametrize(
    ("table", "row_type"),
    [
        ("fetches", FetchRow),
        ("rejects", RejectRow),
        ("polls", PollRow),
    ],
)
def test_rows_fit_their_tables(connection: duckdb.DuckDBPyConnection, table: str, row_type: type) -> None:
    columns = connection.execute(
        "select column_name from duckdb_columns() where table_name = $t", {"t": table}
    ).fetchall()
    filled_later = {"raw_removed_at"}

    assert set(arrow_table(row_type, []).column_names) == {name for (name,) in columns} - filled_later


def test_every_table_is_kept_without_index_or_key(connection: duckdb.DuckDBPyConnection) -> None:
    assert connection.execute("from duckdb_indexes()").fetchall() == []
    assert connection.execute("from duckdb_constraints()").fetchall() == []


def test_migrating_again_changes_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    ledger = connection.execute("from migrations").fetchall()

    apply_migrations(connection)

    assert connection.execute("from migrations").fetchall() == ledger
    assert applied_version(connection) == known_version()


def test_a_database_of_an_older_version_keeps_its_rows_under_the_new_names(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "old.duckdb") as connection:
        for version, path in enumerate(scripts("migrations")[:4]):
            connection.execute(path.read_text(encoding="utf-8"))
            connection.execute("insert into migrations (version, name) values (?, ?)", [version, path.stem])
        connection.execute("create view coverage_gaps as select gap_from, gap_to from gaps")
        connection.execute("insert into migrations (name) values ('views')")
        connection.execute(
            """
            insert into gaps (poll_id, source, gap_from, gap_to) values (uuid(), 'courier', $at, $at + interval 1 hour);
            insert into fetches (fetch_id, outcome, announced_at, modified_at, archived_until)
                values (uuid(), 'new', $at, $at + interval 1 day, $at + interval 2 day);
            insert into articles (article_id, text, published_offset, removed)
                values (uuid(), 'One text.', 60, map {'boxes': 2});
            insert into sightings (url_id, revision) values (uuid(), 0);
            insert into polls (poll_id, run_id, source, outcome, entry_count, known_count)
                values (uuid(), uuid(), 'courier', 'ok', 3, 3);
            insert into run_tallies (run_id, source, entry_count) values (uuid(), 'courier', 99);
            """.replace("$at", "timestamptz '2026-11-22 12:00:00+00'")
        )

    with duckdb.connect(tmp_path / "old.duckdb") as connection:
        apply_migrations(connection)

        def answer(query: str) -> list[tuple[object, ...]]:
            return connection.execute(query).fetchall()

        assert applied_version(connection) == known_version()
        assert answer("select ended_at - started_at, hour_count, gap_to - gap_from from coverage_gaps") == [
            (timedelta(hours=1), 1.0, timedelta(hours=1))
        ]
        assert answer("select announced_modified_at - announced_published_at from fetches") == [(timedelta(days=1),)]
        assert answer("select raw_removed_at - announced_published_at from fetches") == [(timedelta(days=2),)]
        assert answer("select text, published_utc_offset_min, removed_lines from articles") == [
            ("One text.", 60, {"boxes": 2})
        ]
        assert answer("select revision, own_url from sightings") == [(0, None)]
        assert answer("select entry_count, known_count from run_tallies") == [(3, 3)]


def test_a_step_that_fails_leaves_no_trace(connection: duckdb.DuckDBPyConnection, own_sql: Path) -> None:
    (own_sql / "migrations" / "9000_wrong.sql").write_text("create table half (a integer); create nonsense;")

    with pytest.raises(duckdb.Error):
        apply_migrations(connection)

    assert applied_version(connection) < 9000
    assert connection.execute("select * from duckdb_tables() where table_name = 'half'").fetchall() == []


def test_views_follow_their_files(connection: duckdb.DuckDBPyConnection, own_sql: Path) -> None:
    (own_sql / "views" / "freshness.sql").unlink()
    for path in (own_sql / "macros").iterdir():
        path.unlink()
    (own_sql / "views" / "answer.sql").write_text("create view answer as select 42 as answer;")

    apply_migrations(connection)

    views = {
        name for (name,) in connection.execute("select view_name from duckdb_views() where not internal").fetchall()
    }
    assert "answer" in views
    assert "freshness" not in views
    assert connection.execute("select count(*) from duckdb_functions() where not internal").fetchall() == [(0,)]


def test_every_view_and_check_answers_on_an_empty_store(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, store.reading() as cursor:
        names = cursor.execute("select view_name from duckdb_views() where not internal").fetchall()
        for (name,) in names:
            assert cursor.execute(f"from {name}").fetchall() == []


@pytest.mark.parametrize(
    "path",
    [*scripts("checks"), *scripts("queries"), *scripts("queries/load"), *scripts("queries/replay")],
    ids=lambda path: path.stem,
)
def test_a_statement_states_its_grain_and_stands_alone(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert text.startswith("-- One row")
    assert ";" not in text
    assert all(len(line) <= 120 for line in text.splitlines())


def test_a_digest_of_several_values_is_split(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "old.duckdb") as old:
        for path in scripts("migrations")[:4]:
            old.execute(path.read_text(encoding="utf-8"))
            old.execute("insert into migrations (version, name) values ($1, $2)", [int(path.stem[:4]), path.stem])
        old.execute(
            """
            insert into sources (source, kind, digest) values
                ('feed', 'feed', 'aa.0123abcd.20231130.e10-800000-40'), ('plain', 'feed', 'bb.0123abcd.20231130'),
                ('warc', 'warc', 'cc.0123abcd.2-5000000000'), ('void', 'feed', null)
            """
        )
        old.execute("insert into polls (source, digest) values ('feed', 'aa.0123abcd.20231130')")

        apply_migrations(old)

        assert old.execute(
            """
            select source, digest, config_digest, read_on, pause_s, skip_hours, skip_days, archive_file_count,
                archive_offset
            from sources order by source
            """
        ).fetchall() == [
            ("feed", "aa", "0123abcd", date(2023, 11, 30), 3600, 1 << 23, 1 << 6, None, None),
            ("plain", "bb", "0123abcd", date(2023, 11, 30), 0, 0, 0, None, None),
            ("void", *[None] * 8),
            ("warc", "cc", "0123abcd", None, 0, 0, 0, 2, 5_000_000_000),
        ]
        assert old.execute("select digest, config_digest, read_on from polls").fetchall() == [
            ("aa", "0123abcd", date(2023, 11, 30))
        ]
