"""Timestamps: where a page says its dates, which of them is believed, and what is flagged."""

from datetime import UTC, datetime

import pytest
from lxml.html import document_fromstring

from pipelines.clean import timestamps
from pipelines.clean.draft import PageDate
from pipelines.clean.metadata import PageMetadata
from pipelines.dates import parse_date

FETCHED_AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def choose(
    candidates: list[tuple[str, str]], *, fetched_at: datetime, kind: str = "date"
) -> tuple[PageDate | None, tuple[str, ...]]:
    dates = [
        PageDate(at=parsed.at, precision=parsed.precision, origin=origin)
        for origin, text in candidates
        if (parsed := parse_date(text))
    ]
    return timestamps.choose(dates, fetched_at=fetched_at, kind=kind)


def test_first_plausible_candidate_wins() -> None:
    found, flags = choose(
        [("json-ld", "rubbish"), ("meta", "2024-05-03"), ("time", "2023-01-01")], fetched_at=FETCHED_AT
    )

    assert found is not None
    assert (found.origin, flags) == ("meta", ())


def test_date_in_the_future_is_flagged_and_another_taken() -> None:
    found, flags = choose([("json-ld", "2031-01-01T10:00:00Z"), ("meta", "2024-05-03")], fetched_at=FETCHED_AT)

    assert found is not None
    assert (found.origin, flags) == ("meta", ("future-date",))


def test_date_in_the_future_without_another_is_clamped_to_the_fetch() -> None:
    found, flags = choose([("json-ld", "2031-01-01T10:00:00Z")], fetched_at=FETCHED_AT)

    assert found is not None
    assert (found.at, flags) == (FETCHED_AT, ("future-date",))


def test_a_day_of_slack_is_left_to_wrong_clocks() -> None:
    _, flags = choose([("json-ld", "2026-11-23T11:00:00Z")], fetched_at=FETCHED_AT)

    assert flags == ()


@pytest.mark.parametrize("text", ["1246-05-03", "1970-01-01T00:00:00Z", "0001-01-01"])
def test_date_before_1990_is_flagged_and_dropped(text: str) -> None:
    assert choose([("json-ld", text)], fetched_at=FETCHED_AT) == (None, ("implausible-date",))


def test_flags_say_which_date_they_mean() -> None:
    _, flags = choose([("json-ld", "2031-01-01"), ("meta", "1246-05-03")], fetched_at=FETCHED_AT, kind="modified-date")

    assert flags == ("future-modified-date", "implausible-modified-date")


@pytest.mark.parametrize(
    ("changed", "marked", "expected"),
    [
        ("2024-08-05T19:49:50Z", "2024-08-04T13:23:00Z", "2024-08-04T13:23:00+00:00"),
        ("2024-08-05T20:00:00Z", "2024-08-04T13:23:00Z", "2024-08-05T19:49:50+00:00"),
        ("2024-08-05T19:49:50Z", "2019-08-04T13:23:00Z", "2024-08-05T19:49:50+00:00"),
        ("2024-08-05T19:49:50Z", "2024-08-06T13:23:00Z", "2024-08-05T19:49:50+00:00"),
    ],
)
def test_published_time_that_moves_with_each_change_gives_way_to_the_first(
    changed: str, marked: str, expected: str
) -> None:
    tree = document_fromstring(f'<html><body><div itemprop="datePublished" content="{marked}">x</div></body></html>')
    head = PageMetadata(metas={"article:published_time": ["2024-08-05T19:49:50Z"], "article:modified_time": [changed]})

    first = next(timestamps.published(head, {}, [], tree))

    assert first.at.isoformat() == expected


@pytest.mark.parametrize("title", ["Bridge to be repaired | Courier | 28.04.2023", "Bridge (2023-04-28)"])
def test_title_may_end_in_the_day(title: str) -> None:
    [found] = timestamps.in_title([title])

    assert (found.at, found.precision, found.origin) == (datetime(2023, 4, 28, tzinfo=UTC), "day", "title")


@pytest.mark.parametrize(
    "title",
    ["What changed after 28.04.2023 in the valley", "Horoscope for 28.04.2023", "Version 1.2.2023a", "Budget 2023", ""],
)
def test_day_within_a_title_is_what_it_tells_of(title: str) -> None:
    assert list(timestamps.in_title([title])) == []


HEADLINE = "<h1>Bridge stays closed</h1>"


def published_in(body: str, head: PageMetadata | None = None, *, timezone: str | None = None) -> PageDate | None:
    tree = document_fromstring(f"<html><body>{body}</body></html>")
    return next(timestamps.published(head or PageMetadata(), {}, [], tree, timezone=timezone), None)


@pytest.mark.parametrize(
    "body",
    [
        f"<main><article><header>{HEADLINE}<time datetime='2024-05-03'>3 May</time></header></article></main>",
        f"<article>{HEADLINE}<p>Text.</p><footer>Posted on <time datetime='2024-05-03'></time></footer></article>",
        f"<article><header>{HEADLINE}</header><div class=meta><time>3 May 2024</time></div></article>",
        f"<header>{HEADLINE}</header><article><p>Text.</p><time datetime='2024-05-03'></time></article>",
        f"<div class='page with-sidebar'><div>{HEADLINE}</div><p>By Jane <time datetime='2024-05-03'></time></p></div>",
        "<article><h2>Bridge stays closed</h2><time datetime='2024-05-03'></time><p>A long text.</p></article>"
        "<article><h2><a href=/b>Other</a></h2><time datetime='2009-04-11'></time></article>",
        "<aside><time datetime='2009-04-11'></time></aside>"
        f"<article>{HEADLINE}<time datetime='2024-05-03'></time></article>",
    ],
)
def test_time_of_the_article_is_its_date(body: str) -> None:
    found = published_in(body)

    assert found is not None
    assert (found.at, found.origin) == (datetime(2024, 5, 3, tzinfo=UTC), "time")


OTHER = "<time datetime='2009-04-11 18:06:36'>11 April 2009</time>"


@pytest.mark.parametrize(
    "beside",
    [
        f"<section><article><h3><a href='/old'>Old story</a></h3>{OTHER}</article></section>",
        f"<aside>{OTHER}</aside>",
        f"<div class='related-stories'><p>Old story {OTHER}</p></div>",
        f"<ol id=comments><li>Nice. {OTHER}</li></ol>",
        f"<ul><li><a href='/old'>A much older story about the ferry</a> {OTHER}</li></ul>",
        f"<div><a href='/old'><h3>Old story</h3></a>{OTHER}</div>",
        f"<div class='most-read'><a href=/old>Old</a>{OTHER}</div>",
        "<article><span itemprop='datePublished' content='2009-04-11'>2009</span></article>",
    ],
)
def test_time_of_something_else_is_not_the_date(beside: str) -> None:
    assert published_in(f"<main><article>{HEADLINE}<p>Text.</p></article></main>{beside}") is None
    assert published_in(f"{beside}<main><article>{HEADLINE}<p>Text.</p></article></main>") is None
    assert published_in(f"<main><article>{HEADLINE}<p>Text.</p>{beside}</article></main>") is None


def test_footer_of_the_page_says_nothing_of_the_article() -> None:
    assert published_in(f"<article>{HEADLINE}<p>Text.</p></article><footer>{OTHER}</footer>") is None


def test_search_of_the_text_leaves_out_what_stands_beside_the_article() -> None:
    tree = document_fromstring(
        f"<html><body><article>{HEADLINE}<p>Text.</p></article><article><h3>Old</h3>{OTHER}</article></body></html>"
    )

    assert timestamps.search(tree, PageMetadata(), url="https://courier.example/bridge", fetched_at=FETCHED_AT) is None
    assert len(tree.xpath("//article")) == 2


def test_month_gives_way_to_a_day() -> None:
    found, _ = choose([("meta", "2024-05"), ("time", "2024-05-03")], fetched_at=FETCHED_AT)
    month, _ = choose([("meta", "2024-05")], fetched_at=FETCHED_AT)

    assert found is not None
    assert found.precision == "day"
    assert month is not None
    assert month.precision == "month"


def test_zone_of_the_source_holds_for_meta_elements_without_one() -> None:
    head = PageMetadata(metas={"article:published_time": ["2025-07-14 09:05:00"]})

    naive, zoned = published_in("<p>x</p>", head), published_in("<p>x</p>", head, timezone="Europe/Berlin")

    assert naive is not None
    assert (naive.at, naive.utc_offset_min) == (datetime(2025, 7, 14, 9, 5, tzinfo=UTC), None)
    assert zoned is not None
    assert (zoned.at, zoned.utc_offset_min) == (datetime(2025, 7, 14, 7, 5, tzinfo=UTC), 120)
