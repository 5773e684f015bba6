"""Keeping: the oldest files go, and nothing else."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.archive import ArchiveFile, Share, choose_removal, list_files, remove
from pipelines.model import Retention
from tests.builders import NOON
from tests.warcs import fetched, kept

TODAY = date(2026, 11, 5)
GB = 1_000_000_000


def _kept(*sizes: int) -> list[ArchiveFile]:
    day = date(2026, 11, 1)
    return [
        ArchiveFile(file=f"2026/11/{number + 1:02}/a.warc.gz", written_on=day + timedelta(days=number), byte_count=size)
        for number, size in enumerate(sizes)
    ]


@pytest.mark.parametrize(
    ("most_days", "most_bytes", "expired"),
    [(None, None, 0), (3, None, 1), (1, None, 3), (0, None, 4), (None, 35, 2), (None, 0, 5), (1, 15, 4), (30, 1000, 0)],
)
@pytest.mark.parametrize("is_known", [True, False], ids=["known", "unknown"])
def test_the_oldest_files_go_by_age_and_by_size(
    most_days: int | None, most_bytes: int | None, expired: int, is_known: bool
) -> None:
    files = _kept(10, 10, 10, 10, 10)
    shares = [Share(file=one.file, source="courier", byte_count=10) for one in files] if is_known else []

    removal = choose_removal(files, shares, today=TODAY, retentions={}, most_days=most_days, most_bytes=most_bytes)

    assert list(removal.files) == files[:expired]
    assert removal.thinned == {}


def _by_source(
    retentions: dict[str, Retention], *, most_days: int | None = None, most_bytes: int | None = None
) -> tuple[list[int], dict[int, set[str]]]:
    """Five files, one a day, in each of which courier has 6 GB and observer 4; the last has nothing of courier."""
    files = _kept(*[10 * GB] * 4, 4 * GB)
    shares = [Share(file=one.file, source="observer", byte_count=4 * GB) for one in files]
    shares += [Share(file=one.file, source="courier", byte_count=6 * GB) for one in files[:4]]
    shares.append(Share(file="/ccnews/a.warc.gz", source="courier", byte_count=100 * GB))
    removal = choose_removal(
        files, shares, today=TODAY, retentions=retentions, most_days=most_days, most_bytes=most_bytes
    )
    place = {one.file: number for number, one in enumerate(files)}
    return (
        [place[one.file] for one in removal.files],
        {place[file]: set(names) for file, names in removal.thinned.items()},
    )


def test_a_source_with_days_of_its_own_leaves_the_files_to_the_others() -> None:
    short = {"courier": Retention(days=2)}

    assert _by_source(short) == ([], {0: {"courier"}, 1: {"courier"}})
    assert _by_source(short, most_days=3) == ([0], {1: {"courier"}})
    assert _by_source({"courier": Retention(days=3), "observer": Retention(days=3)}) == ([0], {})


def test_a_source_may_be_kept_longer_than_all() -> None:
    long = {"courier": Retention(days=1000)}

    assert _by_source(long, most_days=2) == ([], {0: {"observer"}, 1: {"observer"}})


def test_a_source_with_room_of_its_own_loses_its_oldest_pages() -> None:
    assert _by_source({"courier": Retention(gb=12)}) == ([], {0: {"courier"}, 1: {"courier"}})
    assert _by_source({"courier": Retention(gb=24)}) == ([], {})
    assert _by_source({"courier": Retention(gb=1, days=2)}) == ([], {n: {"courier"} for n in range(4)})


def test_the_room_of_all_holds_whatever_sources_say() -> None:
    long = {"courier": Retention(days=1000), "observer": Retention(days=1000)}

    assert _by_source(long, most_bytes=25 * GB) == ([0, 1], {})
    # 44 GB less the 12 which courier loses anyway.
    assert _by_source({"courier": Retention(days=2)}, most_bytes=32 * GB) == ([], {0: {"courier"}, 1: {"courier"}})
    assert _by_source({"courier": Retention(days=2)}, most_bytes=30 * GB) == ([0], {1: {"courier"}})


def test_what_a_killed_upkeep_left_goes() -> None:
    (file,) = _kept(10)
    successor = replace(file, file=file.file.replace(".warc", ".1.warc"))
    (other,) = (replace(file, file=file.file.replace("a.warc", "b.warc")),)
    shares = [Share(file=successor.file, source="courier", byte_count=10)]

    removal = choose_removal(
        [successor, file, other], shares, today=TODAY, retentions={}, most_days=None, most_bytes=None
    )

    assert removal.files == (file,)


def test_what_no_row_knows_goes_with_the_longest_days_of_any_source() -> None:
    files = _kept(10, 10, 10, 10, 10)
    retentions = {"courier": Retention(days=1), "observer": Retention(days=3)}

    removal = choose_removal(files, [], today=TODAY, retentions=retentions, most_days=None, most_bytes=None)

    assert list(removal.files) == files[:1]


def test_removing_leaves_no_empty_folders_and_touches_nothing_else(tmp_path: Path) -> None:
    (page,) = kept(tmp_path, [fetched()])
    (other,) = kept(tmp_path, [fetched()], now=NOON + timedelta(days=40))
    (tmp_path / "warc" / "notes.txt").write_text("mine")
    file = page.fetch.warc_file or ""

    remove(tmp_path, [file])
    remove(tmp_path, [file])

    assert [one.file for one in list_files(tmp_path)] == [other.fetch.warc_file]
    assert not (tmp_path / "warc" / "2026").exists()
    assert (tmp_path / "warc" / "notes.txt").exists()
