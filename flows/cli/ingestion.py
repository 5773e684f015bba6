"""Commands which bring articles in: init, run, serve, try."""

import asyncio
import os
from contextlib import ExitStack
from datetime import timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import (
    DataOption,
    JsonOption,
    SourcesOption,
    app,
    duration_of,
    options_of,
    program,
    settings_from,
)
from flows.cli.progress import show_progress
from flows.cli.terminal import add_row, print_table, say, say_document
from pipelines.model import ConfigFault
from pipelines.run.summary import (
    COLUMNS,
    COUNTS,
    Summary,
    most_telling,
    summary_json,
    summary_line,
    tally_row,
    total_row,
)

if TYPE_CHECKING:
    from pipelines.catalog import Catalog

# A run takes a process of its own, which takes a second or two to start.
SHORTEST_BEAT = timedelta(seconds=3)

# Ten thousand lines are read by nobody, and take ten seconds to lay out.
_SHOWN_SOURCES = 100


@app.command()
def init(
    force: Annotated[bool, typer.Option("--force", help="Write over a sources.yaml that is there.")] = False,
    data: DataOption = None,
    sources: SourcesOption = None,
) -> None:
    """Write a commented sources.yaml, and the schema that editors read, into the current folder."""
    from pipelines.catalog.starter import SCHEMA_NAME, write_starter

    path, options = settings_from(data, sources).sources, options_of(data, sources)
    if path.exists() and not force:
        raise ConfigFault(f"{path} is there already; edit it, or write it anew with --force")
    write_starter(path)
    say(
        f"Wrote {path}, and its schema for editors, {path.with_name(SCHEMA_NAME)}. Name your sources in it, then:"
        f" {program()} sources check{options} && {program()} run{options}"
    )


@app.command()
def run(
    names: Annotated[list[str] | None, typer.Argument(metavar="SOURCE", help="Only these, due or not.")] = None,
    due: Annotated[bool, typer.Option("--due", help="Only sources which are due, as the schedule does.")] = False,
    data: DataOption = None,
    sources: SourcesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ingest once, now: every enabled source, or those that are named."""
    from flows import byhand
    from pipelines.catalog import load_catalog

    if names and due:
        raise ConfigFault("--due and the names of sources exclude each other")
    settings = settings_from(data, sources)
    chosen = _chosen(load_catalog(settings.sources, environ=os.environ), names or [])
    with show_progress():
        summary = byhand.ingest(settings, None if due else chosen)
    if as_json:
        say_document(summary_json(summary))
    else:
        _print_summary(summary, options_of(data, sources))
    raise typer.Exit(summary.exit_code)


@app.command()
def serve(
    every: Annotated[
        str | None, typer.Option("--every", metavar="TIME", help="How often to ingest what is due [5m].")
    ] = None,
    cron: Annotated[str | None, typer.Option("--cron", help="The same as a cron expression in UTC.")] = None,
    runs: Annotated[
        int | None, typer.Option("--runs", min=1, metavar="N", help="Stop after N runs [run until stopped].")
    ] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port of the local Prefect server [4200].")] = None,
    data: DataOption = None,
    sources: SourcesOption = None,
) -> None:
    """Run the schedule in the foreground until stopped.

    Starts a Prefect server of its own, unless PREFECT_API_URL names one.
    """
    from flows.byhand import wait_for_store
    from flows.server import Api, local_server, prepare_prefect, reserve
    from pipelines.catalog import load_catalog

    if every is not None and cron is not None:
        raise ConfigFault("--every and --cron exclude each other")
    interval = duration_of("--every", every) if every is not None else None
    if interval is not None and interval < SHORTEST_BEAT:
        raise ConfigFault(f"--every {every}: at least {SHORTEST_BEAT.seconds}s")
    settings = settings_from(data, sources)
    load_catalog(settings.sources, environ=os.environ)
    with ExitStack() as stack:
        note = stack.enter_context(reserve(settings))
        wait_for_store(settings)
        named = os.environ.get("PREFECT_API_URL")
        if not named:
            _report("Starting Prefect's server; it takes some seconds …")
        prepare_prefect(settings, log_level="INFO")
        if named:
            api = Api(url=named, auth=None)
        else:
            api = stack.enter_context(local_server(settings, port=port))
            _report(f"Login for its pages: what {settings.data / 'prefect' / 'auth'} says")
        note(api)
        failed_count = _serve(interval, cron, api.url, is_own_server=not named, runs=runs)
    raise typer.Exit(1 if failed_count else 0)


@app.command("try")
def try_(
    url: Annotated[str, typer.Argument(metavar="URL", help="The page, or a file.")],
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="NAME", help="Treat it as this source would [the one of its site]."),
    ] = None,
    data: DataOption = None,
    sources: SourcesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what would be extracted from one page, or why not. Nothing is stored."""
    from flows.trial import show_trial

    settings = settings_from(data, sources)
    raise typer.Exit(asyncio.run(show_trial(url, settings=settings, as_json=as_json, source_name=source)))


def _serve(every: timedelta | None, cron: str | None, api_url: str, *, is_own_server: bool, runs: int | None) -> int:
    # Of a task only what it complains of is worth a line in a log that grows for months.
    os.environ.setdefault("PREFECT_LOGGING_LOGGERS_PREFECT_TASK_RUNS_LEVEL", "WARNING")
    os.environ["PRESSWATCH_SERVED_BY"] = str(os.getpid())
    from flows.byhand import blame_prefect
    from flows.deploy import schedule_of, serve_schedule

    schedule = schedule_of(every=every, cron=cron)
    _report(f"Prefect's pages: {api_url.removesuffix('/api')}   (stop with Ctrl-C)")
    with blame_prefect():
        failed_count = asyncio.run(serve_schedule(schedule, is_own_server=is_own_server, runs=runs, show=_report))
    _report("Stopped.")
    return failed_count


def _report(line: str) -> None:
    say(line, err=True)


def _chosen(catalog: "Catalog", names: list[str]) -> list[str]:
    known = [source.name for source in catalog.sources]
    for name in names:
        if name not in known:
            near = _nearest(name, known)
            hint = f"; did you mean {near}?" if near else f"; `{program()} sources list` names them"
            raise ConfigFault(f"{catalog.path}: no source is called {name!r}{hint}")
    enabled = [source.name for source in catalog.sources if source.is_enabled]
    if not names and not enabled:
        raise ConfigFault(f"{catalog.path}: no source is enabled; add one with `{program()} sources add URL`")
    return names or enabled


def _nearest(name: str, known: list[str]) -> str | None:
    holding = [each for each in known if name.casefold() in each.casefold()]
    return min(holding, key=len) if holding else next(iter(get_close_matches(name, known, 1, cutoff=0.5)), None)


def _print_summary(summary: Summary, options: str) -> None:
    if not summary.tallies:
        say(summary_line(summary))
        for violation in summary.violations:
            _report(f"presswatch: check failed: {violation}")
        return
    from rich.table import Table

    tallies = most_telling(summary.polled, at_most=_SHOWN_SOURCES)
    rows = [tally_row(tally) for tally in tallies]
    if len(summary.polled) > 1:
        rows.append(total_row(summary.polled))
    # What is nought everywhere would only push the reasons off a narrow terminal.
    hidden = {name for name in ("revised", "seen", "known", "deferred") if not any(row[name] for row in rows)}
    shown = [column for column in COLUMNS if column not in hidden]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in shown:
        table.add_column(column, justify="right" if column in COUNTS else "left", no_wrap=column != "reasons")
    for row in rows:
        add_row(table, *(str(row[column]) for column in shown), style="bold" if row["source"] == "all" else None)
    if rows:
        print_table(table)
        if left_out := len(summary.polled) - len(tallies):
            say(f"and {left_out} sources more, where less happened: the view funnel has all")
        say()
    say(summary_line(summary))
    for violation in summary.violations:
        _report(f"presswatch: check failed: {violation}")
    say(f"Database for analysts: {summary.database}")
    say("Next:")
    for line in (
        f'{program()} sql "from articles select title, published_at limit 5"{options}',
        f"{program()} status{options}",
        f"{program()} serve{options}",
    ):
        say(f"  {line}")
