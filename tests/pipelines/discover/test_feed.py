"""Thirty and more frozen feeds of all dialects, each with what it announces beside it."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.discover.documents import FeedItem, ParsedSource, PollFailure, SourceDocument
from pipelines.discover.feed import parse
from pipelines.discover.results import MOST_ENTRIES
from pipelines.model import Freshness

FEEDS = Path(__file__).parents[2] / "fixtures" / "feeds"
NAMES = sorted(path.name for path in FEEDS.iterdir() if path.is_file() and not path.name.endswith(".expected.json"))
NAMES.remove(".gitattributes")


def written(announced: FeedItem) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in asdict(announced).items():
        if value not in (None, ()):
            is_instant = hasattr(value, "isoformat")
            found[name] = value.isoformat() if is_instant else list(value) if isinstance(value, tuple) else value
    return found


def rss(items: str, channel: str = "<title>T</title>") -> SourceDocument:
    text = f'<?xml version="1.0"?><rss version="2.0"><channel>{channel}{items}</channel></rss>'
    return SourceDocument(content=text.encode(), url="https://example.org/feed.xml")


@pytest.mark.parametrize("name", NAMES)
def test_a_frozen_feed_announces_what_stands_beside_it(name: str) -> None:
    expected = json.loads((FEEDS / f"{name.rpartition('.')[0]}.expected.json").read_text("utf-8"))
    content = (FEEDS / name).read_bytes()
    document = SourceDocument(content=content, url=expected["url"], content_type=expected["content_type"])

    found = parse(document)

    if "reason" in expected:
        assert isinstance(found, PollFailure)
        assert (found.reason, found.detail) == (expected["reason"], expected["detail"])
        assert found.evidence
        return
    assert isinstance(found, ParsedSource)
    assert [written(item) for item in found.items] == expected["entries"]
    assert (found.title, found.dialect) == (expected["title"], expected["dialect"])
    assert (found.note is not None) == expected["is_ill_formed"]
    assert found.freshness == Freshness(**expected.get("freshness", {}))


def test_there_are_thirty_frozen_feeds_and_more() -> None:
    assert len(NAMES) >= 30


def test_the_charset_of_the_header_counts_where_the_bytes_are_not_utf_8() -> None:
    content = "<rss version='2.0'><channel><title>Вестник</title></channel></rss>".encode("koi8-r")

    found = parse(SourceDocument(content=content, url="https://example.org/", content_type="text/xml; charset=KOI8-R"))

    assert isinstance(found, ParsedSource)
    assert found.title == "Вестник"


def test_a_feed_with_a_tag_of_a_thousand_attributes_is_refused() -> None:
    attributes = " ".join(f'a{number}="1"' for number in range(1_000))

    found = parse(rss(f"<item {attributes}><title>x</title></item>"))

    assert isinstance(found, PollFailure)
    assert "500 attributes" in found.detail


def test_of_a_feed_of_absurd_length_both_ends_are_read() -> None:
    count = MOST_ENTRIES * 2 + 9
    items = "".join(f"<item><link>https://example.org/{number}</link></item>" for number in range(count))

    found = parse(rss(items))

    assert isinstance(found, ParsedSource)
    links = {item.link for item in found.items}
    assert len(links) == MOST_ENTRIES * 2
    assert {"https://example.org/0", f"https://example.org/{count - 1}"} <= links
    assert found.note == "only the first and the last 5,000 of its 10,009 items were read"


def test_a_flood_of_empty_items_is_cut_short() -> None:
    found = parse(rss("<item/>" * 100_000))

    assert isinstance(found, ParsedSource)
    assert len(found.items) <= MOST_ENTRIES * 2
    assert "100,000 items" in (found.note or "")


@pytest.mark.parametrize("charset", ["punycode", "undefined", "unicode_escape", "raw-unicode-escape", "hex"])
def test_codecs_that_are_no_charsets_are_not_asked(charset: str) -> None:
    content = b"<rss version='2.0'><channel><title>Caf\xe9 \\u0041</title></channel></rss>"

    found = parse(
        SourceDocument(content=content, url="https://example.org/", content_type=f"text/xml; charset={charset}")
    )

    assert isinstance(found, ParsedSource)
    assert found.title == "Café \\u0041"


def test_full_texts_are_bounded_and_the_newest_keep_theirs() -> None:
    items = "".join(
        f"<item><link>/{n}</link><pubDate>{n:02} Sep 2023 10:00:00 GMT</pubDate>"
        f"<content:encoded>{'x' * 300_000}</content:encoded></item>"
        for n in range(1, 15)
    )

    found = parse(rss(items))

    assert isinstance(found, ParsedSource)
    lengths = [len(item.content_html or "") for item in found.items]
    assert found.items[0].link.endswith("/14")
    assert lengths == [200_000] * 10 + [0] * 4


def test_an_unreadable_link_stays_as_it_stands() -> None:
    found = parse(rss("<item><title>Odd</title><link>http://[oops/a</link></item>"))

    assert isinstance(found, ParsedSource)
    assert found.items[0].link == "http://[oops/a"


def test_a_title_is_plain_and_bounded() -> None:
    found = parse(rss(f"<item><title>&lt;script&gt;alert(1)&lt;/script&gt;{'long ' * 900}</title></item>"))

    assert isinstance(found, ParsedSource)
    title = found.items[0].title
    assert title is not None
    assert title.startswith("long long")
    assert len(title) <= 1_000


def test_times_without_a_zone_are_meant_in_that_of_the_source() -> None:
    item = "<item><link>/{}</link><pubDate>{}</pubDate></item>"
    raw = rss(item.format(1, "14.07.2025 09:05") + item.format(2, "Mon, 14 Jul 2025 09:05:00 GMT"))

    naive, zoned = (parse(replace(raw, timezone=timezone)) for timezone in (None, "Europe/Berlin"))

    assert isinstance(naive, ParsedSource)
    assert isinstance(zoned, ParsedSource)
    nine, seven = datetime(2025, 7, 14, 9, 5, tzinfo=UTC), datetime(2025, 7, 14, 7, 5, tzinfo=UTC)
    assert {item.link[-1]: item.published_at for item in naive.items} == {"1": nine, "2": nine}
    assert {item.link[-1]: item.published_at for item in zoned.items} == {"1": seven, "2": nine}


def test_a_date_that_is_not_understood_is_none_rather_than_wrong() -> None:
    found = parse(rss("<item><link>/1</link><pubDate>14 March 2025, 10:00-12:00</pubDate></item>"))

    assert isinstance(found, ParsedSource)
    assert [item.published_at for item in found.items] == [None]


def test_the_time_to_live_is_taken_along() -> None:
    found = parse(rss("", channel="<title>T</title><ttl>90</ttl>"))

    assert isinstance(found, ParsedSource)
    assert found.freshness == Freshness(pause_s=5_400)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(st.sampled_from("<>&;!?[]/\"'= \n\x00arsitemlnkfdchqv0#x-"), max_size=300).map(
            lambda text: f"<rss version='2.0'><channel><item>{text}".encode()
        ),
        st.text(max_size=100).map(
            lambda text: f'{{"version":"https://jsonfeed.org/version/1","items":[{text}'.encode()
        ),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=9),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["items", "url", "id", "title", "authors", "name"]), inner, max_size=4
                )
            ),
        ).map(lambda value: json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [value, {}]}).encode()),
    ),
    st.sampled_from([None, "", "text/xml; charset=", "x; charset=zip", "application/json; charset=utf-7"]),
)
def test_arbitrary_bytes_end_as_a_reading_or_a_reason(content: bytes, content_type: str | None) -> None:
    found = parse(SourceDocument(content=content, url="https://example.org/feed", content_type=content_type))

    assert isinstance(found, ParsedSource | PollFailure)
