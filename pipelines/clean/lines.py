"""Lines: of what a page holds, what belongs to the article; everything else is taken out and counted by rule."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pipelines.clean import phrases
from pipelines.clean.authors import tidy_authors
from pipelines.clean.dates import parse as parse_date
from pipelines.clean.draft import Draft, Line
from pipelines.clean.fulltext import foreign_lines
from pipelines.clean.titles import title_key
from pipelines.model import Cleaning

_DECORATION = r"[\s\W_]*"
_RESIDUE = re.compile(rf"^{_DECORATION}(?:{'|'.join(phrases.RESIDUE)}){_DECORATION}$", re.IGNORECASE)
_LEAD_IN = re.compile(
    rf"^[\s>»→▶►•*+|\-–—\[(]*(?:{'|'.join(phrases.LEAD_INS)})\s*(?:[:：>»→|]|\s[–—-]\s).{{1,200}}$", re.IGNORECASE
)
_CREDIT = re.compile(rf"^[\s(\[/]*(?:{'|'.join(phrases.CREDITS)})[\s)\].]*$", re.IGNORECASE)
_TAIL = re.compile(rf"^[\W_]*(?:{'|'.join(phrases.TAIL_OPENINGS)})$", re.IGNORECASE)
_BYLINE = re.compile(
    r"^(?:authors?|autor(?:en|in|es|a)?|auteurs?|autore|автор(?:ы)?|autorzy|yazar|författare|作者|文|記者)\s*[:：]\s*(.{2,120})$",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^(?:by|von|par|por|door|av|af|di|przez)\s+(\S.{2,80})$", re.IGNORECASE)


@dataclass(slots=True)
class Sifted:
    """What remains of a draft's lines, and what was found and taken out on the way."""

    lines: list[Line]
    authors: tuple[str, ...]
    removed: Counter[str] = field(default_factory=Counter)

    def drop(self, rule: str, unwanted: Callable[[Line], object]) -> None:
        """Take out the lines for which `unwanted` is true and count them under the rule."""
        kept = [line for line in self.lines if not unwanted(line)]
        if len(kept) < len(self.lines):
            self.removed[rule] += len(self.lines) - len(kept)
            self.lines = kept


def sift(draft: Draft, *, cleaning: Cleaning) -> Sifted:
    """Return the lines of a draft that belong to the article, with the authors that stood among them."""
    sifted = Sifted(list(draft.lines), draft.authors)
    if cleaning.links:
        _drop_links(sifted)
    if cleaning.residue and draft.full_text:
        foreign = foreign_lines(sifted.lines, draft.full_text)
        unwanted = {id(line) for index, line in enumerate(sifted.lines) if index in foreign}
        sifted.drop("json-ld", lambda line: id(line) in unwanted)
    if cleaning.read_more:
        sifted.drop("read-more", lambda line: len(line.text) <= 260 and _LEAD_IN.match(line.text))
    if cleaning.byline:
        _take_byline(sifted)
    if cleaning.residue:
        sifted.drop("residue", lambda line: len(line.text) <= 160 and _RESIDUE.match(line.text))
        sifted.drop("credit", lambda line: len(line.text) <= 200 and _CREDIT.match(line.text))
        _drop_tail(sifted)
        _drop_repeated_head(sifted, draft)
        _drop_headings_over_nothing(sifted)
    return sifted


def _drop_links(sifted: Sifted) -> None:
    linked = sum(len(line.text) for line in sifted.lines if line.is_link)
    # A page that is links for the most part is left to the gate: without them nothing would remain to judge.
    if linked * 2 < sum(len(line.text) for line in sifted.lines):
        sifted.drop("links", lambda line: line.is_link)


def _take_byline(sifted: Sifted) -> None:
    """ "Author: …" names an author wherever it stands; "By …" only where none is known, on a line of its own at an end."""
    kept: list[Line] = []
    for line in sifted.lines:
        match = _BYLINE.match(line.text)
        if match:
            added = tidy_authors([match[1]], outlets=())
            keys = {title_key(name) for name in sifted.authors}
            sifted.authors += tuple(name for name in added if title_key(name) not in keys)
            sifted.removed["byline"] += 1
        else:
            kept.append(line)
    sifted.lines = kept


def _drop_tail(sifted: Sifted) -> None:
    """Whole paragraphs about the outlet, among the last five lines only."""
    last = sifted.lines[-5:]
    unwanted = {id(line) for line in last if len(line.text) <= 400 and _TAIL.match(line.text)}
    sifted.drop("tail", lambda line: id(line) in unwanted)


def _drop_repeated_head(sifted: Sifted, draft: Draft) -> None:
    """Title, date and byline, when they stand again at the head of the body."""
    title = title_key(draft.title or "")
    names = {title_key(name) for name in sifted.authors}
    unwanted: set[int] = set()
    for line in sifted.lines[:6]:
        key = title_key(line.text)
        is_title = bool(title) and (key == title)
        is_names = len(line.text) < 120 and _names_in(line.text) and _names_in(line.text) <= names
        is_date = len(line.text) < 60 and parse_date(line.text, origin="") is not None
        if is_title or is_names or is_date:
            unwanted.add(id(line))
    sifted.drop("head", lambda line: id(line) in unwanted)


def _names_in(text: str) -> set[str]:
    return {title_key(name) for name in tidy_authors([text], outlets=())}


def _drop_headings_over_nothing(sifted: Sifted) -> None:
    while sifted.lines and sifted.lines[-1].kind == "heading":
        sifted.lines.pop()
        sifted.removed["heading"] += 1


def text_of(lines: Sequence[Line]) -> str:
    """Return lines as a text: one a line, no blank ones."""
    return "\n".join(line.text for line in lines)
