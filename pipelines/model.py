"""The whole domain on one page: what moves between the stages, and nothing else.

    Source ──poll──▶ PollResult(entries) ──fetch──▶ Page ──clean──▶ Article ──sight──▶ Sighting
                 └─▶ Reject                └─▶ Reject      └─▶ Reject

Every entry that a run takes ends exactly once, as a Sighting or as a Reject. Instants are timezone-aware, in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias
from uuid import UUID

Kind: TypeAlias = Literal["feed", "sitemap", "listing", "files", "warc"]
Stage: TypeAlias = Literal["discover", "fetch", "clean"]
Outcome: TypeAlias = Literal["new", "seen", "revised", "rejected"]
PollOutcome: TypeAlias = Literal["ok", "unchanged", "failed"]
Precision: TypeAlias = Literal["second", "minute", "day", "month", "year"]
Origin: TypeAlias = Literal["json-ld", "meta", "microdata", "time", "title", "htmldate", "entry"]
Flag: TypeAlias = Literal[
    "truncated",
    "mixed-script",
    "machine-translated",
    "paywalled",
    "future-date",
    "implausible-date",
    "future-modified-date",
    "implausible-modified-date",
    "text-from-feed",
    "text-from-state",
    "text-from-json-ld",
]
RunStatus: TypeAlias = Literal["running", "completed", "stopped", "failed", "interrupted"]
EndStatus: TypeAlias = Literal["completed", "stopped", "failed"]
# docs/reference/reasons.md explains each.
Reason: TypeAlias = Literal[
    # discover: the source itself could not be read
    "bad-feed",
    "bad-sitemap",
    "bad-listing",
    "bad-archive",  # also of one record, when it is fetched
    "poll-crash",  # our own fault on one source
    # fetch: the way to the page
    "bad-url",
    "private-address",
    "robots-disallowed",
    "robots-unreachable",
    "host-paused",
    "unknown-host",
    "connection-refused",
    "connection-failed",
    "tls-error",
    "timeout",
    "protocol-error",
    "too-many-redirects",
    "bad-redirect",
    "redirected-home",
    "unauthorized",
    "forbidden",
    "not-found",
    "gone",
    "rate-limited",
    "client-error",
    "server-error",
    "unsupported-type",
    "bad-encoding",
    "truncated-body",
    "too-large",
    "empty-body",
    # fetch: local files
    "file-missing",
    "file-unreadable",
    "file-not-regular",
    # fetch: our own fault on one page
    "fetch-crash",
    # clean: what came is no article
    "undecodable",
    "too-complex",
    "no-text",
    "too-short",
    "consent-wall",
    "bot-check",
    "paywall",
    "soft-404",
    "error-page",
    "script-only",
    "link-page",
    "clean-timeout",
    "clean-crash",
    "clean-interrupted",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaning:
    """What the operator may switch for one source."""

    residue: bool = True  # drop lines that templates leave in the text ("Share.", "Leave a Reply")
    read_more: bool = True  # drop "Read more: …" lines
    byline: bool = True  # move a trailing "Author: …" line to the authors
    links: bool = True  # drop lists and paragraphs which hold links only
    boxes: bool = True  # drop captions, fact boxes, embedded posts and the like, by their class names
    credits: bool = True  # drop lines that say who made a picture, and what the outlet says of itself at the end
    head: bool = True  # drop title, date and names where they stand again above the text
    full_text: bool = True  # drop lines that JSON-LD's articleBody does not hold, where it holds nearly all others
    min_words: int = 40  # shorter texts are rejected as too-short
    body: str | None = None  # CSS selector of the article's body
    remove: tuple[str, ...] = ()  # CSS selectors of what to take out first
    timezone: str | None = None  # of the source: where the times that its pages give without a zone are meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long the raw pages of one source are kept; where it says nothing, what is set for all holds."""

    days: int | None = None  # after the day they were written
    gb: float | None = None  # gigabytes in the archive, as stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A configured source: whom we watch."""

    name: str
    kind: Kind
    location: str  # an absolute URL; for `files` and `warc` an absolute path to a file or folder
    every: timedelta
    every_min: timedelta | None = None  # bounds of an interval that adapts; without them it is fixed
    every_max: timedelta | None = None
    language: str | None = None  # ISO 639-1, a hint
    country: str | None = None  # ISO 3166-1 alpha-2, a hint
    timezone: str | None = None  # IANA name of the zone in which its times without one are meant
    tags: tuple[str, ...] = ()
    is_enabled: bool = True
    selector: str | None = None  # listing: CSS selector of the article links
    pattern: str | None = None  # files and warc: glob; else a regular expression that an entry's URL must match
    block: str | None = None  # a regular expression that an entry's URL must not match
    headers: Mapping[str, str] = field(default_factory=dict, hash=False, repr=False)
    allow_networks: tuple[str, ...] = ()  # private networks that its entries may lead into, as CIDR
    location_template: str | None = None  # the location as sources.yaml writes it, where it holds ${NAME}
    secrets: Mapping[str, str] = field(default_factory=dict, hash=False, repr=False)  # value → its ${NAME}
    cleaning: Cleaning = Cleaning()
    retention: Retention = Retention()

    @property
    def shown_location(self) -> str:
        """The location for people and tables: what the environment filled in stays ${NAME}."""
        return self.location_template or self.location

    def hide_secrets(self, text: str) -> str:
        """Put ${NAME} back wherever `text` repeats what the environment filled into this source."""
        for value, placeholder in self.secrets.items():
            text = text.replace(value, placeholder)
        return text

    @property
    def due_tolerance(self) -> timedelta:
        """How much before its instant a poll is due already: else a schedule of the same interval skips every other."""
        return min((self.every_min or self.every) / 10, timedelta(seconds=30))


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRule:
    """How to treat the hosts that match a pattern ("*.example.org")."""

    pattern: str
    pause_s: float = 2.0  # between two requests to one host
    connections: int = 1  # at once to one host


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRules:
    """How the operator wants the web to be approached."""

    contact: str | None = None  # mail or web address that goes into the User-Agent
    allow_networks: tuple[str, ...] = ()  # private networks that every source may fetch from, as CIDR
    hosts: tuple[HostRule, ...] = ()  # the first match holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How often a document asks to be polled."""

    pause_s: int = 0  # between two polls; 0 where it does not say
    skip_hours: int = 0  # hours of the day in GMT in which not to poll, as bits: 1 is midnight to one
    skip_days: int = 0  # days of the week in GMT, as bits: 1 is Monday


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePosition:
    """How far the files of a source of kind `warc`, in their order, have been read."""

    file_count: int = 0  # files that were read to their end
    offset: int = 0  # in bytes, of the next record in the file behind them


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What the last stored poll of a source left for the next one: it decides whether anything has changed."""

    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None  # SHA-256 of the bytes that were read, hexadecimal
    config_digest: str | None = None  # of the configuration that they were read by; another one voids the rest
    read_on: date | None = None  # day of the last answer with a body, by the source's own midnight
    freshness: Freshness = Freshness()
    position: ArchivePosition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A link that a source announces, with the hints that came along."""

    source: str
    poll_id: UUID
    url: str  # as announced, absolute; "" where there is no link
    canonical_url: str  # url without tracking parameters, fragment and default port; a urn where there is no link
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str | None = None
    description: str | None = None
    content_html: str | None = field(default=None, repr=False)  # the full text, where a feed carries it; not stored
    location: str | None = None  # warc: where the page lies, "PATH@OFFSET+LENGTH" below the source's location


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """What one poll of a source brought. `entries` holds what it announced, newest first."""

    poll_id: UUID
    run_id: UUID
    source: str
    polled_at: datetime
    outcome: PollOutcome
    entries: tuple[Entry, ...] = ()
    reason: Reason | None = None
    detail: str | None = None
    evidence: str | None = None
    status: int | None = None
    final_url: str | None = None
    title: str | None = None  # what the source calls itself
    byte_count: int = 0
    duration_ms: int = 0
    validators: Validators = Validators()
    fresh_for_s: int | None = None  # how long the source asks not to be polled again
    is_part: bool = False  # its validators say how far reading has come; left undone, the same part is read again
    has_more: bool = False  # another poll with these validators goes on after it


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedEntry:
    """One of the newest entries of the last poll of a source that announced any."""

    key: UUID  # `url_id` of its canonical URL
    since: datetime  # the first poll since which it has been among the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """The time between two polls of a source of which the later proves no overlap with the earlier."""

    started_at: datetime  # the earlier poll
    ended_at: datetime  # the later one
    entries_per_hour: float | None = None  # by the dates of the entries that the later one showed
    missed_count: int | None = None  # estimated from the same dates; None where they give no estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One exchange for the page of one entry, or the attempt at it."""

    fetch_id: UUID
    fetched_at: datetime
    final_url: str
    status: int | None = None  # None where no answer came, or for a local file
    content_type: str | None = None
    byte_count: int = 0  # decoded
    duration_ms: int = 0
    attempt_count: int = 1
    digest: str | None = None  # SHA-256 of the decoded body, hexadecimal
    warc_file: str | None = None  # where the raw answer lies: below DATA/warc, or an absolute path
    warc_offset: int | None = None  # of the record, in bytes
    warc_length: int | None = None  # of the record as it is stored, in bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A fetched page: decoded of its transfer, not yet of its charset."""

    entry: Entry
    fetch: Fetch
    content: bytes = field(repr=False)
    headers: tuple[tuple[str, str], ...] = ()
    status_line: str | None = None  # as received, "HTTP/1.1 200 OK"; None for a local file
    cleaning: Cleaning = Cleaning()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A distinct text and what its page said about it. A pure function of the page."""

    article_id: UUID  # the first 16 bytes of content_hash
    content_hash: str  # see pipelines.identity
    title: str | None
    authors: tuple[str, ...]
    text: str
    language: str | None
    published_at: datetime | None
    published_precision: Precision | None
    published_origin: Origin | None  # the field it came from
    published_utc_offset_min: int | None  # minutes east of UTC, as the page gave it
    modified_at: datetime | None
    description: str | None
    section: str | None
    tags: tuple[str, ...]
    image_url: str | None
    site_name: str | None
    page_url: str | None  # what the page calls its canonical URL
    is_accessible_for_free: bool | None
    word_count: int
    flags: tuple[Flag, ...]
    removed_lines: Mapping[str, int] = field(hash=False)  # rule → lines that it removed
    cleaner_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a page says that it stands. A canonical URL that only the page claims is verified when it is loaded."""

    canonical_url: str
    domain: str | None  # registered domain; None for a local file
    own_url: str | None = None  # set where canonical_url is neither the page's own URL nor that of a twin of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A text at a URL: how one entry ended well. Whether it is new, seen or revised, the store says as it loads it."""

    entry: Entry
    fetch: Fetch
    article: Article
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """How one entry, or one poll of a source, ended otherwise."""

    stage: Stage
    reason: Reason
    detail: str
    source: str
    url: str
    evidence: str | None = None  # the first line of what came, or what the parser said
    entry: Entry | None = None  # None where a poll failed as a whole
    fetch: Fetch | None = None


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of one source in one run. entries = known + deferred + new + seen + revised + rejected."""

    source: str
    poll: PollOutcome | None = None
    entries: int = 0
    known: int = 0  # their page was taken by an earlier run, or twice announced
    deferred: int = 0  # left for the next run by a limit
    new: int = 0
    seen: int = 0
    revised: int = 0
    rejected: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def is_balanced(self) -> bool:
        """The law of conservation, for one source."""
        return self.entries == self.known + self.deferred + self.new + self.seen + self.revised + self.rejected


class OperatorFault(Exception):
    """Something only the operator can mend, said in one line. `exit_code` is documented in the docs."""

    exit_code = 2


class ConfigFault(OperatorFault):
    """A configuration that does not hold: names the file, the source and the key."""


class StoreFault(OperatorFault):
    """A database that is locked, broken, foreign, newer than the program, or on a full disk."""

    exit_code = 4


class StoreHeld(StoreFault):
    """A data folder on which another process is at work just now."""
