"""Answers: the result of a query becomes a table for people, or CSV, JSON, Markdown or Parquet for programs."""

import csv
import json
import math
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, TextIO

from flows.cli.terminal import print_rows, print_vertically
from pipelines.text import printable_json, printable_lines

if TYPE_CHECKING:
    from pipelines.store import QueryResult

# What a spreadsheet would run as a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_PLAN = ("explain_key", "explain_value")  # of `explain`, which draws boxes over many lines
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "UTINYINT", "UBIGINT")


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    MARKDOWN = "markdown"
    PARQUET = "parquet"


def write_answers(results: Iterable["QueryResult"], output: Format, *, out: TextIO, is_vertical: bool = False) -> None:
    """Write the results of all statements in their order: JSON as one document, all else one below the other."""
    if output is Format.JSON:
        _write_json(results, out)
        return
    is_terminal = out is sys.stdout and out.isatty()
    for number, result in enumerate(results):
        if number and output is not Format.JSONL:
            out.write("\n")
        match output:
            case Format.TABLE if is_vertical or result.columns == _PLAN:
                print_vertically(result.columns, ([shown(value) for value in row] for row in result.rows))
            case Format.TABLE:
                numeric = [name.startswith(_NUMBERS) for name in result.types]
                cells = ([shown(value) for value in row] for row in result.rows)
                print_rows(result.columns, cells, numeric=numeric)
            case Format.CSV:
                _write_csv(result, out, is_terminal=is_terminal)
            case Format.MARKDOWN:
                _write_markdown(result, out)
            case Format.JSONL:
                for row in result.rows:
                    out.write(printable_json(json.dumps(_record(result.columns, row), ensure_ascii=False)) + "\n")


def plain(value: object) -> object:
    """A value as JSON has it: instants and spans of time in ISO 8601, no NaN, numbers as numbers."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return float(value)
        case list() | tuple():
            return [plain(item) for item in value]
        case dict():
            return {shown(key): plain(item) for key, item in value.items()}
        case _:
            return shown(value)


def shown(value: object) -> str:
    """A value as text, in the spelling of SQL and ISO 8601 rather than of Python."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime() if value.tzinfo is not None:
            return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"
        case date() | time():
            return value.isoformat()
        case timedelta():
            return _span(value)
        case bytes():
            return value.hex()
        case list() | tuple():
            return ", ".join(shown(item) for item in value)
        case dict():
            return json.dumps(plain(value), ensure_ascii=False)
        case _:
            return str(value)


def _span(value: timedelta) -> str:
    """ISO 8601: P3DT4H, PT0.5S."""
    if value < timedelta():
        return f"-{_span(-value)}"
    minutes, seconds = divmod(value.seconds, 60)
    fraction = f".{value.microseconds:06}".rstrip("0") if value.microseconds else ""
    parts = [f"{amount}{unit}" for amount, unit in ((minutes // 60, "H"), (minutes % 60, "M")) if amount]
    if seconds or fraction:
        parts.append(f"{seconds}{fraction}S")
    days = f"{value.days}D" if value.days else ""
    return f"P{days}" + (f"T{''.join(parts)}" if parts else "" if days else "T0S")


def _record(columns: Sequence[str], row: Sequence[object]) -> dict[str, object]:
    return {name: plain(value) for name, value in zip(columns, row, strict=True)}


def _write_json(results: Iterable["QueryResult"], out: TextIO) -> None:
    """One result is a list of objects; of several, each is such a list in a list."""
    answers = [[_record(result.columns, row) for row in result.rows] for result in results]
    document = answers[0] if len(answers) == 1 else answers
    out.write(printable_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n")


def _write_csv(result: "QueryResult", out: TextIO, *, is_terminal: bool) -> None:
    writer = csv.writer(out, lineterminator="\n" if is_terminal else "\r\n")
    for row in chain([result.columns], result.rows):
        cells = map(_cell, row)
        writer.writerow([printable_lines(cell) for cell in cells] if is_terminal else list(cells))


def _cell(value: object) -> str:
    if isinstance(value, list | tuple):
        return json.dumps(plain(value), ensure_ascii=False)
    text = shown(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA_STARTS) else text


def _write_markdown(result: "QueryResult", out: TextIO) -> None:
    out.write("| " + " | ".join(map(_markdown, result.columns)) + " |\n|" + "---|" * len(result.columns) + "\n")
    for row in result.rows:
        out.write("| " + " | ".join(map(_markdown, row)) + " |\n")


def _markdown(value: object) -> str:
    return printable_lines(shown(value)).replace("|", "\\|").replace("\n", "<br>")
