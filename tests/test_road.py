"""The whole road, as an operator walks it: `presswatch run` three times over the newsroom, then questions to DuckDB."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.identity import article_id, content_hash
from pipelines.urls import canonicalise
from tests.flows.presswatch import ROOT, presswatch
from tests.newsroom import Newsroom, Request
from tests.newsroom.expected import ExpectedPage, load_pages, load_run
from tests.newsroom.stories import SEEDS

pytestmark = pytest.mark.timeout(600)

TABLES = ("articles", "sightings", "fetches", "rejects", "polls")
OUTCOMES = ("new", "seen", "revised", "rejected")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """One run of the command: what it said, what the newsroom was asked, and what the analysts' file held then."""

    exit_code: int
    tallies: dict[str, Row]  # by source
    requests: list[Request]
    tables: dict[str, list[Row]]

    def total(self, name: str) -> int:
        return sum(tally[name] for tally in self.tallies.values())

    def rows(self, table: str, **equal: object) -> list[Row]:
        return [row for row in self.tables[table] if all(row[name] == value for name, value in equal.items())]


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    newsroom: Newsroom
    first: Walk
    second: Walk
    third: Walk

    def url(self, page: ExpectedPage, path: str | None = None) -> str:
        """The canonical URL at which a page's text must have been seen, or that of another path of its outlet."""
        if page.outlet == "seeds":
            return canonicalise((SEEDS / page.path).as_uri())
        return canonicalise(self.newsroom.url(page.outlet, path or page.sighted_at))


@pytest.fixture(scope="module")
def road(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    data = tmp_path_factory.mktemp("road")
    with Newsroom(port=0) as newsroom:
        first = _walk(newsroom, data)
        second = _walk(newsroom, data)
        newsroom.publish()
        newsroom.revise()
        third = _walk(newsroom, data)
        yield Road(newsroom=newsroom, first=first, second=second, third=third)


def _walk(newsroom: Newsroom, data: Path) -> Walk:
    asked_before = len(newsroom.requests)
    options = ("--sources", "sources.yaml", "--data", str(data), "--json")
    ended = presswatch("run", *options, cwd=ROOT, NEWSROOM_PORT=str(newsroom.port))
    assert ended.stdout.startswith("{"), ended.stderr
    summary = json.loads(ended.stdout)
    return Walk(
        exit_code=ended.returncode,
        tallies={tally["source"]: tally for tally in summary["sources"]},
        requests=newsroom.requests[asked_before:],
        tables=_read(data / "presswatch.duckdb"),
    )


def _read(path: Path) -> dict[str, list[Row]]:
    with duckdb.connect(path, read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        found = {}
        for table in TABLES:
            cursor = connection.execute(f"from {table}")
            names = [column[0] for column in cursor.description or ()]
            found[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return found


# ── The first run ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_first_run_succeeds_and_reads_every_source(road: Road) -> None:
    assert road.first.exit_code == 0
    assert {source: tally["poll"] for source, tally in road.first.tallies.items()} == dict.fromkeys(
        load_run("first").tallies, "ok"
    )


@pytest.mark.parametrize("source", load_run("first").tallies)
def test_first_run_tallies_each_source_as_expected(road: Road, source: str) -> None:
    expected = load_run("first").tallies[source]

    tally = road.first.tallies[source]

    assert tally["reasons"] == expected.reasons
    assert tally["entries"] == expected.entries
    assert tally["known"] in expected.known
    assert tally["new"] + tally["seen"] + tally["revised"] in expected.articles
    assert (tally["revised"], tally["rejected"], tally["deferred"]) == (expected.revised, expected.rejected, 0)


@pytest.mark.parametrize("name", ["first", "second", "third"])
def test_run_ends_with_the_expected_total_and_rows(road: Road, name: Any) -> None:
    expected = load_run(name)

    walk: Walk = getattr(road, name)

    assert {field: walk.total(field) for field in expected.total} == expected.total
    assert {table: len(walk.rows(table)) for table in expected.tables} == expected.tables


@pytest.mark.parametrize("name", ["first", "second", "third"])
def test_entries_are_conserved(road: Road, name: Any) -> None:
    walk: Walk = getattr(road, name)

    fetches = Counter(row["poll_id"] for row in walk.rows("fetches"))
    for poll in walk.rows("polls"):
        ended = poll["known_count"] + poll["deferred_count"] + fetches[poll["poll_id"]]
        assert poll["entry_count"] == ended, poll["source"]
    outcomes = Counter(row["outcome"] for row in walk.rows("fetches"))
    assert set(outcomes) <= set(OUTCOMES)
    assert {row["fetch_id"] for row in walk.rows("fetches", outcome="rejected")} == {
        row["fetch_id"] for row in walk.rows("rejects")
    }
    assert {row["article_id"] for row in walk.rows("fetches")} - {None} == {
        row["article_id"] for row in walk.rows("articles")
    }


ARTICLES = [page for page in load_pages(since=("start",)) if page.becomes == "article"]


@pytest.mark.parametrize("text", sorted({page.text for page in ARTICLES}), ids=lambda text: text[:30])
def test_text_is_one_article_with_the_expected_fields(road: Road, text: str) -> None:
    pages = [page for page in ARTICLES if page.text == text]

    (article,) = road.first.rows("articles", article_id=article_id(content_hash(text)))

    assert article["text"].split("\n") == text.split("\n")
    assert article["content_hash"] == content_hash(text)
    assert article["language"] == pages[0].language
    assert tuple(article["flags"]) == pages[0].flags
    assert article["word_count"] == len(text.split())
    # The same text stands on several pages, a plain file among them: the article must come from one that says most.
    most = max(_said(page) for page in pages)
    fields = ("title", "authors", "published_at", "published_precision")
    candidates = [{name: getattr(page, name) for name in fields} for page in pages if _said(page) == most]
    assert {**{name: article[name] for name in fields}, "authors": tuple(article["authors"])} in candidates


def _said(page: ExpectedPage) -> int:
    return sum(value is not None and value != () for value in (page.title, page.authors, page.published_at))


def test_every_page_is_a_sighting_and_twins_share_theirs(road: Road) -> None:
    expected = {(road.url(page), article_id(content_hash(page.text))) for page in ARTICLES}

    rows = road.first.rows("sightings")

    assert {(row["canonical_url"], row["article_id"]) for row in rows} == expected
    assert len(rows) == len(expected)
    assert {row["revision"] for row in rows} == {0}


def test_every_other_page_is_a_reject_with_its_reason(road: Road) -> None:
    expected = {
        (canonicalise(road.newsroom.url(page.outlet, page.path)), page.stage, page.reason)
        for page in load_pages(since=("start",))
        if page.becomes == "reject"
    }

    rows = road.first.rows("rejects")

    assert {(row["canonical_url"], row["stage"], row["reason"]) for row in rows} == expected
    assert [row["url"] for row in rows if not row["detail"]] == []


def test_forbidden_and_twice_announced_pages_are_never_asked_for(road: Road) -> None:
    asked = [
        (request.host, request.path) for walk in (road.first, road.second, road.third) for request in walk.requests
    ]

    assert [path for host, path in asked if path.startswith("/partners/") or "utm_" in path] == []
    assert ("courier", "/robots.txt") in asked
    pages = Counter(asked)
    assert [page for page in ARTICLES if page.outlet != "seeds" and not pages[(page.outlet, page.sighted_at)]] == []


def test_fetcher_names_itself_and_its_contact(road: Road) -> None:
    agents = {request.headers.get("user-agent", "") for request in road.first.requests}

    assert [agent for agent in agents if not (agent.startswith("presswatch/") and "editor@example.org" in agent)] == []


# ── The second run, with nothing new ──────────────────────────────────────────────────────────────────────────────


def test_second_run_finds_every_source_unchanged(road: Road) -> None:
    assert road.second.exit_code == 0
    assert {source: tally["poll"] for source, tally in road.second.tallies.items()} == dict.fromkeys(
        load_run("first").tallies, "unchanged"
    )


def test_second_run_asks_for_no_page_again(road: Road) -> None:
    entrances = {"/feed.xml", "/atom.xml", "/rss.rdf", "/feed.json", "/", "/robots.txt"}

    asked = {request.path for request in road.second.requests}

    assert {path for path in asked if not path.startswith("/sitemap")} <= entrances
    feeds = [request.status for request in road.second.requests if request.path in entrances - {"/robots.txt"}]
    assert feeds == [304] * 5


def test_second_run_leaves_all_rows_as_they_were(road: Road) -> None:
    for table in ("articles", "sightings", "fetches", "rejects"):
        assert sorted(map(str, road.second.rows(table))) == sorted(map(str, road.first.rows(table))), table


# ── The third run, after something new and something revised ──────────────────────────────────────────────────────


def test_third_run_takes_what_is_new_and_nothing_else(road: Road) -> None:
    assert road.third.exit_code == 0
    (new,) = load_pages(since=("publish",))

    asked = {(request.host, request.path) for request in road.third.requests}
    others = {(page.outlet, page.path) for page in load_pages(since=("start",)) if "night-train" not in page.path}

    assert (new.outlet, new.path) in asked
    assert asked & others == set()
    (article,) = road.third.rows("articles", article_id=article_id(content_hash(new.text)))
    assert (article["title"], tuple(article["authors"])) == (new.title, new.authors)
    assert article["published_at"] == new.published_at
    (sighting,) = road.third.rows("sightings", article_id=article["article_id"])
    assert (sighting["canonical_url"], sighting["outcome"], sighting["revision"]) == (road.url(new), "new", 0)


@pytest.mark.parametrize("source", load_run("third").tallies)
def test_third_run_tallies_the_changed_sources_as_expected(road: Road, source: str) -> None:
    expected = load_run("third").tallies[source]

    tally = road.third.tallies[source]

    assert tally["entries"] == expected.entries
    assert tally["known"] in expected.known
    assert tally["new"] + tally["seen"] + tally["revised"] in expected.articles
    assert (tally["revised"], tally["rejected"]) == (expected.revised, expected.rejected)


def test_third_run_keeps_both_texts_of_the_revised_page(road: Road) -> None:
    (revised,) = load_pages(since=("revise",))
    (original,) = [page for page in ARTICLES if (page.outlet, page.path) == (revised.outlet, revised.path)]

    sightings = road.third.rows("sightings", canonical_url=road.url(revised))

    assert {(row["article_id"], row["outcome"], row["revision"]) for row in sightings} == {
        (article_id(content_hash(original.text)), "new", 0),
        (article_id(content_hash(revised.text)), "revised", 1),
    }
    (article,) = road.third.rows("articles", article_id=article_id(content_hash(revised.text)))
    assert article["text"].split("\n") == revised.text.split("\n")
    assert article["title"] == revised.title
    assert article["modified_at"] is not None
    assert article["published_at"] == revised.published_at
