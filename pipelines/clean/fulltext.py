"""Full text: JSON-LD's articleBody, where a page has it, tells which extracted lines are none of the article's."""

import re
from collections.abc import Sequence

from pipelines.clean.draft import Line
from pipelines.clean.titles import title_key

# As a replacement articleBody is harmful (F1 .883: often a teaser). As a filter it must be nearly all in the
# extraction, and the extraction mostly in it.
_LEAST_FOUND = 0.9
_LEAST_SHARED = 0.6
_FOREIGN = 0.2  # a line with less of its shingles in the full text is none of the article's
_SHINGLE = 4  # words, or characters in scripts that do not part words
_WORD = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")


def foreign_lines(lines: Sequence[Line], full_text: str) -> set[int]:
    """Return the indices of lines that the full text does not hold; none where it is not trustworthy.

    The first paragraph stays, since it may be the teaser. Headings stay, unless the full text has those of other lines.
    """
    full = _shingles(full_text)
    by_line = [_shingles(line.text) for line in lines]
    # Over the joints of lines too, since the full text has no lines.
    extracted = _shingles(" ".join(line.text for line in lines))
    common = len(full & extracted)
    if not full or common < _LEAST_FOUND * len(full) or common < _LEAST_SHARED * len(extracted):
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
