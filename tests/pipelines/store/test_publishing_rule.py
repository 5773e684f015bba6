"""When to publish: often while it costs little, rarer as the file grows, seldom when nothing was looked at."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.store import PUBLISHED, is_publishing_due

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("size", "age_s", "has_news", "is_due"),
    [
        (3_000_000, 1, True, True),
        (3_000_000, 1, False, False),
        (3_000_000, 700, False, True),
        (20_000_000_000, 300, True, False),
        (20_000_000_000, 500, True, True),
        (3_000_000, -50, False, True),  # a clock that was set back
    ],
)
def test_publishing_takes_a_twentieth_of_the_time_at_most(
    tmp_path: Path, size: int, age_s: int, has_news: bool, is_due: bool
) -> None:
    published = tmp_path / PUBLISHED
    with published.open("wb") as file:
        file.truncate(size)
    at = (NOW - timedelta(seconds=age_s)).timestamp()
    os.utime(published, (at, at))

    assert is_publishing_due(tmp_path, has_news=has_news, now=NOW) is is_due


def test_the_first_copy_is_always_due(tmp_path: Path) -> None:
    assert is_publishing_due(tmp_path, has_news=False, now=NOW)
