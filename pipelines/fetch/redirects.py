"""Redirects: whether the way to a page ended at a front page or a section, where gone articles are often sent."""

import re
from urllib.parse import parse_qsl

from pipelines.urls import canonicalise

_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?")
_INDEX = re.compile(r"(?:index|default|home|main|startseite|accueil|inicio|portada)(?:\.[a-z]{2,5})?")
# What a site calls its front page, its lists and its error page, in the languages of most of them.
_SECTIONS = frozenset(
    """
    home homepage news latest archive archives category categories section sections tag tags topic topics search
    politics world business economy sport sports culture opinion
    nachrichten politik wirtschaft kultur meinung startseite actualites actualite politique economie monde noticias
    politica economia cultura deportes portada notizie cronaca novosti nieuws nyheter aktualnosci wiadomosci haberler
    404 410 error errors notfound not-found page-not-found pagenotfound gone seite-nicht-gefunden
    """.split()
)
# Ways to show one page, behind its own path.
_VIEWS = frozenset("amp print printable comments comment feed embed m mobile share full single all".split())
_DATE_PART = re.compile(r"(?:19|20)?[0-9]{2}|[1-9]")
_DIGITS = re.compile(r"[0-9]{3,}")
_PARAMETERS_OF_LOSS = frozenset("error err msg message status code ref from redirect redirected notfound 404".split())


def is_redirected_home(announced_url: str, final_url: str) -> bool:
    """Whether a page was announced, and a front page, a section or a folder above it came instead.

    Not so where the entry was announced as a front page, or where the final path looks like that of an article: a long
    slug, a number, a file name.
    """
    announced, final = _split(announced_url), _split(final_url)
    if announced is None or final is None or announced == final:
        return False
    if not _is_deep(*announced) or final[1]:
        return False
    path = final[0]
    if not _is_deep(*final):
        return True
    if all(_is_section(part) for part in path):
        return True
    wanted = _without_views(announced[0])
    is_above = len(path) < len(wanted) and wanted[: len(path)] == path
    return is_above and not _is_article_like(path[-1])


def _split(url: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The parts of the path and the parameters that may name a page, lower case; None for what is no web address."""
    canonical = canonicalise(url).lower()
    scheme, separator, rest = canonical.partition("://")
    if scheme not in ("http", "https") or not separator:
        return None
    address, _mark, query = rest.partition("?")
    parts = [part for part in address.split("/")[1:] if part]
    if parts and _INDEX.fullmatch(parts[-1]):
        parts.pop()
    names = (name for name, _value in parse_qsl(query, keep_blank_values=True, max_num_fields=None))
    return tuple(parts), tuple(name for name in names if name not in _PARAMETERS_OF_LOSS)


def _is_deep(path: tuple[str, ...], parameters: tuple[str, ...]) -> bool:
    """Whether a URL names something below a front page: "/en" is one too."""
    return bool(parameters) or any(not _LANGUAGE.fullmatch(part) for part in path[:1]) or len(path) > 1


def _is_section(part: str) -> bool:
    return part.partition(".")[0] in _SECTIONS or _LANGUAGE.fullmatch(part) is not None


def _without_views(path: tuple[str, ...]) -> tuple[str, ...]:
    while path and (path[-1].partition(".")[0] in _VIEWS or _DATE_PART.fullmatch(path[-1])):
        path = path[:-1]
    return path


def _is_article_like(part: str) -> bool:
    stem, dot, _suffix = part.rpartition(".")
    if dot and stem:
        return True
    has_number = _DIGITS.search(part) is not None and not _DATE_PART.fullmatch(part)
    return has_number or len(re.split(r"[-_]|%20", part)) >= 3
