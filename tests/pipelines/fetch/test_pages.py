"""Pages: many hosts at once, none waiting for another, nothing lost."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from pipelines.fetch import Client, Clock, fetch_page, fetch_pages, open_client
from pipelines.model import Cleaning, Entry, FetchRules, HostRule, Page, Reject, Source
from tests.pipelines.fetch.conftest import LIMITS, RULES
from tests.pipelines.fetch.test_client import Echo, echo

__all__ = ["echo"]

SOURCE = Source(
    name="source",
    kind="feed",
    location="http://one.localhost/feed.xml",
    every=timedelta(hours=1),
    cleaning=Cleaning(min_words=7),
)
SOURCES = {"source": SOURCE}


def entry(url: str) -> Entry:
    return Entry(source="source", poll_id=uuid4(), url=url, canonical_url=url)


def entries(server: Echo, hosts: int, each: int = 1) -> list[Entry]:
    for number in range(each):
        server.say(f"/{number}")
    return [entry(server.url(f"/{page}", host=f"h{host}.localhost")) for page in range(each) for host in range(hosts)]


async def test_five_hundred_hosts_all_end(client: Client, echo: Echo) -> None:
    todo = entries(echo, 500)

    done = [result async for result in fetch_pages(todo, sources=SOURCES, client=client)]

    assert Counter(result.entry for result in done if result.entry) == Counter(todo)
    assert all(isinstance(result, Page) for result in done)


async def test_a_page_carries_what_the_cleaner_needs(client: Client, echo: Echo) -> None:
    echo.say("/", "X-Header: yes", body="<p>text</p>")
    wanted = entry(echo.url())

    page = await fetch_page(wanted, source=SOURCE, client=client)

    assert isinstance(page, Page)
    assert page.entry is wanted
    assert page.content == b"<p>text</p>"
    assert ("x-header", "yes") in page.headers
    assert page.cleaning.min_words == 7
    assert (page.fetch.status, page.fetch.content_type, page.fetch.byte_count) == (200, "text/html", 11)
    assert page.fetch.fetched_at.utcoffset() == timedelta(0)


async def test_the_page_of_an_entry_without_a_link_is_what_its_feed_carries(client: Client) -> None:
    name = "urn:presswatch:source:7"
    linkless = replace(entry(""), canonical_url=name, content_html="<p>Žluť, all of it.</p>")

    page = await fetch_page(linkless, source=SOURCE, client=client)
    bare = await fetch_page(replace(linkless, content_html=None), source=SOURCE, client=client)

    assert isinstance(page, Page)
    assert "<article><p>Žluť, all of it.</p></article>" in page.content.decode()
    assert (page.fetch.final_url, page.fetch.status, page.fetch.attempt_count) == (name, None, 0)
    assert isinstance(bare, Reject)
    assert bare.reason == "bad-url"


async def test_an_entry_that_leads_to_the_front_page_is_rejected_unarchived(client: Client, echo: Echo) -> None:
    echo.say("/2026/story", f"Location: {echo.url('/')}", status="302 Found")

    reject = await fetch_page(entry(echo.url("/2026/story")), source=SOURCE, client=client)

    assert isinstance(reject, Reject)
    assert reject.fetch is not None
    assert (reject.reason, reject.fetch.status, reject.fetch.digest) == ("redirected-home", 200, None)
    assert reject.fetch.final_url == echo.url("/")


async def test_an_entry_of_an_outside_feed_reaches_no_service_of_this_machine(echo: Echo) -> None:
    newsroom = replace(SOURCE, name="newsroom", allow_networks=("127.0.0.0/8",))
    outside = replace(SOURCE, name="outside", location="https://outside.example/feed.xml")
    # The permitted one first, so that address, robots.txt and an open connection are at hand for the other.
    todo = [replace(entry(echo.url()), source=name) for name in ("newsroom", "outside", "newsroom", "outside")]
    async with open_client(rules=FetchRules(), limits=LIMITS) as client:
        sources = {"newsroom": newsroom, "outside": outside}
        done = [result async for result in fetch_pages(todo, sources=sources, client=client)]

    ends = Counter(
        (result.entry.source, result.reason if isinstance(result, Reject) else "page")
        for result in done
        if result.entry
    )
    assert ends == {("newsroom", "page"): 2, ("outside", "private-address"): 2}
    assert len(echo.asked("/")) == 2


async def test_a_hosts_pages_come_in_their_order(client: Client, echo: Echo) -> None:
    rules = FetchRules(allow_networks=RULES.allow_networks, hosts=(HostRule(pattern="*", pause_s=0.0, connections=1),))
    todo = entries(echo, hosts=3, each=5)
    async with open_client(rules=rules, limits=LIMITS) as one_by_one:
        done = [result async for result in fetch_pages(todo, sources=SOURCES, client=one_by_one)]

    for host in range(3):
        mine = [result.entry.url for result in done if result.entry and f"h{host}." in result.entry.url]
        assert mine == sorted(mine)


async def test_a_host_that_makes_us_wait_takes_nobodys_place(echo: Echo) -> None:
    rules = FetchRules(allow_networks=RULES.allow_networks, hosts=(HostRule(pattern="h0.*", pause_s=50.0),))
    todo = [entry(echo.url("/", host="h0.localhost")), *entries(echo, 20)]
    async with open_client(rules=rules, limits=LIMITS) as client:
        done: list[Page | Reject] = []
        async with (
            asyncio.timeout(20),
            aclosing(fetch_pages(todo, sources=SOURCES, client=client, concurrency=1)) as pages,
        ):
            async for result in pages:
                done.append(result)
                if len(done) == 19:
                    break

    assert all(result.entry and "h0." not in result.entry.url for result in done)


async def test_whoever_closes_the_pages_stops_everything(client: Client, echo: Echo) -> None:
    before = asyncio.all_tasks()
    async with aclosing(fetch_pages(entries(echo, 50), sources=SOURCES, client=client, concurrency=4)) as pages:
        assert isinstance(await anext(pages), Page)

    left = {task for task in asyncio.all_tasks() - before if "Echo.handle" not in repr(task)}
    assert left == set()


async def test_no_more_bodies_are_read_than_there_are_places(client: Client, echo: Echo) -> None:
    todo = entries(echo, 20)
    echo.say("/0", body="x" * 900_000)  # more than the sockets hold
    async with aclosing(fetch_pages(todo, sources=SOURCES, client=client, concurrency=2)) as pages:
        await anext(pages)
        await asyncio.sleep(0.5)

        assert len(echo.asked("/0")) > 3
        assert echo.sent["/0"] <= 1 + 2


async def test_robots_txt_and_pages_do_not_wait_for_each_other(client: Client, echo: Echo) -> None:
    echo.say("/robots.txt", body="User-agent: *\n")

    todo = entries(echo, 40)
    done = [result async for result in fetch_pages(todo, sources=SOURCES, client=client, concurrency=1)]

    assert len(done) == 40


async def test_many_rejects_need_no_places(client: Client) -> None:
    todo = [entry(f"javascript:{number}") for number in range(100)] + [entry("")]

    async with aclosing(fetch_pages(todo, sources=SOURCES, client=client, concurrency=1)) as pages:
        done = [result async for result in pages]

    assert {result.reason for result in done if isinstance(result, Reject)} == {"bad-url"}
    assert len(done) == 101
    assert all(result.fetch is not None and result.fetch.status is None for result in done)


async def test_entries_may_come_over_time(client: Client, echo: Echo) -> None:
    async def announce() -> AsyncIterator[Entry]:
        for wanted in entries(echo, 5):
            await asyncio.sleep(0.001)
            yield wanted

    done = [result async for result in fetch_pages(announce(), sources=SOURCES, client=client)]

    assert len(done) == 5


async def test_nothing_announced_is_nothing_done(client: Client) -> None:
    assert [result async for result in fetch_pages([], sources=SOURCES, client=client)] == []


async def test_what_the_entries_raise_comes_through(client: Client, echo: Echo) -> None:
    def announce() -> Iterator[Entry]:
        yield from entries(echo, 2)
        raise LookupError("the store is gone")

    with pytest.raises(LookupError, match="the store is gone"):
        [result async for result in fetch_pages(announce(), sources=SOURCES, client=client)]
    with pytest.raises(KeyError):
        [result async for result in fetch_pages(entries(echo, 1), sources={}, client=client)]


async def test_a_crash_on_one_page_is_a_reject(echo: Echo) -> None:
    async def resolve(_host: str) -> list[str]:
        raise ZeroDivisionError("a bug")

    todo = [entry("http://crash.example/"), *entries(echo, 1)]
    async with open_client(rules=RULES, limits=LIMITS, resolve=resolve) as client:
        done = [result async for result in fetch_pages(todo, sources=SOURCES, client=client)]

    (reject,) = [result for result in done if isinstance(result, Reject)]
    assert (reject.reason, reject.detail) == ("fetch-crash", "ZeroDivisionError: a bug")
    assert reject.fetch is not None
    assert len(done) == 2


async def test_credentials_of_a_source_stay_on_its_host(client: Client, echo: Echo) -> None:
    echo.say("/page")
    source = Source(
        name="source",
        kind="feed",
        location=echo.url("/feed.xml"),
        every=timedelta(hours=1),
        headers={"Authorization": "Bearer token"},
    )

    for host in ("one.localhost", "two.localhost"):
        await fetch_page(entry(echo.url("/page", host=host)), source=source, client=client)

    assert [headers.get("authorization") for headers in echo.asked("/page")] == ["Bearer token", None]


async def test_a_single_file_may_be_a_source(client: Client, tmp_path: Path) -> None:
    document = tmp_path / "seed.txt"
    document.write_text("text")
    (tmp_path / "other.txt").write_text("other")
    source = Source(name="source", kind="files", location=str(document), every=timedelta(hours=1))

    page = await fetch_page(entry(document.as_uri()), source=source, client=client)
    other = await fetch_page(entry((tmp_path / "other.txt").as_uri()), source=source, client=client)

    assert isinstance(page, Page)
    assert (page.content, page.fetch.content_type, page.headers) == (b"text", "text/plain", ())
    assert isinstance(other, Reject)
    assert other.reason == "bad-url"


async def test_the_root_itself_may_be_a_link(client: Client, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.HTML").write_text("<p>text")
    (tmp_path / "link").symlink_to("real")
    source = Source(name="source", kind="files", location=str(tmp_path / "link"), every=timedelta(hours=1))

    for root in ("link", "real"):
        page = await fetch_page(entry((tmp_path / root / "a.HTML").as_uri()), source=source, client=client)

        assert isinstance(page, Page)
        assert page.fetch.content_type == "text/html"


async def test_a_source_whose_folder_is_gone_says_so(client: Client, tmp_path: Path) -> None:
    source = Source(name="source", kind="files", location=str(tmp_path / "gone"), every=timedelta(hours=1))

    reject = await fetch_page(entry((tmp_path / "gone" / "a.txt").as_uri()), source=source, client=client)

    assert isinstance(reject, Reject)
    assert reject.reason == "file-missing"


async def test_the_clock_that_is_passed_in_dates_the_fetch(echo: Echo) -> None:
    async with open_client(rules=RULES, limits=LIMITS, clock=Clock(now=lambda: 0.0)) as client:
        page = await fetch_page(entry(echo.url()), source=SOURCE, client=client)

    assert page.fetch is not None
    assert page.fetch.fetched_at.year == 1970
