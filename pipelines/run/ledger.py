"""Ledger: what a run took on and how it ended, as counts per source and per poll. Pure: no store, no clock, no tasks.

A run takes on every entry that it finds unseen, and each ends exactly once. A poll is open until all of its entries
have ended; only then is it written down, so that a crash forgets no article.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from pipelines.discover import Rhythm, coverage_gap, next_due, remember
from pipelines.model import Entry, Gap, Outcome, PollResult, Reason, Reject, Sighting, Source, Tally
from pipelines.store import FinishedPoll, PollState


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much of what is announced a run holds at a time.

    From a backlog of `backlog_high` on, half of what the fetcher deals out to its hosts, a run takes at most
    `taken_when_high` entries of a source at a time. Without it the first polls of 20 sitemaps of 5,000 pages, each on
    a host that gives one in two seconds, filled both queues and all turns to poll: every other source waited for as
    long as the run lasted.
    """

    announced: int = 50_000  # entries that wait for the fetcher
    waiting_for_hosts: int = 50_000  # entries that wait for their hosts
    backlog_high: int = 25_000
    taken_when_high: int = 200
    backlog_with_texts: int = 5_000  # beyond it, the full texts that feeds carry do not wait along for their pages


@dataclass(slots=True, kw_only=True)
class OpenPoll:
    """A poll with entries that have not ended yet."""

    result: PollResult
    last: PollState
    pending_count: int
    is_limited: bool  # more was announced than one run takes of a source
    tally: Tally


class Ledger:
    """The accounts of one run."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._tallies: dict[str, Tally] = {}
        self._open: dict[UUID, OpenPoll] = {}
        self.backlog = 0  # entries that were taken and have not ended yet

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """What became of each source, in the order in which they were expected."""
        return tuple(self._tallies.values())

    @property
    def open_poll_ids(self) -> tuple[UUID, ...]:
        """The polls that are not written down yet."""
        return tuple(self._open)

    def expect(self, source_names: Iterable[str]) -> None:
        """Open an account for each source that is about to be polled."""
        for name in source_names:
            self._tallies[name] = Tally(source=name)

    def limit(self, most: int) -> int:
        """How many entries to take of a source that may have `most`: few while the backlog is high."""
        return most if self.backlog < self._bounds.backlog_high else min(most, self._bounds.taken_when_high)

    def has_room_for_texts(self) -> bool:
        """Whether the full texts that feeds carry may wait in memory for their pages."""
        return self.backlog < self._bounds.backlog_with_texts

    def reserve(self, count: int) -> None:
        """Count entries as backlog before it is known which of them are unseen, so that others see them coming."""
        self.backlog += count

    def open(
        self, poll: PollResult, *, fresh_count: int, reserved_count: int, last: PollState, tally: Tally, limit: int
    ) -> None:
        """Take on the fresh entries of a poll.

        `tally` counts what is known of its entries already, `limit` says how many the run would have taken;
        `reserved_count` were counted as backlog before.
        """
        self.backlog -= reserved_count - fresh_count
        self._open[poll.poll_id] = OpenPoll(
            result=poll,
            last=last,
            pending_count=fresh_count,
            is_limited=fresh_count >= limit or poll.has_more,
            tally=tally,
        )
        total = self._tallies[tally.source]
        total.poll = tally.poll
        total.entries += tally.entries
        total.known += tally.known
        total.deferred += tally.deferred
        for reason, count in tally.reasons.items():
            total.reasons[reason] = total.reasons.get(reason, 0) + count

    def settle(
        self, sightings: Sequence[Sighting], rejects: Sequence[Reject], outcomes: Mapping[UUID, Outcome]
    ) -> list[UUID]:
        """Count how the entries of a batch ended. Returns the polls of which no entry is pending any more.

        `outcomes` says by fetch_id whether the text of a sighting was new, seen or revised.
        """
        for sighting in sightings:
            self._settle_entry(sighting.entry, outcomes[sighting.fetch.fetch_id])
        ended = [sighting.entry for sighting in sightings]
        for reject in rejects:
            if reject.entry is not None:
                self._settle_entry(reject.entry, "rejected", reject.reason)
                ended.append(reject.entry)
        poll_ids = dict.fromkeys(entry.poll_id for entry in ended)
        return [poll_id for poll_id in poll_ids if self._open[poll_id].pending_count == 0]

    def close(self, poll_ids: Iterable[UUID]) -> list[OpenPoll]:
        """Take polls off the ledger, to be written down. Their pending entries are deferred to the next run."""
        closed = [self._open.pop(poll_id) for poll_id in poll_ids]
        for each in closed:
            each.tally.deferred += each.pending_count
            self._tallies[each.result.source].deferred += each.pending_count
        return closed

    def _settle_entry(self, entry: Entry, outcome: Outcome, reason: Reason | None = None) -> None:
        open_poll = self._open[entry.poll_id]
        open_poll.pending_count -= 1
        self.backlog -= 1
        for tally in (open_poll.tally, self._tallies[entry.source]):
            match outcome:
                case "new":
                    tally.new += 1
                case "seen":
                    tally.seen += 1
                case "revised":
                    tally.revised += 1
                case "rejected":
                    tally.rejected += 1
            if reason is not None:
                tally.reasons[reason] = tally.reasons.get(reason, 0) + 1


def finished_poll(closed: OpenPoll, sources: Mapping[str, Source]) -> FinishedPoll:
    """What is written down of a poll: its counts, the gap before it, and when its source is due again.

    A source of which something is left stays due and keeps its old validators.
    """
    source = sources[closed.result.source]
    gap = _gap_before(closed, source)
    rhythm = _next_rhythm(closed, source, gap)
    is_cut_short = closed.pending_count > 0 or closed.is_limited
    return FinishedPoll(
        result=closed.result,
        tally=closed.tally,
        next_due_at=closed.result.polled_at if is_cut_short else rhythm.due_at,
        interval=rhythm.interval,
        failure_points=rhythm.failure_points,
        entries=remember(closed.result, previous=closed.last.entries),
        gap=gap,
    )


def _gap_before(closed: OpenPoll, source: Source) -> Gap | None:
    last = closed.last
    return coverage_gap(closed.result, source=source, last_entries_at=last.entries_at, remembered=last.entries)


def _next_rhythm(closed: OpenPoll, source: Source, gap: Gap | None) -> Rhythm:
    last, result, tally = closed.last, closed.result, closed.tally
    previous = None
    if last.interval is not None:
        due_at = last.due_at or result.polled_at
        previous = Rhythm(due_at=due_at, interval=last.interval, failure_points=last.failure_points)
    new_count = tally.new + tally.seen + tally.revised
    return next_due(result, source=source, previous=previous, new_count=new_count, gap=gap)
