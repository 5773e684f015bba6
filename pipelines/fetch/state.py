"""State: what is remembered of hosts from run to run: robots.txt files and pauses."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pipelines.disk import write_whole
from pipelines.fetch.limits import Clock

log = logging.getLogger(__name__)

VERSION = 2  # of the robots.txt texts: what `read_robots` leaves of a file
# A day's robots.txt files of ten thousand sites are about 15 MB; longer ones are simply asked for again.
TEXT_LENGTH = 100_000
# Characters of robots.txt files in memory: thousands of hostile sites could send 500 kB each.
ALL_TEXT_LENGTH = 64_000_000
ROBOTS_TTL_S = PAUSE_CAP_S = 86_400.0

Availability: TypeAlias = Literal["rules", "absent", "unreachable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """A robots.txt as it was found: its text where there was one."""

    fetched_at: float  # seconds since 1970
    availability: Availability
    text: str = ""
    detail: str = ""  # why it is unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A host that is not to be asked before an instant."""

    until: float  # seconds since 1970
    reason: str


@dataclass(slots=True, kw_only=True)
class HostState:
    """robots.txt by origin, pauses by host."""

    robots: dict[str, Robots] = field(default_factory=dict)
    pauses: dict[str, Pause] = field(default_factory=dict)
    _length: int = 0

    def __post_init__(self) -> None:
        self._length = sum(len(robots.text) for robots in self.robots.values())

    def remember(self, origin: str, robots: Robots) -> None:
        """Keeps a robots.txt; the oldest go where there are too many."""
        self._length += len(robots.text) - len(self.robots[origin].text if origin in self.robots else "")
        self.robots.pop(origin, None)
        self.robots[origin] = robots
        while self._length > ALL_TEXT_LENGTH:
            oldest = next(iter(self.robots))
            self._length -= len(self.robots.pop(oldest).text)

    def export_plain(self) -> dict[str, Any]:
        """The state as JSON-able data."""
        return {
            "version": VERSION,
            "robots": {
                origin: asdict(robots) for origin, robots in self.robots.items() if len(robots.text) <= TEXT_LENGTH
            },
            "pauses": {host: asdict(pause) for host, pause in self.pauses.items()},
        }

    def merge(self, other: "HostState") -> None:
        """Takes over what the other state knows later: two runs at once may have learnt different things."""
        for origin, robots in other.robots.items():
            mine = self.robots.get(origin)
            if mine is None or mine.fetched_at < robots.fetched_at:
                self.remember(origin, robots)
        for host, pause in other.pauses.items():
            if host not in self.pauses or self.pauses[host].until < pause.until:
                self.pauses[host] = pause

    def forget(self, *, now: float) -> None:
        """Drops what has run out, and what a clock that jumped has put into the future."""
        for origin, robots in list(self.robots.items()):
            if not 0 <= now - robots.fetched_at < ROBOTS_TTL_S:
                self._length -= len(self.robots.pop(origin).text)
        self.pauses = {host: pause for host, pause in self.pauses.items() if 0 < pause.until - now <= PAUSE_CAP_S}


def import_plain(data: object) -> HostState:
    """The state from JSON-able data. What does not look right is left out; never raises."""
    state = HostState()
    if not isinstance(data, Mapping):
        return state
    for origin, value in _items(data.get("robots")) if data.get("version") == VERSION else ():
        match value:
            case {
                "fetched_at": int() | float() as fetched_at,
                "availability": str(availability),
                "text": str(text),
                "detail": str(detail),
            }:
                for known in ("rules", "absent", "unreachable"):
                    if availability == known:
                        robots = Robots(fetched_at=fetched_at, availability=known, text=text, detail=detail)
                        state.remember(origin, robots)
    for host, value in _items(data.get("pauses")):
        match value:
            case {"until": int() | float() as until, "reason": str(reason)}:
                state.pauses[host] = Pause(until=until, reason=reason)
    return state


def load_host_state(path: Path) -> HostState:
    """What the file remembers; nothing where it is missing or broken: then everything is asked anew."""
    try:
        return import_plain(json.loads(path.read_bytes()))
    except (OSError, ValueError, RecursionError):
        return HostState()


def save_host_state(state: HostState, path: Path, *, now: float | None = None) -> None:
    """Writes the state in one step, with what another run has saved meanwhile. Raises OSError."""
    merged = load_host_state(path)
    merged.merge(state)
    merged.forget(now=time.time() if now is None else now)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(merged.export_plain(), separators=(",", ":")).encode())


@asynccontextmanager
async def keep_host_state(state: HostState, path: Path, *, clock: Clock, save_every_s: float) -> AsyncIterator[None]:
    """Saves the state at the end, and soon after a host has asked for a pause: a killed run forgets no more."""
    saving = _save_pauses(state, dict(state.pauses), path, clock=clock, save_every_s=save_every_s)
    saver = asyncio.create_task(saving, name="save hosts")
    try:
        yield
    finally:
        saver.cancel()
        await asyncio.gather(saver, return_exceptions=True)
        _save(state, path, clock)


async def _save_pauses(
    state: HostState, saved: dict[str, Pause], path: Path, *, clock: Clock, save_every_s: float
) -> None:
    while True:
        await asyncio.sleep(save_every_s)
        if saved != state.pauses:
            saved = dict(state.pauses)
            copy = HostState(robots=dict(state.robots), pauses=saved)
            await asyncio.to_thread(_save, copy, path, clock)


def _save(state: HostState, path: Path, clock: Clock) -> None:
    try:
        save_host_state(state, path, now=clock.now())
    except OSError as error:
        # Only courtesy is lost; those who need the disk report that it is full.
        log.warning("what is known of hosts could not be saved in %s: %s", path, error)


def _items(value: object) -> list[tuple[str, object]]:
    if not isinstance(value, Mapping):
        return []
    return [(key, item) for key, item in value.items() if isinstance(key, str)]
