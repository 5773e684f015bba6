"""Rows: pages, rejects and sources become the rows of their tables.

Identifiers are carried by the objects or follow from them: the same objects give the same rows.
"""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from pipelines.model import Address, Entry, Fetch, Reject, Source
from pipelines.reasons import RULES
from pipelines.store.tables import FetchRow, Offset, PageRow, RejectRow, SourceRow
from pipelines.urls import url_id


def page_row(fetch_id: UUID, address: Address) -> PageRow:
    """Where the text of a page is seen."""
    return PageRow(
        fetch_id=fetch_id,
        canonical_url=address.canonical_url,
        url_id=url_id(address.canonical_url),
        domain=address.domain,
        own_url=address.own_url,
        own_url_id=url_id(address.own_url) if address.own_url else None,
    )


def fetch_row(entry: Entry, fetch: Fetch, *, run_id: UUID, loaded_at: datetime) -> FetchRow:
    """The row of an exchange whose page has still to be judged."""
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
        outcome="seen",
        stage=None,
        reason=None,
        is_final=True,
        article_id=None,
        content_type=fetch.content_type,
        byte_count=fetch.byte_count,
        duration_ms=fetch.duration_ms,
        attempt_count=fetch.attempt_count,
        digest=fetch.digest,
        announced_published_at=entry.published_at,
        announced_title=entry.title,
        announced_authors=entry.authors,
        announced_language=entry.language,
        announced_description=entry.description,
        announced_modified_at=entry.modified_at,
        fetched_at=fetch.fetched_at,
        loaded_at=loaded_at,
        sighted_url_id=None,
        warc_file=fetch.warc_file,
        warc_offset=None if fetch.warc_offset is None else Offset(fetch.warc_offset),
        warc_length=None if fetch.warc_length is None else Offset(fetch.warc_length),
    )


def rejected_fetch_row(reject: Reject, entry: Entry, *, run_id: UUID, loaded_at: datetime) -> FetchRow:
    """The row of an exchange, or of the attempt at one, that ended with a reason."""
    fetch = reject.fetch or _no_fetch(entry, loaded_at)
    row = fetch_row(entry, fetch, run_id=run_id, loaded_at=loaded_at)
    is_final = not RULES[reject.reason].is_retried
    return replace(row, outcome="rejected", stage=reject.stage, reason=reject.reason, is_final=is_final)


def reject_row(reject: Reject, *, run_id: UUID, loaded_at: datetime) -> RejectRow:
    """The row of a reject."""
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
