"""Every fault of the catalogue, all at once, against the fetcher alone."""

import asyncio
import ssl
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest

from pipelines.fetch import fetch_pages, open_client
from pipelines.model import Entry, Page, Reject, Source
from tests.faults.case import Fault
from tests.faults.catalogue import DOCUMENT_FAULTS, FAULTS, FETCH_FAULTS, FILE_FAULTS
from tests.faults.server import Served
from tests.pipelines.fetch.conftest import LIMITS, RULES, resolve


@pytest.fixture(scope="module")
def outcomes(
    served: Served, trust: ssl.SSLContext, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Page | Reject]:
    """What became of every fault: one run over all of them."""
    folder = tmp_path_factory.mktemp("files")
    sources = {fault.name: source_for(fault, served, folder) for fault in FAULTS}
    entries = [entry_for(fault, served, folder) for fault in FAULTS]

    slow = {fault.name for fault in FAULTS if fault.is_slow}

    async def run(*, is_slow: bool) -> list[Page | Reject]:
        # A slow case has many attempts, so that one which must succeed in the end does so on a busy machine, too.
        slow_limits = replace(LIMITS, total_s=20.0, retries=8)
        limits = slow_limits if is_slow else replace(LIMITS, connect_s=120.0, read_s=120.0, total_s=600.0)
        mine = [entry for entry in entries if (entry.source in slow) is is_slow]
        async with open_client(rules=RULES, limits=limits, verify=trust, resolve=resolve) as client:
            return [done async for done in fetch_pages(mine, sources=sources, client=client, concurrency=64)]

    async def run_both() -> list[Page | Reject]:
        return [done for part in await asyncio.gather(run(is_slow=False), run(is_slow=True)) for done in part]

    results = asyncio.run(run_both())
    assert Counter(result.entry.source for result in results if result.entry) == Counter(sources.keys())
    return {result.entry.source: result for result in results if result.entry}


def source_for(fault: Fault, served: Served, folder: Path) -> Source:
    if fault.place == "file":
        root = folder / fault.name
        root.mkdir()
        assert fault.make_file is not None
        fault.make_file(root / ("document.html" if fault.entry.endswith("html") else "document.txt"), fault.name)
        return Source(name=fault.name, kind="files", location=str(root), every=timedelta(hours=1))
    location = f"http://{fault.name}.localhost:{served.port}/feed.xml"
    return Source(name=fault.name, kind="feed", location=location, every=timedelta(hours=1))


def entry_for(fault: Fault, served: Served, folder: Path) -> Entry:
    url = served.url_of(fault)
    if fault.place == "file":
        root = quote(str(folder / fault.name))
        is_path = fault.entry and ":" not in fault.entry
        url = f"file://{root}/{fault.entry}" if is_path else fault.entry.replace("{root}", root)
    return Entry(source=fault.name, poll_id=uuid4(), url=url, canonical_url=url)


def became(result: Page | Reject) -> str:
    return "stored" if isinstance(result, Page) else f"{result.stage}:{result.reason}"


@pytest.mark.parametrize("fault", [*FETCH_FAULTS, *FILE_FAULTS], ids=lambda fault: fault.name)
def test_a_fault_becomes_the_row_it_should(fault: Fault, outcomes: Mapping[str, Page | Reject]) -> None:
    result = outcomes[fault.name]

    assert {became(result)} == ({fault.fetched} if fault.fetched else fault.becomes), result


@pytest.mark.parametrize("fault", DOCUMENT_FAULTS, ids=lambda fault: fault.name)
def test_what_is_for_later_stages_comes_through(fault: Fault, outcomes: Mapping[str, Page | Reject]) -> None:
    result = outcomes[fault.name]

    assert became(result) == "stored", result


def test_every_end_says_where_and_why(outcomes: Mapping[str, Page | Reject]) -> None:
    for result in outcomes.values():
        assert result.fetch is not None
        if isinstance(result, Reject):
            assert result.detail.isprintable()
            assert len(result.detail) <= 300
            assert result.evidence is None or (result.evidence.isprintable() and len(result.evidence) <= 200)
        else:
            assert 0 < len(result.content) <= LIMITS.body_bytes
            assert result.fetch.byte_count == len(result.content)
            assert result.fetch.digest is not None


def test_no_fault_is_a_crash(outcomes: Mapping[str, Page | Reject]) -> None:
    assert not [name for name, result in outcomes.items() if became(result) == "fetch:fetch-crash"]


def test_the_catalogue_names_each_fault_once() -> None:
    assert Counter(fault.name for fault in FAULTS).most_common(1)[0][1] == 1


def test_nothing_is_asked_twice_without_need(outcomes: Mapping[str, Page | Reject], served: Served) -> None:
    final = ("status-404", "status-403", "status-410", "type-pdf", "brotli", "gzip-bomb", "url-empty")

    assert {served.requests[name, "/article"] for name in final} <= {0, 1}
    assert {served.requests[name, "/article"] for name in ("status-500", "breaks-off")} == {1 + LIMITS.retries}
    # An idle connection that the server closes counts as no attempt.
    assert outcomes["closes-at-once"].fetch is not None
    assert outcomes["closes-at-once"].fetch.attempt_count == 1 + LIMITS.retries
    assert served.requests["closes-at-once", "/article"] >= 1 + LIMITS.retries
    assert outcomes["status-500"].fetch is not None
    assert outcomes["status-500"].fetch.attempt_count == 1 + LIMITS.retries
