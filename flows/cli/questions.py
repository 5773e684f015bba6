"""Commands which ask: sql, tables and status. They read the analysts' copy, so that no run ever waits for them."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, NoReturn, TextIO

import typer

from flows.cli.answers import Format, plain, shown, write_answers
from flows.cli.options import DataOption, JsonOption, SourcesOption, app, duration_of, settings_from
from flows.cli.terminal import add_row, print_table, say, say_json
from pipelines.model import ConfigFault, OperatorFault

if TYPE_CHECKING:
    from pipelines.settings import Settings
    from pipelines.store import QueryResult, Questions, SourceHealth

_PROMPT, _GOES_ON = "press> ", "   ... "


@app.command()
def sql(
    statement: Annotated[
        str | None,
        typer.Argument(metavar="[QUERY]", help="DuckDB SQL; '-' reads it from stdin; without one a terminal asks."),
    ] = None,
    output: Annotated[Format, typer.Option("--format", "-f", help="How to write the answer.")] = Format.TABLE,
    file: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the answer to a file.")
    ] = None,
    is_vertical: Annotated[bool, typer.Option("--vertical", "-x", help="Show each row as a block.")] = False,
    data: DataOption = None,
    sources: SourcesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask the analysts' database, read-only."""
    from pipelines.store import open_questions

    settings = settings_from(data, sources)
    output = Format.JSON if as_json else output
    if output is Format.TABLE and file is not None:
        raise ConfigFault("--output needs a format for files: -f csv, json, jsonl, markdown or parquet")
    with open_questions(settings.data) as questions:
        if statement is None and sys.stdin.isatty():
            _converse(questions, output, is_vertical=is_vertical)
            return
        text = sys.stdin.read() if statement in {None, "-"} else statement
        if not text or not text.strip():
            raise ConfigFault('no query given; try: presswatch sql "from articles limit 5"')
        if output is Format.PARQUET:
            with _binary(file) as sink:
                questions.write_parquet(text, sink)
        else:
            with _text(file) as out:
                write_answers(questions.ask(text), output, out=out, is_vertical=is_vertical)


@app.command()
def tables(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="A table or view: shows its columns.")] = None,
    data: DataOption = None,
    sources: SourcesOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the tables and views of the analysts' database, or the columns of one, with what they mean."""
    from pipelines.store import open_questions

    with open_questions(settings_from(data, sources).data) as questions:
        if name is not None:
            _refuse_unknown(name, questions)
        # A name that is known holds nothing that SQL would take for its own.
        result = next(questions.ask(_TABLES if name is None else _COLUMNS.format(name=name)))
        if as_json:
            write_answers([result], Format.JSON, out=sys.stdout)
        else:
            _print_comments(result)


_OWN = "schema_name = 'main' and database_name = current_database() and not internal"
_TABLES = f"""
select table_name as name, 'table' as kind, comment from duckdb_tables() where {_OWN}
union all
select view_name, 'view', comment from duckdb_views() where {_OWN}
order by kind, name
"""
_COLUMNS = f"""
select column_name as name, data_type as type, comment from duckdb_columns()
where {_OWN} and table_name = '{{name}}' order by column_index
"""


def _print_comments(result: "QueryResult") -> None:
    """Each name in a line of its own, its comment folded beside it."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in result.columns:
        table.add_column(column, no_wrap=column != "comment", overflow="fold")
    for row in result.rows:
        add_row(table, *map(shown, row))
    print_table(table)


def _refuse_unknown(name: str, questions: "Questions") -> None:
    known = [str(row[0]) for result in questions.ask(_TABLES) for row in result.rows]
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else "`presswatch tables` lists them"
        raise ConfigFault(f"there is no table or view {name!r}; {hint}")


def _converse(questions: "Questions", output: Format, *, is_vertical: bool) -> None:
    """Ask for statements until the input ends; each ends with a semicolon."""
    import readline  # noqa: F401  gives `input` its history and keys

    if output is Format.PARQUET:
        raise ConfigFault("-f parquet needs a query")
    say("Statements end with a semicolon; Ctrl-D leaves. `show tables;` lists what there is.", err=True)
    lines: list[str] = []
    while True:
        try:
            lines.append(input(_GOES_ON if lines else _PROMPT))
        except EOFError:
            say()
            return
        except KeyboardInterrupt:
            say()
            lines.clear()
            continue
        text = "\n".join(lines).strip()
        if text.lower().rstrip(";") in {"exit", "quit", ".quit", ".exit"}:
            return
        if text and not text.endswith(";"):
            continue
        lines.clear()
        try:
            write_answers(questions.ask(text), output, out=sys.stdout, is_vertical=is_vertical)
        except OperatorFault as fault:
            say(str(fault), err=True)


@contextmanager
def _text(file: Path | None) -> Iterator[TextIO]:
    if file is None:
        yield sys.stdout
        return
    with file.open("w", encoding="utf-8", newline="") as out:
        yield out


@contextmanager
def _binary(file: Path | None) -> Iterator[BinaryIO]:
    if file is None:
        if sys.stdout.isatty():
            raise ConfigFault("a terminal cannot show Parquet: name a file with --output")
        yield sys.stdout.buffer
        return
    with file.open("wb") as sink:
        yield sink


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
    if _is_first_run_at_work(settings):
        if as_json:
            say_json([])
        return
    rows = status_rows(settings.data)
    found = verdict(rows)
    if as_json:
        say_json([_health_record(row) for row in rows])
    else:
        _write_status(rows)
        say(found.line)
    raise typer.Exit(0 if found.is_well else 1)


def _is_first_run_at_work(settings: "Settings") -> bool:
    """Whether there is nothing to show yet, but soon will be; says so."""
    from pipelines.store import PUBLISHED, holder_of

    holder = None if (settings.data / PUBLISHED).exists() else holder_of(settings.data)
    if holder is not None:
        say(f"The first run ({holder}) is at work; nothing is published yet.", err=True)
    return holder is not None


def _exit_alive(settings: "Settings", within: timedelta) -> NoReturn:
    from pipelines.reasons import common_failure
    from pipelines.store import query, status_rows

    # What ended in the future ended under a wrong clock, and would be alive until then.
    instants = "select max(finished_at) from runs where finished_at <= now() + interval 5 minute"
    ended = query(settings.data, f"{instants} and status <> 'failed'")
    last = next(iter(ended.rows))[0]
    say(f"last run ended {shown(last) or 'never'}")
    polled = [row for row in status_rows(settings.data) if row.last_polled_at is not None]
    # Runs that end in time, but reach nobody, are no sign of life.
    trouble = common_failure([row.last_reason if row.failure_count else None for row in polled])
    if trouble is not None:
        say(trouble)
    is_alive = isinstance(last, datetime) and datetime.now(UTC) - last <= within
    raise typer.Exit(0 if is_alive and trouble is None else 1)


def _write_status(rows: "Sequence[SourceHealth]") -> None:
    from rich.table import Table

    now = datetime.now(UTC)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("source", "kind", "health", "polled", "last new", "next", "articles 7d", "rejected 7d"):
        is_count = column.endswith("7d")
        table.add_column(column, justify="right" if is_count else "left", no_wrap=not is_count)
    for row in rows:
        add_row(
            table,
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
        say()
    for row in rows:
        if row.needs_person:
            say(f"{row.source}: {row.health}: {_why(row)}")


def _health_record(row: "SourceHealth") -> dict[str, object]:
    return {
        **{name: plain(value) for name, value in asdict(row).items()},
        "why": _why(row) if row.needs_person else None,
    }


def _why(row: "SourceHealth") -> str:
    if row.last_reason and row.failure_count:
        return f"{row.last_reason}, {row.failure_count} in a row"
    match row.health:
        case "gaps":
            missed = "" if row.missed_estimate_7d is None else f", some {row.missed_estimate_7d} entries missed"
            hint = f"{row.gap_count_7d} times{missed}; from coverage_gaps"
        case "barren":
            hint = f"{row.rejected_count_7d} pages; from rejects"
        case "late":
            hint = "is `presswatch serve` running?"
        case _:
            return row.meaning
    return f"{row.meaning}: {hint}"


def _ago(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "never"
    seconds = abs((now - at).total_seconds())
    units = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 0))
    unit, size = next((unit, size) for unit, size in units if seconds >= size)
    span = f"{seconds / (size or 1):.0f}{unit}"
    return f"{span} ago" if at <= now else f"in {span}"
