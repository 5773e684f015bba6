"""Reference: the comments of the database and the table of reasons become pages of docs/."""

import sys
from collections.abc import Mapping
from pathlib import Path

import duckdb

from pipelines.model import Reason
from pipelines.reasons import RULES
from pipelines.store.migrating import apply_migrations

COMMAND = "python -m pipelines.store.reference docs"


def tables_page() -> str:
    """The page, in Markdown: every table, view and macro with its columns, types and comments."""
    connection = duckdb.connect(":memory:")
    try:
        apply_migrations(connection)
        parts = [
            "# Tables",
            f"Written by `{COMMAND}` from the comments of the database, which are made in `sql/` "
            "and by the closed sets of the program. Instants are `timestamp with time zone`, in UTC. "
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
        """
        select
            column_name,
            lower(data_type) || if((table_name, column_name) in (
                select (table_name, column_name) from accepted_values
            ), ', closed set', ''),
            comment
        from duckdb_columns()
        where table_name = $name
        order by column_index
        """,
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


_INTRODUCTION = """\
# Reasons

Whatever does not become an article ends as a row in `rejects` with a `reason` from this closed set, a `stage`, a \
`detail` in words and, where there is any, a piece of `evidence` (the first line of what came). The HTTP exchange \
behind it (status, final URL, bytes, attempts) is the row in `fetches`. A source that cannot be read as a whole leaves \
its reason in `polls`; there the reasons of fetching occur, too. The table `reasons` of the database says the same as \
this page:

```sql
select source, reason, count(*) as reject_count, any_value(url) as example, any_value(advice) as advice
from rejects join reasons using (reason) group by all order by reject_count desc
```

*Tried again* says what later runs do with the entry. **Yes**: the fault may pass, so the entry is tried in the next \
run and then after ½, 2 and 8 hours, five times in all. **Final**: it says something about the page, and holds until \
the source announces the page as modified. Sources are polled on, whatever their last poll ended with.

*A source fails* says how a failed poll weighs. A *hard* failure doubles the wait before the next poll, a *soft* one \
multiplies it by 1.4 and a *transient* one by 1.2; the wait grows up to a day, and one success resets it. \
`presswatch status` shows a source as failing after one *urgent* failure, after three failures of any kind in a row, \
or after the first one if the source has never worked.

The fetcher makes three attempts within one fetch before it gives a reason marked † (after 1 and 2 seconds, with \
jitter)."""

_HEADINGS: Mapping[Reason, str] = {
    "bad-feed": "Discovering: the source itself",
    "bad-url": "Fetching: the way to the page",
    "file-missing": "Fetching: local files",
    "fetch-crash": "Fetching: a fault of our own",
    "undecodable": "Cleaning: what came is no article",
}


def reasons_page() -> str:
    """The reference of all reasons, in Markdown."""
    parts = [_INTRODUCTION]
    for rule in RULES.values():
        if heading := _HEADINGS.get(rule.reason):
            parts.append(
                f"\n\n## {heading}\n\n"
                "| reason | meaning | what to do | tried again | a source fails |\n|---|---|---|---|---|"
            )
        again = "next poll" if rule.stage == "discover" else "Yes" if rule.is_retried else "Final"
        fails = "" if rule.stage == "clean" else rule.weight + (", urgent" if rule.is_urgent else "")
        mark = "†" if rule.is_repeated else ""
        parts.append(f"\n| `{rule.reason}` | {rule.meaning}{mark} | {rule.advice} | {again} | {fails} |")
    return "".join(parts) + "\n"


def main() -> None:
    """Write all generated pages into the folder that the command names."""
    folder = Path(sys.argv[1])
    (folder / "tables.md").write_text(tables_page(), encoding="utf-8")
    (folder / "reference" / "reasons.md").write_text(reasons_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
