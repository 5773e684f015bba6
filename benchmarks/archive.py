"""What do archiving, reading archives and cleaning again cost? One archive of made pages, one command after another.

python -m benchmarks.archive [--pages 4000] [--workers 1 2]
Writes the pages as a crawler would, in files of 1,000, and prints wall and CPU seconds of each step.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from benchmarks.costs import Cost, cost_of
from benchmarks.site import article
from pipelines.archive import open_archive
from pipelines.model import Entry, Fetch, Page

PAGES_A_FILE = 1000
HEADERS = (("content-type", "text/html; charset=utf-8"), ("server", "bench"), ("cache-control", "max-age=60"))


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=4000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    given = parser.parse_args()
    print(f"{'step':<34}{'wall s':>8}{'CPU s':>8}{'ms CPU/page':>13}{'pages/s':>9}{'peak MB':>9}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with _measured("archive pages", given.pages):
            _write(folder / "crawl", given.pages)
        for workers in given.workers:
            data = folder / f"data-{workers}"
            _rules(folder, min_words=40)
            _step("ingest kind warc", folder, data, given.pages, workers, "run")
            _step("nothing new: the start alone", folder, data, given.pages, workers, "run")
            _step("replay --candidate, the same", folder, data, given.pages, workers, "replay", "--candidate")
            # Every text gets another hash.
            _rules(folder, min_words=41, remove="article > p:first-of-type")
            _step("replay --candidate, all others", folder, data, given.pages, workers, "replay", "--candidate")
            _step("replay --promote", folder, data, given.pages, workers, "replay", "--promote")


def _step(name: str, folder: Path, data: Path, pages: int, workers: int, *arguments: str) -> None:
    command = [sys.executable, "-m", "flows.cli", *arguments, "--data", str(data)]
    environ = {**os.environ, "PRESSWATCH_WORKERS": str(workers), "PRESSWATCH_MAX_ARTICLES": "1000000"}
    cost = cost_of([*command, "--sources", str(folder / "sources.yaml")], environ=environ)
    _print(f"{name} ({workers} worker{'s' if workers > 1 else ''})", cost, pages)


def _print(name: str, cost: Cost, pages: int) -> None:
    each, speed = cost.cpu_s / pages * 1000, pages / cost.wall_s
    print(f"{name:<34}{cost.wall_s:>8.1f}{cost.cpu_s:>8.1f}{each:>13.1f}{speed:>9.0f}{cost.peak_mb:>9.0f}", flush=True)


@contextmanager
def _measured(name: str, pages: int) -> Iterator[None]:
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    _print(name, Cost(time.perf_counter() - wall, time.process_time() - cpu, 0), pages)


def _rules(folder: Path, *, min_words: int, remove: str | None = None) -> None:
    removed = "" if remove is None else f", remove: ['{remove}']"
    (folder / "sources.yaml").write_text(
        f"sources:\n  - {{name: crawl, kind: warc, path: crawl, clean: {{min_words: {min_words}{removed}}}}}\n",
        encoding="utf-8",
    )


def _write(folder: Path, pages: int) -> None:
    """The archive of our own runs, which another house reads as one made elsewhere."""
    for start in range(0, pages, PAGES_A_FILE):
        batch = [_page(number) for number in range(start, min(start + PAGES_A_FILE, pages))]
        with open_archive(folder, run_id=uuid4(), software="benchmark") as archive:
            for first in range(0, len(batch), 100):
                archive.add(batch[first : first + 100], now=datetime.now(UTC))


def _page(number: int) -> Page:
    url, content = f"https://bench.example/article/{number}", article(number)
    now = datetime.now(UTC)
    return Page(
        entry=Entry(source="crawl", poll_id=uuid4(), url=url, canonical_url=url),
        fetch=Fetch(
            fetch_id=uuid4(),
            fetched_at=now,
            final_url=url,
            status=200,
            content_type="text/html; charset=utf-8",
            byte_count=len(content),
            digest=sha256(content).hexdigest(),
        ),
        content=content,
        headers=HEADERS,
        status_line="HTTP/1.1 200 OK",
    )


if __name__ == "__main__":
    main()
