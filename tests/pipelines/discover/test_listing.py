from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.discover.documents import ParsedSource, PollFailure, SourceDocument
from pipelines.discover.listing import parse

PAGES = Path(__file__).parents[2] / "fixtures" / "feeds" / "listings"


def read(name: str, url: str, *, selector: str | None = None, pattern: str | None = None) -> ParsedSource | PollFailure:
    return parse(SourceDocument(content=(PAGES / name).read_bytes(), url=url, selector=selector, pattern=pattern))


def found(reading: ParsedSource | PollFailure) -> list[tuple[str, str | None]]:
    assert isinstance(reading, ParsedSource), reading
    return [(item.link, item.title) for item in reading.items]


def page(body: str, *, url: str = "https://example.org/", **options: str) -> ParsedSource | PollFailure:
    return parse(SourceDocument(content=f"<html><body>{body}</body></html>".encode(), url=url, **options))


HOME = "https://www.harbour.example.org"


def test_the_articles_of_a_front_page_are_guessed_in_their_order() -> None:
    reading = read("front-page.html", f"{HOME}/")

    assert found(reading) == [
        (f"{HOME}/2023/09/12/fog-closes-north-channel", "Fog closes the north channel"),
        (f"{HOME}/2023/09/12/authority-orders-three-electric-cranes", "Authority orders three electric cranes"),
        (f"{HOME}/ports/ferry-timetable-changes-20117?utm_source=home", "Ferry timetable changes"),
        (f"{HOME}/opinion/why-we-need-a-second-lock", "Why we need a second lock"),
        (f"{HOME}/culture/museum/old-charts", "Old charts"),
        (f"{HOME}/story.php?id=4711", "Harbour master retires after forty years at the gate"),
    ]
    assert isinstance(reading, ParsedSource)
    assert reading.title == "Harbour Times | News from the port"
    assert {item.language for item in reading.items} == {"en"}


def test_a_page_without_class_hints_in_another_charset() -> None:
    news = "http://vestnik.example.ru/news"

    assert found(read("table-layout.html", "http://vestnik.example.ru/")) == [
        (f"{news}/2025/06/27/1704.html", "Совместные учения начались на полигоне"),
        (f"{news}/2023/04/18/0931.html", "В музее открылся зал"),
        (f"{news}/2023/02/02/0412.html", "Паромы"),
    ]


def test_headlines_without_spaces_and_a_short_one_of_the_same_form() -> None:
    assert [
        title for _, title in found(read("press-releases.html", "https://www.kowan.example.jp/press/index.html"))
    ] == [
        "電動クレーン三基の発注について",
        "定期船の時刻表を改正します",
        "港の一般公開",
    ]


@pytest.mark.parametrize("selector", ["article h3", "article h3 a, article a:has(h3)", "article"])
def test_a_selector_may_name_links_or_what_they_lie_in_or_around(selector: str) -> None:
    links = [link for link, _ in found(read("front-page.html", f"{HOME}/", selector=selector))]

    assert links[0] == f"{HOME}/ports/ferry-timetable-changes-20117?utm_source=home"
    assert f"{HOME}/culture/museum/old-charts" in links


def test_a_selector_also_reaches_what_would_not_be_guessed() -> None:
    reading = read("front-page.html", f"{HOME}/", selector="aside a, .sponsored a")

    assert [link for link, _ in found(reading)] == [
        "https://shop.example.com/boots-for-all-weathers",
        f"{HOME}/2023/09/11/what-the-tides-will-bring-this-winter",
    ]


def test_the_pattern_chooses_by_address() -> None:
    links = found(read("front-page.html", f"{HOME}/", pattern="/20[0-9]{2}/.*cranes"))

    assert [link for link, _ in links] == [f"{HOME}/2023/09/12/authority-orders-three-electric-cranes"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"selector": "h2 a"}, "nothing on the page matches the selector 'h2 a'"),
        ({"selector": "nav a", "pattern": "/none/"}, "none of its 4 links"),
        ({"pattern": "/none/"}, "give a selector or another pattern"),
    ],
)
def test_a_page_without_articles_is_a_fault_that_says_what_to_do(options: dict[str, str], told: str) -> None:
    reading = read("front-page.html", f"{HOME}/", **options)

    assert isinstance(reading, PollFailure)
    assert reading.reason == "bad-listing"
    assert told in reading.detail
    assert reading.evidence


def test_the_charset_and_the_base_of_the_page_hold() -> None:
    content = "<meta charset=koi8-r><base href='/sub/'><h2><a href='a-1'>Новый мост открыли сегодня</a></h2>".encode(
        "koi8-r"
    )

    reading = parse(SourceDocument(content=content, url="https://example.org/x/"))

    assert found(reading) == [("https://example.org/sub/a-1", "Новый мост открыли сегодня")]


def test_a_picture_link_takes_its_name_from_its_title() -> None:
    reading = page('<a href="/2023/09/a-b-c-d" title="The port is open again"><img src="x.png"></a>')

    assert found(reading) == [("https://example.org/2023/09/a-b-c-d", "The port is open again")]


def test_links_that_are_never_closed_cost_no_more_than_others() -> None:
    # Each holds all that follow: 6,000 of them took 3 s, 60,000 would have taken minutes.
    reading = page("<a href='/2023/09/a-b-c-d'>word " * 20_000)

    assert len(found(reading)[0][1]) <= 1_000


def test_too_many_tags_are_refused() -> None:
    reading = page("<b>" * 130_000)

    assert isinstance(reading, PollFailure)
    assert "tags" in reading.detail


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(st.sampled_from("<>/a hrefbody=\"'#?&;[]:.-12\x00é"), max_size=300).map(
            lambda text: f"<body><a href='{text}".encode()
        ),
    ),
    st.sampled_from([None, "a", "h2 a"]),
)
def test_arbitrary_bytes_end_as_a_reading_or_a_reason(content: bytes, selector: str | None) -> None:
    assert isinstance(
        parse(SourceDocument(content=content, url="https://example.org/", selector=selector)),
        ParsedSource | PollFailure,
    )
