"""Targets: strings that may be asked for, and strings that may not."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.fetch.target import Target, join_target, may_carry, parse_target

ANY_TEXT = st.text(max_size=200) | st.binary(max_size=200).map(lambda data: data.decode("utf-8", "surrogateescape"))
NEARLY_URLS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["http://", "https://", "HTTP://", "//", "http:", "ftp://", ""]),
    ANY_TEXT | st.sampled_from(["[::1]", "[::1%25eth0]", "[v1.x]", "user:pass@host", "host.", "ex%41mple.org"]),
    st.sampled_from(["", ":80", ":0", ":99999", ":x", ":"]),
    ANY_TEXT | st.sampled_from(["/", "/%zz", "/a b", "?q=ü", "#f", "/\ud800"]),
)


def target(url: str) -> Target:
    parsed = parse_target(url)
    assert isinstance(parsed, Target), parsed
    return parsed


@given(ANY_TEXT | NEARLY_URLS)
@example("http://[::1%25eth0]/")
@example("http://\ud800/")
def test_no_string_makes_it_raise(url: str) -> None:
    parsed = parse_target(url)

    if isinstance(parsed, Target):
        assert parsed.url.isascii()
        assert "@" not in parsed.url.split("/")[2]
        assert parse_target(parsed.url) == parsed


@given(ANY_TEXT | NEARLY_URLS)
def test_no_redirect_makes_it_raise(location: str) -> None:
    joined = join_target(target("https://example.org/a/b?c"), location)

    assert isinstance(joined, str) or joined.scheme in ("http", "https")


@pytest.mark.parametrize(
    ("url", "clean", "key"),
    [
        ("http://Example.ORG", "http://example.org", "example.org"),
        (" https://example.org:443/a#b ", "https://example.org/a", "example.org"),
        ("http://example.org:8080/", "http://example.org:8080/", "example.org:8080"),
        ("http://user:pass@example.org./a", "http://example.org/a", "example.org"),
        ("http://bücher.example/ä?ö=ü", "http://xn--bcher-kva.example/%C3%A4?%C3%B6=%C3%BC", "xn--bcher-kva.example"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a", "[::1]:8080"),
        ("http://under_score.example/", "http://under_score.example/", "under_score.example"),
    ],
)
def test_a_target_is_spelt_one_way(url: str, clean: str, key: str) -> None:
    assert target(url).url == clean
    assert target(url).key == key


@pytest.mark.parametrize(
    ("home", "other", "is_carried"),
    [
        ("https://a.example/feed", "https://a.example/page", True),
        ("http://a.example/feed", "https://a.example/page", True),
        ("https://a.example/feed", "http://a.example/page", False),
        ("https://a.example/feed", "https://b.example/page", False),
        ("https://a.example/feed", "https://www.a.example/page", False),
        ("https://a.example/feed", "https://a.example:8443/page", False),
        ("http://a.example:8080/feed", "http://a.example:8080/page", True),
        ("http://a.example:8080/feed", "https://a.example/page", False),
    ],
)
def test_credentials_stay_with_their_host(home: str, other: str, is_carried: bool) -> None:
    assert may_carry(target(home), target(other)) == is_carried
