"""Checking: every promise of sql/checks is kept by the road, and its breach is seen."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from pipelines.store import Store, begin_run, check, finish_run, load, open_store, sync_sources
from pipelines.store.closed_sets import CLOSED_SETS
from pipelines.store.statements import scripts
from tests.builders import NOON, RUN, a_poll, a_reject, a_sighting, a_source, a_tally, finish_poll

BREACHES = {
    "columns_hold_accepted_values": "update sightings set outcome = 'met'",
    "article_ids_are_unique": "insert into articles from articles limit 1",
    "article_ids_match_their_hash": "update articles set content_hash = '1:0000' where title = 'One'",
    "article_texts_are_not_empty": "update articles set text = ' ' where title = 'One'",
    "every_article_has_a_sighting": "delete from sightings where canonical_url like '%/one'",
    "every_article_has_its_fetch": "update articles set fetch_id = uuid() where title = 'One'",
    "every_failed_poll_has_a_reason": "update polls set outcome = 'failed'",
    "every_gap_has_one_poll": "insert into gaps (source, ended_at) select source, polled_at from polls",
    "every_fetch_ends_once": "update fetches set outcome = 'lost' where outcome = 'new'",
    "every_page_is_in_the_archive": "update runs set is_archiving = true",
    "every_poll_is_conserved": "update polls set entry_count = entry_count + 1",
    "every_rejected_fetch_has_one_reject": "delete from rejects",
    "every_sighted_fetch_has_a_sighting": "update fetches set article_id = uuid() where outcome = 'new'",
    "every_sighted_fetch_has_its_pair": "update fetches set sighted_url_id = uuid() where outcome = 'new'",
    "every_sighting_has_its_fetch": "update sightings set fetch_id = uuid()",
    "fetch_ids_are_unique": "insert into fetches from fetches limit 1",
    "keys_are_not_null": "update sightings set loaded_at = null",
    "no_reject_without_fetch": "delete from fetches where outcome = 'rejected'",
    "no_sighting_without_article": "delete from articles",
    "poll_ids_are_unique": "insert into polls from polls",
    "reject_ids_are_unique": "insert into rejects from rejects limit 1",
    "revisions_are_unique": "update sightings set revision = 0",
    "run_ids_are_unique": "insert into runs from runs",
    "source_names_are_unique": "insert into sources from sources",
    "sightings_are_unique": "insert into sightings from sightings limit 1",
}

# Views, and what the program writes itself.
MADE = {"source_health", "funnel", "run_tallies", "current_articles", "reasons"}
STORED = [name for one in CLOSED_SETS for name in one.columns if name.partition(".")[0] not in MADE]
ODD = {"flags": "['odd']", None: "'odd'"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store after one run over three entries: new, revised and rejected."""
    with open_store(tmp_path) as opened:
        begin_run(opened, run_id=RUN, flow="ingest", prefect_run_id=None, version="1", started_at=NOON)
        sync_sources(opened, [a_source()], NOON)
        sightings = [a_sighting(), a_sighting("Another text.")]
        rejects = [a_reject("https://courier.example/bad")]
        load(opened, run_id=RUN, sightings=sightings, rejects=rejects, loaded_at=NOON)
        tally = a_tally(new=1, revised=1, rejected=1, known=4, deferred=2)
        finish_poll(opened, a_poll(), tally, next_due_at=NOON)
        finish_run(opened, run_id=RUN, status="completed", finished_at=NOON)
        yield opened


def test_the_road_keeps_every_promise(store: Store) -> None:
    assert check(store) == []
    assert check(store, since=NOON) == []


def test_every_check_has_its_breach() -> None:
    assert [path.stem for path in scripts("checks")] == sorted(BREACHES)


@pytest.mark.parametrize("name", sorted(BREACHES))
def test_a_broken_promise_is_seen(store: Store, name: str) -> None:
    with store.writing() as cursor:
        cursor.execute(BREACHES[name])

    for since in (None, NOON):
        violations = {violation.check: violation for violation in check(store, since=since)}
        assert violations[name].rows >= 1
        assert "=" in violations[name].example


def test_older_rows_are_judged_only_when_asked(store: Store) -> None:
    with store.writing() as cursor:
        cursor.execute("update articles set text = ''")

    assert check(store, since=NOON + timedelta(days=2)) == []
    assert [violation.check for violation in check(store)] == ["article_texts_are_not_empty"]


def test_a_double_of_an_older_row_is_seen_where_it_is_loaded(store: Store) -> None:
    later = NOON + timedelta(days=2)
    with store.writing() as cursor:
        cursor.execute("insert into articles select * replace ($at as loaded_at) from articles limit 1", {"at": later})

    assert [violation.check for violation in check(store, since=later)] == ["article_ids_are_unique"]


def test_a_poll_whose_entries_do_not_add_up_is_seen(store: Store) -> None:
    finish_poll(store, a_poll(poll_id=UUID(int=7)), a_tally(entries=5, known=4), next_due_at=NOON)

    assert [violation.check for violation in check(store)] == ["every_poll_is_conserved"]


@pytest.mark.parametrize("name", STORED)
def test_a_value_outside_of_its_closed_set_is_seen(store: Store, name: str) -> None:
    table, _, column = name.partition(".")
    with store.writing() as cursor:
        cursor.execute(f"update {table} set {column} = {ODD.get(column, ODD[None])}")

    found = {violation.check: violation.example for violation in check(store, since=NOON)}

    assert f"table_name={table}, column_name={column}, value=odd" in found["columns_hold_accepted_values"]
