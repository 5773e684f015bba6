"""Summary: what a run did, as a sentence, a table, Markdown or JSON."""

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import cast
from uuid import UUID

from pipelines.model import Reason, Tally
from pipelines.reasons import common_failure

COUNTS = ("entries", "new", "revised", "seen", "known", "rejected", "deferred")
COLUMNS = ("source", "polled", *COUNTS, "reasons")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What one run of the ingest flow did."""

    run_id: UUID
    started_at: datetime
    finished_at: datetime
    database: Path
    tallies: tuple[Tally, ...]
    violations: tuple[str, ...] = ()
    stop_reason: str | None = None
    next_due: tuple[str, datetime] | None = None  # where nothing was due: the source that is polled next, and when

    @property
    def polled(self) -> tuple[Tally, ...]:
        """The sources that the run polled before it was stopped."""
        return tuple(tally for tally in self.tallies if tally.poll is not None)

    @property
    def failure(self) -> str | None:
        """Why the run as a whole counts as failed, in one line; None where it does not."""
        return "; ".join(self.violations) or self.common_failure

    @property
    def common_failure(self) -> str | None:
        """What is wrong where every source failed, in one line; None where one did not."""
        return common_failure([_failure_of(tally) for tally in self.polled])

    @property
    def exit_code(self) -> int:
        """0 ok, 1 some sources failed, 3 all failed, 5 a check of the data failed."""
        if self.violations:
            return 5
        if self.common_failure:
            return 3
        return 1 if self.failed_count else 0

    @property
    def failed_count(self) -> int:
        """Sources whose poll failed."""
        return sum(tally.poll == "failed" for tally in self.tallies)


def most_telling(tallies: Sequence[Tally], *, at_most: int) -> tuple[Tally, ...]:
    """All of them; of more than anybody reads, at most so many: failures first, then where most happened."""
    if len(tallies) <= at_most:
        return tuple(tallies)
    ranked = sorted(tallies, key=lambda tally: (tally.poll != "failed", -_event_count(tally)))
    chosen = {tally.source for tally in ranked[:at_most]}
    return tuple(tally for tally in tallies if tally.source in chosen)


def _failure_of(tally: Tally) -> Reason | None:
    if tally.poll != "failed":
        return None
    # The first reason that is counted is that of the poll itself.
    return cast(Reason, next(iter(tally.reasons), "unreadable"))


def _event_count(tally: Tally) -> int:
    return tally.new + tally.revised + tally.rejected + tally.deferred


def tally_row(tally: Tally) -> dict[str, str | int]:
    """One source as a row of COLUMNS.

    `known` entries were taken by earlier runs and not fetched; `seen` were fetched, and their text was stored already.
    """
    reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(tally.reasons.items()))
    return {
        "source": tally.source,
        "polled": tally.poll or "",
        "entries": tally.entries,
        "new": tally.new,
        "revised": tally.revised,
        "seen": tally.seen,
        "known": tally.known,
        "rejected": tally.rejected,
        "deferred": tally.deferred,
        "reasons": reasons,
    }


def tally_line(tally: Tally) -> str:
    """One source as a line of the log."""
    row = tally_row(tally)
    counts = ", ".join(f"{row[name]} {name}" for name in COUNTS)
    return f"{tally.source}: {row['polled']}: {counts}" + (f" ({row['reasons']})" if row["reasons"] else "")


def total_row(tallies: Sequence[Tally]) -> dict[str, str | int]:
    """The sum of all sources, as a row of COLUMNS."""
    rows = [tally_row(tally) for tally in tallies]
    counted = {name: sum(int(row[name]) for row in rows) for name in COUNTS}
    return {"source": "all", "polled": f"{len(rows)} sources", **counted, "reasons": ""}


def summary_line(summary: Summary) -> str:
    """The run in one sentence, or two: what failed comes first."""
    if not summary.tallies:
        if summary.next_due is None:
            return "Nothing is due."
        name, at = summary.next_due
        return f"Nothing is due; next: {name} at {at:%Y-%m-%d %H:%M:%S} UTC."
    polled, count = len(summary.polled), len(summary.tallies)
    total = total_row(summary.tallies)
    sources = f"{count} sources" if polled == count else f"{polled} of {count} sources"
    changed = f"{total['new']} new, {total['revised']} revised" if total["new"] or total["revised"] else "nothing new"
    line = f"{sources} polled: {changed}, {total['seen']} seen, {total['known']} known, {total['rejected']} rejected."
    if summary.common_failure:
        line = summary.common_failure
    elif summary.failed_count:
        line = f"{summary.failed_count} failed. {line}"
    return line if summary.stop_reason is None else f"{line} Stopped early: {summary.stop_reason}."


def log_lines(summary: Summary, *, at_most: int) -> list[tuple[int, str]]:
    """What the log says of a run, each line with its level: the run, and sources with news or trouble."""
    level = logging.WARNING if summary.failed_count else logging.INFO
    lines = [(level, summary_line(summary))]
    if not (summary.common_failure and len(summary.polled) > 1):
        telling = [tally for tally in summary.polled if tally.poll == "failed" or _event_count(tally)]
        lines += [
            (logging.WARNING if tally.poll == "failed" else logging.INFO, tally_line(tally))
            for tally in most_telling(telling, at_most=at_most)
        ]
    return lines + [(logging.ERROR, f"check failed: {violation}") for violation in summary.violations]


def summary_markdown(summary: Summary) -> str:
    """The run as Prefect's markdown artifact."""
    lines = [f"**{summary_line(summary)}**", "", f"Database: `{summary.database}`"]
    for violation in summary.violations:
        lines += ["", f"- check failed: {violation}"]
    failed = [tally.source for tally in summary.tallies if tally.poll == "failed"]
    if failed and not summary.common_failure:
        lines += ["", f"Failed sources: {', '.join(failed)}"]
    return "\n".join(lines)


def summary_json(summary: Summary) -> str:
    """The run for scripts: run_id, instants, database, sources[], violations[], exit_code."""
    return json.dumps(
        {
            "run_id": str(summary.run_id),
            "started_at": summary.started_at.isoformat(),
            "finished_at": summary.finished_at.isoformat(),
            "database": str(summary.database),
            "sources": [asdict(tally) for tally in summary.tallies],
            "violations": list(summary.violations),
            "stop_reason": summary.stop_reason,
            "next_due": None
            if summary.next_due is None
            else {"source": summary.next_due[0], "at": summary.next_due[1].isoformat()},
            "exit_code": summary.exit_code,
        },
        indent=2,
    )
