"""Connections: httpx's transport over sockets to addresses that the guard has checked, with heads that h11 accepts.

This is the only place that opens sockets. httpx is used without its client: what a client adds (cookies, redirects,
authentication, the environment, inflating without a bound) is what must not happen here.

HTTP/2 is not spoken: with one request at a time to a host there is nothing to multiplex, and endless CONTINUATION,
SETTINGS and header bombs would need bounds of their own.
"""

# ruff: noqa: ASYNC109, ARG002  the signatures with a timeout are httpcore's

import os
import re
import ssl
import zlib
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import certifi
import httpcore
import httpx

from pipelines.fetch.addresses import Resolved
from pipelines.fetch.bodies import STEP
from pipelines.fetch.failures import FetchError, Observed
from pipelines.fetch.heads import Head, decode_field, mend_head
from pipelines.fetch.limits import FetchLimits
from pipelines.fetch.target import Target

# Some hosts publish dozens of addresses; two families with two each are enough to ask.
_ADDRESSES = 4
# 128 idle connections in one pool cost 4.7 ms a request, 8 pools of 20 1.0 to 1.4 ms: httpcore looks at each.
_SHARDS = 8
_HEAD_END = re.compile(rb"\n\r?\n")
_DISCONNECTED = "disconnected without sending"


@dataclass(slots=True)
class _Call:
    """What a request tells the connection that it goes out on, and the other way."""

    resolved: Resolved
    observed: Observed
    is_fresh: bool = False  # a connection was opened for it


_call: ContextVar[_Call] = ContextVar("call")


class GuardedTransport(httpx.AsyncBaseTransport):
    """Pools of connections to checked addresses. No proxies, no environment.

    A source that may reach a private network has pools of its own, so that no other one gets there by its connections.
    Raises FetchError.
    """

    def __init__(self, *, limits: FetchLimits, ssl_context: ssl.SSLContext) -> None:
        self._limits = limits
        self._ssl_context = ssl_context
        self._backend = _GuardedBackend(limits)
        self._pools: dict[tuple[tuple[str, ...], int], httpcore.AsyncConnectionPool] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        call = _call.get()
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.extensions["target"],  # as robots.txt was asked about it
        )
        asked = httpcore.Request(
            method=request.method, url=url, headers=request.headers.raw, extensions=request.extensions
        )
        with _failures(call.observed):
            answer = await self._pool(call.resolved.networks, request.url.raw_host).handle_async_request(asked)
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer, call.observed),
            extensions=answer.extensions,
        )

    def _pool(self, networks: tuple[str, ...], host: bytes) -> httpcore.AsyncConnectionPool:
        key = networks, zlib.crc32(host) % _SHARDS
        pool = self._pools.get(key)
        if pool is None:
            pool = self._pools[key] = httpcore.AsyncConnectionPool(
                ssl_context=self._ssl_context,
                max_connections=None,  # the hosts' turns and the callers' concurrency bound them
                max_keepalive_connections=max(1, self._limits.idle_connections // _SHARDS),
                keepalive_expiry=self._limits.keepalive_s,  # longer than the pause of a host, or none is used twice
                http1=True,
                http2=False,
                network_backend=self._backend,
            )
        return pool

    async def aclose(self) -> None:
        for pool in self._pools.values():
            await pool.aclose()


class OpenAnswer:
    """An answer whose body is still to be read."""

    def __init__(self, response: httpx.Response) -> None:
        self.head = Head(
            status=response.status_code,
            reason=decode_field(response.extensions.get("reason_phrase", b"")),
            version=response.extensions.get("http_version", b"HTTP/1.1").decode("ascii").removeprefix("HTTP/"),
            raw_headers=tuple((name.lower(), value) for name, value in response.headers.raw),
        )
        self._response = response
        self._pieces = response.aiter_raw()

    async def next_piece(self) -> bytes | None:
        """The next bytes of the body, None after the last. Raises FetchError."""
        return await anext(self._pieces, None)

    async def release(self) -> None:
        """Keep the connection for the next request, or close it where the body was not read to its end."""
        has_no_body = self.head.status == 304 or self.head.get(b"content-length") == "0"
        if has_no_body and not self._response.is_stream_consumed:
            await self.next_piece()
        await self._response.aclose()


async def ask(
    transport: httpx.AsyncBaseTransport,
    target: Target,
    resolved: Resolved,
    headers: Sequence[tuple[str, str]],
    *,
    limits: FetchLimits,
    observed: Observed,
) -> OpenAnswer:
    """Send a GET to one of the addresses and read the head of its answer. Raises FetchError. Release the answer."""
    timeouts = {"connect": limits.connect_s, "read": limits.read_s, "write": limits.read_s, "pool": limits.total_s}
    try:
        request = httpx.Request(
            "GET",
            target.url,
            headers=list(headers),
            extensions={"timeout": timeouts, "target": target.path.encode("ascii")},
        )
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError("protocol-error", f"the request cannot be sent: {str(error)[:200]}") from error
    for _try in range(2):
        call = _Call(resolved, observed)
        _call.set(call)
        try:
            return OpenAnswer(await transport.handle_async_request(request))
        except _ClosedError:
            if call.is_fresh:
                raise
            # An idle connection that the server gave up at the moment when it was asked.
    raise FetchError("connection-failed", "the connection was closed without an answer", is_retryable=True)


class _ClosedError(FetchError):
    """A connection ended before the first byte of an answer."""


class _Body(httpx.AsyncByteStream):
    """The body of an answer, with FetchError for what goes wrong in it."""

    def __init__(self, answer: httpcore.Response, observed: Observed) -> None:
        self._answer = answer
        self._observed = observed

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _failures(self._observed):
            async for piece in self._answer.aiter_stream():
                yield piece

    async def aclose(self) -> None:
        await self._answer.aclose()


class _MendingStream(httpcore.AsyncNetworkStream):
    """A connection that hands on each head whole, mended and within a bound, and the body as it comes.

    The bound is for all heads of an answer together: some servers send 103 for ever.
    """

    def __init__(self, inner: httpcore.AsyncNetworkStream, limits: FetchLimits) -> None:
        self._inner = inner
        self._limits = limits
        self._is_in_head = True
        self._head_left = limits.head_bytes
        self._buffer = bytearray()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if not self._is_in_head:
            return await self._receive(max_bytes, timeout)
        end = await self._find_end(timeout)
        if not end:
            return b""
        self._head_left -= end
        head = mend_head(bytes(self._buffer[:end]))
        rest = bytes(self._buffer[end:])
        status = head.partition(b"\r\n")[0].split(b" ")[1:2]
        self._is_in_head = status != [] and status[0].startswith(b"1") and status[0] != b"101"
        self._buffer = bytearray(rest if self._is_in_head else b"")
        return head if self._is_in_head else head + rest

    async def _find_end(self, timeout: float | None) -> int:
        """Fill the buffer until it holds a whole head; returns where that ends, 0 where nothing came at all."""
        searched = 0
        while True:
            found = _HEAD_END.search(self._buffer, max(0, searched - 3))
            if found is not None and found.end() <= self._head_left:
                return found.end()
            searched = len(self._buffer)
            if searched > self._head_left or found is not None:
                detail = f"more than {self._limits.head_bytes} bytes before the end of the headers"
                raise FetchError("protocol-error", detail)
            data = await self._receive(STEP, timeout)
            if not data and self._buffer:
                raise FetchError("connection-failed", "the connection was closed in the headers", is_retryable=True)
            if not data:
                return 0
            self._buffer += data
            if self._buffer[:5] != b"HTTP/"[: len(self._buffer)]:
                raise FetchError("protocol-error", f"no HTTP: {bytes(self._buffer[:40])!r}")

    async def _receive(self, max_bytes: int, timeout: float | None) -> bytes:
        try:
            return await self._inner.read(max_bytes, timeout)
        except ssl.SSLError as error:  # such as TLS 1.3 gives where a certificate of ours is asked for
            raise FetchError("tls-error", f"TLS broke off: {error.reason or error}") from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._is_in_head = True
        self._head_left = self._limits.head_bytes
        self._buffer.clear()
        _call.get().observed.is_connected = True  # not before TLS is there
        try:
            await self._inner.write(buffer, timeout)
        except ssl.SSLError as error:
            raise FetchError("tls-error", f"TLS broke off: {error.reason or error}") from error

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        try:
            inner = await self._inner.start_tls(ssl_context, server_hostname, timeout)
        except httpcore.ConnectTimeout as error:
            raise FetchError("timeout", "no TLS handshake in time", is_retryable=True, is_connected=False) from error
        except (httpcore.ConnectError, OSError, ValueError) as error:
            raise FetchError("tls-error", _tls_detail(error), is_connected=False) from error
        return _MendingStream(inner, self._limits)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to the addresses that were checked for the request."""

    def __init__(self, limits: FetchLimits) -> None:
        self._limits = limits
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        call = _call.get()
        call.is_fresh = True
        addresses = call.resolved.addresses[:_ADDRESSES]
        problem: Exception | None = None
        for address in addresses:
            try:
                stream = await self._inner.connect_tcp(
                    address, port, self._limits.connect_s / len(addresses), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
            else:
                return _MendingStream(stream, self._limits)
        assert problem is not None
        raise _connect_failure(problem) from problem


@contextmanager
def _failures(observed: Observed) -> Iterator[None]:
    """FetchError for what httpcore raises."""
    try:
        yield
    except httpcore.TimeoutException as error:
        where = "in the body" if observed.status is not None else "before an answer"
        raise FetchError("timeout", f"nothing came in time {where}", is_retryable=True) from error
    except httpcore.RemoteProtocolError as error:
        raise _protocol_failure(str(error)[:200], observed) from error
    except httpcore.NetworkError as error:
        where = "in the body" if observed.status is not None else "before an answer"
        kind = FetchError if observed.status is not None else _ClosedError
        raise kind(
            "connection-failed", f"the connection broke {where}: {_os_detail(error)}", is_retryable=True
        ) from error
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, ValueError) as error:
        raise FetchError("protocol-error", f"the request cannot be sent: {str(error)[:200]}") from error
    except OSError as error:  # where httpcore lets one through
        raise FetchError("connection-failed", f"the connection broke: {error}", is_retryable=True) from error


def _protocol_failure(text: str, observed: Observed) -> FetchError:
    if _DISCONNECTED in text:
        return _ClosedError("connection-failed", "the connection was closed without an answer", is_retryable=True)
    if observed.status is not None and ("closed" in text or "incomplete" in text):
        return FetchError("truncated-body", f"the body broke off: {text}", is_retryable=True)
    return FetchError("protocol-error", f"not HTTP as we know it: {text}")


def _connect_failure(error: Exception) -> FetchError:
    if isinstance(error, httpcore.ConnectTimeout):
        return FetchError("timeout", "no connection in time", is_retryable=True, is_connected=False)
    if any(isinstance(cause, ConnectionRefusedError) for cause in _causes(error)):
        return FetchError("connection-refused", "nothing listens there", is_retryable=True, is_connected=False)
    detail = f"no connection: {_os_detail(error)}"
    return FetchError("connection-failed", detail, is_retryable=True, is_connected=False)


def _os_detail(error: BaseException) -> str:
    """What the operating system says, where it is at the bottom of it."""
    said = [cause.strerror for cause in _causes(error) if isinstance(cause, OSError) and cause.strerror]
    return said[-1] if said else str(error)[:200] or type(error).__name__


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _tls_detail(error: BaseException) -> str:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"certificate refused: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return f"no TLS: {cause.reason or cause}"
    return "the connection ended in the TLS handshake"


def trust_by_default() -> ssl.SSLContext:
    """The authorities that the environment names, or else certifi's."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    return ssl.create_default_context(cafile=file or (None if folder else certifi.where()), capath=folder)
