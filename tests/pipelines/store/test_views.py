"""Views: what analysts ask first."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from pipelines.model import Address, Gap, Reason, Sighting
from pipelines.store import (
    Store,
    begin_run,
    load,
    open_store,
    publish_open,
    query,
    status_rows,
    sync_sources,
    verdict,
)
from tests.builders import (
    NOON,
    RUN,
    a_fetch,
    a_poll,
    a_reject,
    a_sighting,
    a_source,
    a_tally,
    an_article,
    an_entry,
    finish_poll,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOW = datetime.now(UTC).replace(microsecond=0)  # the views about health and freshness ask the clock


@pytest.fixture
def store(tmp_path: Path) -> Store:
    with open_store(tmp_path) as opened:
        begin_run(opened, run_id=RUN, flow="ingest", prefect_run_id=None, version="1", started_at=NOON)
        sync_sources(opened, [a_source()], NOW - DAY)
        yield opened


def rows(store: Store, sql: str) -> list[tuple[object, ...]]:
    with store.reading() as cursor:
        return cursor.execute(sql).fetchall()


def poll_source(
    store: Store, at: datetime, *, reason: Reason | None = None, next_in: timedelta = HOUR / 4, **tally: int
) -> None:
    outcome = "failed" if reason else "ok"
    poll = a_poll(poll_id=uuid4(), polled_at=at, outcome=outcome, reason=reason)
    finish_poll(store, poll, a_tally(poll=outcome, **tally), next_due_at=at + next_in)


def health(store: Store) -> str:
    return str(rows(store, "select health from source_health")[0][0])


def test_article_daily_counts_texts_by_utc_day(store: Store) -> None:
    late = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    sightings = [
        a_sighting("One two.", "https://courier.example/1", fetch=a_fetch(fetched_at=late)),
        a_sighting("Three.", "https://courier.example/2", fetch=a_fetch(fetched_at=late + 2 * timedelta(minutes=1))),
        a_sighting("Three.", "https://courier.example/3", fetch=a_fetch(fetched_at=late + DAY)),
    ]
    load(store, run_id=RUN, sightings=sightings, rejects=[], loaded_at=NOON)

    found = rows(store, "select seen_on, source, article_count, word_count from article_daily order by seen_on")

    assert found == [(date(2026, 11, 22), "courier", 1, 2), (date(2026, 11, 23), "courier", 1, 1)]


def test_article_daily_names_the_source_that_carried_a_text_first(store: Store) -> None:
    def carried(source: str, url: str, hours: int, **changes: Any) -> Sighting:
        entry = an_entry(url, source=source)
        address = Address(canonical_url=url, domain=None if url.startswith("file:") else f"{source}.example")
        fetch = a_fetch(url, fetched_at=NOON + hours * HOUR)
        return a_sighting("One two.", entry=entry, address=address, fetch=fetch, **changes)

    article = an_article("One two.", title=None, authors=(), published_at=None)
    local = carried("folder", "file:///texts/one.txt", 0, article=article)
    first = carried("wire", "https://wire.example/one", 24, article=article)
    # The courier's page describes the text, since it says more about it.
    later = carried("courier", "https://courier.example/one", 25)
    load(store, run_id=RUN, sightings=[local, first, later], rejects=[], loaded_at=NOON)

    assert rows(store, "select source from articles") == [("courier",)]
    found = rows(store, "select seen_on, source, article_count from article_daily")
    assert found == [((NOON + DAY).date(), "wire", 1)]


def test_funnel_adds_up(store: Store) -> None:
    finish_poll(store, a_poll(), a_tally(known=5, deferred=1, new=3, seen=1, revised=1, rejected=2), next_due_at=None)

    found = rows(
        store,
        "select flow, source, entry_count, known_count, deferred_count, fetched_count, rejected_count, new_count "
        "from funnel",
    )

    assert found == [("ingest", "courier", 13, 5, 1, 7, 2, 3)]


def test_the_counts_of_a_run_are_those_of_its_polls_and_rejects(store: Store) -> None:
    rejects = [a_reject("https://courier.example/1"), a_reject("https://courier.example/2", reason="timeout")]
    rejects.append(a_reject("https://courier.example/3", reason="timeout"))
    load(store, run_id=RUN, sightings=[], rejects=rejects, loaded_at=NOON)
    finish_poll(store, a_poll(), a_tally(known=5, rejected=3), next_due_at=None)
    later = a_poll(poll_id=uuid4(), polled_at=NOON + HOUR, outcome="failed", reason="gone")
    finish_poll(store, later, a_tally(poll="failed"), next_due_at=None)

    found = rows(store, "select poll_outcome, entry_count, known_count, rejected_count, reasons from run_tallies")

    assert found == [("failed", 8, 5, 3, {"gone": 1, "not-found": 1, "timeout": 2})]
    assert rows(store, "select poll_count, failed_count, reasons from funnel") == [(2, 1, found[0][4])]


def test_revisions_name_both_texts(store: Store) -> None:
    first = a_sighting(article=an_article("One two three.", title="Before"))
    second = a_sighting(article=an_article("One two.", title="After"))
    load(store, run_id=RUN, sightings=[first, second], rejects=[], loaded_at=NOON)

    found = rows(store, "select revision, previous_title, title, word_count_change from revisions")

    assert found == [(1, "Before", "After", -1)]


def test_a_url_shows_the_text_that_it_showed_last(store: Store) -> None:
    def shown(text: str, hours: int, **changes: Any) -> None:
        sighting = a_sighting(text, fetch=a_fetch(fetched_at=NOON + hours * HOUR), **changes)
        load(store, run_id=RUN, sightings=[sighting], rejects=[], loaded_at=NOON + hours * HOUR)

    current = "select text, revision from current_articles"
    shown("First text.", 0)
    shown("Second text.", 1)
    assert rows(store, current) == [("Second text.", 1)]
    shown("First text.", 2)
    assert rows(store, current) == [("First text.", 0)]


def test_freshness_counts_minutes_from_publication(store: Store) -> None:
    sightings = [
        a_sighting(
            entry=an_entry(f"https://courier.example/{n}"),
            article=an_article(f"Text {n}.", published_at=NOW - minutes * timedelta(minutes=1)),
            fetch=a_fetch(fetched_at=NOW),
        )
        for n, minutes in enumerate([10, 20, 60])
    ]
    day_only = an_article("Day.", published_at=NOW - DAY, published_precision="day")
    sightings.append(a_sighting(entry=an_entry("https://courier.example/d"), article=day_only))
    load(store, run_id=RUN, sightings=sightings, rejects=[], loaded_at=NOW)

    assert rows(store, "select source, article_count, median_minutes from freshness") == [("courier", 3, 20.0)]


def test_freshness_counts_each_page_with_its_own_date_and_fetch(store: Store) -> None:
    minute = timedelta(minutes=1)

    def carried(source: str, ago: int, published: int) -> Sighting:
        entry = an_entry(f"https://{source}.example/one", source=source)
        article = an_article("One.", published_at=NOW - published * minute)
        fetch = a_fetch(entry.url, fetched_at=NOW - ago * minute)
        address = Address(canonical_url=entry.url, domain=None if source == "folder" else f"{source}.example")
        return a_sighting(entry=entry, article=article, fetch=fetch, address=address)

    first = carried("courier", 100, 110)
    copy = carried("wire", 10, 40)
    local = carried("folder", 100, 200)
    load(store, run_id=RUN, sightings=[first, copy, local], rejects=[], loaded_at=NOW)

    found = rows(store, "select source, median_minutes from freshness order by source")

    assert found == [("courier", 10.0), ("wire", 30.0)]


def test_find_articles_matches_titles_and_texts(store: Store) -> None:
    load(store, run_id=RUN, sightings=[a_sighting("Pipes under the sea.")], rejects=[], loaded_at=NOON)

    assert len(rows(store, r"from find_articles('\bsea\b', days := 36500)")) == 1
    assert rows(store, r"from find_articles('\bse\b', days := 36500)") == []


def test_a_source_is_new_then_ok(store: Store) -> None:
    assert health(store) == "new"
    poll_source(store, NOW - HOUR / 12, new=1)
    assert health(store) == "ok"


def test_a_source_that_is_switched_off_or_gone_is_nobodys_trouble(store: Store) -> None:
    sync_sources(store, [a_source(is_enabled=False)], NOON)
    assert health(store) == "disabled"
    sync_sources(store, [], NOON)
    assert health(store) == "gone"


def test_a_source_that_fails_is_failing_then_dead(store: Store) -> None:
    poll_source(store, NOW - 5 * DAY)
    for days in (4, 3, 2, 1):
        poll_source(store, NOW - days * DAY, reason="timeout", next_in=DAY)
    assert health(store) == "failing"
    poll_source(store, NOW, reason="timeout", next_in=DAY)
    assert health(store) == "dead"
    poll_source(store, NOW)
    assert health(store) == "ok"


def test_one_time_out_of_a_source_that_works_needs_nobody(store: Store) -> None:
    poll_source(store, NOW - HOUR)
    poll_source(store, NOW, reason="timeout")
    assert health(store) == "ok"
    poll_source(store, NOW, reason="bad-feed")
    assert health(store) == "failing"


@pytest.mark.parametrize(("reason", "counts"), [("timeout", ["ok", "ok", "failing"]), ("gone", ["failing"] * 3)])
def test_a_source_that_worked_is_failing_after_three_polls_or_an_urgent_reason(
    store: Store, reason: Reason, counts: list[str]
) -> None:
    poll_source(store, NOW - HOUR)

    found = []
    for minutes in (3, 2, 1):
        poll_source(store, NOW - minutes * timedelta(minutes=1), reason=reason)
        found.append(health(store))

    assert found == counts


def test_a_source_that_never_worked_is_failing_at_once(store: Store) -> None:
    poll_source(store, NOW, reason="timeout")

    assert health(store) == "failing"


def test_a_source_that_never_worked_is_dead_after_days(store: Store) -> None:
    for days in (4, 3, 2, 1, 0):
        poll_source(store, NOW - days * DAY, reason="timeout", next_in=DAY)

    assert health(store) == "dead"


def test_a_source_that_is_not_polled_when_due_is_late(store: Store) -> None:
    poll_source(store, NOW - 3 * HOUR)

    assert health(store) == "late"


def test_a_source_that_brings_nothing_beyond_its_habit_is_silent(store: Store) -> None:
    for hours in (96, 90, 84, 78):
        poll_source(store, NOW - hours * HOUR, new=1)
    poll_source(store, NOW)

    assert health(store) == "silent"


def test_a_source_that_never_brings_anything_is_silent_after_a_week(store: Store) -> None:
    sync_sources(store, [a_source(tags=("moved",))], NOW - 6 * DAY)
    poll_source(store, NOW)
    before = health(store)

    sync_sources(store, [a_source()], NOW - 8 * DAY)

    assert (before, health(store)) == ("ok", "silent")


def test_a_folder_is_never_silent(store: Store) -> None:
    sync_sources(store, [a_source(kind="files", location="/texts")], NOW - 30 * DAY)
    poll_source(store, NOW)

    assert health(store) == "ok"


def test_a_source_whose_articles_shrink_is_drifting(store: Store) -> None:
    def carry(word_count: int, at: datetime, number: int) -> None:
        text = " ".join(f"{number}-{word}" for word in range(word_count))
        entry = an_entry(f"https://courier.example/{number}")
        fetch = a_fetch(entry.url, fetched_at=at)
        sighting = a_sighting(entry=entry, article=an_article(text), fetch=fetch)
        load(store, run_id=RUN, sightings=[sighting], rejects=[], loaded_at=at)

    for number in range(10):
        carry(100, NOW - 10 * DAY, number)
        carry(90, NOW - DAY, 100 + number)
    poll_source(store, NOW, new=1)
    before = health(store)
    for number in range(15):
        carry(20, NOW - DAY, 200 + number)

    assert (before, health(store)) == ("ok", "drifting")


def test_a_source_whose_pages_are_all_rejected_is_barren(store: Store) -> None:
    rejects = [
        a_reject(f"https://courier.example/{n}", reason="too-short", fetch=a_fetch(fetched_at=NOW)) for n in range(5)
    ]
    load(store, run_id=RUN, sightings=[], rejects=rejects, loaded_at=NOW)
    poll_source(store, NOW)

    assert health(store) == "barren"


def test_a_source_that_takes_its_time_is_slow(store: Store) -> None:
    poll = a_poll(poll_id=uuid4(), polled_at=NOW, duration_ms=15_000)
    finish_poll(store, poll, a_tally(new=1), next_due_at=NOW + HOUR)

    assert health(store) == "slow"


def test_a_source_whose_pages_are_walls_is_shown(store: Store) -> None:
    rejects = [
        a_reject(f"https://courier.example/{n}", reason="consent-wall", fetch=a_fetch(fetched_at=NOW)) for n in range(4)
    ]
    load(store, run_id=RUN, sightings=[], rejects=rejects, loaded_at=NOW)
    poll_source(store, NOW)

    assert health(store) == "walls"


def test_a_gap_needs_a_person_for_a_week(store: Store, tmp_path: Path) -> None:
    gap = Gap(started_at=NOW - 30 * HOUR, ended_at=NOW - HOUR, entries_per_hour=2.0, missed_count=40)
    poll = a_poll((an_entry(),), poll_id=uuid4(), polled_at=NOW - HOUR)
    finish_poll(store, poll, a_tally(known=1), next_due_at=NOW + HOUR, gap=gap)
    publish_open(store)

    (row,) = status_rows(tmp_path)

    assert (row.health, row.gap_count_7d, row.missed_estimate_7d) == ("gaps", 1, 40)


def test_the_status_puts_first_who_needs_a_person(store: Store, tmp_path: Path) -> None:
    sync_sources(store, [a_source("ante"), a_source()], NOON)
    poll_source(store, NOW, reason="not-found")
    publish_open(store)

    assert [(row.source, row.health) for row in status_rows(tmp_path)] == [("courier", "failing"), ("ante", "new")]
    assert next(query(tmp_path, "select count(*) from source_health").rows) == (2,)


def test_a_source_with_a_gap_and_sources_that_all_fail_are_never_called_well(store: Store, tmp_path: Path) -> None:
    sync_sources(store, [a_source(), a_source("wire"), a_source("idle", is_enabled=False)], NOW - DAY)

    def health_line() -> str:
        publish_open(store)
        return verdict(status_rows(tmp_path)).line

    def poll_at(source: str, minutes: int, reason: Reason | None = None) -> None:
        at = NOW - minutes * timedelta(minutes=1)
        outcome = "failed" if reason else "ok"
        poll = a_poll(poll_id=uuid4(), source=source, polled_at=at, outcome=outcome, reason=reason)
        finish_poll(store, poll, a_tally(source, poll=outcome), next_due_at=at + HOUR)

    for source in ("courier", "wire"):
        poll_at(source, 9)
    assert health_line() == "All sources are well."

    poll_at("courier", 8, "unknown-host")
    assert health_line() == "All sources are well."
    poll_at("wire", 8, "timeout")
    assert health_line() == "The network seems to be down: none of 2 sources answered."
    poll_at("wire", 7, "gone")
    assert health_line() == "All 2 sources failed. 1 of 3 sources need a person."

    for source in ("courier", "wire"):
        poll_at(source, 6)
    gap = Gap(started_at=NOW - 6 * DAY, ended_at=NOW - 5 * DAY)
    poll = a_poll((an_entry(),), poll_id=uuid4(), polled_at=NOW - 5 * DAY)
    finish_poll(store, poll, a_tally(known=1), next_due_at=NOW + HOUR, gap=gap)
    assert health_line() == "1 of 3 sources need a person."
