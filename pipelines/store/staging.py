"""Staging: rows become an Arrow table which a cursor can read."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints
from uuid import UUID

from pipelines.store.tables import Offset
from pipelines.text import storable

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_BREAKS = re.compile("\r\n?")
_LARGEST = (1 << 31) - 1


def stage(cursor: "duckdb.DuckDBPyConnection", name: str, row_type: type, rows: Iterable[object | None]) -> None:
    """Put rows of one type into the cursor's temporary table staged_NAME."""
    stage_arrow(cursor, name, arrow_table(row_type, rows))


def stage_arrow(cursor: "duckdb.DuckDBPyConnection", name: str, table: "pa.Table") -> None:
    """Put an Arrow table into the cursor's temporary table staged_NAME.

    A join may push its filter into a scan of Arrow, and for uuid that scan then fails
    ("Unimplemented type UUID for Arrow Filter Pushdown", 1.5.5): hence the copy.
    """
    cursor.register("arrow_rows", table)
    cursor.execute(f"create or replace temp table staged_{name} as from arrow_rows")
    cursor.unregister("arrow_rows")


def arrow_table(row_type: type, rows: Iterable[object | None]) -> "pa.Table":
    """Rows of one type as an Arrow table; the columns and their types are the fields of the row.

    None is a row of nulls.
    """
    # Imported late: it takes 0.2 s, and `presswatch sql` and `status` never need it.
    import pyarrow as pa

    rows = list(rows)
    types = _arrow_types()
    columns = {}
    for name, kind in _columns(row_type):
        to_storable = _STORABLE[kind]
        values = [None if row is None else to_storable(getattr(row, name)) for row in rows]
        columns[name] = pa.array(values, type=types[kind])
    return pa.table(columns)


def side_by_side(*tables: "pa.Table") -> "pa.Table":
    """Tables with equally many rows as one table with the columns of all."""
    import pyarrow as pa

    names = [name for table in tables for name in table.column_names]
    return pa.table([column for table in tables for column in table.columns], names=names)


def storable_value(value: object) -> object:
    """A single value of whatever type, as DuckDB takes it."""
    match value:
        case str():
            return _storable_string(value)
        case bool():
            return value
        case int():
            return _storable_number(value)
        case datetime():
            return _storable_instant(value)
        case _:
            return value


@cache
def _columns(row_type: type) -> tuple[tuple[str, object], ...]:
    hints = get_type_hints(row_type)
    return tuple((field.name, _storable_type(hints[field.name])) for field in fields(row_type))


def _storable_type(hint: object) -> object:
    """The type without its None; a closed set of strings is a string, also in a tuple."""
    if type(None) in get_args(hint):
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is tuple and get_origin(get_args(hint)[0]) is Literal:
        return tuple[str, ...]
    return str if get_origin(hint) is Literal else hint


@cache
def _arrow_types() -> "Mapping[object, pa.DataType]":
    import pyarrow as pa

    return {
        UUID: pa.uuid(),
        str: pa.string(),
        int: pa.int32(),
        Offset: pa.int64(),
        bool: pa.bool_(),
        float: pa.float64(),
        date: pa.date32(),
        datetime: pa.timestamp("us", "UTC"),
        tuple[str, ...]: pa.list_(pa.string()),
        Mapping[str, int]: pa.map_(pa.string(), pa.int32()),
    }


def _storable_string(value: str | None) -> str | None:
    return None if value is None else storable(_BREAKS.sub("\n", value))


def _storable_uuid(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes


def _storable_number(value: int | None) -> int | None:
    # A server may claim any number; one absurd figure must not cost the batch.
    return None if value is None else max(-_LARGEST, min(value, _LARGEST))


def _as_it_is(value: object) -> object:
    return value


def _storable_instant(value: datetime | None) -> datetime | None:
    try:
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)
    except OverflowError:
        # Year 1 or 9999 with an offset that leads out of the calendar.
        return None


def _storable_strings(value: tuple[str, ...]) -> list[str]:
    return [storable(item) for item in value]


def _storable_counts(value: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(storable(name), count) for name, count in value.items()]


_STORABLE: Mapping[object, Callable[[Any], object]] = {
    UUID: _storable_uuid,
    str: _storable_string,
    int: _storable_number,
    Offset: _as_it_is,
    bool: _as_it_is,
    float: _as_it_is,
    date: _as_it_is,
    datetime: _storable_instant,
    tuple[str, ...]: _storable_strings,
    Mapping[str, int]: _storable_counts,
}
