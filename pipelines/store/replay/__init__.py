"""Replay: archived pages that were cleaned again are a candidate, which is compared and may become what is stored."""

from pipelines.store.replay.candidate import (
    CANDIDATE,
    Candidate,
    Recleaned,
    find_candidate,
    open_candidate,
    remove_candidate,
)
from pipelines.store.replay.comparing import CHANGES, Example, SourceChange, compare, compare_examples
from pipelines.store.replay.promoting import Promoted, promote
from pipelines.store.replay.snapshot import Archived, Selection, Snapshot, open_snapshot

__all__ = [
    "CANDIDATE",
    "CHANGES",
    "Archived",
    "Candidate",
    "Example",
    "Promoted",
    "Recleaned",
    "Selection",
    "Snapshot",
    "SourceChange",
    "compare",
    "compare_examples",
    "find_candidate",
    "open_candidate",
    "open_snapshot",
    "promote",
    "remove_candidate",
]
