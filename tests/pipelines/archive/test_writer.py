"""Writing: what is fetched is found again, byte for byte, by us and by others, whatever happened in between."""

import gzip
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from pipelines.archive import Archive, ArchiveFault, list_files, open_archive, read_record, scan
from pipelines.model import StoreFault
from tests.builders import NOON, RUN, a_page
from tests.warcs import HEADERS, a_file, fetched, kept, read, warc_of

ROOT = Path(__file__).parents[3]


def test_a_page_is_found_by_its_place_with_its_status_line_and_headers(tmp_path: Path) -> None:
    pages = [fetched(b"<p>%d</p>" % number, f"https://courier.example/{number}") for number in range(3)]

    placed = kept(tmp_path, pages)

    assert [read(tmp_path, page) for page in placed] == [page.content for page in pages]
    fetch = placed[1].fetch
    record = read_record(tmp_path, fetch.warc_file or "", fetch.warc_offset or 0)
    assert (record.record_type, record.target_uri) == ("response", "https://courier.example/1")
    assert (record.status_line, record.status) == ("HTTP/1.1 200 Fine", 200)
    assert record.captured_at == NOON
    assert record.content_type == "text/html; charset=utf-8"
    assert fetch.warc_file == f"2026/11/22/presswatch-20261122120000-{RUN.hex[:8]}-00000.warc.gz"


def test_what_spoke_of_the_coding_is_kept_aside_and_the_length_is_that_of_the_body(tmp_path: Path) -> None:
    (page,) = kept(tmp_path, [fetched()])

    headers = read_record(tmp_path, page.fetch.warc_file or "", page.fetch.warc_offset or 0).headers

    assert headers == (
        ("content-type", "text/html; charset=utf-8"),
        ("X-Crawler-Content-Encoding", "gzip"),
        ("X-Crawler-Transfer-Encoding", "chunked"),
        ("X-Crawler-Content-Length", "77"),
        ("set-cookie", "a=1"),
        ("set-cookie", "b=2"),
        ("x-city", "Köln"),
        ("content-length", "10"),
    )


def test_warcio_reads_every_record_and_finds_every_digest_right(tmp_path: Path) -> None:
    placed = kept(tmp_path, [fetched(), a_file(), fetched(b"\xff\x00 no text" * 1000)])

    with warc_of(tmp_path, placed[0]).open("rb") as stream:
        found = []
        for record in ArchiveIterator(stream, check_digests="raise"):
            content = record.content_stream().read()
            found.append((record.rec_type, record.rec_headers.get_header("WARC-Record-ID"), content))
            assert record.rec_headers.protocol == "WARC/1.1"
            assert record.digest_checker.passed

    assert [kind for kind, *_ in found] == ["warcinfo", "response", "resource", "response"]
    assert [name for _, name, _ in found[1:]] == [f"<urn:uuid:{page.fetch.fetch_id}>" for page in placed]
    assert [content for *_, content in found[1:]] == [page.content for page in placed]
    assert b"software: presswatch/test\r\n" in found[0][2]


def test_every_record_is_a_gzip_member_of_its_own(tmp_path: Path) -> None:
    placed = kept(tmp_path, [fetched(), a_file()])

    stored = warc_of(tmp_path, placed[0]).read_bytes()

    for page in placed:
        offset, length = page.fetch.warc_offset or 0, page.fetch.warc_length or 0
        assert gzip.decompress(stored[offset : offset + length]).startswith(b"WARC/1.1\r\n")
    assert offset + length == len(stored)


def test_files_turn_over_by_size_by_day_and_by_run(tmp_path: Path) -> None:
    noise = [os.urandom(60_000) for _ in range(5)]
    archive = Archive(tmp_path, run_id=RUN, software="presswatch/test", file_bytes=100_000)

    first = archive.add([fetched(content) for content in noise], now=NOON)
    later = archive.add([fetched()], now=NOON + timedelta(days=1))
    archive.close()
    with open_archive(tmp_path, run_id=uuid4(), software="presswatch/test") as other:
        other_run = other.add([fetched()], now=NOON)

    files = [page.fetch.warc_file for page in [*first, *later, *other_run]]
    assert len(set(files)) == 5
    assert files[0] == files[1] != files[2] == files[3] != files[4]
    assert files[5] == f"2026/11/23/presswatch-20261123120000-{RUN.hex[:8]}-00003.warc.gz"
    assert [read(tmp_path, page) for page in first] == noise
    assert [one.file for one in list_files(tmp_path)] == sorted({*files})  # type: ignore[type-var]


def test_every_file_is_on_disk_when_the_call_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: set[tuple[str, int]] = set()

    def fsync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").resolve()
        synced.add((str(path), path.stat().st_size if path.is_file() else 0))

    monkeypatch.setattr("os.fsync", fsync)
    placed = kept(tmp_path, [fetched(os.urandom(60_000)) for _ in range(5)], file_bytes=100_000)

    files = {warc_of(tmp_path, page) for page in placed}
    assert len(files) == 3
    assert {(str(path), path.stat().st_size) for path in files} <= synced
    folders = {parent for path in files for parent in path.parents if parent.is_relative_to(tmp_path)}
    assert {(str(folder), 0) for folder in folders} <= synced


def test_a_page_that_lies_somewhere_is_not_written_again(tmp_path: Path) -> None:
    (page,) = kept(tmp_path, [fetched()])
    size = warc_of(tmp_path, page).stat().st_size

    again = Archive(tmp_path, run_id=uuid4(), software="presswatch/test").add([page], now=NOON)
    warc_of(tmp_path, page).unlink()
    (anew,) = kept(tmp_path, [page], now=NOON + timedelta(seconds=1))

    assert again == [page]
    assert size > 0
    assert read(tmp_path, anew) == page.content


def test_nothing_is_made_for_no_pages(tmp_path: Path) -> None:
    assert kept(tmp_path, []) == []
    assert not (tmp_path / "warc").exists()


def test_headers_of_any_language_come_back_and_none_begins_a_new_one(tmp_path: Path) -> None:
    content = b"<p>One</p>"
    headers = (
        ("x-city", "Köln"),
        ("x-two", "a\r\nset-cookie: stolen\r\n\r\n<p>"),
        ("x\nthree", "b"),
        ("x-half", "\ud800"),
    )
    url = "https://courier.example/статья\r\nWARC-Type: warcinfo"
    page = replace(fetched(content, url), headers=headers, status_line="HTTP/1.0 200 Très bien")

    (placed,) = kept(tmp_path, [page])

    record = read_record(tmp_path, placed.fetch.warc_file or "", placed.fetch.warc_offset or 0)
    assert record.content == content
    assert (record.record_type, record.status_line) == ("response", "HTTP/1.0 200 Très bien")
    assert record.headers == (
        ("x-city", "Köln"),
        ("x-two", "a  set-cookie: stolen    <p>"),
        ("x three", "b"),
        ("x-half", "?"),
        ("content-length", "10"),
    )


@given(content=st.binary(max_size=2000), value=st.text(max_size=30), phrase=st.text(max_size=10))
@settings(max_examples=40, deadline=None)
def test_any_body_and_any_header_come_back(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, value: str, phrase: str
) -> None:
    data = tmp_path_factory.mktemp("any")
    page = fetched(content)
    status_line = f"HTTP/2 200 {phrase}"
    page = a_page(content, fetch=page.fetch, headers=(("x-any", value), *HEADERS), status_line=status_line)

    (placed,) = kept(data, [page])

    assert read(data, placed) == content
    with warc_of(data, placed).open("rb") as stream:
        assert [record.rec_type for record in ArchiveIterator(stream, check_digests="raise")] == [
            "warcinfo",
            "response",
        ]


# ── What goes wrong ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_full_disk_is_one_line_and_the_next_page_begins_a_new_file(tmp_path: Path) -> None:
    code = f"""
import resource, sys
from pathlib import Path
from datetime import datetime, UTC
from pipelines.archive import Archive, read_record, scan
from pipelines.model import StoreFault
from tests.builders import RUN
from tests.warcs import fetched
import os, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
now = datetime.now(UTC)  # one instant: it is in the names of the files
archive = Archive(Path({str(tmp_path)!r}), run_id=RUN, software="x")
try:
    archive.add([fetched(os.urandom(20_000))], now=now)
    archive.add([fetched(os.urandom(100_000)) for _ in range(3)], now=now)
except StoreFault as fault:
    print(fault)
(page,) = archive.add([fetched(b"small")], now=now)
record = read_record(Path({str(tmp_path)!r}), page.fetch.warc_file, page.fetch.warc_offset)
print(page.fetch.warc_file[-13:], record.content)
first = page.fetch.warc_file.replace("00001.warc", "00000.warc")
print(len(list(scan(Path({str(tmp_path)!r}) / "warc" / first))))
"""
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert ended.stdout.splitlines() == [
        f"{tmp_path}/warc: the disk is full; make room and run again, nothing is lost",
        "00001.warc.gz b'small'",
        "2",  # the file that the disk cut short holds whole records only
    ], ended.stderr


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "warc").write_text("a file stands in the way")

    with pytest.raises(StoreFault, match="warc"):
        kept(tmp_path, [fetched()])


def test_killed_in_mid_archive_every_place_that_was_told_holds(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from datetime import datetime, UTC
from itertools import count
from pipelines.archive import Archive
from tests.builders import RUN
from tests.warcs import fetched
import os
archive = Archive(Path({str(tmp_path)!r}), run_id=RUN, software="x")
for number in count():
    for page in archive.add([fetched(os.urandom(5_000)) for _ in range(20)], now=datetime.now(UTC)):
        fetch = page.fetch
        print(fetch.warc_file, fetch.warc_offset, fetch.warc_length, fetch.digest, flush=True)
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        told = [writer.stdout.readline() for _ in range(205)]
        writer.send_signal(signal.SIGKILL)
        told += writer.stdout.readlines()

    places = [line.split() for line in told if line.count(" ") == 3 and line.endswith("\n")]
    for file, offset, length, digest in places:
        assert len(read_record(tmp_path, file, int(offset), length=int(length), digest=digest).content) == 5_000
    path = tmp_path / "warc" / places[0][0]
    with path.open("ab") as torn:  # as a kill in mid-write or a loss of power may leave it
        torn.write(path.read_bytes()[:3_000])
    with pytest.raises(ArchiveFault):
        list(scan(path))
    with open_archive(tmp_path, run_id=uuid4(), software="x") as archive:
        (after,) = archive.add([fetched()], now=datetime.now(UTC) + timedelta(seconds=2))
    assert read(tmp_path, after) == fetched().content
    assert len([capture for _, capture in scan(path) if capture]) >= len(places)
    assert not (tmp_path / "warc" / ".open").exists()


@pytest.mark.parametrize("torn", [b"", b"\x1f\x8b\x08", b"no gzip at all"], ids=["empty", "head", "garbage"])
def test_what_a_killed_run_left_is_cut_to_its_whole_records(tmp_path: Path, torn: bytes) -> None:
    (page,) = kept(tmp_path, [fetched()])
    whole = warc_of(tmp_path, page).read_bytes()
    file = page.fetch.warc_file or ""

    for content, left in ((whole + torn, whole), (torn, None)):
        warc_of(tmp_path, page).write_bytes(content)
        (tmp_path / "warc" / ".open").write_text(file)
        for _ in range(2):
            with open_archive(tmp_path, run_id=uuid4(), software="x"):
                pass

        path = warc_of(tmp_path, page)
        assert (path.read_bytes() if path.exists() else None) == left
