"""Sites: a real server on loopback whose feeds a test may change at any time, and which counts what it is asked."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Self


class Site:
    """Serves feeds, and any other path as an article of its own."""

    def __init__(self, *, words: int = 100, address: str = "127.0.0.1") -> None:
        self.words = words  # of an article
        self.feeds: dict[str, list[str]] = {}  # path → paths, or URLs, of the articles that it announces
        self.dates: dict[str, datetime] = {}  # path of an article → when it says to be published
        self.headers: dict[str, str] = {}  # of every answer
        self.asked: Counter[str] = Counter()  # URL → requests
        self.on_request: Callable[[str], object] = str  # called with each path, before the answer
        self._server = _Server((address, 0), _Answer)
        self._server.site = self
        self.port: int = self._server.server_address[1]
        self.base = f"http://{address}:{self.port}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_raised: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    site: Site


class _Answer(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site = self.server.site
        base = f"http://{self.headers['Host']}"  # whatever name of this machine was asked
        site.asked[f"{base}{self.path}"] += 1
        site.on_request(self.path)
        if self.path == "/robots.txt":
            self._say(404, "text/plain", "")
        elif self.path in site.feeds:
            self._say(200, "application/rss+xml", _feed(site, self.path, base))
        else:
            self._say(200, "text/html", _article(self.path, site.words))

    def _say(self, status: int, content_type: str, text: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": content_type, **self.server.site.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_arguments: object) -> None:
        return


def _feed(site: Site, path: str, base: str) -> str:
    items = []
    for article in site.feeds[path]:
        date = site.dates.get(article)
        told = f"<pubDate>{format_datetime(date)}</pubDate>" if date else ""
        link = article if "://" in article else f"{base}{article}"
        items.append(f"<item><link>{link}</link><title>Story {article}</title>{told}</item>")
    return f"<rss version='2.0'><channel><title>Site</title>{''.join(items)}</channel></rss>"


def _article(path: str, word_count: int) -> str:
    letters = random.Random(path)
    words = [f"w{letters.getrandbits(32):x}" for _ in range(word_count)]
    paragraphs = (" ".join(words[start : start + 50]) for start in range(0, word_count, 50))
    body = f"<h1>Story {path}</h1>" + "".join(f"<p>{paragraph}.</p>" for paragraph in paragraphs)
    return f"<html><body><article>{body}</article></body></html>"
