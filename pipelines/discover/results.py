"""Results: what was parsed of a source becomes a PollResult with its entries, newest first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from urllib.parse import quote
from uuid import UUID

from pipelines.discover.documents import (
    FeedItem,
    Parse,
    ParsedSource,
    PollFailure,
    PollRequest,
    ask,
    digest_of,
    next_validators,
    read,
    refreshed,
    usable_validators,
)
from pipelines.discover.rhythm import fresh_for_s, header_fresh_s
from pipelines.fetch import Accept, Response
from pipelines.model import Entry, PollResult, Reason, Source, Validators
from pipelines.text import storable
from pipelines.urls import canonicalise

MOST_ENTRIES = 5_000  # taken of one document from the web, newest first
MOST_LOCAL_FILES = 100_000  # taken of one folder
MOST_CONTENT = 200_000  # characters of the full text of one entry
_MOST_CONTENTS = 2_000_000  # characters of the full texts of one poll: they wait in memory until their pages come
_LONGEST_NAME = 1_000  # characters of a GUID; of a longer one the digest does


async def poll_document(request: PollRequest, *, accept: Accept, reason: Reason, parse: Parse) -> PollResult:
    """The whole poll of a source that is one document: a feed or an index page."""
    usable = usable_validators(request)
    response = await ask(request.source.location, accept=accept, request=request, validators=usable)
    if isinstance(response, PollFailure):
        return failed(request, response)
    if response.status == 304:
        return unchanged(request, refreshed(usable, response), response=response)
    validators = next_validators(request, digest_of(response.content), response)
    if validators.digest == usable.digest:
        # 30 % of feeds have no usable validator: the digest (0.014 ms) stands in before the parser (5 ms) is asked.
        return unchanged(request, validators, response=response)
    parsed = await read(parse, response, reason=reason, request=request)
    if isinstance(parsed, PollFailure):
        return failed(request, parsed)
    return succeeded(request, parsed, validators, response=response)


def failed(request: PollRequest, failure: PollFailure) -> PollResult:
    """The result of a poll that gave nothing."""
    return PollResult(
        poll_id=request.poll_id,
        run_id=request.run_id,
        source=request.source.name,
        polled_at=request.now,
        outcome="failed",
        reason=failure.reason,
        detail=failure.detail,
        evidence=failure.evidence,
        status=failure.status,
        final_url=failure.final_url,
        byte_count=failure.byte_count,
        validators=request.validators,  # a failure says nothing about what was stored last
    )


def unchanged(
    request: PollRequest,
    validators: Validators,
    *,
    response: Response | None = None,
    final_url: str | None = None,
    byte_count: int | None = None,
) -> PollResult:
    """The result of a poll that found what the last stored one had found."""
    return PollResult(
        poll_id=request.poll_id,
        run_id=request.run_id,
        source=request.source.name,
        polled_at=request.now,
        outcome="unchanged",
        status=response.status if response else None,
        final_url=response.final_url if response else final_url,
        byte_count=byte_count if byte_count is not None else response.byte_count if response else 0,
        validators=validators,
        fresh_for_s=_fresh_for_s(request, validators, response),
    )


def succeeded(
    request: PollRequest,
    parsed: ParsedSource,
    validators: Validators,
    *,
    response: Response | None = None,
    final_url: str | None = None,
    byte_count: int | None = None,
    has_more: bool | None = None,
) -> PollResult:
    """The result of a poll that brought entries. `has_more` is None where the source was read whole."""
    validators = replace(validators, freshness=parsed.freshness)
    result = unchanged(request, validators, response=response, final_url=final_url, byte_count=byte_count)
    return replace(
        result,
        outcome="ok",
        entries=_entries(parsed, source=request.source, poll_id=request.poll_id),
        detail=_detail(parsed, most=_most(request.source)),
        title=parsed.title,
        is_part=has_more is not None,
        has_more=bool(has_more),
    )


def newest_first(items: Sequence[FeedItem]) -> tuple[FeedItem, ...]:
    """Ranked by date, before any cap: oldest-first feeds do occur.

    What has no date stays beside its predecessor in the document; without any date the order is kept.
    """
    dates = [item.dated_at for item in items]
    known = next((date for date in dates if date is not None), None)
    if known is None:
        return tuple(items)
    keys: list[datetime] = []
    for date in dates:
        known = date or known
        keys.append(known)
    # Stable, also in reverse: equals stay in the order of the document.
    return tuple(items[index] for index in sorted(range(len(items)), key=keys.__getitem__, reverse=True))


def bounded_contents(items: Sequence[FeedItem]) -> tuple[FeedItem, ...]:
    """The items with their full texts cut to what one entry, and one poll, may have; the newest keep theirs."""
    room = _MOST_CONTENTS
    bounded: list[FeedItem] = []
    for item in items:
        content = item.content_html[: min(MOST_CONTENT, room)] if item.content_html else None
        room -= len(content or "")
        bounded.append(item if content == item.content_html else replace(item, content_html=content or None))
    return tuple(bounded)


def _fresh_for_s(request: PollRequest, validators: Validators, response: Response | None) -> int | None:
    """The longer of what the header and the document ask for."""
    if response is None:
        return None
    wait_s = round((request.source.every_min or request.source.every).total_seconds())
    header_s = header_fresh_s(response, now=request.now)
    return fresh_for_s(validators.freshness, now=request.now, pause_s=header_s, wait_s=wait_s)


def _most(source: Source) -> int:
    return MOST_LOCAL_FILES if source.kind == "files" else MOST_ENTRIES


def _detail(parsed: ParsedSource, *, most: int) -> str | None:
    left_out = len(parsed.items) - most
    notes = [parsed.note, f"the last {left_out:,} entries were left out" if left_out > 0 else None]
    return "; ".join(note for note in notes if note) or None


def _entries(parsed: ParsedSource, *, source: Source, poll_id: UUID) -> tuple[Entry, ...]:
    ranked = parsed.items[: _most(source)]
    guids = Counter(item.guid for item in ranked)
    return tuple(
        Entry(
            source=source.name,
            poll_id=poll_id,
            url=storable(item.link),
            canonical_url=canonicalise(storable(item.link))
            if item.link
            else _urn(item, source=source, is_guid_shared=guids[item.guid] > 1),
            title=item.title,
            authors=item.authors,
            published_at=item.published_at,
            modified_at=item.modified_at,
            language=item.language,
            description=item.description,
            content_html=item.content_html,
            location=item.location,
        )
        for item in ranked
    )


def _urn(item: FeedItem, *, source: Source, is_guid_shared: bool) -> str:
    """A name for what has no address. One GUID for all items does occur, so a shared one takes the title along."""
    words = [item.guid or "", item.title or "" if is_guid_shared or not item.guid else ""]
    if not any(words):
        words = ["untitled", sha256(repr((item.description, item.published_at)).encode()).hexdigest()[:16]]
    parts = (
        part if len(part) <= _LONGEST_NAME else sha256(part.encode("utf-8", "replace")).hexdigest() for part in words
    )
    return f"urn:presswatch:{source.name}:" + ":".join(quote(storable(part), safe="") for part in parts if part)
