"""Commands which ask: sql and status. They read the analysts' copy, so that no run ever waits for them."""

import csv
import json
import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from flows.cli.options import DataOption, JsonOption, SourcesOption, app, duration_of, print_table, settings_from
from pipelines.model import ConfigFault

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from pipelines.store import QueryResult, SourceHealth

# What a spreadsheet would run as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    MARKDOWN = "markdown"


@app.command()
def sql(
    statement: Annotated[str, typer.Argument(metavar="QUERY", help="DuckDB SQL; '-' reads it from stdin.")],
    output: Annotated[Format, typer.Option("--format", "-f", help="How to write the answer.")] = Format.TABLE,
    data: DataOption = None,
    sources: SourcesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask the analysts' database, read-only."""
    from pipelines.store import query

    settings = settings_from(data, sources)
    text = sys.stdin.read() if statement == "-" else statement
    if not text.strip():
        raise ConfigFault('no query given; try: presswatch sql "from articles limit 5"')
    result = query(settings.data, text)
    _write(result, Format.JSON if as_json else output)


@app.command()
def status(
    alive: Annotated[
        str | None,
        typer.Option("--alive", metavar="TIME", help="Only say whether a run ended within TIME and a source answers."),
    ] = None,
    data: DataOption = None,
    sources: SourcesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the health of every source, the worst first; exit code 1 when one needs a person, or all of them failed."""
    from pipelines.store import status_rows, verdict

    settings = settings_from(data, sources)
    if alive is not None:
        _exit_alive(settings, duration_of("--alive", alive))
    rows = status_rows(settings.data)
    found = verdict(rows)
    if as_json:
        typer.echo(json.dumps([_health_record(row) for row in rows], indent=2, ensure_ascii=False))
    else:
        _write_status(rows)
        typer.echo(found.line)
    raise typer.Exit(0 if found.is_well else 1)


def _exit_alive(settings: "Settings", within: timedelta) -> NoReturn:
    from pipelines.reasons import common_failure
    from pipelines.store import query, status_rows

    # What ended in the future ended under a wrong clock, and would be alive until then.
    instants = "select max(finished_at) from runs where finished_at <= now() + interval 5 minute"
    ended = query(settings.data, f"{instants} and status <> 'failed'")
    last = next(iter(ended.rows))[0]
    typer.echo(f"last run ended {last or 'never'}")
    polled = [row for row in status_rows(settings.data) if row.last_polled_at is not None]
    # Runs that end in time, but reach nobody, are no sign of life.
    trouble = common_failure([row.last_reason if row.failure_count else None for row in polled])
    if trouble is not None:
        typer.echo(trouble)
    is_alive = isinstance(last, datetime) and datetime.now(UTC) - last <= within
    raise typer.Exit(0 if is_alive and trouble is None else 1)


def _write(result: "QueryResult", output: Format) -> None:
    match output:
        case Format.TABLE:
            _write_table(result)
        case Format.CSV:
            writer = csv.writer(sys.stdout)
            writer.writerow(result.columns)
            writer.writerows([_cell(value) for value in row] for row in result.rows)
        case Format.JSON:
            _write_json(result)
        case Format.JSONL:
            for row in result.rows:
                record = _record(result.columns, row)
                sys.stdout.write(json.dumps(record, ensure_ascii=False, default=str) + "\n")
        case Format.MARKDOWN:
            _write_markdown(result.columns, result.rows)


def _write_status(rows: "Sequence[SourceHealth]") -> None:
    from rich.table import Table

    now = datetime.now(UTC)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("source", "kind", "health", "polled", "last new", "next", "articles 7d", "rejected 7d"):
        is_count = column.endswith("7d")
        table.add_column(column, justify="right" if is_count else "left", no_wrap=not is_count)
    for row in rows:
        table.add_row(
            row.source,
            row.kind,
            row.health,
            _ago(row.last_polled_at, now),
            _ago(row.last_new_at, now),
            _ago(row.next_due_at, now),
            str(row.article_count_7d),
            str(row.rejected_count_7d),
            style="bold red" if row.needs_person else None,
        )
    if rows:
        print_table(table)
        typer.echo()
    for row in rows:
        if row.needs_person:
            typer.echo(f"{row.source}: {row.health}: {_why(row)}")


def _health_record(row: "SourceHealth") -> dict[str, object]:
    return {
        **{name: _plain(value) for name, value in asdict(row).items()},
        "why": _why(row) if row.needs_person else None,
    }


def _why(row: "SourceHealth") -> str:
    if row.last_reason and row.failure_count:
        return f"{row.last_reason}, {row.failure_count} in a row"
    match row.health:
        case "gaps":
            missed = "" if row.missed_estimate_7d is None else f", some {row.missed_estimate_7d} entries missed"
            return f"moved on between two looks, {row.gap_count_7d} times in 7 days{missed}: from coverage_gaps"
        case "walls":
            return "most of its pages are consent walls, bot checks, paywalls or empty shells"
        case "barren":
            return f"all {row.rejected_count_7d} pages of 7 days were rejected: from rejects"
        case "silent":
            return "nothing new for longer than is its habit"
        case "drifting":
            return "its articles are half as long as they were, or twice"
        case "slow":
            return "a look takes over 10 s"
        case "late":
            return "not looked at when it was due: is `presswatch serve` running?"
        case _:
            return ""


def _ago(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "never"
    seconds = abs((now - at).total_seconds())
    units = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 0))
    unit, size = next((unit, size) for unit, size in units if seconds >= size)
    span = f"{seconds / (size or 1):.0f}{unit}"
    return f"{span} ago" if at <= now else f"in {span}"


def _write_table(result: "QueryResult") -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for column in result.columns:
        table.add_column(column, overflow="fold")
    for row in result.rows:
        table.add_row(*(_shown(value) for value in row))
    print_table(table)


def _write_json(result: "QueryResult") -> None:
    records = [_record(result.columns, row) for row in result.rows]
    json.dump(records, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def _write_markdown(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    sys.stdout.write("| " + " | ".join(columns) + " |\n|" + "---|" * len(columns) + "\n")
    for row in rows:
        cells = (_shown(value).replace("|", "\\|").replace("\n", "<br>") for value in row)
        sys.stdout.write("| " + " | ".join(cells) + " |\n")


def _record(columns: Sequence[str], row: Sequence[object]) -> dict[str, object]:
    return {name: _plain(value) for name, value in zip(columns, row, strict=True)}


def _plain(value: object) -> object:
    """A value as JSON has it: instants in ISO 8601, no NaN, numbers as numbers."""
    match value:
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return float(value)
        case date():
            return value.isoformat()
        case list() | tuple():
            return [_plain(item) for item in value]
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case _:
            return value


def _cell(value: object) -> object:
    if isinstance(value, list | dict):
        return json.dumps(_plain(value), ensure_ascii=False, default=str)
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    # Control characters of a page must not reach the terminal.
    return "".join(character for character in text if character.isprintable() or character in "\n\t")
