"""Checking: the promises of sql/checks become the rows that break them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipelines.store.database import Store
from pipelines.store.statements import fetch_rows, scripts

if TYPE_CHECKING:
    import duckdb

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A promise that does not hold."""

    check: str  # the file's name, which is the promise
    rows: int  # how many rows break it
    example: str  # the first of them


def check(store: Store, *, since: datetime | None = None) -> list[Violation]:
    """Run every check; an empty list means that all promises hold.

    With `since`, only rows loaded at or after it are checked, against all others.
    """
    with store.reading() as cursor:
        return violations(cursor, since=since)


def unchecked_since(store: Store) -> datetime | None:
    """Since when rows have been loaded that no passed check has covered: by this run, and by failed runs before it."""
    with store.reading() as cursor:
        [(since,)] = fetch_rows(cursor, "unchecked_since")
    return since  # type: ignore[no-any-return]


def violations(cursor: "duckdb.DuckDBPyConnection", *, since: datetime | None = None) -> list[Violation]:
    """Run every check on a cursor, which may be inside a transaction."""
    found = []
    for path in scripts("checks"):
        rows = cursor.execute(path.read_text(encoding="utf-8"), {"since": since or _ALWAYS}).fetchall()
        if rows:
            columns = [column for column, *_ in cursor.description or ()]
            example = ", ".join(f"{column}={value}" for column, value in zip(columns, rows[0], strict=True))
            found.append(Violation(check=path.stem, rows=len(rows), example=example))
    return found
