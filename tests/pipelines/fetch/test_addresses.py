"""Addresses: what may be connected to."""

import asyncio
import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.fetch import Client, FetchFailure, Response, open_client
from pipelines.fetch.addresses import Guard, is_public, resolve_by_system
from pipelines.fetch.bodies import Accept
from pipelines.fetch.failures import FetchError
from pipelines.fetch.limits import Clock
from pipelines.model import ConfigFault, FetchRules
from tests.faults.server import Served
from tests.pipelines.fetch.conftest import LIMITS
from tests.pipelines.fetch.test_client import Echo, echo, fail, source

__all__ = ["echo"]

PUBLIC = (
    "8.8.8.8",
    "93.184.216.34",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "100.128.0.1",
    "172.32.0.1",
)
PRIVATE = (
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.9.9.9", "169.254.169.254"),
    *("172.16.0.1", "172.31.255.255", "192.0.0.192", "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16", "192.88.99.1"),
    *("::", "::1", "::10.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a00:1", "64:ff9b:1::1"),
    *("fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001::1", "2001:db8::1"),
    *("2002:7f00:1::1", "3fff::1", "5f00::1", "100::1"),
)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PRIVATE)
def test_private_and_reserved_addresses_are_not(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@given(st.integers(0, 2**32 - 1))
def test_an_embedded_address_is_judged_like_itself(number: int) -> None:
    address = ipaddress.IPv4Address(number)

    assert is_public(ipaddress.IPv6Address((0xFFFF << 32) | number)) == is_public(address)
    assert is_public(ipaddress.IPv6Address((0x64FF9B << 96) | number)) == is_public(address)


@given(st.integers(0, 2**32 - 1))
def test_nothing_is_public_that_the_standard_library_calls_private(number: int) -> None:
    address = ipaddress.IPv4Address(number)

    assert address.is_global or not is_public(address)


async def test_one_private_answer_refuses_the_host() -> None:
    guard = Guard(())

    with pytest.raises(FetchError, match=r"a\.example is 10\.0\.0\.1") as caught:
        guard.check("a.example", ["8.8.8.8", "10.0.0.1"])

    assert caught.value.reason == "private-address"


async def test_allowed_networks_make_a_host_local() -> None:
    guard = Guard(("127.0.0.0/8", "10.1.0.0/16"))

    assert guard.check("a", ["127.0.0.1", "::ffff:10.1.2.3"]).is_local
    assert not guard.check("a", ["127.0.0.1", "127.0.0.1", "8.8.8.8"]).is_local
    assert not guard.check("a", ["8.8.8.8"]).is_local


async def test_what_is_no_network_is_the_operators_fault() -> None:
    with pytest.raises(ConfigFault, match=r"fetch\.allow_networks: '10\.0\.0\.0/99'"):
        Guard(("10.0.0.0/99",))


async def test_localhost_is_no_matter_for_dns() -> None:
    async def resolve(host: str) -> list[str]:
        raise AssertionError(f"asked for {host}")

    guard = Guard(("127.0.0.0/8",), resolve=resolve)

    for host in ("localhost", "courier.localhost"):
        assert (await guard.resolve(host, timeout_s=1)).addresses == ("127.0.0.1",)


async def test_a_silent_name_server_is_a_timeout() -> None:
    async def resolve(_host: str) -> list[str]:
        await asyncio.sleep(60)
        return []

    with pytest.raises(FetchError, match="no answer from DNS") as caught:
        await Guard((), resolve=resolve).resolve("a.example", timeout_s=0.01)

    assert caught.value.reason == "timeout"


async def test_the_system_resolves_odd_spellings() -> None:
    assert set(await resolve_by_system("2130706433")) == {"127.0.0.1"}
    with pytest.raises((OSError, UnicodeError)):
        await resolve_by_system("a" * 70 + ".example")


async def test_a_name_that_changes_its_answer_gains_nothing(served: Served) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    now = 0.0

    async def resolve(_host: str) -> list[str]:
        return next(answers)

    async def get(client: Client) -> object:
        return await client.get(f"http://rebind.example:{served.port}/article", accept=Accept.PAGE)

    rules = FetchRules(allow_networks=("127.0.0.0/8",))
    clock = Clock(monotonic=lambda: now)
    async with open_client(rules=rules, limits=LIMITS, resolve=resolve, clock=clock) as client:
        before = await get(client)
        now = 1_000.0
        after = await get(client)

    assert not isinstance(before, FetchFailure)
    assert isinstance(after, FetchFailure)
    assert after.reason == "private-address"


NEWSROOM = ("127.0.0.1/32",)


async def by_name(host: str) -> list[str]:
    """Two hosts of this machine, of which one source may reach the first."""
    return {"one.example": ["127.0.0.1"], "two.example": ["127.0.0.2"]}[host]


@asynccontextmanager
async def unprivileged() -> AsyncIterator[Client]:
    """A client that lets no source into private networks by itself."""
    async with open_client(rules=FetchRules(), limits=LIMITS, resolve=by_name) as client:
        yield client


async def test_a_private_network_is_allowed_to_one_source(echo: Echo) -> None:
    url = echo.url(host="one.example")
    async with unprivileged() as client:
        allowed = await client.get(url, accept=Accept.PAGE, source=source(allow_networks=NEWSROOM))
        refused = [await fail(client, url, source=asking) for asking in (source(), None)]

    assert isinstance(allowed, Response)
    assert [(failure.reason, failure.attempt_count) for failure in refused] == [("private-address", 0)] * 2
    assert len(echo.requests) == 2  # robots.txt and page of the first


async def test_a_redirect_leads_no_source_where_it_may_not_go(echo: Echo) -> None:
    echo.say("/away", f"Location: {echo.url('/', host='two.example')}", status="302 Found")
    async with unprivileged() as client:
        failure = await fail(client, echo.url("/away", host="one.example"), source=source(allow_networks=NEWSROOM))

    assert failure.reason == "private-address"
    assert "two.example is 127.0.0.2" in failure.detail


async def test_robots_txt_leads_no_source_where_it_may_not_go(echo: Echo) -> None:
    echo.say("/robots.txt", f"Location: {echo.url('/', host='two.example')}", status="302 Found")
    async with unprivileged() as client:
        failure = await fail(client, echo.url(host="one.example"), source=source(allow_networks=NEWSROOM))

    assert failure.reason == "robots-unreachable"
    assert "private-address" in failure.detail


async def test_sitemaps_are_read_for_a_source_that_may(echo: Echo) -> None:
    echo.say("/robots.txt", body="Sitemap: http://one.example/s.xml\n")
    url = echo.url(host="one.example")
    async with unprivileged() as client:
        assert await client.sitemaps(url) == ()
        assert await client.sitemaps(url, source=source(allow_networks=NEWSROOM)) == ("http://one.example/s.xml",)


async def test_rules_that_do_not_hold_are_the_operators_fault() -> None:
    with pytest.raises(ConfigFault, match="allow_networks"):
        async with open_client(rules=FetchRules(allow_networks=("localhost",))):
            pass
