"""Client: a URL becomes a response, or a fault that says why not. Never raises for what the world does."""

import asyncio
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import httpx

from pipelines.fetch.accept import Accept
from pipelines.fetch.addresses import Guard, Resolved
from pipelines.fetch.clock import Clock
from pipelines.fetch.exchange import Answer, Redirect, Trail, Wanted, exchange
from pipelines.fetch.faults import Fault, RefusedError
from pipelines.fetch.hosts import Hosts
from pipelines.fetch.limits import Limits
from pipelines.fetch.robots import Rules, read_text
from pipelines.fetch.slots import Slot
from pipelines.fetch.state import HostState, Robots
from pipelines.fetch.target import Target, join_target, may_carry, parse_target
from pipelines.model import Validators
from pipelines.reasons import RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer with its whole body, decoded of its transfer; content is empty where status is 304."""

    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]  # names in lower case
    content: bytes = field(repr=False)
    content_type: str | None
    byte_count: int
    duration_ms: int  # in exchanges, waiting for the host's turn apart
    attempt_count: int
    status_line: str | None = None  # as received; None where status is 304

    def header(self, name: str) -> str | None:
        """The first value of a header."""
        return next((value for key, value in self.headers if key == name.lower()), None)


@dataclass(slots=True, kw_only=True)
class _Journey:
    """One URL's way through redirects and attempts."""

    start: Target
    target: Target  # where it has come to
    home: Target | None = None  # whose host the headers are for
    wanted: Wanted
    headers: tuple[tuple[str, str], ...]
    conditions: tuple[tuple[str, str], ...]
    obeys_robots: bool
    is_robots: bool = False
    slot: Slot
    left_s: float
    spent_s: float = 0.0
    attempt_count: int = 0
    trail: Trail = field(default_factory=Trail)
    is_local: bool = False


class Client:
    """The polite client, one for a whole run: the hosts' pace is kept in it. `open_client` makes it."""

    def __init__(
        self,
        *,
        transports: tuple[httpx.AsyncBaseTransport, ...],
        guard: Guard,
        hosts: Hosts,
        state: HostState,
        limits: Limits,
        user_agent: str,
        clock: Clock,
        rng: Callable[[], float],
    ) -> None:
        self._transports = transports
        self._guard = guard
        self._hosts = hosts
        self._rules = Rules()
        self._robots_locks: dict[str, asyncio.Lock] = {}
        self.state = state
        self.limits = limits
        self.user_agent = user_agent
        self.clock = clock
        self._rng = rng

    async def get(
        self,
        url: str,
        *,
        accept: Accept,
        headers: Iterable[tuple[str, str]] | Mapping[str, str] = (),
        headers_for: str | None = None,
        validators: Validators | None = None,
        obey_robots: bool = True,
        max_bytes: int | None = None,
        slot: Slot | None = None,
    ) -> Response | Fault:
        """Fetches a URL: redirects followed, faults that may pass tried again, the host's pace kept.

        `headers` may be credentials: they are shown to the host of `headers_for` only, and never with less TLS than
        there; where it is not given, the host is the URL's own.
        `validators` make the request conditional: a Response with status 304 has no content.
        `max_bytes` bounds the decoded body; the default is the limits' for that kind of answer.
        `slot` is the place of this URL among those that are fetched side by side.
        """
        target = parse_target(url, length=self.limits.url_length)
        if isinstance(target, str):
            return Fault(reason="bad-url", detail=target, final_url=url)
        if max_bytes is None:
            max_bytes = self.limits.sitemap_bytes if accept is Accept.SITEMAP else self.limits.body_bytes
        conditions = _conditions(validators)
        home = target if headers_for is None else parse_target(headers_for, length=self.limits.url_length)
        journey = _Journey(
            start=target,
            target=target,
            home=None if isinstance(home, str) else home,
            wanted=Wanted(accept=accept, max_bytes=max_bytes, is_conditional=bool(conditions)),
            headers=tuple(headers.items() if isinstance(headers, Mapping) else headers),
            conditions=conditions,
            obeys_robots=obey_robots,
            slot=slot or Slot(),
            left_s=self.limits.total_s,
        )
        return await self._travel(journey)

    def connections(self, url: str) -> int:
        """The most connections that the host of a URL could get."""
        target = parse_target(url)
        return 1 if isinstance(target, str) else self._hosts.connections(target.host)

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of the URL's site announces; none where it cannot be read."""
        target = parse_target(url, length=self.limits.url_length)
        if isinstance(target, str):
            return ()
        try:
            return self._rules.sitemaps(await self._robots(target, Slot()))
        except RefusedError:
            return ()

    async def _travel(self, journey: _Journey) -> Response | Fault:
        """Attempt after attempt, until there is an answer or no point."""
        for backoff_s in self._backoffs():
            try:
                answer = await self._attempt(journey)
            except RefusedError as refused:
                if not self._may_try_again(journey, refused) or backoff_s is None:
                    return self._give_up(journey, refused)
                journey.slot.give_body()
                await self.clock.sleep(backoff_s)
            else:
                return self._arrive(journey, answer)
        raise AssertionError("the last attempt ends one way or the other")

    def _backoffs(self) -> Iterator[float | None]:
        """Seconds to wait after each attempt, None after the last."""
        for retry in range(self.limits.retries):
            # The jitter keeps the pages of a host that stumbled from coming back in step.
            yield self.limits.backoff_s * 2**retry * (1 + 0.5 * self._rng())
        yield None

    async def _attempt(self, journey: _Journey) -> Answer:
        """From the first URL through its redirects."""
        target = journey.start
        for hop in range(self.limits.redirects + 1):
            journey.target = target
            journey.trail = Trail()
            resolved = await self._admit(journey)
            journey.attempt_count += hop == 0
            answer = await self._ask(journey, resolved)
            if isinstance(answer, Answer):
                return answer
            following = join_target(target, answer.location, length=self.limits.url_length)
            if isinstance(following, str):
                raise RefusedError(
                    "bad-redirect", f"status {answer.status} leads nowhere: {following}", evidence=answer.location
                )
            target = following
        raise RefusedError("too-many-redirects", f"more than {self.limits.redirects} redirects", evidence=target.url)

    async def _admit(self, journey: _Journey) -> Resolved:
        """Pause, address and robots.txt, before anything is asked of the host."""
        self._hosts.check_pause(journey.target)
        resolved = await self._guard.resolve(journey.target.host, timeout_s=self.limits.connect_s)
        journey.is_local = resolved.is_local
        if journey.obeys_robots:
            robots = await self._robots(journey.target, journey.slot)
            if robots.availability == "unreachable":
                raise RefusedError("robots-unreachable", robots.detail)
            if not self._rules.is_allowed(robots, journey.target.url):
                raise RefusedError("robots-disallowed", f"robots.txt of {journey.target.origin} forbids it")
        return resolved

    async def _ask(self, journey: _Journey, resolved: Resolved) -> Answer | Redirect:
        """One exchange, in the host's turn and within what is left of the deadline."""
        journey.slot.give_body()  # of robots.txt; whoever waits for an exchange must not hold room for a body
        async with self._hosts.turn(journey.target, is_local=resolved.is_local), journey.slot.exchange():
            started = self.clock.monotonic()
            waited_s = 0.0

            async def make_room() -> None:
                nonlocal waited_s
                asked = self.clock.monotonic()
                deadline.reschedule(None)  # that our own side is slow is not the server's fault
                await journey.slot.take_body()
                waited_s = self.clock.monotonic() - asked
                deadline.reschedule(asyncio.get_running_loop().time() + journey.left_s - (asked - started))

            try:
                async with asyncio.timeout(journey.left_s) as deadline:
                    return await exchange(
                        self._transport(journey.target),
                        journey.target.url,
                        headers=self._request_headers(journey),
                        wanted=journey.wanted,
                        make_room=make_room,
                        limits=self.limits,
                        trail=journey.trail,
                        now=self.clock.now(),
                    )
            except TimeoutError as error:
                detail = f"no whole answer within {self.limits.total_s:g} s"
                raise RefusedError("timeout", detail) from error
            finally:
                took_s = self.clock.monotonic() - started - waited_s
                journey.spent_s += took_s
                journey.left_s -= took_s

    def _transport(self, target: Target) -> httpx.AsyncBaseTransport:
        return self._transports[zlib.crc32(target.host.encode()) % len(self._transports)]

    def _request_headers(self, journey: _Journey) -> list[tuple[str, str]]:
        headers = [
            ("User-Agent", self.user_agent),
            ("Accept", journey.wanted.accept.header),
            ("Accept-Encoding", "gzip, deflate"),
            *journey.conditions,
        ]
        if journey.home is not None and may_carry(journey.home, journey.target):
            headers += journey.headers
        return headers

    def _may_try_again(self, journey: _Journey, refused: RefusedError) -> bool:
        """Whether another attempt may help. A long Retry-After turns `refused` into host-paused."""
        pause_s = refused.retry_after_s
        if pause_s is not None:
            self._hosts.pause(journey.target, pause_s, f"it said so, with {refused.detail}")
            if pause_s > self.limits.patience_s:
                refused.reason = "host-paused"
                refused.detail = f"{refused.detail}: asks to be left alone for {pause_s:.0f} s"
                return False
        return refused.is_retryable and journey.left_s > 0

    def _arrive(self, journey: _Journey, answer: Answer) -> Response:
        self._hosts.succeeded(journey.target)
        return Response(
            final_url=journey.target.url,
            status=answer.status,
            headers=answer.headers,
            content=answer.content,
            content_type=answer.content_type,
            byte_count=len(answer.content),
            duration_ms=round(journey.spent_s * 1_000),
            attempt_count=journey.attempt_count,
            status_line=answer.status_line,
        )

    def _give_up(self, journey: _Journey, refused: RefusedError) -> Fault:
        if journey.is_robots:
            pass  # the page that asks for it counts
        elif RULES[refused.reason].blames_host:
            self._hosts.failed(journey.target, refused.reason, is_local=journey.is_local)
        elif journey.trail.status is not None:
            self._hosts.succeeded(journey.target)
        return Fault(
            reason=refused.reason,
            detail=refused.detail,
            final_url=journey.target.url,
            evidence=refused.evidence,
            status=journey.trail.status,
            content_type=journey.trail.content_type,
            byte_count=journey.trail.byte_count,
            attempt_count=journey.attempt_count,
            duration_ms=round(journey.spent_s * 1_000),
            is_connected=refused.is_connected,
        )

    async def _robots(self, target: Target, slot: Slot) -> Robots:
        """The robots.txt that speaks for a target: remembered for a day, asked for by one at a time."""
        lock = self._robots_locks.setdefault(target.origin, asyncio.Lock())
        async with lock:
            robots = self.state.robots.get(target.origin)
            if robots is None or not self._is_fresh(robots):
                robots = await self._fetch_robots(target, slot)
                self.state.remember(target.origin, robots)
        self._hosts.delay(target, self._rules.crawl_delay_s(robots))
        return robots

    def _is_fresh(self, robots: Robots) -> bool:
        is_unreachable = robots.availability == "unreachable"
        ttl_s = self.limits.robots_retry_s if is_unreachable else self.limits.robots_ttl_s
        return 0 <= self.clock.now() - robots.fetched_at < ttl_s

    async def _fetch_robots(self, target: Target, slot: Slot) -> Robots:
        """RFC 9309: 4xx allows everything, 5xx and silence nothing. A host that is not there is no matter of robots."""
        place = parse_target(f"{target.origin}/robots.txt")
        assert isinstance(place, Target)
        found = await self._travel(
            _Journey(
                start=place,
                target=place,
                wanted=Wanted(accept=Accept.ANY, max_bytes=self.limits.robots_bytes, is_cut=True),
                headers=(),
                conditions=(),
                obeys_robots=False,
                is_robots=True,
                slot=slot,
                left_s=self.limits.total_s,
            )
        )
        now = self.clock.now()
        if isinstance(found, Response):
            return Robots(fetched_at=now, availability="rules", text=read_text(found.content))
        if found.reason == "host-paused":
            raise RefusedError("host-paused", found.detail, evidence=found.evidence)
        # 429 is no word about rules: whoever says "too many requests" is not to be crawled as if all were allowed.
        is_told = 400 <= (found.status or 0) <= 499 and found.status != 429
        if is_told or found.reason in ("empty-body", "too-many-redirects"):
            return Robots(fetched_at=now, availability="absent")
        if not found.is_connected and found.final_url == place.url:
            raise RefusedError(found.reason, found.detail, evidence=found.evidence, is_connected=False)
        detail = f"robots.txt: {found.reason}: {found.detail}"
        return Robots(fetched_at=now, availability="unreachable", detail=detail)


def _conditions(validators: Validators | None) -> tuple[tuple[str, str], ...]:
    if validators is None:
        return ()
    pairs = (("If-None-Match", validators.etag), ("If-Modified-Since", validators.last_modified))
    return tuple((name, value) for name, value in pairs if value and value.isascii() and value.isprintable())
