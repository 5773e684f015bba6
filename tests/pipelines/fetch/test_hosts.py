"""Hosts: turns, pauses and failures, under a clock of our own."""

import asyncio
from dataclasses import dataclass, field

import pytest

from pipelines.fetch.failures import FetchError
from pipelines.fetch.hosts import Hosts
from pipelines.fetch.limits import Clock, FetchLimits
from pipelines.fetch.state import HostState
from pipelines.fetch.target import Target, parse_target
from pipelines.model import FetchRules, HostRule


@dataclass
class StillClock:
    """A clock whose time passes only when somebody sleeps."""

    time: float = 1_000.0
    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)

    def clock(self) -> Clock:
        return Clock(now=lambda: self.time, monotonic=lambda: self.time, sleep=self.sleep)


def at(url: str = "http://a.example/") -> Target:
    target = parse_target(url)
    assert isinstance(target, Target)
    return target


def hosts(still: StillClock, *rules: HostRule, state: HostState | None = None) -> Hosts:
    known = state if state is not None else HostState()
    return Hosts(rules=FetchRules(hosts=rules), limits=FetchLimits(), state=known, clock=still.clock())


async def start_times(hosts: Hosts, still: StillClock, *targets: Target, is_local: bool = False) -> list[float]:
    times: list[float] = []
    for target in targets:
        async with hosts.turn(target, is_local=is_local):
            times.append(still.time - 1_000.0)
    return times


async def test_a_host_is_asked_every_two_seconds() -> None:
    still = StillClock()

    assert await start_times(hosts(still), still, at(), at(), at()) == [0, 2, 4]


async def test_the_pause_counts_from_the_end_of_the_last_answer() -> None:
    still, times = StillClock(), []
    known = hosts(still)

    for _number in range(2):
        async with known.turn(at(), is_local=False):
            times.append(still.time - 1_000.0)
            still.time += 10

    assert times == [0, 12]


async def test_hosts_do_not_wait_for_each_other() -> None:
    still = StillClock()

    assert await start_times(hosts(still), still, at(), at("http://b.example/"), at("http://a.example:81/")) == [
        0,
        0,
        0,
    ]


async def test_the_pace_belongs_to_the_host_under_both_schemes() -> None:
    still = StillClock()

    assert await start_times(hosts(still), still, at(), at("https://a.example/")) == [0, 2]


async def test_the_first_rule_that_matches_holds() -> None:
    still = StillClock()
    rules = (HostRule(pattern="a.*", pause_s=9.0), HostRule(pattern="*.EXAMPLE", pause_s=5.0))

    assert await start_times(hosts(still, *rules), still, at(), at()) == [0, 9]
    assert await start_times(hosts(still, *rules), still, at("http://b.example/")) == [9]


async def test_local_hosts_wait_for_nothing_unless_a_rule_says_so() -> None:
    still = StillClock()

    assert await start_times(hosts(still), still, at(), at(), is_local=True) == [0, 0]
    rule = HostRule(pattern="*", pause_s=1.0)
    assert await start_times(hosts(still, rule), still, at(), at(), is_local=True) == [0, 1]


@pytest.mark.parametrize(("asked_s", "kept_s"), [(1.0, 2.0), (7.0, 7.0), (3_600.0, 30.0), (-5.0, 2.0)])
async def test_a_crawl_delay_is_honoured_within_bounds(asked_s: float, kept_s: float) -> None:
    still = StillClock()
    known = hosts(still)
    known.delay(at(), asked_s)

    assert await start_times(known, still, at(), at()) == [0, kept_s]


async def test_a_crawl_delay_that_is_no_number_is_none() -> None:
    still = StillClock()
    known = hosts(still)
    known.delay(at(), float("nan"))
    known.delay(at(), float("inf"))

    assert await start_times(known, still, at(), at()) == [0, 2]


async def test_no_more_connections_than_allowed() -> None:
    still = StillClock()
    known = hosts(still, HostRule(pattern="*", pause_s=0.0, connections=3))
    inside = most = 0

    async def visit() -> None:
        nonlocal inside, most
        async with known.turn(at(), is_local=False):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(visit() for _number in range(10)))

    assert most == 3


async def test_a_short_pause_is_waited_for() -> None:
    still = StillClock()
    known = hosts(still)
    known.pause(at(), 30, "429")

    assert await start_times(known, still, at()) == [30]


async def test_a_long_pause_refuses_the_whole_host_at_once() -> None:
    still = StillClock()
    state = HostState()
    hosts(still, state=state).pause(at(), 3_600, "429")

    with pytest.raises(FetchError, match="3600 s more: 429") as caught:
        await start_times(hosts(still, state=state), still, at("https://a.example/other"))

    assert caught.value.reason == "host-paused"
    assert still.slept == []


async def test_a_pause_is_a_day_at_most_and_never_shortened() -> None:
    still = StillClock()
    state = HostState()
    known = hosts(still, state=state)

    known.pause(at(), 1e12, "429")
    known.pause(at(), 5, "again")

    assert state.pauses["a.example"].until == still.time + 86_400


async def test_a_clock_put_back_ends_the_pause() -> None:
    still = StillClock(time=1_000_000.0)
    state = HostState()
    known = hosts(still, state=state)
    known.pause(at(), 3_600, "429")

    still.time = 1_000.0

    assert known.check_pause(at()) == 0.0
    assert state.pauses == {}


async def test_a_host_that_fails_three_times_in_a_row_is_left_alone() -> None:
    still = StillClock()
    known = hosts(still)
    for is_local in (False, True):
        target = at(f"http://{is_local}.example/")
        for _number in range(2):
            known.failed(target, "timeout", is_local=is_local)
        known.succeeded(target)
        for _number in range(2):
            known.failed(target, "timeout", is_local=is_local)
        assert known.check_pause(target) == 0.0
        known.failed(target, "connection-refused", is_local=is_local)

    assert known.check_pause(at("http://true.example/")) == 0.0
    with pytest.raises(FetchError, match="3 requests in a row failed"):
        known.check_pause(at("http://false.example/"))
