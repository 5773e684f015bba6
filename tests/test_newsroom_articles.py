"""Every page of the newsroom, cleaned, is exactly what is written beside it."""

import http.client
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest

from pipelines.clean import clean
from pipelines.identity import content_hash
from pipelines.model import Article, Entry, Fetch, Page, Reject
from tests.newsroom import Newsroom
from tests.newsroom.expected import ExpectedPage, load_pages
from tests.newsroom.stories import SEEDS

NOBODY = UUID(int=0)

CLEANED = [page for page in load_pages() if page.becomes == "article" or page.stage == "clean"]
ARTICLES = [page for page in CLEANED if page.becomes == "article"]
REJECTS = [page for page in CLEANED if page.becomes == "reject"]


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom(port=0) as newsroom:
        yield newsroom


def _get(newsroom: Newsroom, outlet: str, path: str) -> tuple[str, str | None, bytes]:
    """The path after redirects, the content type and the body."""
    connection = http.client.HTTPConnection("127.0.0.1", newsroom.port, timeout=10)
    try:
        while True:
            connection.request("GET", path, headers={"Host": f"{outlet}.localhost:{newsroom.port}"})
            response = connection.getresponse()
            body = response.read()
            if response.status != 301:
                assert response.status == 200
                return path, response.headers["Content-Type"], body
            path = response.headers["Location"].removeprefix(newsroom.url(outlet, ""))
    finally:
        connection.close()


def _page(newsroom: Newsroom, expected: ExpectedPage) -> Page:
    if expected.outlet == "seeds":
        content = (SEEDS / expected.path).read_bytes()
        url = final_url = (SEEDS / expected.path).as_uri()
        content_type: str | None = "text/plain"
    else:
        newsroom.reset()
        if expected.since == "publish":
            newsroom.publish()
        if expected.since == "revise":
            newsroom.revise()
        url = newsroom.url(expected.outlet, expected.path)
        path, content_type, content = _get(newsroom, expected.outlet, expected.path)
        final_url = newsroom.url(expected.outlet, path)
    entry = Entry(
        source=expected.outlet,
        poll_id=NOBODY,
        url=url,
        canonical_url=url,
        published_at=expected.hint_published_at,
        authors=expected.hint_authors,
    )
    fetch = Fetch(
        fetch_id=NOBODY,
        fetched_at=datetime.now(UTC),  # the newsroom stamps what it has just published with the present
        final_url=final_url,
        status=None if expected.outlet == "seeds" else 200,
        content_type=content_type,
        byte_count=len(content),
    )
    return Page(entry=entry, fetch=fetch, content=content)


@pytest.mark.parametrize("expected", ARTICLES, ids=str)
def test_page_becomes_exactly_the_expected_article(newsroom: Newsroom, expected: ExpectedPage) -> None:
    page = _page(newsroom, expected)

    article = clean(page)

    assert isinstance(article, Article), article
    assert article.text.split("\n") == expected.text.split("\n")
    assert article.content_hash == content_hash(expected.text)
    assert article.title == expected.title
    assert article.authors == expected.authors
    assert article.language == expected.language
    assert article.flags == expected.flags
    assert article.published_at == expected.published_at
    assert article.published_precision == expected.published_precision


@pytest.mark.parametrize("expected", REJECTS, ids=str)
def test_page_that_is_no_article_is_rejected_with_its_reason(newsroom: Newsroom, expected: ExpectedPage) -> None:
    page = _page(newsroom, expected)

    reject = clean(page)

    assert isinstance(reject, Reject), reject
    assert (reject.stage, reject.reason) == ("clean", expected.reason)
    assert reject.detail
