"""Authors: what a page says about who wrote it becomes a list of names."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from itertools import islice

from lxml.html import HtmlElement
from trafilatura.metadata import extract_author

from pipelines.clean.head import Head, squeeze, unescaped
from pipelines.clean.jsonld import Node, names
from pipelines.clean.titles import title_key

_KEYS = (
    "author",
    "article:author",
    "parsely-author",
    "dc.creator",
    "dcterms.creator",
    "sailthru.author",
    "byl",
    "creator",
)
_BY = re.compile(
    r"^(?:(?:(?:an?|eine?|une?)\s+)?(?:written|reported|reporting|posted|published|words|story|text|report|interview|"
    r"analysis|opinion|comment|commentary|column|review|exclusive|bericht|kommentar|analyse|reportage|essay|porträt|"
    r"gastbeitrag|gastkommentar|kolumne|rezension|protokoll|texte?|texto|testo|propos recueillis|skriven|geschrieben|"
    r"escrito|écrit|scritto)\s+)?"
    r"(?:by|von|par|por|door|av|af|di|przez|autor(?:en|in|zy|ka|es|a)?|authors?|auteurs?|автор(?:ы)?"
    r"|(?:texte?|texto|testo|tekst|redaktion|reporting|words|story|report(?:er|age)?|текст)(?=\s*:))\b\s*:?\s+",
    re.IGNORECASE,
)
_WITHIN = re.compile(r"^.*\b(?:By|Von|Par|Por|Door)\s+(?=[^\W\d_])")  # "Capital Von Jemima Kelly"
_SPLIT = re.compile(
    r"\s*(?:[;|•·、]|,(?!\s*(?:jr|sr|ph\.?d|m\.?d|ii|iii)\b)(?:\s*(?:and|und|et|y|og|och|en|&)\s)?|\s/\s)\s*",
    re.IGNORECASE,
)
_AND = re.compile(r"\s+(?:and|und|et|y|og|och|en|i|и|ve|e|&)\s+", re.IGNORECASE)
# Agencies are named by one word; any other single word beside "and" is half a desk: "Food and Drink Team".
_AGENCY = re.compile(
    r"(?:ap|afp|apa|dpa|dpa-\w+|reuters|efe|ansa|tass|тасс|pti|ani|sid|kna|epd|ntb|tt|ritzau|anp|belga|lusa|pap|"
    r"čtk|tasr|mti|xinhua|kyodo|yonhap|bloomberg|agencies|agenturen|agencias|agenzie|agences)(?:/\w+)?",
    re.IGNORECASE,
)
_PART_PLAYED = re.compile(
    r"\s*\((?:text|words|photos?|fotos?|bilder|video|images?|pictures|texte|texto)\)", re.IGNORECASE
)
# What stands beside a name, not a name itself; whole parts only, and only behind a name.
_ROLE = re.compile(
    r"(?:[\w'’&.-]+\s+){0,4}(?:editor|reporter|correspondent|writer|columnist|contributor|producer|journalist|critic|"
    r"analyst|fellow|photographer|commentator|redakteur(?:in)?|korrespondent(?:in)?|reporter(?:in)?|journalist(?:in)?|"
    r"autor(?:in)?|journaliste|correspondante?|rédact(?:eur|rice)|redactor[ae]?|corresponsal|periodista|giornalista|"
    r"corrispondente|jornalista|repórter|redacteur|verslaggever|dziennikarz|dziennikarka|журналист|корреспондент|"
    r"обозреватель)(?:-in-chief|-at-large)?(?:\s+(?:at|for|in|für|à|bei|of|de)\s+.{1,40})?"
    r"|(?:agencies|agenturen|agencias|agenzie|agences)",
    re.IGNORECASE,
)
_PLACE = re.compile(r"(?<=\w)\s+(?:in|à|aus)\s+[A-ZÄÖÜÉ][\w'’.-]+(?:\s+[A-ZÄÖÜÉ][\w'’.-]+){0,2}$")
_INITIALS = re.compile(r"\s*\([a-zäöüß./, ]{1,8}\)$")  # the shorthand of a newsroom; "(赵建东)" stays
_NO_NAME = re.compile(
    r"^(?:image|photo|bild|foto|picture|video|credit)\b|https?:|www\.|@|\d{3}|[<>{}\[\]=]|(?-i:^[a-z]+(?:-[a-z]+)+$)",
    re.IGNORECASE,
)
_PERSON = re.compile(r"^(?=[^a-zß-öø-ÿ]).+ (?=[^a-zß-öø-ÿ])\S+$")
_NOBODY = frozenset(
    {
        "admin",
        "administrator",
        "author",
        "staff",
        "editor",
        "unknown",
        "none",
        "null",
        "undefined",
        "guest",
        "anonymous",
        "user",
    }
)
_MOST_AUTHORS = 30
_MOST_NAME = 80
_BYLINE_LEVELS = 3  # how far above its first name a byline may begin


def find_authors(
    head: Head, node: Node, nodes: list[Node], tree: HtmlElement, *, outlets: Sequence[str]
) -> tuple[str, ...]:
    """Return the names of a page's authors: JSON-LD, meta, microdata and rel=author, then a guess by class names.

    An outlet's own name counts only where nobody else is named in any of them.
    """
    keys = {title_key(outlet) for outlet in outlets}
    fallback: tuple[str, ...] = ()
    for place, given in enumerate(_places(head, node, nodes, tree)):
        found = tidy_authors(given, outlets=outlets)
        if place == 0 and len(given) > 1 and any(title_key(name) not in keys for name in found):
            # An outlet that is listed beside people, as an entry of its own, is meant: "Von Ann Author, t-online".
            return tidy_authors(given, outlets=outlets, listed=[name for name in given if title_key(name) in keys])
        if any(title_key(name) not in keys for name in found):
            return found
        fallback = fallback or found
    guessed = tidy_authors(_guessed(tree), outlets=outlets)
    # Against an outlet that is named as the author stands only a guess that looks like people.
    return guessed if guessed and (not fallback or all(map(is_person, guessed))) else fallback


def tidy_authors(given: Iterable[str], *, outlets: Sequence[str], listed: Collection[str] = ()) -> tuple[str, ...]:
    """Return names without prefixes, roles, places, addresses and doubles, split where one string holds several.

    outlets: left out where somebody else is named. listed: names that are taken as they are.
    """
    found: dict[str, str] = {}
    for text in given:
        if text in listed:
            found.setdefault(title_key(text), text)
            continue
        whole = _PART_PLAYED.sub("", _BY.sub("", squeeze(unescaped(text))))
        parts = [part for piece in _SPLIT.split(whole) for part in _parted(piece)]
        for index, part in enumerate(parts):
            if index and _ROLE.fullmatch(part.strip()):
                continue
            name = _PLACE.sub("", _INITIALS.sub("", _BY.sub("", part.lstrip(" (")))).strip(" ,.;:-–—|/")
            key = title_key(name)
            if key and key not in _NOBODY and len(name) <= _MOST_NAME and not _NO_NAME.search(name):
                found.setdefault(key, name)
    aside = {title_key(outlet) for outlet in outlets} - {title_key(name) for name in listed}
    people = {key: name for key, name in found.items() if key not in aside}
    return tuple((people or found).values())[:_MOST_AUTHORS]


def _parted(piece: str) -> list[str]:
    """The names that "and" joins: each of two words or more, or an agency."""
    parts = _AND.split(piece)
    is_list = all(" " in part.strip() or _AGENCY.fullmatch(part) for part in parts)
    return parts if is_list else [piece]


def is_person(name: str) -> bool:
    """Return whether a name looks like a person's: two words or more, the first and the last not in small letters."""
    return _PERSON.match(name) is not None


def _places(head: Head, node: Node, nodes: list[Node], tree: HtmlElement) -> Iterator[list[str]]:
    """Where a page names its authors, the most trustworthy place first."""
    yield names(node.get("author"), nodes) or names(node.get("creator"), nodes)
    # One key after the other: "author" may be a person where "creator" is the newsroom's system.
    for key in _KEYS:
        yield head.every(key)
    yield _marked(tree)


def _marked(tree: HtmlElement) -> list[str]:
    found: list[str] = []
    around: HtmlElement | None = None
    for element in tree.iter("a", "span", "div", "p", "address"):
        if "author" in (element.get("rel") or "").split() or "author" in (element.get("itemprop") or "").split():
            inner = next((one for one in element.iter() if one.get("itemprop") == "name"), element)
            text = squeeze(inner.get("content") or inner.text_content())
            # The first byline is the article's; those further away belong to teasers of other articles.
            if 0 < len(text) <= _MOST_NAME and (around is None or around in element.iterancestors()):
                found.append(text)
                if around is None:
                    around = list(islice(element.iterancestors(), _BYLINE_LEVELS))[-1]
    return found


def _guessed(tree: HtmlElement) -> list[str]:
    """What trafilatura reads from class names; it costs 2 ms, so it comes last."""
    found = (extract_author(copy(tree)) or "").split(";")
    return [_WITHIN.sub("", name) for name in found if name]
