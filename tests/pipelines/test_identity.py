"""Identity: what counts as the same text, and what does not."""

import unicodedata
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.identity import article_id, content_hash, normalise, resolve, sight
from tests.builders import a_fetch, a_page, an_article, an_entry

# A surrogate cannot be stored; cleaning takes it out before.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS)
@example("a\u200b\u0301")  # taking the invisible out brings two together that compose
@example("\u00ad\n \u00ad")
@example("\u2060 x")
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(TEXTS)
def test_normalised_text_has_no_blank_lines_and_single_spaces(text: str) -> None:
    normalised = normalise(text)

    assert "\n\n" not in normalised
    assert "  " not in normalised
    assert normalised == normalised.strip()
    assert all(line == line.strip(" ") for line in normalised.split("\n"))


@given(TEXTS)
def test_both_unicode_forms_are_one_text(text: str) -> None:
    assert content_hash(unicodedata.normalize("NFD", text)) == content_hash(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Moscow\u2019s \u201cpartner\u201d", 'Moscow\'s "partner"'),
        ("\u00abпартнёр\u00bb", '"партнёр"'),
        ("one two", "one\u00a0 two"),
        ("one\n\n\ntwo\n", "one\ntwo"),
        ("one \r\n two", "one\ntwo"),
        ("part\u00adner", "partner"),
        ("\ufeffone", "one"),
    ],
)
def test_spellings_of_templates_are_one_text(one: str, other: str) -> None:
    assert content_hash(one) == content_hash(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("one two", "one\ntwo"), ("Partner", "partner"), ("1.5", "15"), ("Xiao Ган", "Xiao Gan"), ("10 000", "10000")],
)
def test_other_words_are_another_text(one: str, other: str) -> None:
    assert content_hash(one) != content_hash(other)


def test_hash_is_frozen_and_carries_its_version() -> None:
    # Should this change, every article in every database gets another key: then the version must change too.
    assert content_hash("Moscow\u2019s  partner\n\n") == FROZEN


def test_article_id_is_the_beginning_of_the_hash() -> None:
    assert article_id("1:00112233445566778899aabbccddeeff" + "0" * 32) == UUID("00112233-4455-6677-8899-aabbccddeeff")


FROZEN = "1:42cd8c75d78cc0d8b59eb7f0d6cd51ff2f83d3b04213ca0a6f05478429a9d230"


def resolved(url: str, page_url: str | None, *, final_url: str | None = None) -> tuple[str, str | None]:
    page = a_page(entry=an_entry(url), fetch=a_fetch(final_url or url))
    address = resolve(page, an_article(page_url=page_url))
    return address.canonical_url, address.own_url


@pytest.mark.parametrize(
    ("url", "page_url", "canonical"),
    [
        ("https://news.example/a/amp", "https://news.example/a", "https://news.example/a"),
        ("https://news.example/a/amp/", "https://news.example/a/", "https://news.example/a/"),
        ("https://news.example/amp/world/a", "https://news.example/world/a", "https://news.example/world/a"),
        (
            "https://news.example/world/a.amp.html",
            "https://news.example/world/a.html",
            "https://news.example/world/a.html",
        ),
        ("https://m.news.example/a", "https://www.news.example/a", "https://www.news.example/a"),
        ("https://news.example/a?outputType=amp", "https://news.example/a", "https://news.example/a"),
        ("https://news.example/a/print/", "https://news.example/a", "https://news.example/a"),
        ("https://news.example/a", "https://news.example/a?utm_source=x#top", "https://news.example/a"),
        (
            "https://news.example/the-old-slug-of-a?x=1",
            "https://news.example/the-old-slug-of-a",
            "https://news.example/the-old-slug-of-a",
        ),
        (
            "https://news.example/n/8123456",
            "https://news.example/world/a-8123456.html",
            "https://news.example/world/a-8123456.html",
        ),
        ("https://news.example/", "https://news.example/", "https://news.example/"),
    ],
)
def test_a_page_stands_at_the_canonical_url_that_it_is_a_twin_of(url: str, page_url: str, canonical: str) -> None:
    assert resolved(url, page_url) == (canonical, None)


@pytest.mark.parametrize(
    ("url", "page_url", "canonical"),
    [
        ("https://news.example/a?page=2", "https://news.example/a", "https://news.example/a"),
        ("https://news.example/2023/a/2", "https://news.example/2023/a", "https://news.example/2023/a"),
        ("https://news.example/?p=7", "https://news.example/2023/a", "https://news.example/2023/a"),
        ("https://news.example/2023/a", "https://news.example/?p=7", "https://news.example/?p=7"),
        ("https://news.example/show?id=7", "https://news.example/show", "https://news.example/show"),
        ("https://news.example/20231105-a", "https://news.example/20231105-b", "https://news.example/20231105-b"),
    ],
)
def test_another_canonical_url_on_the_same_site_is_a_claim(url: str, page_url: str, canonical: str) -> None:
    assert resolved(url, page_url) == (canonical, url)


@pytest.mark.parametrize(
    ("url", "page_url"),
    [
        ("https://news.example/2023/a", "https://news.example/"),
        ("https://news.example/politics/a", "https://news.example/politics"),
        ("https://news.example/politics/a", "https://news.example/politics/"),
        ("https://news.example/story/1", "https://news.example/news/"),
        ("https://news.example/story/1", "https://news.example/news/europe/"),
        ("https://news.example/story/1", "https://news.example/category/local-news/"),
        ("https://news.example/story/1", "https://news.example/2026/11/"),
        ("https://news.example/story/1", "https://news.example/404"),
        ("https://news.example/story/1", "https://news.example/errors/not-found.html"),
        ("https://news.example/index.php?id=7", "https://news.example/index.php"),
        ("https://news.example/story/1", "https://news.example/story/1 https://news.example/story/2"),
        ("https://news.example/story/1", "https://news.example/story/1https://news.example/story/2"),
        ("https://news.example/story/1", "https://news.example/story/1,https://news.example/story/2"),
        ("https://news.example/a", "https://agency.example/a"),
        ("https://news.example/a", "https://news.example/b" + "c" * 4000),
        ("https://news.example/a", "javascript:void(0)"),
        ("https://news.example/a", "https://[broken"),
        ("https://news.example/a", None),
    ],
)
def test_a_canonical_url_that_cannot_be_the_pages_own_is_ignored(url: str, page_url: str | None) -> None:
    assert resolved(url, page_url) == (url, None)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_canonical_url_breaks_anything(path: str, page_url: str) -> None:
    canonical_url, own_url = resolved(f"https://news.example/{path}", f"https://news.example/{page_url}")

    assert canonical_url
    assert own_url != canonical_url


def test_redirect_decides_where_a_page_is() -> None:
    found = resolved("https://short.example/x", None, final_url="https://news.example/a?utm_source=short")

    assert found == ("https://news.example/a", None)


def test_local_file_is_its_entry() -> None:
    page = a_page(entry=an_entry("file:///seeds/000.txt"))

    [sighting] = sight([(page, an_article())])

    assert (sighting.address.canonical_url, sighting.address.domain) == ("file:///seeds/000.txt", None)
