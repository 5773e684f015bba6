"""Commands around the archive of raw pages: raw, replay, upkeep."""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.changes import print_replayed, replayed_json
from flows.cli.options import DataOption, JsonOption, SourcesOption, app, settings_from
from flows.progress import show_progress
from flows.server import prepare_prefect
from pipelines.catalog import load_catalog
from pipelines.model import ConfigFault, OperatorFault
from pipelines.store import open_snapshot, open_store

if TYPE_CHECKING:
    from flows.replay import Action
    from pipelines.archive import Kept

GB = 1_000_000_000


@app.command()
def raw(
    what: Annotated[str, typer.Argument(metavar="ID", help="article_id, fetch_id or URL.")],
    data: DataOption = None,
    sources: SourcesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the raw page behind an article, as it was fetched; with --json where it lies and its headers."""
    settings = settings_from(data, sources)
    with open_snapshot(settings.data) as snapshot:
        found = snapshot.find(what)
    if found is None:
        raise OperatorFault(f"no article, exchange or URL is called {what!r}")
    fetch = found.fetch
    if fetch.warc_file is None or fetch.warc_offset is None:
        until = f": it was removed on {found.archived_until:%Y-%m-%d}" if found.archived_until else ""
        raise OperatorFault(f"the raw page of {fetch.final_url} is not kept{until}")
    from pipelines.archive import locate, read_record

    record = read_record(
        settings.data, fetch.warc_file, fetch.warc_offset, length=fetch.warc_length, digest=fetch.digest
    )
    if not as_json:
        sys.stdout.buffer.write(record.content)
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
    typer.echo(json.dumps(answer, indent=2, ensure_ascii=False, default=str))


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
    if candidate == promote:
        raise ConfigFault("say either --candidate, to see what would change, or --promote, to make it current")
    settings = settings_from(data, sources)
    known = {one.name for one in load_catalog(settings.sources, environ=os.environ).sources}
    if missing := sorted(set(source or ()) - known):
        raise ConfigFault(f"{settings.sources}: no source is called {missing[0]!r}")
    # What is not there, or held by another run, is said before Prefect takes its seconds to start.
    with open_snapshot(settings.data):
        pass
    if promote:
        with open_store(settings.data, memory_limit=settings.memory_limit, threads=settings.threads):
            pass
    prepare_prefect(settings, log_level=settings.log_level)
    from flows.replay import replay_once

    action: Action = "promote" if promote else "candidate"
    with show_progress():
        replayed = asyncio.run(replay_once(action, source, since.replace(tzinfo=UTC) if since else None))
    typer.echo(replayed_json(replayed)) if as_json else print_replayed(replayed)
    for violation in replayed.violations:
        print(f"presswatch: check failed: {violation}", file=sys.stderr)
    raise typer.Exit(5 if replayed.violations else 0)


@app.command()
def upkeep(
    days: Annotated[
        int | None, typer.Option("--days", min=1, metavar="N", help="Remove raw pages older [PRESSWATCH_ARCHIVE_DAYS].")
    ] = None,
    gb: Annotated[
        float | None, typer.Option("--gb", metavar="N", help="Keep no more gigabytes of them [PRESSWATCH_ARCHIVE_GB].")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    data: DataOption = None,
    sources: SourcesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove raw pages that are too old, or too many. Articles and their digests stay."""
    settings = settings_from(data, sources)
    days, gb = days or settings.archive_days, gb or settings.archive_gb
    if days is None and gb is None:
        raise ConfigFault("nothing says what is too old: set PRESSWATCH_ARCHIVE_DAYS or PRESSWATCH_ARCHIVE_GB")
    if dry_run:
        from pipelines.archive import choose_expired, list_kept

        kept = list_kept(settings.data)
        expired = choose_expired(
            kept, today=datetime.now(UTC).date(), most_days=days, most_bytes=None if gb is None else round(gb * GB)
        )
        _print_upkept("would remove", expired, kept[len(expired) :], page_count=None, as_json=as_json)
        return
    with open_store(settings.data, memory_limit=settings.memory_limit, threads=settings.threads):
        pass  # a locked or broken database is said before Prefect takes its seconds to start
    prepare_prefect(settings, log_level=settings.log_level)
    from flows.upkeep import upkeep_once

    done = upkeep_once(days, gb)
    _print_upkept("removed", done.removed, done.left, page_count=done.page_count, as_json=as_json)
    for violation in done.violations:
        print(f"presswatch: check failed: {violation}", file=sys.stderr)
    raise typer.Exit(5 if done.violations else 0)


def _print_upkept(
    verb: str, removed: "Sequence[Kept]", left: "Sequence[Kept]", *, page_count: int | None, as_json: bool
) -> None:
    removed_bytes = sum(one.byte_count for one in removed)
    left_bytes = sum(one.byte_count for one in left)
    if as_json:
        answer = {
            "removed": [one.file for one in removed],
            "removed_bytes": removed_bytes,
            "page_count": page_count,
            "kept_count": len(left),
            "kept_bytes": left_bytes,
        }
        typer.echo(json.dumps(answer, indent=2))
        return
    pages = "" if page_count is None else f" with {page_count} pages"
    typer.echo(f"{verb} {len(removed)} files{pages}, {removed_bytes / GB:.2f} GB")
    typer.echo(f"kept {len(left)} files, {left_bytes / GB:.2f} GB")
