"""What does a feed cost that has not changed? `presswatch run` over N feeds, each on a host of its own.

python -m benchmarks.polls [--feeds 300]
Prints CPU seconds of whole processes: of a run in which nothing is due, and of one that polls all feeds and finds them
unchanged, 70 % of them by a 304 and the others by their bytes; and of the latter the milliseconds a feed.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.hosts import Web, served, write_sources


@dataclass(slots=True, kw_only=True)
class Feeds(Web):
    """N hosts with a feed each; the entries of it have no page, so that polling is all that is measured."""

    def answer(self, host: str, path: str, etag: str) -> bytes:
        """A whole answer."""
        self.requests[path] += 1
        number = int(host.partition(".")[0].rpartition("-")[2])
        if path != "feed":
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        known = f'"{number}"' if number % 10 < 7 else ""
        if known and etag == known:
            self.statuses[304] += 1
            return f"HTTP/1.1 304 Not Modified\r\nETag: {known}\r\n\r\n".encode()
        body = f"<rss version='2.0'><channel><title>Feed {number}</title>{'<!-- -->' * 2_000}</channel></rss>".encode()
        self.statuses[200] += 1
        etag_line = f"ETag: {known}\r\n" if known else ""
        head = f"HTTP/1.1 200 OK\r\n{etag_line}Content-Type: application/rss+xml\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3, help="of which the cheapest counts")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, served(Feeds(host_count=given.feeds, latency_s=0.0)) as web:
        data = Path(folder, "data")
        feeds = {f"feed-{number}": web.url(number, "feed") for number in range(given.feeds)}
        write_sources(data, feeds, pause_s=0)
        first_s = _cpu_s(data)
        idle_s = min(_cpu_s(data, "--due") for _ in range(given.rounds))
        web.statuses.clear()
        all_s = min(_cpu_s(data) for _ in range(given.rounds))
    print(f"first run, {given.feeds} feeds: {first_s:.2f} s CPU")
    print(f"nothing due: {idle_s:.2f} s CPU")
    print(f"{given.feeds} unchanged feeds: {all_s:.2f} s CPU, {all_s / given.feeds * 1e3:.2f} ms a feed with the start")
    by_304, by_bytes = (web.statuses[status] // given.rounds for status in (304, 200))
    print(f"of them by a 304: {by_304}, by their bytes: {by_bytes}")


def _cpu_s(data: Path, *options: str) -> float:
    """CPU seconds of a run."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "run", *options, "--data", data, "--sources", data / "sources.yaml"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"presswatch run ended with {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
