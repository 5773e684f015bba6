"""Candidates: what was cleaned again waits until it is asked for, and only then."""

from pathlib import Path

import pytest

from pipelines.model import StoreFault
from pipelines.store import CANDIDATE, Selection, find_candidate, open_candidate, promote, remove_candidate
from tests.builders import NOON
from tests.replays import LATER, Visit, make_candidate, opened


def test_a_candidate_waits_for_the_same_selection_and_cleaner_only(tmp_path: Path) -> None:
    assert find_candidate(tmp_path, Selection(cleaner="new")) is None
    with opened(tmp_path) as store, pytest.raises(StoreFault, match=CANDIDATE):
        promote(store, at=LATER)

    make_candidate(tmp_path, [Visit(raw=0, url=0)], {0: (0, True)}, "new")

    assert find_candidate(tmp_path, Selection(cleaner="new")) == LATER
    assert find_candidate(tmp_path, Selection(cleaner="newer")) is None
    assert find_candidate(tmp_path, Selection(cleaner="new", sources=("courier",))) is None
    remove_candidate(tmp_path)
    remove_candidate(tmp_path)
    assert find_candidate(tmp_path, Selection(cleaner="new")) is None


def test_a_candidate_that_was_not_finished_leaves_the_one_before(tmp_path: Path) -> None:
    selection = Selection(cleaner="new")
    (tmp_path / f".{CANDIDATE}.new").write_bytes(b"left by a process that was killed")
    with (
        open_candidate(tmp_path, selection, made_at=LATER),
        pytest.raises(StoreFault, match="another run"),
        open_candidate(tmp_path, selection, made_at=LATER),
    ):
        pass
    with pytest.raises(KeyError), open_candidate(tmp_path, selection, made_at=NOON):
        raise KeyError

    assert find_candidate(tmp_path, selection) == LATER
    assert [path.name for path in tmp_path.glob(f".{CANDIDATE}*")] == []
