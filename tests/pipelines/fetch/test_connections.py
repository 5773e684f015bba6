"""Connections: which of them are used again, and for whom."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

import pytest

from pipelines.fetch.addresses import Resolved
from pipelines.fetch.connections import Connections
from pipelines.fetch.failures import FetchError, Observed
from pipelines.fetch.limits import FetchLimits
from pipelines.fetch.target import Target, parse_target

Handle: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
HERE = Resolved(addresses=("127.0.0.1",), is_local=True)
ELSEWHERE = Resolved(addresses=("127.0.0.2",), is_local=True)  # nobody listens there


@asynccontextmanager
async def serving(handle: Handle) -> AsyncIterator[Target]:
    async with await asyncio.start_server(handle, "127.0.0.1", 0) as server:
        target = parse_target(f"http://one.example:{server.sockets[0].getsockname()[1]}/")
        assert isinstance(target, Target)
        yield target


def answers(*replies: bytes) -> tuple[list[int], Handle]:
    """How many requests each connection brought, and what answers them: a reply each, b"" closes."""
    counts: list[int] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        mine = len(counts)
        counts.append(0)
        waiting = list(replies)
        try:
            while waiting and await reader.readuntil(b"\r\n\r\n"):
                counts[mine] += 1
                reply = waiting.pop(0)
                if not reply:
                    break
                writer.write(reply)
            else:
                await reader.read()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    return counts, handle


def opened(*, now: Callable[[], float] = lambda: 0.0, **limits: float) -> Connections:
    context = ssl.create_default_context()
    return Connections(limits=FetchLimits(**limits), ssl_context=context, monotonic=now)  # type: ignore[arg-type]


async def ask(connections: Connections, target: Target, resolved: Resolved = HERE) -> bytes:
    connection, _head = await connections.ask(target, resolved, (), observed=Observed())
    body = b""
    while (piece := await connection.next_piece()) is not None:
        body += piece
    connections.release(connection)
    return body


async def test_a_connection_is_used_again() -> None:
    counts, handle = answers(OK, OK, OK)
    connections = opened()
    async with serving(handle) as target:
        bodies = [await ask(connections, target) for _number in range(3)]
        connections.close()

    assert (bodies, counts) == ([b"hi"] * 3, [3])


async def test_an_answer_without_a_body_leaves_the_connection_usable() -> None:
    counts, handle = answers(b"HTTP/1.1 304 Not Modified\r\nETag: 1\r\n\r\n", OK)
    connections = opened()
    async with serving(handle) as target:
        connection, head = await connections.ask(target, HERE, (), observed=Observed())
        connections.release(connection)
        await ask(connections, target)
        connections.close()

    assert (head.status, counts) == (304, [2])


async def test_a_connection_serves_only_those_who_may_reach_its_address() -> None:
    counts, handle = answers(OK, OK)
    connections = opened()
    async with serving(handle) as target:
        await ask(connections, target)

        with pytest.raises(FetchError) as caught:
            await ask(connections, target, ELSEWHERE)
        await ask(connections, target)
        connections.close()

    assert (caught.value.reason, counts) == ("connection-refused", [2])


async def test_an_idle_connection_that_the_server_gave_up_costs_nothing() -> None:
    counts, handle = answers(OK, b"")
    connections = opened()
    async with serving(handle) as target:
        bodies = [await ask(connections, target) for _number in range(3)]
        connections.close()

    assert (bodies, counts) == ([b"hi"] * 3, [2, 2, 1])


async def test_a_fresh_connection_that_closes_without_an_answer_is_a_failure() -> None:
    _counts, handle = answers(b"")
    async with serving(handle) as target:
        with pytest.raises(FetchError, match="closed without an answer") as caught:
            await ask(opened(), target)

    assert (caught.value.reason, caught.value.is_retryable) == ("connection-failed", True)


@pytest.mark.parametrize(
    "first",
    [
        OK + OK,  # an answer that nobody asked for
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
    ],
)
async def test_a_connection_that_may_hold_more_than_its_answer_is_not_used_again(first: bytes) -> None:
    counts, handle = answers(first, OK)
    connections = opened()
    async with serving(handle) as target:
        bodies = [await ask(connections, target) for _number in range(2)]
        connections.close()

    assert (bodies, counts) == ([b"hi"] * 2, [1, 1])


async def test_a_connection_is_idle_for_so_long_and_no_longer() -> None:
    counts, handle = answers(OK, OK, OK)
    times = [0.0]
    connections = opened(now=lambda: times[-1], keepalive_s=15.0)
    async with serving(handle) as target:
        for now in (0.0, 14.0, 30.0):
            times.append(now)
            await ask(connections, target)
        connections.close()

    assert counts == [2, 1]


async def test_no_more_connections_are_idle_than_may_be() -> None:
    counts, handle = answers(OK, OK)
    connections = opened(idle_connections=2)
    async with serving(handle) as target:
        for _round in range(2):
            busy = [await connections.ask(target, HERE, (), observed=Observed()) for _number in range(4)]
            for connection, _head in busy:
                while await connection.next_piece() is not None:
                    pass
                connections.release(connection)
        connections.close()

    assert counts == [1, 1, 2, 2, 1, 1]  # the two that were released last were kept
