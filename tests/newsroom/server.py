"""The newsroom's server: one address on loopback, an outlet for each NAME.localhost in the Host header."""

import gzip
import hashlib
import json
import socket
import socketserver
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from tests.newsroom.desk import Answer, Desk
from tests.newsroom.front import front_page
from tests.newsroom.outlets import OUTLETS

BARE_HOSTS = ("127.0.0.1", "localhost", "")

NOT_FOUND = Answer(
    status=404,
    body=b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head><body>\n"
    b"<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n</body></html>\n",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request that the newsroom has answered. `host` is the outlet's name, or what the Host header said."""

    host: str
    method: str
    path: str  # with its query
    headers: Mapping[str, str] = field(repr=False)  # names in lower case
    status: int


class Newsroom:
    """The fixture newsroom, running while its context is open. Port 0 takes any free one.

    >>> with Newsroom(port=0) as newsroom:
    ...     newsroom.url("courier", "/feed.xml")
    """

    def __init__(self, *, port: int = 8808) -> None:
        self._port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._server = _Server(self._port)
        # The default poll of half a second would be the slowest part of a test's end.
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="newsroom", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.close_connections()
        self._server.server_close()
        self._server = self._thread = None

    @property
    def _running(self) -> "_Server":
        if self._server is None:
            raise RuntimeError("the newsroom is not open: use it in a with statement")
        return self._server

    @property
    def port(self) -> int:
        """The port it listens on, also where 0 was asked for."""
        return self._running.desk.port

    @property
    def address(self) -> str:
        """The bare address, which lists the outlets."""
        return f"http://127.0.0.1:{self.port}"

    def url(self, outlet: str, path: str = "/") -> str:
        """The absolute URL of a path at an outlet."""
        return self._running.desk.url(outlet, path)

    @property
    def requests(self) -> list[Request]:
        """What has been asked so far, oldest first (a copy)."""
        with self._running.lock:
            return list(self._running.requests)

    def revise(self) -> str:
        """Let observer print another version of its night-train story; the URL of the page."""
        return self._running.revise()

    def publish(self, *, title: str | None = None, text: str | None = None) -> str:
        """Let courier print a story that nobody has seen yet (or the text given, a paragraph a line); its URL."""
        return self._running.publish(title=title, text=text)

    def reset(self) -> None:
        """Back to the first day, with an empty log."""
        self._running.reset()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.desk = Desk(port=self.server_address[1])
        self.lock = threading.Lock()
        self.requests: list[Request] = []
        self._connections: set[socket.socket] = set()

    def server_bind(self) -> None:
        # HTTPServer would look up the host's full name, which takes seconds without a resolver.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", self.server_address[1]

    def revise(self) -> str:
        with self.lock:
            story = self.desk.revise(datetime.now(UTC))
            return self.desk.url("observer", OUTLETS["observer"].path(story))

    def publish(self, *, title: str | None, text: str | None) -> str:
        with self.lock:
            story = self.desk.publish(datetime.now(UTC), title=title, text=text)
            return self.desk.url("courier", OUTLETS["courier"].path(story))

    def reset(self) -> None:
        with self.lock:
            self.desk.reset()
            self.requests.clear()

    def answer(self, host: str, target: str) -> Answer:
        """What a host answers to a request target; nothing else decides it but the desk's state."""
        url = urlsplit(target)
        with self.lock:
            if host in BARE_HOSTS:
                return front_page(self.desk) if url.path in ("/", "/index") else NOT_FOUND
            outlet = OUTLETS.get(host)
            if outlet is None:
                return NOT_FOUND
            routes = outlet.routes(self.desk)
            # WordPress' short links differ in the query only; every other query (utm_source …) is noise.
            short_link = f"{url.path}?p={parse_qs(url.query)['p'][0]}" if "p=" in url.query else url.path
            page = routes.get(short_link) or routes.get(url.path)
            if page is not None:
                return page()
            if f"{url.path}/" in routes:
                return redirect(self.desk.url(host, f"{url.path}/"))
        return NOT_FOUND

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        with self.lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def process_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        with self.lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def close_connections(self) -> None:
        """Hang up on clients that keep their connection alive, or their threads would outlive the newsroom."""
        with self.lock:
            connections = list(self._connections)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # The client was faster.


def redirect(location: str, *, status: int = 301) -> Answer:
    """An answer that points elsewhere."""
    return Answer(status=status, body=b"", headers=(("Location", location),))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "newsroom"
    sys_version = ""
    timeout = 30
    wbufsize = -1  # head and body in one segment: unbuffered they cost a delayed ACK each
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._respond(self.server.answer(self._outlet(), self.path))

    do_HEAD = do_GET

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, 1_000_000))
        if self._outlet() not in BARE_HOSTS:
            self._respond(NOT_FOUND)
            return
        match self.path:
            case "/-/revise":
                self._respond(_told(self.server.revise()))
            case "/-/publish":
                fields = parse_qs(body.decode("utf-8", "replace"))
                title, text = (fields.get(name, [None])[0] for name in ("title", "text"))
                self._respond(_told(self.server.publish(title=title, text=text)))
            case "/-/reset":
                self.server.reset()
                self._respond(_told(self.server.desk.url("courier")))
            case _:
                self._respond(NOT_FOUND)

    def _outlet(self) -> str:
        name = (self.headers.get("Host") or "").rsplit(":", 1)[0].lower().rstrip(".")
        return name.removesuffix(".localhost")

    def _respond(self, answer: Answer) -> None:
        body, status = answer.body, answer.status
        headers = list(answer.headers)
        if status == 200 and self.command in ("GET", "HEAD"):
            # Weak, since the gzipped and the plain body share it.
            etag = f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'
            last_modified = format_datetime(answer.changed_at.astimezone(UTC), usegmt=True)
            headers += [("ETag", etag), ("Last-Modified", last_modified)]
            headers += [("Cache-Control", "max-age=0, must-revalidate")]
            if self._is_unchanged(etag, answer.changed_at):
                status, body = 304, b""
        if status != 304:
            headers.append(("Content-Type", answer.content_type))
            is_text = not answer.content_type.startswith("application/x-gzip")
            headers.append(("Vary", "Accept-Encoding"))
            if is_text and len(body) > 500 and "gzip" in (self.headers.get("Accept-Encoding") or "").lower():
                body = gzip.compress(body, mtime=0)
                headers.append(("Content-Encoding", "gzip"))
        self._log(status)  # before the client can see the answer
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status != 304:
            self.wfile.write(body)

    def _is_unchanged(self, etag: str, changed_at: datetime) -> bool:
        # RFC 9110, 13.1.3: If-Modified-Since counts only where If-None-Match is absent.
        known = self.headers.get("If-None-Match")
        if known is not None:
            return known.strip() == "*" or etag in (value.strip() for value in known.split(","))
        since = self.headers.get("If-Modified-Since")
        if since is None:
            return False
        try:
            return changed_at <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False

    def _log(self, status: int) -> None:
        request = Request(
            host=self._outlet(),
            method=self.command,
            path=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            status=status,
        )
        with self.server.lock:
            self.server.requests.append(request)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the log is `Newsroom.requests`."""


def _told(url: str) -> Answer:
    return Answer(body=json.dumps({"url": url}).encode() + b"\n", content_type="application/json")
