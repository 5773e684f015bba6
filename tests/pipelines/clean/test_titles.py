"""Titles: the headline of a page, without the name of its outlet."""

import pytest
from lxml.html import document_fromstring

from pipelines.clean.metadata import PageMetadata, read_metadata
from pipelines.clean.titles import headline, without_outlet


@pytest.mark.parametrize(
    ("title", "names", "expected"),
    [
        ("Bridge to be repaired - Golem.de", ["golem.de"], "Bridge to be repaired"),
        ("Bridge to be repaired | BBC News", ["BBC"], "Bridge to be repaired"),
        ("Bridge to be repaired | Politics | The Courier", ["Courier"], "Bridge to be repaired | Politics"),
        ("The Courier – Bridge to be repaired", ["The Courier"], "Bridge to be repaired"),
        ("NYT: Bridge to be repaired", ["NYT"], "Bridge to be repaired"),
        ("Lesotho: Bridge to be repaired", ["Courier"], "Lesotho: Bridge to be repaired"),
        ("Bridge – a story of decades", ["Courier"], "Bridge – a story of decades"),
        ("Anti-war protest in Well-being", ["Courier"], "Anti-war protest in Well-being"),
        ("Courier", ["Courier"], "Courier"),
        ("Bridge to be repaired—The Courier", ["The Courier"], "Bridge to be repaired"),
        ("Bridge to be repaired › The Courier", ["The Courier"], "Bridge to be repaired"),
        ("大桥冬天前修好_新华网", ["新华网"], "大桥冬天前修好"),
        ("大桥冬天前修好-新华网", ["新华网"], "大桥冬天前修好"),
        ("", ["Courier"], ""),
    ],
)
def test_outlet_is_taken_from_either_side(title: str, names: list[str], expected: str) -> None:
    assert without_outlet(title, names) == expected


def head(*, og: str | None = None, title: str | None = None, headings: tuple[str, ...] = ()) -> PageMetadata:
    return PageMetadata(metas={"og:title": [og]} if og else {}, title=title, headings=headings)


def test_title_that_differs_from_the_title_element_is_the_headline() -> None:
    """The title element is written for search engines; who copies it has not the editors' headline."""
    searched, written = "Bridge closed 2024: all you must know", "Bridge to be repaired"

    assert headline(head(og=searched, title=f"{searched} | Courier"), {"headline": written}, names=["Courier"]) == (
        written
    )
    assert headline(head(og=written, title=f"{searched} | Courier"), {"headline": searched}, names=["Courier"]) == (
        written
    )


def test_og_that_bears_the_outlet_is_made_by_a_template() -> None:
    page = head(og="What to know about the bridge | Courier", title="Bridge to be repaired | Courier")

    assert headline(page, {"headline": "Bridge to be repaired"}, names=["Courier"]) == "Bridge to be repaired"


def test_of_three_different_ones_the_title_element_decides() -> None:
    page = head(
        og="Council decides on the bridge", title="Bridge to be repaired", headings=("Bridge, latest: council votes",)
    )

    assert headline(page, {"headline": "Bridge to be repaired"}, names=[]) == "Bridge to be repaired"


def test_og_with_an_affix_that_json_ld_lacks_is_not_taken() -> None:
    page = head(og="Ring road | Bridge to be repaired", headings=("Bridge to be repaired",))

    assert headline(page, {"headline": "Bridge to be repaired"}, names=[]) == "Bridge to be repaired"


@pytest.mark.parametrize("affix", [" | 东京新闻", "：東京新聞デジタル", " » Noticias", "_网易新闻"])
def test_affix_of_an_outlet_without_a_name(affix: str) -> None:
    page = head(og="大桥冬天前修好，市政府星期二宣布消息" + affix, headings=("大桥冬天前修好，市政府星期二宣布消息",))

    assert headline(page, {}, names=[]) == "大桥冬天前修好，市政府星期二宣布消息"


def test_heading_that_lost_a_colon_in_a_line_break_is_no_better_spelling() -> None:
    page = head(og="Ring road: bridge to be repaired", headings=("Ring road bridge to be repaired",))

    assert headline(page, {}, names=[]) == "Ring road: bridge to be repaired"


def test_og_comes_before_the_heading() -> None:
    assert headline(head(og="Bridge to be repaired", headings=("Politics",)), {}, names=[]) == "Bridge to be repaired"


def test_spelling_of_the_heading_is_taken() -> None:
    page = head(og="Bridge to be repaired - Courier", headings=("“Bridge” to be repaired",))

    assert headline(page, {}, names=["Courier"]) == "“Bridge” to be repaired"


def test_heading_that_is_the_outlet_is_none() -> None:
    assert (
        headline(head(title="Bridge to be repaired - Courier", headings=("Courier",)), {}, names=["Courier"])
        == "Bridge to be repaired"
    )


def test_clipped_headline_is_completed() -> None:
    page = head(headings=("Bridge to be repaired before winter comes",))

    assert (
        headline(page, {"headline": "Bridge to be repaired before…"}, names=[])
        == "Bridge to be repaired before winter comes"
    )


def test_twice_escaped_headline_is_unescaped() -> None:
    assert (
        headline(head(), {"headline": "Bridge &amp;amp; tunnel: the council&#8217;s <i>plan</i>"}, names=[])
        == "Bridge & tunnel: the council’s plan"
    )


@pytest.mark.parametrize("title", [None, "", "Courier"])
def test_page_without_a_headline_has_none(title: str | None) -> None:
    assert headline(head(title=title), {}, names=["Courier"]) is None


@pytest.mark.parametrize("og", ["Politics | Bridge to be repaired", "Bridge to be repaired - all the news"])
def test_affix_that_the_heading_lacks_is_none_of_the_headline(og: str) -> None:
    assert headline(head(og=og, headings=("Bridge to be repaired",)), {}, names=["Courier"]) == "Bridge to be repaired"


def test_affix_stays_where_json_ld_has_it() -> None:
    page = head(headings=("Bridge to be repaired",))

    assert headline(page, {"headline": "Bridge to be repaired - live"}, names=[]) == "Bridge to be repaired - live"


def test_kicker_in_the_heading_is_left_out() -> None:
    page = head(title="Bridge to be repaired | Courier", headings=("Ring road Bridge to be repaired",))

    assert headline(page, {}, names=["Courier"]) == "Bridge to be repaired"


def test_heading_with_words_glued_together_is_no_better_spelling() -> None:
    page = head(og="Ring road: bridge to be repaired", headings=("Ring road:bridge tobe repaired",))

    assert headline(page, {}, names=[]) == "Ring road: bridge to be repaired"


def test_heading_in_capitals_is_no_better_spelling() -> None:
    assert headline(head(og="Bridge to be repaired", headings=("BRIDGE TO BE REPAIRED",)), {}, names=[]) == (
        "Bridge to be repaired"
    )


def test_headline_cut_within_a_word_is_completed() -> None:
    whole = "Bridge over the river to be repaired before winter comes, council decides unanimously"

    assert headline(head(headings=(whole,)), {"headline": whole[:-4]}, names=[]) == whole


@pytest.mark.parametrize(
    "heading",
    [
        "Bridge<br>to be repaired",
        "<div>Bridge</div>to be repaired",
        "<div>Bridge</div>\n<div>to be <i>re</i>paired</div>",
    ],
)
def test_blocks_part_the_words_of_a_heading(heading: str) -> None:
    tree = document_fromstring(f"<html><body><h1>{heading}</h1></body></html>")

    assert read_metadata(tree, url="https://courier.example/").headings == ("Bridge to be repaired",)


def test_entities_that_a_heading_escapes_twice_are_read() -> None:
    page = head(title="R&amp;D at the port", headings=("R&amp;D at the port: council&#8217;s <b>bold</b> plan",))

    assert headline(page, {}, names=[]) == "R&D at the port: council’s bold plan"


def test_heading_of_the_navigation_is_no_headline() -> None:
    page = head(title="Bridge to be repaired | Courier", headings=("Our special offers", "Bridge to be repaired soon"))

    assert headline(page, {}, names=["Courier"]) == "Bridge to be repaired soon"


def test_two_hyphens_part_the_outlet_from_a_title() -> None:
    assert without_outlet("Bridge to be repaired -- Sott.net", ["sott.net"]) == "Bridge to be repaired"
