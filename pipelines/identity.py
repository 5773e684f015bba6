"""Identity: a text becomes its content hash, the hash the article's id, and a page the URL at which its text is seen.

The hash carries the version of the normalisation in front, so that a later normalisation cannot be
mistaken for this one.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import UUID

from pipelines.model import Address, Article, Page, Sighting
from pipelines.urls import canonicalise, is_same_site, registered_domain

NORMALISATION = "1"

# Typographic twins: outlets that carry the same wire copy differ in these and in nothing else.
_QUOTES = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc\uff07`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u2039\u203a\uff02", '"'),
        # Invisible: soft hyphen, zero-width space and no-break, word joiner, direction marks.
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff\u200e\u200f"),
    }
)
_BLANKS = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r"\s*[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]\s*")

# What AMP, mobile and print twins put before or behind the path of the page they belong to.
_TWIN = re.compile(r"(?i)(?:amp(?:\.html?)?|m|mobile|print|printable|drucken|imprimer|full|singlepage|all)/?")
_TWIN_ENDING = re.compile(r"(?i)[.,_-](?:amp|print|mobile)(?=\.html?$|$)|\.(?:html?|php|aspx?)$")
_VIEW = re.compile(
    r"(?i)(?:amp|print|printable|mobile|m|desktop|output|outputtype|format|view|mode|type)"
    r"(?:=(?:1|true|yes|amp|print|mobile|m|full|all|desktop|html)?)?"
)
# Pages of one article have one title, but "/story/2" may as well be the second story.
_PAGE_NUMBER = re.compile(r"(?i)(?:page/?\d+|\d{1,2})/?")
# A number that names an article; a date names none.
_NUMBER = re.compile(r"(?<!\d)(?!(?:19|20)\d{4}(?:\d\d)?(?!\d))\d{5,}(?!\d)")
_LONGEST_URL = 4000
_SEVERAL = re.compile(r"\s|://.*://|%20https?:|[,;|]https?:")
_NO_ARTICLE = re.compile(
    r"(?i)(?:index|default|home|[45][01][0-9]|errors?|error[-_]?\d*|(?:page[-_]?)?not[-_]?found|fehler|erreur)"
    r"(?:\.\w{1,5})?"
)
_SECTIONS = frozenset(
    """
    category categories section sections tag tags topic topics author authors archive archives search theme themes
    rubrik kategorie thema themen autor schlagwort rubrique categorie auteur sezione argomenti seccion etiqueta tema
    """.split()
)
_DATE_PART = re.compile(r"\d{1,2}|(?:19|20)\d\d")
_WORD = re.compile(r"(?i)(?:[a-z]|%[0-9a-f]{2}){1,24}(?:\.(?:html?|php|aspx?|jsp))?")


def normalise(text: str) -> str:
    """Return the text as it is hashed: NFC, straight quotes, single spaces, no blank lines. Idempotent."""
    text = unicodedata.normalize("NFC", text).translate(_QUOTES)
    # Taking an invisible character out can bring two together that compose.
    text = unicodedata.normalize("NFC", text)
    return _BLANKS.sub(" ", _BREAKS.sub("\n", text)).strip()


def content_hash(text: str) -> str:
    """Return "VERSION:SHA-256", hexadecimal, over the version and the normalised text."""
    digest = hashlib.sha256(f"{NORMALISATION}\n{normalise(text)}".encode("utf-8", "surrogatepass"))
    return f"{NORMALISATION}:{digest.hexdigest()}"


def article_id(content_hash: str) -> UUID:
    """Return the first 16 bytes of a content hash; a UUID joins ten times faster than hexadecimal text."""
    return UUID(hex=content_hash.partition(":")[2][:32])


def sight(cleaned: Sequence[tuple[Page, Article]]) -> list[Sighting]:
    """Return one sighting a page, in the order given. Pure."""
    return [
        Sighting(entry=page.entry, fetch=page.fetch, article=article, address=resolve(page, article))
        for page, article in cleaned
    ]


def resolve(page: Page, article: Article) -> Address:
    """Return where a page says that it stands. Pure.

    It is what the page calls itself (rel=canonical), where that can be true: one well-formed URL, on the same site,
    no section, home or error page. An AMP, mobile or print twin of a page is believed at once; any other canonical URL
    is a claim, which the store compares with the other pages at that URL. Else it is the URL after redirects.
    """
    final_url = page.fetch.final_url or page.entry.url
    if urlsplit(final_url).scheme not in {"http", "https"}:
        return _address(page.entry.canonical_url)
    own = canonicalise(final_url)
    named = _named_url(article.page_url, own)
    if named is None or named == own:
        return _address(own)
    return _address(named, own_url=None if _is_twin(own, named) else own)


def _address(canonical_url: str, *, own_url: str | None = None) -> Address:
    return Address(canonical_url=canonical_url, domain=registered_domain(canonical_url), own_url=own_url)


def _named_url(page_url: str | None, own: str) -> str | None:
    """The canonical URL that a page names; None where it names none that can be its own. Templates err."""
    text = (page_url or "").strip()
    if not text or len(text) > _LONGEST_URL or _SEVERAL.search(text.partition("?")[0]):
        return None
    named = canonicalise(text)
    if not is_same_site(named, own) or _is_above(named, own):
        return None
    return None if _is_index(named) and not _is_same_page(own, named) else named


def _is_above(named: str, own: str) -> bool:
    """Whether a URL names the home page, or a folder that the page lies in without being its twin."""
    parts = urlsplit(named)
    if parts.query:
        return False
    folder, path = parts.path.rstrip("/"), urlsplit(own).path.rstrip("/")
    if not folder:
        return bool(path)
    rest = path.removeprefix(f"{folder}/")
    return rest != path and not (_TWIN.fullmatch(rest) or _PAGE_NUMBER.fullmatch(rest))


def _is_same_page(own: str, named: str) -> bool:
    """Whether a URL that looks like a section is the page's own all the same: another query, or a twin."""
    path = urlsplit(named).path
    return (path == urlsplit(own).path and not _NO_ARTICLE.fullmatch(path.rpartition("/")[2])) or _is_twin(own, named)


def _is_index(url: str) -> bool:
    """Whether a URL has the form of a section or of an error page: "/news/", "/tag/x", "/2026/11/", "/404.html"."""
    parts = urlsplit(url)
    if parts.query:
        return False
    segments = [segment for segment in parts.path.split("/") if segment]
    if not segments or _NO_ARTICLE.fullmatch(segments[-1]) or _SECTIONS.intersection(segments[:-1][-1:]):
        return True
    return all(map(_WORD.fullmatch, segments)) or (len(segments) > 1 and all(map(_DATE_PART.fullmatch, segments)))


def _is_twin(own: str, named: str) -> bool:
    """Whether two URLs of a site have the form of one page: AMP, mobile or print, or under one number or slug."""
    ours, theirs = urlsplit(own), urlsplit(named)
    extra = set(ours.query.split("&")) - set(theirs.query.split("&")) - {""}
    path, other = _page_path(ours.path), _page_path(theirs.path)
    if path == other:
        return all(_VIEW.fullmatch(parameter) for parameter in extra) or _is_distinctive(other)
    if theirs.query:
        return False
    slug, other_slug = path.rpartition("/")[2], other.rpartition("/")[2]
    if slug == other_slug:
        return _is_distinctive(slug)
    return not _numbers(slug).isdisjoint(_numbers(other_slug))


def _page_path(path: str) -> str:
    """The path without what makes it that of an AMP, mobile or print twin."""
    segments = [segment for segment in path.lower().split("/") if segment]
    while len(segments) > 1 and _TWIN.fullmatch(segments[-1]):
        segments.pop()
    while len(segments) > 1 and _TWIN.fullmatch(segments[0]):
        segments.pop(0)
    if segments:
        segments[-1] = _TWIN_ENDING.sub("", segments[-1])
    return "/".join(segments)


def _is_distinctive(path: str) -> bool:
    """Whether the last segment of a path can name one article only: a long number, or several words."""
    slug = path.rpartition("/")[2]
    return bool(_numbers(slug)) or slug.count("-") + slug.count("_") >= 2


def _numbers(slug: str) -> set[str]:
    return set(_NUMBER.findall(slug))
