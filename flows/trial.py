"""Trial: one page fetched and cleaned, to be looked at and forgotten."""

import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import typer

from flows.opening import limits_from
from pipelines.catalog import load_catalog
from pipelines.clean import clean
from pipelines.fetch import fetch_page, open_client
from pipelines.model import Article, ConfigFault, Entry, FetchRules, Reject, Source
from pipelines.settings import Settings
from pipelines.urls import canonicalise


async def show_trial(url: str, *, settings: Settings, as_json: bool) -> int:
    """Print the article that a page would become, or the reject; returns the exit code, 0 or 1."""
    catalog = load_catalog(settings.sources, environ=os.environ) if settings.sources.exists() else None
    rules = catalog.fetch if catalog else FetchRules()
    source, entry = _as_announced(url)
    hosts = settings.data / "hosts.json"
    async with open_client(rules=rules, limits=limits_from(settings), state_path=hosts) as client:
        page = await fetch_page(entry, source=source, client=client)
    result = page if isinstance(page, Reject) else clean(page)
    if as_json:
        typer.echo(json.dumps(_plain(result), ensure_ascii=False, indent=2, default=str))
    elif isinstance(result, Reject):
        typer.echo(f"rejected: {result.reason} (at {result.stage}): {result.detail}", err=True)
        if result.evidence:
            typer.echo(f"evidence: {result.evidence}", err=True)
    else:
        _print_article(result)
    return 1 if isinstance(result, Reject) else 0


def _as_announced(url: str) -> tuple[Source, Entry]:
    path = Path(url)
    if path.exists():
        url = path.resolve().as_uri()
    elif not urlsplit(url).scheme:
        raise ConfigFault(f"{url}: no such file, and no http(s) address")
    is_file = urlsplit(url).scheme == "file"
    source = Source(
        name="try",
        kind="files" if is_file else "listing",
        location=str(path.resolve()) if is_file else url,
        every=timedelta(days=1),
    )
    return source, Entry(source="try", poll_id=UUID(int=0), url=url, canonical_url=canonicalise(url))


def _plain(result: Article | Reject) -> dict[str, object]:
    if isinstance(result, Article):
        return {"outcome": "article", **asdict(result)}
    kept = {"stage": result.stage, "reason": result.reason, "detail": result.detail, "evidence": result.evidence}
    return {"outcome": "rejected", **kept, "url": result.url, "at": datetime.now(UTC)}


def _print_article(article: Article) -> None:
    fields = asdict(article)
    text = fields.pop("text")
    for name, value in fields.items():
        if value not in (None, (), "", {}):
            shown = ", ".join(value) if isinstance(value, tuple) else value
            sys.stdout.write(f"{name + ':':<24}{shown}\n")
    sys.stdout.write(f"\n{text}\n")
