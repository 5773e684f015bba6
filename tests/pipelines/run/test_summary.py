"""What a run says of itself: never more than it did, and no more lines than somebody reads."""

from pathlib import Path

import pytest

from pipelines.model import PollOutcome
from pipelines.run.summary import Summary, most_telling, summary_line
from tests.builders import NOON, RUN, a_tally


def summary_of(*polls: PollOutcome | None, stop_reason: str | None = None) -> Summary:
    tallies = tuple(a_tally(source=f"s{n}", poll=poll) for n, poll in enumerate(polls))
    return Summary(
        run_id=RUN,
        started_at=NOON,
        finished_at=NOON,
        database=Path("presswatch.duckdb"),
        tallies=tallies,
        stop_reason=stop_reason,
    )


def test_sources_that_a_stopped_run_did_not_come_to_are_not_called_polled() -> None:
    summary = summary_of("ok", "unchanged", None, None, stop_reason="asked to by SIGTERM")

    assert summary_line(summary).startswith("2 of 4 sources polled: nothing new")
    assert summary_line(summary).endswith("Stopped early: asked to by SIGTERM.")


@pytest.mark.parametrize(
    ("polls", "code"), [(("ok", None), 0), (("failed", None), 3), (("failed", "ok"), 1), ((None, None), 0)]
)
def test_the_exit_code_is_about_the_sources_that_were_polled(polls: tuple[PollOutcome | None, ...], code: int) -> None:
    assert summary_of(*polls).exit_code == code


def test_of_many_sources_those_that_failed_or_brought_most_are_told_in_their_order() -> None:
    tallies = [
        a_tally(source="quiet", poll="unchanged"),
        a_tally(source="some", poll="ok", new=1),
        a_tally(source="many", poll="ok", new=9),
        a_tally(source="dead", poll="failed"),
    ]

    assert [tally.source for tally in most_telling(tallies, at_most=2)] == ["many", "dead"]
    assert most_telling(tallies, at_most=4) == tuple(tallies)
