"""Hosts: whose turn it is. Pace, pauses and failures belong to the host, across all sources; slots to the whole run."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pipelines.fetch.failures import FetchError
from pipelines.fetch.limits import Clock, FetchLimits
from pipelines.fetch.state import HostState, Pause
from pipelines.fetch.target import Target
from pipelines.model import FetchRules, HostRule, Reason

DEFAULT = HostRule(pattern="*")
# The operator's own networks need no courtesy beyond four connections.
LOCAL = HostRule(pattern="*", pause_s=0.0, connections=4)


@dataclass(slots=True)
class _Host:
    rule: HostRule
    is_local: bool
    places: asyncio.Semaphore
    next_at: float = 0.0  # monotonic
    failure_count: int = 0  # in a row


class Hosts:
    """One connection and a pause a host, unless the rules, robots.txt or the host itself say otherwise."""

    def __init__(self, *, rules: FetchRules, limits: FetchLimits, state: HostState, clock: Clock) -> None:
        self._rules = rules.hosts
        self._limits = limits
        self._state = state
        self._clock = clock
        self._hosts: dict[str, _Host] = {}
        self._crawl_delays: dict[str, float] = {}

    def rule_for(self, target: Target) -> HostRule | None:
        """The operator's rule for a host, by its name or by name and port; the first that matches holds."""
        names = {target.host, target.key}
        return next(
            (rule for rule in self._rules if any(fnmatchcase(name, rule.pattern.lower()) for name in names)), None
        )

    def connections(self, target: Target) -> int:
        """The most connections that a host could ever get."""
        return (self.rule_for(target) or LOCAL).connections

    def _host(self, target: Target, *, is_local: bool) -> _Host:
        host = self._hosts.get(target.key)
        if host is None:
            rule = self.rule_for(target) or (LOCAL if is_local else DEFAULT)
            host = _Host(rule=rule, is_local=is_local, places=asyncio.Semaphore(max(1, rule.connections)))
            self._hosts[target.key] = host
        return host

    @asynccontextmanager
    async def turn(self, target: Target, *, is_local: bool) -> AsyncIterator[None]:
        """Waits for a connection and the pause; raises FetchError (host-paused) where that takes too long."""
        host = self._host(target, is_local=is_local)
        self.check_pause(target)
        async with host.places:
            await self._wait(target, host)
            try:
                yield
            finally:
                host.next_at = max(host.next_at, self._clock.monotonic() + self._pace_s(target, host))

    async def _wait(self, target: Target, host: _Host) -> None:
        while True:
            paused_s = self.check_pause(target)
            now = self._clock.monotonic()
            if paused_s <= 0 and host.next_at <= now:
                host.next_at = now + self._pace_s(target, host)
                return
            await self._clock.sleep(max(paused_s, host.next_at - now, 0.001))

    def check_pause(self, target: Target) -> float:
        """Seconds that the host is still paused; raises FetchError (host-paused) where that is too long."""
        pause = self._state.pauses.get(target.key)
        if pause is None:
            return 0.0
        left_s = pause.until - self._clock.now()
        if left_s <= 0 or left_s > self._limits.pause_cap_s:  # run out, or a clock that jumped
            del self._state.pauses[target.key]
            return 0.0
        if left_s > self._limits.longest_wait_s:
            detail = f"{target.key} is left alone for {left_s:.0f} s more: {pause.reason}"
            raise FetchError("host-paused", detail, is_connected=False)
        return left_s

    def pause(self, target: Target, seconds: float, reason: str) -> None:
        """Leaves the whole host alone for some seconds, a day at most; never shortens a pause."""
        until = self._clock.now() + min(max(seconds, 0.0), self._limits.pause_cap_s)
        known = self._state.pauses.get(target.key)
        if known is None or known.until < until:
            self._state.pauses[target.key] = Pause(until=until, reason=reason)

    def delay(self, target: Target, seconds: float) -> None:
        """Takes the crawl-delay of a robots.txt into the host's pace, within the bound."""
        if math.isfinite(seconds):
            self._crawl_delays[target.key] = min(max(seconds, 0.0), self._limits.crawl_delay_s)

    def _pace_s(self, target: Target, host: _Host) -> float:
        return max(host.rule.pause_s, self._crawl_delays.get(target.key, 0.0))

    def succeeded(self, target: Target) -> None:
        """The host answered something sensible."""
        host = self._hosts.get(target.key)
        if host is not None:
            host.failure_count = 0

    def failed(self, target: Target, reason: Reason, *, is_local: bool) -> None:
        """A URL failed, after its retries. A host that fails three in a row is left alone for a while.

        Without this a dead host with 200 articles would be asked 600 times, 10 s each.
        The operator's own networks are exempt. `reason` is one that blames the host.
        """
        host = self._host(target, is_local=is_local)
        host.failure_count += 1
        if host.failure_count >= self._limits.failures_in_a_row and not host.is_local:
            host.failure_count = 0
            why = f"{self._limits.failures_in_a_row} requests in a row failed, the last with {reason}"
            self.pause(target, self._limits.failure_pause_s, why)


# A host that thinks for twenty seconds costs a socket, not memory: 500 slow hosts behind 32 slots were 16 rounds.
EXCHANGES_PER_BODY = 8


class Slots:
    """What all pages share: room for so many bodies, and eight times as many exchanges, most of which wait."""

    def __init__(self, bodies: int) -> None:
        self.bodies = asyncio.Semaphore(max(1, bodies))
        self.exchanges = asyncio.Semaphore(max(1, bodies) * EXCHANGES_PER_BODY)


class Slot:
    """The slots that one page takes; none, where there are none to share. A host's pause takes no slot."""

    def __init__(self, slots: Slots | None = None) -> None:
        self._slots = slots
        self._has_body = False

    @asynccontextmanager
    async def exchange(self) -> AsyncIterator[None]:
        """Waits for a slot for an exchange and holds it for the block."""
        if self._slots is None:
            yield
            return
        async with self._slots.exchanges:
            yield

    async def acquire_body(self) -> None:
        """Waits for room for a body; it is held until it is given back, past the end of the exchange."""
        if self._slots is not None and not self._has_body:
            await self._slots.bodies.acquire()
            self._has_body = True

    def release_body(self) -> None:
        """Gives the room back, where it is held."""
        if self._slots is not None and self._has_body:
            self._has_body = False
            self._slots.bodies.release()
