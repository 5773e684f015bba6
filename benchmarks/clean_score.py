"""A folder of saved pages with expected fields is scored: this cleaner and plain trafilatura, side by side.

    python -m benchmarks.clean_score CORPUS_DIR

CORPUS_DIR holds expected.jsonl (id, url, publisher, title, authors, date, language, text, content_type) and
pages/ID.html.gz. Both cleaners get the same pages in turn, in this process. Pages of one publisher are alike, so what
counts is the mean over publishers.

Each rule is judged on publishers that did not choose it: for each publisher the rule is kept where it raises the mean
of all others, and scored on the one left out ("left out" less "without" is its gain). A rule that gains on few
publishers and costs others was made for the pages it was seen on.

text: F1 over bags of lower-cased words (characters where a script has no spaces). title, authors: equal after Unicode
and quote normalisation and case folding, authors as a set, where they are known. day: the calendar day as the page
gives it. ms: CPU a page.

Ends with 1 where this cleaner costs more than 0.75 of trafilatura's CPU, or scores below it.
"""

import argparse
import gc
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import py3langid
from trafilatura import bare_extraction
from trafilatura.settings import Document

from benchmarks.clean_jsonl import as_row, page_of, read_saved
from pipelines.clean import blocks, body, clean, lines, marks
from pipelines.identity import normalise
from pipelines.model import Cleaning

_TOKEN = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")

_MAX_CPU = 0.75  # of trafilatura's
_WORST = 12
_SAME = 0.0005  # of F1
_SWITCHED_OFF = {
    "boxes": Cleaning(boxes=False),
    "links": Cleaning(links=False),
    "full_text": Cleaning(full_text=False),
    "read_more": Cleaning(read_more=False),
    "byline": Cleaning(byline=False),
    "residue": Cleaning(residue=False),
    "credits": Cleaning(credits=False),
    "head": Cleaning(head=False),
}
_PHRASES = ("_EDGE", "_RESIDUE", "_LEAD_IN", "_BARE_LEAD_IN", "_CREDIT", "_OUTLET")
_marks_of = marks.Marks.of

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
    parser.add_argument("--misses", action="store_true", help="print what differs")
    parser.add_argument("--no-rules", action="store_true", help="leave the table of rules out")
    parser.add_argument("--dump", type=Path, help="write what this cleaner made, as JSON lines")
    arguments = parser.parse_args()
    rows = [json.loads(line) for line in (arguments.corpus / "expected.jsonl").read_text("utf-8").splitlines()]
    for row in rows:
        row["html_path"] = str(arguments.corpus / "pages" / f"{row['id']}.html.gz")
    measured = [(row, *measure(row)) for row in _warmed(rows)]
    is_good = _print_table(measured)
    _print_publishers(measured)
    if not arguments.no_rules:
        _print_rules(measured)
    if arguments.misses:
        _print_misses(measured)
    if arguments.dump:
        lines = (json.dumps({**made, "f1": score.text}, ensure_ascii=False) for _, made, score, _ in measured)
        arguments.dump.write_text("\n".join(lines), "utf-8")
    sys.exit(not is_good)


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


def _print_table(measured: Sequence[Measured]) -> bool:
    print(f"{len(measured)} pages of {len(_publishers(measured))} publishers")
    print(f"{'':28}" + "".join(f"{column.name:>10}" for column in fields(Score)))
    ours, theirs = (_mean(scores) for scores in _both(measured))
    by_publisher = [_both(some) for some in _publishers(measured).values()]
    our_mean, their_mean = (_mean_of([_mean(both[side]) for both in by_publisher]) for side in (0, 1))
    for name, score in (
        ("this cleaner, pages", ours),
        ("trafilatura, pages", theirs),
        ("this cleaner, publishers", our_mean),
        ("trafilatura, publishers", their_mean),
    ):
        print(f"{name:28}" + "".join(f"{getattr(score, column.name):10.4f}" for column in fields(Score)))
    ratio = ours.ms / theirs.ms
    print(f"CPU: {ratio:.2f} of trafilatura's")
    return ratio <= _MAX_CPU and our_mean.text >= their_mean.text


def _both(measured: Sequence[Measured]) -> tuple[list[tuple[Row, Score]], list[tuple[Row, Score]]]:
    return [(row, ours) for row, _, ours, _ in measured], [(row, theirs) for row, _, _, theirs in measured]


def _print_publishers(measured: Sequence[Measured]) -> None:
    means = {name: _mean(_both(some)[0]) for name, some in _publishers(measured).items()}
    print(f"\nthe {_WORST} publishers with the lowest F1")
    for name, score in sorted(means.items(), key=lambda item: item[1].text)[:_WORST]:
        print(f"  {name:28}{score.text:8.3f}   precision {score.precision:.3f}   recall {score.recall:.3f}")


def _print_rules(measured: Sequence[Measured]) -> None:
    """For each rule: F1 over publishers with and without it, who gains, who loses, and its gain where left out."""
    kept = _f1_by_publisher(measured)
    print(f"\n{'rule':14}{'with':>8}{'without':>9}{'better':>8}{'worse':>7}{'left out':>10}{'gain':>9}")
    for rule, without in _without_each(measured):
        chosen = []
        for name in kept:
            others = [other for other in kept if other != name]
            is_kept = sum(kept[other] for other in others) >= sum(without[other] for other in others)
            chosen.append((kept if is_kept else without)[name])
        better = sum(kept[name] > without[name] + _SAME for name in kept)
        worse = sum(kept[name] < without[name] - _SAME for name in kept)
        means = [sum(values) / len(kept) for values in (kept.values(), without.values(), chosen)]
        print(f"{rule:14}{means[0]:8.4f}{means[1]:9.4f}{better:8}{worse:7}{means[2]:10.4f}{means[2] - means[1]:+9.4f}")


def _without_each(measured: Sequence[Measured]) -> Iterator[tuple[str, dict[str, float]]]:
    """F1 by publisher with one rule off: a switch of the source's, or a part that has none."""
    never = re.compile("(?!)")
    rows = [row for row, *_ in measured]
    for switch, cleaning in _SWITCHED_OFF.items():
        yield switch, _rescored(rows, cleaning)
    parts: dict[str, list[tuple[object, str, object]]] = {
        "neighbours": [(body, "drop_neighbours", lambda *_, **__: 0)],
        "intros": [(body, "find_leads", lambda *_, **__: [])],
        "class names": [(blocks, "_BOXES", never), (blocks, "_LEADS", never)],
        "phrases": [(lines, name, never) for name in _PHRASES],
        "marks": [(marks.Marks, "of", lambda self, text: frozenset({"link"} & _marks_of(self, text)))],
    }
    for name, replaced in parts.items():
        with ExitStack() as stack:
            for owner, attribute, value in replaced:
                stack.enter_context(patch.object(owner, attribute, value))
            blocks._names_box.cache_clear()
            yield name, _rescored(rows, Cleaning())
        blocks._names_box.cache_clear()


def _rescored(rows: Sequence[Row], cleaning: Cleaning) -> dict[str, float]:
    scored = []
    for row in rows:
        page = page_of(row, read_saved(Path(row["html_path"])), fetched_at=datetime.now(UTC))
        made = as_row(row["id"], clean(replace(page, cleaning=cleaning)))
        scored.append((row, made, _score(row, made, 0.0), Score()))
    return _f1_by_publisher(scored)


def _f1_by_publisher(measured: Sequence[Measured]) -> dict[str, float]:
    return {name: sum(one[2].text for one in some) / len(some) for name, some in _publishers(measured).items()}


def _publishers(measured: Sequence[Measured]) -> dict[str, list[Measured]]:
    found: dict[str, list[Measured]] = {}
    for one in measured:
        found.setdefault(one[0]["publisher"], []).append(one)
    return found


def _mean_of(scores: Sequence[Score]) -> Score:
    return Score(**{c.name: sum(getattr(score, c.name) for score in scores) / len(scores) for c in fields(Score)})


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
