"""Judging: which texts are new, where they stand, and what replaced what; and whose a canonical URL is."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.identity import sight
from pipelines.model import Article, Page
from pipelines.store import Store, check, load, open_store
from tests.builders import NOON, RUN, a_fetch, a_page, an_article, an_entry

A, B = "https://courier.example/a", "https://observer.example/b"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("store")) as store:
        yield store


@pytest.fixture
def store(shared: Store) -> Store:
    return emptied(shared)


def emptied(store: Store) -> Store:
    with store.writing() as cursor:
        for table in ("articles", "sightings", "fetches", "rejects"):
            cursor.execute(f"delete from {table}")
    return store


def cleaned(text: str, url: str, *, page_url: str | None = None, title: str | None = "One") -> tuple[Page, Article]:
    return a_page(entry=an_entry(url), fetch=a_fetch(url)), an_article(text, page_url=page_url, title=title)


def outcomes(store: Store, *batches: Sequence[tuple[Page, Article]]) -> list[str]:
    """How the pages of the batches end, loaded one batch after another."""
    ends = []
    for batch in batches:
        sightings = sight(batch)
        loaded = load(store, run_id=RUN, sightings=sightings, rejects=[], loaded_at=NOON)
        ends += [loaded.outcomes[sighting.fetch.fetch_id] for sighting in sightings]
    assert check(store) == []
    return ends


def standing(store: Store) -> list[tuple[str, int, str]]:
    """What stands where: URL, revision, text."""
    with store.reading() as cursor:
        query = (
            "select sightings.canonical_url, revision, text from sightings inner join articles using (article_id) "
            "order by all"
        )
        return cursor.execute(query).fetchall()


def test_unknown_text_at_unknown_url_is_new(store: Store) -> None:
    assert outcomes(store, [cleaned("text", A)]) == ["new"]
    assert standing(store) == [(A, 0, "text")]


def test_same_text_at_another_url_is_seen_there_too(store: Store) -> None:
    assert outcomes(store, [cleaned("text", A), cleaned("text", B)]) == ["new", "seen"]
    assert standing(store) == [(A, 0, "text"), (B, 0, "text")]


def test_same_text_at_the_same_url_is_seen(store: Store) -> None:
    assert outcomes(store, [cleaned("text", A), cleaned("text", A)]) == ["new", "seen"]


def test_other_text_at_the_same_url_is_a_revision(store: Store) -> None:
    batch = [cleaned("one", A), cleaned("two", A), cleaned("three", A)]

    assert outcomes(store, batch) == ["new", "revised", "revised"]
    assert standing(store) == [(A, 0, "one"), (A, 1, "two"), (A, 2, "three")]


def test_known_text_that_replaces_another_is_a_revision(store: Store) -> None:
    assert outcomes(store, [cleaned("one", A), cleaned("two", B), cleaned("two", A)]) == ["new", "new", "revised"]


def test_text_that_returns_to_its_url_is_seen(store: Store) -> None:
    batch = [cleaned("one", A), cleaned("two", A), cleaned("one", A), cleaned("three", A)]

    assert outcomes(store, batch) == ["new", "revised", "seen", "revised"]
    assert standing(store)[-1] == (A, 2, "three")


# ── Claims: a canonical URL that is neither the page's own nor a twin's ──────────────────────────────────────────────

CLAIMED = "https://courier.example/2026/a"
SPLITS = pytest.mark.parametrize("is_split", [False, True], ids=["one batch", "a batch each"])


def split(batch: Sequence[tuple[Page, Article]], is_split: bool) -> list[Sequence[tuple[Page, Article]]]:
    return [[page] for page in batch] if is_split else [batch]


@SPLITS
def test_different_articles_that_share_a_canonical_url_are_no_revisions(store: Store, is_split: bool) -> None:
    stories = [
        cleaned(f"Text {n}", f"https://courier.example/story/{n}", page_url=CLAIMED, title=f"Story {n}")
        for n in range(3)
    ]

    assert outcomes(store, *split(stories, is_split)) == ["new"] * 3
    assert standing(store) == [
        (CLAIMED, 0, "Text 0"),
        ("https://courier.example/story/1", 0, "Text 1"),
        ("https://courier.example/story/2", 0, "Text 2"),
    ]


@SPLITS
def test_a_section_that_many_pages_name_is_nobodys_canonical_url(store: Store, is_split: bool) -> None:
    stories = [
        cleaned(
            f"Text {n}", f"https://courier.example/story/{n}", page_url="https://courier.example/news/", title=f"{n}"
        )
        for n in range(2)
    ]

    assert outcomes(store, *split(stories, is_split)) == ["new", "new"]
    assert [url for url, *_ in standing(store)] == [f"https://courier.example/story/{n}" for n in range(2)]


@SPLITS
@pytest.mark.parametrize("order", [1, -1], ids=["claim first", "owner first"])
def test_a_canonical_url_belongs_to_its_own_page(store: Store, is_split: bool, order: int) -> None:
    stories = [
        cleaned("Wrong", "https://courier.example/story/1", page_url=CLAIMED, title="Names another page"),
        cleaned("Right", CLAIMED, page_url=CLAIMED, title="The page itself"),
    ][::order]

    assert outcomes(store, *split(stories, is_split)) == ["new", "new"]
    assert standing(store) == [(CLAIMED, 0, "Right"), ("https://courier.example/story/1", 0, "Wrong")]
    with store.reading() as cursor:
        described = cursor.execute("select text, canonical_url from articles order by all").fetchall()
    assert described == [("Right", CLAIMED), ("Wrong", "https://courier.example/story/1")]


@SPLITS
def test_pages_of_one_article_share_its_canonical_url(store: Store, is_split: bool) -> None:
    pages = [
        cleaned("Text", "https://courier.example/?p=7", page_url=CLAIMED, title="A title"),
        cleaned("Text", "https://courier.example/?p=8", page_url=CLAIMED, title="Another title"),
        cleaned("Second page", "https://courier.example/2026/a?page=2", page_url=CLAIMED, title="A Title!"),
    ]

    assert outcomes(store, *split(pages, is_split)) == ["new", "seen", "revised"]
    assert standing(store) == [(CLAIMED, 0, "Text"), (CLAIMED, 1, "Second page")]


@SPLITS
def test_a_page_that_changes_its_text_and_title_is_a_revision_at_the_url_that_it_claims(
    store: Store, is_split: bool
) -> None:
    url = "https://courier.example/?p=7"
    pages = [
        cleaned("Before", url, page_url=CLAIMED, title="Before"),
        cleaned("After", url, page_url=CLAIMED, title="After"),
        # Another page agrees with what stands there now.
        cleaned("After all", "https://courier.example/?p=8", page_url=CLAIMED, title="After"),
    ]

    assert outcomes(store, *split(pages, is_split)) == ["new", "revised", "revised"]
    assert [revision for _, revision, _ in standing(store)] == [0, 1, 2]


@SPLITS
def test_an_amp_page_with_another_text_and_title_is_a_revision(store: Store, is_split: bool) -> None:
    pages = [
        cleaned("Before", CLAIMED, page_url=CLAIMED, title="Before"),
        cleaned("After", f"{CLAIMED}/amp", page_url=CLAIMED, title="After"),
    ]

    assert outcomes(store, *split(pages, is_split)) == ["new", "revised"]


def test_an_owned_url_is_never_taken_back(store: Store) -> None:
    claim = cleaned("Text", "https://courier.example/?p=7", page_url=CLAIMED, title="A title")
    owner = cleaned("Text", CLAIMED, page_url=CLAIMED, title="A title")
    revised = cleaned("After", CLAIMED, page_url=CLAIMED, title="After")

    assert outcomes(store, [claim], [owner], [revised]) == ["new", "seen", "revised"]
    assert standing(store) == [(CLAIMED, 0, "Text"), (CLAIMED, 1, "After")]


CLAIMS = st.lists(
    st.builds(
        lambda text, number, title: cleaned(
            f"Text {text}", f"https://courier.example/story/{number}", page_url=CLAIMED, title=f"Title {title}"
        ),
        st.integers(0, 3),
        st.integers(0, 3),
        st.integers(0, 2),
    ),
    max_size=10,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(claims=CLAIMS, cuts=st.sets(st.integers(1, 9), max_size=3))
def test_where_a_batch_ends_makes_no_difference_to_claims(
    shared: Store, claims: list[tuple[Page, Article]], cuts: set[int]
) -> None:
    pages = [
        (a_page(entry=page.entry, fetch=a_fetch(page.entry.url, fetched_at=NOON + timedelta(minutes=n))), article)
        for n, (page, article) in enumerate(claims)
    ]
    whole = outcomes(emptied(shared), pages), standing(shared)

    edges = [0, *sorted(cut for cut in cuts if cut < len(pages)), len(pages)]
    parts = outcomes(emptied(shared), *(pages[start:end] for start, end in pairwise(edges)))

    assert (parts, standing(shared)) == whole


def test_what_stands_nowhere_else_is_the_current_text(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        pages = [cleaned("one", A), cleaned("two", A), cleaned("three", B)]
        for n, (page, article) in enumerate(pages):
            fetch = a_fetch(page.entry.url, fetched_at=NOON + timedelta(minutes=n))
            outcomes(store, [(a_page(entry=page.entry, fetch=fetch), article)])
        back = a_page(entry=an_entry(A), fetch=a_fetch(A, fetched_at=NOON + timedelta(hours=1)))
        with store.reading() as cursor:
            query = "select canonical_url, revision, text from current_articles order by all"
            before = cursor.execute(query).fetchall()
            outcomes(store, [(back, an_article("one"))])
            after = cursor.execute(query).fetchall()

    assert before == [(A, 1, "two"), (B, 0, "three")]
    assert after == [(A, 0, "one"), (B, 0, "three")]
