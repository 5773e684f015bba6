import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from pipelines.discover import KINDS, poll
from pipelines.fetch import Client, Clock, open_client
from pipelines.model import FetchRules, Kind, PollResult, Source, Validators
from pipelines.workers import WorkerPool, WorkerTimeout
from tests.pipelines.discover.conftest import Document
from tests.warcs import Crawled, write_warc

NOW = datetime(2023, 9, 13, 12, tzinfo=UTC)
RUN = UUID(int=7)


def rss(*numbers: int, title: str = "Harbour Times") -> str:
    items = "".join(f"<item><title>Story {n}</title><link>/story/{n}?utm_source=rss</link></item>" for n in numbers)
    return f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"


def source(location: str, kind: Kind = "feed", **options: Any) -> Source:
    return Source(name="harbour", kind=kind, location=location, every=timedelta(minutes=30), **options)


async def polled(
    asked: Source, client: Client, *, known: PollResult | None = None, now: datetime = NOW, executor: Any = None
) -> PollResult:
    validators = known.validators if known else Validators()
    return await poll(asked, client=client, run_id=RUN, validators=validators, now=now, executor=executor)


async def test_a_feed_becomes_a_poll_with_its_entries(site: Any, client: Client) -> None:
    site.put("/feed.xml", rss(2, 1), etag='"a"', last_modified="Tue, 12 Sep 2023 10:00:00 GMT")

    found = await polled(source(site.url("/feed.xml")), client)

    assert (found.outcome, found.source, found.run_id, found.polled_at) == ("ok", "harbour", RUN, NOW)
    assert (found.status, found.final_url, found.title) == (200, site.url("/feed.xml"), "Harbour Times")
    assert found.byte_count == len(rss(2, 1))
    assert (found.validators.etag, found.validators.last_modified) == ('"a"', "Tue, 12 Sep 2023 10:00:00 GMT")
    first, second = found.entries
    assert (first.url, first.canonical_url) == (site.url("/story/2?utm_source=rss"), site.url("/story/2"))
    assert (first.title, first.source, first.poll_id) == ("Story 2", "harbour", found.poll_id)
    assert second.title == "Story 1"


async def test_every_kind_can_be_polled(site: Any, client: Client, tmp_path: Path) -> None:
    site.put("/feed.xml", rss(1))
    site.put("/map.xml", "<urlset><url><loc>/story/1</loc></url></urlset>")
    site.put("/", "<h2><a href='/2023/09/a-story-of-a-port'>A story of a port</a></h2>", content_type="text/html")
    (tmp_path / "a.txt").write_text("A text.")
    write_warc(tmp_path / "crawl.warc.gz", [Crawled(url="https://courier.example/one")])
    places: dict[Kind, str] = {
        "feed": site.url("/feed.xml"),
        "sitemap": site.url("/map.xml"),
        "listing": site.url(),
        "files": str(tmp_path),
        "warc": str(tmp_path),
    }
    assert places.keys() == KINDS.keys()

    for kind, location in places.items():
        first = await polled(source(location, kind), client)
        second = await polled(source(location, kind), client, known=first)

        assert (first.outcome, len(first.entries)) == ("ok", 1), kind
        assert (second.outcome, second.entries) == ("unchanged", ()), kind


async def test_a_fault_of_our_own_costs_one_source_only() -> None:
    async def resolve(_host: str) -> list[str]:
        raise ZeroDivisionError("a bug")

    async with open_client(rules=FetchRules(), resolve=resolve) as client:
        found = await polled(source("http://crash.example/feed.xml"), client)

    assert (found.outcome, found.reason, found.detail) == ("failed", "poll-crash", "ZeroDivisionError: a bug")


async def test_what_the_server_calls_unmodified_is_unchanged(site: Any, client: Client) -> None:
    site.put("/feed.xml", rss(1), etag='"a"')
    first = await polled(source(site.url("/feed.xml")), client)

    second = await polled(source(site.url("/feed.xml")), client, known=first)

    assert (second.outcome, second.status, second.byte_count) == ("unchanged", 304, 0)
    assert second.validators == first.validators


async def test_the_same_bytes_are_unchanged_where_the_server_knows_no_validators(site: Any, client: Client) -> None:
    site.put("/feed.xml", rss(1))
    first = await polled(source(site.url("/feed.xml")), client)

    second = await polled(source(site.url("/feed.xml")), client, known=first)
    site.put("/feed.xml", rss(2, 1))
    third = await polled(source(site.url("/feed.xml")), client, known=second)

    assert (second.outcome, second.status) == ("unchanged", 200)
    assert (third.outcome, len(third.entries)) == ("ok", 2)


async def test_how_long_a_source_claims_to_be_fresh_is_taken_along(site: Any, client: Client) -> None:
    site.put("/feed.xml", rss(1), cache_control="public, max-age=600")
    site.put("/ttl.xml", rss(1).replace("<title>", "<ttl>60</ttl><title>", 1), cache_control="no-cache")

    assert (await polled(source(site.url("/feed.xml")), client)).fresh_for_s == 600
    assert (await polled(source(site.url("/ttl.xml")), client)).fresh_for_s == 3_600


@pytest.mark.parametrize("headers", [{}, {"etag": '"a"'}], ids=["same-bytes", "not-modified"])
async def test_what_an_unchanged_feed_asks_for_is_remembered(
    site: Any, client: Client, headers: dict[str, str]
) -> None:
    told = "<ttl>60</ttl><skipHours><hour>13</hour></skipHours><title>"
    site.put("/feed.xml", rss(1).replace("<title>", told, 1), **headers)
    asked = source(site.url("/feed.xml"))
    first = await polled(asked, client)

    second = await polled(asked, client, known=first)
    third = await polled(asked, client, known=second)

    assert (first.outcome, second.outcome, third.outcome) == ("ok", "unchanged", "unchanged")
    # An hour from noon is one o'clock, which is skipped.
    assert (first.fresh_for_s, second.fresh_for_s, third.fresh_for_s) == (7_200, 7_200, 7_200)


async def test_once_a_day_a_server_is_asked_unconditionally(site: Any, client: Client) -> None:
    # Some servers answer 304 for ever.
    site.put("/feed.xml", rss(1), etag='"for ever"')
    first = await polled(source(site.url("/feed.xml")), client)
    site.put("/feed.xml", rss(2, 1), etag='"for ever"')

    same_hour = await polled(source(site.url("/feed.xml")), client, known=first, now=NOW + timedelta(seconds=1))
    next_day = await polled(source(site.url("/feed.xml")), client, known=same_hour, now=NOW + timedelta(days=1))

    assert (same_hour.outcome, same_hour.status) == ("unchanged", 304)
    assert (next_day.outcome, len(next_day.entries)) == ("ok", 2)
    assert "if-none-match" not in site.asked("/feed.xml")[-1]


@pytest.mark.parametrize("answer", [Document(status=412), Document(status=400), Document(), Document(body=b" ")])
async def test_a_server_that_cannot_deal_with_conditions_is_asked_without(
    site: Any, client: Client, answer: Document
) -> None:
    site.put("/feed.xml", rss(1), etag='"a"')
    first = await polled(source(site.url("/feed.xml")), client)
    site.put("/feed.xml", rss(2, 1), etag='"b"')
    site.documents["/feed.xml"].on_condition = answer

    second = await polled(source(site.url("/feed.xml")), client, known=first)
    third = await polled(source(site.url("/feed.xml")), client, known=second)

    assert (second.outcome, second.status, len(second.entries)) == ("ok", 200, 2)
    assert third.outcome == "unchanged"
    # Two requests once, not at every poll.
    assert ["if-none-match" in headers for headers in site.asked("/feed.xml")] == [False, True, False, False]


@pytest.mark.parametrize("last_modified", ["-1", "0", "yesterday"])
async def test_a_last_modified_that_is_no_date_is_not_sent_back(site: Any, client: Client, last_modified: str) -> None:
    site.put("/feed.xml", rss(1), last_modified=last_modified)
    first = await polled(source(site.url("/feed.xml")), client)

    await polled(source(site.url("/feed.xml")), client, known=first)

    assert first.validators.last_modified is None
    assert "if-modified-since" not in site.asked("/feed.xml")[-1]


async def test_validators_of_another_configuration_are_not_used(site: Any, client: Client) -> None:
    body = "<h2><a href='/2023/09/a-story-of-a-port'>A story of a port</a></h2><p><a href='/b'>B</a></p>"
    site.put("/", body, content_type="text/html", etag='"a"')
    first = await polled(source(site.url(), "listing"), client)

    second = await polled(source(site.url(), "listing", selector="p a"), client, known=first)

    assert second.outcome == "ok"
    assert [entry.title for entry in second.entries] == ["B"]


async def test_a_failure_tells_why_and_keeps_the_validators(site: Any, client: Client) -> None:
    site.put("/feed.xml", rss(1), etag='"a"')
    first = await polled(source(site.url("/feed.xml")), client)
    site.put("/feed.xml", "gone fishing", status=410)

    second = await polled(source(site.url("/feed.xml")), client, known=first)

    assert (second.outcome, second.reason, second.status, second.entries) == ("failed", "gone", 410, ())
    assert second.evidence == "gone fishing"
    assert second.validators == first.validators


@pytest.mark.parametrize(
    ("kind", "body", "content_type", "reason", "told"),
    [
        ("feed", "<!doctype html><title>Hello</title>", "text/html", "bad-feed", "an HTML page, not a feed"),
        ("feed", "", "application/xml", "empty-body", ""),
        ("feed", " \n ", "application/xml", "empty-body", "no body"),
        ("sitemap", rss(1), "application/xml", "bad-sitemap", "use kind: feed"),
        ("listing", "<p>Nothing here", "text/html", "bad-listing", "none of its 0 links"),
        ("listing", "%PDF-1.7", "application/pdf", "unsupported-type", ""),
    ],
)
async def test_another_thing_than_expected_is_a_failure(
    site: Any, client: Client, kind: Kind, body: str, content_type: str, reason: str, told: str
) -> None:
    site.put("/x", body, content_type=content_type)

    found = await polled(source(site.url("/x"), kind), client)

    assert (found.outcome, found.reason) == ("failed", reason)
    assert told in (found.detail or "")
    assert found.final_url == site.url("/x")


async def test_links_start_at_the_final_address(site: Any, client: Client) -> None:
    site.put("/old", "", status=301, location="/new/feed.xml")
    site.put("/new/feed.xml", "<rss version='2.0'><channel><item><link>a</link></item></channel></rss>")

    found = await polled(source(site.url("/old")), client)

    assert found.final_url == site.url("/new/feed.xml")
    assert found.entries[0].url == site.url("/new/a")


async def test_what_has_no_address_gets_a_name_of_its_own(site: Any, client: Client) -> None:
    items = [
        "<item><title>A</title><guid isPermaLink='false'>g 1</guid></item>",
        "<item><title>B</title><guid isPermaLink='false'>0</guid></item>",
        "<item><title>C</title><guid isPermaLink='false'>0</guid></item>",
        "<item><title>No GUID</title></item>",
        "<item><description>Nothing but words.</description></item>",
        "<item><title>Odd</title><link>http://[oops</link></item>",
    ]
    site.put("/feed.xml", f"<rss version='2.0'><channel>{''.join(items)}</channel></rss>")

    found = await polled(source(site.url("/feed.xml")), client)

    assert [entry.url for entry in found.entries] == ["", "", "", "", "", "http://[oops"]
    names = [entry.canonical_url for entry in found.entries]
    assert names[:4] == [
        "urn:presswatch:harbour:g%201",
        "urn:presswatch:harbour:0:B",
        "urn:presswatch:harbour:0:C",
        "urn:presswatch:harbour:No%20GUID",
    ]
    assert names[4].startswith("urn:presswatch:harbour:untitled:")
    assert len(set(names)) == 6


async def test_a_guid_of_a_million_characters_makes_no_name_of_a_million(site: Any, client: Client) -> None:
    items = "".join(f"<item><guid isPermaLink='false'>{'g' * 100_000}{n}</guid></item>" for n in range(2))
    site.put("/feed.xml", f"<rss version='2.0'><channel>{items}</channel></rss>")

    found = await polled(source(site.url("/feed.xml")), client)

    assert len({entry.canonical_url for entry in found.entries}) == 2
    assert max(len(entry.canonical_url) for entry in found.entries) < 200


async def test_the_newest_five_thousand_entries_are_taken(site: Any, client: Client) -> None:
    start = datetime(2023, 1, 1, tzinfo=UTC)
    urls = "".join(
        f"<url><loc>/story/{n}</loc><lastmod>{start + timedelta(minutes=n):%Y-%m-%dT%H:%M:%SZ}</lastmod></url>"
        for n in range(5_100)
    )
    site.put("/map.xml", f"<urlset>{urls}</urlset>")

    found = await polled(source(site.url("/map.xml"), "sitemap"), client)

    assert len(found.entries) == 5_000
    assert found.entries[0].url == site.url("/story/5099")
    assert found.detail == "the last 100 entries were left out"


async def poll_undated(site: Any, client: Client, known: set[str], *, last: PollResult | None = None) -> PollResult:
    async def find_known(urls: Sequence[str]) -> set[str]:
        return known.intersection(urls)

    return await poll(
        source(site.url("/map.xml"), "sitemap"),
        client=client,
        run_id=RUN,
        validators=last.validators if last else Validators(),
        now=NOW,
        find_known=find_known,
    )


@pytest.mark.parametrize("is_index", [False, True], ids=["sitemap", "index"])
async def test_an_undated_sitemap_over_the_cap_shows_what_is_not_known(
    site: Any, client: Client, is_index: bool
) -> None:
    halves = [[f"/story/{n}" for n in range(4_500)], [f"/story/{n}" for n in range(4_500, 9_000)]]
    if is_index:
        site.put("/map.xml", index("<loc>/one.xml</loc>", "<loc>/two.xml</loc>"))
        site.put("/one.xml", urlset(*halves[0]))
        site.put("/two.xml", urlset(*halves[1]))
    else:
        site.put("/map.xml", urlset(*halves[0], *halves[1]))

    first = await poll_undated(site, client, set())
    known = {entry.canonical_url for entry in first.entries}
    second = await poll_undated(site, client, known, last=first)
    known |= {entry.canonical_url for entry in second.entries}
    third = await poll_undated(site, client, known, last=second)

    # Whichever end is the newer one, it comes first.
    assert {entry.url for entry in first.entries[:2]} == {site.url("/story/0"), site.url("/story/8999")}
    assert len(known) == 9_000
    assert first.validators.digest is None
    assert second.validators.digest is not None
    assert third.outcome == "unchanged"


async def test_headers_stay_with_the_host_of_the_source(site: Any, client: Client) -> None:
    child = site.url("/news.xml", host="cdn.site")
    site.put("/map.xml", f"<sitemapindex><sitemap><loc>{child}</loc></sitemap></sitemapindex>")
    site.put("/news.xml", "<urlset><url><loc>/story/1</loc></url></urlset>")

    found = await polled(source(site.url("/map.xml"), "sitemap", headers={"Authorization": "Bearer x"}), client)

    assert found.outcome == "ok"
    assert site.asked("/map.xml")[0]["authorization"] == "Bearer x"
    assert "authorization" not in site.asked("/news.xml")[0]


# An index of sitemaps.


def index(*children: str) -> str:
    return f"<sitemapindex>{''.join(f'<sitemap>{child}</sitemap>' for child in children)}</sitemapindex>"


def urlset(*paths: str) -> str:
    return f"<urlset>{''.join(f'<url><loc>{path}</loc></url>' for path in paths)}</urlset>"


async def test_an_index_is_followed_three_levels_deep_and_never_in_circles(site: Any, client: Client) -> None:
    site.put("/map.xml", index("<loc>/map.xml</loc>", "<loc>/two.xml</loc>"))
    site.put("/two.xml", index("<loc>/three.xml</loc>", "<loc>/two.xml</loc>", "<loc>/three.txt.gz</loc>"))
    site.put("/three.xml", urlset("/story/1") + "")
    site.put("/three.txt.gz", gzip.compress(site.url("/story/2").encode()), content_type="application/gzip")

    found = await polled(source(site.url("/map.xml"), "sitemap"), client)

    assert sorted(entry.url for entry in found.entries) == [site.url("/story/1"), site.url("/story/2")]
    assert len(site.asked("/map.xml")) == 1


async def test_a_fourth_level_is_not_read(site: Any, client: Client) -> None:
    for level in range(5):
        site.put(f"/{level}.xml", index(f"<loc>/{level + 1}.xml</loc>"))

    found = await polled(source(site.url("/0.xml"), "sitemap"), client)

    assert (found.outcome, found.entries) == ("ok", ())
    assert not site.asked("/3.xml")


async def test_at_most_fifty_files_are_read(site: Any, client: Client) -> None:
    site.put("/map.xml", index(*(f"<loc>/part-{number}.xml</loc>" for number in range(80))))
    for number in range(80):
        site.put(f"/part-{number}.xml", urlset(f"/story/{number}"))

    found = await polled(source(site.url("/map.xml"), "sitemap"), client)

    assert len(found.entries) == 49
    assert found.detail == "31 files were left unread, since 50 files or enough entries were read"
    assert len([path for path, _ in site.requests if path.endswith(".xml")]) == 50


async def test_a_missing_child_is_told_and_the_others_are_read(site: Any, client: Client) -> None:
    foreign = "https://elsewhere.example.com/map.xml"
    site.put("/map.xml", index("<loc>/a.xml</loc>", "<loc>/none.xml</loc>", f"<loc>{foreign}</loc>"))
    site.put("/a.xml", urlset("/story/1"))

    found = await polled(source(site.url("/map.xml"), "sitemap"), client)

    assert (found.outcome, len(found.entries)) == ("ok", 1)
    assert (found.detail or "").startswith("2 of 3 files could not be read")


async def test_what_of_an_index_is_passed_over_is_noted(site: Any, client: Client) -> None:
    names = ["news-sitemap.xml", "sitemap.xml?page=1", "tag-sitemap.xml", "author-sitemap.xml"]
    site.put("/map.xml", index(*(f"<loc>/{name}</loc>" for name in names), "<loc>/two.xml</loc>"))
    site.put("/news-sitemap.xml", urlset("/story/1"))
    site.put("/sitemap.xml?page=1", urlset("/story/2"))
    site.put("/two.xml", index("<loc>/three.xml</loc>"))
    site.put("/three.xml", index("<loc>/four.xml</loc>"))

    found = await polled(source(site.url("/map.xml"), "sitemap"), client)

    assert sorted(entry.url for entry in found.entries) == [site.url("/story/1"), site.url("/story/2")]
    assert found.detail == (
        "2 files seem to list no articles and were passed over: tag-sitemap.xml, author-sitemap.xml; "
        "1 files below the third level were left unread"
    )


async def test_an_index_without_a_readable_child_is_a_failure(site: Any, client: Client) -> None:
    site.put("/map.xml", index("<loc>/none.xml</loc>"))

    found = await polled(source(site.url("/map.xml"), "sitemap"), client)

    assert (found.outcome, found.reason, found.final_url) == ("failed", "not-found", site.url("/none.xml"))


async def test_an_index_whose_files_take_their_time_ends(site: Any) -> None:
    site.put("/map.xml", index(*(f"<loc>/{n}.xml</loc>" for n in range(20))))
    for number in range(20):
        site.put(f"/{number}.xml", urlset(f"/story/{number}"))
    rules = FetchRules(allow_networks=("127.0.0.0/8",))
    ticks = count(step=10.0)
    clock = Clock(monotonic=lambda: next(ticks))

    async with open_client(rules=rules, clock=clock) as client:
        found = await polled(source(site.url("/map.xml"), "sitemap"), client)

    assert found.outcome == "ok"
    assert 0 < len(found.entries) < 20
    assert (found.detail or "").endswith("files were left unread after 300 s")


async def test_an_archive_is_read_once_and_new_children_are_noticed(site: Any, client: Client) -> None:
    old = "<loc>/old.xml</loc><lastmod>2021-01-01</lastmod>"
    new = "<loc>/new.xml</loc><lastmod>2023-09-13</lastmod>"
    site.put("/map.xml", index(new, old), etag='"never changes"')
    site.put("/old.xml", urlset("/story/1"))
    site.put("/new.xml", urlset("/story/2"))
    asked = source(site.url("/map.xml"), "sitemap")

    first = await polled(asked, client)
    second = await polled(asked, client, known=first)
    site.put("/new.xml", urlset("/story/2", "/story/3"))
    third = await polled(asked, client, known=second)

    assert (first.outcome, len(first.entries)) == ("ok", 2)
    assert second.outcome == "unchanged"
    assert (third.outcome, sorted(entry.url for entry in third.entries)) == (
        "ok",
        [site.url("/story/2"), site.url("/story/3")],
    )
    assert len(site.asked("/old.xml")) == 1


# In another process.


class Late:
    """An executor that misses every deadline."""

    def __init__(self) -> None:
        self.items: list[Any] = []

    async def run(self, function: Any, item: Any, *, deadline_s: float) -> Any:
        self.items.append(item)
        raise WorkerTimeout("no result within 20 s")


async def test_a_document_that_takes_too_long_is_a_failure(site: Any, client: Client) -> None:
    site.put("/feed.xml", rss(*range(2_000)))

    found = await polled(source(site.url("/feed.xml")), client, executor=Late())

    assert (found.outcome, found.reason) == ("failed", "bad-feed")
    assert "no result within 20 s" in (found.detail or "")


async def test_a_small_document_is_read_in_line(site: Any, client: Client) -> None:
    site.put("/feed.xml", rss(1))
    executor = Late()

    found = await polled(source(site.url("/feed.xml")), client, executor=executor)

    assert (found.outcome, executor.items) == ("ok", [])


async def test_a_large_document_is_read_alike_by_a_worker(site: Any, client: Client) -> None:
    site.put("/feed.xml", rss(*range(1_000)))
    asked = source(site.url("/feed.xml"))

    in_line = await polled(asked, client)
    async with WorkerPool(1) as executor:
        elsewhere = await polled(asked, client, executor=executor)

    nameless = UUID(int=0)
    assert [replace(entry, poll_id=nameless) for entry in elsewhere.entries] == [
        replace(entry, poll_id=nameless) for entry in in_line.entries
    ]


async def test_a_crash_of_a_parser_is_the_documents_fault(site: Any, client: Client) -> None:
    class Crash:
        async def run(self, function: Any, item: Any, *, deadline_s: float) -> Any:
            raise KeyError("href")

    site.put("/feed.xml", rss(*range(2_000)))

    found = await polled(source(site.url("/feed.xml")), client, executor=Crash())

    assert (found.outcome, found.reason) == ("failed", "bad-feed")
    assert found.detail == "the parser failed: KeyError: 'href'"


async def test_each_poll_has_an_id_of_its_own(site: Any, client: Client) -> None:
    site.put("/feed.xml", rss(1))

    first = await polled(source(site.url("/feed.xml")), client)
    second = await polled(source(site.url("/feed.xml")), client)

    assert first.poll_id != second.poll_id
    assert uuid4().version == first.poll_id.version


async def test_what_the_environment_filled_in_reaches_no_table(site: Any, client: Client) -> None:
    site.put("/feed.xml?key=s3cret", rss(1))
    secret = {"secrets": {"s3cret": "${KEY}"}}

    read = await polled(source(site.url("/feed.xml?key=s3cret"), **secret), client)
    failed = await polled(source(site.url("/none.xml?key=s3cret"), **secret), client)

    assert read.final_url == site.url("/feed.xml?key=${KEY}")
    assert failed.final_url == site.url("/none.xml?key=${KEY}")


@pytest.mark.parametrize("kind", ["feed", "json", "sitemap", "list", "listing"])
async def test_every_kind_takes_what_its_pattern_and_block_leave(kind: str, site: Any, client: Client) -> None:
    paths = ["/2023/a-story-of-a-port", "/2023/sport/a-story-of-a-game", "/tags/a-story-of-a-tag"]
    bodies = {
        "feed": "<rss version='2.0'><channel>"
        + "".join(f"<item><link>{path}</link></item>" for path in paths)
        + "</channel></rss>",
        "json": json.dumps(
            {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": p, "url": p} for p in paths]}
        ),
        "sitemap": "<urlset>" + "".join(f"<url><loc>{site.url(path)}</loc></url>" for path in paths) + "</urlset>",
        "list": "\n".join(site.url(path) for path in paths),
        "listing": "".join(f"<h2><a href='{path}'>A story of the port and others</a></h2>" for path in paths),
    }
    kinds: dict[str, Kind] = {"json": "feed", "list": "sitemap"}
    site.put("/source", bodies[kind], content_type="text/html" if kind == "listing" else "application/xml")
    asked = source(site.url("/source"), kinds.get(kind, kind), pattern="/20[0-9]{2}/", block="/sport/")  # type: ignore[arg-type]

    found = await polled(asked, client)

    assert [entry.url for entry in found.entries] == [site.url(paths[0])], found.detail
