"""Client: a URL becomes a response, or a failure that says why not. Never raises for what the world does."""

import asyncio
import random
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import httpx

from pipelines.fetch.addresses import Guard, Resolve, Resolved
from pipelines.fetch.answers import Answer, Redirect, exchange
from pipelines.fetch.bodies import Accept, Wanted
from pipelines.fetch.connections import GuardedTransport, trust_by_default
from pipelines.fetch.failures import FetchError, FetchFailure, Observed
from pipelines.fetch.hosts import Hosts, Slot
from pipelines.fetch.limits import Clock, FetchLimits
from pipelines.fetch.robots import PRODUCT, RobotsCache, read_robots
from pipelines.fetch.state import HostState, Robots, keep_host_state, load_host_state
from pipelines.fetch.target import Target, join_target, may_carry, parse_target
from pipelines.model import FetchRules, Source, Validators
from pipelines.reasons import RULES

# Up to this many bytes a robots.txt is read on the loop: a thread costs more than the reading.
_SMALL_ROBOTS = 8 * 1024


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
class _Request:
    """One URL, and how far its attempts and redirects have come."""

    start: Target
    target: Target  # where it has come to
    home: Target | None = None  # whose host the headers are for
    headers: tuple[tuple[str, str], ...] = ()
    conditions: tuple[tuple[str, str], ...] = ()
    networks: tuple[str, ...] = ()  # private ones that it may lead into
    wanted: Wanted
    slot: Slot
    left_s: float
    is_robots: bool = False  # it asks for a robots.txt, and so is not subject to one
    spent_s: float = 0.0
    attempt_count: int = 0
    observed: Observed = field(default_factory=Observed)
    is_local: bool = False


class Client:
    """The polite client, one for a whole run: the hosts' pace is kept in it. `open_client` makes it."""

    def __init__(
        self,
        *,
        transport: httpx.AsyncBaseTransport,
        guard: Guard,
        hosts: Hosts,
        state: HostState,
        limits: FetchLimits,
        user_agent: str,
        clock: Clock,
        rng: Callable[[], float],
    ) -> None:
        self._transport = transport
        self._guard = guard
        self._hosts = hosts
        self._robots_cache = RobotsCache()
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
        source: Source | None = None,
        validators: Validators | None = None,
        slot: Slot | None = None,
    ) -> Response | FetchFailure:
        """Fetches a URL: redirects followed, passing failures tried again, the host's pace kept.

        `source` is the one for whom it is fetched. Its headers may be credentials: they are shown to the host of its
        own location only, and never with less TLS than there. Its private networks may be reached for it alone.
        `validators` make the request conditional: a Response with status 304 has no content.
        `slot` is the place of this URL among those that are fetched side by side.
        """
        target = parse_target(url, length=self.limits.url_length)
        if isinstance(target, str):
            return FetchFailure(reason="bad-url", detail=target, final_url=url)
        conditions = _conditions(validators)
        max_bytes = self.limits.sitemap_bytes if accept is Accept.SITEMAP else self.limits.body_bytes
        request = _Request(
            start=target,
            target=target,
            wanted=Wanted(accept=accept, max_bytes=max_bytes, is_conditional=bool(conditions)),
            conditions=conditions,
            slot=slot or Slot(),
            left_s=self.limits.total_s,
        )
        if source is not None:
            request.networks = source.allow_networks
            if source.headers:
                home = parse_target(source.location, length=self.limits.url_length)
                request.home = home if isinstance(home, Target) else None
                request.headers = tuple(source.headers.items())
        return await self._run(request)

    def connections(self, url: str) -> int:
        """The most connections that the host of a URL could get."""
        target = parse_target(url)
        return 1 if isinstance(target, str) else self._hosts.connections(target)

    async def sitemaps(self, url: str, *, source: Source | None = None) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of the URL's site announces; none where it cannot be read."""
        target = parse_target(url, length=self.limits.url_length)
        if isinstance(target, str):
            return ()
        try:
            robots = await self._robots(target, Slot(), source.allow_networks if source else ())
        except FetchError:
            return ()
        return self._robots_cache.rules_of(robots).sitemaps

    async def _run(self, request: _Request) -> Response | FetchFailure:
        """Attempt after attempt, until there is an answer or no point in another."""
        for backoff_s in self._backoffs():
            try:
                return self._succeed(request, await self._attempt(request))
            except FetchError as error:
                if not self._may_try_again(request, error) or backoff_s is None:
                    return self._fail(request, error)
            request.slot.release_body()
            await self.clock.sleep(backoff_s)
        raise AssertionError("the last attempt ends one way or the other")

    def _backoffs(self) -> Iterator[float | None]:
        """Seconds to wait after each attempt, None after the last."""
        for retry in range(self.limits.retries):
            # The jitter keeps the pages of a host that stumbled from coming back in step.
            yield self.limits.backoff_s * 2**retry * (1 + 0.5 * self._rng())
        yield None

    async def _attempt(self, request: _Request) -> Answer:
        """From the first URL through its redirects."""
        target = request.start
        for hop in range(self.limits.redirects + 1):
            request.target = target
            request.observed = Observed()
            resolved = await self._admit(request)
            request.attempt_count += hop == 0
            answer = await self._ask(request, resolved)
            if isinstance(answer, Answer):
                return answer
            following = join_target(target, answer.location, length=self.limits.url_length)
            if isinstance(following, str):
                raise FetchError(
                    "bad-redirect", f"status {answer.status} leads nowhere: {following}", evidence=answer.location
                )
            target = following
        raise FetchError("too-many-redirects", f"more than {self.limits.redirects} redirects", evidence=target.url)

    async def _admit(self, request: _Request) -> Resolved:
        """Pause, address and robots.txt, before anything is asked of the host."""
        target = request.target
        self._hosts.check_pause(target)
        resolved = await self._guard.resolve(target.host, networks=request.networks, timeout_s=self.limits.connect_s)
        request.is_local = resolved.is_local
        if not request.is_robots:
            robots = await self._robots(target, request.slot, request.networks)
            if robots.availability == "unreachable":
                raise FetchError("robots-unreachable", robots.detail)
            if not self._robots_cache.rules_of(robots).is_allowed(target.path):
                raise FetchError("robots-disallowed", f"robots.txt of {target.origin} forbids it")
        return resolved

    async def _ask(self, request: _Request, resolved: Resolved) -> Answer | Redirect:
        """One exchange, in the host's turn and within what is left of the deadline."""
        request.slot.release_body()  # of robots.txt; what waits for an exchange must not hold room for a body
        async with self._hosts.turn(request.target, is_local=resolved.is_local), request.slot.exchange():
            started = self.clock.monotonic()
            waited_s = 0.0

            async def make_room() -> None:
                nonlocal waited_s
                asked = self.clock.monotonic()
                deadline.reschedule(None)  # that our own side is slow is not the server's fault
                await request.slot.acquire_body()
                waited_s = self.clock.monotonic() - asked
                deadline.reschedule(asyncio.get_running_loop().time() + request.left_s - (asked - started))

            try:
                async with asyncio.timeout(request.left_s) as deadline:
                    return await exchange(
                        self._transport,
                        request.target,
                        resolved,
                        headers=self._request_headers(request),
                        wanted=request.wanted,
                        make_room=make_room,
                        limits=self.limits,
                        observed=request.observed,
                        now=self.clock.now(),
                    )
            except TimeoutError as error:
                detail = f"no whole answer within {self.limits.total_s:g} s"
                raise FetchError("timeout", detail, is_connected=request.observed.is_connected) from error
            finally:
                took_s = self.clock.monotonic() - started - waited_s
                request.spent_s += took_s
                request.left_s -= took_s

    def _request_headers(self, request: _Request) -> list[tuple[str, str]]:
        headers = [
            ("User-Agent", self.user_agent),
            ("Accept", request.wanted.accept.header),
            ("Accept-Encoding", "gzip, deflate"),
            *request.conditions,
        ]
        if request.home is not None and may_carry(request.home, request.target):
            headers += request.headers
        return headers

    def _may_try_again(self, request: _Request, error: FetchError) -> bool:
        """Whether another attempt may help. A long Retry-After turns `error` into host-paused."""
        pause_s = error.retry_after_s
        if pause_s is not None:
            self._hosts.pause(request.target, pause_s, f"it asked for that, with {error.detail}")
            if pause_s > self.limits.longest_wait_s:
                error.reason = "host-paused"
                error.detail = f"{error.detail}: asks to be left alone for {pause_s:.0f} s"
                return False
        return error.is_retryable and request.left_s > 0

    def _succeed(self, request: _Request, answer: Answer) -> Response:
        self._hosts.succeeded(request.target)
        return Response(
            final_url=request.target.url,
            status=answer.head.status,
            headers=answer.head.headers,
            content=answer.content,
            content_type=request.observed.content_type,
            byte_count=len(answer.content),
            duration_ms=round(request.spent_s * 1_000),
            attempt_count=request.attempt_count,
            status_line=None if answer.head.status == 304 else answer.head.status_line,
        )

    def _fail(self, request: _Request, error: FetchError) -> FetchFailure:
        if request.is_robots:
            pass  # the page that asks for it counts
        elif RULES[error.reason].blames_host:
            self._hosts.failed(request.target, error.reason, is_local=request.is_local)
        elif request.observed.status is not None:
            self._hosts.succeeded(request.target)
        return FetchFailure(
            reason=error.reason,
            detail=error.detail,
            final_url=request.target.url,
            evidence=error.evidence,
            status=request.observed.status,
            content_type=request.observed.content_type,
            byte_count=request.observed.byte_count,
            attempt_count=request.attempt_count,
            duration_ms=round(request.spent_s * 1_000),
            is_connected=error.is_connected,
        )

    async def _robots(self, target: Target, slot: Slot, networks: tuple[str, ...]) -> Robots:
        """The robots.txt that speaks for a target: remembered for a day, asked for by one at a time."""
        lock = self._robots_locks.setdefault(target.origin, asyncio.Lock())
        async with lock:
            robots = self.state.robots.get(target.origin)
            if robots is None or not self._is_fresh(robots):
                robots = await self._fetch_robots(target, slot, networks)
                self.state.remember(target.origin, robots)
        self._hosts.delay(target, self._robots_cache.rules_of(robots).crawl_delay_s)
        return robots

    def _is_fresh(self, robots: Robots) -> bool:
        is_unreachable = robots.availability == "unreachable"
        ttl_s = self.limits.robots_retry_s if is_unreachable else self.limits.robots_ttl_s
        return 0 <= self.clock.now() - robots.fetched_at < ttl_s

    async def _fetch_robots(self, target: Target, slot: Slot, networks: tuple[str, ...]) -> Robots:
        """RFC 9309: 4xx allows everything, 5xx and silence nothing. A host that is not there is no matter of robots."""
        start = parse_target(f"{target.origin}/robots.txt")
        assert isinstance(start, Target)
        found = await self._run(
            _Request(
                start=start,
                target=start,
                networks=networks,
                wanted=Wanted(accept=Accept.ANY, max_bytes=self.limits.robots_bytes, is_cut=True),
                slot=slot,
                left_s=self.limits.total_s,
                is_robots=True,
            )
        )
        now = self.clock.now()
        if isinstance(found, Response):
            is_small = len(found.content) <= _SMALL_ROBOTS
            text = read_robots(found.content) if is_small else await asyncio.to_thread(read_robots, found.content)
            return Robots(fetched_at=now, availability="rules", text=text)
        if found.reason == "host-paused":
            raise FetchError("host-paused", found.detail, evidence=found.evidence)
        # 429 says nothing about rules: a host with too many requests must not be crawled as if all were allowed.
        is_answer = 400 <= (found.status or 0) <= 499 and found.status != 429
        if is_answer or found.reason in ("empty-body", "too-many-redirects"):
            return Robots(fetched_at=now, availability="absent")
        if not found.is_connected and found.final_url == start.url:
            raise FetchError(found.reason, found.detail, evidence=found.evidence, is_connected=False)
        detail = f"robots.txt: {found.reason}: {found.detail}"
        return Robots(fetched_at=now, availability="unreachable", detail=detail)


def _conditions(validators: Validators | None) -> tuple[tuple[str, str], ...]:
    if validators is None:
        return ()
    pairs = (("If-None-Match", validators.etag), ("If-Modified-Since", validators.last_modified))
    return tuple((name, value) for name, value in pairs if value and value.isascii() and value.isprintable())


@asynccontextmanager
async def open_client(
    *,
    rules: FetchRules,
    limits: FetchLimits = FetchLimits(),  # noqa: B008  frozen
    user_agent: str | None = None,
    state: HostState | None = None,
    state_path: Path | None = None,
    save_every_s: float = 10.0,
    verify: ssl.SSLContext | None = None,
    resolve: Resolve | None = None,
    clock: Clock = Clock(),  # noqa: B008  frozen
    rng: Callable[[], float] = random.random,
) -> AsyncIterator[Client]:
    """A client and its connections, for as long as the block lasts.

    `state` is what is remembered of hosts, and goes on being written to. `state_path` is where it is kept from run
    to run instead (data/hosts.json): read at the start, saved at the end and soon after a host asked for a pause.
    `verify` replaces the certificates that are trusted: certifi's, or those that SSL_CERT_FILE or SSL_CERT_DIR names.
    `resolve` replaces DNS. Raises ConfigFault for rules that do not hold.
    """
    guard = Guard(rules.allow_networks, resolve=resolve, monotonic=clock.monotonic)
    state = state if state is not None else (HostState() if state_path is None else load_host_state(state_path))
    state.forget(now=clock.now())
    async with AsyncExitStack() as stack:
        transport = await stack.enter_async_context(
            GuardedTransport(limits=limits, ssl_context=verify or trust_by_default())
        )
        if state_path is not None:
            await stack.enter_async_context(keep_host_state(state, state_path, clock=clock, save_every_s=save_every_s))
        yield Client(
            transport=transport,
            guard=guard,
            hosts=Hosts(rules=rules, limits=limits, state=state, clock=clock),
            state=state,
            limits=limits,
            user_agent=user_agent or user_agent_for(rules.contact),
            clock=clock,
            rng=rng,
        )


def user_agent_for(contact: str | None) -> str:
    """The honest User-Agent: the product, its version and a contact."""
    try:
        number = version("presswatch")
    except PackageNotFoundError:  # run from a folder, not installed
        number = "0"
    shown = "".join(char for char in contact or "" if char.isascii() and char.isprintable() and char not in "()")
    return f"{PRODUCT}/{number} (+{shown.strip()})" if shown.strip() else f"{PRODUCT}/{number}"
