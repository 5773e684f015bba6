"""Ingest: what the due sources announce becomes articles in DuckDB.

    due → poll → fetch → clean → deduplicate → load → publish

A Prefect task spans a batch of pages, never one: a task costs the server 20 ms and more. Polling and
fetching run beside cleaning and loading, so that one slow host holds nobody up.
"""

import asyncio
import os
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime

from prefect import flow, get_run_logger, task
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from flows.batches import Batch, Cleaned, Ended
from flows.current import prefect_run_id
from flows.opening import open_run
from flows.publish import publish
from flows.quiet import tell_faults_in_one_line
from flows.report import Summary, most_telling, summary_line, summary_markdown, tally_line, tally_row, total_row
from flows.run import Run, meanwhile
from flows.server import is_healthy
from pipelines.clean import clean_pages
from pipelines.dedup import resolve, sight
from pipelines.discover import poll as poll_source
from pipelines.model import Article, Entry, Known, Page, PollResult, Reject, Source, StoreFault, Tally
from pipelines.settings import load_settings
from pipelines.store import PUBLISHED, PollState, due, known, poll_states, release, unseen

# Long enough for a slow server to take the last states and artifacts of a run.
PREFECT_PATIENCE_S = 30

# A sitemap may have 50 MB, five times as much as any other document that is polled: 64 of them would be 3.2 GB.
SITEMAPS_AT_ONCE = 8

# Prefect takes 20 s for the log lines of 10,000 sources, and the end of a run waits for them.
LOGGED_SOURCES = 1000

_witness: ContextVar["asyncio.Future[Summary] | None"] = ContextVar("witness", default=None)


class ChecksFailed(Exception):
    """What was stored breaks a promise: the data stays, the analysts keep their last good copy."""

    def __init__(self, summary: Summary) -> None:
        super().__init__("; ".join(summary.violations))
        self.summary = summary


def name_run() -> str:
    """What the run is about, for Prefect's list of runs."""
    only: list[str] = flow_run.parameters.get("only") or []
    what = ", ".join(only[:3]) + (f" and {len(only) - 3} more" if len(only) > 3 else "") if only else "due sources"
    return f"{what} {datetime.now(UTC):%Y-%m-%d %H:%M:%S}"


@flow(name="ingest", flow_run_name=name_run, persist_result=False)
async def ingest(only: list[str] | None = None) -> Summary:
    """Fetch, clean, deduplicate and load what the due sources announce.

    `only` names sources to ingest whether due or not. Returns what became of each source.
    """
    tell_faults_in_one_line()
    async with open_run(load_settings(), prefect_run_id=prefect_run_id()) as run:
        sources = await run.ask_store(due, list(run.sources.values()), now=run.started_at, only=only)
        async with meanwhile(poll(run, sources), run.fetch_announced()) as tasks:
            earlier = None
            await run.hands.acquire()
            while batch := await fetch(run):
                earlier = tasks.create_task(take_in(run, batch, after=earlier))
                await run.hands.acquire()
        run.raise_fault()
        await run.defer_rest()
        violations = await publish(run)
    summary = _summarise(run, violations)
    if witness := _witness.get():
        witness.set_result(summary)
    await _leave_artifacts(summary)
    if violations:
        raise ChecksFailed(summary)
    return summary


async def take_in(run: Run, batch: Batch, *, after: asyncio.Task[None] | None) -> None:
    """Archive, clean, deduplicate and load a batch; it is cleaned while the batch before it is stored.

    A store that fails ends the run, but only once the batches in hand wait on disk: what is cleaned is not lost.
    """
    try:
        try:
            cleaned = await clean(run, await archive(run, batch))
        finally:
            if after is not None:
                await after
        await load(run, await deduplicate(run, cleaned))
    except StoreFault as fault:
        run.break_off(fault)
    run.hands.release()


async def ingest_once(only: list[str] | None) -> Summary:
    """Run the flow here and now, for `presswatch run`.

    Once everything is stored, Prefect has a while to take notice. Should its API have died, the summary says so.
    """
    stored: asyncio.Future[Summary] = asyncio.get_running_loop().create_future()
    _witness.set(stored)
    # The heartbeat's thread is joined at the end and costs a second; nobody watches a run in the foreground.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        flow_run = asyncio.ensure_future(ingest(only))
        await asyncio.wait({flow_run, stored}, return_when=asyncio.FIRST_COMPLETED)
        if not stored.done():
            return await flow_run  # it failed before anything could be said
        await _wait_while_healthy(flow_run)
    has_noticed = flow_run.done() and not flow_run.cancelled() and _is_ours(flow_run.exception())
    flow_run.cancel()
    return replace(stored.result(), is_prefect_lost=not has_noticed)


async def _wait_while_healthy(flow_run: "asyncio.Future[Summary]") -> None:
    api_url = os.environ.get("PREFECT_API_URL")  # an ephemeral server has none, and dies with us only
    for _ in range(PREFECT_PATIENCE_S):
        done, _pending = await asyncio.wait({flow_run}, timeout=1)
        if done or (api_url and not await asyncio.to_thread(is_healthy, api_url)):
            return


def _is_ours(error: BaseException | None) -> bool:
    return error is None or isinstance(error, ChecksFailed)


@task(cache_policy=NO_CACHE, persist_result=False)
async def poll(run: Run, sources: list[Source]) -> None:
    """Look at every source, several at once, and announce the entries that are fresh."""
    run.progress.expect_sources(len(sources))
    for source in sources:
        run.tallies[source.name] = Tally(source=source.name)
    turns = asyncio.Semaphore(run.settings.poll_concurrency)
    large = asyncio.Semaphore(min(SITEMAPS_AT_ONCE, run.settings.poll_concurrency))

    async def look_at_all() -> None:
        states = await run.ask_store(poll_states, [source.name for source in sources])
        looks = (
            _poll_one(run, source, states.get(source.name, PollState()), large if source.kind == "sitemap" else turns)
            for source in sources
        )
        async with meanwhile(*looks):
            pass

    await run.until_stopped(look_at_all())
    await run.announce_end()


@task(cache_policy=NO_CACHE, persist_result=False)
async def fetch(run: Run) -> Batch | None:
    """Take the next batch from the fetcher, which works all the while; None at the end."""
    results = await run.next_batch()
    if not results:
        return None
    pages = [result for result in results if isinstance(result, Page)]
    return Batch(pages, [result for result in results if isinstance(result, Reject)])


@task(cache_policy=NO_CACHE, persist_result=False)
async def archive(run: Run, batch: Batch) -> Batch:
    """Keep the raw pages before anything is made of them, so that a better cleaner can be run over them later."""
    return Batch(await run.archive(batch.pages), batch.rejects)


@task(cache_policy=NO_CACHE, persist_result=False)
async def clean(run: Run, batch: Batch) -> Cleaned:
    """Turn pages into articles, in processes which may hang or die."""
    results = await clean_pages(batch.pages, executor=run.executor, deadline_s=run.settings.page_deadline_s)
    articles = [
        (page, result) for page, result in zip(batch.pages, results, strict=True) if isinstance(result, Article)
    ]
    return Cleaned(articles, [*batch.rejects, *(result for result in results if isinstance(result, Reject))])


@task(cache_policy=NO_CACHE, persist_result=False)
async def deduplicate(run: Run, cleaned: Cleaned) -> Ended:
    """Hold the articles against what is stored: new, seen or revised."""
    # In threads: the first domain of a run reads the list of public suffixes, 0.2 s in which nothing would be fetched.
    urls = await asyncio.to_thread(lambda: {resolve(page, article) for page, article in cleaned.articles})
    article_ids = {article.article_id for _, article in cleaned.articles}
    held = None
    try:
        held = await run.ask_store(known, article_ids=article_ids, canonical_urls=urls)
    except StoreFault as fault:
        run.break_off(fault)
    sightings = await asyncio.to_thread(sight, cleaned.articles, known=held or Known())
    return Ended(sightings, cleaned.rejects, is_judged=held is not None)


@task(cache_policy=NO_CACHE, persist_result=False)
async def load(run: Run, ended: Ended) -> None:
    """Store how the entries of a batch ended, in one transaction; on disk, for the next run, where the store fails."""
    logger = get_run_logger()
    for reject in ended.rejects:
        logger.warning(
            "rejected %s: %s at %s: %s %s", reject.source, reject.reason, reject.stage, reject.url, reject.detail
        )
    if ended.is_judged:
        await run.store_batch(ended.sightings, ended.rejects)
    else:
        await run.spool_batch(ended.sightings, ended.rejects)


async def _poll_one(run: Run, source: Source, last: PollState, turns: asyncio.Semaphore) -> None:
    try:
        await _look_while_more(run, source, last, turns)
    except StoreFault as fault:
        run.break_off(fault)  # not raised: that would cancel the batches in hand


async def _look_while_more(run: Run, source: Source, last: PollState, turns: asyncio.Semaphore) -> None:
    """Look at a source; where that shows a part of it, look again once the part is stored, as far as the run takes."""
    room = run.settings.max_articles
    while room > 0:
        async with turns:
            looked, fresh, stored = await _look_once(run, source, last, limit=room)
        room -= len(fresh)
        if not looked.has_more:
            break
        await stored.wait()
        release(run.store, fresh)
        last = (await run.ask_store(poll_states, [source.name]))[source.name]
        if last.validators != looked.validators:
            break  # something of it was left undone
    run.progress.finish_source(source.name)


async def _look_once(
    run: Run, source: Source, last: PollState, *, limit: int
) -> tuple[PollResult, Sequence[Entry], asyncio.Event]:
    """Announce what a look shows: the poll, the entries that the run takes of it, and when they are stored."""
    logger = get_run_logger()
    now = datetime.now(UTC)
    looked = await poll_source(
        source, client=run.client, run_id=run.run_id, validators=last.validators, now=now, executor=run.executor
    )
    limit = run.room(limit)
    run.waiting_count += (claim := min(limit, len(looked.entries)))  # before others look, too
    entries = await run.ask_store(unseen, looked.entries, limit=limit, now=now)
    run.waiting_count -= claim - len(entries.fresh)
    tally = Tally(
        source=source.name,
        poll=looked.outcome,
        entries=len(looked.entries),
        known=entries.known_count,
        deferred=entries.deferred_count,
        reasons={} if looked.reason is None else {looked.reason: 1},
    )
    if looked.reason is not None:
        logger.warning("%s: failed: %s: %s", source.name, looked.reason, looked.detail)
    stored = await run.announce(looked, entries.fresh, last=last, tally=tally, limit=limit)
    return looked, entries.fresh, stored


def _summarise(run: Run, violations: list[str]) -> Summary:
    return Summary(
        run_id=run.run_id,
        started_at=run.started_at,
        finished_at=run.finished_at or datetime.now(UTC),
        database=run.settings.data / PUBLISHED,
        tallies=tuple(run.tallies.values()),
        violations=tuple(violations),
        stop_reason=run.stop_reason,
    )


async def _leave_artifacts(summary: Summary) -> None:
    logger = get_run_logger()
    tallies = most_telling(summary.polled, at_most=LOGGED_SOURCES)
    for tally in tallies:
        logger.info("%s", tally_line(tally))
    logger.info("%s", summary_line(summary))
    for violation in summary.violations:
        logger.error("check failed: %s", violation)
    if not tallies:
        return
    rows = [tally_row(tally) for tally in tallies]
    await acreate_table_artifact(
        table=[*rows, total_row(summary.polled)], key="ingest-tally", description="What became of each source."
    )
    await acreate_markdown_artifact(markdown=summary_markdown(summary), key="ingest-summary")
