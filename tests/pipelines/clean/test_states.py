"""Text that a page holds in its scripts alone is found, whatever framework put it there, and marked."""

import json

import pytest

from pipelines.clean import clean
from pipelines.model import Article, Reject
from tests.builders import a_page, an_entry

TITLE = "Bridge stays closed until the spring"
TEXTS = [
    "The council met on Tuesday and spoke about the repair of the bridge near the school, closed since the storm.",
    "Engineers said that the work would last until spring and that it would cost twice as much as had been planned.",
    "Residents asked for a ferry in the meantime, and the mayor promised an answer within two weeks at the latest.",
    "The bridge carries some nine thousand cars on a working day, and all of them now go through the old town.",
]
HTML = "".join(f"<p>{text}</p>" for text in TEXTS)
TEASERS = [{"title": f"Story {n}", "description": "What happened elsewhere on that day. " * 4} for n in range(9)]
BLOCKS = [{"type": "paragraph", "text": text} for text in TEXTS]
RUNS = [{"_type": "block", "children": [{"text": text[:20]}, {"text": text[20:]}]} for text in TEXTS]
MARKUP = ["div", {"class": "body"}, *(["p", text[:20], ["em", text[20:30]], text[30:]] for text in TEXTS)]


def page(scripts: str, *, kind: str = "article", head: str = "") -> bytes:
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{TITLE}</title>"
        f'<meta property="og:type" content="{kind}">{head}</head><body><div id=root></div>{scripts}</body></html>'
    ).encode()


def state(body: object) -> str:
    return json.dumps({"props": {"more": TEASERS, "page": {"headline": TITLE, "body": body}, "end": "x" * 300}})


@pytest.mark.parametrize("body", [HTML, BLOCKS, RUNS, MARKUP, {"content": BLOCKS}, [{"content": HTML}]])
@pytest.mark.parametrize(
    "script",
    [
        "<script id=__NEXT_DATA__ type=application/json>%s</script>",
        "<script>window.__PRELOADED_STATE__ = %s;</script>",
        "<script>var a=1;window.__APOLLO_STATE__=%s;window.b={{}}</script>",
    ],
)
def test_text_of_a_state_is_the_article(script: str, body: object) -> None:
    article = clean(a_page(page(script % state(body).replace("</", "<\\/")), entry=an_entry(title=None)))

    assert isinstance(article, Article)
    assert article.text.splitlines() == TEXTS
    assert article.title == TITLE
    assert "text-from-state" in article.flags


def test_state_as_a_string_of_json_is_read() -> None:
    article = clean(a_page(page(f"<script>window.__S__ = JSON.parse({json.dumps(state(BLOCKS))});</script>")))

    assert isinstance(article, Article)
    assert article.text.splitlines() == TEXTS


def test_state_that_comes_in_pieces_is_put_together() -> None:
    rows = f'1:["$","div",null,{{}}]\n2:T{len(HTML):x},{HTML}3:{json.dumps({"headline": TITLE})}'
    pieces = "".join(
        f"<script>self.__next_f.push([1,{json.dumps(rows[at : at + 600])}])</script>".replace("</p", "<\\/p")
        for at in range(0, len(rows), 600)
    )

    article = clean(a_page(page(pieces)))

    assert isinstance(article, Article)
    assert article.text.splitlines() == TEXTS


def test_article_body_of_json_ld_is_the_last_resort() -> None:
    node = {"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n\n".join(TEXTS)}

    article = clean(a_page(page("", head=f"<script type=application/ld+json>{json.dumps(node)}</script>")))

    assert isinstance(article, Article)
    assert article.text.splitlines() == TEXTS
    assert "text-from-json-ld" in article.flags


def test_text_on_the_page_comes_before_its_state() -> None:
    article = clean(a_page(page(f"<h1>{TITLE}</h1>{HTML}<script>window.s = {state(HTML)}</script>")))

    assert isinstance(article, Article)
    assert article.text.splitlines() == TEXTS
    assert not article.flags


def test_teasers_in_the_state_of_a_front_page_are_no_article() -> None:
    result = clean(a_page(page(f"<script>window.s = {state(TEASERS * 3)}</script>", kind="website")))

    assert isinstance(result, Reject)


WALL = b"<html><head><title>Bridge</title></head><body><p>Subscribe to continue reading.</p></body></html>"
SHELL = b"<html><head><title>Bridge</title></head><body><div id=root></div><script src=a.js></script></body></html>"
FULL = (
    "".join(f"<p>{text}</p>" for text in TEXTS) + '<figure><img src="/b.jpg"><figcaption>A bridge</figcaption></figure>'
)


@pytest.mark.parametrize("content", [WALL, SHELL, b"", b"\x89PNG\r\n\x1a\n"])
def test_full_text_of_a_feed_stands_in_for_a_wall_or_a_shell(content: bytes) -> None:
    entry = an_entry(title=TITLE, authors=("Jane Roe",), content_html=FULL)

    article = clean(a_page(content, entry=entry))

    assert isinstance(article, Article)
    assert article.text.splitlines() == TEXTS
    assert (article.title, article.authors) == (TITLE, ("Jane Roe",))
    assert "text-from-feed" in article.flags


def test_text_of_the_page_comes_before_that_of_the_feed() -> None:
    content = f"<html><body><h1>{TITLE}</h1>{HTML}</body></html>".encode()

    article = clean(a_page(content, entry=an_entry(content_html="<p>Something else, and short.</p>" * 9)))

    assert isinstance(article, Article)
    assert article.text.splitlines() == TEXTS
    assert not article.flags


def test_short_text_of_a_feed_leaves_the_reject_of_the_page() -> None:
    result = clean(a_page(WALL, entry=an_entry(content_html="<p>Bridge closed.</p>")))

    assert isinstance(result, Reject)
    assert result.reason == "paywall"


def test_entry_without_a_link_is_an_article_of_the_feed() -> None:
    page = a_page(f"<html><body><article>{FULL}</article></body></html>".encode(), entry=an_entry("", title=TITLE))

    article = clean(page)

    assert isinstance(article, Article)
    assert article.text.splitlines() == TEXTS
    assert article.title == TITLE
    assert "text-from-feed" in article.flags
