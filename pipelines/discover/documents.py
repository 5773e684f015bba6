"""Documents: the address of a source becomes a document that a parser reads, or the reason why not.

    Response ──▶ SourceDocument ──parse──▶ ParsedSource | PollFailure ──▶ PollResult

Whether anything has changed is decided here: by the server's validators, else by the digest of the bytes.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from pipelines.dates import instant
from pipelines.fetch import Accept, Client, FetchFailure, Response
from pipelines.model import Freshness, PollResult, Reason, Source, Validators
from pipelines.workers import Executor, WorkerFault

DEADLINE_S = 20.0  # for one parser, in a process of its own
_SMALL = 64 * 1024  # bytes that are parsed in-line: 20 entries take 4 ms, a process switch and a crash guard more


# Of canonical URLs, those whose page was fetched before.
FindKnown: TypeAlias = Callable[[Sequence[str]], Awaitable[Collection[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRequest:
    """One poll that is to be made."""

    source: Source
    poll_id: UUID
    run_id: UUID
    now: datetime
    client: Client
    validators: Validators  # of the last stored poll
    executor: Executor | None = None  # runs the parsers of large documents
    find_known: FindKnown | None = None


PollFunction: TypeAlias = Callable[[PollRequest], Awaitable[PollResult]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """A document as it came, with what is needed to parse it. Travels to worker processes."""

    content: bytes = field(repr=False)
    url: str  # final: relative links start here
    content_type: str | None = None  # the header, with its charset
    language: str | None = None  # of the source: a hint
    timezone: str | None = None  # of times without one
    selector: str | None = None
    pattern: str | None = None  # what the address of an entry must match
    block: str | None = None  # and must not match

    def is_wanted(self, link: str) -> bool:
        """Whether the source takes an entry of this address."""
        if self.pattern and not re.search(self.pattern, link):
            return False
        return not (self.block and re.search(self.block, link))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One thing that a document announces. `link` is absolute where it could be resolved; "" where there is none."""

    link: str
    guid: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str | None = None
    description: str | None = None
    content_html: str | None = field(default=None, repr=False)  # the full text, see Entry
    location: str | None = None  # warc: where it lies, see Entry

    @property
    def dated_at(self) -> datetime | None:
        """The instant by which it is ranked."""
        return self.published_at or self.modified_at


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSitemap:
    """A sitemap that an index names."""

    url: str
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedSource:
    """What a document says."""

    items: tuple[FeedItem, ...] = ()  # the most interesting first: a cap takes from the end
    title: str | None = None
    dialect: str | None = None  # rss20, atom10, json11, urlset …
    children: tuple[ChildSitemap, ...] = ()  # of a sitemap index
    freshness: Freshness = Freshness()  # noqa: RUF009  frozen
    note: str | None = None  # what was wrong with it, though it could be read


@dataclass(frozen=True, slots=True, kw_only=True)
class PollFailure:
    """Why a document, or the way to it, gave nothing."""

    reason: Reason
    detail: str
    evidence: str | None = None
    status: int | None = None
    final_url: str | None = None
    byte_count: int = 0


Parse: TypeAlias = Callable[[SourceDocument], ParsedSource | PollFailure]


async def ask(url: str, *, accept: Accept, request: PollRequest, validators: Validators) -> Response | PollFailure:
    """One request, conditional by the validators, and without them again where the server cannot deal with them.

    The client sends the headers of the source to its own host only.
    """
    found = await _ask(url, accept=accept, request=request, validators=validators)
    is_conditional = validators.etag is not None or validators.last_modified is not None
    # "Precondition failed", "bad request", or nothing at all: an unconditional request gets the document.
    if (
        is_conditional
        and isinstance(found, PollFailure)
        and (found.status in {400, 412} or found.reason == "empty-body")
    ):
        again = await _ask(url, accept=accept, request=request, validators=Validators())
        return again if isinstance(again, PollFailure) else _without_validators(again)
    return found


def _without_validators(response: Response) -> Response:
    """The response as of a server that knows no validators, so that they are not sent back to it at the next poll."""
    headers = tuple(pair for pair in response.headers if pair[0] not in {"etag", "last-modified"})
    return replace(response, headers=headers)


async def _ask(url: str, *, accept: Accept, request: PollRequest, validators: Validators) -> Response | PollFailure:
    answer = await request.client.get(url, accept=accept, source=request.source, validators=validators)
    if isinstance(answer, FetchFailure):
        return PollFailure(
            reason=answer.reason,
            detail=answer.detail,
            evidence=answer.evidence,
            status=answer.status,
            final_url=answer.final_url,
            byte_count=answer.byte_count,
        )
    if answer.status != 304 and not answer.content.strip():
        return PollFailure(
            reason="empty-body", detail="the answer has no body", status=answer.status, final_url=answer.final_url
        )
    return answer


async def read(parse: Parse, response: Response, *, reason: Reason, request: PollRequest) -> ParsedSource | PollFailure:
    """Parse what a response brought; a parser's failure comes with the exchange that brought the document."""
    document = SourceDocument(
        content=response.content,
        url=response.final_url,
        content_type=response.content_type,
        language=request.source.language,
        timezone=request.source.timezone,
        selector=request.source.selector,
        pattern=request.source.pattern,
        block=request.source.block,
    )
    found = await parse_safely(parse, document, reason=reason, executor=request.executor)
    if isinstance(found, PollFailure):
        return replace(found, status=response.status, final_url=response.final_url, byte_count=response.byte_count)
    return found


async def parse_safely(
    parse: Parse, document: SourceDocument, *, reason: Reason, executor: Executor | None
) -> ParsedSource | PollFailure:
    """Run a parser; its crash, a missed deadline or a dead worker becomes a failure with `reason`."""
    try:
        if executor is None or len(document.content) <= _SMALL:
            return parse(document)
        return await executor.run(parse, document, deadline_s=DEADLINE_S)
    except WorkerFault as error:
        return PollFailure(reason=reason, detail=f"reading it was given up: {str(error) or type(error).__name__}")
    except Exception as error:
        # The one guarded place of discovery (feedparser.parse can raise): a crash is the document's fault.
        detail = f"the parser failed: {type(error).__name__}: {error}"
        return PollFailure(reason=reason, detail=detail[:300], evidence=repr(document.content[:80]))


def config_digest(source: Source) -> str:
    """Eight hexadecimal digits of what decides how a source is read.

    When an operator changes the address, selector or pattern, the old validators are void: "not modified since"
    would keep the new configuration from ever being read.
    """
    parts = [source.kind, source.location, source.selector or "", source.pattern or ""]
    if source.block:  # last and alone, so that the digests of a version without it still hold
        parts.append(source.block)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def usable_validators(request: PollRequest) -> Validators:
    """The validators of the last poll: none if another configuration left them, only the digest once a day.

    Some servers answer 304 for ever.
    """
    last = request.validators
    if last.config_digest != config_digest(request.source):
        return Validators()
    if last.read_on != today_of(request.source, request.now):
        return replace(last, etag=None, last_modified=None)
    return last


def next_validators(request: PollRequest, digest: str, response: Response | None = None) -> Validators:
    """What to remember of a document that was read whole."""
    fresh = Validators(
        digest=digest,
        config_digest=config_digest(request.source),
        read_on=today_of(request.source, request.now),
        # What an unchanged document has asked for still holds; a parsed one replaces it.
        freshness=request.validators.freshness,
    )
    return fresh if response is None else refreshed(fresh, response)


def refreshed(last: Validators, response: Response) -> Validators:
    """The validators with what a response brings of them, a 304 too. What is no date (`-1`) is not sent back."""
    last_modified = response.header("last-modified")
    return replace(
        last,
        etag=response.header("etag") or last.etag,
        last_modified=last_modified if instant(last_modified) else last.last_modified,
    )


def digest_of(content: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def today_of(source: Source, now: datetime) -> date:
    """The day, by a midnight that each source has for itself: else ten thousand would be read whole in one minute."""
    shift = timedelta(seconds=int(config_digest(source), 16) % 86_400)
    return (now.astimezone(UTC) + shift).date()
