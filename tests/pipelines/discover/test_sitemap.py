import gzip
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.discover.documents import ChildSitemap, ParsedSource, PollFailure, SourceDocument
from pipelines.discover.sitemap import choose, is_boilerplate_child
from pipelines.discover.sitemap_document import parse

MAPS = Path(__file__).parents[2] / "fixtures" / "feeds" / "sitemaps"
HOME = "https://www.harbour.example.org"
NOW = datetime(2023, 9, 13, tzinfo=UTC)


def read(content: bytes, *, pattern: str | None = None) -> ParsedSource | PollFailure:
    return parse(SourceDocument(content=content, url=f"{HOME}/sitemap.xml", pattern=pattern))


def reading(content: bytes, *, pattern: str | None = None) -> ParsedSource:
    found = read(content, pattern=pattern)
    assert isinstance(found, ParsedSource), found
    return found


def test_a_news_sitemap_tells_titles_dates_and_languages() -> None:
    found = reading((MAPS / "news.xml").read_bytes())

    cranes, relative, ferry = found.items  # what has no date stays behind its predecessor
    assert found.title == "Harbour Times"
    assert (cranes.link, cranes.title) == (f"{HOME}/2023/09/12/cranes?a=1&b=2", "Cranes <ordered>")
    assert (cranes.published_at, cranes.modified_at) == (datetime(2023, 9, 12, tzinfo=UTC), None)
    assert (ferry.title, ferry.language) == ("Ferry timetable changes & more", "en")
    assert ferry.published_at == datetime(2023, 9, 11, 15, 5, tzinfo=UTC)
    assert ferry.modified_at == datetime(2023, 9, 11, 17, tzinfo=UTC)
    assert (relative.link, relative.dated_at) == (f"{HOME}/relative", None)


def test_an_index_names_its_children_once_each() -> None:
    found = reading((MAPS / "index.xml").read_bytes())

    assert found.items == ()
    assert [child.url.rpartition("/")[2] for child in found.children] == [
        "category-sitemap.xml",
        "post-sitemap1.xml",
        "post-sitemap2.xml",
        "news-sitemap.xml",
    ]
    assert found.children[1].modified_at == datetime(2022, 1, 31, 10, tzinfo=UTC)


def test_a_plain_list_of_addresses_is_a_sitemap_too() -> None:
    found = reading((MAPS / "plain.txt").read_bytes())

    assert [item.link for item in found.items] == [f"{HOME}/2023/09/12/cranes", f"{HOME}/about"]


def test_gzip_is_unpacked_whatever_the_name() -> None:
    assert reading(gzip.compress((MAPS / "news.xml").read_bytes())) == reading((MAPS / "news.xml").read_bytes())
    assert len(reading(gzip.compress((MAPS / "plain.txt").read_bytes())).items) == 2


def test_the_pattern_chooses_addresses() -> None:
    assert [item.link for item in reading((MAPS / "plain.txt").read_bytes(), pattern="/20").items] == [
        f"{HOME}/2023/09/12/cranes"
    ]
    assert len(reading((MAPS / "news.xml").read_bytes(), pattern="/20").items) == 2


def test_what_is_ill_formed_is_read_as_far_as_it_goes() -> None:
    cut = (MAPS / "news.xml").read_bytes()[:1_000]

    found = reading(cut)

    assert found.items[-1].link == f"{HOME}/2023/09/11/ferry-timetable"
    assert found.note is not None


def test_a_missing_or_foreign_namespace_does_no_harm() -> None:
    urls = b"<url><loc>https://www.harbour.example.org/a</loc><lastmod>2023-09-12</lastmod></url>"

    for start in (
        b"<urlset>",
        b'<urlset xmlns="http://www.google.com/schemas/sitemap/0.84">',
        b'<s:urlset xmlns:s="x">',
    ):
        end = b"</s:urlset>" if b"s:" in start else b"</urlset>"
        body = urls.replace(b"<", b"<s:").replace(b"<s:/", b"</s:") if b"s:" in start else urls
        assert len(reading(start + body + end).items) == 1


def test_prefixes_that_nobody_declared_do_no_harm() -> None:
    body = b"""<urlset><url><loc>https://www.harbour.example.org/a</loc><image:image/>
        <news:news><news:publication><news:name>Harbour</news:name></news:publication><news:title>A</news:title></news:news>
        </url></urlset>"""

    found = reading(body)

    assert found.title == "Harbour"
    assert [(item.link, item.title) for item in found.items] == [("https://www.harbour.example.org/a", "A")]
    assert found.note is not None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "an HTML page, not a sitemap"),
        (b"<rss version='2.0'><channel/></rss>", "a feed (<rss>), not a sitemap: use kind: feed"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "a feed (<feed>)"),
        (b"<other/>", "its root is <other>"),
        (b"Service unavailable", "neither XML nor a list of addresses"),
        (
            b"<!DOCTYPE urlset [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><urlset><url><loc>&x;</loc></url></urlset>",
            "<!ENTITY",
        ),
        (b"\x1f\x8bbroken", "the gzip file is broken"),
        (gzip.compress(b"<urlset/>", mtime=0)[:-6], "the gzip file is broken"),
    ],
)
def test_what_is_no_sitemap_says_so(content: bytes, told: str) -> None:
    found = read(content)

    assert isinstance(found, PollFailure)
    assert found.reason == "bad-sitemap"
    assert told in found.detail


def test_a_gzip_bomb_is_not_unpacked() -> None:
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(60)) + packer.flush()

    found = read(bomb)

    assert isinstance(found, PollFailure)
    assert "larger than 50 MB" in found.detail


def test_newest_children_come_first_and_lists_of_no_articles_not_at_all() -> None:
    chosen = choose(reading((MAPS / "index.xml").read_bytes()).children, now=NOW)

    assert [(child.url.rpartition("/")[2], is_old) for child, is_old in chosen] == [
        ("news-sitemap.xml", False),
        ("post-sitemap2.xml", False),
        ("post-sitemap1.xml", True),
    ]


def test_the_name_dates_a_child_that_has_no_lastmod() -> None:
    names = ["sitemap-2023-01.xml", "sitemap-2023-09.xml", "sitemap_20230831.xml.gz", "2021/sitemap.xml"]

    chosen = choose([ChildSitemap(url=f"{HOME}/{name}") for name in names], now=NOW)

    assert [(child.url.removeprefix(f"{HOME}/"), is_old) for child, is_old in chosen] == [
        ("sitemap-2023-09.xml", False),
        ("sitemap_20230831.xml.gz", False),
        ("sitemap-2023-01.xml", True),
        ("2021/sitemap.xml", True),
    ]


def test_without_any_date_the_highest_number_is_the_newest() -> None:
    chosen = choose([ChildSitemap(url=f"{HOME}/sitemap-{number}.xml") for number in (1, 2, 10)], now=NOW)

    assert [child.url[-6:] for child, _ in chosen] == ["10.xml", "-2.xml", "-1.xml"]


def test_where_there_is_nothing_but_tags_they_are_taken() -> None:
    assert len(choose([ChildSitemap(url=f"{HOME}/tags.xml", modified_at=NOW - timedelta(days=1))], now=NOW)) == 1


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=100).map(lambda content: b"\x1f\x8b" + content),
        st.text(st.sampled_from("<>/urlsetoc:[]&;!?\"'\x00 -20T"), max_size=300).map(
            lambda text: f"<urlset><url><loc>{text}".encode()
        ),
    )
)
def test_arbitrary_bytes_end_as_a_reading_or_a_reason(content: bytes) -> None:
    found = read(content)

    assert isinstance(found, ParsedSource | PollFailure)
    if isinstance(found, ParsedSource):
        choose(found.children, now=NOW)


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("/read.php?id=7&page=2", "/read.php?id=7&page=2"),
        ("/read.php?id=7&amp;page=2", "/read.php?id=7&page=2"),
        ("/read.php?id=8&amp;amp;lang=en", "/read.php?id=8&lang=en"),
        ("/read.php?a=1&copy=2&lt=3", "/read.php?a=1&copy=2&lt=3"),
        ("/caf&eacute;/9", "/café/9"),
        ("<![CDATA[/read.php?id=9&page=2]]>", "/read.php?id=9&page=2"),
        ("/read.php?\n  id=7", "/read.php?  id=7"),
    ],
)
def test_an_ampersand_does_not_damage_an_address(written: str, path: str) -> None:
    found = reading(f"<urlset><url><loc>{HOME}{written}</loc></url></urlset>".encode())

    assert [item.link for item in found.items] == [f"{HOME}{path}"]


def test_whatever_an_index_names_is_read() -> None:
    found = reading(
        b"""<sitemapindex><sitemap>/part-1.xml</sitemap><sitemap><loc>/part-2.xml</loc><loc>/part-3.xml</loc></sitemap>
        <loc>/part-4.xml</loc><url><loc>/story/1</loc><loc>/story/2</loc></url></sitemapindex>"""
    )

    assert [child.url.removeprefix(HOME) for child in found.children] == [f"/part-{n}.xml" for n in (1, 2, 3, 4)]
    assert [item.link.removeprefix(HOME) for item in found.items] == ["/story/1", "/story/2"]
    assert [
        child.url.removeprefix(HOME)
        for child in reading(b"<urlset><sitemap><loc>/more.xml</loc></sitemap></urlset>").children
    ] == ["/more.xml"]


@pytest.mark.parametrize(
    ("name", "is_boilerplate"),
    [
        ("sitemap.xml?page=1", False),
        ("sitemap.xml?type=tags", False),
        ("sitemap_page_2.xml", False),
        ("page-sitemap.xml", True),
        ("post_tag-sitemap2.xml", True),
        ("image-sitemap.xml", True),
        ("sitemaps/authors/1.xml", True),
    ],
)
def test_what_lists_no_articles_shows_by_the_name_of_its_file(name: str, is_boilerplate: bool) -> None:
    assert is_boilerplate_child(ChildSitemap(url=f"{HOME}/{name}")) is is_boilerplate


def test_a_sitemap_behind_a_document_type_is_read() -> None:
    found = reading(
        b"""<!DOCTYPE html><!-- cached --><?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY home "/stories">]>
        <urlset><url><loc>&home;/1</loc></url></urlset>"""
    )

    assert [item.link for item in found.items] == [f"{HOME}/stories/1"]
