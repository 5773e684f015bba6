"""HTML: what a page says of its article, field by field."""

import json
from datetime import UTC, datetime

import pytest

from pipelines.clean import clean
from pipelines.model import Article, Entry
from tests.builders import NOON, a_fetch, a_page, an_entry

SENTENCE = "The council met on Tuesday to discuss the bridge and decided after three hours to repair it before winter. "
BODY = "".join(f"<p>{SENTENCE}{SENTENCE}It was decision number {number}.</p>" for number in range(6))
LINKED = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebSite", "name": "Courier", "url": "https://courier.example/"},
        {"@type": "Person", "@id": "#ann", "name": "Ann Author"},
        {
            "@type": "NewsArticle",
            "headline": "Bridge to be repaired",
            "datePublished": "2024-05-03T15:47:42+02:00",
            "dateModified": "2024-05-04T08:00:00+02:00",
            "author": [{"@id": "#ann"}, {"@type": "Person", "givenName": "Ben", "familyName": "Byline"}],
            "description": "The council decides.",
            "articleSection": "Transport",
            "keywords": ["bridge", "council"],
            "image": {"@type": "ImageObject", "url": "https://courier.example/bridge.jpg"},
            "publisher": {"@type": "Organization", "name": "The Courier"},
            "isAccessibleForFree": "False",
        },
    ],
}


def page(head: str = "", *, body: str = BODY, entry: Entry | None = None, lang: str = "en") -> Article:
    html = f'<!doctype html><html lang="{lang}"><head>{head}</head><body><article>{body}</article></body></html>'
    result = clean(a_page(html.encode(), entry=entry or an_entry(title=None)))
    assert isinstance(result, Article), result
    return result


def script(data: object) -> str:
    return f'<script type="application/ld+json">{data if isinstance(data, str) else json.dumps(data)}</script>'


def test_json_ld_fills_the_fields() -> None:
    article = page(script(LINKED) + '<link rel="canonical" href="/bridge">')

    assert article.title == "Bridge to be repaired"
    assert article.authors == ("Ann Author", "Ben Byline")
    assert article.published_at == datetime(2024, 5, 3, 13, 47, 42, tzinfo=UTC)
    assert (article.published_precision, article.published_origin, article.published_utc_offset_min) == (
        "second",
        "json-ld",
        120,
    )
    assert article.modified_at == datetime(2024, 5, 4, 6, 0, tzinfo=UTC)
    assert article.description == "The council decides."
    assert (article.section, article.tags) == ("Transport", ("bridge", "council"))
    assert article.image_url == "https://courier.example/bridge.jpg"
    assert article.site_name == "The Courier"
    assert article.page_url == "https://courier.example/bridge"
    assert article.is_accessible_for_free is False


def test_meta_elements_fill_the_fields() -> None:
    article = page(
        """<title>Bridge to be repaired | Courier</title>
        <meta property="og:site_name" content="Courier"><meta property="og:title" content="Bridge to be repaired">
        <meta name="author" content="By Ann Author and Ben Byline">
        <meta property="article:published_time" content="2024-05-03">
        <meta name="description" content="The council decides.">
        <meta property="article:section" content="Transport"><meta property="article:tag" content="bridge">
        <meta property="article:tag" content="council"><meta property="og:image" content="//cdn.example/bridge.jpg">
        <meta property="og:url" content="https://courier.example/bridge">"""
    )

    assert (article.title, article.authors) == ("Bridge to be repaired", ("Ann Author", "Ben Byline"))
    assert article.published_at == datetime(2024, 5, 3, tzinfo=UTC)
    assert (article.published_precision, article.published_origin, article.published_utc_offset_min) == (
        "day",
        "meta",
        None,
    )
    assert (article.description, article.section, article.tags) == (
        "The council decides.",
        "Transport",
        ("bridge", "council"),
    )
    assert (article.image_url, article.site_name) == ("https://cdn.example/bridge.jpg", "Courier")
    assert (article.page_url, article.is_accessible_for_free) == ("https://courier.example/bridge", None)


@pytest.mark.parametrize(
    "broken",
    [
        '{"@type": "NewsArticle", "headline": "Bridge',
        "not json",
        "[" * 5000,
        '{"a":"' + "x" * 300_000 + '"}',
        "null",
        "[1, 2, [3]]",
        '{"@type": 7, "headline": {"a": []}, "author": 3, "datePublished": ["x"], "image": [null]}',
    ],
)
def test_broken_json_ld_costs_nothing_but_itself(broken: str) -> None:
    assert page(script(broken) + script(LINKED)).title == "Bridge to be repaired"


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(LINKED)[:-1] + ",}",
        f"<![CDATA[{json.dumps(LINKED)}]]>",
        f"<!--{json.dumps(LINKED)}-->",
        json.dumps(LINKED).replace("decides.", "de\ncides."),
        json.dumps([LINKED]),
        json.dumps({"@type": "WebPage", "mainEntity": LINKED["@graph"][2]}),
    ],
)
def test_json_ld_is_read_tolerantly(text: str) -> None:
    assert page(script(text)).title == "Bridge to be repaired"


def test_node_of_this_page_comes_before_others() -> None:
    nodes = [
        {"@type": "NewsArticle", "headline": "Another story", "url": "https://courier.example/other"},
        {
            "@type": "NewsArticle",
            "headline": "Bridge to be repaired",
            "mainEntityOfPage": "https://courier.example/one?x=1",
        },
    ]

    assert page(script(nodes)).title == "Bridge to be repaired"


def test_entry_fills_what_the_page_does_not_say() -> None:
    announced = datetime(2024, 5, 3, 13, 47, 42, tzinfo=UTC)
    entry = an_entry(
        title="Bridge to be repaired",
        authors=("Ann Author",),
        published_at=announced,
        description="The council decides.",
    )

    article = page(entry=entry)

    assert (article.title, article.authors, article.description) == (
        "Bridge to be repaired",
        ("Ann Author",),
        "The council decides.",
    )
    assert (article.published_at, article.published_origin) == (announced, "entry")


def test_page_comes_before_its_entry() -> None:
    entry = an_entry(title="Feed title", authors=("Feed Author",), published_at=datetime(2020, 1, 1, tzinfo=UTC))

    article = page(script(LINKED), entry=entry)

    assert (article.title, article.authors, article.published_origin) == (
        "Bridge to be repaired",
        ("Ann Author", "Ben Byline"),
        "json-ld",
    )


def test_date_of_the_entry_comes_before_one_from_the_future() -> None:
    announced = datetime(2024, 5, 3, 13, 47, 42, tzinfo=UTC)

    article = page('<meta name="date" content="2031-01-01">', entry=an_entry(published_at=announced))

    assert (article.published_at, article.published_origin, article.flags) == (announced, "entry", ("future-date",))


def test_entry_from_the_future_is_clamped() -> None:
    article = page(entry=an_entry(published_at=datetime(2031, 1, 1, tzinfo=UTC)))

    assert (article.published_at, article.flags) == (NOON, ("future-date",))


def test_date_is_searched_for_as_a_last_resort() -> None:
    article = page(body=f'<h1>Bridge</h1><p class="date">Published on May 3, 2024</p>{BODY}')

    assert article.published_at == datetime(2024, 5, 3, tzinfo=UTC)
    assert (article.published_precision, article.published_origin) == ("day", "htmldate")


def test_search_does_not_see_beyond_the_fetch() -> None:
    html = f"<html><body><h1>Bridge</h1><p>Copyright 2031</p><p class=date>2031-01-01</p>{BODY}</body></html>"

    article = clean(a_page(html.encode(), fetch=a_fetch(fetched_at=datetime(2024, 6, 1, tzinfo=UTC))))

    assert isinstance(article, Article)
    assert article.published_at is None or article.published_at <= datetime(2024, 6, 2, tzinfo=UTC)


@pytest.mark.parametrize("link", ["javascript:void(0)", "http://[broken", "#", ""])
def test_canonical_link_that_is_none_is_harmless(link: str) -> None:
    assert page(f'<link rel="canonical" href="{link}">').page_url in {None, "https://courier.example/one"}


@pytest.mark.parametrize(
    ("text", "lang", "language"),
    [
        (SENTENCE, "de", "en"),
        ("Der Rat beschloss am Dienstag nach drei Stunden, die Brücke vor dem Winter instand zu setzen. ", "en", "de"),
        ("Совет во вторник решил отремонтировать мост до наступления зимы, сообщил представитель города. ", "", "ru"),
        (
            "Kommunestyret vedtok tirsdag å reparere broen før vinteren kommer til dalen, etter tre timers debatt. ",
            "nb-NO",
            "no",
        ),
    ],
)
def test_language_is_that_of_the_text(text: str, lang: str, language: str) -> None:
    assert page(body=f"<p>{text * 8}</p>", lang=lang).language == language
