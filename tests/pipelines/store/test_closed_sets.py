"""Closed sets: program, database and comments name the same values."""

import re
from typing import Any, get_args

import duckdb
import pytest

from pipelines.model import Flag, Kind, Origin, Outcome, PollOutcome, Precision, Reason, RunStatus, Stage
from pipelines.reasons import Weight
from pipelines.store.closed_sets import CLOSED_SETS
from pipelines.store.migrating import apply_migrations

TYPES = {
    "sources.kind": Kind,
    "fetches.stage": Stage,
    "fetches.outcome": Outcome,
    "fetches.reason": Reason,
    "polls.outcome": PollOutcome,
    "articles.published_precision": Precision,
    "articles.published_origin": Origin,
    "articles.flags": Flag,
    "runs.status": RunStatus,
    "reasons.weight": Weight,
}
COLUMNS = {column: closed_set for closed_set in CLOSED_SETS for column in closed_set.columns}


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    with duckdb.connect(":memory:") as opened:
        apply_migrations(opened)
        yield opened


@pytest.mark.parametrize("column", TYPES)
def test_a_closed_set_names_the_values_of_its_type(column: str) -> None:
    assert tuple(COLUMNS[column].values) == get_args(TYPES[column])


def test_what_a_sighting_may_be_is_what_a_fetch_may_be_but_rejected() -> None:
    assert {*COLUMNS["sightings.outcome"].values, "rejected"} == set(get_args(Outcome))


@pytest.mark.parametrize("column", COLUMNS)
def test_the_comment_of_a_column_lists_its_values_and_no_others(
    connection: duckdb.DuckDBPyConnection, column: str
) -> None:
    table, _, name = column.partition(".")
    [(comment,)] = connection.execute(
        "select comment from duckdb_columns() where table_name = $table and column_name = $name",
        {"table": table, "name": name},
    ).fetchall()
    accepted = connection.execute(
        "select value from accepted_values where table_name = $table and column_name = $name order by place",
        {"table": table, "name": name},
    ).fetchall()

    assert [value for (value,) in accepted] == list(COLUMNS[column].values)
    if COLUMNS[column].is_listed:
        listed = re.sub(r" \([^)]*\)", "", comment.partition("One of: ")[2].removesuffix("."))
        assert listed.split(", ") == list(COLUMNS[column].values)
    else:
        assert "reason" in comment


def test_the_health_that_the_view_gives_is_of_its_set(connection: duckdb.DuckDBPyConnection) -> None:
    [(text,)] = connection.execute("select sql from duckdb_views() where view_name = 'source_health'").fetchall()
    branches: Any = text.partition("AS health")[0].rpartition("CASE  WHEN ((NOT sources.is_configured))")
    given = set(re.findall(r"(?:THEN|ELSE) \(?'([a-z]+)'\)?", branches[1] + branches[2]))

    assert given == set(COLUMNS["source_health.health"].values)
