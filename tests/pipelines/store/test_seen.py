"""Seen: which entries are worth a request."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from pipelines.model import Entry, Reason
from pipelines.reasons import MAX_TRIES, RULES
from pipelines.store import Store, begin_run, known_urls, load, open_store, unseen
from tests.builders import NOON, RUN, a_fetch, a_reject, a_sighting, an_entry

HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    with open_store(tmp_path) as opened:
        yield opened


def later_run(store: Store) -> None:
    begin_run(store, run_id=uuid4(), flow="ingest", prefect_run_id=None, version="1", started_at=NOON)


def is_fresh(store: Store, entry: Entry, *, now: datetime | None = None) -> bool:
    later_run(store)
    return unseen(store, [entry], limit=1, now=now).fresh == (entry,)


def took(store: Store, entry: Entry, *, at: datetime = NOON, text: str = "Text.") -> None:
    sighting = a_sighting(text, entry=entry, fetch=a_fetch(entry.url, fetched_at=at))
    load(store, run_id=RUN, sightings=[sighting], rejects=[], loaded_at=at)


def failed(store: Store, entry: Entry, reason: Reason, *, at: datetime = NOON) -> None:
    reject = a_reject(entry=entry, reason=reason, fetch=a_fetch(entry.url, fetched_at=at))
    load(store, run_id=RUN, sightings=[], rejects=[reject], loaded_at=at)


def test_entries_are_fresh_deferred_or_known_and_none_is_lost(store: Store) -> None:
    entries = [an_entry(f"https://courier.example/{n}") for n in range(6)]
    took(store, entries[1])

    found = unseen(store, entries, limit=3)

    assert found.fresh == (entries[0], entries[2], entries[3])
    assert (found.known_count, found.deferred_count) == (1, 2)


def test_a_page_is_taken_once_a_run_whoever_announces_it(store: Store) -> None:
    twin = an_entry("https://courier.example/one?utm_source=rss", source="wire")

    assert unseen(store, [an_entry(), an_entry()], limit=9).known_count == 1
    assert unseen(store, [twin], limit=9).known_count == 1


def test_what_a_limit_deferred_may_be_taken_by_another_source(store: Store) -> None:
    assert unseen(store, [an_entry()], limit=0).deferred_count == 1
    assert unseen(store, [an_entry()], limit=1).fresh == (an_entry(),)


def test_a_url_that_was_fetched_is_known_however_it_ended(store: Store) -> None:
    took(store, an_entry("https://courier.example/1"))
    failed(store, an_entry("https://courier.example/2"), "not-found")

    found = known_urls(store, [f"https://courier.example/{n}" for n in range(4)])

    assert found == {"https://courier.example/1", "https://courier.example/2"}


def test_no_entries_need_no_store(store: Store) -> None:
    assert unseen(store, [], limit=5).fresh == ()


@pytest.mark.parametrize(
    "texts", [["Text."], ["Text.", "Text."], ["Text.", "Another text."]], ids=["new", "seen", "revised"]
)
def test_a_page_that_was_taken_is_known(store: Store, texts: list[str]) -> None:
    for text in texts:
        took(store, an_entry(), text=text)

    assert not is_fresh(store, an_entry())


def test_a_page_whose_publication_moves_later_is_fetched_again(store: Store) -> None:
    published = NOON - HOUR
    took(store, an_entry(published_at=published))

    assert not is_fresh(store, an_entry(published_at=published))
    assert not is_fresh(store, an_entry(published_at=NOON - HOUR / 2))  # it was fetched since
    moved = an_entry(published_at=NOON + HOUR)
    assert is_fresh(store, moved)
    took(store, moved, at=NOON + 2 * HOUR, text="Another text.")
    assert not is_fresh(store, moved)


def test_a_page_that_is_dated_ahead_is_fetched_once(store: Store) -> None:
    entry = an_entry(published_at=NOON + 5 * HOUR)
    took(store, entry)

    assert not is_fresh(store, entry)


@pytest.mark.parametrize("reason", ["not-found", "robots-disallowed", "too-short", "bad-url", "clean-crash"])
def test_a_fault_of_the_page_is_final(store: Store, reason: Reason) -> None:
    failed(store, an_entry(), reason)

    assert not is_fresh(store, an_entry())


@pytest.mark.parametrize("reason", [rule.reason for rule in RULES.values() if rule.is_retried])
def test_a_fault_that_may_pass_is_tried_five_times(store: Store, reason: Reason) -> None:
    for _ in range(MAX_TRIES):
        assert is_fresh(store, an_entry())
        failed(store, an_entry(), reason)

    assert not is_fresh(store, an_entry())


def test_tries_after_faults_that_may_pass_wait_longer_and_longer(store: Store) -> None:
    waits = [timedelta(0), HOUR / 2, 2 * HOUR, 8 * HOUR]
    at = NOON
    for wait in waits:
        failed(store, an_entry(), "timeout", at=at)
        assert wait == timedelta(0) or not is_fresh(store, an_entry(), now=at + wait - timedelta(seconds=1))
        assert is_fresh(store, an_entry(), now=at + wait)
        at += wait

    later_run(store)
    assert unseen(store, [an_entry()], limit=9, now=NOON).deferred_count == 1


def test_a_page_that_was_modified_since_is_looked_at_again(store: Store) -> None:
    took(store, an_entry(modified_at=NOON - HOUR))

    assert not is_fresh(store, an_entry(modified_at=NOON - HOUR))
    assert not is_fresh(store, an_entry(modified_at=NOON))
    assert is_fresh(store, an_entry(modified_at=NOON + HOUR))


def test_a_page_dated_ahead_is_not_looked_at_for_ever(store: Store) -> None:
    ahead = an_entry(modified_at=NOON + 100 * HOUR)
    took(store, ahead)

    assert not is_fresh(store, ahead)


def test_a_revision_whose_look_failed_is_tried_again_but_not_for_ever(store: Store) -> None:
    took(store, an_entry())
    revised = an_entry(modified_at=NOON + HOUR)
    for n in range(MAX_TRIES):
        assert is_fresh(store, revised)
        failed(store, revised, "timeout", at=NOON + (2 + n) * HOUR)

    assert not is_fresh(store, revised)
    assert is_fresh(store, an_entry(modified_at=NOON + 20 * HOUR))


def test_a_feed_that_dates_every_entry_now_is_believed_less_and_less(store: Store) -> None:
    looks = 0
    for hours in range(1, 24 * 4):
        now = NOON + hours * HOUR
        entry = an_entry(modified_at=now)
        if is_fresh(store, entry):
            took(store, entry, at=now + timedelta(seconds=5))
            looks += 1

    assert 3 <= looks <= 9


def test_a_page_that_did_change_is_believed_again(store: Store) -> None:
    for n in range(8):
        took(store, an_entry(), at=NOON + n * HOUR)
    assert not is_fresh(store, an_entry(modified_at=NOON + 8 * HOUR))

    took(store, an_entry(), at=NOON + 9 * HOUR, text="Another text.")

    assert is_fresh(store, an_entry(modified_at=NOON + 10 * HOUR))


YEAR = timedelta(days=365)


def test_a_page_that_failed_under_a_wrong_clock_is_tried_again_at_once(store: Store) -> None:
    for hours in range(3):
        failed(store, an_entry(), "timeout", at=NOON + YEAR + hours * HOUR)

    assert is_fresh(store, an_entry(), now=NOON)


def test_a_page_that_was_taken_under_a_wrong_clock_is_known_until_it_changes(store: Store) -> None:
    took(store, an_entry(modified_at=NOON - HOUR), at=NOON + YEAR)

    assert not is_fresh(store, an_entry(), now=NOON)
    assert not is_fresh(store, an_entry(modified_at=NOON - HOUR), now=NOON)
    changed = an_entry(modified_at=NOON + HOUR)
    assert is_fresh(store, changed, now=NOON + 2 * HOUR)
    took(store, changed, at=NOON + 2 * HOUR)
    assert not is_fresh(store, changed, now=NOON + 3 * HOUR)
