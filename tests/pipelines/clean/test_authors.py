"""Authors: names, and nothing but names."""

import pytest
from lxml.html import document_fromstring

from pipelines.clean import clean
from pipelines.clean.authors import find_authors, tidy_authors
from pipelines.clean.metadata import PageMetadata
from pipelines.model import Article
from tests.builders import a_page, an_entry


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["Ann Author"], ("Ann Author",)),
        (["By Ann Author and Ben Byline"], ("Ann Author", "Ben Byline")),
        (["Von Anna Müller und Jörg Groß"], ("Anna Müller", "Jörg Groß")),
        (["Ann Author, Ben Byline & Cem Çelik"], ("Ann Author", "Ben Byline", "Cem Çelik")),
        (["Ann Author; Ben Byline"], ("Ann Author", "Ben Byline")),
        (["Ann Author, Jr."], ("Ann Author, Jr",)),
        (["Ann Author", "ANN AUTHOR"], ("Ann Author",)),
        (["Anna Müller (amu)"], ("Anna Müller",)),
        (["Zhao Jiandong (赵建东)"], ("Zhao Jiandong (赵建东)",)),
        (["Автор: Иван Петров"], ("Иван Петров",)),
        (["山田太郎、鈴木花子"], ("山田太郎", "鈴木花子")),
        (["Vonda Byrd"], ("Vonda Byrd",)),
        (["https://www.facebook.com/courier", "ann@courier.example", "ann-author", "admin", ""], ()),
        (["(Image: Getty Images)", "Ann Author"], ("Ann Author",)),
        (["Courier", "Ann Author"], ("Ann Author",)),
        (["Courier"], ("Courier",)),
        (["x" * 200], ()),
        (["Jos&eacute; P&eacute;rez &amp;amp; Ann Author"], ("José Pérez", "Ann Author")),
        (['<a href="/ann">Ann Author</a>'], ("Ann Author",)),
        (["Ann Author, Political Correspondent"], ("Ann Author",)),
        (["Anna Müller, Redakteurin für Politik"], ("Anna Müller",)),
        (["Ann Author and agencies"], ("Ann Author",)),
        (["Ann Author, dpa"], ("Ann Author", "dpa")),
        (["Courier Staff Reporter"], ("Courier Staff Reporter",)),
        (["Von Anna Müller in Berlin"], ("Anna Müller",)),
        (["Ein Kommentar von Anna Müller"], ("Anna Müller",)),
        (["Texte: Anne Auteur"], ("Anne Auteur",)),
        (["Analysis by Ann Author"], ("Ann Author",)),
        (["Story Waters"], ("Story Waters",)),
        (["Food and Drink Team"], ("Food and Drink Team",)),
        (["Ann Author and AFP"], ("Ann Author", "AFP")),
        (["Ann Author, Ben Byline, and Cem Çelik"], ("Ann Author", "Ben Byline", "Cem Çelik")),
        (["Anna Autora e Bruno Autore"], ("Anna Autora", "Bruno Autore")),
        (["Ann Author, professor of bridges at the university of the valley"], ("Ann Author",)),
        (["Ann Author, Courier Valley"], ("Ann Author",)),
        (["Иван Петров, корреспондент РИА Новости"], ("Иван Петров",)),
        (["本报记者 王小明"], ("王小明",)),
        (["記者王小明／台北報導"], ("王小明",)),
        (["文／王小明"], ("王小明",)),
        (["文在寅"], ("文在寅",)),
        (["홍길동 기자"], ("홍길동",)),
        (["Anna Müller (Text), Jörg Groß (Fotos)"], ("Anna Müller", "Jörg Groß")),
    ],
)
def test_names_are_tidied(given: list[str], expected: tuple[str, ...]) -> None:
    assert tidy_authors(given, outlets=["Courier"]) == expected


def found(html: str = "", **node: object) -> tuple[str, ...]:
    tree = document_fromstring(f"<html><body>{html}<p>Text.</p></body></html>")
    return find_authors(PageMetadata(), node, [node], tree, outlets=["Courier", "t-online"])


def test_outlet_listed_beside_people_is_kept() -> None:
    assert found(author=[{"name": "Ann Author"}, {"name": "t-online"}]) == ("Ann Author", "t-online")
    assert found(author=["Ann Author, Courier", "Ben Byline"]) == ("Ann Author", "Ben Byline")


def test_lists_within_lists_are_read() -> None:
    assert found(author=[[{"name": "Ann Author"}, "Ben Byline"]]) == ("Ann Author", "Ben Byline")


def test_link_that_also_says_other_things_is_an_authors() -> None:
    assert found('<a rel="author nofollow">Ann Author</a>', author={"name": "Courier"}) == ("Ann Author",)


def test_bylines_of_teasers_are_not_the_articles() -> None:
    def byline(*names: str) -> str:
        return "<div><p>" + "".join(f'<a rel="author">{name}</a>' for name in names) + "</p></div>"

    page = (
        f"<article><header>{byline('Ann Author', 'Ben Byline')}</header></article><aside>{byline('Cem Çelik')}</aside>"
    )

    assert found(page) == ("Ann Author", "Ben Byline")


def test_first_meta_element_that_names_people_is_taken() -> None:
    tree = document_fromstring("<html><body><p>Text.</p></body></html>")
    head = PageMetadata(metas={"author": ["Courier"], "byl": ["By Ann Author"], "creator": ["Desk System"]})

    assert find_authors(head, {}, [], tree, outlets=["Courier"]) == ("Ann Author",)


@pytest.mark.parametrize(
    "metas",
    [
        {"cxenseparse:author": ["Ann Author"]},
        {"articleauthor": ["Ann Author"]},
        {"twitter:label1": ["Verfasst von"], "twitter:data1": ["Ann Author"]},
        {"twitter:label1": ["Est. reading time"], "twitter:label2": ["Written by"], "twitter:data2": ["Ann Author"]},
    ],
)
def test_author_is_found_in_meta(metas: dict[str, list[str]]) -> None:
    tree = document_fromstring("<html><body><p>Text.</p></body></html>")

    assert find_authors(PageMetadata(metas=metas), {}, [], tree, outlets=["Courier"]) == ("Ann Author",)


def test_card_that_tells_something_else_names_nobody() -> None:
    tree = document_fromstring("<html><body><p>Text.</p></body></html>")
    head = PageMetadata(metas={"twitter:label1": ["Reading time"], "twitter:data1": ["Four Minutes"]})

    assert find_authors(head, {}, [], tree, outlets=["Courier"]) == ()


@pytest.mark.parametrize(
    ("byline", "expected"),
    [("By Ann Author, Lille", ("Ann Author",)), ("松岡大地", ("松岡大地",)), ("編集部", ("Courier",))],
)
def test_person_in_a_byline_stands_against_the_outlet(byline: str, expected: tuple[str, ...]) -> None:
    assert found(f'<span class="author">{byline}</span>', author={"name": "Courier"}) == expected


PROSE = (
    "<p>The council met on Tuesday and spoke about the repair of the bridge near the school, closed since May.</p>"
    "<p>Engineers said that the work would last until spring and that it would cost twice as much as had been planned, "
    "which nobody in the town had wanted to hear.</p>"
)


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ('<p class="author"><a rel="author" href="/a">View all posts by Ann Author</a></p>', ("Ann Author",)),
        ('<p class="author">Alle Beiträge von Ann Author</p>', ("Ann Author",)),
        ('<p class="byline">Von Ann Author, dpa</p>', ("Ann Author", "dpa")),
        ('<p class="byline">Ann Author, Political Editor</p>', ("Ann Author",)),
        ('<p class="author">Ann Author, Professor of Law, University of the Valley</p>', ("Ann Author",)),
        ('<span class="author-name">Ann Author, London</span>', ("Ann Author",)),
        ('<div class="byline">Text: Ann Author | Foto: Bob Brown</div>', ("Ann Author",)),
        ('<div class="topByline"><a href="/people/a">Ann Author</a> and <a href="/people/b">Bob Brown</a></div>',
         ("Ann Author", "Bob Brown")),
        ('<div class="author">On August 3</div>', ()),
        ('<p class="author">Posted on May 3</p>', ()),
        ('<p class="post-author">3. August 2024</p>', ()),
        ('<p class="author">Ann Author writes for us from the valley and beyond</p>', ()),
        ('<aside><p class="author">Bob Brown</p></aside>', ()),
    ],
)  # fmt: skip
def test_byline_on_the_page_is_read(byline: str, expected: tuple[str, ...]) -> None:
    content = f"<html><head><title>Bridge</title></head><body><main><h1>Bridge closed for long</h1>{byline}{PROSE}"

    article = clean(a_page(content.encode(), entry=an_entry()))

    assert isinstance(article, Article)
    assert article.authors == expected
