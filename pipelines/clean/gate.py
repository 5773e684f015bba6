"""Gate: whether a text is an article at all, and what a reader should know about it."""

import re
from collections.abc import Iterable, Sequence

from pipelines.clean import walls
from pipelines.clean.draft import Draft, Line, NotAnArticle
from pipelines.model import Cleaning, Flag, Reason


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_CONSENT = _any(walls.CONSENT)
_BOT_CHECK = _any(walls.BOT_CHECK)
_NOT_FOUND = _any(walls.NOT_FOUND)
_ERROR = _any(walls.ERROR)
_PAYWALL = _any(walls.PAYWALL)
_SCRIPT_NEEDED = _any(walls.SCRIPT_NEEDED)
_MACHINE = _any(walls.MACHINE_TRANSLATED)

_MAX_WALL = 3000  # characters; no wall was seen to be longer
_MAX_ERROR = 800  # characters; what error pages and checks say beside their heading
_MAX_CHECK = 500  # characters
_MIN_CONSENT = 3  # different phrases, one in 500 characters or more
_STUB = 100  # words which a wall lets through
_LINKS = 10

_PARTS = re.compile(r"\s+[|–—•·»-]\s+|\s*\|\s*")  # of a title, as a rule the outlet's name
_CLOSERS = "\"'”’“‘»›«)]}〉》」』】*_ "
_TERMINALS = frozenset(".!?…:;。．！？：；؟۔।॥።፧။៕|")
_UNPARTED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u0f00-\u0fff]")  # Thai, Lao, Burmese, Khmer, Tibetan
_MIN_SENTENCE = 60  # characters; shorter last lines are signatures
_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_MIXED_WORD = re.compile(r"(?:[A-Za-z][а-яёА-ЯЁ]|[а-яёА-ЯЁ][A-Za-z])")
_MIXED_NAME = re.compile(r"\b(?:[A-Z][a-z]+ [А-ЯЁ][а-яё]+|[А-ЯЁ][а-яё]+ [A-Z][a-z]+)\b")


def judge(text: str, draft: Draft, *, cleaning: Cleaning) -> None:
    """Raise NotAnArticle where a text is none: a wall, an error, a list of links, or too little."""
    words = count_words(text)
    is_short = words < cleaning.min_words
    if _is_gone(draft) and not (draft.is_declared and len(text) >= _MAX_WALL):
        raise NotAnArticle("soft-404", f"{words} words of text", draft.headings[0][:200] or None)
    if draft.is_list:
        raise NotAnArticle("link-page", "teasers of other pages and next to nothing else", text[:200] or None)
    if draft.signals is not None:
        reason = _wall(text, draft, words=words, is_short=is_short)
        if reason is not None:
            raise NotAnArticle(
                reason, f"{words} words of text", (draft.title or draft.signals.text or text)[:200] or None
            )
    if not text:
        raise NotAnArticle("no-text", "no text was found on the page")
    if is_short:
        raise NotAnArticle("too-short", f"{words} words; {cleaning.min_words} are asked for", text[:200])


def flags_of(lines: Sequence[Line], draft: Draft) -> tuple[Flag, ...]:
    """Return truncated, mixed-script, machine-translated, paywalled and the flags of the date, as far as they hold."""
    flags = list(draft.flags)
    text = "\n".join(line.text for line in lines)
    if _is_cut_off(lines):
        flags.append("truncated")
    if _is_mixed(text):
        flags.append("mixed-script")
    if draft.is_translated or any(_MACHINE.search(line.text) for line in [*draft.lines[:4], *draft.lines[-4:]]):
        flags.append("machine-translated")
    if draft.is_accessible_for_free is False and draft.signals is not None and _PAYWALL.search(draft.signals.text):
        flags.append("paywalled")
    return tuple(dict.fromkeys(flags))


def count_words(text: str) -> int:
    """Return the words of a text. In scripts that do not part them each Chinese or Japanese character is one, and
    five characters of Thai, Lao, Burmese, Khmer or Tibetan are.
    """
    characters = len(_CJK.findall(text))
    unparted = len(_UNPARTED.findall(text))
    if (characters + unparted) * 5 < len(text):
        return len(text.split())
    return characters + unparted // 5 + len(_UNPARTED.sub(" ", _CJK.sub(" ", text)).split())


def _wall(text: str, draft: Draft, *, words: int, is_short: bool) -> Reason | None:
    signals = draft.signals
    assert signals is not None
    is_list = signals.link_count >= _LINKS and (signals.linked_text > 0.6 or (is_short and signals.link_share > 0.6))
    if len(text) >= _MAX_WALL:
        return "link-page" if is_list else None
    headings = [draft.title or "", *signals.headings]
    whole = " ".join([*headings, text, signals.text])
    # The page as a whole must be small too: an article whose text was missed is not the wall beside it.
    is_small = len(signals.text) < _MAX_WALL
    phrases = {match[0].casefold() for match in _CONSENT.finditer(text or signals.text)}
    if len(phrases) >= _MIN_CONSENT and len(phrases) * 500 >= len(text or signals.text):
        return "consent-wall"
    is_brief = len(text) < _MAX_ERROR and is_small
    if is_short and is_small and (signals.is_challenge or _BOT_CHECK.search(whole)):
        return "bot-check"
    # "Are you a robot?" is a headline too; a check says it again, or says next to nothing.
    if is_brief and _says(_BOT_CHECK, headings, is_short) and (len(text) < _MAX_CHECK or _BOT_CHECK.search(text)):
        return "bot-check"
    if is_brief and _says(_NOT_FOUND, headings, is_short):
        return "soft-404"
    if is_brief and _says(_ERROR, [*headings, text] if len(text) < _MAX_CHECK else headings, is_short):
        return "error-page"
    if words < _STUB and (draft.is_accessible_for_free is False or is_short) and _PAYWALL.search(whole):
        return "paywall"
    if is_short and is_small and (signals.is_empty_shell or _SCRIPT_NEEDED.search(whole)):
        return "script-only"
    return "link-page" if is_list else None


def _is_gone(draft: Draft) -> bool:
    """Whether the title and the heading say that there is no such page, whatever else is below them."""
    title, *headings = draft.headings or ("",)
    return _says(_NOT_FOUND, [title], is_short=False) and _says(_NOT_FOUND, headings[:1], is_short=False)


def _says(phrases: re.Pattern[str], headings: Sequence[str], is_short: bool) -> bool:
    """Whether a heading is such a phrase; over next to no text it is enough that it holds one.

    "403 Forbidden" and "Oops! Page not found | Courier" are; "Forbidden city reopens to visitors" is a headline.
    """
    for heading in headings:
        for part in _PARTS.split(heading):
            said = sum(len(match[0]) for match in phrases.finditer(part))
            if said and (is_short or said * 2 >= len(part)):
                return True
    return False


def _is_cut_off(lines: Sequence[Line]) -> bool:
    """Whether the last sentence has no end. Lists, tables, signatures and scripts without full stops need none."""
    last = next((line for line in reversed(lines) if len(line.text) >= _MIN_SENTENCE), None)
    if last is None or last.kind in {"item", "row", "heading"} or _UNPARTED.search(last.text):
        return False
    text = last.text.rstrip()
    if text.endswith(("[…]", "[...]")):
        return True
    bare = text.rstrip(_CLOSERS)
    if bare != text and text[-1] in _CLOSERS.strip():
        return False
    word = text.split()[-1]
    # A sign-off after the last sentence: "… he said. DM"
    if len(word) <= 4 and text[: -len(word)].rstrip().rstrip(_CLOSERS)[-1:] in _TERMINALS:
        return False
    return not (text[-1] in _TERMINALS or "@" in word or "/" in word or ".." in text[-3:])


def _is_mixed(text: str) -> bool:
    if _MIXED_WORD.search(text):
        return True
    # In a text of Cyrillic script Latin names are at home; in one of Latin script a Cyrillic half of a name is not.
    match = _MIXED_NAME.search(text)
    return match is not None and sum("a" <= character <= "z" for character in text) * 2 > len(text)
