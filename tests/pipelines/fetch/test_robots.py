"""robots.txt: what we read in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.fetch.robots import MOST_RULES, RobotsRules, read_robots


def rules(text: bytes) -> RobotsRules:
    return RobotsRules.parse(read_robots(text))


def is_allowed(text: bytes, path: str = "/article") -> bool:
    return rules(text).is_allowed(path)


def test_our_own_group_goes_before_the_others() -> None:
    text = b"User-agent: *\nDisallow: /\n\nUser-agent: PRESSWATCH\nDisallow: /private\n"

    assert is_allowed(text)
    assert not is_allowed(text, "/private/1")


def test_a_group_of_many_agents_holds_for_us_when_it_names_us() -> None:
    assert not is_allowed(b"User-agent: GPTBot\nUser-agent: presswatch\nUser-agent: CCBot\nDisallow: /\n")
    assert not is_allowed(b"User-agent: GPTBot\n# all\nUser-agent: *\nDisallow: /\n")
    assert is_allowed(b"User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n")


def test_a_byte_order_mark_costs_no_rule() -> None:
    assert not is_allowed(b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n")


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le"])
def test_a_file_in_utf_16_is_taken_as_it_was_meant(charset: str) -> None:
    assert not is_allowed("User-agent: *\nDisallow: /\n".encode(charset))


@pytest.mark.parametrize("name", ["Presswatch/2.0", "PRESSWATCH", "presswatch", "Presswatch (crawler)", "presswatch*"])
def test_a_group_with_our_product_token_is_ours(name: str) -> None:
    assert not is_allowed(f"User-agent: *\nAllow: /\n\nUser-agent: {name}\nDisallow: /\n".encode())


@pytest.mark.parametrize("name", ["press", "presswatch-news", "presswatchbot", "my presswatch", "watch", "p", ""])
def test_a_group_with_another_token_is_not_ours(name: str) -> None:
    assert is_allowed(f"User-agent: {name}\nDisallow: /\n".encode())


def test_all_groups_for_us_count_and_then_none_for_all() -> None:
    text = (
        b"User-agent: presswatch\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n\nUser-agent: presswatch\nDisallow: /b\n"
    )

    assert [is_allowed(text, path) for path in ("/a", "/b", "/c")] == [False, False, True]


def test_an_empty_group_for_us_allows_everything() -> None:
    assert is_allowed(b"User-agent: *\nDisallow: /\n\nUser-agent: presswatch\n")


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/private/", "/private/1", True),
        ("/private/", "/private", False),
        ("/*.php", "/a/b.php?x=1", True),
        ("/*.php$", "/a/b.php?x=1", False),
        ("/*.php$", "/a/b.php", True),
        ("/a*b*c", "/a-b-c-d", True),
        ("/a*b*c", "/a-c-b", False),
        ("/a*a$", "/a", False),
        ("/$", "/", True),
        ("/$", "/a", False),
        ("*/x", "/y/x", True),
        ("x", "/x", False),
        ("/%7Euser", "/~user", True),
        ("/~user", "/%7euser", True),
        ("/a%2fb", "/a%2Fb", True),
        ("/a%2Fb", "/a/b", False),
        ("/ü", "/%C3%BC", True),
        ("/%c3%bc", "/ü", True),
        ("/a%2A", "/a*", True),
        ("/a%24b", "/a$b", True),
        ("/a b", "/a%20b", True),
        ("", "/a", False),
    ],
)
def test_a_pattern_matches_as_rfc_9309_says(pattern: str, path: str, matches: bool) -> None:
    assert is_allowed(f"User-agent: *\nDisallow: {pattern}\n".encode(), path) is not matches


def test_the_most_specific_rule_decides_and_of_equal_ones_the_one_that_allows() -> None:
    text = b"User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c\nDisallow: /same\nAllow: /same\n"

    allowed = [is_allowed(text, path) for path in ("/a/x", "/a/b/x", "/a/b/c/x", "/same", "/robots.txt")]
    assert allowed == [False, True, False, True, True]


@pytest.mark.parametrize(
    "line", ["disallow:/", "DISALLOW : /", "Disallow /", "dissallow: /", "disalow: /", "\t Disallow:\t/ # all"]
)
def test_spellings_that_occur_are_read(line: str) -> None:
    assert not is_allowed(f"user agent: *\n{line}\n".encode())


def test_many_agents_over_many_rules_keep_only_what_concerns_us() -> None:
    agents = "".join(f"User-agent: bot{number}\n" for number in range(1_200))
    lines = "".join(f"Disallow: /{number}\n" for number in range(5_000))
    content = (agents + lines + "\nUser-agent: *\nDisallow: /private\n").encode()

    assert read_robots(content) == "User-agent: presswatch\nDisallow: /private"


def test_more_rules_than_an_honest_file_has_are_cut() -> None:
    found = rules(b"User-agent: *\n" + b"Disallow: /x\n" * (MOST_RULES + 5))

    assert len(found.rules) == MOST_RULES


def test_wildcards_cannot_multiply_their_cost() -> None:
    # As a regular expression this takes longer than the universe has.
    assert is_allowed(b"User-agent: *\nDisallow: /" + b"*a" * 1_900 + b"*b$\n", "/" + "a" * 3_900)


def test_what_is_read_once_reads_the_same_again() -> None:
    content = b"Sitemap: http://a.example/s.xml\nUser-agent: *\nUser-agent: x\nCrawl-delay: 7\nDisallow: /a*b$\n"

    assert read_robots(read_robots(content).encode()) == read_robots(content)


def test_pace_and_sitemaps_are_read() -> None:
    found = rules(b"Sitemap: http://a.example/s.xml\nUser-agent: *\nCrawl-delay: 7\n")

    assert found.crawl_delay_s == 7.0
    assert found.sitemaps == ("http://a.example/s.xml",)


LINES = st.sampled_from(
    ["User-agent: *", "User-agent: presswatch", "Disallow: /*a$", "Allow: /%zz", "Crawl-delay: nan"]
)


@given(st.binary(max_size=500) | st.lists(LINES | st.text(max_size=40)).map(lambda lines: "\n".join(lines).encode()))
def test_no_bytes_make_it_raise(content: bytes) -> None:
    found = rules(content)

    found.is_allowed("/ä?b=%zz")
    assert found.crawl_delay_s >= 0
