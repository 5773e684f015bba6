"""Lines: of what a page holds, what belongs to the article; everything else is taken out and counted by rule."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from pipelines.clean import phrases
from pipelines.clean.authors import is_person, tidy_authors
from pipelines.clean.draft import Draft, Line
from pipelines.clean.stamps import is_stamp
from pipelines.clean.titles import title_key
from pipelines.dates import is_date as is_date_only
from pipelines.model import Cleaning

_KICKER = 40  # letters
_FIRST, _LAST = 4, 8  # lines from the ends of a text where buttons stand
_TAIL = 5  # lines from the end where an outlet speaks of itself
_NOTICES = 4  # lines from the end
_MAX_ITALIC = 300  # characters
_QUOTED = re.compile('^["“”„«»‘\'「『]|[?？؟]["”»]?$')
_MAX_HEADINGS = 2  # at the end of a text
_MAX_READ_MORE = 260  # characters of a line that leads elsewhere

# As a replacement articleBody is harmful (F1 .883: often a teaser). As a filter it must be nearly all in the
# extraction, and the extraction mostly in it.
_MIN_FOUND = 0.9
_MIN_SHARED = 0.6
_FOREIGN = 0.2  # a line with less of its shingles in the full text is none of the article's
_SHINGLE = 4  # words, or characters in scripts that do not part words
_WORD = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")


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
_MIN_OPENING = 80  # characters of a text's first paragraph
_SIGNATURE = re.compile(r"^(?:by|von|par|por|door|av|af|di|przez)\s+(\S.{2,80})$", re.IGNORECASE)


@dataclass(slots=True)
class PrunedLines:
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


def prune_lines(draft: Draft, *, cleaning: Cleaning) -> PrunedLines:
    """Return the lines of a draft that belong to the article, with the authors that stood among them."""
    pruned = PrunedLines(list(draft.lines), draft.authors)
    if cleaning.links:
        _drop_links(pruned)
    if cleaning.full_text and draft.full_text:
        foreign = foreign_lines(pruned.lines, draft.full_text)
        unwanted = {id(line) for index, line in enumerate(pruned.lines) if index in foreign}
        pruned.drop("full-text", lambda line: id(line) in unwanted)
    if cleaning.read_more:
        _drop_read_more(pruned)
    if cleaning.byline:
        _take_byline(pruned, draft)
    if cleaning.residue:
        _drop_residue(pruned)
        _drop_stamps(pruned)
    if cleaning.credits:
        pruned.drop("credits", lambda line: len(line.text) <= 200 and _CREDIT.fullmatch(line.text))
        _drop_notices(pruned)
        _drop_tail(pruned)
        _drop_biographies(pruned)
    if cleaning.head:
        _drop_repeated_head(pruned, draft)
    if cleaning.residue:
        _drop_headings_over_nothing(pruned)
    return pruned


def _drop_links(pruned: PrunedLines) -> None:
    linked = sum(len(line.text) for line in pruned.lines if "link" in line.marks)
    # A page that is links for the most part is left to the gate: without them nothing would remain to judge.
    if linked * 2 < sum(len(line.text) for line in pruned.lines):
        pruned.drop("links", lambda line: "link" in line.marks)


def _drop_read_more(pruned: PrunedLines) -> None:
    """Lines that lead elsewhere, and the clipped teaser below a bare "Read more"."""
    unwanted: set[int] = set()
    for line, following in zip(pruned.lines, [*pruned.lines[1:], None], strict=False):
        if "pointer" in line.marks or (
            len(line.text) <= _MAX_READ_MORE
            and any(form.fullmatch(line.text) for form in (_LEAD_IN, _BARE_LEAD_IN, _POINTER))
        ):
            unwanted.add(id(line))
        elif following and _is_clipped(following) and len(line.text) <= 40 and _RESIDUE.fullmatch(line.text):
            unwanted.update((id(line), id(following)))
    pruned.drop("read-more", lambda line: id(line) in unwanted)


def _is_clipped(line: Line) -> bool:
    return line.text.endswith(("...", "…")) and len(line.text) <= 220


def _take_byline(pruned: PrunedLines, draft: Draft) -> None:
    """ "Author: …" names an author wherever it stands; "By …" at an end of the text, and only where none is known."""
    taken: set[int] = set()
    names: list[str] = []
    for line in pruned.lines:
        if match := _BYLINE.match(line.text):
            taken.add(id(line))
            names.extend(tidy_authors([match[1]], outlets=()))
    if not pruned.authors and not names:
        for line in [*pruned.lines[:3], *pruned.lines[-2:]]:
            signed = _SIGNATURE.match(line.text)
            people = tidy_authors([signed[1]], outlets=()) if signed else ()
            if people and all(is_person(name) for name in people):
                taken.add(id(line))
                names.extend(people)
                break
    # Where only the outlet is named, a line above the text that is names and nothing else says who wrote it.
    if not names and not draft.has_people:
        byline, people = _bare_byline(pruned.lines)
        if byline is not None:
            taken.add(id(byline))
            names.extend(people)
            pruned.authors = ()
    keys = {title_key(name) for name in pruned.authors}
    pruned.authors += tuple(name for name in dict.fromkeys(names) if title_key(name) not in keys)
    pruned.drop("byline", lambda line: id(line) in taken)


def _bare_byline(lines: Sequence[Line]) -> tuple[Line | None, tuple[str, ...]]:
    for line, following in pairwise(lines[: _FIRST + 1]):
        parts = [part.strip() for part in re.split(r"[/,&]| and | und | et | y ", line.text)]
        if (
            line.kind == "paragraph"
            and "link" not in line.marks
            and all(_FULL_NAME.fullmatch(part) for part in parts)
            and len(following.text) >= _MIN_OPENING
        ):
            return line, tuple(parts)
        if len(line.text) >= _MIN_OPENING:
            break
    return None, ()


def _drop_residue(pruned: PrunedLines) -> None:
    """Whole template lines and rules of dashes anywhere; buttons of one word near the ends of the text."""
    pruned.drop("residue", lambda line: not title_key(line.text))
    pruned.drop("residue", lambda line: len(line.text) <= 340 and _RESIDUE.fullmatch(line.text))
    edges = [*pruned.lines[:_FIRST], *pruned.lines[-_LAST:]]
    unwanted = {id(line) for line in edges if len(line.text) <= 40 and _EDGE.fullmatch(line.text)}
    pruned.drop("residue", lambda line: id(line) in unwanted)


def _drop_stamps(pruned: PrunedLines) -> None:
    """When a page was changed and how often it was read: each minute would make another article of it.

    Lines that are a date or a time and nothing else stay among the text, where they part a chronicle.
    """
    edges = {id(line) for line in pruned.lines[-_FIRST:] if line.kind != "heading"}
    pruned.drop("stamps", lambda line: is_stamp(line.text, is_bare_enough=id(line) in edges))


def _drop_tail(pruned: PrunedLines) -> None:
    """Whole paragraphs about the outlet, at the end only."""
    unwanted = {id(line) for line in pruned.lines[-_TAIL:] if len(line.text) <= 440 and _OUTLET.fullmatch(line.text)}
    pruned.drop("credits", lambda line: id(line) in unwanted)


def _drop_notices(pruned: PrunedLines) -> None:
    """What links to newsletters, apps and the like in the last lines, and last lines that are all in italics.

    A quotation, a question and an article that is set in italics stay.
    """
    tail = pruned.lines[-_NOTICES:]
    unwanted = {id(line) for line in tail if "notice" in line.marks}
    has_italics = sum(len(line.text) for line in pruned.lines if "italic" in line.marks)
    if has_italics * 2 < sum(len(line.text) for line in pruned.lines):
        for line in reversed(tail):
            if id(line) in unwanted:
                continue
            if "italic" not in line.marks or len(line.text) > _MAX_ITALIC or _QUOTED.search(line.text):
                break
            unwanted.add(id(line))
    pruned.drop("credits", lambda line: id(line) in unwanted)


def _drop_biographies(pruned: PrunedLines) -> None:
    """Who an author is, at the end of the text: "Ann Author is a researcher at …"."""
    names = tuple(name for name in pruned.authors if is_person(name))

    def is_biography(text: str) -> bool:
        start = _DEGREES.match(text)
        text = text[start.end() :] if start else text
        return any(text.startswith(name) and _IS.match(text, len(name)) for name in names)

    unwanted = {id(line) for line in pruned.lines[-_TAIL:] if len(line.text) <= 600 and is_biography(line.text)}
    pruned.drop("credits", lambda line: id(line) in unwanted)


def _drop_repeated_head(pruned: PrunedLines, draft: Draft) -> None:
    """Title, date and byline, when they stand again at the head of the body."""
    title = title_key(draft.title or "")
    names = {title_key(name) for name in pruned.authors}
    unwanted: set[int] = set()
    for line in pruned.lines[:6]:
        key = title_key(line.text)
        # A kicker may stand before the title in one line.
        is_title = bool(title) and (key == title or (key.endswith(title) and len(key) <= len(title) + _KICKER))
        is_names = len(line.text) < 120 and _names_in(line.text) and _names_in(line.text) <= names
        is_date = len(line.text) < 60 and is_date_only(line.text)
        if is_title or is_names or is_date:
            unwanted.add(id(line))
    pruned.drop("head", lambda line: id(line) in unwanted)


def _names_in(text: str) -> set[str]:
    return {title_key(name) for name in tidy_authors([text], outlets=())}


def _drop_headings_over_nothing(pruned: PrunedLines) -> None:
    """One or two at the end; more are a list that someone set as headings, and a sentence is a sentence."""
    trailing = list(takewhile(lambda line: line.kind == "heading", reversed(pruned.lines)))
    if len(trailing) <= _MAX_HEADINGS:
        empty = {id(line) for line in takewhile(lambda line: not line.text.endswith("."), trailing)}
        pruned.drop("heading", lambda line: id(line) in empty)


def text_of(lines: Sequence[Line]) -> str:
    """Return lines as a text: one a line, no blank ones."""
    return "\n".join(line.text for line in lines)


def foreign_lines(lines: Sequence[Line], full_text: str) -> set[int]:
    """Return the indices of lines that the full text does not hold; none where it is not trustworthy.

    The first paragraph stays, since it may be the teaser. Headings stay, unless the full text has those of other lines.
    """
    full = _shingles(full_text)
    by_line = [_shingles(line.text) for line in lines]
    # Over the joints of lines too, since the full text has no lines.
    extracted = _shingles(" ".join(line.text for line in lines))
    common = len(full & extracted)
    if not full or common < _MIN_FOUND * len(full) or common < _MIN_SHARED * len(extracted):
        return set()
    key = title_key(full_text)
    has_headings = any(line.kind == "heading" and title_key(line.text) in key for line in lines)
    teaser = next((index for index, line in enumerate(lines) if line.kind != "heading"), 0)
    foreign: set[int] = set()
    for index, (line, shingles) in enumerate(zip(lines, by_line, strict=True)):
        if index == teaser or (line.kind == "heading" and not has_headings):
            continue
        is_there = len(shingles & full) >= _FOREIGN * len(shingles) if shingles else title_key(line.text) in key
        if not is_there:
            foreign.add(index)
    return foreign


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return set(zip(*(words[start:] for start in range(_SHINGLE)), strict=False))
