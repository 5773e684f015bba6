"""Comparing: what a candidate would change is counted and shown, source by source."""

from datetime import timedelta
from pathlib import Path

from pipelines.store import (
    Promoted,
    Recleaned,
    Selection,
    compare,
    compare_examples,
    open_candidate,
    open_snapshot,
    publish_open,
)
from tests.builders import NOON
from tests.replays import LATER, Visit, ingest, make_candidate, opened, promoted, rows


def test_changes_are_counted_by_source_and_shown(tmp_path: Path) -> None:
    visits = [Visit(raw=raw, url=raw) for raw in (0, 1, 2)] + [Visit(raw=4, url=4, source=1)]
    with opened(tmp_path) as store:
        ingest(store, visits, {0: (0, True), 1: (1, True), 2: (None, True), 4: (3, True)}, "old")
        publish_open(store)

    make_candidate(tmp_path, visits, {0: (5, False), 1: (None, True), 2: (2, True), 4: (3, False)}, "new")

    courier, observer = compare(tmp_path)
    assert (courier.page_count, courier.gained, courier.lost, courier.texts) == (3, 1, 1, 1)
    assert (courier.titles, courier.reasons, courier.broken, courier.missing) == (1, 0, 0, 0)
    assert (observer.page_count, observer.titles, observer.texts, observer.is_same) == (1, 1, 0, False)
    examples = {(one.source, one.kind): (one.before, one.after) for one in compare_examples(tmp_path)}
    assert examples == {
        ("courier", "gained"): ("too-short", "Text 2."),
        ("courier", "lost"): ("Text 1.", "too-short: new finds too little"),
        ("courier", "texts"): ("Text 0.", "Text 5."),
        ("courier", "titles"): ("Title 0", None),
        ("observer", "titles"): ("Title 0", None),
    }


def test_pages_that_cannot_be_read_or_are_not_archived_stay_and_are_counted(tmp_path: Path) -> None:
    visits = [Visit(raw=0, url=0), Visit(raw=1, url=1), Visit(raw=2, url=2)]
    with opened(tmp_path) as store:
        ingest(store, visits, {0: (0, True), 1: (1, True), 2: (2, True)}, "old")
        with store.writing() as cursor:
            cursor.execute("update fetches set warc_file = null, raw_removed_at = now() where warc_offset = 2")
        publish_open(store)
        before = rows(store)
    with open_candidate(tmp_path, Selection(cleaner="new"), made_at=LATER) as candidate:
        for number in (0, 1):
            page = visits[number].page(number)
            candidate.add([Recleaned(fetch_id=page.fetch.fetch_id, source="courier", fault="the file is not there")])

    (courier,) = compare(tmp_path)
    with opened(tmp_path) as store:
        result = promoted(store)
        after = rows(store)

    assert (courier.page_count, courier.broken, courier.missing, courier.is_same) == (0, 2, 1, True)
    assert {(one.kind, one.after) for one in compare_examples(tmp_path)} == {("broken", "the file is not there")}
    assert result == Promoted()
    assert after == before


def test_a_snapshot_gives_back_the_entries_and_places_of_what_is_selected(tmp_path: Path) -> None:
    visits = [Visit(raw=0, url=0), Visit(raw=1, url=1, source=1), Visit(raw=2, url=2)]
    with opened(tmp_path) as store:
        ingest(store, visits, {0: (0, True), 1: (1, True), 2: (None, True)}, "old")
        publish_open(store)
    pages = [visit.page(number) for number, visit in enumerate(visits)]

    with open_snapshot(tmp_path) as snapshot:
        everything = Selection(cleaner="x")
        file = pages[0].fetch.warc_file or ""
        assert snapshot.files(everything) == [(file, 3)]
        found = snapshot.pages(file, everything)
        courier = snapshot.pages(file, Selection(cleaner="x", sources=("courier",)))
        late = snapshot.pages(file, Selection(cleaner="x", since=NOON + timedelta(seconds=2)))
        by_url = snapshot.find("https://observer.example/1")
        nothing = snapshot.find("nothing")

    assert [(one.entry, one.fetch) for one in found] == [(page.entry, page.fetch) for page in pages]
    assert [one.fetch.warc_offset for one in courier] == [0, 2]
    assert [one.fetch.warc_offset for one in late] == [2]
    assert by_url is not None
    assert by_url.fetch == pages[1].fetch
    assert nothing is None
