"""Addresses: a host name becomes the addresses that may be connected to, or a FetchError.

Every answer of DNS is looked at, and the connection goes to the address that was looked at:
a name that answers differently a moment later (DNS rebinding) gains nothing.
"""

import asyncio
import ipaddress
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from pipelines.fetch.failures import FetchError
from pipelines.model import ConfigFault

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve: TypeAlias = Callable[[str], Awaitable[list[str]]]

# IANA's special-purpose registries, and two that a cloud answers on from public space.
_RESERVED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; Alibaba's metadata
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local; most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "168.63.129.16/32",  # Azure's metadata
    )
)
# Only this much of IPv6 is handed out; everything else is special by definition.
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_RESERVED_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def unwrap(address: Address) -> Address:
    """The IPv4 address inside a v4-mapped or NAT64 one, else the address itself."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def is_public(address: Address) -> bool:
    """Whether an address lies in the public internet."""
    address = unwrap(address)
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _RESERVED_V4)
    return address in _GLOBAL_V6 and not any(address in network for network in _RESERVED_V6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The addresses of a host, all of them checked."""

    addresses: tuple[str, ...]
    is_local: bool  # all of them lie in networks the operator allowed
    networks: tuple[str, ...] = ()  # by whose permission one of them may be asked; () where everybody may


class Guard:
    """Resolves host names and refuses those that lead into private or reserved networks."""

    TTL_S = 60.0
    SIZE = 10_000
    # Each look-up is a thread; a name server that hangs holds up no more than these.
    LOOKUPS = 64

    def __init__(
        self,
        allow_networks: Iterable[str],
        *,
        resolve: Resolve | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`allow_networks` holds for every source. Raises ConfigFault for what is no network in CIDR notation."""
        self._for_all = tuple(_read_network(text, key="fetch.allow_networks") for text in allow_networks)
        self._for_some: dict[tuple[str, ...], tuple[Network, ...]] = {(): self._for_all}
        self._resolve = resolve or resolve_by_system
        self._monotonic = monotonic
        self._known: dict[tuple[str, tuple[str, ...]], tuple[float, Resolved]] = {}
        self._lookups = asyncio.Semaphore(self.LOOKUPS)

    async def resolve(self, host: str, *, networks: tuple[str, ...] = (), timeout_s: float) -> Resolved:
        """The checked addresses of a host; raises FetchError (unknown-host, private-address, timeout).

        networks: the private networks which the source that asks may reach beside those that all may.
        """
        known = self._known.get((host, networks))
        if known is not None and known[0] > self._monotonic():
            return known[1]
        resolved = self.check(host, await self._look_up(host, timeout_s), networks=networks)
        if len(self._known) >= self.SIZE:
            self._known.clear()
        self._known[host, networks] = (self._monotonic() + self.TTL_S, resolved)
        return resolved

    async def _look_up(self, host: str, timeout_s: float) -> list[str]:
        if host == "localhost" or host.endswith(".localhost"):
            return ["127.0.0.1"]  # RFC 6761: never a matter for DNS
        try:
            async with self._lookups, asyncio.timeout(timeout_s):
                return await self._resolve(host)
        except TimeoutError as error:
            raise FetchError(
                "timeout", f"no answer from DNS within {timeout_s:g} s", is_retryable=True, is_connected=False
            ) from error
        except OSError as error:
            is_passing = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
            detail = f"no address for {host}: {error.strerror or error}"
            raise FetchError("unknown-host", detail, is_retryable=is_passing, is_connected=False) from error
        except UnicodeError as error:
            raise FetchError("unknown-host", f"not a name for DNS: {host}", is_connected=False) from error

    def check(self, host: str, answers: Iterable[str], *, networks: tuple[str, ...] = ()) -> Resolved:
        """Refuses as soon as one answer is neither public nor allowed."""
        allowed = self._for_some.get(networks)
        if allowed is None:
            allowed = self._for_some[networks] = (*self._for_all, *map(_read_network, networks))
        addresses: dict[str, bool] = {}
        for answer in answers:
            address = ipaddress.ip_address(answer)
            addresses[answer] = _is_in(address, allowed)
            if not addresses[answer] and not is_public(address):
                shown = answer if answer == host else f"{host} is {answer}"
                detail = f"{shown}, in a private or reserved network that allow_networks does not name"
                raise FetchError("private-address", detail, is_connected=False)
        if not addresses:
            raise FetchError("unknown-host", f"no address for {host}", is_connected=False)
        needs_permission = any(
            not is_public(address) and not _is_in(address, self._for_all)
            for address in map(ipaddress.ip_address, addresses)
        )
        return Resolved(
            addresses=tuple(addresses),
            is_local=all(addresses.values()),
            networks=networks if needs_permission else (),
        )


def _read_network(text: str, *, key: str = "allow_networks") -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise ConfigFault(f"{key}: {text!r} is not a network: {error}") from error


def _is_in(address: Address, networks: Iterable[Network]) -> bool:
    plain = unwrap(address)
    return any(plain in network or address in network for network in networks)


async def resolve_by_system(host: str) -> list[str]:
    """The addresses the system knows for a host, in its order of preference. Raises OSError, UnicodeError.

    In a daemon thread of its own: a name server that hangs holds up neither the other look-ups,
    as it would in a pool, nor the end of the program.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[list[str]] = loop.create_future()

    def settle(answers: list[str], error: OSError | UnicodeError | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(answers)
        else:
            future.set_exception(error)

    def ask() -> None:
        answers: list[str] = []
        problem: OSError | UnicodeError | None = None
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            answers = [str(address[0]) for _family, _type, _protocol, _name, address in found]
        except (OSError, UnicodeError) as error:
            problem = error
        with suppress(RuntimeError):  # nobody waits any more: the loop is closed
            loop.call_soon_threadsafe(settle, answers, problem)

    threading.Thread(target=ask, daemon=True, name=f"dns {host}"[:15]).start()
    return await future
