"""A site to measure against: N articles over some feeds, on loopback, from a process of its own.

python -m benchmarks.site --articles 1000 --feeds 10 prints its address and serves until its stdin ends.
"""

import argparse
import asyncio
import hashlib
import random
import sys
from email.utils import formatdate

WORDS = (
    "the council said on monday that a new bridge across river would open next year after long talks between city and "
    "region because traffic had doubled since last survey while engineers warned about cost of steel and time which "
    "workers need before winter minister told reporters committee had approved plan with small changes for residents"
).split()

MENU = "".join(f'<li><a href="/section/{n}">Section {n}</a></li>' for n in range(60))
RELATED = "".join(f'<div class="card"><a href="/article/{n}"><h3>Related story {n}</h3></a></div>' for n in range(40))
SCRIPT = "<script>" + "var a=[" + ",".join(str(n) for n in range(9000)) + "];</script>"


def article(number: int) -> bytes:
    """A page of about 100 kB with 700 words of its own."""
    rng = random.Random(number)
    paragraphs = []
    for _ in range(12):
        sentences = [" ".join(rng.choices(WORDS, k=15)).capitalize() + "." for _ in range(4)]
        paragraphs.append(f"<p>{' '.join(sentences)}</p>")
    return (
        f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>Story {number} - Bench Times</title>"
        f'<meta property="og:title" content="Story {number}"><meta name="author" content="Reporter {number % 50}">'
        f'<meta property="article:published_time" content="2025-03-{number % 28 + 1:02d}T08:30:00+01:00">'
        f"{SCRIPT}{SCRIPT}"
        f"</head><body><nav><ul>{MENU}</ul></nav><article><h1>Story {number}</h1>{''.join(paragraphs)}</article>"
        f"<aside>{RELATED}</aside><footer><ul>{MENU}</ul></footer></body></html>"
    ).encode()


def feed(number: int, *, articles: int, feeds: int, base: str) -> bytes:
    """The RSS feed that announces every feeds-th article."""
    items = "".join(
        f"<item><title>Story {n}</title><link>{base}/article/{n}</link><guid>{base}/article/{n}</guid>"
        f"<pubDate>{formatdate(1741000000 + n * 60)}</pubDate></item>"
        for n in range(number, articles, feeds)
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Bench {number}</title>{items}</channel></rss>'
    ).encode()


async def _serve(articles: int, feeds: int, latency_s: float) -> None:
    base = ""

    def answer(path: str, etag: str) -> tuple[int, str, bytes]:
        if path == "/robots.txt":
            return 404, "text/plain", b""
        kind, _, number = path.strip("/").partition("/")
        is_feed = kind == "feed"
        body = feed(int(number), articles=articles, feeds=feeds, base=base) if is_feed else article(int(number))
        if etag and etag == f'"{hashlib.md5(body).hexdigest()}"':
            return 304, "", b""
        return 200, "application/rss+xml" if is_feed else "text/html; charset=utf-8", body

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readline():
                path = request.split()[1].decode()
                etag = ""
                while (line := await reader.readline()).strip():
                    if line.lower().startswith(b"if-none-match:"):
                        etag = line.split(b":", 1)[1].strip().decode()
                await asyncio.sleep(latency_s)
                status, content_type, body = answer(path, etag)
                head = f"HTTP/1.1 {status} OK\r\nContent-Length: {len(body)}\r\nContent-Type: {content_type}\r\n"
                writer.write(f'{head}ETag: "{hashlib.md5(body).hexdigest()}"\r\n\r\n'.encode() + body)
                await writer.drain()
        except (ConnectionError, IndexError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    sys.stdout.write(f"{base}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--feeds", type=int, default=10)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    given = parser.parse_args()
    asyncio.run(_serve(given.articles, given.feeds, given.latency))
