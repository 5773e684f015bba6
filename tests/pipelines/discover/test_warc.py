"""Kind warc: the pages of archives made elsewhere, part by part, and each found again where it lies."""

import gzip
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from pipelines.discover import poll
from pipelines.fetch import Client, fetch_page
from pipelines.model import Entry, Page, PollResult, Reject, Source, Validators
from tests.warcs import Crawled, write_warc

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def a_source(path: Path, *, pattern: str | None = None) -> Source:
    return Source(name="news", kind="warc", location=str(path), every=timedelta(hours=1), pattern=pattern)


async def polled(
    path: Path, client: Client, *, known: PollResult | None = None, pattern: str | None = None
) -> PollResult:
    validators = known.validators if known else Validators()
    source = a_source(path, pattern=pattern)
    return await poll(source, client=client, run_id=UUID(int=1), validators=validators, now=NOW)


async def poll_to_the_end(path: Path, client: Client, *, known: PollResult | None = None) -> list[PollResult]:
    polls = [await polled(path, client, known=known)]
    while polls[-1].has_more:
        polls.append(await polled(path, client, known=polls[-1]))
    return polls


def urls(*polls: PollResult) -> list[str]:
    return [entry.url.removeprefix("https://courier.example/") for found in polls for entry in found.entries]


def pages(start: int, end: int, **changes: object) -> Iterator[Crawled]:
    for number in range(start, end):
        yield Crawled(url=f"https://courier.example/{number}", title=f"Title {number}", **changes)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files with seven pages, as CC-NEWS lays them out by month."""
    root = tmp_path / "news"
    for month in ("09", "10"):
        (root / "2026" / month).mkdir(parents=True)
    write_warc(root / "2026" / "09" / "CC-NEWS-1.warc.gz", pages(0, 3))
    write_warc(root / "2026" / "10" / "CC-NEWS-2.warc.gz", pages(3, 5, is_gzipped=True))
    write_warc(root / "2026" / "10" / "CC-NEWS-3.warc", pages(5, 7), is_gzip=False)
    (root / "readme.txt").write_text("not an archive")
    return root


@pytest.fixture(params=[1, 2, 3, 100])
def part(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many pages one poll reads."""
    monkeypatch.setattr("pipelines.discover.warc.MOST_ENTRIES", request.param)
    return int(request.param)


async def test_every_page_becomes_an_entry_that_says_where_it_lies(client: Client, folder: Path) -> None:
    found = await polled(folder, client)

    assert (found.outcome, found.has_more, found.title, found.detail) == ("ok", False, "news", None)
    assert urls(found) == ["0", "1", "2", "3", "4", "5", "6"]
    assert [(entry.location or "").partition("@")[0] for entry in found.entries] == [
        *["2026/09/CC-NEWS-1.warc.gz"] * 3,
        *["2026/10/CC-NEWS-2.warc.gz"] * 2,
        *["2026/10/CC-NEWS-3.warc"] * 2,
    ]
    assert {entry.modified_at for entry in found.entries} == {datetime(2026, 10, 1, 10, tzinfo=UTC)}


async def test_the_page_of_an_entry_is_the_one_that_was_captured(client: Client, folder: Path) -> None:
    found = await polled(folder, client)

    fetched = [await fetch_page(entry, source=a_source(folder), client=client) for entry in found.entries]

    for page, crawled in zip(fetched, pages(0, 7), strict=True):
        assert isinstance(page, Page)
        assert page.content == crawled.page
        assert (page.fetch.final_url, page.fetch.status, page.status_line) == (crawled.url, 200, "HTTP/1.1 200 OK")
        assert page.fetch.content_type == "text/html; charset=utf-8"
        assert page.fetch.fetched_at == datetime(2026, 10, 1, 10, tzinfo=UTC)
        assert page.entry.modified_at is None
        assert Path(page.fetch.warc_file or "").is_relative_to(folder)
        assert f"@{page.fetch.warc_offset}+{page.fetch.warc_length}" in (page.entry.location or "")


async def test_looks_go_on_where_the_last_one_ended(client: Client, folder: Path, part: int) -> None:
    polls = await poll_to_the_end(folder, client)
    after = await polled(folder, client, known=polls[-1])

    assert urls(*polls) == ["0", "1", "2", "3", "4", "5", "6"]
    assert [len(found.entries) <= part for found in polls] == [True] * len(polls)
    assert {found.outcome for found in polls} == {"ok"}
    assert (after.outcome, after.entries, after.validators) == ("unchanged", (), polls[-1].validators)


async def test_a_file_that_comes_later_is_read_and_no_other(client: Client, folder: Path, part: int) -> None:
    polls = await poll_to_the_end(folder, client)
    write_warc(folder / "2026" / "10" / "CC-NEWS-4.warc.gz", pages(7, 9))

    later = await poll_to_the_end(folder, client, known=polls[-1])

    assert urls(*later) == ["7", "8"]


@pytest.mark.parametrize("change", ["grown", "gone", "earlier", "touched"])
async def test_reading_starts_anew_where_what_was_read_has_changed(client: Client, folder: Path, change: str) -> None:
    first = await polled(folder, client)
    path = folder / "2026" / "09" / "CC-NEWS-1.warc.gz"
    match change:
        case "grown":
            write_warc(path, pages(0, 4))
        case "gone":
            path.unlink()
        case "earlier":
            write_warc(path.with_name("CC-NEWS-0.warc.gz"), pages(10, 11))
        case _:
            os.utime(path, (1, 1))

    again = await polled(folder, client, known=first)

    assert set(urls(again)) >= {"3", "4", "5", "6"}


async def test_another_pattern_makes_the_place_void(client: Client, folder: Path) -> None:
    first = await polled(folder, client, pattern="**/CC-NEWS-1*")
    same = await polled(folder, client, pattern="**/CC-NEWS-1*", known=first)
    other = await polled(folder, client, pattern="**/*.warc", known=first)

    assert urls(first) == ["0", "1", "2"]
    assert same.outcome == "unchanged"
    assert urls(other) == ["5", "6"]


async def test_a_single_file_is_a_source(client: Client, folder: Path) -> None:
    path = folder / "2026" / "10" / "CC-NEWS-3.warc"

    found = await polled(path, client)
    page = await fetch_page(found.entries[1], source=a_source(path), client=client)

    assert urls(found) == ["5", "6"]
    assert isinstance(page, Page)
    assert page.fetch.final_url == "https://courier.example/6"


async def test_of_several_captures_in_one_look_the_latest_is_taken(client: Client, tmp_path: Path) -> None:
    dates = ["2026-10-02T00:00:00Z", "2026-10-03T00:00:00Z", "2026-10-01T00:00:00Z"]
    crawled = [Crawled(url="https://courier.example/a?utm_source=x", title=date, date=date) for date in dates]
    write_warc(tmp_path / "a.warc.gz", crawled)

    found = await polled(tmp_path, client)
    page = await fetch_page(found.entries[0], source=a_source(tmp_path), client=client)

    assert [entry.canonical_url for entry in found.entries] == ["https://courier.example/a"]
    assert found.entries[0].modified_at == datetime(2026, 10, 3, tzinfo=UTC)
    assert isinstance(page, Page)
    assert dates[1].encode() in page.content
    assert found.detail == "2 pages were captured again in the same part: the latest was taken"


async def test_a_file_that_breaks_off_gives_what_comes_before_and_the_next_file(client: Client, folder: Path) -> None:
    path = folder / "2026" / "09" / "CC-NEWS-1.warc.gz"
    path.write_bytes(path.read_bytes()[:-50])

    found = await polled(folder, client)

    assert urls(found) == ["0", "1", "3", "4", "5", "6"]
    assert "CC-NEWS-1.warc.gz" in (found.detail or "")


@pytest.mark.parametrize("content", [b"no archive", gzip.compress(b"no archive", mtime=0)])
async def test_a_source_without_any_archive_that_can_be_read_fails(
    client: Client, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "a.warc.gz").write_bytes(content)

    found = await polled(tmp_path, client)

    assert (found.outcome, found.reason) == ("failed", "bad-archive")
    assert "a.warc.gz" in (found.detail or "")


async def test_an_empty_folder_is_no_fault_and_a_missing_one_is(client: Client, tmp_path: Path) -> None:
    empty = await polled(tmp_path, client)
    missing = await polled(tmp_path / "nowhere", client)

    assert (empty.outcome, empty.entries) == ("ok", ())
    assert (await polled(tmp_path, client, known=empty)).outcome == "unchanged"
    assert (missing.outcome, missing.reason) == ("failed", "file-missing")


# ── Pages that are not where the entry says ───────────────────────────────────────────────────────────────────────


async def refused(entry: Entry, folder: Path, client: Client) -> Reject:
    result = await fetch_page(entry, source=a_source(folder), client=client)
    assert isinstance(result, Reject)
    assert result.stage == "fetch"
    assert result.fetch is not None
    assert result.fetch.warc_file is None
    return result


async def test_a_record_that_has_changed_or_gone_is_a_reject(client: Client, folder: Path) -> None:
    entry = (await polled(folder, client)).entries[1]
    path = folder / "2026" / "09" / "CC-NEWS-1.warc.gz"
    whole = path.read_bytes()

    path.write_bytes(whole[:-1_500])
    cut = await refused(replace(entry, location=(entry.location or "").replace("+", "+9")), folder, client)
    path.write_bytes(whole)
    moved = await refused(replace(entry, url="https://courier.example/other"), folder, client)
    path.unlink()
    gone = await refused(entry, folder, client)

    assert [cut.reason, moved.reason, gone.reason] == ["bad-archive"] * 3
    assert "has changed" in moved.detail
    assert "not there" in gone.detail


@pytest.mark.parametrize("location", [None, "", "a.warc.gz", "a.warc.gz@x+1", "@1+1"])
async def test_an_entry_that_does_not_say_where_it_lies_is_a_reject(
    client: Client, folder: Path, location: str | None
) -> None:
    entry = replace((await polled(folder, client)).entries[0], location=location)

    assert (await refused(entry, folder, client)).reason == "bad-archive"


async def test_nothing_outside_of_the_source_is_read(client: Client, folder: Path) -> None:
    outside = write_warc(folder.parent / "secret.warc.gz", pages(0, 1))
    (folder / "link.warc.gz").symlink_to(outside)
    found = await polled(folder, client)
    place = (found.entries[0].location or "").partition("@")[2]

    for name in ("../secret.warc.gz", "link.warc.gz", str(outside)):
        result = await refused(replace(found.entries[0], location=f"{name}@{place}"), folder, client)
        assert result.reason == "bad-url"
    assert len(found.entries) == 7


@pytest.mark.parametrize(
    ("coding", "is_decoded", "reason"),
    [("br", False, "bad-encoding"), ("zstd", False, "bad-encoding"), ("br", True, None), ("gzip", True, None)],
)
async def test_a_coding_that_nobody_can_undo_is_a_reject_and_a_header_that_lies_is_not(
    client: Client, tmp_path: Path, coding: str, is_decoded: bool, reason: str | None
) -> None:
    url = "https://courier.example/coded"
    body = None if is_decoded else bytes(range(256)) * 20
    write_warc(tmp_path / "a.warc.gz", [Crawled(url=url, body=body, headers=(("Content-Encoding", coding),))])
    found = await polled(tmp_path, client)

    result = await fetch_page(found.entries[0], source=a_source(tmp_path), client=client)

    assert getattr(result, "reason", None) == reason


async def test_what_is_too_large_or_no_text_is_a_reject(client: Client, tmp_path: Path) -> None:
    large = Crawled(url="https://courier.example/large", body=b"<p>" + b"0" * 11_000_000, is_gzipped=True)
    binary = Crawled(url="https://courier.example/picture", body=b"\x89PNG\r\n" + bytes(500))
    write_warc(tmp_path / "a.warc.gz", [large, binary])
    found = await polled(tmp_path, client)

    reasons = [(await refused(entry, tmp_path, client)).reason for entry in found.entries]

    assert reasons == ["too-large", "unsupported-type"]
