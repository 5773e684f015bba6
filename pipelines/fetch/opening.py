"""Opening: a client with its connections and its memory, for as long as a block lasts."""

import asyncio
import logging
import random
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import httpx

from pipelines.fetch.addresses import Guard, Resolve
from pipelines.fetch.client import Client
from pipelines.fetch.clock import Clock
from pipelines.fetch.hosts import Hosts
from pipelines.fetch.limits import Limits
from pipelines.fetch.network import GuardedBackend, GuardedTransport
from pipelines.fetch.robots import PRODUCT
from pipelines.fetch.state import HostState, Pause, load_host_state, save_host_state
from pipelines.model import FetchRules

log = logging.getLogger(__name__)

# 128 idle connections in one pool cost 4.7 ms a request, 8 pools of 20 1.0 to 1.4 ms: httpcore looks at each.
SHARDS = 8
KEEPALIVE = 20
# A run that is killed forgets no more than this of the pauses it was told.
SAVE_EVERY_S = 10.0


@asynccontextmanager
async def open_client(
    *,
    rules: FetchRules,
    limits: Limits = Limits(),  # noqa: B008  frozen
    user_agent: str | None = None,
    state: HostState | None = None,
    state_path: Path | None = None,
    verify: ssl.SSLContext | None = None,
    resolve: Resolve | None = None,
    clock: Clock = Clock(),  # noqa: B008  frozen
    rng: Callable[[], float] = random.random,
) -> AsyncIterator[Client]:
    """A client and its connections, for as long as the block lasts.

    `state` is what is remembered of hosts, and goes on being written to. `state_path` is where it is kept from run
    to run instead (data/hosts.json): read at the start, saved at the end and soon after a host asked for a pause.
    `verify` replaces the certificates that are trusted: certifi's, or those that SSL_CERT_FILE names.
    `resolve` replaces DNS. Raises ConfigFault for rules that do not hold.
    """
    guard = Guard(rules.allow_networks, resolve=resolve, monotonic=clock.monotonic)
    state = state if state is not None else (HostState() if state_path is None else load_host_state(state_path))
    state.forget(now=clock.now())
    backend = GuardedBackend(guard, limits)
    ssl_context = verify or httpx.create_ssl_context()
    async with AsyncExitStack() as stack:
        transports = [
            await stack.enter_async_context(
                GuardedTransport(backend=backend, ssl_context=ssl_context, keepalive=KEEPALIVE)
            )
            for _shard in range(SHARDS)
        ]
        if state_path is not None:
            await stack.enter_async_context(_remembering(state, state_path, clock))
        yield Client(
            transports=tuple(transports),
            guard=guard,
            hosts=Hosts(rules=rules, limits=limits, state=state, clock=clock),
            state=state,
            limits=limits,
            user_agent=user_agent or name_us(rules.contact),
            clock=clock,
            rng=rng,
        )


def name_us(contact: str | None) -> str:
    """The honest User-Agent: who we are, and whom to write to."""
    try:
        number = version("presswatch")
    except PackageNotFoundError:  # run from a folder, not installed
        number = "0"
    shown = "".join(char for char in contact or "" if char.isascii() and char.isprintable() and char not in "()")
    return f"{PRODUCT}/{number} (+{shown.strip()})" if shown.strip() else f"{PRODUCT}/{number}"


@asynccontextmanager
async def _remembering(state: HostState, path: Path, clock: Clock) -> AsyncIterator[None]:
    """Saves the state at the end, and soon after a host has told us to stay away."""
    saver = asyncio.create_task(_save_pauses(state, dict(state.pauses), path, clock), name="save hosts")
    try:
        yield
    finally:
        saver.cancel()
        await asyncio.gather(saver, return_exceptions=True)
        _save(state, path, clock)


async def _save_pauses(state: HostState, saved: dict[str, Pause], path: Path, clock: Clock) -> None:
    while True:
        await asyncio.sleep(SAVE_EVERY_S)
        if saved != state.pauses:
            saved = dict(state.pauses)
            copy = HostState(robots=dict(state.robots), pauses=saved)
            await asyncio.to_thread(_save, copy, path, clock)


def _save(state: HostState, path: Path, clock: Clock) -> None:
    try:
        save_host_state(state, path, now=clock.now())
    except OSError as error:
        # Nothing is lost but courtesy; a full disk is told by those who need it.
        log.warning("what is known of hosts could not be saved in %s: %s", path, error)
