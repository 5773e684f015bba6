"""Lines: of what a page holds, what belongs to the article; everything else is taken out and counted by rule."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from pipelines.clean import phrases
from pipelines.clean.authors import is_person, tidy_authors
from pipelines.clean.draft import Draft, Line
from pipelines.clean.fulltext import foreign_lines
from pipelines.clean.titles import title_key
from pipelines.dates import is_date as is_date_only
from pipelines.model import Cleaning

_KICKER = 40  # letters
_FIRST, _LAST = 4, 8  # lines from the ends of a text where buttons stand
_TAIL = 5  # lines from the end where an outlet speaks of itself
_MOST_HEADINGS = 2  # at the end of a text
_READ_MORE_ROOM = 260  # characters of a line that leads elsewhere


def _any(patterns: Sequence[str]) -> str:
    return "|".join(patterns)


_DECORATION = r"[\s\W_]*"
_EDGE = re.compile(rf"{_DECORATION}(?:{_any(phrases.EDGE)}){_DECORATION}", re.IGNORECASE)
_RESIDUE = re.compile(rf"{_DECORATION}(?:{_any(phrases.RESIDUE)}){_DECORATION}", re.IGNORECASE)
_LEAD_IN = re.compile(
    rf"[\s>»→▶►•*+|\-–—\[(]*(?:{_any(phrases.LEAD_INS)})\s*(?:[:：>»→|]|\s[–—-]\s).{{1,200}}", re.IGNORECASE
)
_BARE_LEAD_IN = re.compile(
    rf"[\s>»→▶►•*+|\-–—\[(]*(?:{_any(phrases.BARE_LEAD_INS)})\s.{{5,160}}(?<![.…:;])", re.IGNORECASE
)
# "»" is an arrow with a blank behind it and no partner in the line, else a quotation mark: "»Nein«, sagte er."
_POINTER = re.compile(r"\s*(?:>>|→|►|▶|»\s)\s*[^\s«»][^«»]{2,200}")
_CREDIT = re.compile(
    rf"[\s(\[/*（【]*(?:(?:{_any(phrases.LABELS)})\s*[:：©/|＝=]\s*.{{2,160}}|{_any(phrases.CREDITS)})[\s)\].]*",
    re.IGNORECASE,
)
_OUTLET = re.compile(rf"[\W_]*(?:{_any(phrases.OUTLET)})(?:\b|(?<=\W)).{{0,400}}", re.IGNORECASE)
_DEGREES = re.compile(r"(?:(?:dr|prof|professor)\.? )+", re.IGNORECASE)
_IS = re.compile(rf"(?:,.{{2,60}},)? (?:{_any(phrases.IS)})\b", re.IGNORECASE)
_BYLINE = re.compile(
    r"^(?:authors?|autor(?:en|in|es|a)?|auteurs?|autore|автор(?:ы)?|autorzy|yazar|författare|作者|文|記者)\s*[:：]\s*(.{2,120})$",
    re.IGNORECASE,
)
_FULL_NAME = re.compile(r"[A-Z][a-z'’]+(?:[- ][A-Z][a-z'’]*\.?){0,2} [A-Z][a-z'’]+(?:-[A-Z][a-z]+)?")
_LEAST_OPENING = 80  # characters of a text's first paragraph
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
    if cleaning.full_text and draft.full_text:
        foreign = foreign_lines(sifted.lines, draft.full_text)
        unwanted = {id(line) for index, line in enumerate(sifted.lines) if index in foreign}
        sifted.drop("full-text", lambda line: id(line) in unwanted)
    if cleaning.read_more:
        _drop_read_more(sifted)
    if cleaning.byline:
        _take_byline(sifted, draft)
    if cleaning.residue:
        _drop_residue(sifted)
    if cleaning.credits:
        sifted.drop("credits", lambda line: len(line.text) <= 200 and _CREDIT.fullmatch(line.text))
        _drop_tail(sifted)
        _drop_biographies(sifted)
    if cleaning.head:
        _drop_repeated_head(sifted, draft)
    if cleaning.residue:
        _drop_headings_over_nothing(sifted)
    return sifted


def _drop_links(sifted: Sifted) -> None:
    linked = sum(len(line.text) for line in sifted.lines if line.is_link)
    # A page that is links for the most part is left to the gate: without them nothing would remain to judge.
    if linked * 2 < sum(len(line.text) for line in sifted.lines):
        sifted.drop("links", lambda line: line.is_link)


def _drop_read_more(sifted: Sifted) -> None:
    """Lines that lead elsewhere, and the clipped teaser below a bare "Read more"."""
    unwanted: set[int] = set()
    for line, following in zip(sifted.lines, [*sifted.lines[1:], None], strict=False):
        if len(line.text) <= _READ_MORE_ROOM and any(
            form.fullmatch(line.text) for form in (_LEAD_IN, _BARE_LEAD_IN, _POINTER)
        ):
            unwanted.add(id(line))
        elif following and _is_clipped(following) and len(line.text) <= 40 and _RESIDUE.fullmatch(line.text):
            unwanted.update((id(line), id(following)))
    sifted.drop("read-more", lambda line: id(line) in unwanted)


def _is_clipped(line: Line) -> bool:
    return line.text.endswith(("...", "…")) and len(line.text) <= 220


def _take_byline(sifted: Sifted, draft: Draft) -> None:
    """ "Author: …" names an author wherever it stands; "By …" at an end of the text, and only where none is known."""
    taken: set[int] = set()
    names: list[str] = []
    for line in sifted.lines:
        if match := _BYLINE.match(line.text):
            taken.add(id(line))
            names.extend(tidy_authors([match[1]], outlets=()))
    if not sifted.authors and not names:
        for line in [*sifted.lines[:3], *sifted.lines[-2:]]:
            signed = _SIGNATURE.match(line.text)
            people = tidy_authors([signed[1]], outlets=()) if signed else ()
            if people and all(is_person(name) for name in people):
                taken.add(id(line))
                names.extend(people)
                break
    # Where only the outlet is named, a line above the text that is names and nothing else says who wrote it.
    if not names and not draft.has_people:
        byline, people = _bare_byline(sifted.lines)
        if byline is not None:
            taken.add(id(byline))
            names.extend(people)
            sifted.authors = ()
    keys = {title_key(name) for name in sifted.authors}
    sifted.authors += tuple(name for name in dict.fromkeys(names) if title_key(name) not in keys)
    sifted.drop("byline", lambda line: id(line) in taken)


def _bare_byline(lines: Sequence[Line]) -> tuple[Line | None, tuple[str, ...]]:
    for line, following in pairwise(lines[: _FIRST + 1]):
        parts = [part.strip() for part in re.split(r"[/,&]| and | und | et | y ", line.text)]
        if (
            line.kind == "paragraph"
            and not line.is_link
            and all(_FULL_NAME.fullmatch(part) for part in parts)
            and len(following.text) >= _LEAST_OPENING
        ):
            return line, tuple(parts)
        if len(line.text) >= _LEAST_OPENING:
            break
    return None, ()


def _drop_residue(sifted: Sifted) -> None:
    """Whole lines of furniture anywhere, rules of dashes; buttons of a word near the ends, layer by layer."""
    sifted.drop("residue", lambda line: not title_key(line.text))
    sifted.drop("residue", lambda line: len(line.text) <= 340 and _RESIDUE.fullmatch(line.text))
    edges = [*sifted.lines[:_FIRST], *sifted.lines[-_LAST:]]
    unwanted = {id(line) for line in edges if len(line.text) <= 40 and _EDGE.fullmatch(line.text)}
    sifted.drop("residue", lambda line: id(line) in unwanted)


def _drop_tail(sifted: Sifted) -> None:
    """Whole paragraphs about the outlet, at the end only."""
    unwanted = {id(line) for line in sifted.lines[-_TAIL:] if len(line.text) <= 440 and _OUTLET.fullmatch(line.text)}
    sifted.drop("credits", lambda line: id(line) in unwanted)


def _drop_biographies(sifted: Sifted) -> None:
    """Who an author is, at the end of the text: "Ann Author is a researcher at …"."""
    names = tuple(name for name in sifted.authors if is_person(name))

    def is_biography(text: str) -> bool:
        start = _DEGREES.match(text)
        text = text[start.end() :] if start else text
        return any(text.startswith(name) and _IS.match(text, len(name)) for name in names)

    unwanted = {id(line) for line in sifted.lines[-_TAIL:] if len(line.text) <= 600 and is_biography(line.text)}
    sifted.drop("credits", lambda line: id(line) in unwanted)


def _drop_repeated_head(sifted: Sifted, draft: Draft) -> None:
    """Title, date and byline, when they stand again at the head of the body."""
    title = title_key(draft.title or "")
    names = {title_key(name) for name in sifted.authors}
    unwanted: set[int] = set()
    for line in sifted.lines[:6]:
        key = title_key(line.text)
        # A kicker may stand before the title in one line.
        is_title = bool(title) and (key == title or (key.endswith(title) and len(key) <= len(title) + _KICKER))
        is_names = len(line.text) < 120 and _names_in(line.text) and _names_in(line.text) <= names
        is_date = len(line.text) < 60 and is_date_only(line.text)
        if is_title or is_names or is_date:
            unwanted.add(id(line))
    sifted.drop("head", lambda line: id(line) in unwanted)


def _names_in(text: str) -> set[str]:
    return {title_key(name) for name in tidy_authors([text], outlets=())}


def _drop_headings_over_nothing(sifted: Sifted) -> None:
    """One or two at the end; more are a list that someone set as headings, and a sentence is a sentence."""
    trailing = list(takewhile(lambda line: line.kind == "heading", reversed(sifted.lines)))
    if len(trailing) <= _MOST_HEADINGS:
        empty = {id(line) for line in takewhile(lambda line: not line.text.endswith("."), trailing)}
        sifted.drop("heading", lambda line: id(line) in empty)


def text_of(lines: Sequence[Line]) -> str:
    """Return lines as a text: one a line, no blank ones."""
    return "\n".join(line.text for line in lines)
