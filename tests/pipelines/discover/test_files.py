import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from pipelines.discover import poll
from pipelines.fetch import Client
from pipelines.model import PollResult, Source, Validators

SEEDS = Path(__file__).parents[2] / "fixtures" / "seeds"
NOW = datetime(2023, 9, 13, 12, tzinfo=UTC)


async def polled(
    path: Path, client: Client, *, pattern: str | None = None, known: PollResult | None = None
) -> PollResult:
    source = Source(name="texts", kind="files", location=str(path), every=timedelta(hours=1), pattern=pattern)
    validators = known.validators if known else Validators()
    return await poll(source, client=client, run_id=UUID(int=1), validators=validators, now=NOW)


def names(found: PollResult, root: Path) -> list[str]:
    return [entry.url.removeprefix(root.as_uri() + "/") for entry in found.entries]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "texts"
    (root / "sub" / "deep").mkdir(parents=True)
    (root / ".git").mkdir()
    for name in ("b.txt", "a.HTML", "c.pdf", "sub/d.md", "sub/deep/e ü.txt", ".hidden.txt", ".git/f.txt"):
        (root / name).write_text("Some text.")
    return root


async def test_the_seeds_are_five_entries_in_their_order(client: Client) -> None:
    found = await polled(SEEDS, client)

    assert found.outcome == "ok"
    assert [name[:3] for name in names(found, SEEDS)] == ["000", "001", "002", "003", "004"]
    first = found.entries[0]
    assert first.canonical_url == first.url
    assert first.modified_at is not None
    assert (found.status, found.title) == (None, "seeds")


async def test_text_and_html_of_all_subfolders_are_taken(client: Client, folder: Path) -> None:
    assert names(await polled(folder, client), folder) == ["a.HTML", "b.txt", "sub/d.md", "sub/deep/e%20%C3%BC.txt"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.pdf", ["c.pdf"]),
        ("sub/*.md", ["sub/d.md"]),
        ("**/*.txt", ["b.txt", "sub/deep/e%20%C3%BC.txt"]),
        ("sub/**", ["sub/d.md", "sub/deep/e%20%C3%BC.txt"]),
        ("*.txt", ["b.txt"]),
        ("[!a]*.*", ["b.txt", "c.pdf"]),
        ("[a-b].?[xT]*", ["a.HTML", "b.txt"]),
        ("[z-a].txt", []),
    ],
)
async def test_a_pattern_chooses_files(client: Client, folder: Path, pattern: str, expected: list[str]) -> None:
    assert names(await polled(folder, client, pattern=pattern), folder) == expected


async def test_a_single_file_is_a_source_too(client: Client, folder: Path) -> None:
    found = await polled(folder / "c.pdf", client)

    assert [entry.url for entry in found.entries] == [(folder / "c.pdf").as_uri()]


async def test_links_pipes_and_huge_files_are_passed_over(client: Client, folder: Path, tmp_path: Path) -> None:
    before = names(await polled(folder, client), folder)
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "linked").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.txt")
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(10_000_001)

    assert names(await polled(folder, client), folder) == before


async def test_a_changed_folder_is_noticed_and_a_changed_file_is_a_candidate(client: Client, folder: Path) -> None:
    first = await polled(folder, client)

    second = await polled(folder, client, known=first)
    os.utime(folder / "b.txt", ns=(0, 1_700_000_000_123_456_789))
    third = await polled(folder, client, known=second)
    (folder / "a.HTML").unlink()
    fourth = await polled(folder, client, known=third)

    assert (second.outcome, second.entries) == ("unchanged", ())
    assert third.entries[1].modified_at == datetime(2023, 11, 14, 22, 13, 20, 123456, tzinfo=UTC)
    assert (fourth.outcome, len(fourth.entries)) == ("ok", 3)


async def test_an_empty_folder_is_a_source_that_announces_nothing(client: Client, tmp_path: Path) -> None:
    found = await polled(tmp_path, client)

    assert (found.outcome, found.entries) == ("ok", ())


@pytest.fixture
def oddly_named(folder: Path) -> Path:
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/\xff\n.txt")).write_text("x")
    except OSError:
        pytest.skip("this file system takes no such names")
    return folder


async def test_a_name_that_is_no_text_does_no_harm(client: Client, oddly_named: Path) -> None:
    found = await polled(oddly_named, client)

    assert "%FF%0A.txt" in names(found, oddly_named)


async def test_what_is_missing_or_no_file_is_a_failure(client: Client, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    missing = await polled(tmp_path / "none", client)
    pipe = await polled(tmp_path / "pipe", client)

    assert (missing.outcome, missing.reason) == ("failed", "file-missing")
    assert (pipe.outcome, pipe.reason) == ("failed", "file-not-regular")
