"""Quality: whether a text is an article at all, and what a reader should know about it."""

import re

from pipelines.clean.draft import Draft, NotAnArticle
from pipelines.model import Page

_ENDS = frozenset(".!?…。！？؟।॥։።၊။።។*\"'”’»›)]}〉》」』】|")


def judge(text: str, draft: Draft, *, page: Page) -> None:
    """Raise NotAnArticle where a text is none."""
    if not text:
        raise NotAnArticle("no-text", "no text was found on the page")
    words = len(text.split())
    if words < page.cleaning.min_words and len(text) < 6 * page.cleaning.min_words:
        raise NotAnArticle("too-short", f"{words} words; {page.cleaning.min_words} are asked for", text[:200])


def flags_of(text: str, draft: Draft) -> tuple[str, ...]:
    flags = list(draft.flags)
    if text[-1] not in _ENDS:
        flags.append("truncated")
    if re.search(r"\b[A-Z][a-z]+ [А-Я][а-я]+\b", text):
        flags.append("mixed-script")
    return tuple(flags)
