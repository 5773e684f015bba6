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


@pytest.mark.parametrize(
    "foreign",
    [
        "<div class=k1><img src=/a.jpg><span>The bridge on Tuesday morning, before the storm.</span></div>",
        "<div><div><picture><img src=/a.jpg></picture></div><p>The bridge, seen from the school.</p></div>",
        "<blockquote class=k2><p>The bridge will be open again before long, and that is a promise.</p>"
        "&mdash; The mayor (@mayor) <a href='https://twitter.com/mayor/status/12345'>May 3, 2024</a></blockquote>",
        "<div class=k3><a href='/other'><img src=/b.jpg></a><a href='/other'><h4>Another story</h4></a></div>",
    ],
    ids=["caption", "caption in a paragraph", "post", "teaser"],
)
def test_what_stands_beside_the_text_is_known_without_its_class(foreign: str) -> None:
    inside = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[:4]) + foreign
    rest = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[4:])

    assert lines(f"<article><h1>Bridge</h1>{inside}{rest}</article>") == PARAGRAPHS


def test_paragraph_with_a_picture_in_it_stays() -> None:
    paragraphs = "".join(f"<p><img src=/a.jpg>{paragraph}</p>" for paragraph in PARAGRAPHS)

    assert lines(f"<article><h1>Bridge</h1>{paragraphs}</article>") == PARAGRAPHS


@pytest.mark.parametrize(
    "notice",
    [
        '<p>All about the valley in <a href="https://courier.example/newsletter">our letter</a>.</p>',
        '<p>Write to the desk: <a href="mailto:desk@courier.example">desk@courier.example</a></p>',
        '<p>News in <a href="https://apps.apple.com/app/courier/id1">the pocket</a>, day and night</p>',
        "<p><em>Ann Author reports from the valley for the Courier and others.</em></p>",
        '<p>See further: <a href="/bridges-of-the-valley">The bridges of the valley, one by one</a></p>',
    ],
)
def test_notice_at_the_end_is_known_by_its_link_or_its_italics(notice: str) -> None:
    assert lines(f"<article><h1>Bridge</h1>{BODY}{notice}</article>") == PARAGRAPHS


@pytest.mark.parametrize(
    "last",
    [
        "<p><em>“We shall open it in spring, and not a day later than that.”</em></p>",
        '<p>The report is to be had <a href="/report">from the town</a>, the mayor said on Tuesday.</p>',
    ],
)
def test_last_paragraph_of_the_article_stays(last: str) -> None:
    assert len(lines(f"<article><h1>Bridge</h1>{BODY}{last}</article>")) == len(PARAGRAPHS) + 1


def test_intro_between_headline_and_text_is_known_without_its_class() -> None:
    intro = "The northern pier of the bridge is to be repaired before the winter, the council of the valley decided."

    page = f"<main><div class=k1><h1>Bridge</h1><p>{intro}</p></div><div class=k2><div>{BODY}</div></div></main>"

    assert lines(page) == [intro, *PARAGRAPHS]


def test_short_text_in_a_script_that_parts_no_words_stands_alone() -> None:
    text = "港务局周一表示，由于大风，往返岛屿的渡轮当天停航，预计周二上午恢复。旅客可以免费改签，也可以全额退票。"
    page = (
        "<!doctype html><html lang=zh><head><meta charset=utf-8><title>短讯：渡轮停航</title></head><body><header><nav>"
        f"<a href=/>首页</a></nav></header><main><article><h1>短讯：渡轮停航</h1><p>{text}</p></article></main>"
        "<footer>版权</footer></body></html>"
    )

    result = clean(a_page(page.encode(), entry=an_entry(title=None)))

    assert isinstance(result, Article)
    assert result.text == text
