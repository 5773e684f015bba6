"""One fault server for all tests of the fetcher, and a client with short limits."""

from collections.abc import AsyncIterator, Iterator

import pytest

from pipelines.fetch import Client, Limits, open_client
from pipelines.model import FetchRules
from tests.faults.case import Fault
from tests.faults.catalogue import FAULTS
from tests.faults.server import Served, serving

LIMITS = Limits(connect_s=1.0, read_s=0.4, total_s=1.2, backoff_s=0.01, body_bytes=1_000_000, sitemap_bytes=2_000_000)
RULES = FetchRules(contact="editor@example.org", allow_networks=("127.0.0.0/8",))


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    with serving(FAULTS) as server:
        yield server


@pytest.fixture
async def client(served: Served) -> AsyncIterator[Client]:
    async with open_client(rules=RULES, limits=LIMITS, verify=served.trust(), resolve=resolve) as opened:
        yield opened


async def resolve(host: str) -> list[str]:
    """DNS as the catalogue has it; nobody else is known."""
    for fault in FAULTS:
        if fault.answers and host in fault.url:
            return [answer for answer in fault.answers if answer]
    if host.replace(".", "").isdigit() or host.startswith(("0x", "[")) or ":" in host:
        from pipelines.fetch.addresses import resolve_by_system

        return await resolve_by_system(host)
    raise OSError(f"no such host: {host}")


def ids(fault: Fault) -> str:
    """How pytest calls a fault."""
    return fault.name
