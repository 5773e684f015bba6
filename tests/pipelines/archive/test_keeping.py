"""Keeping: the oldest files go, and nothing else."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.archive import Kept, choose_expired, list_kept, remove
from tests.builders import NOON
from tests.warcs import fetched, kept


def _kept(*sizes: int) -> list[Kept]:
    day = date(2026, 11, 1)
    return [
        Kept(file=f"2026/11/{number + 1:02}/a.warc.gz", kept_on=day + timedelta(days=number), byte_count=size)
        for number, size in enumerate(sizes)
    ]


@pytest.mark.parametrize(
    ("most_days", "most_bytes", "expired"),
    [(None, None, 0), (3, None, 1), (1, None, 3), (None, 35, 2), (None, 0, 5), (1, 15, 4), (30, 1000, 0)],
)
def test_the_oldest_files_go_by_age_and_by_size(most_days: int | None, most_bytes: int | None, expired: int) -> None:
    files = _kept(10, 10, 10, 10, 10)

    chosen = choose_expired(files, today=date(2026, 11, 5), most_days=most_days, most_bytes=most_bytes)

    assert list(chosen) == files[:expired]


def test_removing_leaves_no_empty_folders_and_touches_nothing_else(tmp_path: Path) -> None:
    (page,) = kept(tmp_path, [fetched()])
    (other,) = kept(tmp_path, [fetched()], now=NOON + timedelta(days=40))
    (tmp_path / "warc" / "notes.txt").write_text("mine")
    file = page.fetch.warc_file or ""

    remove(tmp_path, [file])
    remove(tmp_path, [file])

    assert [one.file for one in list_kept(tmp_path)] == [other.fetch.warc_file]
    assert not (tmp_path / "warc" / "2026").exists()
    assert (tmp_path / "warc" / "notes.txt").exists()
