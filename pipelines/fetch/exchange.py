"""Exchange: one request, one answer, nothing followed: a body, a redirect, or a refusal."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import httpx

from pipelines.fetch.accept import Accept
from pipelines.fetch.decode import GZIP_MAGIC, STEP, Inflate, decoder_for
from pipelines.fetch.faults import RETRIED_STATUSES, RefusedError, first_line, reason_of_status
from pipelines.fetch.limits import Limits
from pipelines.fetch.network import (
    AddressRefusedError,
    GuardedStream,
    HandshakeError,
    HeadTooLargeError,
    TlsBrokenError,
)
from pipelines.fetch.retry_after import read_retry_after

_PEEK = 2_048
_PEEK_S = 2.0  # a 404 whose body drips is a 404
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a request asks for and how much of it is taken."""

    accept: Accept
    max_bytes: int
    is_cut: bool = False  # a longer body is cut off instead of refused
    is_conditional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole body, or a 304."""

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes
    content_type: str | None
    status_line: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """Where the server points, unread and unjudged."""

    status: int
    location: str


@dataclass(slots=True)
class Trail:
    """What is known of an exchange so far, also when it ends badly."""

    status: int | None = None
    content_type: str | None = None
    byte_count: int = 0


async def exchange(
    transport: httpx.AsyncBaseTransport,
    url: str,
    *,
    headers: list[tuple[str, str]],
    wanted: Wanted,
    make_room: Callable[[], Awaitable[None]],
    limits: Limits,
    trail: Trail,
    now: float,
) -> Answer | Redirect:
    """Asks once; `make_room` is awaited before a body is read.

    Raises RefusedError for everything else that a server or a network can do.
    It uses httpx's transport without its client: what a client adds (cookies, redirects, authentication,
    environment, inflating without a bound) is what must not happen here.
    """
    timeouts = {"connect": limits.connect_s, "read": limits.read_s, "write": limits.read_s, "pool": limits.total_s}
    try:
        request = httpx.Request("GET", url, headers=headers, extensions={"timeout": timeouts})
        response = await transport.handle_async_request(request)
        try:
            return await _read(response, wanted=wanted, make_room=make_room, limits=limits, trail=trail, now=now)
        finally:
            await response.aclose()
    except httpx.HTTPError as error:
        raise _refusal(error, trail) from error
    except (httpx.InvalidURL, httpx.StreamError, ValueError) as error:
        raise RefusedError("protocol-error", f"httpx cannot make sense of it: {str(error)[:200]}") from error
    except OSError as error:  # also of TLS, where httpcore lets one through
        raise RefusedError("connection-failed", f"the connection broke: {error}", is_retryable=True) from error


async def _read(
    response: httpx.Response,
    *,
    wanted: Wanted,
    make_room: Callable[[], Awaitable[None]],
    limits: Limits,
    trail: Trail,
    now: float,
) -> Answer | Redirect:
    stream = response.extensions.get("network_stream")
    if isinstance(stream, GuardedStream):
        stream.end_head()
    status, headers = response.status_code, response.headers
    trail.status = status
    trail.content_type = headers.get("content-type")
    if len(headers.raw) > limits.header_count:
        raise RefusedError("protocol-error", f"{len(headers.raw)} headers, more than {limits.header_count}")
    if status in _REDIRECTS:
        location = headers.get("location")
        if not location:
            raise RefusedError("bad-redirect", f"status {status} without a Location")
        return Redirect(status=status, location=location)
    pairs = tuple((name.lower(), value) for name, value in headers.multi_items())
    if status == 304 and wanted.is_conditional:
        return Answer(status=status, headers=pairs, content=b"", content_type=trail.content_type)
    if not 200 <= status <= 299:
        raise await _refused_status(response, trail=trail, now=now)
    if status in (204, 205):
        raise RefusedError("empty-body", f"status {status}")
    if status == 206:
        raise RefusedError("truncated-body", "status 206: a part that nobody asked for")
    content = await _read_body(response, wanted=wanted, make_room=make_room, trail=trail)
    return Answer(
        status=status,
        headers=pairs,
        content=content,
        content_type=trail.content_type,
        status_line=f"{response.http_version} {status} {response.reason_phrase}".strip(),
    )


async def _read_body(
    response: httpx.Response, *, wanted: Wanted, make_room: Callable[[], Awaitable[None]], trail: Trail
) -> bytes:
    headers = response.headers
    is_vague = wanted.accept.check_type(trail.content_type)
    decoder = decoder_for(headers.get("content-encoding", ""))
    length = headers.get("content-length", "")
    if (
        not wanted.is_cut
        and length.isascii()
        and length.isdigit()
        and len(length) < 20
        and int(length) > wanted.max_bytes
    ):
        raise RefusedError("too-large", f"Content-Length is {length}, more than {wanted.max_bytes}", evidence=length)
    await make_room()
    body = _Body(wanted, trail, is_vague=is_vague)
    piece_count = wire_count = 0
    async for raw in response.aiter_raw():
        piece_count += 1
        wire_count += len(raw)
        if piece_count >= 20_000 and wire_count < 32 * piece_count:
            # Chunks of one byte cost h11 30 µs each: ten megabytes of them would be five minutes.
            raise RefusedError("protocol-error", f"{piece_count} chunks for {wire_count} bytes")
        if wire_count > wanted.max_bytes + STEP:
            # A gzip header may name its file without end, and empty members follow one another: nothing comes out.
            raise RefusedError("too-large", f"more than {wanted.max_bytes} bytes even before they are decoded")
        for piece in decoder.feed(raw):
            if not body.add(piece):
                return body.content
    decoder.close()
    return body.close()


class _Body:
    """A body as it grows: sniffed at its start, unpacked where it is itself a gzip file, bounded."""

    def __init__(self, wanted: Wanted, trail: Trail, *, is_vague: bool) -> None:
        self._wanted = wanted
        self._trail = trail
        self._is_vague = is_vague
        self._start = b""
        self._is_sniffed = False
        self._unzip: Inflate | None = None
        self._buffer = bytearray()

    @property
    def content(self) -> bytes:
        return bytes(self._buffer)

    def add(self, piece: bytes) -> bool:
        """Takes a piece of at most STEP bytes or so; False when a body that may be cut is full."""
        if not self._is_sniffed:
            self._start += piece
            if len(self._start) < 1_024:
                return True
            piece = self._sniff()
        return self._append(piece)

    def _sniff(self) -> bytes:
        self._is_sniffed = True
        start, self._start = self._start, b""
        if self._wanted.accept.unzips and start.startswith(GZIP_MAGIC):
            self._unzip = Inflate(31)
        elif start:
            self._wanted.accept.check_start(start, is_vague=self._is_vague)
        return start

    def _append(self, piece: bytes) -> bool:
        pieces = (piece,) if self._unzip is None else self._unzip.feed(piece)
        for part in pieces:
            self._buffer += part
            self._trail.byte_count = len(self._buffer)
            if len(self._buffer) > self._wanted.max_bytes:
                if self._wanted.is_cut:
                    del self._buffer[self._wanted.max_bytes :]
                    return False
                evidence = first_line(bytes(self._buffer[:_PEEK]))
                raise RefusedError("too-large", f"more than {self._wanted.max_bytes} bytes", evidence=evidence)
        return True

    def close(self) -> bytes:
        """The whole body; refuses an empty one and one that broke off."""
        if not self._is_sniffed:
            self._append(self._sniff())
        if self._unzip is not None:
            self._unzip.close()
        if not self._buffer and not self._wanted.is_cut:
            raise RefusedError("empty-body", "the body is empty")
        return self.content


async def _refused_status(response: httpx.Response, *, trail: Trail, now: float) -> RefusedError:
    status = response.status_code
    reason = reason_of_status(status)
    return RefusedError(
        reason,
        f"status {status} {response.reason_phrase}".strip()[:80],
        evidence=await _peek(response, trail),
        is_retryable=status in RETRIED_STATUSES or 500 <= status <= 599,
        retry_after_s=read_retry_after(response.headers.get("retry-after"), now=now)
        if status in (429, 503) or status in RETRIED_STATUSES
        else None,
    )


async def _peek(response: httpx.Response, trail: Trail) -> str | None:
    """The first line of the body of an error, as far as it comes soon; its faults do not matter any more."""
    start = b""
    wire_count = 0
    with suppress(httpx.HTTPError, RefusedError, TimeoutError):
        async with asyncio.timeout(_PEEK_S):
            decoder = decoder_for(response.headers.get("content-encoding", ""))
            async for raw in response.aiter_raw():
                wire_count += len(raw)
                for piece in decoder.feed(raw[:STEP]):
                    start += piece
                    if len(start) >= _PEEK:
                        break
                if len(start) >= _PEEK or wire_count >= STEP:
                    break
    trail.byte_count = len(start)
    return first_line(start)


def _refusal(error: httpx.HTTPError, trail: Trail) -> RefusedError:
    """The reason for an exception of httpx: the whole tree, most telling first."""
    core = error.__cause__
    text = str(error)[:200] or type(error).__name__
    if isinstance(core, AddressRefusedError) and isinstance(core.__cause__, RefusedError):
        return core.__cause__
    if isinstance(core, HandshakeError):
        return RefusedError("tls-error", text, is_connected=False)
    if isinstance(core, TlsBrokenError):
        return RefusedError("tls-error", text)
    if isinstance(core, HeadTooLargeError):
        return RefusedError("protocol-error", text)
    if isinstance(error, httpx.ConnectTimeout):
        return RefusedError("timeout", "no connection in time", is_retryable=True, is_connected=False)
    if isinstance(error, httpx.TimeoutException):
        where = "body" if trail.status is not None else "answer"
        return RefusedError("timeout", f"nothing more of the {where} came in time", is_retryable=True)
    if isinstance(error, httpx.ConnectError):
        return _refused_connection(core, text)
    if isinstance(error, httpx.RemoteProtocolError):
        return _refused_protocol(text, trail)
    if isinstance(error, httpx.NetworkError):
        where = "in the body" if trail.status is not None else "before an answer"
        return RefusedError("connection-failed", f"the connection broke {where}: {text}", is_retryable=True)
    return RefusedError("protocol-error", f"{type(error).__name__}: {text}")


def _refused_connection(core: BaseException | None, text: str) -> RefusedError:
    cause = core
    while cause is not None:
        if isinstance(cause, ConnectionRefusedError):
            return RefusedError("connection-refused", "nobody listens there", is_retryable=True, is_connected=False)
        if isinstance(cause, OSError) and cause.strerror:
            text = cause.strerror
        cause = cause.__cause__ or cause.__context__
    return RefusedError("connection-failed", f"no connection: {text}", is_retryable=True, is_connected=False)


def _refused_protocol(text: str, trail: Trail) -> RefusedError:
    if trail.status is not None and ("peer closed" in text or "incomplete" in text):
        return RefusedError("truncated-body", f"the body broke off: {text}", is_retryable=True)
    if "disconnected without sending" in text:
        return RefusedError("connection-failed", "the connection was closed without an answer", is_retryable=True)
    return RefusedError("protocol-error", f"not HTTP as we know it: {text}")
