"""Connections: which of them are used again, and for whom."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

import pytest

from pipelines.fetch.addresses import Resolved
from pipelines.fetch.connections import GuardedTransport
from pipelines.fetch.connections import ask as ask_for
from pipelines.fetch.failures import FetchError, Observed
from pipelines.fetch.limits import FetchLimits
from pipelines.fetch.target import Target, parse_target

LIMITS = FetchLimits()
Handle: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
HERE = Resolved(addresses=("127.0.0.1",), is_local=True)
# The source of another permission: its name server says something else.
ELSEWHERE = Resolved(addresses=("127.0.0.2",), is_local=True, networks=("127.0.0.2/32",))  # nobody listens there


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


def opened(limits: FetchLimits = LIMITS) -> GuardedTransport:
    return GuardedTransport(limits=limits, ssl_context=ssl.create_default_context())


async def ask(transport: GuardedTransport, target: Target, resolved: Resolved = HERE) -> bytes:
    answer = await ask_for(transport, target, resolved, (), limits=LIMITS, observed=Observed())
    body = b""
    while (piece := await answer.next_piece()) is not None:
        body += piece
    await answer.release()
    return body


async def test_a_connection_is_used_again() -> None:
    counts, handle = answers(OK, OK, OK)
    transport = opened()
    async with serving(handle) as target:
        bodies = [await ask(transport, target) for _number in range(3)]
        await transport.aclose()

    assert (bodies, counts) == ([b"hi"] * 3, [3])


async def test_an_answer_without_a_body_leaves_the_connection_usable() -> None:
    counts, handle = answers(b"HTTP/1.1 304 Not Modified\r\nETag: 1\r\n\r\n", OK)
    transport = opened()
    async with serving(handle) as target:
        answer = await ask_for(transport, target, HERE, (), limits=LIMITS, observed=Observed())
        await answer.release()
        await ask(transport, target)
        await transport.aclose()

    assert (answer.head.status, counts) == (304, [2])


async def test_a_connection_serves_only_those_who_may_reach_its_address() -> None:
    counts, handle = answers(OK, OK)
    transport = opened()
    async with serving(handle) as target:
        await ask(transport, target)

        with pytest.raises(FetchError) as caught:
            await ask(transport, target, ELSEWHERE)
        await ask(transport, target)
        await transport.aclose()

    assert (caught.value.reason, counts) == ("connection-refused", [2])


async def test_an_idle_connection_that_the_server_gave_up_costs_nothing() -> None:
    counts, handle = answers(OK, b"")
    transport = opened()
    async with serving(handle) as target:
        bodies = [await ask(transport, target) for _number in range(3)]
        await transport.aclose()

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
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
    ],
)
async def test_a_connection_that_may_hold_more_than_its_answer_is_not_used_again(first: bytes) -> None:
    counts, handle = answers(first, OK)
    transport = opened()
    async with serving(handle) as target:
        bodies = [await ask(transport, target) for _number in range(2)]
        await transport.aclose()

    assert (bodies, counts) == ([b"hi"] * 2, [1, 1])


async def test_a_connection_that_was_idle_for_too_long_is_not_used_again() -> None:
    counts, handle = answers(OK, OK)
    transport = opened(FetchLimits(keepalive_s=0.0))
    async with serving(handle) as target:
        for _number in range(2):
            await ask(transport, target)
        await transport.aclose()

    assert counts == [1, 1]


async def test_an_odd_header_line_costs_no_answer() -> None:
    _counts, handle = answers(b"HTTP/1.1 200 OK\r\na/b.php: text\r\nno colon\r\nContent-Length : 2\r\n\r\nhi")
    async with serving(handle) as target:
        assert await ask(opened(), target) == b"hi"


async def test_interim_answers_are_passed_over_within_the_bound_of_a_head() -> None:
    interim = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    _counts, handle = answers(interim * 3 + OK, interim * 10_000)
    async with serving(handle) as target:
        transport = opened()
        assert await ask(transport, target) == b"hi"
        with pytest.raises(FetchError, match="before the end of the headers"):
            await ask(transport, target)
