"""Spooling: what could not be loaded is loaded by the next run, once."""

from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.model import StoreFault
from pipelines.store import check, drain, load, open_store, spool
from tests.builders import NOON, RUN, a_reject, a_sighting

LATER = NOON + timedelta(hours=1)


def waits(data: Path) -> list[str]:
    return sorted(path.name for path in (data / "spool").glob("[!.]*"))


def test_a_batch_that_waits_is_loaded_by_the_next_run_once(tmp_path: Path) -> None:
    sighting, reject = a_sighting(), a_reject("https://courier.example/bad")
    folder = spool(tmp_path, run_id=RUN, sightings=[sighting], rejects=[reject], loaded_at=NOON)
    assert waits(tmp_path) == [folder.name]

    with open_store(tmp_path) as store:
        (loaded,) = drain(store, loaded_at=LATER)

        assert (loaded.articles, loaded.sightings, loaded.fetches, loaded.rejects) == (1, 1, 2, 1)
        assert waits(tmp_path) == []
        assert drain(store) == []
        assert check(store, since=LATER) == []
        with store.reading() as cursor:
            rows = cursor.execute("select text, authors, first_seen_at, loaded_at from articles").fetchall()
        assert rows == [("One text.", ["Ann Author"], NOON, LATER)]


def test_a_batch_that_was_stored_after_all_adds_nothing(tmp_path: Path) -> None:
    sighting = a_sighting()
    spool(tmp_path, run_id=RUN, sightings=[sighting], rejects=[], loaded_at=NOON)

    with open_store(tmp_path) as store:
        load(store, run_id=RUN, sightings=[sighting], rejects=[], loaded_at=NOON)
        (loaded,) = drain(store)

        assert loaded.articles == loaded.sightings == loaded.fetches == 0
        assert check(store) == []


def test_batches_are_loaded_in_the_order_they_were_made(tmp_path: Path) -> None:
    for minute in range(3):
        spool(tmp_path, run_id=RUN, sightings=[a_sighting()], rejects=[], loaded_at=NOON + timedelta(minutes=minute))

    with open_store(tmp_path) as store:
        assert [loaded.articles for loaded in drain(store)] == [1, 0, 0]


def test_a_batch_that_cannot_be_read_is_set_aside(tmp_path: Path) -> None:
    broken = spool(tmp_path, run_id=RUN, sightings=[a_sighting()], rejects=[], loaded_at=NOON)
    (broken / "pages.parquet").write_bytes(b"PAR1 no more")
    spool(tmp_path, run_id=RUN, sightings=[a_sighting("Two.")], rejects=[], loaded_at=LATER)

    with open_store(tmp_path) as store:
        assert len(drain(store)) == 1
        assert drain(store) == []
    assert [path.name for path in (tmp_path / "spool").iterdir()] == [f".{broken.name}.broken"]


def test_what_a_killed_spool_left_half_made_is_removed(tmp_path: Path) -> None:
    half = tmp_path / "spool" / ".20261122T120000-x.new"
    half.mkdir(parents=True)

    with open_store(tmp_path) as store:
        assert drain(store) == []
    assert not half.exists()


def test_a_spool_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("in the way")

    with pytest.raises(StoreFault) as caught:
        spool(tmp_path, run_id=RUN, sightings=[], rejects=[], loaded_at=NOON)

    assert "\n" not in str(caught.value)


def test_what_waited_together_is_judged_when_it_is_loaded(tmp_path: Path) -> None:
    """Three batches whose pages all counted as new, since the store could not be asked."""
    here, there = "https://courier.example/one", "https://courier.example/two"
    batches = [
        [a_sighting("Stored.", here), a_sighting("One.", there)],
        [a_sighting("One.", "https://courier.example/three"), a_sighting("Two.", here)],
        [a_sighting("Two.", here), a_sighting("Three.", here)],
    ]
    with open_store(tmp_path) as store:
        load(store, run_id=RUN, sightings=[a_sighting("Stored.", here)], rejects=[], loaded_at=NOON)
        for minute, sightings in enumerate(batches):
            at = NOON + timedelta(minutes=minute)
            spool(tmp_path, run_id=RUN, sightings=sightings, rejects=[], loaded_at=at)

        drain(store, loaded_at=LATER)

        assert check(store) == []
        with store.reading() as cursor:
            seen = cursor.execute("select canonical_url, outcome, revision from sightings order by all").fetchall()
            query = "select canonical_url, outcome from fetches where loaded_at = $at order by all"
            fetched = cursor.execute(query, {"at": LATER}).fetchall()
    assert seen == [
        (here, "new", 0),
        (here, "revised", 1),
        (here, "revised", 2),
        ("https://courier.example/three", "seen", 0),
        (there, "new", 0),
    ]
    assert fetched == [
        (here, "revised"),
        (here, "revised"),
        (here, "seen"),
        (here, "seen"),
        ("https://courier.example/three", "seen"),
        (there, "new"),
    ]
