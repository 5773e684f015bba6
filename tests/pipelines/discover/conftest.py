"""A site of a few documents on loopback, and the real client to poll it with."""

import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipelines.fetch import Client, FetchLimits, open_client
from pipelines.model import FetchRules, HostRule

FEEDS = Path(__file__).parents[2] / "fixtures" / "feeds"


@dataclass
class Document:
    body: bytes = b""
    content_type: str = "application/xml"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    on_condition: "Document | None" = None  # the answer to a conditional request


class Site:
    """What stands at which path, and what has been asked: (path, headers) oldest first."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                site.requests.append((self.path, headers))
                found = site.documents.get(self.path, Document(status=404, body=b"nothing here"))
                if found.on_condition and {"if-none-match", "if-modified-since"} & headers.keys():
                    found = found.on_condition
                etag = found.headers.get("etag")
                is_known = etag is not None and headers.get("if-none-match") == etag
                self.send_response(304 if is_known else found.status)
                for name, value in found.headers.items():
                    self.send_header(name, value)
                self.send_header("content-type", found.content_type)
                self.send_header("content-length", "0" if is_known else str(len(found.body)))
                self.end_headers()
                if not is_known:
                    self.wfile.write(found.body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def url(self, path: str = "/", host: str = "site") -> str:
        return f"http://{host}.localhost:{self.server.server_address[1]}{path}"

    def put(
        self, path: str, body: bytes | str, *, content_type: str = "application/xml", status: int = 200, **headers: str
    ) -> None:
        content = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.documents[path] = Document(body=content, content_type=content_type, status=status, headers=named)

    def asked(self, path: str) -> list[dict[str, str]]:
        return [headers for asked, headers in self.requests if asked == path]


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    rules = FetchRules(allow_networks=("127.0.0.0/8",), hosts=(HostRule(pattern="*.localhost", pause_s=0),))
    async with open_client(rules=rules, limits=FetchLimits(retries=0)) as found:
        yield found
