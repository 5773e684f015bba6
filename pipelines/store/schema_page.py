"""Document: the comments of the database become docs/tables.md."""

import sys

import duckdb

from pipelines.store.migrating import apply_migrations


def main() -> None:
    """Write the page to stdout."""
    sys.stdout.write(tables_page())


def tables_page() -> str:
    """The page, in Markdown: every table, view and macro with its columns, types and comments."""
    connection = duckdb.connect(":memory:")
    try:
        apply_migrations(connection)
        parts = [
            "# Tables",
            "Written by `python -m pipelines.store.schema_page > docs/tables.md` from the comments of the database; "
            "change those in `sql/`. Instants are `timestamp with time zone`, in UTC. "
            "The same comments are at hand in any client: `from duckdb_columns()`.",
            _section(connection, "duckdb_tables()", "table_name", "table"),
            "# Views",
            _section(connection, "duckdb_views()", "view_name", "view"),
            "# Macros",
            _macros(connection),
        ]
    finally:
        connection.close()
    return "\n\n".join(parts) + "\n"


def _section(connection: duckdb.DuckDBPyConnection, catalogue: str, name_column: str, kind: str) -> str:
    relations = connection.execute(
        f"select {name_column}, comment from {catalogue} where not internal and not temporary order by {name_column}"
    ).fetchall()
    return "\n\n".join(_relation(connection, name, comment) for name, comment in relations if kind)


def _relation(connection: duckdb.DuckDBPyConnection, name: str, comment: str) -> str:
    rows = connection.execute(
        "select column_name, lower(data_type), comment from duckdb_columns() "
        "where table_name = $name order by column_index",
        {"name": name},
    ).fetchall()
    lines = [f"| `{column}` | {type_} | {_cell(text)} |" for column, type_, text in rows]
    return "\n".join([f"## {name}", "", comment or "", "", "| column | type | meaning |", "|---|---|---|", *lines])


def _macros(connection: duckdb.DuckDBPyConnection) -> str:
    rows = connection.execute(
        "select function_name, parameters, comment from duckdb_functions() "
        "where not internal and function_type in ('macro', 'table_macro') order by function_name"
    ).fetchall()
    return "\n\n".join(f"## {name}({', '.join(parameters)})\n\n{comment or ''}" for name, parameters, comment in rows)


def _cell(text: str | None) -> str:
    return (text or "").replace("|", "\\|")


if __name__ == "__main__":
    main()
