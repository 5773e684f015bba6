"""Network: the only place that opens sockets. Connects to addresses that the guard has checked."""

# ruff: noqa: ASYNC109  the signatures with a timeout are httpcore's

import asyncio
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from pipelines.fetch.addresses import Guard
from pipelines.fetch.faults import RefusedError
from pipelines.fetch.limits import Limits


class AddressRefusedError(httpcore.ConnectError):
    """The guard refused the host; carries its RefusedError as the cause."""


class HandshakeError(httpcore.ConnectError):
    """TLS did not come about."""


class TlsBrokenError(httpcore.ReadError):
    """TLS broke off after the handshake, such as TLS 1.3 does where a certificate of ours is asked for."""


class HeadTooLargeError(httpcore.RemoteProtocolError):
    """Status line, headers and interim answers go on and on."""


class GuardedStream(httpcore.AsyncNetworkStream):
    """A connection that counts what comes before the end of the headers.

    h11 bounds one head to 100 KiB, but not the number of interim answers: a server that sends 103 for ever
    keeps httpcore in a loop until the total deadline.
    """

    def __init__(self, inner: httpcore.AsyncNetworkStream, head_bytes: int) -> None:
        self._inner = inner
        self._head_bytes = head_bytes
        self._head_left = head_bytes
        self._is_in_head = True

    def end_head(self) -> None:
        """To be told when the headers are through: the body has a bound of its own."""
        self._is_in_head = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            data = await self._inner.read(max_bytes, timeout)
        except ssl.SSLError as error:
            # httpcore does not map these, so they would come through httpx as they are.
            raise TlsBrokenError(f"TLS broke off: {error.reason or error}") from error
        if self._is_in_head:
            self._head_left -= len(data)
            if self._head_left < 0:
                raise HeadTooLargeError(f"more than {self._head_bytes} bytes before the end of the headers")
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._is_in_head = True
        self._head_left = self._head_bytes
        try:
            await self._inner.write(buffer, timeout)
        except ssl.SSLError as error:
            raise TlsBrokenError(f"TLS broke off: {error.reason or error}") from error

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        try:
            inner = await self._inner.start_tls(ssl_context, server_hostname, timeout)
        except httpcore.ConnectError as error:
            raise HandshakeError(_tls_detail(error)) from error
        return GuardedStream(inner, self._head_bytes)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Resolves, checks, connects to what was checked."""

    # Some hosts publish dozens of addresses; two families with two each are enough to ask.
    ADDRESSES = 4

    def __init__(self, guard: Guard, limits: Limits) -> None:
        self._guard = guard
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
        timeout_s = self._limits.connect_s if timeout is None else timeout
        try:
            resolved = await self._guard.resolve(host, timeout_s=timeout_s)
        except RefusedError as error:
            raise AddressRefusedError(error.detail) from error
        addresses = resolved.addresses[: self.ADDRESSES]
        problem: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in addresses:
            try:
                stream = await self._inner.connect_tcp(
                    address, port, timeout_s / len(addresses), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
            else:
                return GuardedStream(stream, self._limits.head_bytes)
        assert problem is not None
        raise problem

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's transport over the guarded backend: no proxies, no environment.

    HTTP/2 stays off: with one request at a time to a host there is nothing to multiplex, the hpack and stream
    bookkeeping costs more CPU than it saves, and endless CONTINUATION, SETTINGS and header bombs would need
    bounds of their own.
    """

    def __init__(self, *, backend: GuardedBackend, ssl_context: ssl.SSLContext, keepalive: int) -> None:
        # httpx 0.28 has no way to hand in a network backend, so the pool it would build is built here.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl_context,
            max_connections=None,  # the hosts' turns and the callers' concurrency bound them
            max_keepalive_connections=keepalive,
            keepalive_expiry=15.0,  # longer than the pause of a host, or no connection would be used twice
            http1=True,
            http2=False,
            network_backend=backend,
        )


def _tls_detail(error: BaseException) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"certificate refused: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return f"no TLS: {cause.reason or cause}"
        cause = cause.__cause__ or cause.__context__
    return "the connection ended in the TLS handshake"
