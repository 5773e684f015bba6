"""Pages through the cleaner: pure, deterministic, in order, and one that kills its worker costs that page only."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.clean import CLEANER_VERSION, clean, clean_pages
from pipelines.clean.cleaner import version_of
from pipelines.model import Article, Page, Reject
from pipelines.workers import WorkerDied, WorkerInterrupted, WorkerPool, WorkerTimeout
from tests.builders import a_fetch, a_page, an_entry

T = TypeVar("T")
R = TypeVar("R")

ROOT = Path(__file__).parents[3]
SENTENCE = "The council met on Tuesday to discuss the bridge and decided after three hours to repair it before winter. "


def html(number: int) -> bytes:
    body = "".join(f"<p>{SENTENCE}{SENTENCE}It was decision number {number}, of part {part}.</p>" for part in range(6))
    return (
        f"<html><head><title>Bridge {number}</title></head><body><h1>Bridge {number}</h1>{body}</body></html>".encode()
    )


def pages(count: int) -> list[Page]:
    return [a_page(html(number), entry=an_entry(f"https://courier.example/{number}")) for number in range(count)]


class Inline:
    """An executor that works here and fails on request."""

    def __init__(self, faults: dict[str, Exception]) -> None:
        self.faults = faults

    async def run(self, function: Callable[[T], R], item: T, *, deadline_s: float) -> R:
        assert isinstance(item, Page)
        await asyncio.sleep(random.random() / 100)
        if fault := self.faults.get(item.entry.url):
            raise fault
        return function(item)


async def test_results_come_in_the_order_of_the_pages() -> None:
    given = pages(8)

    results = await clean_pages(given, executor=Inline({}))

    assert [result.title for result in results if isinstance(result, Article)] == [f"Bridge {n}" for n in range(8)]


async def test_pages_go_through_real_workers() -> None:
    given = [*pages(3), a_page(b"", entry=an_entry("https://courier.example/empty"))]

    async with WorkerPool(2) as pool:
        results = await clean_pages(given, executor=pool)

    assert results == [clean(page) for page in given]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (WorkerTimeout("no answer within 20 s of CPU time"), "clean-timeout"),
        (WorkerDied("exit code -11"), "clean-crash"),
        (WorkerInterrupted("killed from outside"), "clean-interrupted"),
    ],
)
async def test_page_that_costs_its_worker_costs_nothing_else(fault: Exception, reason: str) -> None:
    given = pages(3)

    first, second, third = await clean_pages(given, executor=Inline({"https://courier.example/1": fault}))

    assert isinstance(first, Article)
    assert isinstance(third, Article)
    assert isinstance(second, Reject)
    assert (second.stage, second.reason, second.detail) == ("clean", reason, str(fault))
    assert (second.entry, second.fetch) == (given[1].entry, given[1].fetch)


async def test_a_worker_killed_in_mid_page_costs_no_page() -> None:
    given = pages(3)
    async with WorkerPool(1) as pool:
        worker = await pool.run(process_id, None, deadline_s=10)
        os.kill(worker, signal.SIGSTOP)  # it holds the first page and does not get on with it
        cleaning = asyncio.create_task(clean_pages(given, executor=pool))
        await asyncio.sleep(0.1)
        os.kill(worker, signal.SIGKILL)

        assert await cleaning == [clean(page) for page in given]


def process_id(_: object) -> int:
    return os.getpid()


async def test_deadline_holds_in_a_real_worker() -> None:
    # CPU time is counted by the tick of the kernel, up to 10 ms, so the page must take many.
    slow = a_page(b"".join(html(number) for number in range(300)))

    async with WorkerPool(1) as pool:
        await clean_pages([slow], executor=pool)
        [reject] = await clean_pages([slow], executor=pool, deadline_s=0.0001)

    assert isinstance(reject, Reject)
    assert reject.reason == "clean-timeout"


def test_crash_on_a_page_is_a_reject_with_the_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise ZeroDivisionError("in the parser")

    monkeypatch.setattr("pipelines.clean.webpage.parse", crash)

    reject = clean(a_page(html(1)))

    assert isinstance(reject, Reject)
    assert (reject.reason, reject.detail) == ("clean-crash", "ZeroDivisionError: in the parser")


def test_article_carries_the_version_of_its_cleaner() -> None:
    article = clean(a_page(html(1)))

    assert isinstance(article, Article)
    assert article.cleaner_version == CLEANER_VERSION


def test_same_page_gives_the_same_article_whatever_was_cleaned_before() -> None:
    page = a_page(html(1))
    alone = clean(page)

    for _ in range(5):
        assert clean(page) == alone
    for other in pages(4):
        clean(other)

    assert clean(page) == alone


def test_same_page_gives_the_same_article_in_another_process() -> None:
    script = f"""
import sys, json
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from pipelines.clean import clean
from tests.builders import a_page
for path in sorted(Path({str(ROOT)!r}, "tests/fixtures/seeds").glob("*.txt"), reverse={{reverse}}):
    body = "".join(f"<p>{{{{line}}}}</p>" for line in path.read_text("utf-8").splitlines() if line)
    article = clean(a_page(f"<html><body><h1>Headline</h1><article>{{{{body}}}}</article></body></html>".encode()))
    print(json.dumps([article.content_hash, article.title, article.authors, article.flags, article.removed_lines]))
"""
    outputs = [
        subprocess.run(
            [sys.executable, "-c", script.format(reverse=reverse)],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        for reverse, seed, zone in ((False, "1", "UTC"), (True, "2", "Asia/Tokyo"))
    ]

    assert len(outputs[0]) == 5
    assert sorted(map(json.dumps, outputs[0])) == sorted(map(json.dumps, outputs[1]))


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([None, "text/html", "text/plain", "text/html; charset=utf-16", "application/xml"]),
)
def test_cleaning_never_raises(content: bytes, content_type: str | None) -> None:
    result = clean(a_page(b"<html><body>" + content, fetch=a_fetch(content_type=content_type)))

    assert isinstance(result, Article | Reject)
    assert not (isinstance(result, Reject) and result.reason == "clean-crash"), result


PARAGRAPH = f"<p>{SENTENCE}{SENTENCE}</p>"
ARTICLE = PARAGRAPH * 6


def document(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head><title>Bridge</title>{head}</head><body>{body}</body></html>".encode()


def test_version_changes_with_each_source_that_decides(tmp_path: Path) -> None:
    (tmp_path / "clean").mkdir()
    versions = [version_of(tmp_path)]
    for name in ("clean/body.py", "clean/lines.py", "urls.py"):
        (tmp_path / name).write_text("one")
        versions.append(version_of(tmp_path))
        (tmp_path / name).write_text("two")
        versions.append(version_of(tmp_path))
    (tmp_path / "settings.py").write_text("decides nothing")

    assert len(set(versions)) == len(versions)
    assert version_of(tmp_path) == versions[-1]


LINKED = '<script type="application/ld+json">'
PATHOLOGICAL = {
    "8,000 cells": document(ARTICLE + "<table>" + ("<tr>" + "<td>cell text</td>" * 4 + "</tr>") * 2000 + "</table>"),
    "100,000 cells": document(ARTICLE + "<table>" + ("<tr>" + "<td>c</td>" * 10 + "</tr>") * 10_000 + "</table>"),
    "20,000 h1": document("<h1>Headline</h1>" * 20_000 + ARTICLE),
    "broken JSON-LD of 4 MB": document(ARTICLE, LINKED + '{"a":' + '[{"b":"' * 600_000 + "</script>"),
    "nested JSON-LD": document(ARTICLE, LINKED + "[" * 50_000 + "]" * 50_000 + "</script>"),
    "nested graphs": document(ARTICLE, LINKED + '{"@graph":[' * 900 + "]}" * 900 + "</script>"),
    "200,000 links": document(ARTICLE + '<a href="/x">link</a> ' * 200_000),
    "2 MB of tiny paragraphs": document("<p>tiny</p>" * 170_000),
    "10,000 tiny paragraphs": document("<p>tiny text</p>" * 10_000),
    "1,500 levels": document("<div>" * 1500 + ARTICLE + "</div>" * 1500),
    "20,000 levels": document("<div>" * 20_000 + ARTICLE + "</div>" * 20_000),
    "nested lists": document("<ul><li>" * 700 + ARTICLE + "</li></ul>" * 700),
    "100,000 attributes": document(ARTICLE + "<div " + " ".join(f'a{n}="b"' for n in range(100_000)) + ">x</div>"),
    "bare attributes": document(ARTICLE + "<div " + " ".join(f"a{n}" for n in range(100_000)) + ">x</div>"),
    "tags of 1,900 attributes": document(ARTICLE + f"<div {' '.join(f'a{n}=1' for n in range(1900))}>x</div>" * 500),
    "5 MB in one line": document(f"<p>{'word ' * 1_000_000}</p>"),
    "20,000 leads": document("<h1>Bridge</h1>" + f'<p class="lead">{SENTENCE}</p>' * 5000 + ARTICLE),
    "nested authors": document('<span itemprop="author">Ann' * 5000 + ARTICLE),
    "20,000 options": document(ARTICLE + f"<select>{'<option>o</option>' * 20_000}</select>"),
    "control references": document(ARTICLE.replace("bridge", "bri&#1;d&#8;g&#xFFFE;e&#xFFFF;&#55296;&#0;")),
    "NULs": document(ARTICLE.replace("bridge", "bri\0dge")),
    "1 MB in one line": document(f"<p>{'word ' * 200_000}</p>"),
    "4 MB of base64": document(ARTICLE + '<img src="data:image/png;base64,' + "A" * 4_000_000 + '">'),
    "unclosed comments": document(ARTICLE + "<!--" * 50_000),
    "separators": document(ARTICLE, '<meta property="og:title" content="' + " - " * 50_000 + '">'),
    "authors": document(ARTICLE, '<meta name="author" content="' + "a and " * 50_000 + '">'),
    "labels": document(ARTICLE + f"<p>{'Photo by ' * 3000}</p><p>{'( ' * 5000}</p><p>{'-' * 100_000}</p>"),
    "20,000 headlines": document(ARTICLE + "<div>" + '<a href="/x">Another story of the day</a> ' * 20_000 + "</div>"),
    "20,000 headings": document(ARTICLE * 3 + "<div>" + "<h2>Another story of the day</h2>" * 20_000 + "</div>"),
    "20,000 pictures": document(ARTICLE + "<div>" + '<img src="/x.jpg">word ' * 20_000 + "</div>"),
    "20,000 italics": document(ARTICLE + "<p>" + "<i>word</i> " * 20_000 + "</p>"),
    "posts in quotations": document(
        "<blockquote>" * 500 + '<a href="https://x.com/a/status/1">x</a>' * 10_000 + ARTICLE
    ),
    "leads over 1 MB": document("<h1>Bridge</h1>" + f"<p>{'bridge councils ' * 40}.</p>" * 1500),
    "nested state": document(f"<script>window.a = {'[' * 90_000}</script>" * 5 + ARTICLE),
    "state in pieces": document("<script>" + 'self.__next_f.push([1,"a"]);push(["' * 60_000 + "</script>" + ARTICLE),
    "state of lists": document(
        "<script>a=[" + ('["p",{},' * 7 + '"x"' + "]" * 7 + ",") * 30_000 + "1]</script>" + ARTICLE
    ),
    "nothing": b"",
    "a lone bracket": b"<",
    "frames": b"<html><frameset><frame src=a></frameset></html>",
}


@pytest.mark.timeout(20)  # the deadline of a worker
@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_pathological_page_ends_with_a_row(name: str) -> None:
    result = clean(a_page(PATHOLOGICAL[name]))

    assert isinstance(result, Article) or result.reason in {"too-complex", "too-short", "no-text", "link-page"}


def test_attribute_that_holds_a_programs_state_is_one() -> None:
    state = "'" + '{"key": "a = b"}, ' * 5000 + "'"

    assert isinstance(clean(a_page(document(ARTICLE + f"<div data-state={state}>x</div>"))), Article)


@pytest.mark.parametrize(
    "name", ["control references", "NULs", "1,500 levels", "broken JSON-LD of 4 MB", "nested lists"]
)
def test_pathological_page_keeps_its_text(name: str) -> None:
    article = clean(a_page(PATHOLOGICAL[name]))

    assert isinstance(article, Article)
    assert article.text.split("\n") == [(SENTENCE * 2).strip()] * 6
