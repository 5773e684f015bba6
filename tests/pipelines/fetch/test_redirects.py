"""Redirects: which of them lost the page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.fetch.redirects import is_redirected_home

HOST = "https://www.example.org"
STORY = f"{HOST}/politics/2026/05/a-story-of-today"


@pytest.mark.parametrize(
    ("announced", "final"),
    [
        (STORY, f"{HOST}/"),
        (STORY, HOST),
        (STORY, f"{HOST}/index.html"),
        (STORY, f"{HOST}/?utm_source=redirect"),
        (STORY, f"{HOST}/?error=404"),
        (STORY, f"{HOST}/en/"),
        (STORY, f"{HOST}/de-at"),
        (STORY, f"{HOST}/home"),
        (STORY, "https://www.other.example/"),
        (STORY, "http://m.example.org/"),
        (STORY, f"{HOST}/politics/"),
        (STORY, f"{HOST}/politics/2026"),
        (STORY, f"{HOST}/politics/2026/05/"),
        (STORY, f"{HOST}/news"),
        (STORY, f"{HOST}/en/news/"),
        (STORY, f"{HOST}/404.html"),
        (STORY, f"{HOST}/page-not-found"),
        (f"{HOST}/story-123456.html", f"{HOST}/"),
        (f"{HOST}/?p=123", f"{HOST}/"),
        (f"{HOST}/en/story-of-today", f"{HOST}/en/"),
        ("https://short.example/x7f3", f"{HOST}/"),
        (f"{HOST}/thema/wahl/bericht-aus-berlin", f"{HOST}/thema/wahl"),
    ],
)
def test_a_front_page_a_section_or_a_folder_above_is_no_article(announced: str, final: str) -> None:
    assert is_redirected_home(announced, final)


@pytest.mark.parametrize(
    ("announced", "final"),
    [
        (STORY, STORY),
        (STORY, f"{STORY}/"),
        (STORY, STORY.replace("https", "http")),
        (STORY, f"{HOST}/world/2026/05/a-story-of-today"),
        (STORY, f"{HOST}/a-story-of-today"),
        (STORY, f"{HOST}/123456"),
        (STORY, f"{HOST}/?p=123"),
        (STORY, f"{HOST}/index.php?id=5"),
        (f"{STORY}/amp", STORY),
        (f"{HOST}/brexit/amp/", f"{HOST}/brexit"),
        (f"{HOST}/brexit/print", f"{HOST}/brexit"),
        (f"{HOST}/brexit/2", f"{HOST}/brexit"),
        (f"{HOST}/brexit.amp.html", f"{HOST}/brexit.html"),
        (f"{HOST}/story/4711/a-title-of-today", f"{HOST}/story/4711"),
        (f"{HOST}/2026/a-story-of-today/index.html", f"{HOST}/2026/a-story-of-today/"),
        (f"{HOST}/", f"{HOST}/en/"),
        (HOST, "https://www.other.example/"),
        (f"{HOST}/?utm_source=feed", f"{HOST}/start"),
        (f"{HOST}/en", f"{HOST}/"),
        ("https://short.example/x7f3", f"{HOST}/brexit"),
        ("https://news.example/rss/articles/CBMiQWh0", STORY),
        ("urn:presswatch:source:1", "urn:presswatch:source:1"),
        ("file:///a/b", "file:///a"),
    ],
)
def test_another_address_of_the_article_is_fine(announced: str, final: str) -> None:
    assert not is_redirected_home(announced, final)


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_makes_it_raise(one: str, other: str) -> None:
    is_redirected_home(f"{HOST}/{one}", f"{HOST}/{other}?{one}")
    is_redirected_home(one, other)
