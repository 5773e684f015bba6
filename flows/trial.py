"""Trial: one page fetched and cleaned, to be looked at and forgotten."""

import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname
from uuid import UUID

from flows.cli.terminal import say, say_json
from pipelines.catalog import Catalog, load_catalog
from pipelines.clean import clean_pages
from pipelines.fetch import fetch_page, open_client
from pipelines.model import Article, ConfigFault, Entry, FetchRules, Page, Reject, Source
from pipelines.run.opening import limits_from
from pipelines.settings import Settings
from pipelines.urls import canonicalise, host_of, is_same_site
from pipelines.workers import WorkerPool


async def show_trial(url: str, *, settings: Settings, as_json: bool, source_name: str | None = None) -> int:
    """Print the article that a page would become, or the reject; returns the exit code, 0 or 1.

    The page is treated as the source would treat it that is named, or else the first one of its site: with its
    headers and its switches for cleaning. Raises ConfigFault for a name or file that is not there.
    """
    catalog = load_catalog(settings.sources, environ=os.environ) if settings.sources.exists() else None
    url = _absolute(url)
    source = _named(source_name, catalog, settings.sources) if source_name else _of_site(url, catalog)
    if source is not None and not as_json:
        say(f"as of source {source.name}", err=True)
    hosts = settings.data / "hosts.json"
    rules = catalog.fetch if catalog else FetchRules()
    async with (
        open_client(rules=rules, limits=limits_from(settings), state_path=hosts) as client,
        WorkerPool(workers=1, memory_mb=settings.worker_memory_mb) as executor,
    ):
        result: Page | Article | Reject = await fetch_page(_entry(url), source=_reader(url, source), client=client)
        if isinstance(result, Page):
            (result,) = await clean_pages([result], executor=executor, deadline_s=settings.page_deadline_s)
    if as_json:
        answer = {"source": None if source is None else source.name, **_plain(result)}
        say_json(answer)
    elif isinstance(result, Reject):
        say(f"rejected: {result.reason} (at {result.stage}): {result.detail}", err=True)
        if result.evidence:
            say(f"evidence: {result.evidence}", err=True)
    else:
        _print_article(result)
    return 1 if isinstance(result, Reject) else 0


def _absolute(url: str) -> str:
    path = Path(url)
    if path.exists():
        return path.resolve().as_uri()
    if not urlsplit(url).scheme:
        raise ConfigFault(f"{url}: no such file, and no http(s) address")
    return url


def _named(name: str, catalog: Catalog | None, path: Path) -> Source:
    sources: Sequence[Source] = catalog.sources if catalog else ()
    found = next((source for source in sources if source.name == name), None)
    if found is None:
        raise ConfigFault(f"{path}: no source is called {name!r}; `presswatch sources list` names them")
    return found


def _of_site(url: str, catalog: Catalog | None) -> Source | None:
    """The first source on the page's own host, else the first of its site; of a file, the one that reads its folder."""
    sources: Sequence[Source] = catalog.sources if catalog else ()
    if urlsplit(url).scheme == "file":
        path = Path(url2pathname(urlsplit(url).path))
        return next((source for source in sources if source.kind == "files" and _holds(source, path)), None)
    near = [source for source in sources if source.kind not in {"files", "warc"}]
    same_host = (source for source in near if host_of(source.location) == host_of(url))
    return next(same_host, None) or next((source for source in near if is_same_site(source.location, url)), None)


def _holds(source: Source, path: Path) -> bool:
    return path.is_relative_to(Path(source.location).resolve())


def _reader(url: str, source: Source | None) -> Source:
    """A source that reads just this page, with the headers and the cleaning of the one that it is tried for."""
    is_file = urlsplit(url).scheme == "file"
    reader = Source(
        name=source.name if source else "try",
        kind="files" if is_file else "listing",
        location=url2pathname(urlsplit(url).path) if is_file else url,
        every=timedelta(days=1),
    )
    if source is None:
        return reader
    # The headers go to the source's own host only, as in a run.
    location = reader.location if is_file or source.kind in {"files", "warc"} else source.location
    return replace(
        reader,
        location=location,
        headers=source.headers,
        allow_networks=source.allow_networks,
        cleaning=source.cleaning,
    )


def _entry(url: str) -> Entry:
    return Entry(source="try", poll_id=UUID(int=0), url=url, canonical_url=canonicalise(url))


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
            say(f"{name + ':':<24}{shown}")
    say(f"\n{text}")
