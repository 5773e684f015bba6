"""Server: every fault of the catalogue on loopback, each as a host of its own on real sockets."""

import asyncio
import contextlib
import datetime
import socket
import ssl
import threading
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from html import escape
from typing import TypeAlias

import trustme

from tests.faults.case import Fault, Place, Reply, Tls, Visit, answer, article, hangs

Handle: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

PLACES: dict[str, Place] = {
    "/article": "page",
    "/deep/2026/long-story": "page",
    "/robots.txt": "robots",
    "/feed.xml": "feed",
    "/sitemap.xml": "sitemap",
    "/list": "listing",
}


@dataclass(slots=True, kw_only=True)
class Served:
    """Where the faults are, and what was asked of them."""

    port: int
    closed_port: int  # nobody listens here
    tls_ports: dict[str, int]  # by the fault's name
    authority: trustme.CA
    requests: Counter[tuple[str, str]] = field(default_factory=Counter)  # by (name, path)

    def url_of(self, fault: Fault) -> str:
        """The URL that is announced for a fault."""
        url = fault.url.replace("{name}", fault.name).replace("{port}", str(self.port))
        return url.replace("{closed}", str(self.closed_port)).replace("{tls}", str(self.tls_ports.get(fault.name, 0)))

    def trust(self) -> ssl.SSLContext:
        """A context that trusts the server's authority and nobody else."""
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context


@contextmanager
def serving(faults: Iterable[Fault]) -> Iterator[Served]:
    """Serves in a thread of its own, so that a server that computes does not hold up the client under test."""
    ready: list[Served] = []
    started = threading.Event()
    loop = asyncio.new_event_loop()
    stop: list[Callable[[], object]] = []

    async def main() -> None:
        stopped = asyncio.Event()
        stop.append(lambda: loop.call_soon_threadsafe(stopped.set))
        async with serve(tuple(faults)) as served:
            ready.append(served)
            started.set()
            await stopped.wait()

    def run() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(main())
        finally:
            started.set()
            loop.close()

    thread = threading.Thread(target=run, name="faults", daemon=True)
    thread.start()
    started.wait()
    try:
        yield ready[0]
    finally:
        stop[0]()
        thread.join(10)


@asynccontextmanager
async def serve(faults: tuple[Fault, ...], *, port: int = 0) -> AsyncIterator[Served]:
    """Serves until the block ends."""
    by_name = {fault.name: fault for fault in faults}
    served = Served(port=port, closed_port=0, tls_ports={}, authority=trustme.CA())
    tasks: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            with contextlib.suppress(ConnectionError, ssl.SSLError, TimeoutError, asyncio.CancelledError):
                while visit := await _read_request(reader, writer, served):
                    fault = by_name.get(visit.name)
                    bad = _fault_at(fault, visit)
                    if bad is not None:
                        await bad(visit)
                        break
                    await visit.send(_healthy(fault, visit, served))
        finally:
            tasks.discard(task)
            writer.close()

    async with contextlib.AsyncExitStack() as stack:
        deaf = stack.enter_context(socket.socket())
        deaf.bind(("127.0.0.1", 0))  # taken, but nobody listens: connections are refused
        served.closed_port = deaf.getsockname()[1]
        server = await asyncio.start_server(handle, "127.0.0.1", port, limit=1 << 20)
        await stack.enter_async_context(server)
        served.port = server.sockets[0].getsockname()[1]
        for fault in faults:
            if fault.tls is not None:
                tls_server = await _start_tls_server(fault, fault.tls, handle, served.authority)
                await stack.enter_async_context(tls_server)
                served.tls_ports[fault.name] = tls_server.sockets[0].getsockname()[1]
        yield served
        for task in tasks:
            task.cancel()


async def _read_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, served: Served) -> Visit | None:
    try:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return None
    path = lines[0].split(" ")[1]
    headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines[1:])}
    labels = headers.get("host", "").split(":")[0].split(".")
    name, is_healthy = labels[0], "feeds" in labels
    served.requests[name, path] += not is_healthy
    return Visit(reader, writer, name, is_healthy, path, headers, served.requests[name, path], served.port)


def _fault_at(fault: Fault | None, visit: Visit) -> Reply | None:
    if fault is None or visit.is_healthy or PLACES.get(visit.path.partition("?")[0]) != fault.place:
        return None
    return fault.reply


def _healthy(fault: Fault | None, visit: Visit, served: Served) -> bytes:
    """What every host answers where it does not misbehave: a feed that announces the fault, an article, no robots."""
    if visit.path == "/feed.xml" and fault is not None:
        item = f"<item><title>News</title><link>{escape(served.url_of(fault))}</link></item>"
        body = f"<rss version='2.0'><channel><title>{visit.name}</title>{item}</channel></rss>"
        return answer(body.encode(), content_type="application/rss+xml")
    if visit.path == "/" or visit.path.startswith(("/arrived", "/article", "/deep")):
        return answer(article(visit.name).encode())
    return answer(b"nothing here", status="404 Not Found")


async def _start_tls_server(fault: Fault, kind: Tls, handle: Handle, authority: trustme.CA) -> asyncio.Server:
    if kind in ("none", "hangs", "closes", "resets"):

        async def misbehave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            visit = Visit(reader, writer, fault.name, False, "", {}, 1, 0)
            with contextlib.suppress(ConnectionError):
                if kind == "none":
                    await visit.send(answer(b"this is not TLS"))
                elif kind == "hangs":
                    await hangs(visit)
                elif kind == "resets":
                    await reader.read(10)
                    await visit.reset()
                else:
                    await reader.read(10)
            writer.close()

        return await asyncio.start_server(misbehave, "127.0.0.1", 0)
    return await asyncio.start_server(
        handle,
        "127.0.0.1",
        0,
        ssl=_context(fault, kind, authority),
        ssl_handshake_timeout=5,
        limit=1 << 20,
    )


def _context(fault: Fault, kind: Tls, authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    host = "elsewhere.localhost" if kind == "wrong-host" else f"{fault.name}.localhost"
    signer = trustme.CA() if kind == "unknown-ca" else authority
    day = datetime.timedelta(days=1)
    now = datetime.datetime.now(datetime.UTC)
    ends_at = now - day if kind == "expired" else now + day
    signer.issue_cert(host, not_before=now - 9 * day, not_after=ends_at).configure_cert(context)
    if kind == "old":
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("ALL:@SECLEVEL=0")
    if kind == "asks-certificate":
        context.verify_mode = ssl.CERT_REQUIRED
        authority.configure_trust(context)
    return context
