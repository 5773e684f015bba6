"""Terminal: what pages and feeds say reaches a terminal as text alone, and tables fit into its width.

Everything that a command prints goes through this module: control characters, escape sequences and marks that reorder
text would let a page move the cursor, rename the window or disguise an address.
"""

import json
import logging
import shutil
import sys
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import typer

from pipelines.text import printable, printable_json, printable_lines

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_MOST_ROWS = 1_000  # shown on a terminal
_LEAST_WIDTH, _MOST_HEAD = 8, 16  # characters to which a column may shrink
_EDGES, _GAP = 2, 3  # characters of a line that no column has
_WIDE = 10_000  # characters of a line that nobody reads on a terminal


def say(text: str = "", *, err: bool = False) -> None:
    """Print lines of text on stdout or stderr."""
    typer.echo(printable_lines(text), err=err)


def say_json(value: object) -> None:
    """Print a value as JSON, indented; what JSON does not know as text."""
    say_document(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def say_document(text: str) -> None:
    """Print a JSON document, which says the same when it is escaped."""
    typer.echo(printable_json(text))


def write_out(text: str) -> None:
    """Write a text to stdout: as it is into a pipe, filtered to a terminal."""
    sys.stdout.write(printable_lines(text) if sys.stdout.isatty() else text)


def write_out_bytes(content: bytes) -> None:
    """The same for bytes, which a terminal is shown as text."""
    if sys.stdout.isatty():
        write_out(content.decode("utf-8", "replace"))
    else:
        sys.stdout.buffer.write(content)


def only_printable(record: logging.LogRecord) -> bool:
    """A filter for the handlers of logs: what a page or feed says stands in them as text alone."""
    record.msg, record.args = printable_lines(record.getMessage()), ()
    return True


def add_row(table: "Table", *cells: str, style: str | None = None) -> None:
    """Add a row to a table; the only way that text gets into one."""
    table.add_row(*map(printable_lines, cells), style=style)


def stdout() -> "Console":
    """Where tables go; as wide as they need to be when nobody reads them on a terminal.

    What a page says is text: no markup, no emoji codes.
    """
    from rich.console import Console

    width = None if sys.stdout.isatty() else _WIDE
    return Console(width=width, markup=False, emoji=False, highlight=False)


def print_table(table: "Table") -> None:
    """A table on stdout; in a pipe without the blanks that fill its last column, and without empty lines."""
    console = stdout()
    if console.is_terminal:
        console.print(table)
        return
    with console.capture() as shown:
        console.print(table)
    for line in shown.get().splitlines():
        if line.strip():
            sys.stdout.write(f"{line.rstrip()}\n")


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[str]], *, numeric: Sequence[bool]) -> None:
    """Print rows as a table with one line a row; on a terminal cells are clipped, and what is left out is said."""
    from rich import box
    from rich.table import Table

    is_terminal = sys.stdout.isatty()
    heads = [printable(name) for name in columns]
    rows = iter(rows)
    kept = [
        [printable(cell, most=_WIDE) for cell in row] for row in (islice(rows, _MOST_ROWS) if is_terminal else rows)
    ]
    widths = column_widths(heads, kept, width=shutil.get_terminal_size().columns if is_terminal else _WIDE)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for head, width, is_number in zip(heads, widths, numeric, strict=False):
        table.add_column(
            head, no_wrap=True, overflow="ellipsis", max_width=width, justify="right" if is_number else "left"
        )
    for row in kept:
        add_row(table, *row[: len(widths)])
    print_table(table)
    if is_terminal:
        _say_what_is_left_out(len(columns) - len(widths), has_more_rows=next(rows, None) is not None)


def print_vertically(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print each row as a block with one line a column; texts stay whole."""
    width = max((len(printable(name)) for name in columns), default=0)
    for number, row in enumerate(rows, 1):
        say(f"-- row {number} --")
        for name, cell in zip(columns, row, strict=True):
            first, *others = printable_lines(cell).splitlines() or [""]
            say(f"{printable(name):<{width}}  {first}".rstrip())
            for line in others:
                say(f"{'':<{width}}  {line}".rstrip())


def column_widths(heads: Sequence[str], rows: Sequence[Sequence[str]], *, width: int) -> list[int]:
    """The widths of the leading columns that fit into a line, at least one; spare room goes to those that need it."""
    from rich.cells import cell_len

    wanted = [max(cell_len(cell) for cell in column) for column in zip(heads, *rows, strict=True)]
    widths: list[int] = []
    room = width - _EDGES
    for head, want in zip(heads, wanted, strict=True):
        least = min(want, max(_LEAST_WIDTH, min(cell_len(head), _MOST_HEAD)))
        room -= least + (_GAP if widths else 0)
        if room < 0 and widths:
            room += least + _GAP
            break
        widths.append(least)
    while room > 0 and (short := [index for index, have in enumerate(widths) if have < wanted[index]]):
        share = max(1, room // len(short))
        for index in short:
            more = min(share, room, wanted[index] - widths[index])
            widths[index] += more
            room -= more
    return widths


def _say_what_is_left_out(column_count: int, *, has_more_rows: bool) -> None:
    if column_count:
        say(f"({column_count} more columns: name those you want, or -x shows each row as a block)", err=True)
    if has_more_rows:
        say(f"(only the first {_MOST_ROWS:,} rows: add a limit, or write them all with -f csv)", err=True)
