"""A folder of saved pages with expected fields is scored: this cleaner and plain trafilatura, side by side.

    python -m benchmarks.clean_score CORPUS_DIR

CORPUS_DIR holds expected.jsonl (id, url, publisher, title, authors, date, language, text, content_type) and
pages/ID.html.gz. Publishers are split by the lowest bit of SHA-256 of their name: 0 is the half to tune on, 1 the
half that was held out. Both cleaners get the same pages in turn, in this process.

text: F1 over bags of lower-cased words (characters where a script has no spaces). title, authors: equal after Unicode
and quote normalisation and case folding, authors as a set, where they are known. day: the calendar day as the page
gives it. ms: CPU a page.
"""

import argparse
import gc
import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import py3langid
from trafilatura import bare_extraction
from trafilatura.settings import Document

from benchmarks.clean_jsonl import as_row, page_of, read_saved
from pipelines.clean import clean
from pipelines.identity import normalise

_TOKEN = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")

Row = dict[str, Any]


@dataclass(slots=True)
class Score:
    """Sums over pages, or means once divided."""

    text: float = 0.0
    precision: float = 0.0
    recall: float = 0.0
    title: float = 0.0
    day: float = 0.0
    authors: float = 0.0
    language: float = 0.0
    ms: float = 0.0


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--half", choices=["tune", "held-out"], help="look at one half only")
    parser.add_argument("--misses", action="store_true", help="print what differs, tune half only")
    parser.add_argument("--dump", type=Path, help="write what this cleaner made, as JSON lines")
    arguments = parser.parse_args()
    rows = [json.loads(line) for line in (arguments.corpus / "expected.jsonl").read_text("utf-8").splitlines()]
    if arguments.half:
        rows = [row for row in rows if half(row["publisher"]) == arguments.half]
    for row in rows:
        row["html_path"] = str(arguments.corpus / "pages" / f"{row['id']}.html.gz")
    measured = [(row, *measure(row)) for row in _warmed(rows)]
    for name, chosen in [("all", measured), *((side, _side(measured, side)) for side in ("tune", "held-out"))]:
        if chosen:
            _print_table(name, chosen)
    if arguments.misses:
        _print_misses(_side(measured, "tune"))
    if arguments.dump:
        lines = (json.dumps({**made, "f1": score.text}, ensure_ascii=False) for _, made, score, _ in measured)
        arguments.dump.write_text("\n".join(lines), "utf-8")


def half(publisher: str) -> str:
    """Return the half of the publishers a publisher belongs to."""
    return "held-out" if hashlib.sha256(publisher.encode()).digest()[0] & 1 else "tune"


def measure(row: Row) -> tuple[Row, Score, Score]:
    """Return what this cleaner made of a page, its score, and trafilatura's."""
    made, ms = _timed(_ours, row)
    theirs, their_ms = _timed(_trafilatura, row)
    return made, _score(row, made, ms), _score(row, theirs, their_ms)


def _warmed(rows: Sequence[Row]) -> Sequence[Row]:
    """Load models and caches of both before anything is timed, with the settings that the workers use."""
    for row in rows[:3]:
        measure(row)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    return rows


def _timed(run: Callable[[Row, bytes], Row], row: Row) -> tuple[Row, float]:
    content = read_saved(Path(row["html_path"]))
    began = time.process_time()
    made = run(row, content)
    return made, (time.process_time() - began) * 1000


def _ours(row: Row, content: bytes) -> Row:
    return as_row(row["id"], clean(page_of(row, content, fetched_at=datetime.now(UTC))))


def _trafilatura(row: Row, content: bytes) -> Row:
    found = bare_extraction(content, url=row["url"], include_comments=False, with_metadata=True)
    if not isinstance(found, Document):
        return {"title": None, "authors": [], "date": None, "language": None, "text": ""}
    text = found.text or ""
    authors = [name.strip() for name in (found.author or "").split(";") if name.strip()]
    language = py3langid.classify(text)[0]
    return {"title": found.title, "authors": authors, "date": found.date, "language": language, "text": text}


def _score(row: Row, made: Row, ms: float) -> Score:
    expected, got = _tokens(row["text"]), _tokens(made["text"])
    common = sum((expected & got).values())
    precision = common / max(1, sum(got.values()))
    recall = common / max(1, sum(expected.values()))
    return Score(
        text=2 * precision * recall / (precision + recall) if common else 0.0,
        precision=precision,
        recall=recall,
        title=float(_plain(row["title"]) == _plain(made["title"])),
        day=float((made["date"] or "")[:10] == row["date"][:10]),
        authors=float(_names(row["authors"]) == _names(made["authors"])),
        language=float((made["language"] or "")[:2] == row["language"][:2]),
        ms=ms,
    )


def _tokens(text: str) -> Counter[str]:
    return Counter(_TOKEN.findall(normalise(text).casefold()))


def _plain(text: str | None) -> str:
    return normalise(text or "").casefold()


def _names(names: Sequence[str] | None) -> set[str]:
    return {_plain(name) for name in names or ()}


Measured = tuple[Row, Row, Score, Score]


def _side(measured: Sequence[Measured], name: str) -> list[Measured]:
    return [one for one in measured if half(one[0]["publisher"]) == name]


def _print_table(name: str, measured: Sequence[Measured]) -> None:
    publishers = {row["publisher"] for row, *_ in measured}
    print(f"\n{name}: {len(measured)} pages of {len(publishers)} publishers")
    print(f"{'':14}" + "".join(f"{column.name:>11}" for column in fields(Score)))
    ours, theirs = _mean([(row, score) for row, _, score, _ in measured]), _mean([(row, s) for row, *_, s in measured])
    for label, score in (("this cleaner", ours), ("trafilatura", theirs)):
        print(f"{label:14}" + "".join(f"{getattr(score, column.name):11.4f}" for column in fields(Score)))
    ratios = (getattr(ours, c.name) / max(1e-9, getattr(theirs, c.name)) for c in fields(Score))
    print(f"{'ratio':14}" + "".join(f"{ratio:11.3f}" for ratio in ratios))


def _mean(scores: Sequence[tuple[Row, Score]]) -> Score:
    known = [score for row, score in scores if row["authors"] is not None]
    means = {c.name: sum(getattr(score, c.name) for _, score in scores) / len(scores) for c in fields(Score)}
    means["authors"] = sum(score.authors for score in known) / max(1, len(known))
    return Score(**means)


def _print_misses(measured: Sequence[Measured]) -> None:
    for row, made, score, _ in measured:
        print(
            f"\n== {row['id']}  f1 {score.text:.3f}  p {score.precision:.3f}  r {score.recall:.3f}",
            made.get("error") or "",
        )
        for key, hit in (("title", score.title), ("date", score.day), ("authors", score.authors)):
            if not hit:
                print(f"   {key}: expected {row[key]!r}, got {made[key]!r}")
        expected = [normalise(line) for line in row["text"].splitlines()]
        got = [normalise(line) for line in made["text"].splitlines()]
        for line in got:
            if line not in expected and line[:40] not in row["text"]:
                print(f"   + {line[:160]}")
        for line in expected:
            if line and line not in got and line[:40] not in made["text"]:
                print(f"   - {line[:160]}")


if __name__ == "__main__":
    main()
