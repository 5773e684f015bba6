"""The accounts of a run: every entry that was taken on ends exactly once."""

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from pipelines.model import Entry, PollResult, Reject, Sighting
from pipelines.run.ledger import Bounds, Ledger, OpenPoll, finished_poll
from pipelines.store import PollState
from tests.builders import a_poll, a_reject, a_sighting, a_source, a_tally, an_entry


def a_ledger(*polls: PollResult, limit: int = 100, bounds: Bounds | None = None) -> Ledger:
    """One in which all entries of the polls are fresh."""
    ledger = Ledger(bounds or Bounds())
    ledger.expect(dict.fromkeys(poll.source for poll in polls))
    for poll in polls:
        count = len(poll.entries)
        tally = a_tally(source=poll.source, poll="ok", entries=count)
        ledger.reserve(count)
        ledger.open(poll, fresh_count=count, reserved_count=count, last=PollState(), tally=tally, limit=limit)
    return ledger


def polled(source: str, count: int) -> PollResult:
    poll_id = uuid4()
    entries = [an_entry(f"https://{source}.example/{n}", source=source, poll_id=poll_id) for n in range(count)]
    return a_poll(source=source, poll_id=poll_id, entries=tuple(entries))


def sighted(entry: Entry) -> Sighting:
    return a_sighting(f"Text of {entry.url}.", entry.url, entry=entry)


def settle(ledger: Ledger, sightings: list[Sighting], rejects: list[Reject]) -> list[UUID]:
    """Texts that are all new."""
    return ledger.settle(sightings, rejects, {sighting.fetch.fetch_id: "new" for sighting in sightings})


def test_a_poll_is_ready_to_be_written_when_its_last_entry_has_ended() -> None:
    poll = polled("courier", 3)
    ledger = a_ledger(poll)
    first, second, third = poll.entries

    early = settle(ledger, [sighted(first)], [a_reject(entry=second)])
    late = settle(ledger, [sighted(third)], [])

    assert (early, late) == ([], [poll.poll_id])
    assert ledger.backlog == 0
    (closed,) = ledger.close(late)
    assert (closed.tally.new, closed.tally.rejected, closed.tally.deferred) == (2, 1, 0)
    assert closed.tally.reasons == {"not-found": 1}
    assert ledger.open_poll_ids == ()


def test_what_is_pending_when_a_poll_is_closed_is_deferred_and_leaves_its_source_due() -> None:
    poll = polled("courier", 3)
    ledger = a_ledger(poll)
    settle(ledger, [sighted(poll.entries[0])], [])

    (closed,) = ledger.close([poll.poll_id])
    ended = finished_poll(closed, {"courier": a_source()})

    assert (closed.tally.new, closed.tally.deferred) == (1, 2)
    assert ended.next_due_at == poll.polled_at
    assert [tally.is_balanced for tally in ledger.tallies] == [True]


def test_a_high_backlog_takes_few_entries_of_a_source_at_a_time() -> None:
    bounds = Bounds(backlog_high=3, taken_when_high=2)
    ledger = a_ledger(polled("courier", 2), bounds=bounds)

    before = ledger.limit(50)
    ledger.reserve(1)
    after = (ledger.limit(50), ledger.limit(1))

    assert before == 50
    assert after == (2, 1)


def test_a_poll_that_showed_as_much_as_the_run_takes_leaves_its_source_due() -> None:
    poll = polled("courier", 2)
    ledger = a_ledger(poll, limit=2)
    settle(ledger, [sighted(entry) for entry in poll.entries], [])

    (closed,) = ledger.close([poll.poll_id])

    assert closed.is_limited
    assert finished_poll(closed, {"courier": a_source()}).next_due_at == poll.polled_at


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["sighted", "rejected", "pending"])), max_size=12))
def test_every_account_balances_however_entries_end(ends: list[tuple[int, str]]) -> None:
    names = ("courier", "herald", "post")
    polls = [polled(name, sum(index == n for n, _ in ends)) for index, name in enumerate(names)]
    ledger = a_ledger(*polls)
    remaining = {index: list(poll.entries) for index, poll in enumerate(polls)}

    for index, end in ends:
        entry = remaining[index].pop()
        if end == "sighted":
            settle(ledger, [sighted(entry)], [])
        elif end == "rejected":
            settle(ledger, [], [a_reject(entry=entry)])
    closed: list[OpenPoll] = ledger.close(ledger.open_poll_ids)

    assert all(tally.is_balanced for tally in ledger.tallies)
    assert all(each.tally.is_balanced for each in closed)
    assert ledger.backlog == sum(end == "pending" for _, end in ends)
