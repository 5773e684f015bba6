"""Saved pages on standard input, one JSON line each, become cleaned articles on standard output, in the same order.

    python -m benchmarks.clean_jsonl --workers 2 < pages.jsonl > articles.jsonl

In: {"id", "url", "html_path", "content_type"}; html_path may end in .gz. Out, flushed line by line: {"id", "title",
"authors", "date", "language", "text", "error"}; error is null, or the reason of the reject and its detail.
A line is answered as soon as those before it are, so a caller may also feed pages one at a time.
"""

import argparse
import asyncio
import gzip
import json
import os
import sys
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

from pipelines.clean import clean_pages
from pipelines.model import Article, Entry, Fetch, Page, Reject
from pipelines.urls import canonicalise
from pipelines.workers import WorkerPool

_NO_ID = UUID(int=0)


def main() -> None:
    """Read lines until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=_count, default=None, help="processes; one a core unless given")
    parser.add_argument("--deadline", type=float, default=20.0, help="seconds a page may take")
    arguments = parser.parse_args()
    # JSON is UTF-8, whatever the locale says; what is not UTF-8 costs its line only.
    for stream in (sys.stdin, sys.stdout):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    asyncio.run(_answer(arguments.workers, arguments.deadline))


def _count(text: str) -> int:
    if (count := int(text)) < 1:
        raise ValueError(text)
    return count


def read_saved(path: Path) -> bytes:
    """Return the bytes of a saved page, compressed or not. Raises OSError, EOFError."""
    content = path.read_bytes()
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content


def page_of(row: Mapping[str, str], content: bytes, *, fetched_at: datetime) -> Page:
    """Return a saved page as the fetcher would have returned it. Raises KeyError, TypeError, ValueError."""
    url = row.get("url") or Path(row["html_path"]).resolve().as_uri()
    if not isinstance(url, str) or not isinstance(row.get("content_type"), str | None):
        raise TypeError("url and content_type must be strings")
    entry = Entry(source="benchmark", poll_id=_NO_ID, url=url, canonical_url=canonicalise(url))
    fetch = Fetch(
        fetch_id=_NO_ID,
        fetched_at=fetched_at,
        final_url=url,
        content_type=row.get("content_type"),
        byte_count=len(content),
    )
    return Page(entry=entry, fetch=fetch, content=content)


async def _answer(workers: int | None, deadline_s: float) -> None:
    async with WorkerPool(workers) as pool:
        # The bound keeps what is in flight to a few pages a worker, however long the input is.
        waiting: asyncio.Queue[asyncio.Task[dict[str, object]] | None] = asyncio.Queue(
            maxsize=max(32, 2 * (workers or 1))
        )

        async def read() -> None:
            while line := await asyncio.to_thread(sys.stdin.readline):
                if line.strip():
                    await waiting.put(asyncio.create_task(_clean_line(line, pool, deadline_s)))
            await waiting.put(None)

        reader = asyncio.create_task(read())
        while (task := await waiting.get()) is not None:
            answer = json.dumps(await task, ensure_ascii=False)
            try:
                sys.stdout.write(answer + "\n")
                sys.stdout.flush()
            except BrokenPipeError:
                # Nobody reads on. An orderly end would wait for the thread that waits for a line; workers end with us.
                os._exit(1)
        await reader


async def _clean_line(line: str, pool: WorkerPool, deadline_s: float) -> dict[str, object]:
    row: object = None
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            return _row(None, error="bad-line: not an object")
        page = page_of(row, read_saved(Path(row["html_path"])), fetched_at=datetime.now(UTC))
    except (OSError, EOFError, KeyError, TypeError, ValueError, RecursionError, zlib.error) as fault:
        given = row.get("id") if isinstance(row, dict) else None
        return _row(given, error=f"unreadable: {type(fault).__name__}: {fault}")
    [result] = await clean_pages([page], executor=pool, deadline_s=deadline_s)
    return as_row(row.get("id"), result)


def as_row(identifier: object, result: Article | Reject) -> dict[str, object]:
    """Return the line that answers for one page."""
    if isinstance(result, Reject):
        return _row(identifier, error=f"{result.reason}: {result.detail}")
    return {
        "id": identifier,
        "title": result.title,
        "authors": list(result.authors),
        "date": _date(result),
        "language": result.language,
        "text": result.text,
        "error": None,
    }


def _row(identifier: object, *, error: str) -> dict[str, object]:
    return {"id": identifier, "title": None, "authors": [], "date": None, "language": None, "text": "", "error": error}


def _date(article: Article) -> str | None:
    """The instant in the page's own zone, so that its day is the day which the page shows."""
    if article.published_at is None:
        return None
    zone = timezone(timedelta(minutes=article.published_utc_offset_min or 0))
    local = article.published_at.astimezone(zone)
    return local.date().isoformat() if article.published_precision == "day" else local.isoformat()


if __name__ == "__main__":
    main()
