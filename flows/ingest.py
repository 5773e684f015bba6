"""Ingest: what the due sources announce becomes articles in DuckDB.

    due → poll → fetch → clean → deduplicate → load → publish

A Prefect task spans a batch of pages, never one: a task costs the server 20 ms and more. Polling and
fetching run beside cleaning and loading, so that one slow host holds nobody up.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.context import FlowRunContext
from prefect.runtime import flow_run

from flows.publish import publish
from flows.report import Summary, summary_line, summary_markdown, tally_row, total_row
from flows.run import Run, open_run
from pipelines.clean import clean_pages
from pipelines.dedup import candidates, sight
from pipelines.discover import poll as poll_source
from pipelines.model import Article, Page, Poll, Reject, Source, Tally
from pipelines.settings import load_settings
from pipelines.store import due, known, unseen, validators


class Batch(list[Page | Reject]):
    """What was fetched together. Its own class, so that Prefect does not search the pages for futures."""


class Cleaned:
    """The articles of a batch with their pages, and what became none."""

    def __init__(self, articles: Sequence[tuple[Page, Article]], rejects: Sequence[Reject]) -> None:
        self.articles = articles
        self.rejects = rejects


def name_run() -> str:
    """What the run is about, for Prefect's list of runs."""
    only = flow_run.parameters.get("only")
    what = ", ".join(only[:3]) + (" …" if len(only) > 3 else "") if only else "due sources"
    return f"{what} {datetime.now(UTC):%Y-%m-%d %H:%M:%S}"


@flow(name="ingest", flow_run_name=name_run, persist_result=False, retries=0)
async def ingest(only: list[str] | None = None) -> Summary:
    """Fetch, clean, deduplicate and load what the due sources announce.

    `only` names sources to ingest whether due or not. Returns what became of each source.
    """
    started_at = datetime.now(UTC)
    context = FlowRunContext.get()
    prefect_run_id = context.flow_run.id if context and context.flow_run else None
    settings = load_settings()
    async with open_run(settings, prefect_run_id=prefect_run_id) as run:
        sources = await run.ask_store(due, run.catalog.sources, now=started_at, only=only)
        async with asyncio.TaskGroup() as background:
            background.create_task(poll(run, sources))
            background.create_task(run.fetch_announced())
            while batch := await fetch(run):
                await load(run, await clean(run, batch))
        await run.defer_rest()
    violations, database = await publish(run)
    ...
