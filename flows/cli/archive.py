"""Commands around the archive of raw pages: raw, replay, upkeep."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import DataOption, JsonOption, SourcesOption, app, settings_from
from flows.cli.progress import show_progress
from flows.cli.terminal import say, say_document, say_json, write_out_bytes
from pipelines.model import ConfigFault, OperatorFault

if TYPE_CHECKING:
    from pipelines.archive import ArchiveFile
    from pipelines.run.recleaning import Action
    from pipelines.run.retention import Limits
    from pipelines.settings import Settings

GB = 1_000_000_000


@app.command()
def raw(
    what: Annotated[str, typer.Argument(metavar="ID", help="article_id, fetch_id or URL.")],
    data: DataOption = None,
    sources: SourcesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the raw page behind an article, as it was fetched; with --json where it lies and its headers."""
    from pipelines.store import open_snapshot

    settings = settings_from(data, sources)
    with open_snapshot(settings.data) as snapshot:
        found = snapshot.find(what.strip())
    if found is None:
        raise OperatorFault(f"no article, exchange or URL is called {what!r}")
    fetch = found.fetch
    if fetch.warc_file is None or fetch.warc_offset is None:
        until = f": it was removed on {found.raw_removed_at:%Y-%m-%d}" if found.raw_removed_at else ""
        raise OperatorFault(f"the raw page of {fetch.final_url} is not kept{until}")
    from pipelines.archive import locate, read_record

    record = read_record(
        settings.data, fetch.warc_file, fetch.warc_offset, length=fetch.warc_length, digest=fetch.digest
    )
    if not as_json:
        write_out_bytes(record.content)
        return
    answer = {
        "fetch_id": fetch.fetch_id,
        "source": found.entry.source,
        "url": record.target_uri,
        "fetched_at": fetch.fetched_at.isoformat(),
        "file": locate(settings.data, fetch.warc_file),
        "offset": fetch.warc_offset,
        "length": fetch.warc_length,
        "digest": fetch.digest,
        "status_line": record.status_line,
        "headers": record.headers,
    }
    say_json(answer)


@app.command()
def replay(
    source: Annotated[
        list[str] | None, typer.Option("--source", metavar="NAME", help="Only pages of this source; may be repeated.")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since", metavar="DAY", formats=["%Y-%m-%d"], help="Only pages fetched that day (UTC) or later."
        ),
    ] = None,
    candidate: Annotated[bool, typer.Option("--candidate", help="Show what would change; change nothing.")] = False,
    promote: Annotated[bool, typer.Option("--promote", help="Make it current, all at once.")] = False,
    data: DataOption = None,
    sources: SourcesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Clean the archived pages again, without any network, and show what would change."""
    from flows import byhand
    from flows.cli.changes import print_replayed, replayed_json
    from pipelines.catalog import load_catalog

    if candidate == promote:
        raise ConfigFault("say either --candidate, to see what would change, or --promote, to make it current")
    settings = settings_from(data, sources)
    known = {one.name for one in load_catalog(settings.sources, environ=os.environ).sources}
    if missing := sorted(set(source or ()) - known):
        raise ConfigFault(f"{settings.sources}: no source is called {missing[0]!r}")
    action: Action = "promote" if promote else "candidate"
    with show_progress():
        replayed = byhand.replay(settings, action, sources=source, since=since.replace(tzinfo=UTC) if since else None)
    say_document(replayed_json(replayed)) if as_json else print_replayed(replayed)
    for violation in replayed.violations:
        say(f"presswatch: check failed: {violation}", err=True)
    raise typer.Exit(5 if replayed.violations else 0)


@app.command()
def upkeep(
    days: Annotated[
        int | None, typer.Option("--days", min=0, metavar="N", help="Remove raw pages older [PRESSWATCH_ARCHIVE_DAYS].")
    ] = None,
    gb: Annotated[
        float | None,
        typer.Option("--gb", min=0, metavar="N", help="Keep no more gigabytes of them [PRESSWATCH_ARCHIVE_GB]."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    data: DataOption = None,
    sources: SourcesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove raw pages that are too old, or too many. Articles and their digests stay."""
    settings = settings_from(data, sources)
    from flows import byhand
    from pipelines.run.retention import limits_from

    limits = limits_from(settings, days=days, gb=gb)
    limits.require_any()
    if dry_run:
        _show_upkeep(settings, limits, as_json=as_json)
        return

    done = byhand.upkeep(settings, days=days, gb=gb)
    _print_upkept("removed", done.removed, done.thinned, done.left, page_count=done.page_count, as_json=as_json)
    for violation in done.violations:
        say(f"presswatch: check failed: {violation}", err=True)
    raise typer.Exit(5 if done.violations else 0)


def _show_upkeep(settings: "Settings", limits: "Limits", *, as_json: bool) -> None:
    from pipelines.archive import list_files
    from pipelines.run.retention import choose
    from pipelines.store import open_snapshot

    with open_snapshot(settings.data) as snapshot:
        kept = list_files(settings.data)
        removal = choose(kept, snapshot.shares(), limits, now=datetime.now(UTC))
    going = {one.file for one in removal.files}
    left = [one for one in kept if one.file not in going]
    _print_upkept("would remove", removal.files, list(removal.thinned), left, page_count=None, as_json=as_json)


def _print_upkept(
    verb: str,
    removed: "Sequence[ArchiveFile]",
    thinned: "Sequence[str]",
    left: "Sequence[ArchiveFile]",
    *,
    page_count: int | None,
    as_json: bool,
) -> None:
    removed_bytes = sum(one.byte_count for one in removed)
    left_bytes = sum(one.byte_count for one in left)
    if as_json:
        answer = {
            "removed": [one.file for one in removed],
            "removed_bytes": removed_bytes,
            "thinned": list(thinned),
            "page_count": page_count,
            "kept_count": len(left),
            "kept_bytes": left_bytes,
        }
        say_json(answer)
        return
    of_some = f" and the pages of some sources from {len(thinned)} files" if thinned else ""
    pages = "" if page_count is None else f", {page_count} pages in all"
    say(f"{verb} {len(removed)} files, {removed_bytes / GB:.2f} GB{of_some}{pages}")
    say(f"kept {len(left)} files, {left_bytes / GB:.2f} GB")
