"""Bodies: the text of an article as its page lays it out, and nothing of what stands beside it."""

import pytest

from pipelines.clean import clean
from pipelines.clean.body import lines_of
from pipelines.clean.tree import parse
from pipelines.model import Article, Cleaning
from tests.builders import a_page, an_entry

PARAGRAPHS = [
    f"Paragraph number {number}: the council met on Tuesday to discuss the bridge, and after three hours of debate it "
    "decided to repair the northern pier before the winter comes to the valley."
    for number in range(8)
]
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
OTHER = "I do not like this bridge at all, and I never did. " * 6
TEASERS = "".join(
    f'<div class="card"><a href="/{n}"><h3>Another story, number {n}</h3></a><p>What happened in place number {n} '
    f"on that Tuesday, told in a line that is long enough to count as prose.</p></div>"
    for n in range(8)
)
EVERYTHING = Cleaning()


def article(body: str, *, head: str = "", cleaning: Cleaning = EVERYTHING) -> Article:
    page = f"<!doctype html><html lang=en><head><title>Bridge - Courier</title>{head}</head><body>{body}</body></html>"
    result = clean(a_page(page.encode(), entry=an_entry(title=None), cleaning=cleaning))
    assert isinstance(result, Article), result
    return result


def lines(body: str, **options: object) -> list[str]:
    return article(body, **options).text.split("\n")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "page",
    [
        f"<article><h1>Bridge</h1>{BODY}</article>",
        f"<div id=x><div class=y><h1>Bridge</h1>{BODY}</div></div>",
        f"<nav><a href=/>Home</a></nav><main><h1>Bridge</h1>{BODY}</main><footer><p>{OTHER}</p></footer>",
        f"<main><article><h1>Bridge</h1>{BODY}</article><section class=more>{TEASERS}</section></main>",
        f"<article><h1>Bridge</h1>{BODY}</article><section id=comments><p>{OTHER}</p></section>",
    ],
)
def test_body_is_found(page: str) -> None:
    assert lines(page) == PARAGRAPHS


def test_article_in_several_blocks_is_whole() -> None:
    blocks = "".join(
        f'<div class="article-body"><p>{paragraph}</p></div><div class="ad-slot">Ad</div>' for paragraph in PARAGRAPHS
    )

    assert lines(f"<main><h1>Bridge</h1>{blocks}</main>{TEASERS}") == PARAGRAPHS


@pytest.mark.parametrize(
    "name",
    ["infobox", "image__caption", "newsletter-signup", "author-bio", "pull-quote", "twitter-tweet", "related-articles"],
)
def test_boxes_are_left_out(name: str) -> None:
    box = (
        f'<div class="{name}"><h3>A box</h3><p>What the box says of things that are no news of this article.</p></div>'
    )
    body = "".join(f"<p>{paragraph}</p>{box if number == 3 else ''}" for number, paragraph in enumerate(PARAGRAPHS))

    assert lines(f"<article><h1>Bridge</h1>{body}</article>") == PARAGRAPHS


def test_boxes_are_counted_and_can_be_left_in() -> None:
    page = f'<article><h1>Bridge</h1>{BODY}<div class="infobox"><p>{OTHER}</p></div></article>'

    assert article(page).removed_lines["boxes"] == 1
    assert lines(page, cleaning=Cleaning(boxes=False)) == [*PARAGRAPHS, OTHER.strip()]


def test_box_that_holds_the_article_is_no_box() -> None:
    assert lines(f'<div class="related-content"><h1>Bridge</h1>{BODY}</div>') == PARAGRAPHS


def test_teaser_above_the_body_belongs_to_the_text() -> None:
    teaser = "The bridge will be repaired after all: what the council decided, and why it took three hours."
    head = f'<meta property="og:description" content="{teaser}">'

    assert lines(
        f'<header><h1>Bridge</h1><p class="lead">{teaser}</p></header><article>{BODY}</article>', head=head
    ) == [teaser, *PARAGRAPHS]


def test_description_that_is_not_shown_stays_out() -> None:
    head = '<meta name="description" content="All about bridges, valleys and councils, on the pages of the Courier.">'

    assert lines(f"<article><h1>Bridge</h1>{BODY}</article>", head=head) == PARAGRAPHS


def test_headings_and_lists_stay() -> None:
    costs = "<ul><li>Two million for the pier</li><li>One million for the road</li></ul>"
    inner = f"{BODY}<h2>What it costs</h2><p>{PARAGRAPHS[0]} Again.</p>{costs}<p>{PARAGRAPHS[1]} Again.</p>"

    assert lines(f"<article><h1>Bridge</h1>{inner}</article>") == [
        *PARAGRAPHS,
        "What it costs",
        f"{PARAGRAPHS[0]} Again.",
        "Two million for the pier",
        "One million for the road",
        f"{PARAGRAPHS[1]} Again.",
    ]


def test_selector_of_the_body_decides() -> None:
    page = f"<div class=text>{BODY}</div><div class=other><p>{PARAGRAPHS[0]}</p></div>"

    assert lines(page, cleaning=Cleaning(body="div.other", min_words=1)) == [PARAGRAPHS[0]]


def test_selector_that_finds_nothing_is_ignored() -> None:
    assert lines(f"<article>{BODY}</article>", cleaning=Cleaning(body="div.gone")) == PARAGRAPHS


def test_selected_elements_are_removed_first() -> None:
    page = f"<article><h1>Bridge</h1>{BODY}<p class=odd>{PARAGRAPHS[0]} Odd.</p></article>"

    assert lines(page, cleaning=Cleaning(remove=("p.odd",))) == PARAGRAPHS
    assert article(page, cleaning=Cleaning(remove=("p.odd",))).removed_lines["selected"] == 1


def test_emphasis_and_links_within_a_sentence_stay_in_it() -> None:
    inner = PARAGRAPHS[0].replace("bridge", "b<i>rid</i>ge").replace("Tuesday", '<a href="/t">Tuesday</a>')

    assert lines(f"<article><h1>Bridge</h1>{BODY}<p>{inner} Again.</p></article>")[-1] == f"{PARAGRAPHS[0]} Again."


def test_nesting_below_256_levels_is_read() -> None:
    assert lines("<div>" * 400 + BODY + "</div>" * 400) == PARAGRAPHS


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>one <b>two</b><br>three</p>", ["one two", "three"]),
        ("<div>one<div>two</div>three</div>", ["one", "two", "three"]),
        (
            "<table><tr><th>Year</th><th>Name</th></tr><tr><td>2002</td><td>Vladimír</td></tr></table>",
            ["Year | Name", "2002 | Vladimír"],
        ),
        ("<table><tr><td><p>one</p><p>two</p></td><td>three</td></tr></table>", ["one", "two", "three"]),
        ("<ul><li>one<ul><li>two</li></ul></li></ul>", ["one", "two"]),
        ("<p>part\u00adner \u200b x</p>", ["partner x"]),
    ],
)
def test_lines_follow_the_blocks(html: str, expected: list[str]) -> None:
    assert [line.text for line in lines_of(parse(f"<html><body>{html}</body></html>"))] == expected


@pytest.mark.parametrize("tag", ["div", "span", "section"])
def test_paragraph_in_front_of_a_wrapped_rest_belongs_to_the_text(tag: str) -> None:
    """What lies behind a paywall is wrapped, and the first paragraph stands before the wrapper."""
    first, *rest = PARAGRAPHS
    wrapped = "".join(f"<p>{paragraph}</p>" for paragraph in rest)

    page = f'<article class="x"><h1>Bridge</h1><p>{first}</p><{tag} class="paywall">{wrapped}</{tag}></article>'

    assert lines(page) == PARAGRAPHS


@pytest.mark.parametrize("around", ['<div id="article" class="comments-enabled">', "<form>", '<div class="related">'])
def test_aside_around_the_whole_page_is_none(around: str) -> None:
    halves = ["".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[at : at + 4]) for at in (0, 4)]
    widgets = "".join(f'<div class="widget-text"><div class="text">{half}</div></div>' for half in halves)

    assert lines(f"{around}<h1>Bridge</h1><div>{widgets}</div>{around[:1]}/{around[1:].split()[0].rstrip('>')}>") == (
        PARAGRAPHS
    )


@pytest.mark.parametrize("name", ["article-lead", "Article_elementLead__x1", "standfirst", "post__excerpt", "chapo"])
def test_lead_between_headline_and_text_belongs_to_it(name: str) -> None:
    lead = "The northern pier is worse than anybody knew, and winter is near."
    page = f'<header><h1>Bridge</h1><p class="{name}">{lead}</p></header><article>{BODY}</article>'

    assert lines(page) == [lead, *PARAGRAPHS]


def test_lead_of_another_article_is_not_taken() -> None:
    other = "A tunnel below the river is planned by those who dislike the bridge."
    page = (
        f'<h1>Bridge</h1><a href=/t><p class="lead">{other}</p></a><article>{BODY}</article>'
        f'<aside><p class="lead">{other} It is below.</p></aside>'
    )

    assert lines(page) == PARAGRAPHS
