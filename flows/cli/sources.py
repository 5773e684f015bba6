"""Commands about sources.yaml: check, list, add, import, export."""

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from flows.cli.options import DataOption, JsonOption, SourcesOption, app, print_table, program, settings_from
from pipelines.model import ConfigFault, FetchRules, PollResult, Validators
from pipelines.urls import registered_domain

if TYPE_CHECKING:
    from pipelines.catalog import Catalog, Listed
    from pipelines.discover import Found
    from pipelines.settings import Settings

sources_app = typer.Typer(
    help="Look after sources.yaml.", no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]}
)
app.add_typer(sources_app, name="sources")


@sources_app.command("check")
def check(
    offline: Annotated[bool, typer.Option("--offline", help="Validate the file only; poll nothing.")] = False,
    data: DataOption = None,
    sources: SourcesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Validate sources.yaml and poll every enabled source, storing nothing.

    Exit codes: 0 all answer, 1 some do not, 2 the file does not hold, 3 none answers.
    """
    from pipelines.catalog import load_catalog

    settings = settings_from(data, sources)
    catalog = load_catalog(settings.sources, environ=os.environ)
    if offline:
        enabled = sum(source.is_enabled for source in catalog.sources)
        typer.echo(f"{catalog.path}: {len(catalog.sources)} sources, {enabled} enabled")
        return
    polls = asyncio.run(_poll_all(catalog, settings))
    if as_json:
        typer.echo(json.dumps([_poll_row(looked) for looked in polls], indent=2, ensure_ascii=False))
    else:
        _print_polls(polls)
    failed = sum(looked.outcome == "failed" for looked in polls)
    raise typer.Exit(0 if not failed else 3 if failed == len(polls) else 1)


@sources_app.command("list")
def list_(data: DataOption = None, sources: SourcesOption = None, as_json: JsonOption = False) -> None:
    """List the configured sources."""
    from pipelines.catalog import load_catalog

    catalog = load_catalog(settings_from(data, sources).sources, environ=os.environ)
    rows = [
        {
            "name": source.name,
            "kind": source.kind,
            "enabled": source.is_enabled,
            "every_s": int(source.every.total_seconds()),
            "location": source.location,
            "tags": list(source.tags),
        }
        for source in catalog.sources
    ]
    if as_json:
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    if not rows:
        typer.echo(f"{catalog.path}: no source is listed; add one with `{program()} sources add URL`", err=True)
    width = max((len(source.name) for source in catalog.sources), default=0)
    for row in rows:
        typer.echo(f"{row['name']:<{width}}  {row['kind']:<8} {'on ' if row['enabled'] else 'off'} {row['location']}")


@sources_app.command("add")
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="A site or a feed.")],
    everything: Annotated[bool, typer.Option("--all", help="Add all that is found, without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what is found; write nothing.")] = False,
    data: DataOption = None,
    sources: SourcesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the feeds and sitemaps of a site and offer them for sources.yaml."""
    from pipelines.catalog import Listed, load_catalog, unique_name

    settings = settings_from(data, sources)
    catalog = load_catalog(settings.sources, environ=os.environ) if settings.sources.exists() else None
    rules = catalog.fetch if catalog else FetchRules()
    found = asyncio.run(_discover(url, rules, settings))
    if as_json:
        typer.echo(json.dumps([asdict(item) for item in found], indent=2, ensure_ascii=False, default=str))
    if not found:
        typer.echo(f"{url}: no feed and no sitemap found; an index page can be watched as kind: listing", err=True)
        raise typer.Exit(1)
    if not as_json:
        for number, item in enumerate(found, 1):
            typer.echo(f"{number:>3}  {item.kind:<8} {item.entry_count:>5} entries  {item.url}  {item.title or ''}")
    if dry_run:
        return
    chosen = found if everything else _ask(found)
    taken = {source.name for source in catalog.sources} if catalog else set()
    listed = []
    for item in chosen:
        name = unique_name(item.title or "", url=item.url, taken=taken)
        taken.add(name)
        listed.append(Listed(name=name, kind=item.kind, url=item.url, title=item.title))
    _append(settings.sources, listed, is_quiet=as_json)
    if hint := _hint_at_twins(chosen):
        typer.echo(hint, err=True)


@sources_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="The subscription list of a feed reader.")],
    data: DataOption = None,
    sources: SourcesOption = None,
) -> None:
    """Add the feeds of an OPML file to sources.yaml."""
    from pipelines.catalog import Listed, load_catalog, read_opml, unique_name

    settings = settings_from(data, sources)
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise ConfigFault(f"{file}: {error.strerror}") from error
    try:
        listed = read_opml(content)
    except ConfigFault as fault:
        raise ConfigFault(f"{file}: {fault}") from fault
    taken = set()
    if settings.sources.exists():
        taken = {source.name for source in load_catalog(settings.sources, environ=os.environ).sources}
    renamed = []
    for item in listed:
        name = unique_name(item.name, url=item.url, taken=taken)
        taken.add(name)
        renamed.append(Listed(name=name, kind=item.kind, url=item.url, language=item.language, tags=item.tags))
    _append(settings.sources, renamed)


@sources_app.command("export")
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="Where to write; '-' is stdout.")],
    data: DataOption = None,
    sources: SourcesOption = None,
) -> None:
    """Write the sources as OPML, for feed readers."""
    from pipelines.catalog import load_catalog, write_opml

    catalog = load_catalog(settings_from(data, sources).sources, environ=os.environ)
    text = write_opml(catalog.sources)
    if str(file) == "-":
        sys.stdout.write(text)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigFault(f"{file}: {error.strerror}") from error
    typer.echo(f"Wrote {file}.", err=True)


async def _poll_all(catalog: "Catalog", settings: "Settings") -> list[PollResult]:
    from pipelines.discover import poll
    from pipelines.fetch import open_client
    from pipelines.run.opening import limits_from
    from pipelines.workers import WorkerPool

    turns = asyncio.Semaphore(settings.poll_concurrency)
    hosts = settings.data / "hosts.json"
    async with (
        open_client(rules=catalog.fetch, limits=limits_from(settings), state_path=hosts) as client,
        WorkerPool(workers=settings.workers) as executor,
    ):

        async def look(source_index: int) -> PollResult:
            source = enabled[source_index]
            async with turns:
                return await poll(
                    source,
                    client=client,
                    run_id=uuid4(),
                    validators=Validators(),
                    now=datetime.now(UTC),
                    executor=executor,
                )

        enabled = [source for source in catalog.sources if source.is_enabled]
        if not enabled:
            raise ConfigFault(f"{catalog.path}: no source is enabled; add one with `{program()} sources add URL`")
        return list(await asyncio.gather(*(look(index) for index in range(len(enabled)))))


async def _discover(url: str, rules: FetchRules, settings: "Settings") -> "list[Found]":
    from pipelines.discover import discover_feeds
    from pipelines.fetch import open_client
    from pipelines.run.opening import limits_from

    hosts = settings.data / "hosts.json"
    async with open_client(rules=rules, limits=limits_from(settings), state_path=hosts) as client:
        return await discover_feeds(url, client=client)


def _hint_at_twins(chosen: "Sequence[Found]") -> str | None:
    """What to say where several of the chosen are of one site: mostly they announce the same pages."""
    sites = Counter(registered_domain(item.url) for item in chosen)
    twins = [site for site, count in sites.items() if site is not None and count > 1]
    if not twins:
        return None
    return (
        f"Several of {twins[0]} were added. A page that two of them announce is fetched once and kept under the first"
        " in the file; where they say the same, the feed alone costs its host fewer requests."
    )


def _ask(found: "list[Found]") -> "list[Found]":
    if not sys.stdin.isatty():
        raise ConfigFault("nobody to ask which to add: name --all or --dry-run")
    answer = typer.prompt("Which to add? (numbers, 'all' or nothing)", default="", show_default=False)
    if answer.strip().lower() == "all":
        return found
    numbers = [int(part) for part in answer.replace(",", " ").split() if part.isdigit()]
    return [found[number - 1] for number in numbers if 0 < number <= len(found)]


def _append(path: Path, listed: "list[Listed]", *, is_quiet: bool = False) -> None:
    from pipelines.catalog import append_sources, write_starter

    if not listed:
        typer.echo("Nothing to add.", err=True)
        return
    if not path.exists():
        write_starter(path)
        typer.echo(f"Wrote {path}.", err=True)
    added = append_sources(path, listed)
    for item in added:
        typer.echo(f"added {item.name}: {item.kind} {item.url}", err=is_quiet)
    left = len(listed) - len(added)
    if left:
        typer.echo(f"{left} {'is' if left == 1 else 'are'} there already", err=True)


def _poll_row(looked: PollResult) -> dict[str, object]:
    return {
        "source": looked.source,
        "outcome": looked.outcome,
        "entries": len(looked.entries),
        "title": looked.title,
        "newest": looked.entries[0].title if looked.entries else None,
        "status": looked.status,
        "reason": looked.reason,
        "detail": looked.detail,
    }


def _print_polls(polls: list[PollResult]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("source", "outcome", "entries", "newest", "reason"):
        is_text = column in {"newest", "reason"}
        table.add_column(column, justify="right" if column == "entries" else "left", no_wrap=not is_text)
    for looked in polls:
        row = _poll_row(looked)
        why = f"{looked.reason}: {looked.detail}" if looked.reason else ""
        table.add_row(looked.source, looked.outcome, str(row["entries"]), str(row["newest"] or ""), why)
    print_table(table)
