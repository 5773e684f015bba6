"""What a run says of itself: never more than it did, what failed first, and no more lines than somebody reads."""

import logging
from pathlib import Path

import pytest

from pipelines.model import PollOutcome, Tally
from pipelines.run.summary import Summary, log_lines, most_telling, summary_line, summary_markdown, tally_row
from tests.builders import NOON, RUN, a_tally


def summary_of(*tallies: Tally, stop_reason: str | None = None, violations: tuple[str, ...] = ()) -> Summary:
    return Summary(
        run_id=RUN,
        started_at=NOON,
        finished_at=NOON,
        database=Path("presswatch.duckdb"),
        tallies=tallies,
        stop_reason=stop_reason,
        violations=violations,
    )


def polled(*polls: PollOutcome | None) -> tuple[Tally, ...]:
    return tuple(a_tally(source=f"s{n}", poll=poll) for n, poll in enumerate(polls))


def failed(source: str, reason: str) -> Tally:
    return a_tally(source=source, poll="failed", reasons={reason: 1})


def test_sources_that_a_stopped_run_did_not_come_to_are_not_called_polled() -> None:
    summary = summary_of(*polled("ok", "unchanged", None, None), stop_reason="asked to by SIGTERM")

    assert summary_line(summary).startswith("2 of 4 sources polled: nothing new")
    assert summary_line(summary).endswith("Stopped early: asked to by SIGTERM.")


@pytest.mark.parametrize(
    ("polls", "code"), [(("ok", None), 0), (("failed", None), 3), (("failed", "ok"), 1), ((None, None), 0)]
)
def test_the_exit_code_is_about_the_sources_that_were_polled(polls: tuple[PollOutcome | None, ...], code: int) -> None:
    assert summary_of(*polled(*polls)).exit_code == code


def test_of_many_sources_those_that_failed_or_brought_most_are_shown_in_their_order() -> None:
    tallies = [
        a_tally(source="quiet", poll="unchanged"),
        a_tally(source="some", poll="ok", new=1),
        a_tally(source="many", poll="ok", new=9),
        a_tally(source="dead", poll="failed"),
    ]

    assert [tally.source for tally in most_telling(tallies, at_most=2)] == ["many", "dead"]
    assert most_telling(tallies, at_most=4) == tuple(tallies)


def test_what_was_seen_is_not_what_was_known() -> None:
    row = tally_row(a_tally(known=12, seen=3, new=1))

    assert (row["known"], row["seen"], row["new"], row["entries"]) == (12, 3, 1, 16)
    assert "3 seen, 12 known" in summary_line(summary_of(a_tally(known=12, seen=3)))


def test_failures_are_said_first_everywhere() -> None:
    summary = summary_of(a_tally(source="alive", new=5), failed("gone", "not-found"), failed("dead", "unknown-host"))

    assert summary_line(summary).startswith("2 failed. 3 sources polled: 5 new")
    assert summary_markdown(summary).startswith("**2 failed.")
    assert log_lines(summary, at_most=100)[0] == (logging.WARNING, summary_line(summary))
    assert (summary.failure, summary.exit_code) == (None, 1)


def test_a_network_that_is_down_is_one_line_and_fails_the_run() -> None:
    summary = summary_of(*(failed(f"s{n}", "unknown-host") for n in range(40)))

    assert "The network seems to be down: none of 40 sources answered." in summary_line(summary)
    assert log_lines(summary, at_most=100) == [(logging.WARNING, summary_line(summary))]
    assert summary.failure == "The network seems to be down: none of 40 sources answered."
    assert summary.exit_code == 3


def test_a_source_without_news_or_trouble_has_no_line_in_the_log() -> None:
    summary = summary_of(*polled("unchanged", "ok"), a_tally(source="news", new=1), failed("dead", "timeout"))

    assert [line.partition(":")[0] for _, line in log_lines(summary, at_most=100)[1:]] == ["news", "dead"]


def test_a_broken_promise_is_an_error_and_fails_the_run() -> None:
    summary = summary_of(*polled("ok"), violations=("fetch_ids_are_unique: 1 rows",))

    assert log_lines(summary, at_most=100)[-1] == (logging.ERROR, "check failed: fetch_ids_are_unique: 1 rows")
    assert (summary.failure, summary.exit_code) == ("fetch_ids_are_unique: 1 rows", 5)
