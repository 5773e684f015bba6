"""How long do many hosts take, each at its own pace? `presswatch run` over N hosts with one article each.

python -m benchmarks.hosts [--hosts 500] [--latency 0.2] [--pause 2]
Prints wall and CPU seconds, requests and peak memory: of one feed that names a page on every host, of a feed on every
host, and of each of them again, when nothing is new. Prefect's server runs beforehand and is not counted.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen

from benchmarks.site import article


@dataclass(slots=True, kw_only=True)
class Web:
    """N hosts on one port of loopback, and what has been asked of them."""

    host_count: int
    latency_s: float
    port: int = 0
    requests: Counter[str] = field(default_factory=Counter)  # by what was asked for
    statuses: Counter[int] = field(default_factory=Counter)
    byte_count: int = 0

    def url(self, number: int, path: str) -> str:
        """The address of a path on a host."""
        return f"http://host-{number}.localhost:{self.port}/{path}"

    def answer(self, host: str, path: str, etag: str) -> bytes:
        """A whole answer."""
        self.requests[path] += 1
        number = int(host.partition(".")[0].rpartition("-")[2])
        status, kind, body = 404, "text/plain", b""
        if path == "article":
            status, kind, body = 200, "text/html", article(number)
        elif path == "feed":
            status, kind, body = 200, "application/rss+xml", self._feed([number])
        elif path == "all":
            status, kind, body = 200, "application/rss+xml", self._feed(range(self.host_count))
        known = f'"{len(body)}"'
        if status == 200 and etag == known:
            status, body = 304, b""
        self.statuses[status] += 1
        head = f"HTTP/1.1 {status} Told\r\nETag: {known}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        self.byte_count += len(head) + len(body)
        return head.encode() + body

    def _feed(self, numbers: "Iterator[int] | list[int] | range") -> bytes:
        links = (f"<item><title>Story {n}</title><link>{self.url(n, 'article')}</link></item>" for n in numbers)
        return f"<rss version='2.0'><channel><title>Hosts</title>{''.join(links)}</channel></rss>".encode()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one connection, each request after the latency."""
        try:
            while True:
                lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
                await asyncio.sleep(self.latency_s)
                path = lines[0].split()[1].strip("/")
                writer.write(self.answer(headers["host"], path, headers.get("if-none-match", "")))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=500)
    parser.add_argument("--latency", type=float, default=0.2, help="seconds before each answer")
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between two requests to one host")
    given = parser.parse_args()
    print(f"{'run':<32}{'wall s':>8}{'CPU s':>8}{'new':>6}{'requests':>10}{'of 304':>8}{'MB sent':>9}{'peak MB':>9}")
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Web(host_count=given.hosts, latency_s=given.latency)) as web,
    ):
        one = {"all": web.url(0, "all")}
        each = {f"host-{number}": web.url(number, "feed") for number in range(given.hosts)}
        for name, feeds in (("one feed", one), (f"{given.hosts} feeds", each)):
            data = Path(folder, name.replace(" ", "-"))
            write_sources(data, feeds, pause_s=given.pause)
            for again in ("", ", again"):
                _measure(f"{name}, {given.hosts} hosts{again}", data, web)


def _measure(name: str, data: Path, web: Web) -> None:
    web.requests.clear()
    web.statuses.clear()
    web.byte_count = 0
    command = [
        sys.executable,
        "-m",
        "flows.cli",
        "run",
        "--json",
        "--sources",
        str(data / "sources.yaml"),
        "--data",
        str(data),
    ]
    begun = time.perf_counter()
    with (data / "summary.json").open("w") as summary:
        process = Popen(command, stdout=summary)
        _, status, used = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - begun
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"presswatch run ended with {os.waitstatus_to_exitcode(status)}")
    tallies = json.loads((data / "summary.json").read_text())["sources"]
    new_count = sum(tally["new"] for tally in tallies)
    figures = f"{wall_s:>8.1f}{used.ru_utime + used.ru_stime:>8.1f}{new_count:>6}{web.requests.total():>10}"
    print(f"{name:<32}{figures}{web.statuses[304]:>8}{web.byte_count / 1e6:>9.1f}{used.ru_maxrss / 1024:>9.0f}")


def write_sources(data: Path, feeds: dict[str, str], *, pause_s: float) -> None:
    """Write a catalogue of feeds by name and address."""
    data.mkdir()
    lines = [
        "fetch:",
        '  allow_networks: ["127.0.0.0/8"]',
        f'  hosts: {{"*": {{pause: {pause_s}, connections: 1}}}}',
        "sources:",
        *(f"  - {{name: {name}, kind: feed, url: '{url}'}}" for name, url in feeds.items()),
    ]
    (data / "sources.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


@contextmanager
def served(web: Web) -> Iterator[Web]:
    """Serve the hosts from a thread."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(web.talk, "127.0.0.1", 0))
    web.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield web
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


if __name__ == "__main__":
    main()
