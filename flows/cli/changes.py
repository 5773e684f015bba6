"""Changes: what cleaning again would change becomes tables and examples for people, JSON for scripts."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from difflib import unified_diff
from typing import TYPE_CHECKING

from flows.cli.options import program
from flows.cli.terminal import add_row, say, stdout
from pipelines.store import CHANGES, Example
from pipelines.text import printable

if TYPE_CHECKING:
    from pipelines.run.recleaning import Replayed

_WIDTH = 160  # characters shown of a line
_LINES = 6  # lines shown of a changed text


def replayed_json(replayed: "Replayed") -> str:
    """All of it: made_at, changes by source, examples with whole texts, and what promoting did."""
    promoted = replayed.promoted
    return json.dumps(
        {
            "made_at": replayed.made_at.isoformat(),
            "sources": [asdict(change) for change in replayed.changes],
            "examples": [asdict(example) for example in replayed.examples],
            "promoted": None
            if promoted is None or promoted.violations
            else {
                "exchanges": promoted.exchanges,
                "sightings": promoted.sightings,
                "described": promoted.described,
                "removed": promoted.removed,
                "unseen": promoted.unseen,
            },
            "violations": list(replayed.violations),
        },
        indent=2,
        ensure_ascii=False,
        default=str,
    )


def print_replayed(replayed: "Replayed") -> None:
    """A table by source, examples, and a sentence."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    columns = ("source", "pages", *CHANGES, "broken", "missing")
    for column in columns:
        table.add_column(column, justify="left" if column == "source" else "right", overflow="fold")
    for change in replayed.changes:
        counts = (change.page_count, *(getattr(change, name) for name in CHANGES), change.broken, change.missing)
        add_row(table, change.source, *(str(count) for count in counts))
    console = stdout()
    if replayed.changes:
        console.print(table, markup=False, highlight=False)
    for line in _example_lines(replayed.examples):
        say(line)
    say(f"\n{_sentence(replayed)}")


def _sentence(replayed: "Replayed") -> str:
    pages = sum(change.page_count for change in replayed.changes)
    if not pages:
        return "No page of the archive is selected."
    if replayed.violations:
        return "Nothing was changed: it would break what is promised of the data."
    done = replayed.promoted
    if done is not None:
        since = f" {done.unseen} pages came since it was made and stay as they are." if done.unseen else ""
        return (
            f"Promoted: {done.exchanges} pages end otherwise, {done.described} articles are new or described anew,"
            f" {done.removed} are gone.{since}"
        )
    changed = [change for change in replayed.changes if not change.is_same]
    if not changed:
        return f"{pages} pages were cleaned again: nothing would change."
    return f"{pages} pages were cleaned again; {len(changed)} sources would change. To make it current: {_promote()}"


def _promote() -> str:
    return f"{program()} replay --promote, with the same --source and --since"


def _example_lines(examples: Sequence[Example]) -> Iterator[str]:
    for example in examples:
        yield f"\n{example.source}: {example.kind}: {example.url}"
        match example.kind:
            case "texts":
                yield from _difference(example.before or "", example.after or "")
            case "gained":
                yield f"  - {example.before}"
                yield from (f"  + {_cut(line)}" for line in (example.after or "").split("\n")[:2])
            case "lost":
                yield from (f"  - {_cut(line)}" for line in (example.before or "").split("\n")[:2])
                yield f"  + {_cut(example.after or '')}"
            case _:
                yield f"  - {_cut(example.before or '')}"
                yield f"  + {_cut(example.after or '')}"


def _difference(before: str, after: str) -> Iterator[str]:
    lines = unified_diff(before.split("\n"), after.split("\n"), n=0, lineterm="")
    changed = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    yield from (f"  {line[0]} {_cut(line[1:])}" for line in changed[:_LINES])
    if len(changed) > _LINES:
        yield f"  … {len(changed) - _LINES} more lines"


def _cut(text: str) -> str:
    return printable(text, most=_WIDTH)
