"""Reasons: what the reference says and what the program knows are the same."""

import re
from pathlib import Path
from typing import get_args

from pipelines.model import Reason
from pipelines.store.transient import TRANSIENT

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "reasons.md"
ROW = re.compile(r"^\| `([a-z0-9-]+)` \| (.+) \| (.+) \| (Yes|Final|next poll) \|$", re.MULTILINE)


def test_every_reason_is_explained_once_and_in_order() -> None:
    explained = [slug for slug, _meaning, _advice, _again in ROW.findall(REFERENCE.read_text())]

    assert explained == list(get_args(Reason))


def test_what_is_tried_again_is_what_the_store_tries_again() -> None:
    again = {slug for slug, _meaning, _advice, again in ROW.findall(REFERENCE.read_text()) if again == "Yes"}

    assert again == TRANSIENT
