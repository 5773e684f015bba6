"""Sighting: which texts are new, where they were seen, and what replaced what."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dedup import resolve, sight
from pipelines.identity import article_id, content_hash
from pipelines.model import Article, Entry, Fetch, Known, Page, Sighting

NOBODY = UUID(int=0)
AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NOTHING = Known()


def cleaned(text: str, url: str, *, page_url: str | None = None, final_url: str | None = None) -> tuple[Page, Article]:
    entry = Entry(source="courier", poll_id=NOBODY, url=url, canonical_url=url)
    fetch = Fetch(fetch_id=NOBODY, fetched_at=AT, final_url=final_url or url)
    hashed = content_hash(text)
    article = Article(
        article_id=article_id(hashed),
        content_hash=hashed,
        title=None,
        authors=(),
        text=text,
        language="en",
        published_at=None,
        published_precision=None,
        published_origin=None,
        published_offset=None,
        modified_at=None,
        description=None,
        section=None,
        tags=(),
        image_url=None,
        site_name=None,
        page_url=page_url,
        is_accessible_for_free=None,
        word_count=1,
        flags=(),
        removed={},
        cleaner_version="1",
    )
    return Page(entry=entry, fetch=fetch, content=b""), article


def remember(known: Known, sightings: Sequence[Sighting]) -> Known:
    """What the store would answer after these sightings were loaded."""
    current, pairs = dict(known.current), set(known.pairs)
    for one in sightings:
        pair = (one.canonical_url, one.article.article_id)
        if pair not in pairs:
            current[one.canonical_url] = (one.article.article_id, one.revision)
            pairs.add(pair)
    ids = known.article_ids | {one.article.article_id for one in sightings}
    return Known(article_ids=ids, current=current, pairs=frozenset(pairs))


def outcomes(sightings: Sequence[Sighting]) -> list[tuple[str, int]]:
    return [(one.outcome, one.revision) for one in sightings]


A, B = "https://courier.example/a", "https://observer.example/b"


def test_unknown_text_at_unknown_url_is_new() -> None:
    [sighting] = sight([cleaned("text", A)], known=NOTHING)

    assert (sighting.outcome, sighting.revision) == ("new", 0)
    assert (sighting.canonical_url, sighting.domain) == (A, "courier.example")


def test_same_text_at_another_url_is_seen_there_too() -> None:
    sightings = sight([cleaned("text", A), cleaned("text", B)], known=NOTHING)

    assert outcomes(sightings) == [("new", 0), ("seen", 0)]
    assert sightings[1].canonical_url == B


def test_same_text_at_the_same_url_is_seen() -> None:
    assert outcomes(sight([cleaned("text", A)] * 2, known=NOTHING)) == [("new", 0), ("seen", 0)]


def test_other_text_at_the_same_url_is_a_revision() -> None:
    batch = [cleaned("one", A), cleaned("two", A), cleaned("three", A)]

    assert outcomes(sight(batch, known=NOTHING)) == [("new", 0), ("revised", 1), ("revised", 2)]


def test_known_text_that_replaces_another_is_a_revision() -> None:
    batch = [cleaned("one", A), cleaned("two", B), cleaned("two", A)]

    assert outcomes(sight(batch, known=NOTHING)) == [("new", 0), ("new", 0), ("revised", 1)]


def test_text_that_returns_to_its_url_is_seen() -> None:
    batch = [cleaned("one", A), cleaned("two", A), cleaned("one", A), cleaned("three", A)]

    assert [outcome for outcome, _ in outcomes(sight(batch, known=NOTHING))] == ["new", "revised", "seen", "revised"]
    assert sight(batch, known=NOTHING)[-1].revision == 2


def test_revision_goes_on_from_the_store() -> None:
    page, article = cleaned("two", A)
    known = Known(current={A: (NOBODY, 4)}, pairs=frozenset({(A, NOBODY)}))

    assert outcomes(sight([(page, article)], known=known)) == [("revised", 5)]


def test_nothing_given_is_changed() -> None:
    known = Known(current={A: (NOBODY, 0)})

    sight([cleaned("one", A), cleaned("two", B)], known=known)

    assert known == Known(current={A: (NOBODY, 0)})


BATCHES = st.lists(
    st.builds(cleaned, st.sampled_from(["one", "two", "three"]), st.sampled_from([A, B, "https://c.example/c"])),
    max_size=12,
)


@given(BATCHES, st.integers(0, 12))
def test_a_batch_in_pieces_is_the_batch_as_a_whole(batch: list[tuple[Page, Article]], cut: int) -> None:
    first = sight(batch[:cut], known=NOTHING)
    rest = sight(batch[cut:], known=remember(NOTHING, first))

    assert [*first, *rest] == sight(batch, known=NOTHING)


@given(BATCHES, st.randoms(use_true_random=False))
def test_order_changes_neither_the_texts_nor_where_they_are(batch: list[tuple[Page, Article]], random) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(batch)
    random.shuffle(shuffled)

    one, other = (remember(NOTHING, sight(order, known=NOTHING)) for order in (batch, shuffled))

    assert (one.article_ids, one.pairs) == (other.article_ids, other.pairs)
    assert {url: highest for url, (_, highest) in one.current.items()} == {
        url: highest for url, (_, highest) in other.current.items()
    }


@given(BATCHES)
def test_a_batch_twice_adds_nothing(batch: list[tuple[Page, Article]]) -> None:
    known = remember(NOTHING, sight(batch, known=NOTHING))

    again = sight(batch, known=known)

    assert all(one.outcome == "seen" for one in again)
    assert remember(known, again) == known


@pytest.mark.parametrize(
    ("url", "page_url", "resolved"),
    [
        ("https://news.example/a/amp", "https://news.example/a", "https://news.example/a"),
        ("https://news.example/a/amp/", "https://news.example/a/", "https://news.example/a/"),
        ("https://m.news.example/a", "https://www.news.example/a", "https://www.news.example/a"),
        ("https://news.example/a?page=2", "https://news.example/a", "https://news.example/a"),
        ("https://news.example/2023/a/2", "https://news.example/2023/a", "https://news.example/2023/a"),
        ("https://news.example/a", "https://news.example/a?utm_source=x#top", "https://news.example/a"),
        ("https://news.example/?p=7", "https://news.example/2023/a", "https://news.example/2023/a"),
        ("https://news.example/2023/a", "https://news.example/?p=7", "https://news.example/?p=7"),
        ("https://news.example/", "https://news.example/", "https://news.example/"),
        # A template's mistakes
        ("https://news.example/2023/a", "https://news.example/", "https://news.example/2023/a"),
        ("https://news.example/politics/a", "https://news.example/politics", "https://news.example/politics/a"),
        ("https://news.example/politics/a", "https://news.example/politics/", "https://news.example/politics/a"),
        ("https://news.example/a", "https://agency.example/a", "https://news.example/a"),
        ("https://news.example/a", "javascript:void(0)", "https://news.example/a"),
        ("https://news.example/a", "https://[broken", "https://news.example/a"),
        ("https://news.example/a", None, "https://news.example/a"),
    ],
)
def test_canonical_url_is_what_the_page_calls_itself_on_its_own_site(
    url: str, page_url: str | None, resolved: str
) -> None:
    assert resolve(*cleaned("text", url, page_url=page_url)) == resolved


def test_redirect_decides_where_a_page_is() -> None:
    page, article = cleaned("text", "https://short.example/x", final_url="https://news.example/a?utm_source=short")

    assert resolve(page, article) == "https://news.example/a"


def test_local_file_is_its_entry() -> None:
    [sighting] = sight([cleaned("text", "file:///seeds/000.txt")], known=NOTHING)

    assert (sighting.canonical_url, sighting.domain) == ("file:///seeds/000.txt", None)
