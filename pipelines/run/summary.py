"""Summary: what a run did, as a sentence, a table, Markdown or JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from pipelines.model import Tally

COLUMNS = ("source", "polled", "entries", "new", "seen", "revised", "rejected", "deferred", "reasons")


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
        """Those sources that the run came to look at before it was stopped."""
        return tuple(tally for tally in self.tallies if tally.poll is not None)

    @property
    def failure(self) -> str | None:
        """Why the run as a whole counts as failed, in one line; None where it does not."""
        return "; ".join(self.violations) or None

    @property
    def exit_code(self) -> int:
        """0 ok, 1 some sources failed, 3 all failed, 5 a check of the data failed."""
        failed = sum(tally.poll == "failed" for tally in self.tallies)
        if self.violations:
            return 5
        if failed and failed == len(self.polled):
            return 3
        return 1 if failed else 0


def most_telling(tallies: Sequence[Tally], *, at_most: int) -> tuple[Tally, ...]:
    """All of them; of more than anybody reads, at most so many: failures first, then where most happened."""
    if len(tallies) <= at_most:
        return tuple(tallies)
    ranked = sorted(tallies, key=lambda tally: (tally.poll != "failed", -_event_count(tally)))
    chosen = {tally.source for tally in ranked[:at_most]}
    return tuple(tally for tally in tallies if tally.source in chosen)


def _event_count(tally: Tally) -> int:
    return tally.new + tally.revised + tally.rejected + tally.deferred


def tally_row(tally: Tally) -> dict[str, str | int]:
    """One source as a row of COLUMNS; `seen` counts the entries that earlier runs took, too."""
    reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(tally.reasons.items()))
    return {
        "source": tally.source,
        "polled": tally.poll or "",
        "entries": tally.entries,
        "new": tally.new,
        "seen": tally.seen + tally.known,
        "revised": tally.revised,
        "rejected": tally.rejected,
        "deferred": tally.deferred,
        "reasons": reasons,
    }


def tally_line(tally: Tally) -> str:
    """One source as a line of the log."""
    row = tally_row(tally)
    counts = ", ".join(f"{row[name]} {name}" for name in COLUMNS[2:8])
    return f"{tally.source}: {row['polled']}: {counts}" + (f" ({row['reasons']})" if row["reasons"] else "")


def total_row(tallies: Sequence[Tally]) -> dict[str, str | int]:
    """The sum of all sources, as a row of COLUMNS."""
    rows = [tally_row(tally) for tally in tallies]
    counted = {name: sum(int(row[name]) for row in rows) for name in COLUMNS[2:8]}
    return {"source": "all", "polled": f"{len(rows)} sources", **counted, "reasons": ""}


def summary_line(summary: Summary) -> str:
    """The run in one sentence."""
    if not summary.tallies:
        if summary.next_due is None:
            return "Nothing is due."
        name, at = summary.next_due
        return f"Nothing is due; next: {name} at {at:%Y-%m-%d %H:%M:%S} UTC."
    polled, count = len(summary.polled), len(summary.tallies)
    total = total_row(summary.tallies)
    changed = f"{total['new']} new, {total['revised']} revised" if total["new"] or total["revised"] else "nothing new"
    sources = f"{count} sources" if polled == count else f"{polled} of {count} sources"
    line = f"{sources} polled: {changed}, {total['seen']} seen, {total['rejected']} rejected."
    return line if summary.stop_reason is None else f"{line} Stopped early: {summary.stop_reason}."


def summary_markdown(summary: Summary) -> str:
    """The run as Prefect's markdown artifact."""
    lines = [f"**{summary_line(summary)}**", "", f"Database: `{summary.database}`"]
    for violation in summary.violations:
        lines += ["", f"- check failed: {violation}"]
    failed = [tally.source for tally in summary.tallies if tally.poll == "failed"]
    if failed:
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
