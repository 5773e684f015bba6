"""The adapter: one JSON line in, one out, in order and at once, whatever the line holds."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = "<html><head><title>Bridge</title></head><body><article><h1>Bridge</h1>" + "".join(
    f"<p>The council met on Tuesday to discuss the bridge, and decided to repair pier {number} before winter.</p>"
    for number in range(5)
)
KEYS = ["id", "title", "authors", "date", "language", "text", "error"]


def adapter() -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "benchmarks.clean_jsonl", "--workers", "1"]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_every_line_is_answered_in_order(tmp_path: Path) -> None:
    plain, packed, cut = tmp_path / "a.html", tmp_path / "b.html.gz", tmp_path / "c.html.gz"
    plain.write_text(PAGE, "utf-8")
    packed.write_bytes(gzip.compress(PAGE.encode()))
    cut.write_bytes(gzip.compress(PAGE.encode())[:40])
    row = {"url": "https://courier.example/one", "content_type": "text/html"}
    lines: list[object] = [
        {"id": 1, "html_path": str(plain), **row},
        {"id": 2, "html_path": str(packed), **row},
        {"id": 3, "html_path": str(cut), **row},
        {"id": 4, "html_path": str(tmp_path / "none"), **row},
        {"id": 5, **row},
        {"id": 6, "html_path": str(plain), "url": 7},
        {"id": 7, "html_path": 7, **row},
        [8],
        {"id": 9, "html_path": str(plain), **row, "content_type": None},
    ]
    given = b"\n".join([*(json.dumps(line).encode() for line in lines), b"", b"{broken", b"\xff"])

    answers = [json.loads(line) for line in adapter().communicate(given, timeout=120)[0].splitlines()]

    assert [answer["id"] for answer in answers] == [1, 2, 3, 4, 5, 6, 7, None, 9, None, None]
    assert [answer["id"] for answer in answers if answer["error"] is None] == [1, 2, 9]
    assert all(list(answer) == KEYS for answer in answers)
    assert answers[0]["text"] == answers[1]["text"] != ""


def test_a_line_is_answered_before_the_next_is_written(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text(PAGE, "utf-8")

    with adapter() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(2):
            process.stdin.write(json.dumps({"id": number, "html_path": str(page)}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        # The reader goes while the writer stays: no end may wait for the next line.
        process.stdout.close()
        process.stdin.write(json.dumps({"id": 2, "html_path": str(page)}).encode() + b"\n")
        process.stdin.flush()

        assert process.wait(60) == 1
