"""Plain text: a saved text becomes a draft; its title is a short first line that stands alone."""

from pipelines.clean.draft import Draft, Line
from pipelines.clean.head import squeeze
from pipelines.clean.timestamps import announced, choose
from pipelines.model import Page

_MOST_TITLE = 160  # characters
_ENDS = (".", "!", "?", "…", ":", ",", ";", "。", "！", "？", "।", "؟")


def read_plain(text: str, *, page: Page) -> Draft:
    """Return the lines of a plain text, and its title where the first line is one.

    A title is a first line of at most 160 characters, without the end of a sentence, before a blank line and a text.
    """
    lines = [squeeze(line) for line in text.strip().splitlines()]
    title = lines.pop(0) if len(lines) > 2 and not lines[1] and is_title(lines[0]) else None
    published, flags = choose(announced(page.entry), fetched_at=page.fetch.fetched_at)
    return Draft(lines=tuple(Line(line) for line in lines if line), title=title, published=published, flags=flags)


def is_title(line: str) -> bool:
    """Return whether a line reads as a title: short, and without the end of a sentence."""
    return 0 < len(line) <= _MOST_TITLE and not line.endswith(_ENDS)
