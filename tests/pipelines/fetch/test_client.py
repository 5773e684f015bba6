"""The client: what it sends, to whom, and how often."""

import asyncio
import gzip
import socket
import ssl
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.fetch import Accept, Client, Clock, FetchFailure, FetchLimits, Response, open_client
from pipelines.fetch.client import user_agent_for
from pipelines.model import FetchRules, HostRule, Source, Validators
from tests.faults.server import Served
from tests.pipelines.fetch.conftest import LIMITS, RULES


@dataclass
class Echo:
    """A server that remembers every request and answers from a table of paths."""

    port: int = 0
    answers: dict[str, bytes] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)  # host, path, headers
    sent: Counter[str] = field(default_factory=Counter)  # whole answers by path

    def url(self, path: str = "/", host: str = "one.localhost") -> str:
        return f"http://{host}:{self.port}{path}"

    def say(self, path: str, *lines: str, status: str = "200 OK", body: str = "<html>") -> None:
        head = [f"HTTP/1.1 {status}", "Content-Type: text/html", f"Content-Length: {len(body)}", *lines]
        self.answers[path] = ("\r\n".join(head) + "\r\n\r\n" + body).encode()

    def asked(self, path: str) -> list[dict[str, str]]:
        return [headers for _host, asked, headers in self.requests if asked == path]

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
        try:
            while True:
                lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                parts = (line.partition(": ") for line in lines[1:] if line)
                headers = {name.lower(): value for name, _colon, value in parts}
                path = lines[0].split(" ")[1]
                self.requests.append((headers["host"].split(":")[0], path, headers))
                writer.write(self.answers.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))
                await writer.drain()
                self.sent[path] += 1
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            writer.close()


@pytest.fixture
async def echo() -> AsyncIterator[Echo]:
    server = Echo()
    async with await asyncio.start_server(server.handle, "127.0.0.1", 0) as listening:
        server.port = listening.sockets[0].getsockname()[1]
        server.say("/")
        yield server


def source(location: str = "http://one.localhost/feed", **more: Any) -> Source:
    return Source(name="source", kind="feed", location=location, every=timedelta(hours=1), **more)


async def get(client: Client, url: str, **more: object) -> Response:
    got = await client.get(url, accept=Accept.PAGE, **more)  # type: ignore[arg-type]
    assert isinstance(got, Response), got
    return got


async def fail(client: Client, url: str, **more: object) -> FetchFailure:
    got = await client.get(url, accept=Accept.PAGE, **more)  # type: ignore[arg-type]
    assert isinstance(got, FetchFailure), got
    return got


async def test_it_says_who_it_is_and_what_it_takes(client: Client, echo: Echo) -> None:
    await get(client, echo.url())

    (headers,) = echo.asked("/")
    assert headers["user-agent"].startswith("presswatch/")
    assert headers["user-agent"].endswith("(+editor@example.org)")
    assert headers["accept-encoding"] == "gzip, deflate"
    assert headers["accept"].startswith("text/html")
    assert set(headers) == {"host", "user-agent", "accept", "accept-encoding"}


def test_a_contact_cannot_break_the_header() -> None:
    assert user_agent_for("a@b.example\r\nX: y)").endswith("(+a@b.exampleX: y)")
    assert "(" not in user_agent_for(None)
    assert "(" not in user_agent_for("\n☃")


async def test_it_keeps_no_cookies(client: Client, echo: Echo) -> None:
    echo.say("/", "Set-Cookie: id=1; Path=/")

    await get(client, echo.url())
    await get(client, echo.url())

    assert ["cookie" in headers for headers in echo.asked("/")] == [False, False]


async def test_the_environments_proxies_are_none_of_its_business(echo: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    async with open_client(rules=RULES, limits=LIMITS) as client:
        await get(client, echo.url())


async def test_robots_txt_is_asked_for_once_by_many(client: Client, echo: Echo) -> None:
    await asyncio.gather(*(get(client, echo.url()) for _number in range(4)))

    assert len(echo.asked("/robots.txt")) == 1
    assert len(echo.asked("/")) == 4


async def test_robots_txt_is_obeyed_and_names_sitemaps(client: Client, echo: Echo) -> None:
    echo.say("/robots.txt", body="User-agent: *\nDisallow: /\nSitemap: http://one.localhost/s.xml\n")

    assert (await fail(client, echo.url())).reason == "robots-disallowed"
    assert await client.sitemaps(echo.url()) == ("http://one.localhost/s.xml",)


async def test_a_conditional_request_may_be_answered_with_nothing_new(client: Client, echo: Echo) -> None:
    echo.answers["/"] = b'HTTP/1.1 304 Not Modified\r\nETag: "2"\r\n\r\n'
    validators = Validators(etag='W/"1"', last_modified="Wed, 21 Oct 2015 07:28:00 GMT")

    got = await get(client, echo.url(), validators=validators)

    (headers,) = echo.asked("/")
    assert headers["if-none-match"] == 'W/"1"'
    assert headers["if-modified-since"] == "Wed, 21 Oct 2015 07:28:00 GMT"
    assert (got.status, got.content, got.header("ETag")) == (304, b"", '"2"')


async def test_validators_that_are_no_headers_are_not_sent(client: Client, echo: Echo) -> None:
    await get(client, echo.url(), validators=Validators(etag='"1"\r\nX: y', last_modified="ä"))

    (headers,) = echo.asked("/")
    assert not {"if-none-match", "if-modified-since", "x"} & set(headers)


async def test_credentials_go_to_their_own_host_only(client: Client, echo: Echo) -> None:
    asking = source(echo.url("/feed"), headers={"Authorization": "Bearer token"})
    echo.say("/here", f"Location: {echo.url('/')}", status="302 Found")
    echo.say("/away", f"Location: {echo.url('/', host='two.localhost')}", status="302 Found")
    echo.say("/back", f"Location: {echo.url('/away', host='two.localhost')}", status="302 Found")

    for path in ("/here", "/away", "/back"):
        await get(client, echo.url(path), source=asking)
    await get(client, echo.url(host="three.localhost"), source=asking)
    await get(client, echo.url("/"), source=asking)

    shown_to = {host for host, _path, headers in echo.requests if "authorization" in headers}
    assert shown_to == {"one.localhost"}
    assert all("authorization" not in headers for headers in echo.asked("/robots.txt"))
    assert echo.requests[-1][2]["authorization"] == "Bearer token"


async def test_credentials_never_leave_tls(client: Client, served: Served) -> None:
    port = served.tls_ports["tls-downgrade"]

    url = f"https://tls-downgrade.localhost:{port}/article"

    got = await get(client, url, source=source(url, headers={"X-Secret": "1"}))

    assert got.final_url == f"http://tls-downgrade.localhost:{served.port}/arrived"


async def test_credentials_in_a_url_are_never_sent(client: Client, echo: Echo) -> None:
    got = await get(client, f"http://user:secret@one.localhost:{echo.port}/")

    assert "secret" not in got.final_url
    assert "authorization" not in echo.asked("/")[0]


async def test_a_header_that_cannot_be_sent_is_a_fault(client: Client, echo: Echo) -> None:
    for value in ("a\r\nX: y", "ä", "\x00"):
        asking = source(echo.url(), headers={"X-Key": value})
        assert (await fail(client, echo.url(), source=asking)).reason == "protocol-error"


async def test_the_body_is_bounded(echo: Echo) -> None:
    echo.say("/", body="x" * 500)
    reasons = []
    for body_bytes in (499, 500):
        async with open_client(rules=RULES, limits=replace(LIMITS, body_bytes=body_bytes)) as client:
            got = await client.get(echo.url(), accept=Accept.PAGE)
            reasons.append(got.reason if isinstance(got, FetchFailure) else got.byte_count)

    assert reasons == ["too-large", 500]


async def test_a_fault_carries_its_evidence(client: Client, echo: Echo) -> None:
    echo.say("/", status="403 Forbidden", body="\n \x1b[31m<h1>Go away</h1>\nnow")

    fault = await fail(client, echo.url())

    assert (fault.reason, fault.status, fault.attempt_count, fault.is_connected) == ("forbidden", 403, 1, True)
    assert fault.evidence == "[31m<h1>Go away</h1>"
    assert fault.final_url == echo.url()
    assert fault.byte_count > 0


async def test_retries_wait_longer_each_time_and_not_all_alike(echo: Echo) -> None:
    echo.say("/", status="500 Oops")
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async with open_client(rules=RULES, clock=Clock(sleep=sleep), rng=lambda: 0.5) as client:
        fault = await fail(client, echo.url())

    assert slept == [1.25, 2.5]
    assert fault.attempt_count == 3
    assert len(echo.asked("/")) == 3


async def test_a_host_that_asks_for_an_hour_is_not_asked_by_the_next_run(echo: Echo, tmp_path: Path) -> None:
    echo.say("/", "Retry-After: 3600", status="429 Busy")
    path = tmp_path / "hosts.json"
    reasons = []

    for _run in range(2):
        async with open_client(rules=RULES, limits=LIMITS, state_path=path) as client:
            reasons += [(await fail(client, echo.url(page))).reason for page in ("/", "/other")]

    assert reasons == ["host-paused"] * 4
    assert [path for _host, path, _headers in echo.requests] == ["/robots.txt", "/"]


async def test_robots_txt_is_remembered_for_a_day(echo: Echo, tmp_path: Path) -> None:
    now = 1_800_000_000.0
    path = tmp_path / "hosts.json"

    for later in (0, 80_000, 90_000):
        clock = Clock(now=lambda later=later: now + later)  # type: ignore[misc]
        async with open_client(rules=RULES, limits=LIMITS, state_path=path, clock=clock) as client:
            await get(client, echo.url())

    assert len(echo.asked("/robots.txt")) == 2


async def test_an_unreachable_robots_txt_is_asked_again_soon(echo: Echo) -> None:
    echo.say("/robots.txt", status="500 Oops")
    now = 1_800_000_000.0
    async with open_client(rules=RULES, limits=LIMITS, clock=Clock(now=lambda: now)) as client:
        before = [(await fail(client, echo.url())).reason for _number in range(2)]
        echo.say("/robots.txt", body="")
        now += 700

        await get(client, echo.url())

    assert before == ["robots-unreachable"] * 2
    assert len(echo.asked("/robots.txt")) == 1 + LIMITS.retries + 1


async def test_a_dead_host_is_soon_left_alone(tmp_path: Path) -> None:
    asked: list[str] = []

    async def resolve(host: str) -> list[str]:
        asked.append(host)
        raise OSError("no such host")

    async with open_client(rules=FetchRules(), resolve=resolve, state_path=tmp_path / "hosts.json") as client:
        reasons = [(await fail(client, f"http://gone.example/{number}")).reason for number in range(10)]

    assert reasons == ["unknown-host"] * 3 + ["host-paused"] * 7
    assert len(asked) == 3


async def test_a_page_that_fails_says_nothing_about_its_host(client: Client, echo: Echo) -> None:
    for _number in range(5):
        assert (await fail(client, echo.url("/missing"))).reason == "not-found"

    await get(client, echo.url())


async def test_the_pace_is_kept_between_robots_txt_and_page(echo: Echo) -> None:
    slept: list[float] = []
    time = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal time
        time += seconds
        slept.append(seconds)

    rules = FetchRules(allow_networks=("127.0.0.0/8",), hosts=(HostRule(pattern="*.localhost", pause_s=2.0),))
    async with open_client(rules=rules, clock=Clock(monotonic=lambda: time, sleep=sleep)) as client:
        await get(client, echo.url())
        await get(client, echo.url())

    assert slept == [2.0, 2.0]


async def test_a_deadline_covers_all_attempts(served: Served, trust: ssl.SSLContext) -> None:
    limits = FetchLimits(read_s=0.2, total_s=0.3, retries=10, backoff_s=0.001)
    async with open_client(rules=RULES, limits=limits, verify=trust) as client:
        fault = await fail(client, f"http://never-answers.localhost:{served.port}/article")

    assert fault.reason == "timeout"
    assert fault.attempt_count == 2


async def test_a_cancelled_request_leaves_the_client_usable(client: Client, served: Served, echo: Echo) -> None:
    url = f"http://drips-body.localhost:{served.port}/article"
    for _number in range(5):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await client.get(url, accept=Accept.PAGE)

    await get(client, echo.url())


@asynccontextmanager
async def answering(content_type: str, body: bytes) -> AsyncIterator[Echo]:
    server = Echo()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    server.answers["/"] = head.encode() + body
    async with await asyncio.start_server(server.handle, "127.0.0.1", 0) as listening:
        server.port = listening.sockets[0].getsockname()[1]
        yield server


@pytest.mark.parametrize(
    ("accept", "content_type", "body", "expected"),
    [
        (Accept.FEED, "application/rss+xml", b"<rss/>", 200),
        (Accept.FEED, "application/xml; charset=utf-8", b"<rss/>", 200),
        (Accept.FEED, "application/feed+json", b"{}", 200),
        (Accept.FEED, "text/html", b"<rss/>", 200),
        (Accept.FEED, "application/x-rss+xml", b"<rss/>", 200),
        (Accept.FEED, "application/octet-stream", b"<rss/>", 200),
        (Accept.FEED, "image/gif", b"GIF89a", "unsupported-type"),
        (Accept.FEED, "application/pdf", b"%PDF-", "unsupported-type"),
        (Accept.FEED, "application/xml", b"%PDF-", "unsupported-type"),
        (Accept.SITEMAP, "application/x-gzip", b"<urlset/>", 200),
        (Accept.SITEMAP, "text/plain", b"http://a.example/", 200),
        (Accept.SITEMAP, "video/mp4", b"x", "unsupported-type"),
        (Accept.FEED, "application/x-gzip", gzip.compress(b"<rss/>", mtime=0), 200),
        (Accept.FEED, "application/rss-xml", b"<rss/>", 200),
        (Accept.FEED, "application/x-unheard-of", b"<rss/>", 200),
        (Accept.FEED, "unknown/unknown", b"<rss/>", 200),
        (Accept.FEED, "application/x-unheard-of", bytes(range(32)) * 9, "unsupported-type"),
        (Accept.SITEMAP, "application/x-unheard-of", gzip.compress(b"<urlset/>", mtime=0), 200),
        (Accept.ANY, "image/png", b"\x89PNG", 200),
        (Accept.PAGE, "application/xhtml+xml", b"<html>", 200),
        (Accept.PAGE, "text/plain; charset=utf-16le", "text".encode("utf-16-le"), 200),
        (Accept.PAGE, "application/xml", b"<rss/>", "unsupported-type"),
    ],
)
async def test_each_kind_of_answer_has_its_types(
    client: Client, accept: Accept, content_type: str, body: bytes, expected: int | str
) -> None:
    async with answering(content_type, body) as server:
        got = await client.get(server.url(), accept=accept)

    assert (got.status if isinstance(got, Response) else got.reason) == expected
