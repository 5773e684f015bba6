"""Expected: what each page that the newsroom announces must become, and how the runs must be tallied.

One file an outlet lies in expected/, and tallies.json. A page becomes an article, a reject, or is known already
because its address is that of another page but for tracking parameters.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from tests.newsroom.stories import SEEDS, TEXTS

HERE = Path(__file__).parent / "expected"

# The folder of seeds is an outlet, too: its paths are file names.
OUTLETS = ("courier", "observer", "bulletin", "vestnik", "meridian", "seeds")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedPage:
    """An announced page and what must become of it. `path` holds the query; for a seed it is the file's name."""

    outlet: str
    path: str
    becomes: Literal["article", "reject", "known"]
    since: Literal["start", "publish", "revise"]  # what has to happen before it is there
    sources: tuple[str, ...]  # the names in sources.yaml that announce it
    note: str
    # An article's fields
    sighted_at: str = ""  # the path of its canonical URL, after redirects and rel=canonical
    title: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    published_at: datetime | None = None
    published_precision: str | None = None
    flags: tuple[str, ...] = ()
    text: str = ""  # a paragraph a line
    hint_published_at: datetime | None = None  # what only the feed says
    hint_authors: tuple[str, ...] = ()
    # A reject's fields
    stage: str | None = None
    reason: str | None = None

    def __str__(self) -> str:
        return f"{self.outlet}{'' if self.path.startswith('/') else '/'}{self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedTally:
    """What one source must report. Ranges, both ends included, where the order of completion decides."""

    entries: int
    known: range
    articles: range  # new + seen + revised
    revised: int
    rejected: int
    reasons: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedRun:
    """What a run must report: by source where something is said of it, in sum, and as rows afterwards."""

    tallies: dict[str, ExpectedTally]
    total: dict[str, int]  # by the fields of a Tally
    tables: dict[str, int]  # rows by table


def load_pages(*, since: tuple[str, ...] = ("start", "publish", "revise")) -> tuple[ExpectedPage, ...]:
    """All expected pages, or those which are there once something has happened."""
    pages = (_page(name, entry) for name in OUTLETS for entry in _read(name)["announced"])
    return tuple(page for page in pages if page.since in since)


def load_run(name: Literal["first", "second", "third"]) -> ExpectedRun:
    """The first run, a second with nothing new, a third after one publish() and one revise()."""
    run = _read("tallies")[name]
    return ExpectedRun(
        tallies={
            source: ExpectedTally(
                entries=tally["entries"],
                known=range(tally["known"][0], tally["known"][1] + 1),
                articles=range(tally["articles"][0], tally["articles"][1] + 1),
                revised=tally["revised"],
                rejected=tally["rejected"],
                reasons=tally["reasons"],
            )
            for source, tally in run["sources"].items()
        },
        total=run["total"],
        tables=run["tables"],
    )


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return found


def _page(outlet: str, entry: dict[str, Any]) -> ExpectedPage:
    hint = entry.get("entry", {})
    return ExpectedPage(
        outlet=outlet,
        path=entry["path"],
        becomes=entry["becomes"],
        since=entry.get("since", "start"),
        sources=tuple(entry.get("sources", [outlet])),
        note=entry.get("note", ""),
        sighted_at=entry.get("sighted_at", entry["path"]),
        title=entry.get("title"),
        authors=tuple(entry.get("authors", ())),
        language=entry.get("language"),
        published_at=_instant(entry.get("published_at")),
        published_precision=entry.get("published_precision"),
        flags=tuple(entry.get("flags", ())),
        text=_text(entry["text"]) if "text" in entry else "",
        hint_published_at=_instant(hint.get("published_at")),
        hint_authors=tuple(hint.get("authors", ())),
        stage=entry.get("stage"),
        reason=entry.get("reason"),
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _text(source: dict[str, Any]) -> str:
    """The lines of a seed but for its residue, or of a story; without blank ones."""
    if "seed" in source:
        lines = (SEEDS / source["seed"]).read_text(encoding="utf-8").splitlines()
        kept = [line for number, line in enumerate(lines, start=1) if number not in source["without_lines"]]
    else:
        kept = (TEXTS / source["story"]).read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in kept if line.strip())
