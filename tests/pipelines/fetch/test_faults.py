"""Every fault of the catalogue, against the fetcher alone."""

from datetime import timedelta
from uuid import uuid4

import pytest

from pipelines.fetch import Client, fetch_page
from pipelines.model import Entry, Page, Source
from tests.faults.case import Fault
from tests.faults.catalogue import FETCH_FAULTS
from tests.faults.server import Served


def entry_for(fault: Fault, served: Served) -> Entry:
    url = served.url_of(fault)
    return Entry(source=fault.name, poll_id=uuid4(), url=url, canonical_url=url)


def source_for(fault: Fault, served: Served) -> Source:
    location = f"http://{fault.name}.localhost:{served.port}/feed.xml"
    return Source(name=fault.name, kind="feed", location=location, every=timedelta(hours=1))


@pytest.mark.parametrize("fault", FETCH_FAULTS, ids=lambda fault: fault.name)
async def test_a_fault_becomes_the_row_it_should(fault: Fault, served: Served, client: Client) -> None:
    entry = entry_for(fault, served)

    result = await fetch_page(entry, source=source_for(fault, served), client=client)

    became = "stored" if isinstance(result, Page) else f"{result.stage}:{result.reason}"
    assert became in fault.becomes, result
    assert result.fetch is not None
    assert result.entry == entry
