"""Reasons: one table says what each implies, and everything that needs it reads that table."""

from pathlib import Path
from typing import get_args

import duckdb
import pytest

from pipelines.model import Reason
from pipelines.reasons import RULES, common_failure, points_of
from pipelines.store.migrating import apply_migrations
from pipelines.store.reference import COMMAND, reasons_page

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "reasons.md"


def test_every_reason_has_one_rule_in_order() -> None:
    assert tuple(RULES) == get_args(Reason)


def test_the_reference_is_current() -> None:
    assert REFERENCE.read_text(encoding="utf-8") == reasons_page(), f"run: {COMMAND}"


def test_the_database_says_what_the_program_knows() -> None:
    with duckdb.connect(":memory:") as connection:
        apply_migrations(connection)
        stored = connection.execute("select reason, stage, weight, is_retried, is_wall from reasons").fetchall()

    assert stored == [(rule.reason, rule.stage, rule.weight, rule.is_retried, rule.is_wall) for rule in RULES.values()]


@pytest.mark.parametrize(
    ("reason", "points"),
    [
        ("gone", 1.0),
        ("robots-disallowed", 1.0),
        ("not-found", 0.5),
        ("bad-feed", 0.5),
        ("unknown-host", 0.5),
        ("timeout", 0.25),
        ("rate-limited", 0.25),
        (None, 0.5),
    ],
)
def test_failures_weigh_by_who_can_mend_them(reason: Reason | None, points: float) -> None:
    assert points_of(reason) == points


def test_what_only_a_person_can_mend_is_urgent_and_what_passes_is_not() -> None:
    assert all(rule.is_urgent for rule in RULES.values() if rule.weight == "hard")
    assert not any(rule.is_urgent for rule in RULES.values() if rule.weight == "transient")


@pytest.mark.parametrize(
    ("reasons", "line"),
    [
        (["unknown-host", "timeout", "host-paused"], "The network seems to be down: none of 3 sources answered."),
        (["unknown-host", "not-found"], "All 2 sources failed."),
        (["unknown-host", "of-the-past"], "All 2 sources failed."),
        (["unknown-host"], "The only source failed: unknown-host."),
        (["unknown-host", None], None),
        ([None], None),
        ([], None),
    ],
)
def test_what_all_sources_fail_by_is_one_line(reasons: list[Reason | None], line: str | None) -> None:
    assert common_failure(reasons) == line
