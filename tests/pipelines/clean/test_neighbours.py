"""What belongs to other articles of the same page goes, and what looks like it and belongs to this one stays."""

import pytest

from pipelines.clean import clean
from pipelines.model import Article
from tests.builders import a_page, an_entry

OWN = [
    "The council met on Tuesday and spoke about the repair of the bridge near the school, closed since the storm.",
    "Engineers said that the work would last until spring and that it would cost twice as much as had been planned.",
    "Residents asked for a ferry in the meantime, and the mayor promised an answer within two weeks at the latest.",
    "The bridge carries some nine thousand cars on a working day, and all of them now go through the old town.",
]
OTHER = [
    "Two wolves were seen at the edge of the forest by a forester, who took a picture of them from his car at dawn.",
    "Farmers in the valley want fences to be paid for, and they want it before the sheep go up to the pastures.",
    "The ministry pointed to a programme that has been there for three years and has hardly been asked for money.",
    "Wolves had been gone from the region for more than a century before the first pair came back from the east.",
]


def paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def text_of(inside: str) -> str:
    title = "Bridge stays closed until the spring"
    source = (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title></head><body>"
        f"<div class=k1><div class=k2><h1>{title}</h1>{inside}</div></body></html>"
    )
    result = clean(a_page(source.encode(), entry=an_entry("https://courier.example/town/bridge-closed")))
    assert isinstance(result, Article)
    return result.text


@pytest.mark.parametrize(
    "behind",
    [
        f"<article><h1>Wolves are back in the valley</h1>{paragraphs(OTHER)}</article>",
        f"<article><h2><a href='/land/wolves'>Wolves are back in the valley</a></h2>{paragraphs(OTHER)}</article>",
        "<div class=k3><h2>Wolves are back in the valley</h2><time datetime='2024-05-01'>1 May</time>"
        f"{paragraphs(OTHER)}</div>",
        "<div class=k3><h2>Wolves are back in the valley</h2><a rel=author href='/jane'>Jane Roe</a>"
        f"<div>{paragraphs(OTHER)}</div></div>",
        "<div>"
        + "".join(
            f"<div class=k4><a href='/land/{index}'><h3>Wolves are back, part {index}</h3></a><p>{text}</p></div>"
            for index, text in enumerate(OTHER)
        )
        + "</div>",
        "<ul>"
        + "".join(
            f"<li><a href='/land/{index}'>Wolves are back, part {index}</a><p>{text}</p></li>"
            for index, text in enumerate(OTHER)
        )
        + "</ul>",
    ],
    ids=["h1", "linked heading", "date", "author", "cards", "list"],
)
def test_articles_behind_the_text_are_none_of_it(behind: str) -> None:
    assert text_of(f"<div class=k5>{paragraphs(OWN)}</div>{behind}").splitlines() == OWN


def test_teaser_among_the_paragraphs_is_none_of_the_text() -> None:
    card = f"<div class=k6><span>More</span><a href='/land/wolves'><h4>Wolves are back</h4></a><p>{OTHER[0]}</p></div>"

    assert text_of(paragraphs(OWN[:2]) + card + paragraphs(OWN[2:])).splitlines() == OWN


def test_posts_of_a_live_page_stay() -> None:
    posts = "".join(
        f"<div class=k7><time datetime='2024-05-01T1{index}:00'>1{index}:00</time>"
        f"<h3>Post with the number {index} of the day</h3><p>{text}</p></div>"
        for index, text in enumerate(OTHER)
    )

    assert all(text in text_of(f"{paragraphs(OWN)}<div>{posts}</div>") for text in OWN + OTHER)


@pytest.mark.parametrize(
    "section",
    [
        f"<section><h2>What the engineers found under water</h2>{paragraphs(OTHER)}</section>",
        f"<section><h2><a href='#found'>What the engineers found</a></h2>{paragraphs(OTHER)}</section>",
        f"<h2><a href='/topic/bridges'>What the engineers found under water</a></h2>{paragraphs(OTHER)}",
    ],
    ids=["section", "anchor", "flat"],
)
def test_sections_of_the_article_stay(section: str) -> None:
    assert all(text in text_of(paragraphs(OWN) + section) for text in OWN + OTHER)


def test_parts_of_a_list_of_recommendations_stay() -> None:
    parts = "".join(
        f"<div class=k8><h2><a href='/review/{index}'>Recommendation number {index}</a></h2><p>{text} {text} {text} "
        f"{text} {text}</p></div>"
        for index, text in enumerate(OTHER)
    )

    assert all(text in text_of(f"{paragraphs(OWN)}<div>{parts}</div>") for text in OWN + OTHER)
