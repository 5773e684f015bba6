"""One fault server for all tests of the fetcher, and a client with short limits."""

import ssl
from collections.abc import AsyncIterator, Iterator

import pytest

from pipelines.fetch import Client, FetchLimits, open_client
from pipelines.fetch.addresses import resolve_by_system
from pipelines.model import FetchRules
from tests.faults.catalogue import FAULTS
from tests.faults.server import Served, serving

LIMITS = FetchLimits(
    connect_s=2.0, read_s=2.0, total_s=8.0, backoff_s=0.01, body_bytes=1_000_000, sitemap_bytes=2_000_000
)
RULES = FetchRules(contact="editor@example.org", allow_networks=("127.0.0.0/8",))


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    with serving(FAULTS) as server:
        yield server


@pytest.fixture(scope="session")
def trust(served: Served) -> ssl.SSLContext:
    return served.trust()


@pytest.fixture
async def client(trust: ssl.SSLContext) -> AsyncIterator[Client]:
    async with open_client(rules=RULES, limits=LIMITS, verify=trust, resolve=resolve) as opened:
        yield opened


async def resolve(host: str) -> list[str]:
    """DNS as the catalogue has it. Addresses in any spelling go to the system, names go nowhere."""
    for fault in FAULTS:
        if fault.answers and f"//{host}/" in fault.url:
            return [answer for answer in fault.answers if answer]
    if ":" in host or host.replace(".", "").isdigit() or host.startswith("0x"):
        return await resolve_by_system(host)
    raise OSError(f"no such host: {host}")
