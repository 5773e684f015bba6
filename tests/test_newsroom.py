"""The newsroom itself: what its outlets serve, and how they change between two polls."""

import gzip
import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import feedparser
import pytest
from lxml import etree, html

from tests.newsroom import Newsroom
from tests.newsroom.expected import ExpectedPage, load_pages, load_run
from tests.newsroom.stories import SEEDS

ROOT = Path(__file__).parents[1]
FEEDS = {"courier": "/feed.xml", "observer": "/atom.xml", "vestnik": "/rss.rdf"}
OUTLETS = ("courier", "observer", "bulletin", "vestnik", "meridian")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom(port=0) as newsroom:
        yield newsroom


def ask(
    newsroom: Newsroom, outlet: str, path: str, *, method: str = "GET", body: str | None = None, **headers: str
) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", newsroom.port, timeout=10)
    host = f"{outlet}.localhost" if outlet else "127.0.0.1"
    given = {"Host": f"{host}:{newsroom.port}"} | {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, path, body=body, headers=given)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def page_of(answer: Answer, charset: str = "utf-8") -> html.HtmlElement:
    parser = html.HTMLParser(encoding="utf-8")
    return html.document_fromstring(answer.body.decode(charset).encode(), parser=parser)


def links_of(answer: Answer, *, rel: str | None = None) -> list[str]:
    elements = page_of(answer).iter("a" if rel is None else "link")
    return [element.get("href", "") for element in elements if rel is None or element.get("rel") == rel]


def locations(sitemap: bytes) -> list[str]:
    return [element.text or "" for element in etree.fromstring(sitemap).iter("{*}loc")]


def feed_links(newsroom: Newsroom, outlet: str) -> list[str]:
    parsed = feedparser.parse(ask(newsroom, outlet, FEEDS[outlet]).body)
    assert not parsed.bozo, parsed.bozo_exception
    return [entry.link.removeprefix(newsroom.url(outlet, "")) for entry in parsed.entries]


def announced(source: str, *since: str) -> list[str]:
    return [page.path for page in load_pages(since=("start", *since)) if source in page.sources]


# ── What is served ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("expected", [page for page in load_pages(since=("start",)) if page.outlet != "seeds"], ids=str)
def test_every_announced_page_answers_as_its_end_demands(newsroom: Newsroom, expected: ExpectedPage) -> None:
    answer = ask(newsroom, expected.outlet, expected.path)

    statuses = {"not-found": 404, "gone": 410}
    moved = expected.sighted_at != expected.path and not expected.path.endswith("/amp")
    assert answer.status == (301 if moved else statuses.get(expected.reason or "", 200))
    assert int(answer.headers["Content-Length"]) == len(answer.body)


@pytest.mark.parametrize("outlet", FEEDS)
def test_feed_announces_exactly_the_expected_pages(newsroom: Newsroom, outlet: str) -> None:
    links = feed_links(newsroom, outlet)

    assert sorted(links) == sorted(announced(outlet))


def test_feeds_speak_four_dialects(newsroom: Newsroom) -> None:
    versions = [feedparser.parse(ask(newsroom, outlet, path).body).version for outlet, path in FEEDS.items()]

    assert versions == ["rss20", "atom10", "rss10"]
    assert json.loads(ask(newsroom, "meridian", "/feed.json").body)["version"].startswith("https://jsonfeed.org/")


def test_feed_entries_carry_dates_with_offsets_and_bylines(newsroom: Newsroom) -> None:
    courier = feedparser.parse(ask(newsroom, "courier", "/feed.xml").body).entries[0]
    observer = feedparser.parse(ask(newsroom, "observer", "/atom.xml").body).entries[0]
    vestnik = feedparser.parse(ask(newsroom, "vestnik", "/rss.rdf").body).entries[1]

    assert (courier.published, courier.author) == ("Tue, 17 Oct 2023 09:42:11 +0200", "Elena Marchetti")
    assert courier.content[0].value.startswith("<p>Russian President Vladimir Putin")
    assert (observer.published, observer.author) == ("2022-11-21T10:15:00+05:00", "Imran Siddiq")
    assert (vestnik.updated, vestnik.author) == ("2023-04-18T12:30:00+03:00", "Нина Соколова")


def test_json_feed_announces_exactly_the_expected_pages(newsroom: Newsroom) -> None:
    feed = json.loads(ask(newsroom, "meridian", "/feed.json").body)

    links = [item["url"].removeprefix(newsroom.url("meridian", "")) for item in feed["items"]]
    assert sorted(links) == sorted(announced("meridian"))


def test_sitemap_index_leads_to_news_gzip_and_text(newsroom: Newsroom) -> None:
    home = newsroom.url("meridian", "")
    children = locations(ask(newsroom, "meridian", "/sitemap.xml").body)

    news, zipped, text = (ask(newsroom, "meridian", child.removeprefix(home)) for child in children)

    found = locations(news.body) + locations(gzip.decompress(zipped.body)) + text.body.decode().split()
    assert b"<news:publication_date>2023-06-30T16:20:00+08:00<" in news.body
    assert zipped.headers["Content-Encoding"] is None
    assert sorted(url.removeprefix(home) for url in found) == sorted(announced("meridian-archive"))


def test_index_page_links_to_exactly_the_expected_pages(newsroom: Newsroom) -> None:
    links = links_of(ask(newsroom, "bulletin", "/"))

    assert sorted(link for link in links if re.search(r"/20\d\d/\d\d/\d\d/", link)) == sorted(announced("bulletin"))


@pytest.mark.parametrize(
    "page", [page for page in load_pages() if page.becomes == "article" and page.outlet != "seeds"], ids=str
)
def test_article_page_holds_every_expected_line(newsroom: Newsroom, page: ExpectedPage) -> None:
    if page.since == "publish":
        newsroom.publish()
    if page.since == "revise":
        newsroom.revise()

    answer = ask(newsroom, page.outlet, page.sighted_at)

    charset = "windows-1251" if page.outlet == "vestnik" else "utf-8"
    seen = {" ".join(element.text_content().split()) for element in page_of(answer, charset).iter("p")}
    assert [line for line in page.text.split("\n") if " ".join(line.split()) not in seen] == []


def test_seeds_are_kept_byte_for_byte() -> None:
    sizes = {path.name[:3]: path.stat().st_size for path in SEEDS.iterdir()}

    assert sizes == {"000": 4087, "001": 4298, "002": 5587, "003": 3397, "004": 5599}


def test_residue_of_the_seeds_stands_on_the_pages(newsroom: Newsroom) -> None:
    def page(number: int, outlet: str) -> str:
        path = [page.path for page in load_pages() if page.outlet == outlet and page.becomes == "article"][number]
        return " ".join(page_of(ask(newsroom, outlet, path)).text_content().split())

    assert "Share." in page(0, "courier")
    assert "Exit mobile version" in page(0, "courier")
    assert page(0, "observer").count("Read More: ") == page(1, "observer").count("Read More: ") == 2
    for line in ("Author: Zhao Jiandong (赵建东)", "Leave a Reply", "Your email address will not be published."):
        assert line in page(0, "bulletin")


def test_amp_twins_point_at_each_other(newsroom: Newsroom) -> None:
    path = "/opinion/sino-russian-ties-and-multilateralism"

    main, amp = ask(newsroom, "observer", path), ask(newsroom, "observer", f"{path}/amp")

    canonical = newsroom.url("observer", path)
    assert links_of(main, rel="amphtml") == [f"{canonical}/amp"]
    assert links_of(main, rel="canonical") == links_of(amp, rel="canonical") == [canonical]


def test_windows_1251_is_declared_in_the_header_or_only_in_the_page(newsroom: Newsroom) -> None:
    by_header = ask(newsroom, "vestnik", "/news/2025/06/27/1704.html")
    by_meta = ask(newsroom, "vestnik", "/news/2023/04/18/0931.html")
    feed = ask(newsroom, "vestnik", "/rss.rdf")

    assert by_header.headers["Content-Type"] == "text/html; charset=windows-1251"
    assert "such as Xiao Ган emphasizing" in by_header.body.decode("windows-1251")
    assert "‘opening new horizons’" in by_header.body.decode("windows-1251")
    assert by_meta.headers["Content-Type"] == "text/html"
    assert "Реставраторы работали" in by_meta.body.decode("windows-1251")
    assert b'encoding="windows-1251"' in feed.body
    assert "В музее открылся зал" in feed.body.decode("windows-1251")


def test_robots_forbid_a_page_that_the_feed_announces(newsroom: Newsroom) -> None:
    robots = ask(newsroom, "courier", "/robots.txt").body.decode()

    assert "Disallow: /partners/" in robots
    assert "/partners/autumn-offers/" in feed_links(newsroom, "courier")


def test_bare_address_lists_the_outlets(newsroom: Newsroom) -> None:
    links = links_of(ask(newsroom, "", "/index"))

    assert [newsroom.url(outlet) in links for outlet in OUTLETS] == [True] * len(OUTLETS)
    assert newsroom.url("meridian", "/sitemap.xml") in links


def test_unknown_host_and_unknown_path_are_404(newsroom: Newsroom) -> None:
    assert ask(newsroom, "nobody", "/").status == 404
    assert ask(newsroom, "courier", "/2023/10/nothing/").status == 404
    assert ask(newsroom, "", "/feed.xml").status == 404


# ── How it is served ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("outlet", "path"),
    [*FEEDS.items(), ("meridian", "/feed.json"), ("meridian", "/sitemap.xml"), ("bulletin", "/"), ("courier", "/")],
)
def test_unchanged_answers_are_304(newsroom: Newsroom, outlet: str, path: str) -> None:
    first = ask(newsroom, outlet, path)

    by_etag = ask(newsroom, outlet, path, If_None_Match=first.headers["ETag"])
    by_date = ask(newsroom, outlet, path, If_Modified_Since=first.headers["Last-Modified"])
    by_other = ask(newsroom, outlet, path, If_None_Match='"other"', If_Modified_Since=first.headers["Last-Modified"])

    assert (first.status, by_etag.status, by_date.status, by_other.status) == (200, 304, 304, 200)
    assert by_etag.body == b""
    assert by_etag.headers["ETag"] == first.headers["ETag"]


def test_gzip_is_sent_only_where_it_is_accepted(newsroom: Newsroom) -> None:
    plain = ask(newsroom, "courier", "/feed.xml")
    zipped = ask(newsroom, "courier", "/feed.xml", Accept_Encoding="gzip, deflate")

    assert plain.headers["Content-Encoding"] is None
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.body) == plain.body
    assert zipped.headers["ETag"] == plain.headers["ETag"]


def test_connection_is_kept_alive(newsroom: Newsroom) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", newsroom.port, timeout=10)
    sockets = []
    for path in ("/feed.xml", "/nothing", "/?p=1187", "/robots.txt"):
        connection.request("GET", path, headers={"Host": f"courier.localhost:{newsroom.port}"})
        connection.getresponse().read()
        sockets.append(connection.sock)
    connection.close()

    assert sockets[0] is not None
    assert len(set(sockets)) == 1


def test_head_is_answered_without_a_body(newsroom: Newsroom) -> None:
    answer = ask(newsroom, "courier", "/feed.xml", method="HEAD")

    assert answer.status == 200
    assert int(answer.headers["Content-Length"]) > 1000
    assert answer.body == b""


def test_requests_are_logged(newsroom: Newsroom) -> None:
    ask(newsroom, "courier", "/feed.xml?x=1", User_Agent="reader")
    ask(newsroom, "vestnik", "/news/2023/02/02/0412.html")

    seen = [(request.host, request.method, request.path, request.status) for request in newsroom.requests]
    assert seen == [("courier", "GET", "/feed.xml?x=1", 200), ("vestnik", "GET", "/news/2023/02/02/0412.html", 410)]
    assert newsroom.requests[0].headers["user-agent"] == "reader"


# ── How it changes ────────────────────────────────────────────────────────────────────────────────────────────────


def test_publish_adds_one_entry_and_changes_the_validators(newsroom: Newsroom) -> None:
    before = ask(newsroom, "courier", "/feed.xml")

    url = newsroom.publish()

    assert url == newsroom.url("courier", "/2023/10/library-to-open-on-sundays/")
    assert sorted(feed_links(newsroom, "courier")) == sorted(announced("courier", "publish"))
    for name, value in (("If_None_Match", "ETag"), ("If_Modified_Since", "Last-Modified")):
        assert ask(newsroom, "courier", "/feed.xml", **{name: before.headers[value]}).status == 200
    assert ask(newsroom, "observer", "/atom.xml").status == 200


def test_publish_never_runs_dry(newsroom: Newsroom) -> None:
    urls = [newsroom.publish() for _ in range(5)]

    assert len(set(urls)) == 5
    assert feed_links(newsroom, "courier")[:5] == [url.removeprefix(newsroom.url("courier", "")) for url in urls[::-1]]
    bodies = [ask(newsroom, "courier", url.removeprefix(newsroom.url("courier", ""))).body for url in urls]
    assert len(set(bodies)) == 5


def test_publish_takes_a_text_of_ones_own(newsroom: Newsroom) -> None:
    url = newsroom.publish(title="Snow in June", text="It snowed.\n\nNobody <knew> why.")

    page = page_of(ask(newsroom, "courier", url.removeprefix(newsroom.url("courier", ""))))
    assert page.findtext(".//h1") == "Snow in June"
    assert {"It snowed.", "Nobody <knew> why."} <= {element.text_content() for element in page.iter("p")}


def test_revise_changes_the_page_and_the_time_of_its_entry(newsroom: Newsroom) -> None:
    path = "/travel/night-train-returns-to-coastal-line"
    before_feed, before_page = ask(newsroom, "observer", "/atom.xml"), ask(newsroom, "observer", path)

    newsroom.revise()

    after_feed, after_page = ask(newsroom, "observer", "/atom.xml"), ask(newsroom, "observer", path)
    before, after = (
        next(entry for entry in feedparser.parse(feed.body).entries if entry.link.endswith(path))
        for feed in (before_feed, after_feed)
    )
    assert after.updated_parsed > before.updated_parsed
    assert after.published == before.published
    assert b"is to return in January" in after_page.body
    assert b"is to return in January" not in before_page.body
    assert ask(newsroom, "observer", path, If_None_Match=before_page.headers["ETag"]).status == 200
    assert sorted(feed_links(newsroom, "observer")) == sorted(announced("observer"))


def test_each_revision_is_another_text(newsroom: Newsroom) -> None:
    path = "/travel/night-train-returns-to-coastal-line"
    bodies = []
    for _ in range(4):
        bodies.append(re.sub(rb"\d{4}-\d\d-\d\dT[\d:.+]+", b"", ask(newsroom, "observer", path).body))
        newsroom.revise()

    assert len(set(bodies)) == 4


def test_reset_goes_back_to_the_first_day(newsroom: Newsroom) -> None:
    before = ask(newsroom, "courier", "/feed.xml").headers["ETag"]
    newsroom.publish()
    newsroom.revise()

    newsroom.reset()

    assert newsroom.requests == []
    assert ask(newsroom, "courier", "/feed.xml").headers["ETag"] == before


def test_newsroom_can_be_changed_over_http(newsroom: Newsroom) -> None:
    published = ask(newsroom, "", "/-/publish", method="POST")
    revised = ask(newsroom, "", "/-/revise", method="POST")
    own = ask(newsroom, "", "/-/publish", method="POST", body="title=Own&text=A+line.")

    assert json.loads(published.body)["url"].endswith("/library-to-open-on-sundays/")
    assert json.loads(revised.body)["url"].endswith("/night-train-returns-to-coastal-line")
    assert json.loads(own.body)["url"] in [newsroom.url("courier", link) for link in feed_links(newsroom, "courier")]
    assert ask(newsroom, "", "/-/reset", method="POST").status == 200
    assert sorted(feed_links(newsroom, "courier")) == sorted(announced("courier"))
    assert ask(newsroom, "courier", "/-/publish", method="POST").status == 404


# ── As a program ──────────────────────────────────────────────────────────────────────────────────────────────────


def _start(port: str = "0") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.newsroom"],
        cwd=ROOT,
        env=os.environ | {"NEWSROOM_PORT": port},
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT, None])
def test_program_says_its_address_and_stops_when_told(stop: signal.Signals | None) -> None:
    with _start() as process:
        assert process.stderr is not None
        assert process.stdin is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stderr.readline())
        assert address is not None
        if stop is None:
            process.stdin.close()
        else:
            process.send_signal(stop)

        assert process.wait(timeout=20) == 0


def test_program_names_a_taken_port_in_one_line(newsroom: Newsroom) -> None:
    with _start(str(newsroom.port)) as process:
        _, said = process.communicate(timeout=20)

    assert process.returncode == 3
    assert said.count("\n") == 1
    assert str(newsroom.port) in said


# ── What is expected ──────────────────────────────────────────────────────────────────────────────────────────────


def test_expected_tallies_follow_from_the_expected_pages() -> None:
    run = load_run("first")
    pages = load_pages(since=("start",))

    for source, tally in run.tallies.items():
        own = [page for page in pages if source in page.sources]
        rejects = [page.reason for page in own if page.becomes == "reject"]
        assert tally.entries == len(own), source
        assert tally.rejected == len(rejects), source
        assert tally.reasons == {reason: rejects.count(reason) for reason in set(rejects)}, source
    articles = [page for page in pages if page.becomes == "article"]
    assert run.tables == {
        "articles": len({page.text for page in articles}),
        "sightings": len({(page.outlet, page.sighted_at, page.text) for page in articles}),
        "fetches": len([page for page in pages if page.becomes != "known"]),
        "rejects": len([page for page in pages if page.becomes == "reject"]),
    }
    assert run.total["new"] == run.tables["articles"]
    assert run.total["new"] + run.total["seen"] == len(articles)
    assert run.total["entries"] == sum(run.total[name] for name in ("known", "new", "seen", "revised", "rejected"))
