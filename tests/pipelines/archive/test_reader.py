"""Reader: a record is the one that was written, or a fault; whole files give the pages that they hold."""

import gzip
import tracemalloc
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.archive import ArchiveFault, read_record, scan
from tests.warcs import Crawled, fetched, kept, read, warc_of, write_warc


def test_a_record_that_is_not_as_it_was_written_is_refused(tmp_path: Path) -> None:
    (page,) = kept(tmp_path, [fetched(b"<p>One two three</p>" * 100)])
    path, offset, length = warc_of(tmp_path, page), page.fetch.warc_offset or 0, page.fetch.warc_length or 0
    stored = path.read_bytes()
    member = gzip.decompress(stored[offset:])
    forged = gzip.compress(member.replace(b"One two", b"One owt", 1))
    broken = {
        "no WARC record": stored[: offset + 60] + bytes(20) + stored[offset + 80 :],
        "ends": stored[:-1],
        "digest": stored[:offset] + forged + bytes(max(0, length - len(forged))),
        "there is no record": stored[:offset] + bytes(0) + b"\n" * length,
    }

    for said, content in broken.items():
        path.write_bytes(content)
        with pytest.raises(ArchiveFault) as caught:
            read(tmp_path, page)
        assert "\n" not in str(caught.value)
        assert str(path) in str(caught.value)
        assert said in str(caught.value) or said in {"there is no record", "no WARC record"}
    path.unlink()
    with pytest.raises(ArchiveFault, match="the file is not there"):
        read(tmp_path, page)


def test_the_digest_of_the_row_counts_and_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    (page,) = kept(tmp_path, [fetched(b"0" * 1_000_000)])
    file, offset = page.fetch.warc_file or "", page.fetch.warc_offset or 0

    with pytest.raises(ArchiveFault, match="digest"):
        read_record(tmp_path, file, offset, digest="0" * 64)
    with pytest.raises(ArchiveFault, match="larger than 999999"):
        read_record(tmp_path, file, offset, max_bytes=999_999)


def _with_header(path: Path, *, before: bytes, piece: bytes, count: int) -> Path:
    """A gzip file with a header that is `piece` written `count` times."""
    compressor = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    with path.open("wb") as file:
        file.write(compressor.compress(before))
        for _ in range(count):
            file.write(compressor.compress(piece))
        file.write(compressor.compress(b"\r\n\r\n\r\n\r\n") + compressor.flush())
    return path


WARC_HEADER = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/\r\nContent-Length: 500000000\r\n"
HUGE_HEADERS = {
    "a line of 400 MB": {"before": b"WARC/1.0\r\nWARC-Type: ", "piece": b"a" * 1_000_000, "count": 400},
    "many lines": {"before": WARC_HEADER, "piece": b"a: b\r\n" * 10_000, "count": 300},
    "an HTTP header": {"before": WARC_HEADER + b"\r\nHTTP/1.1 200 OK\r\n", "piece": b"a: b\r\n" * 10_000, "count": 300},
    "what follows a record": {
        "before": WARC_HEADER.replace(b"500000000", b"0") + b"\r\n",
        "piece": b"a" * 1_000_000,
        "count": 20,
    },
}


@pytest.mark.parametrize("name", HUGE_HEADERS)
def test_a_huge_header_is_refused_before_it_takes_memory(tmp_path: Path, name: str) -> None:
    path = _with_header(tmp_path / "huge.warc.gz", **HUGE_HEADERS[name])

    tracemalloc.start()
    try:
        with pytest.raises(ArchiveFault, match="header"):
            list(scan(path))
        with pytest.raises(ArchiveFault, match="header"):
            read_record(tmp_path, str(path), 0)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 80_000_000


def test_a_header_of_common_size_is_read(tmp_path: Path) -> None:
    (page,) = kept(tmp_path, [replace(fetched(b"One"), headers=(("set-cookie", "a" * 100_000),))])

    assert read(tmp_path, page) == b"One"


# ── Archives made elsewhere ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("is_gzip", [True, False])
def test_a_scan_goes_on_from_any_record_and_tells_where_each_page_lies(tmp_path: Path, is_gzip: bool) -> None:
    crawled = [Crawled(url=f"https://courier.example/{number}", is_gzipped=number % 2 == 1) for number in range(4)]
    path = write_warc(tmp_path / "crawl.warc", crawled, is_gzip=is_gzip)

    steps = list(scan(path))
    captures = [capture for _, capture in steps if capture]

    assert [capture.url for capture in captures] == [one.url for one in crawled]
    assert steps[-1][0] == path.stat().st_size
    for end, _ in steps:
        rest = [capture for _, capture in scan(path, offset=end) if capture]
        assert rest == [capture for capture in captures if capture.offset >= end]
    for capture, one in zip(captures, crawled, strict=True):
        record = read_record(tmp_path, str(path), capture.offset, length=capture.length)
        assert record.content == one.page
        assert record.captured_at == capture.captured_at == datetime(2026, 10, 1, 10, tzinfo=UTC)


def test_only_html_that_was_answered_with_200_is_a_page(tmp_path: Path) -> None:
    path = write_warc(
        tmp_path / "crawl.warc.gz",
        [
            Crawled(url="https://courier.example/gone", status="404 Not Found"),
            Crawled(url="https://courier.example/moved", status="301 Moved Permanently"),
            Crawled(url="https://courier.example/picture", content_type="image/png"),
            Crawled(url="https://courier.example/when", date="yesterday"),
            Crawled(url="https://courier.example/x", content_type="application/xhtml+xml"),
        ],
    )

    assert [capture.url for _, capture in scan(path) if capture] == ["https://courier.example/x"]


@pytest.mark.parametrize(
    "content", [b"", b"no archive at all\n" * 50, gzip.compress(b"nor this", mtime=0), b"\x1f\x8b broken"]
)
def test_what_is_no_archive_is_a_fault_or_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(content)

    found, said = [], ""
    try:
        found.extend(scan(path))
    except ArchiveFault as fault:
        said = str(fault)

    assert found == []
    assert "\n" not in said
