"""Thinning: what stays in a file lies in its successor, byte for byte; the file itself is left as it was."""

from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from pipelines.archive import Moved, list_files, read_record, thin
from pipelines.model import Page, StoreFault
from tests.builders import NOON, RUN
from tests.warcs import fetched, kept, warc_of


def thinned(data: Path, *pages: Page, file: str | None = None) -> list[Moved]:
    places = [(page.fetch.warc_offset or 0, page.fetch.warc_length or 0) for page in pages]
    return thin(data, file or pages[0].fetch.warc_file or "", places, run_id=RUN, software="presswatch/test", at=NOON)


def test_what_stays_lies_in_a_file_that_others_read(tmp_path: Path) -> None:
    pages = kept(tmp_path, [fetched(b"<p>%d</p>" % n, f"https://courier.example/{n}") for n in range(5)])
    file = pages[0].fetch.warc_file or ""
    before = warc_of(tmp_path, pages[0]).read_bytes()

    moved = thinned(tmp_path, pages[1], pages[3])

    assert [(one.file, one.offset) for one in moved] == [
        (file, page.fetch.warc_offset) for page in (pages[1], pages[3])
    ]
    assert {one.new_file for one in moved} == {file.replace(".warc.gz", ".1.warc.gz")}
    for one, page in zip(moved, (pages[1], pages[3]), strict=True):
        record = read_record(
            tmp_path, one.new_file, one.new_offset, length=page.fetch.warc_length, digest=page.fetch.digest
        )
        assert record.target_uri == page.fetch.final_url
    with (tmp_path / "warc" / moved[0].new_file).open("rb") as stream:
        kinds = [record.rec_type for record in ArchiveIterator(stream, check_digests="raise")]
    assert kinds == ["warcinfo", "response", "response"]
    assert warc_of(tmp_path, pages[0]).read_bytes() == before
    assert len(list_files(tmp_path)) == 2


def test_a_file_may_be_thinned_again_and_what_was_left_half_done_is_written_over(tmp_path: Path) -> None:
    (page,) = kept(tmp_path, [fetched()])
    file = page.fetch.warc_file or ""
    (tmp_path / "warc" / file.replace(".warc.gz", ".1.warc.gz")).write_bytes(b"left by a killed run" * 1000)

    (first,) = thinned(tmp_path, page)
    (second,) = thin(
        tmp_path, first.new_file, [(first.new_offset, page.fetch.warc_length or 0)], run_id=RUN, software="x", at=NOON
    )

    assert second.new_file == file.replace(".warc.gz", ".2.warc.gz")
    for one in (first, second):
        assert read_record(tmp_path, one.new_file, one.new_offset, digest=page.fetch.digest).content == page.content


def test_a_file_that_is_shorter_than_told_is_a_fault_and_leaves_nothing(tmp_path: Path) -> None:
    (page,) = kept(tmp_path, [fetched()])
    path = warc_of(tmp_path, page)
    path.write_bytes(path.read_bytes()[:-3])

    with pytest.raises(StoreFault, match="ends 3 bytes early"):
        thinned(tmp_path, page)

    assert [one.file for one in list_files(tmp_path)] == [page.fetch.warc_file]
