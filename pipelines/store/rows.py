"""Rows: sightings, rejects, polls, tallies and sources become the rows of their tables.

Identifiers are carried by the objects or follow from them: the same objects give the same rows.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from pipelines.model import Entry, Fetch, Poll, Reject, Sighting, Source, Tally
from pipelines.reasons import RULES
from pipelines.store.tables import (
    ArticleRow,
    Batch,
    FetchRow,
    Offset,
    PollRow,
    RejectRow,
    SightingRow,
    SourceRow,
    TallyRow,
)
from pipelines.urls import url_id


def batch_rows(*, run_id: UUID, sightings: Sequence[Sighting], rejects: Sequence[Reject], loaded_at: datetime) -> Batch:
    """The rows of one batch. Of two equal texts the page that says most stands, of two equal pairs the last instant.

    A text is often met first where little is said of it: as a local file, or on a page without a date.
    """
    articles: dict[UUID, ArticleRow] = {}
    pairs: dict[tuple[UUID, UUID], SightingRow] = {}
    fetches: dict[UUID, FetchRow] = {}
    refused: dict[UUID, RejectRow] = {}
    for sighting in sightings:
        article = _article_row(sighting, run_id, loaded_at)
        earlier_article = articles.setdefault(article.article_id, article)
        if _said(article) > _said(earlier_article):
            articles[article.article_id] = replace(article, first_seen_at=earlier_article.first_seen_at)
        pair = _sighting_row(sighting, run_id, loaded_at)
        earlier = pairs.get((pair.article_id, pair.url_id), pair)
        pairs[pair.article_id, pair.url_id] = replace(
            earlier, last_seen_at=max(earlier.last_seen_at, pair.last_seen_at)
        )
        fetches.setdefault(sighting.fetch.fetch_id, _sighted_fetch_row(sighting, run_id, loaded_at))
    for reject in rejects:
        row = _reject_row(reject, run_id, loaded_at)
        if refused.setdefault(row.reject_id, row) is row and reject.entry is not None:
            fetches[row.reject_id] = _rejected_fetch_row(reject, reject.entry, run_id, loaded_at)
    return Batch(
        articles=tuple(articles.values()),
        sightings=tuple(pairs.values()),
        fetches=tuple(fetches.values()),
        rejects=tuple(refused.values()),
    )


def poll_row(poll: Poll, tally: Tally, *, next_due_at: datetime | None) -> PollRow:
    """The row of one look at a source."""
    return PollRow(
        poll_id=poll.poll_id,
        run_id=poll.run_id,
        source=poll.source,
        polled_at=poll.polled_at,
        outcome=poll.outcome,
        reason=poll.reason,
        detail=poll.detail,
        evidence=poll.evidence,
        status=poll.status,
        final_url=poll.final_url,
        title=poll.title,
        entry_count=tally.entries,
        known_count=tally.known,
        deferred_count=tally.deferred,
        new_count=tally.new,
        seen_count=tally.seen,
        revised_count=tally.revised,
        rejected_count=tally.rejected,
        byte_count=poll.byte_count,
        duration_ms=poll.duration_ms,
        etag=poll.validators.etag,
        last_modified=poll.validators.last_modified,
        digest=poll.validators.digest,
        next_due_at=next_due_at,
    )


def poll_reject_row(poll: Poll, *, location: str) -> RejectRow:
    """The reject of a look that failed as a whole."""
    return RejectRow(
        reject_id=poll.poll_id,
        fetch_id=None,
        poll_id=poll.poll_id,
        run_id=poll.run_id,
        source=poll.source,
        stage="discover",
        reason=poll.reason,
        detail=poll.detail,
        evidence=poll.evidence,
        url=location,
        canonical_url=None,
        final_url=poll.final_url,
        status=poll.status,
        rejected_at=poll.polled_at,
        loaded_at=poll.polled_at,
    )


def tally_row(run_id: UUID, tally: Tally) -> TallyRow:
    """The row of one source in one run."""
    return TallyRow(
        run_id=run_id,
        source=tally.source,
        poll_outcome=tally.poll,
        entry_count=tally.entries,
        known_count=tally.known,
        deferred_count=tally.deferred,
        new_count=tally.new,
        seen_count=tally.seen,
        revised_count=tally.revised,
        rejected_count=tally.rejected,
        reasons=tally.reasons,
    )


def source_row(position: int, source: Source, *, location: str) -> SourceRow:
    """The row of one source of the catalogue; `location` is what of it may be shown."""
    return SourceRow(
        source=source.name,
        kind=source.kind,
        location=location,
        every_s=int(source.every.total_seconds()),
        language=source.language,
        country=source.country,
        tags=source.tags,
        is_enabled=source.is_enabled,
        position=position,
    )


def _said(article: ArticleRow) -> int:
    # sql/queries/stage_poorer.sql counts the same.
    return (article.title is not None) + bool(article.authors) + (article.published_at is not None)


def _article_row(sighting: Sighting, run_id: UUID, loaded_at: datetime) -> ArticleRow:
    article = sighting.article
    return ArticleRow(
        article_id=article.article_id,
        content_hash=article.content_hash,
        source=sighting.entry.source,
        url=sighting.entry.url,
        canonical_url=sighting.canonical_url,
        domain=sighting.domain,
        title=article.title,
        authors=article.authors,
        text=article.text,
        language=article.language,
        published_at=article.published_at,
        published_precision=article.published_precision,
        published_origin=article.published_origin,
        published_offset=article.published_offset,
        modified_at=article.modified_at,
        description=article.description,
        section=article.section,
        tags=article.tags,
        image_url=article.image_url,
        site_name=article.site_name,
        page_url=article.page_url,
        is_accessible_for_free=article.is_accessible_for_free,
        word_count=article.word_count,
        flags=article.flags,
        removed=article.removed,
        cleaner_version=article.cleaner_version,
        fetch_id=sighting.fetch.fetch_id,
        run_id=run_id,
        first_seen_at=sighting.fetch.fetched_at,
        loaded_at=loaded_at,
    )


def _sighting_row(sighting: Sighting, run_id: UUID, loaded_at: datetime) -> SightingRow:
    return SightingRow(
        article_id=sighting.article.article_id,
        canonical_url=sighting.canonical_url,
        url_id=url_id(sighting.canonical_url),
        url=sighting.entry.url,
        domain=sighting.domain,
        source=sighting.entry.source,
        outcome=sighting.outcome,
        revision=sighting.revision,
        title=sighting.article.title,
        published_at=sighting.article.published_at,
        published_precision=sighting.article.published_precision,
        fetch_id=sighting.fetch.fetch_id,
        run_id=run_id,
        first_seen_at=sighting.fetch.fetched_at,
        last_seen_at=sighting.fetch.fetched_at,
        loaded_at=loaded_at,
    )


def _sighted_fetch_row(sighting: Sighting, run_id: UUID, loaded_at: datetime) -> FetchRow:
    row = _fetch_row(sighting.entry, sighting.fetch, run_id, loaded_at)
    return replace(
        row,
        outcome=sighting.outcome,
        article_id=sighting.article.article_id,
        sighted_url_id=url_id(sighting.canonical_url),
    )


def _rejected_fetch_row(reject: Reject, entry: Entry, run_id: UUID, loaded_at: datetime) -> FetchRow:
    row = _fetch_row(entry, reject.fetch or _no_fetch(entry, loaded_at), run_id, loaded_at)
    return replace(row, stage=reject.stage, reason=reject.reason, is_final=not RULES[reject.reason].is_retried)


def _fetch_row(entry: Entry, fetch: Fetch, run_id: UUID, loaded_at: datetime) -> FetchRow:
    return FetchRow(
        fetch_id=fetch.fetch_id,
        run_id=run_id,
        poll_id=entry.poll_id,
        source=entry.source,
        url=entry.url,
        canonical_url=entry.canonical_url,
        url_id=url_id(entry.canonical_url),
        final_url=fetch.final_url,
        status=fetch.status,
        outcome="rejected",
        stage=None,
        reason=None,
        is_final=True,
        article_id=None,
        content_type=fetch.content_type,
        byte_count=fetch.byte_count,
        duration_ms=fetch.duration_ms,
        attempt_count=fetch.attempt_count,
        digest=fetch.digest,
        announced_at=entry.published_at,
        announced_title=entry.title,
        announced_authors=entry.authors,
        announced_language=entry.language,
        announced_description=entry.description,
        modified_at=entry.modified_at,
        fetched_at=fetch.fetched_at,
        loaded_at=loaded_at,
        sighted_url_id=None,
        warc_file=fetch.warc_file,
        warc_offset=None if fetch.warc_offset is None else Offset(fetch.warc_offset),
        warc_length=None if fetch.warc_length is None else Offset(fetch.warc_length),
    )


def _reject_row(reject: Reject, run_id: UUID, loaded_at: datetime) -> RejectRow:
    entry, fetch = reject.entry, reject.fetch
    if entry is not None and fetch is None:
        fetch = _no_fetch(entry, loaded_at)
    parts = (str(run_id), reject.source, reject.stage, reject.reason, reject.url, reject.detail)
    return RejectRow(
        reject_id=fetch.fetch_id if fetch else _derived_id(*parts),
        fetch_id=fetch.fetch_id if fetch and entry else None,
        poll_id=entry.poll_id if entry else None,
        run_id=run_id,
        source=reject.source,
        stage=reject.stage,
        reason=reject.reason,
        detail=reject.detail,
        evidence=reject.evidence,
        url=reject.url,
        canonical_url=entry.canonical_url if entry else None,
        final_url=fetch.final_url if fetch else None,
        status=fetch.status if fetch else None,
        rejected_at=fetch.fetched_at if fetch else loaded_at,
        loaded_at=loaded_at,
    )


def _no_fetch(entry: Entry, loaded_at: datetime) -> Fetch:
    """The attempt that never became an exchange; its id follows from the entry, so that a second load finds it."""
    return Fetch(
        fetch_id=_derived_id(str(entry.poll_id), entry.canonical_url, entry.url),
        fetched_at=loaded_at,
        final_url=entry.url,
        attempt_count=0,
    )


def _derived_id(*parts: str) -> UUID:
    return UUID(bytes=sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()[:16])
