"""Tables: what a row of each table holds, column for column, in the types of the domain; of articles, see the model."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType
from uuid import UUID

# Bytes in a file that may be larger than 2 GB.
Offset = NewType("Offset", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRow:
    """A row of `fetches`."""

    fetch_id: UUID
    run_id: UUID
    poll_id: UUID
    source: str
    url: str
    canonical_url: str
    url_id: UUID
    final_url: str
    status: int | None
    outcome: str
    stage: str | None
    reason: str | None
    is_final: bool
    article_id: UUID | None
    content_type: str | None
    byte_count: int
    duration_ms: int
    attempt_count: int
    digest: str | None
    announced_published_at: datetime | None
    announced_title: str | None
    announced_authors: tuple[str, ...]
    announced_language: str | None
    announced_description: str | None
    announced_modified_at: datetime | None
    fetched_at: datetime
    loaded_at: datetime
    sighted_url_id: UUID | None
    warc_file: str | None
    warc_offset: Offset | None
    warc_length: Offset | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectRow:
    """A row of `rejects`."""

    reject_id: UUID
    fetch_id: UUID | None
    poll_id: UUID | None
    run_id: UUID
    source: str
    stage: str
    reason: str | None
    detail: str | None
    evidence: str | None
    url: str
    canonical_url: str | None
    final_url: str | None
    status: int | None
    rejected_at: datetime
    loaded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRow:
    """A row of `polls`."""

    poll_id: UUID
    run_id: UUID
    source: str
    polled_at: datetime
    outcome: str
    reason: str | None
    detail: str | None
    evidence: str | None
    status: int | None
    final_url: str | None
    title: str | None
    entry_count: int
    known_count: int
    deferred_count: int
    new_count: int
    seen_count: int
    revised_count: int
    rejected_count: int
    byte_count: int
    duration_ms: int
    etag: str | None
    last_modified: str | None
    digest: str | None
    config_digest: str | None
    read_on: date | None
    pause_s: int
    skip_hours: int
    skip_days: int
    archive_file_count: int | None
    archive_offset: Offset | None
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedPollRow(PollRow):
    """A row of `polls`, and what else the state of its source takes from the poll; staged only."""

    is_part: bool
    interval_s: int | None
    failure_points: float
    newest_ids: tuple[str, ...]
    newest_since: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """The catalogue's part of a row of `sources`, and its position in the catalogue."""

    source: str
    kind: str
    location: str
    every_s: int
    language: str | None
    country: str | None
    tags: tuple[str, ...]
    is_enabled: bool
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow:
    """A source whose pages are to go from a WARC file."""

    file: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRow:
    """A record that was copied to another file."""

    file: str
    offset: Offset
    new_file: str
    new_offset: Offset


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlRow:
    """The key of a URL that is asked about."""

    url_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """Where the text of a page is seen, as far as the page can say; the fields of its article stand beside it.

    Of what brought no text, all but the first field are null.
    """

    fetch_id: UUID
    canonical_url: str | None = None
    url_id: UUID | None = None
    domain: str | None = None
    own_url: str | None = None
    own_url_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRow:
    """What became of an archived page when it was cleaned again; a PageRow and an article stand beside it."""

    source: str
    fault: str | None
    reason: str | None
    detail: str | None
    evidence: str | None
