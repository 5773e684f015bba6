"""Connections: sockets to addresses that the guard has checked, with TLS and HTTP/1.1 on them, kept for a while.

This is the only place that opens sockets. It stands on asyncio and h11 alone. Under httpx and httpcore a request cost
1.6 ms of CPU while 160 connections were idle, since their pool checks each of them; here it costs 0.4 ms. There are no
proxies, no settings from the environment and no cookies; nothing is followed and nothing inflated.

HTTP/2 is not spoken: with one request at a time to a host there is nothing to multiplex, and endless CONTINUATION,
SETTINGS and header bombs would need bounds of their own.
"""

import asyncio
import os
import re
import socket
import ssl
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeAlias, cast

import certifi
import h11

from pipelines.fetch.addresses import Resolved
from pipelines.fetch.bodies import STEP
from pipelines.fetch.failures import FetchError, Observed
from pipelines.fetch.heads import Head, decode_field, mend_head
from pipelines.fetch.limits import FetchLimits
from pipelines.fetch.target import Target

# Some hosts publish dozens of addresses; two families with two each are enough to ask.
_ADDRESSES = 4
_HEAD_END = re.compile(rb"\n\r?\n")

_Key: TypeAlias = tuple[str, str, int]


class _Wire(asyncio.BufferedProtocol):
    """The receiving end of a socket. It stops reading while more than a step waits to be taken."""

    def __init__(self, buffer: bytearray) -> None:
        self.transport: asyncio.Transport
        self._buffer = buffer  # where the loop puts what it reads; shared, since it is emptied at once
        self._waiting = bytearray()
        self._is_ended = False
        self._is_paused = False
        self._error: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None

    @property
    def is_quiet(self) -> bool:
        """Whether it is open and no bytes have come without a request."""
        return not self._waiting and not self._is_ended

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def get_buffer(self, _sizehint: int) -> bytearray:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        self._waiting += memoryview(self._buffer)[:nbytes]
        if len(self._waiting) > STEP and not self._is_paused:
            self._is_paused = True
            self.transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        self._is_ended = True
        self._wake()

    def connection_lost(self, error: Exception | None) -> None:
        self._is_ended = True
        self._error = error
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def read(self) -> bytes:
        """What has come, b"" at the end. Raises OSError where the connection broke."""
        while not self._waiting:
            if self._error is not None:
                raise self._error
            if self._is_ended:
                return b""
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        data = bytes(self._waiting)
        self._waiting.clear()
        if self._is_paused:
            self._is_paused = False
            self.transport.resume_reading()
        return data


class _Closed(FetchError):
    """A connection ended before the first byte of an answer. An idle one does so when the server has given it up."""


class Connection:
    """One request at a time goes out; the head of its answer and the pieces of its body come in."""

    def __init__(self, wire: _Wire, *, key: _Key, address: str, limits: FetchLimits) -> None:
        self.key = key
        self.address = address
        self._wire = wire
        self._limits = limits
        self._is_ended = False
        self._has_answered = False
        # The bound of h11 is for chunk headers and trailers; heads are whole before it sees them.
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=limits.head_bytes)

    async def ask(self, target: Target, headers: Sequence[tuple[str, str]]) -> Head:
        """Sends a GET and reads the head of its answer. Raises FetchError, and closes the connection then."""
        try:
            request = h11.Request(method="GET", target=target.path, headers=[("Host", target.key), *headers])
            data = (self._http.send(request) or b"") + (self._http.send(h11.EndOfMessage()) or b"")
            self._has_answered = False
            self._wire.transport.write(data)
            return await self._read_head()
        except (h11.LocalProtocolError, UnicodeError) as error:
            self.close()
            raise FetchError("protocol-error", f"the request cannot be sent: {str(error)[:200]}") from error
        except BaseException:
            self.close()
            raise

    async def _read_head(self) -> Head:
        """Interim answers are passed over."""
        buffer = bytearray()
        left = self._limits.head_bytes  # for all of them: some servers send 103 for ever
        while True:
            end = await self._find_end(buffer, left)
            left -= end
            self._http.receive_data(mend_head(bytes(buffer[:end])))
            del buffer[:end]
            event = self._next_event()
            if isinstance(event, h11.InformationalResponse) and event.status_code != 101:
                continue
            if not isinstance(event, h11.Response):
                raise FetchError("protocol-error", "the server switches to another protocol")
            if buffer:
                self._http.receive_data(bytes(buffer))
            return Head(
                status=event.status_code,
                reason=decode_field(bytes(event.reason)),
                version=event.http_version.decode("ascii"),
                raw_headers=tuple((bytes(name), bytes(value)) for name, value in event.headers),
            )

    async def _find_end(self, buffer: bytearray, most: int) -> int:
        """Fills the buffer until it holds a whole head; returns where that ends."""
        searched = 0
        while True:
            found = _HEAD_END.search(buffer, max(0, searched - 3))
            if found is not None and found.end() <= most:
                return found.end()
            searched = len(buffer)
            if searched > most or found is not None:
                detail = f"more than {self._limits.head_bytes} bytes before the end of the headers"
                raise FetchError("protocol-error", detail)
            data = await self._read("before an answer")
            if not data and buffer:
                raise FetchError("connection-failed", "the connection was closed in the headers", is_retryable=True)
            if not data:
                raise _Closed("connection-failed", "the connection was closed without an answer", is_retryable=True)
            self._has_answered = True
            buffer += data
            if buffer[:5] != b"HTTP/"[: len(buffer)]:
                raise FetchError("protocol-error", f"no HTTP: {bytes(buffer[:40])!r}")

    async def next_piece(self) -> bytes | None:
        """The next bytes of the body, None after the last. Raises FetchError."""
        while True:
            event = self._next_event()
            if event is h11.NEED_DATA:
                data = await self._read("in the body")
                self._is_ended = not data
                self._http.receive_data(data)
            elif isinstance(event, h11.Data):
                return bytes(event.data)
            else:
                return None

    def _next_event(self) -> object:
        try:
            return self._http.next_event()
        except h11.RemoteProtocolError as error:
            if self._is_ended:
                detail = f"the body broke off: {error}"
                raise FetchError("truncated-body", detail, is_retryable=True) from error
            raise FetchError("protocol-error", f"not HTTP as we know it: {str(error)[:200]}") from error

    async def _read(self, where: str) -> bytes:
        try:
            async with asyncio.timeout(self._limits.read_s):
                return await self._wire.read()
        except TimeoutError as error:
            raise FetchError("timeout", f"nothing came in time {where}", is_retryable=True) from error
        except ssl.SSLError as error:  # such as TLS 1.3 gives where a certificate of ours is asked for
            raise FetchError("tls-error", f"TLS broke off: {error.reason or error}") from error
        except OSError as error:
            detail = f"the connection broke {where}: {error.strerror or error}"
            raise (FetchError if self._has_answered else _Closed)(
                "connection-failed", detail, is_retryable=True
            ) from error

    def is_reusable(self) -> bool:
        """Whether the answer is through and another may follow; prepares for it."""
        with suppress(FetchError):
            if self._http.their_state is h11.SEND_BODY:  # a 304 or a redirect whose empty body was not read
                self._next_event()
            if self._http.their_state is h11.DONE and self._http.our_state is h11.DONE and self._wire.is_quiet:
                has_more = bool(self._http.trailing_data[0])
                self._http.start_next_cycle()
                return not has_more
        return False

    @property
    def is_quiet(self) -> bool:
        """Whether it is open and no bytes have come without a request."""
        return self._wire.is_quiet

    def close(self) -> None:
        # Not `close`: it would wait for the end of TLS.
        self._wire.transport.abort()


class Connections:
    """Opens connections, and keeps idle ones for later requests."""

    def __init__(self, *, limits: FetchLimits, ssl_context: ssl.SSLContext, monotonic: Callable[[], float]) -> None:
        self._limits = limits
        self._ssl_context = ssl_context
        self._monotonic = monotonic
        self._idle: OrderedDict[Connection, float] = OrderedDict()  # since when; the longest idle first
        self._idle_by_key: dict[_Key, list[Connection]] = {}
        self._buffer = bytearray(STEP)

    async def ask(
        self, target: Target, resolved: Resolved, headers: Sequence[tuple[str, str]], *, observed: Observed
    ) -> tuple[Connection, Head]:
        """Asks at one of the addresses. Release the connection when the body is read. Raises FetchError."""
        idle = self._take_idle(target, resolved)
        observed.is_connected = idle is not None
        if idle is not None:
            with suppress(_Closed):  # the server gave it up at the moment when it was asked
                return idle, await idle.ask(target, headers)
        fresh = await self._open(target, resolved)
        observed.is_connected = True
        return fresh, await fresh.ask(target, headers)

    def _take_idle(self, target: Target, resolved: Resolved) -> Connection | None:
        """An idle connection to one of the addresses, which are what the source may reach.

        So no source gets at a private network through the connection of another one that may.
        """
        for connection in self._idle_by_key.get(_key_of(target), ())[::-1]:
            if connection.address in resolved.addresses:
                is_fresh = self._monotonic() - self._forget(connection) < self._limits.keepalive_s
                if is_fresh and connection.is_quiet:
                    return connection
                connection.close()
        return None

    async def _open(self, target: Target, resolved: Resolved) -> Connection:
        address, sock = await self._connect(resolved.addresses[:_ADDRESSES], target.port)
        wire = await self._start(sock, target)
        return Connection(wire, key=_key_of(target), address=address, limits=self._limits)

    def release(self, connection: Connection) -> None:
        """Keeps a connection for the next request, or closes it."""
        if not connection.is_reusable():
            connection.close()
            return
        now = self._monotonic()
        self._idle[connection] = now
        self._idle_by_key.setdefault(connection.key, []).append(connection)
        while self._idle:
            oldest, since = next(iter(self._idle.items()))
            if len(self._idle) <= self._limits.idle_connections and now - since < self._limits.keepalive_s:
                return
            self._forget(oldest)
            oldest.close()

    def close(self) -> None:
        """Closes all idle connections."""
        for connection in list(self._idle):
            self._forget(connection)
            connection.close()

    def _forget(self, connection: Connection) -> float:
        siblings = self._idle_by_key[connection.key]
        siblings.remove(connection)
        if not siblings:
            del self._idle_by_key[connection.key]
        return self._idle.pop(connection)

    async def _connect(self, addresses: tuple[str, ...], port: int) -> tuple[str, socket.socket]:
        problem: FetchError | None = None
        for address in addresses:
            sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
            try:
                sock.setblocking(False)
                async with asyncio.timeout(self._limits.connect_s / len(addresses)):
                    await asyncio.get_running_loop().sock_connect(sock, (address, port))
                return address, sock
            except BaseException as error:
                sock.close()
                problem = _connect_problem(error)
                if problem is None:
                    raise
        assert problem is not None
        raise problem

    async def _start(self, sock: socket.socket, target: Target) -> _Wire:
        """Puts the protocol on a socket, with TLS below it where the scheme wants it."""
        loop = asyncio.get_running_loop()
        if target.scheme == "http":
            _transport, wire = await loop.create_connection(partial(_Wire, self._buffer), sock=sock)
            return wire
        try:
            async with asyncio.timeout(self._limits.connect_s):
                _transport, wire = await loop.create_connection(
                    partial(_Wire, self._buffer), sock=sock, ssl=self._ssl_context, server_hostname=target.host
                )
                return wire
        except TimeoutError as error:
            detail = "no TLS handshake in time"
            raise FetchError("timeout", detail, is_retryable=True, is_connected=False) from error
        except (OSError, ValueError) as error:
            raise FetchError("tls-error", _tls_detail(error), is_connected=False) from error


def _key_of(target: Target) -> _Key:
    return target.scheme, target.host, target.port


def _connect_problem(error: BaseException) -> FetchError | None:
    match error:
        case TimeoutError():
            return FetchError("timeout", "no connection in time", is_retryable=True, is_connected=False)
        case ConnectionRefusedError():
            return FetchError("connection-refused", "nothing listens there", is_retryable=True, is_connected=False)
        case OSError():
            detail = f"no connection: {error.strerror or error}"
            return FetchError("connection-failed", detail, is_retryable=True, is_connected=False)
        case _:
            return None


def _tls_detail(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate refused: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"no TLS: {error.reason or error}"
    return "the connection ended in the TLS handshake"


def trust_by_default() -> ssl.SSLContext:
    """The authorities that the environment names, or else certifi's."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    context = ssl.create_default_context(cafile=file or (None if folder else certifi.where()), capath=folder)
    context.set_alpn_protocols(["http/1.1"])
    return context
