"""robots.txt: what we read in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.fetch.robots import Rules, read_text
from pipelines.fetch.state import Robots
from pipelines.fetch.target import Target, parse_target


def robots(text: bytes) -> Robots:
    return Robots(fetched_at=0.0, availability="rules", text=read_text(text))


def is_allowed(text: bytes, path: str = "/article") -> bool:
    return Rules().is_allowed(robots(text), f"http://a.example{path}")


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
    text = read_text("User-agent: *\nDisallow: /\n".encode(charset))

    assert not Rules().is_allowed(Robots(fetched_at=0, availability="rules", text=text), "https://example.org/a")


def test_thousands_of_agents_cost_no_time() -> None:
    agents = "".join(f"User-agent: bot{number}\n" for number in range(5_000))
    rules = "".join(f"Disallow: /{number}\n" for number in range(12_000))

    found = robots((agents + rules).encode())

    # One name for all of them: 5,000 agents by 12,000 rules were 60 million entries and 88 s.
    assert found.text.count("User-agent") == 1
    assert Rules().is_allowed(found, "http://a.example/1")


def test_pace_and_sitemaps_are_read() -> None:
    found = robots(b"Sitemap: http://a.example/s.xml\nUser-agent: *\nCrawl-delay: 7\n")

    assert Rules().crawl_delay_s(found) == 7.0
    assert Rules().sitemaps(found) == ("http://a.example/s.xml",)


def test_what_is_not_there_allows_and_what_is_silent_forbids() -> None:
    absent = Robots(fetched_at=0.0, availability="absent")
    unreachable = Robots(fetched_at=0.0, availability="unreachable")

    assert Rules().is_allowed(absent, "http://a.example/")
    assert not Rules().is_allowed(unreachable, "http://a.example/")


LINES = st.sampled_from(
    ["User-agent: *", "User-agent: presswatch", "Disallow: /*a$", "Allow: /%zz", "Crawl-delay: nan"]
)


@given(st.binary(max_size=500) | st.lists(LINES | st.text(max_size=40)).map(lambda lines: "\n".join(lines).encode()))
def test_no_bytes_make_it_raise(content: bytes) -> None:
    found = robots(content)
    target = parse_target("http://a.example/ä?b=%zz")
    assert isinstance(target, Target)

    Rules().is_allowed(found, target.url)
    Rules().crawl_delay_s(found)
    Rules().sitemaps(found)
