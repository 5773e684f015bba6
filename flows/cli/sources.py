"""Commands about sources.yaml: check, list, add, remove, rename, enable, disable, import, export."""

import asyncio
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias
from uuid import uuid4

import typer

from flows.cli.options import DataOption, JsonOption, SourcesOption, app, program, settings_from
from flows.cli.terminal import add_row, print_table, say, say_json, write_out
from pipelines.model import ConfigFault, FetchRules, PollResult, Source, Validators
from pipelines.urls import parse_url, registered_domain

if TYPE_CHECKING:
    from pipelines.catalog import Catalog, Listed
    from pipelines.discover import Found
    from pipelines.settings import Settings

sources_app = typer.Typer(
    help="Manage sources.yaml.", no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]}
)
app.add_typer(sources_app, name="sources")

_ADDRESS = re.compile("[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*")
Names: TypeAlias = Annotated[list[str], typer.Argument(metavar="NAME...", help="As sources.yaml calls them.")]


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
        say(f"{catalog.path}: {len(catalog.sources)} sources, {enabled} enabled")
        return
    polls = asyncio.run(_poll_all(catalog, settings))
    if as_json:
        say_json([_poll_row(polled) for polled in polls])
    else:
        _print_polls(polls)
    failed = sum(polled.outcome == "failed" for polled in polls)
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
            "location": source.shown_location,
            "tags": list(source.tags),
        }
        for source in catalog.sources
    ]
    if as_json:
        say_json(rows)
        return
    if not rows:
        say(f"{catalog.path}: no source is listed; add one with `{program()} sources add URL`", err=True)
    width = max((len(source.name) for source in catalog.sources), default=0)
    for row in rows:
        say(f"{row['name']:<{width}}  {row['kind']:<8} {'on ' if row['enabled'] else 'off'} {row['location']}")


@sources_app.command("add")
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="A site or a feed.")],
    everything: Annotated[bool, typer.Option("--all", help="Add all that is found, without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what is found; write nothing.")] = False,
    allow_network: Annotated[
        list[str] | None,
        typer.Option("--allow-network", metavar="CIDR", help="A private network in which the site may lie."),
    ] = None,
    data: DataOption = None,
    sources: SourcesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the feeds and sitemaps of a site and offer them for sources.yaml.

    An address without http:// or https:// is asked for by https, and by http where it is local or has a port.
    """
    from pipelines.catalog import Listed, load_catalog, unique_name

    settings = settings_from(data, sources)
    catalog = load_catalog(settings.sources, environ=os.environ) if settings.sources.exists() else None
    rules = catalog.fetch if catalog else FetchRules()
    networks = tuple(allow_network or ())
    rules = replace(rules, allow_networks=(*rules.allow_networks, *networks))
    address = with_scheme(url)
    if address != url.strip():
        say(f"{url} names no scheme: trying {address}", err=True)
    found = asyncio.run(_discover(address, rules, settings))
    if as_json:
        say_json([asdict(item) for item in found])
    if not found:
        say(f"{address}: no feed and no sitemap found; an index page can be watched as kind: listing", err=True)
        raise typer.Exit(1)
    if not as_json:
        for number, item in enumerate(found, 1):
            say(f"{number:>3}  {item.kind:<8} {item.entry_count:>5} entries  {item.url}  {item.title or ''}")
    if dry_run:
        return
    chosen = found if everything else _ask(found)
    taken = {source.name for source in catalog.sources} if catalog else set()
    listed = []
    for item in chosen:
        name = unique_name(item.title or "", url=item.url, taken=taken)
        taken.add(name)
        listed.append(Listed(name=name, kind=item.kind, url=item.url, title=item.title, allow_networks=networks))
    added = _add(settings.sources, listed, is_quiet=as_json)
    if hint := _hint_at_one_site(added):
        say(hint, err=True)


@sources_app.command("remove")
def remove(names: Names, data: DataOption = None, sources: SourcesOption = None) -> None:
    """Take sources out of sources.yaml; what they brought stays in the tables."""
    from pipelines.catalog import remove_source

    _edit(names, remove_source, "removed", settings_from(data, sources).sources)


@sources_app.command("enable")
def enable(names: Names, data: DataOption = None, sources: SourcesOption = None) -> None:
    """Let sources be polled."""
    from pipelines.catalog import enable_source

    _edit(names, enable_source, "enabled", settings_from(data, sources).sources)


@sources_app.command("disable")
def disable(names: Names, data: DataOption = None, sources: SourcesOption = None) -> None:
    """Keep sources from being polled; they stay in sources.yaml and in the tables."""
    from pipelines.catalog import disable_source

    _edit(names, disable_source, "disabled", settings_from(data, sources).sources)


@sources_app.command("rename")
def rename(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As it is called now.")],
    new_name: Annotated[str, typer.Argument(metavar="NEW_NAME", help="a-z, 0-9, _ and -.")],
    data: DataOption = None,
    sources: SourcesOption = None,
) -> None:
    """Give a source another name; what it brought so far stays under the old one."""
    from pipelines.catalog import rename_source

    path = settings_from(data, sources).sources
    rename_source(path, name, new_name)
    say(f"renamed {name} to {new_name}; what it brought so far stays under {name} in the tables")


@sources_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="The subscription list of a feed reader.")],
    data: DataOption = None,
    sources: SourcesOption = None,
) -> None:
    """Add the feeds of an OPML file to sources.yaml."""
    from pipelines.catalog import load_catalog, read_opml, unique_name

    settings = settings_from(data, sources)
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise ConfigFault(f"{file}: {error.strerror}") from error
    try:
        found = read_opml(content)
    except ConfigFault as fault:
        raise ConfigFault(f"{file}: {fault}") from fault
    taken = set()
    if settings.sources.exists():
        taken = {source.name for source in load_catalog(settings.sources, environ=os.environ).sources}
    renamed = []
    for item in found.listed:
        name = unique_name(item.name, url=item.url, taken=taken)
        taken.add(name)
        renamed.append(replace(item, name=name))
    for line in found.left_out:
        say(f"left out {line}", err=True)
    _add(settings.sources, renamed)


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
        write_out(text)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigFault(f"{file}: {error.strerror}") from error
    say(f"Wrote {file}.", err=True)


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

        async def poll_one(source: Source) -> PollResult:
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
        return list(await asyncio.gather(*map(poll_one, enabled)))


async def _discover(url: str, rules: FetchRules, settings: "Settings") -> "list[Found]":
    from pipelines.discover import discover_feeds
    from pipelines.fetch import open_client
    from pipelines.run.opening import limits_from

    hosts = settings.data / "hosts.json"
    async with open_client(rules=rules, limits=limits_from(settings), state_path=hosts) as client:
        return await discover_feeds(url, client=client)


def with_scheme(url: str) -> str:
    """The address as it was given, completed where it names no scheme: by http where it is local or has a port."""
    url = url.strip()
    if "://" in url:
        return url
    found = parse_url(f"http://{url}")
    if found is None:
        return f"https://{url}"
    is_local = found.host == "localhost" or found.host.endswith(".localhost") or _ADDRESS.fullmatch(found.host)
    has_port = re.match(r"[^/?#]*:[0-9]", url) is not None
    return f"http://{url}" if found.port != 443 and (is_local or has_port) else f"https://{url}"


def _hint_at_one_site(added: "Sequence[Listed]") -> str | None:
    """What to say where several of the added are of one site: mostly they announce the same pages."""
    sites = Counter(registered_domain(item.url) for item in added)
    several = [site for site, count in sites.items() if site is not None and count > 1]
    if not several:
        return None
    return (
        f"Several of {several[0]} were added. A page that two of them announce is fetched once and kept under the first"
        " in the file; where they say the same, the feed alone costs its host fewer requests."
    )


def _ask(found: "list[Found]") -> "list[Found]":
    if not sys.stdin.isatty():
        raise ConfigFault("there is no terminal to ask on which to add: name --all or --dry-run")
    answer = typer.prompt("Which to add? (numbers, 'all' or nothing)", default="", show_default=False)
    if answer.strip().lower() == "all":
        return found
    numbers = [int(part) for part in answer.replace(",", " ").split() if part.isdigit()]
    return [found[number - 1] for number in numbers if 0 < number <= len(found)]


def _add(path: Path, listed: "list[Listed]", *, is_quiet: bool = False) -> "list[Listed]":
    from pipelines.catalog import add_sources, write_starter

    if not listed:
        say("Nothing to add.", err=True)
        return []
    if not path.exists():
        write_starter(path)
        say(f"Wrote {path}.", err=True)
    added = add_sources(path, listed)
    for item in added:
        say(f"added {item.name}: {item.kind} {item.url}", err=is_quiet)
    left = len(listed) - len(added)
    if left:
        say(f"{left} {'is' if left == 1 else 'are'} there already", err=True)
    return added


def _edit(names: Sequence[str], edit: Callable[[Path, str], None], done: str, path: Path) -> None:
    for name in names:
        edit(path, name)
        say(f"{done} {name}")


def _poll_row(polled: PollResult) -> dict[str, object]:
    return {
        "source": polled.source,
        "outcome": polled.outcome,
        "entries": len(polled.entries),
        "title": polled.title,
        "newest": polled.entries[0].title if polled.entries else None,
        "status": polled.status,
        "reason": polled.reason,
        "detail": polled.detail,
    }


def _print_polls(polls: list[PollResult]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("source", "outcome", "entries", "newest", "reason"):
        is_text = column in {"newest", "reason"}
        table.add_column(column, justify="right" if column == "entries" else "left", no_wrap=not is_text)
    for polled in polls:
        row = _poll_row(polled)
        why = f"{polled.reason}: {polled.detail}" if polled.reason else ""
        add_row(table, polled.source, polled.outcome, str(row["entries"]), str(row["newest"] or ""), why)
    print_table(table)
