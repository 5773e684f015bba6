"""Answers: one request, one answer, nothing followed: a body, a redirect, or a FetchError."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import httpx

from pipelines.fetch.addresses import Resolved
from pipelines.fetch.bodies import STEP, BodyReader, Wanted, decoder_for
from pipelines.fetch.connections import OpenAnswer, ask
from pipelines.fetch.failures import (
    RETRIED_STATUSES,
    FetchError,
    Observed,
    first_line,
    read_retry_after,
    reason_of_status,
)
from pipelines.fetch.heads import Head
from pipelines.fetch.limits import FetchLimits
from pipelines.fetch.target import Target

_PEEK = 2_048
_PEEK_S = 2.0  # a 404 whose body drips is a 404
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole body, or a 304."""

    head: Head
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """Where the server points, not checked yet."""

    status: int
    location: str


async def exchange(
    transport: httpx.AsyncBaseTransport,
    target: Target,
    resolved: Resolved,
    *,
    headers: Sequence[tuple[str, str]],
    wanted: Wanted,
    make_room: Callable[[], Awaitable[None]],
    limits: FetchLimits,
    observed: Observed,
    now: float,
) -> Answer | Redirect:
    """Asks once; `make_room` is awaited before a body is read. Raises FetchError for all that can go wrong."""
    answer = await ask(transport, target, resolved, headers, limits=limits, observed=observed)
    head = answer.head
    try:
        observed.status = head.status
        observed.content_type = head.get(b"content-type") or None
        if len(head.raw_headers) > limits.header_count:
            raise FetchError("protocol-error", f"{len(head.raw_headers)} headers, more than {limits.header_count}")
        if head.status in _REDIRECTS:
            if not head.location:
                raise FetchError("bad-redirect", f"status {head.status} without a Location")
            return Redirect(status=head.status, location=head.location)
        if head.status == 304 and wanted.is_conditional:
            return Answer(head=head, content=b"")
        if not 200 <= head.status <= 299:
            raise await _status_error(answer, observed=observed, now=now)
        if head.status in (204, 205):
            raise FetchError("empty-body", f"status {head.status}")
        if head.status == 206:
            raise FetchError("truncated-body", "status 206: a part, though the whole was asked for")
        return Answer(head=head, content=await _read_body(answer, wanted, make_room=make_room, observed=observed))
    finally:
        await answer.release()


async def _read_body(
    answer: OpenAnswer, wanted: Wanted, *, make_room: Callable[[], Awaitable[None]], observed: Observed
) -> bytes:
    body = BodyReader(
        wanted,
        content_type=observed.content_type,
        content_encoding=answer.head.get(b"content-encoding"),
        content_length=answer.head.get(b"content-length"),
    )
    await make_room()
    try:
        while (piece := await answer.next_piece()) is not None:
            if not body.add(piece):
                return body.content
        return body.close()
    finally:
        observed.byte_count = body.byte_count


async def _status_error(answer: OpenAnswer, *, observed: Observed, now: float) -> FetchError:
    head = answer.head
    is_retryable = head.status in RETRIED_STATUSES or 500 <= head.status <= 599
    may_say_when = head.status in RETRIED_STATUSES or head.status == 503
    return FetchError(
        reason_of_status(head.status),
        f"status {head.status} {head.reason}".strip()[:80],
        evidence=await _peek(answer, observed),
        is_retryable=is_retryable,
        retry_after_s=read_retry_after(head.get(b"retry-after"), now=now) if may_say_when else None,
    )


async def _peek(answer: OpenAnswer, observed: Observed) -> str | None:
    """The first line of the body of an error, as far as it comes soon; what is wrong with it does not matter."""
    start = b""
    wire_count = 0
    with suppress(FetchError, TimeoutError):
        decoder = decoder_for(answer.head.get(b"content-encoding"))
        async with asyncio.timeout(_PEEK_S):
            while len(start) < _PEEK and wire_count < STEP and (raw := await answer.next_piece()) is not None:
                wire_count += len(raw)
                for piece in decoder.feed(raw[:STEP]):
                    start += piece
                    if len(start) >= _PEEK:
                        break
    observed.byte_count = len(start)
    return first_line(start)
