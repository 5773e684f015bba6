"""Statements: the name of a file under sql/ becomes its text, and the text its rows.

Rows are always fetched to the last one: `fetchone` leaves the transaction open (DuckDB 1.5.5). That kept all versions
of all rows from then on: the update of a row took 20 ms after 600 of them, and the log grew for ever.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pipelines

if TYPE_CHECKING:
    import duckdb


@cache
def sql_folder() -> Path:
    """The folder sql/: inside the package when installed from the wheel, beside it in a checkout."""
    package = Path(pipelines.__file__).parent
    installed = package / "sql"
    return installed if installed.is_dir() else package.parent / "sql"


@cache
def statement(name: str) -> str:
    """The one statement of sql/queries/NAME.sql; a name may begin with a folder."""
    return (sql_folder() / "queries" / f"{name}.sql").read_text(encoding="utf-8")


def scripts(folder: str) -> list[Path]:
    """The files of one folder of sql/, by name: migrations, views, macros or checks."""
    return sorted((sql_folder() / folder).glob("*.sql"))


def fetch_rows(
    cursor: "duckdb.DuckDBPyConnection", name: str, values: Mapping[str, object] | None = None
) -> list[tuple[Any, ...]]:
    """Execute a statement of sql/queries and return all its rows."""
    return cursor.execute(statement(name), values).fetchall()


def fetch_records(
    cursor: "duckdb.DuckDBPyConnection", name: str, values: Mapping[str, object] | None = None
) -> list[dict[str, Any]]:
    """The same with each row as a mapping from column to value."""
    rows = fetch_rows(cursor, name, values)
    columns = [column for column, *_ in cursor.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in rows]


def change_rows(cursor: "duckdb.DuckDBPyConnection", name: str, values: Mapping[str, object] | None = None) -> int:
    """Execute a statement that inserts, updates, deletes or counts rows; returns how many."""
    rows = fetch_rows(cursor, name, values)
    return int(rows[0][0]) if rows else 0
