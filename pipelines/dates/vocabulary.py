"""Vocabulary: the words of dates, folded once when the first text needs them, as look-up tables and patterns."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from zoneinfo import available_timezones

from pipelines.dates import words

WORD = re.compile(r"[0-9]+|[^\s0-9!-/:-@\[-`{-~·•…‧・、。，：；！？（）【】「」〔〕।،؛«»|]+")
_SAME = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-") | {"ı": "i", "ي": "ی", "ى": "ی", "ك": "ک"})
# Accents, Hebrew points, Arabic vowel signs; not the vowels of Indic scripts and Thai.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]")
_UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_QUOTES = re.compile("['’‘ʼ`´׳״\"“”]")
_ELISION = re.compile(r"\b([dl])['’](?=[a-z])")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_BEFORE_ONLY = frozenset({"du"})


def fold(text: str) -> str:
    """A text in lower case with plain digits and dashes, without accents and what nobody sees."""
    if text.isascii():
        return _QUOTES.sub("", _ELISION.sub(r"\1 ", text.lower()))
    text = unicodedata.normalize("NFKD", _UNSEEN.sub("", text).replace("॰", ".")).casefold()
    text = _MARKS.sub("", unicodedata.normalize("NFKD", text)).translate(_SAME)
    text = unicodedata.normalize("NFC", _QUOTES.sub("", _ELISION.sub(r"\1 ", text)))
    return " ".join(re.sub(r"[^\D0-9]", lambda digit: str(unicodedata.decimal(digit[0])), text).split())


@cache
def months() -> dict[str, int]:
    return {fold(name): number for number, names in enumerate(words.MONTHS, 1) for name in names.split()}


@cache
def solar_months() -> dict[str, int]:
    return {fold(name): number for names in words.SOLAR_HIJRI_MONTHS for number, name in enumerate(names.split(), 1)}


@cache
def weekdays() -> frozenset[str]:
    return frozenset(WORD.findall(fold(words.WEEKDAYS)))


@cache
def fillers() -> frozenset[str]:
    return weekdays() | frozenset(WORD.findall(fold(words.FILLERS)))


@cache
def unspaced_fillers() -> re.Pattern[str]:
    """Words of scripts without spaces, but for those that are part of a month's name."""
    names = " ".join(months())
    return _any_of(word for word in fillers() if len(word) > 1 and _UNSPACED.match(word) and word not in names)


@cache
def month_phrases() -> dict[str, int]:
    return {fold(name): number for number, names in words.MONTH_PHRASES.items() for name in names.split(", ")}


@cache
def phrases() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W\d_])({_any_of(month_phrases()).pattern})(?![^\W\d_])")


def half_of(word: str) -> str:
    """The half of the day, "am", "pm" or "evening", that a word found by the next two means."""
    return _halves()[_key(word)]


@cache
def half_behind() -> re.Pattern[str]:
    found = [fold(word) for half in words.HALVES.values() for word in half.split(", ")]
    return re.compile(rf"[ ,.(]*({_dotted(word for word in found if word not in _BEFORE_ONLY)})(?![^\W\d_])\.?\)?")


@cache
def half_before() -> re.Pattern[str]:
    found = [fold(word) for half in words.HALVES.values() for word in half.split(", ")]
    long = [
        word for word in found if len(word) > 2 or word in {"am", "pm", "oo", "os", *_BEFORE_ONLY} or not word.isascii()
    ]
    spaced = _dotted(word for word in long if not _UNSPACED.match(word) and len(word) > 1)
    unspaced = _dotted(word for word in long if _UNSPACED.match(word))
    return re.compile(rf"((?<![^\W\d_])(?:{spaced})|{unspaced})[ .,:]*\Z")


@cache
def _halves() -> dict[str, str]:
    return {_key(fold(word)): half for half, found in words.HALVES.items() for word in found.split(", ")}


@cache
def zones() -> dict[str, int | str]:
    return {fold(name): zone for name, zone in (words.ZONES | words.ZONE_PHRASES).items()}


@cache
def zone_phrases() -> re.Pattern[str]:
    names = _any_of(map(fold, words.ZONE_PHRASES)).pattern
    return re.compile(rf"[\s,;(\[|]*({names})(?![^\W\d_])")


@cache
def iana_names() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


def _key(word: str) -> str:
    return word.replace(".", "").replace(" ", "")


def _any_of(found: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(found, key=len, reverse=True))))


def _dotted(found: Iterable[str]) -> str:
    """An alternation in which dots and spaces within a word may be missing."""
    return _any_of(found).pattern.replace(r"\.\ ", r"\.").replace(r"\.", r"\.? ?").replace(r"\ ", " ?")
