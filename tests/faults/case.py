"""Case: one named fault, where it shows itself and what must become of it."""

import asyncio
import hashlib
import random
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

Place: TypeAlias = Literal["page", "robots", "feed", "sitemap", "listing", "file"]
Tls: TypeAlias = Literal[
    "valid", "expired", "wrong-host", "unknown-ca", "old", "asks-certificate", "none", "hangs", "closes", "resets"
]

_WORDS = (
    "harbour council reported quiet morning ferry delayed engineers repaired bridge after storm damaged northern "
    "railway minister visited village school children planted orchard river rose slowly evening market sold apples "
    "farmers agreed winter budget hospital opened ward doctors welcomed nurses library archive letters soldiers "
    "museum painted walls festival music choir rehearsed theatre audience applauded mayor promised lights streets"
).split()


@dataclass(slots=True)
class Visit:
    """One request to the server, and the means to answer it badly."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    name: str  # of the fault: the first label of the host
    is_healthy: bool  # NAME.feeds.localhost: the host that announces a fault and has none itself
    path: str
    headers: dict[str, str]  # names in lower case
    number: int  # how often this path was asked for, this time included
    port: int

    async def send(self, data: bytes) -> None:
        """Sends bytes; raises ConnectionError when nobody listens any more."""
        self.writer.write(data)
        await self.writer.drain()

    async def reset(self) -> None:
        """Ends the connection with a RST instead of a FIN."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
        await asyncio.sleep(0)


Reply: TypeAlias = Callable[[Visit], Awaitable[None]]
MakeFile: TypeAlias = Callable[[Path, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault by name. Its host is NAME.localhost.

    `becomes` holds the rows that the whole program makes of it, no more and no less: "stored", "STAGE:REASON" for a
    reject, "poll:REASON" for a source that cannot be read; nothing where no entry is left of a source that can.
    """

    name: str
    group: str
    becomes: frozenset[str]
    fetched: str | None = None  # what fetching alone makes of it, where that is not `becomes`
    reply: Reply | None = None  # at the place that misbehaves
    place: Place = "page"
    url: str = "http://{name}.localhost:{port}/article"  # {tls} the fault's TLS port, {closed} one where nobody is
    tls: Tls | None = None
    answers: tuple[str, ...] = ()  # what DNS says to the name; only where the resolver can be replaced
    make_file: MakeFile | None = None  # place "file": makes what is at a path, for a name
    is_announced: bool = True  # whether a source can announce it so that it arrives as it is
    entry: str = "document.txt"  # place "file": the path below the source's folder, or a URL with {root}
    is_slow: bool = (
        False  # it ends by running into a timeout, so it is tried with short ones, all others with long ones
    )


def fault(name: str, group: str, becomes: str, reply: Reply | None = None, **more: Any) -> Fault:
    """A Fault; `becomes` lists the right rows, separated by spaces. What times out is slow."""
    more.setdefault("is_slow", becomes.endswith(":timeout"))
    return Fault(name=name, group=group, becomes=frozenset(becomes.split()), reply=reply, **more)


def text_of(name: str, *, sentences: int = 12) -> list[str]:
    """Sentences that no other name has: what is stored must not be anybody's twin."""
    pick = random.Random(hashlib.sha256(name.encode()).digest())
    return [f"In {name.replace('-', ' ')} the {' '.join(pick.sample(_WORDS, 12))}." for _number in range(sentences)]


def article(name: str, *, charset: str | None = "utf-8", head: str = "", extra: str = "") -> str:
    """A healthy page with an article, in HTML."""
    meta = f'<meta charset="{charset}">' if charset else ""
    paragraphs = "".join(f"<p>{sentence}</p>\n" for sentence in text_of(name))
    return (
        f"<!doctype html><html lang='en'><head>{meta}<title>The news of {name}</title>{head}</head><body>"
        f"<article><h1>The news of {name}</h1>{paragraphs}{extra}</article></body></html>"
    )


def head(status: str = "200 OK", **headers: str | int) -> bytes:
    """Status line and headers; underscores in names stand for hyphens."""
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def answer(
    body: bytes, *, status: str = "200 OK", content_type: str | None = "text/html", **headers: str | int
) -> bytes:
    """A whole and correct answer."""
    typed = {"Content_Type": content_type} if content_type is not None else {}
    return head(status, **typed, Content_Length=len(body), **headers) + body


def typed(*lines: bytes, start: bytes = b"HTTP/1.1 200 OK\r\n", pack: Callable[[bytes], bytes] = bytes) -> Reply:
    """Answers with the fault's own article under these header lines; %d in them stands for its length."""

    async def reply(visit: Visit) -> None:
        body = pack(article(visit.name).encode())
        filled = b"".join(
            line.replace(b"%d", b"%d" % len(body)) + b"\r\n" for line in (b"Content-Type: text/html", *lines)
        )
        await visit.send(start + filled + b"\r\n" + body)

    return reply


def says(*pieces: bytes, every_s: float = 0.0) -> Reply:
    """Sends the pieces and closes."""

    async def reply(visit: Visit) -> None:
        for piece in pieces:
            await visit.send(piece)
            if every_s:
                await asyncio.sleep(every_s)

    return reply


def repeats(start: bytes, piece: bytes, *, every_s: float = 0.0, times: int = 1_000_000_000) -> Reply:
    """Sends the start, then the piece until nobody listens."""

    async def reply(visit: Visit) -> None:
        await visit.send(start)
        for _number in range(times):
            await visit.send(piece)
            await asyncio.sleep(every_s)

    return reply


def serves(*, content_type: str | None = "text/html", status: str = "200 OK", **headers: str | int) -> Reply:
    """Answers with the fault's own healthy article."""

    async def reply(visit: Visit) -> None:
        body = article(visit.name).encode()
        await visit.send(answer(body, status=status, content_type=content_type, **headers))

    return reply


def first(bad: Reply, *, times: int = 1) -> Reply:
    """Misbehaves the first times, then serves the article."""
    good = serves()

    async def reply(visit: Visit) -> None:
        await (bad if visit.number <= times else good)(visit)

    return reply


def points(location: str, *, status: str = "302 Found", body: bytes = b"") -> Reply:
    """Redirects; the location may contain {name}, {port} and {number} (of the visit)."""

    async def reply(visit: Visit) -> None:
        where = location.replace("{name}", visit.name).replace("{port}", str(visit.port))
        where = where.replace("{number}", str(visit.number))
        await visit.send(
            f"HTTP/1.1 {status}\r\nLocation: {where}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        )

    return reply


async def hangs(visit: Visit) -> None:
    """Says nothing until nobody listens."""
    await visit.reader.read()


async def closes(_visit: Visit) -> None:
    """Closes without a word."""


async def resets(visit: Visit) -> None:
    """Resets without a word."""
    await visit.reset()
