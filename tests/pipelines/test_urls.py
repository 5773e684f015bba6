import subprocess
import sys
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.fetch.target import parse_target
from pipelines.urls import canonicalise, host_of, is_same_site, join, parse_url, registered_domain, url_id


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://News.Example.ORG", "https://news.example.org/"),
        ("http://example.org:80/a", "http://example.org/a"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("http://example.org:443/a", "http://example.org:443/a"),
        ("http://example.org:/a", "http://example.org/a"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example.org/a#comments", "https://example.org/a"),
        ("https://example.org?p=1", "https://example.org/?p=1"),
        ("https://user:secret@example.org/a", "https://example.org/a"),
        ("https://example.org/a/./b/../c", "https://example.org/a/c"),
        ("https://example.org/a/..", "https://example.org/"),
        ("https://example.org//a//b", "https://example.org//a//b"),
        ("https://example.org/%7euser/%e2%80%99", "https://example.org/~user/%E2%80%99"),
        ("https://example.org/a%2Fb", "https://example.org/a%2Fb"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("  https://example.org/a\n b ", "https://example.org/a%20b"),
        ("https://новости.рф/статья", "https://xn--b1amnebsh.xn--p1ai/%D1%81%D1%82%D0%B0%D1%82%D1%8C%D1%8F"),
        ("https://Bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("http://127.0.0.1:8808/x", "http://127.0.0.1:8808/x"),
        ("https://example.org/public/%2e%2e/private/1", "https://example.org/private/1"),
        ("https://example.org/public/.%2E/%2e/private", "https://example.org/private"),
        ("https://example.org/a/%2e%2e", "https://example.org/"),
        ("https://example.org/..%2f..%2fetc", "https://example.org/..%2F..%2Fetc"),
        ("https://example.org/a\\..\\b?c\\d", "https://example.org/b?c%5Cd"),
        ("http://127.1:8808/x", "http://127.0.0.1:8808/x"),
        ("http://0x7f000001/x", "http://127.0.0.1/x"),
        ("http://[0:0:0:0:0:0:0:1]/x", "http://[::1]/x"),
        ("mailto:desk@example.org", "mailto:desk@example.org"),
        ("file:///srv/a b.txt", "file:///srv/a%20b.txt"),
        ("urn:presswatch:courier:77", "urn:presswatch:courier:77"),
        ("http://", "http://"),
        ("http://exa[mple/", "http://exa[mple/"),
        ("", ""),
    ],
)
def test_a_page_has_one_spelling(url: str, expected: str) -> None:
    assert canonicalise(url) == expected


@pytest.mark.parametrize(
    "tracking",
    [
        *("utm_source=rss", "UTM_Medium=feed", "utm%5Fcampaign=x", "fbclid=IwAR0", "gclid=1", "mc_cid=2", "mc_eid=3"),
        *("yclid=4", "ysclid=l5", "igshid=6", "at_medium=RSS", "at_campaign=KARANGA", "ns_mchannel=rss", "msclkid=7"),
        *("_ga=1.2", "wt_mc=rss", "wt.mc_o=1", "ito=1490", "CMPID=x", "ref=rss", "source=twitter", "xtor=RSS-1"),
        *("_openstat=a", "oly_enc_id=8", "ref_src=twsrc", "mkt_tok=9", "s_cid=10", "smid=tw-share"),
    ],
)
def test_where_a_reader_came_from_is_dropped_and_the_rest_keeps_its_order(tracking: str) -> None:
    url = f"https://example.org/a?z=1&{tracking}&a=2"

    assert canonicalise(url) == "https://example.org/a?z=1&a=2"
    assert canonicalise(f"https://example.org/a?{tracking}") == "https://example.org/a"


@pytest.mark.parametrize(
    "content",
    [
        *("id=77", "p=1203", "article=5", "story_id=8", "newsid=1", "v=dQw4w9WgXcQ", "page=2", "lang=ru", "q=cranes"),
        *("ref=12345", "source=agency-9", "from=2023-01-01", "atid=3", "utm=4", "aid=5", "cat=6", "date=20230912"),
        *("at=1", "ref=", "output=amp", "storyId=9", "oid=1", "scid=4"),
    ],
)
def test_what_names_the_content_is_kept(content: str) -> None:
    assert canonicalise(f"https://example.org/a?{content}") == f"https://example.org/a?{content}"


def test_an_escaped_ampersand_parts_parameters_like_a_plain_one() -> None:
    assert canonicalise("https://example.org/?p=1&amp;utm_source=x") == "https://example.org/?p=1"


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://example.org/public/%2e%2e/private/1", "/private/1"),
        ("https://example.org", "/"),
        ("https://example.org?a=1", "/?a=1"),
        ("https://example.org/a b/ü?q=ü&r=a|b[]", "/a%20b/%C3%BC?q=%C3%BC&r=a|b[]"),
        ("https://example.org/%7Euser/100%?p=50%", "/%7Euser/100%25?p=50%25"),
        ("https://example.org/a?redirect=/x/../y#z", "/a?redirect=/x/../y"),
        ("https://user:secret@example.org/a\tb", "/ab"),
    ],
)
def test_what_is_asked_is_what_robots_txt_and_the_canonical_form_see(url: str, asked: str) -> None:
    found = parse_url(url)

    assert found is not None
    assert (found.path, found.origin) == (asked, "https://example.org")
    assert canonicalise(found.url) == canonicalise(url)
    assert parse_target(url) == found


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org\\@other.example/a",
        "https://ex%61mple.org/a",
        "http://012.0.0.1/",
        "http://256.0.0.1/",
        "http://example.org/\x00a",
        "http://example.org/\ud800",
        "http://example.org:0/",
        "http://example..org/",
        "http:///a",
        "//example.org/a",
    ],
)
def test_what_parsers_do_not_agree_on_is_no_url(url: str) -> None:
    assert parse_url(url) is None
    assert canonicalise(canonicalise(url)) == canonicalise(url)


@pytest.mark.parametrize(
    ("base", "link", "joined"),
    [
        ("https://example.org/a/b?c#d", "e", "https://example.org/a/e"),
        ("https://example.org/a/b?c", "../e?f#g", "https://example.org/e?f#g"),
        ("https://example.org/a/b", "/e", "https://example.org/e"),
        ("https://example.org/a/b", "//other.example/e", "https://other.example/e"),
        ("https://example.org/a/b?c", "?d=1", "https://example.org/a/b?d=1"),
        ("https://example.org/a/b?c", "#d", "https://example.org/a/b?c#d"),
        ("https://example.org/a/b?c#d", "", "https://example.org/a/b?c"),
        ("https://example.org", "e", "https://example.org/e"),
        ("https://example.org/a/", "./%2e%2e/e/..\n", "https://example.org/"),
        ("https://example.org/a/b", "\\e\\f", "https://example.org/e/f"),
        ("https://example.org/a", "?u=/x/../y", "https://example.org/a?u=/x/../y"),
        ("https://example.org/a", "HTTPS://other.example/", "HTTPS://other.example/"),
        ("https://example.org/a/b", "https:///c", "https://example.org/c"),
        ("https://example.org/a/b", "https:/c", "https://example.org/c"),
        ("https://example.org/a/b", "https:c", "https://example.org/a/c"),
        ("https://example.org/a/b", "https:", "https://example.org/a/b"),
        ("https://example.org/a/b", "http:///c", "http:///c"),
        ("https://example.org/a", "mailto:a@b.c", "mailto:a@b.c"),
        ("file:///srv/a.html", "b.html", "file:///srv/b.html"),
        ("https://example.org/a", "http://[", "http://["),
        ("http://[", "//[", "http://["),
    ],
)
def test_a_link_starts_at_its_page(base: str, link: str, joined: str) -> None:
    assert join(base, link) == joined


_PIECES = st.text(st.sampled_from("htps:/?#&=%2eE.@[]a\\\u3002é；. \n\ud800"))


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        st.text(),
        st.text().map("http://".__add__),
        _PIECES.map("https://".__add__),
        _PIECES.map("http://e.org/".__add__),
    )
)
def test_canonicalising_never_raises_and_twice_is_once(url: str) -> None:
    once = canonicalise(url)

    assert canonicalise(once) == once
    assert canonicalise(join("https://example.org/a/b", url)) == canonicalise(
        join("https://example.org/a/b", url).strip()
    )
    found = parse_url(url)
    assert found is None or (parse_url(found.url) == found and found.url.isascii() and found.url.isprintable())
    assert isinstance(url_id(once), UUID)
    assert registered_domain(url) is None or registered_domain(url)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(codec="utf-8")))
def test_the_fragment_never_matters(fragment: str) -> None:
    assert canonicalise(f"https://example.org/a?b=1#{fragment}") == "https://example.org/a?b=1"


def test_a_url_id_is_the_start_of_the_sha_256() -> None:
    assert url_id("https://example.org/") == UUID("8198d1ba-c40a-1033-653a-78e48800cefc")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://news.bbc.co.uk/a", "bbc.co.uk"),
        ("https://www.example.org:8443/", "example.org"),
        ("http://courier.localhost:8808/feed.xml", "courier.localhost"),
        ("http://localhost/", "localhost"),
        ("http://127.0.0.1/", "127.0.0.1"),
        ("http://[2001:db8::1]/", "[2001:db8::1]"),
        ("https://harbour.blogspot.com/2023", "harbour.blogspot.com"),
        ("https://wiki.desk.internal/", "desk.internal"),
        ("https://новости.рф/", "xn--b1amnebsh.xn--p1ai"),
        ("file:///srv/a.txt", None),
        ("urn:presswatch:x", None),
        ("example.org", None),
        ("", None),
    ],
)
def test_the_registered_domain(url: str, expected: str | None) -> None:
    assert registered_domain(url) == expected


def test_a_site_is_a_registered_domain() -> None:
    assert is_same_site("https://m.example.org/a", "http://www.example.org/b")
    assert not is_same_site("https://a.blogspot.com/", "https://b.blogspot.com/")
    assert not is_same_site("file:///a", "file:///a")


def test_the_host_is_lower_case_and_ascii() -> None:
    assert host_of("https://User@Новости.РФ:81/x") == "xn--b1amnebsh.xn--p1ai"
    assert host_of("ftp://example.org/") is None


def test_the_module_is_cheap_to_import_and_domains_need_no_network() -> None:
    code = """
import socket, sys
import pipelines.urls as urls

assert "tldextract" not in sys.modules and "idna" not in sys.modules
socket.getaddrinfo = socket.create_connection = None
assert urls.registered_domain("https://a.example.co.uk/") == "example.co.uk"
"""

    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
