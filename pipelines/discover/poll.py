"""Poll: one request of a source, of whatever kind, becomes a PollResult with its entries, or one that says why not."""

import time
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from pipelines.discover.documents import FindKnown, PollFailure, PollFunction, PollRequest
from pipelines.discover.feed import poll_feed
from pipelines.discover.files import poll_files
from pipelines.discover.listing import poll_listing
from pipelines.discover.results import failed
from pipelines.discover.sitemap import poll_sitemap
from pipelines.discover.warc import poll_warc
from pipelines.fetch import Client
from pipelines.model import Kind, OperatorFault, PollResult, Source, Validators
from pipelines.workers import Executor

# A new kind of source is one module, one line here, one frozen sample and one docs entry.
KINDS: dict[Kind, PollFunction] = {
    "feed": poll_feed,
    "sitemap": poll_sitemap,
    "listing": poll_listing,
    "files": poll_files,
    "warc": poll_warc,
}


async def poll(
    source: Source,
    *,
    client: Client,
    run_id: UUID,
    validators: Validators,
    now: datetime,
    executor: Executor | None = None,
    find_known: FindKnown | None = None,
) -> PollResult:
    """Poll a source once. Never raises for what the world does: that is outcome "failed" with its reason.

    Outcome "unchanged" (a 304, or the same bytes as `validators.digest`) has no entries. Otherwise the newest 5,000
    entries come, newest first; links of an index page as on the page; up to 100,000 files by their path.
    `executor` runs the parser where a document is larger than 64 KiB. `find_known` says which canonical URLs were
    fetched before: of a sitemap with more entries, none of which is newer than the others, those come last.
    """
    request = PollRequest(
        source=source,
        poll_id=uuid4(),
        run_id=run_id,
        now=now,
        client=client,
        validators=validators,
        executor=executor,
        find_known=find_known,
    )
    started = time.perf_counter()
    result = await _poll_safely(request)
    return replace(
        result,
        duration_ms=round((time.perf_counter() - started) * 1_000),
        detail=_shown(result.detail, source),
        evidence=_shown(result.evidence, source),
        final_url=_shown(result.final_url, source),
    )


def _shown(text: str | None, source: Source) -> str | None:
    return source.hide_secrets(text) if text else text


async def _poll_safely(request: PollRequest) -> PollResult:
    try:
        return await KINDS[request.source.kind](request)
    except OperatorFault:
        raise
    except Exception as error:
        # A fault of our own that one source brings to light must not end the run of all others.
        return failed(request, PollFailure(reason="poll-crash", detail=f"{type(error).__name__}: {error}"[:300]))
