"""Raw pages in the store: the same bytes are not kept twice, and what is removed is remembered as such."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from pipelines.archive import Moved, Share
from pipelines.model import Page
from pipelines.store import (
    Store,
    archived_shares,
    check,
    forget_archived,
    forget_shares,
    load,
    open_snapshot,
    open_store,
    publish_open,
    staying_records,
    with_archived_records,
)
from tests.builders import NOON, RUN, a_fetch, a_page, a_reject, a_sighting, an_entry


def a_kept_page(url: str, digest: str, *, source: str = "courier", **place: object) -> Page:
    entry = an_entry(url, source=source)
    return a_page(entry=entry, fetch=a_fetch(url, digest=digest, **place))


def stored(store: Store, *pages: Page, minutes: int = 0) -> None:
    """Load pages as sightings, in one batch."""
    sightings = [
        replace(a_sighting(page.entry.url, page.entry.url, entry=page.entry), fetch=page.fetch) for page in pages
    ]
    load(store, run_id=RUN, sightings=sightings, rejects=[], loaded_at=NOON + timedelta(minutes=minutes))


def place(page: Page) -> tuple[str | None, int | None, int | None]:
    return page.fetch.warc_file, page.fetch.warc_offset, page.fetch.warc_length


def test_the_same_bytes_from_the_same_url_lie_where_they_lay(tmp_path: Path) -> None:
    one, two = "https://courier.example/one", "https://courier.example/two"
    with open_store(tmp_path) as store:
        stored(store, a_kept_page(one, "aa", warc_file="a.warc.gz", warc_offset=5, warc_length=7))
        pages = [a_kept_page(one, "aa"), a_kept_page(one, "bb"), a_kept_page(two, "aa"), a_kept_page(one, "aa")]

        found = with_archived_records(store, pages)

    assert [page.entry for page in found] == [page.entry for page in pages]
    nowhere = (None, None, None)
    assert [place(page) for page in found] == [("a.warc.gz", 5, 7), nowhere, nowhere, ("a.warc.gz", 5, 7)]


def test_a_place_beyond_two_gigabytes_and_one_of_its_own_are_kept(tmp_path: Path) -> None:
    url, far = "https://courier.example/one", 5_000_000_000
    with open_store(tmp_path) as store:
        stored(store, a_kept_page(url, "aa", warc_file="/ccnews/a.warc.gz", warc_offset=far, warc_length=far + 1))
        own = a_kept_page(url, "aa", warc_file="/ccnews/b.warc.gz", warc_offset=1, warc_length=2)

        found = with_archived_records(store, [a_kept_page(url, "aa"), own])

    assert [place(page) for page in found] == [("/ccnews/a.warc.gz", far, far + 1), ("/ccnews/b.warc.gz", 1, 2)]


def test_the_latest_of_two_places_is_taken(tmp_path: Path) -> None:
    url = "https://courier.example/one"
    with open_store(tmp_path) as store:
        for minutes, file in ((1, "b.warc.gz"), (0, "a.warc.gz")):
            stored(store, a_kept_page(url, "aa", warc_file=file, warc_offset=1, warc_length=1), minutes=minutes)

        (found,) = with_archived_records(store, [a_kept_page(url, "aa")])

    assert found.fetch.warc_file == "b.warc.gz"


def test_files_that_go_leave_the_digest_and_the_instant(tmp_path: Path) -> None:
    urls = [f"https://courier.example/{number}" for number in range(3)]
    files = ["old.warc.gz", "old.warc.gz", "new.warc.gz"]
    with open_store(tmp_path) as store:
        stored(
            store,
            *(
                a_kept_page(url, "aa", warc_file=file, warc_offset=1, warc_length=1)
                for url, file in zip(urls, files, strict=True)
            ),
        )
        load(store, run_id=RUN, sightings=[], rejects=[a_reject("https://courier.example/gone")], loaded_at=NOON)

        count = forget_archived(store, ["old.warc.gz", "never.warc.gz"], at=NOON)
        again = forget_archived(store, ["old.warc.gz"], at=NOON + timedelta(days=1))

        assert (count, again, forget_archived(store, [], at=NOON)) == (2, 0, 0)
        (kept,) = with_archived_records(store, [a_kept_page(urls[0], "aa")])
        assert place(kept) == (None, None, None)
        with store.reading() as cursor:
            rows = cursor.execute(
                "select warc_file, warc_offset, digest, raw_removed_at from fetches order by canonical_url"
            ).fetchall()
        assert check(store) == []
    assert [row[:3] for row in rows] == [
        (None, None, "aa"),
        (None, None, "aa"),
        ("new.warc.gz", 1, "aa"),
        (None, None, None),
    ]
    assert [row[3] for row in rows] == [NOON, NOON, None, None]


def test_the_pages_of_one_source_go_from_a_file_and_those_that_others_need_move(tmp_path: Path) -> None:
    def a_record(number: int, source: str, *, file: str = "a.warc.gz", offset: int | None = None) -> Page:
        url = f"https://{source}.example/{number}"
        place = {"warc_file": file, "warc_offset": number * 10 if offset is None else offset, "warc_length": 10}
        return a_kept_page(url, f"{number}", source=source, **place)

    own, shared, theirs = a_record(0, "courier"), a_record(1, "courier"), a_record(1, "observer", offset=10)
    last, elsewhere = a_record(3, "observer"), a_record(4, "courier", file="b.warc.gz")
    with open_store(tmp_path) as store:
        stored(store, own, shared, theirs, last, elsewhere)
        publish_open(store)
        shares = archived_shares(store)
        with open_snapshot(tmp_path) as snapshot:
            assert snapshot.shares() == shares

        places = staying_records(store, "a.warc.gz", {"courier"})
        moved = [
            Moved(file="a.warc.gz", offset=offset, new_file="a.1.warc.gz", new_offset=offset + 5_000_000_000)
            for offset, _ in places
        ]
        count = forget_shares(store, {"a.warc.gz": {"courier"}}, moved, at=NOON)

        assert check(store) == []
        with store.reading() as cursor:
            rows = cursor.execute(
                "select source, digest, warc_file, warc_offset, raw_removed_at from fetches order by source, digest"
            ).fetchall()
        assert archived_shares(store) == [
            Share(file="a.1.warc.gz", source="observer", byte_count=20),
            Share(file="b.warc.gz", source="courier", byte_count=10),
        ]
    assert shares == [
        Share(file="a.warc.gz", source="courier", byte_count=20),
        Share(file="a.warc.gz", source="observer", byte_count=20),
        Share(file="b.warc.gz", source="courier", byte_count=10),
    ]
    assert (places, count) == ([(10, 10), (30, 10)], 2)
    assert rows == [
        ("courier", "0", None, None, NOON),
        ("courier", "1", None, None, NOON),
        ("courier", "4", "b.warc.gz", 40, None),
        ("observer", "1", "a.1.warc.gz", 5_000_000_010, None),
        ("observer", "3", "a.1.warc.gz", 5_000_000_030, None),
    ]
