import time
from typing import Any

import pytest

from pipelines.discover import discover_feeds
from pipelines.discover.finding import FeedLinks, feed_links
from pipelines.fetch import Client
from pipelines.model import ConfigFault


def rss(*paths: str, title: str = "Harbour Times") -> str:
    items = "".join(f"<item><link>{path}</link></item>" for path in paths)
    return f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"


HOME = """<!doctype html><html><head><title>Harbour</title>
<link rel="alternate" type="application/rss+xml" title="RSS" href="/rss.xml">
<link rel="alternate" type="application/atom+xml" href="/twin.xml">
<link rel="alternate" type="application/rss+xml" href="/empty.xml">
<link rel="alternate" type="application/rss+xml" href="/comments/feed/">
<link rel="alternate" type="application/rss+xml" href="/gone.xml">
<link rel="alternate" hreflang="fr" href="/fr/">
<link rel="alternate" type="application/feed+json" href="sport.json">
</head><body><a href="/weather/feed/">Weather</a></body></html>"""


async def test_the_feeds_of_a_site_are_found_tried_and_told_once(site: Any, client: Client) -> None:
    site.put("/", HOME, content_type="text/html")
    site.put("/rss.xml", rss("/1", "/2"))
    site.put("/twin.xml", rss("/1", "/2", title="The same again"))
    site.put("/empty.xml", rss())
    site.put("/comments/feed/", rss("/c"))
    site.put("/weather/feed/", rss("/w"))
    site.put(
        "/sport.json", '{"version":"https://jsonfeed.org/version/1","title":"Sport","items":[{"id":1,"url":"/s"}]}'
    )
    site.put("/feed.xml", rss("/unasked"))
    site.put("/robots.txt", "User-agent: *\nAllow: /\nSitemap: /maps/all.xml\n", content_type="text/plain")
    site.put("/maps/all.xml", "<urlset><url><loc>/3</loc></url></urlset>")
    site.put("/sitemap.xml", "<urlset><url><loc>/3</loc></url></urlset>")

    found = await discover_feeds(site.url(), client=client)

    assert [(item.kind, item.url, item.title, item.entry_count) for item in found] == [
        ("feed", site.url("/rss.xml"), "Harbour Times", 2),
        ("feed", site.url("/sport.json"), "Sport", 1),
        ("feed", site.url("/weather/feed/"), "Harbour Times", 1),
        ("sitemap", site.url("/maps/all.xml"), None, 1),
    ]
    assert not site.asked("/feed.xml")


async def test_common_places_are_tried_where_the_page_names_none(site: Any, client: Client) -> None:
    site.put("/", "<p>Welcome</p>", content_type="text/html")
    site.put("/atom.xml", rss("/1"))
    site.put("/news-sitemap.xml", "<urlset><url><loc>/2</loc></url></urlset>")

    found = await discover_feeds(site.url(), client=client)

    assert [(item.kind, item.url) for item in found] == [
        ("feed", site.url("/atom.xml")),
        ("sitemap", site.url("/news-sitemap.xml")),
    ]


async def test_the_address_may_be_a_feed_or_a_sitemap_itself(site: Any, client: Client) -> None:
    site.put("/rss.xml", rss("/1"))
    site.put("/map.xml", "<sitemapindex><sitemap><loc>/a.xml</loc></sitemap></sitemapindex>")

    (feed,) = await discover_feeds(site.url("/rss.xml"), client=client)
    (sitemap,) = await discover_feeds(site.url("/map.xml"), client=client)

    assert (feed.kind, feed.url, feed.entry_count) == ("feed", site.url("/rss.xml"), 1)
    assert (sitemap.kind, sitemap.url) == ("sitemap", site.url("/map.xml"))


async def test_a_site_without_any_is_an_empty_list(site: Any, client: Client) -> None:
    site.put("/", "<p>Welcome</p>", content_type="text/html")

    assert await discover_feeds(site.url(), client=client) == []


async def test_an_address_that_cannot_be_fetched_is_told_in_one_line(site: Any, client: Client) -> None:
    with pytest.raises(ConfigFault, match="not-found"):
        await discover_feeds(site.url("/none"), client=client)
    with pytest.raises(ConfigFault, match=r"^nowhere\.invalid: ") as caught:
        await discover_feeds("nowhere.invalid", client=client)
    assert "\n" not in str(caught.value)


def test_links_to_feeds_start_at_the_base_of_the_page() -> None:
    page = b"<base href='https://cdn.example.org/x/'><link rel='ALTERNATE' type='application/rss+xml' href='f.xml'>"

    assert feed_links(page, url="https://example.org/", content_type=None).articles == (
        "https://cdn.example.org/x/f.xml",
    )
    assert feed_links(b"", url="https://example.org/", content_type=None) == FeedLinks()


def test_feeds_are_named_by_headers_by_their_own_scheme_and_by_links() -> None:
    header = '</h.xml>; rel="alternate"; type="application/rss+xml", <style.css>; rel=preload, </p>; rel=alternate'
    page = b"""<link rel='alternate' type='application/rss+xml' href='feed:https://example.org/a.xml'>
        <link rel='alternate feed' type='application/atom+xml' href='feed://example.org/b.xml'>
        <a href='/news/rss/?lang=en'>RSS</a><a href='/my-rss-news.xml'>RSS</a><a href='/rss-readers/page'>No feed</a>"""

    found = feed_links(page, url="https://example.org/", content_type=None, headers=[("link", header)])

    assert found.articles == (
        "https://example.org/h.xml",
        "https://example.org/a.xml",
        "http://example.org/b.xml",
        "https://example.org/news/rss/?lang=en",
        "https://example.org/my-rss-news.xml",
    )


def test_comments_come_last_and_opinion_does_not() -> None:
    links = [
        ("Comments Feed", "/feed2"),
        ("", "/?feed=comments-rss2"),
        ("", "/feeds/comments/default"),
        ("Harbour » Kommentar-Feed", "/a/feed/"),
        ("", "/comment/rss"),
        ("", "/commentisfree/rss"),
    ]
    page = "".join(f"<link rel=alternate type=application/rss+xml title='{t}' href='{link}'>" for t, link in links)

    found = feed_links(page.encode(), url="https://example.org", content_type="text/html; charset=utf-8")

    assert [link.removeprefix("https://example.org") for link in found.articles] == [
        "/comment/rss",
        "/commentisfree/rss",
    ]
    assert len(found.comments) == 4


def test_a_page_of_long_links_is_read_in_no_time() -> None:
    page = b"<a href='" + b"rss" * 1_000_000 + b"'>x</a>" + b"<a href='/" + b"feed" * 400_000 + b".xmm'>x</a>"
    started = time.process_time()

    assert feed_links(page, url="https://example.org/", content_type=None) == FeedLinks()
    # A pattern over the whole link took 1.8 s for 160 kB, and four times that for twice as much: here, half an hour.
    assert time.process_time() - started < 60


async def test_a_page_that_leads_elsewhere_by_itself_is_followed(site: Any, client: Client) -> None:
    site.put("/", "<meta http-equiv='Refresh' content=\"0; URL='/en/'\">", content_type="text/html")
    site.put("/en/", "<link rel=alternate type=application/rss+xml href=news.xml>", content_type="text/html")
    site.put("/en/news.xml", rss("/1"))

    found = await discover_feeds(site.url(), client=client)

    assert [item.url for item in found] == [site.url("/en/news.xml")]


async def test_comments_are_better_than_nothing(site: Any, client: Client) -> None:
    site.put("/", "<a href='/comments/feed/'>Comments</a>", content_type="text/html")
    site.put("/comments/feed/", rss("/c"))

    found = await discover_feeds("feed:" + site.url(), client=client)

    assert [item.url for item in found] == [site.url("/comments/feed/")]
