"""Closed sets: what the program knows of them becomes rows of the database."""

from collections.abc import Sequence
from dataclasses import asdict

import duckdb

from pipelines.reasons import RULES


def reference_rows() -> dict[str, Sequence[dict[str, object]]]:
    """The rows of each table that is made from the program."""
    return {"reasons": [asdict(rule) for rule in RULES.values()]}


def fill_reference(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of closed sets say what this version of the program knows. Raises duckdb.Error."""
    for table, rows in reference_rows().items():
        connection.execute(f"delete from {table}")
        connection.execute(f"insert into {table} by name select unnest($rows, recursive := true)", {"rows": list(rows)})
