"""Authors: what a page says about who wrote it becomes a list of names."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from pipelines.clean.metadata import Node, PageMetadata, names, squeeze, unescaped
from pipelines.clean.titles import title_key

_KEYS = (
    "author",
    "article:author",
    "parsely-author",
    "dc.creator",
    "dcterms.creator",
    "sailthru.author",
    "byl",
    "cxenseparse:author",
    "cxenseparse:recs:author",
    "articleauthor",
    "article_author",
    "article.author",
    "dc.author",
    "authors",
    "mrf:authors",
    "shareaholic:article_author_name",
    "creator",
)
# What WordPress lets cards say: "twitter:label1" names what "twitter:data1" is.
_CARD_LABEL = re.compile(
    r"(?:written|posted) by|authors?|(?:verfasst|geschrieben) von|autor(?:in|en)?|écrit par|auteurs?|escrito por|"
    r"scritto da|autore|geschreven door|skriven av|skrevet av|skrevet af|napisane przez|kirjoittanut|yazan|"
    r"автор|написано автором|napsal\(a\)|szerző|γράφτηκε από|作者|投稿者|글쓴이|كُتب بواسطة",
    re.IGNORECASE,
)
_SENTENCE = 4  # words behind a name which make it a description
_BY = re.compile(
    r"^(?:(?:(?:an?|eine?|une?)\s+)?(?:written|reported|reporting|posted|published|words|story|text|report|interview|"
    r"analysis|opinion|comment|commentary|column|review|exclusive|bericht|kommentar|analyse|reportage|essay|porträt|"
    r"gastbeitrag|gastkommentar|kolumne|rezension|protokoll|texte?|texto|testo|propos recueillis|skriven|geschrieben|"
    r"escrito|écrit|scritto)\s+)?"
    r"(?:by|von|par|por|door|av|af|di|przez|autor(?:en|in|zy|ka|es|a)?|authors?|auteurs?|автор(?:ы)?"
    r"|(?:texte?|texto|testo|tekst|redaktion|reporting|words|story|report(?:er|age)?|текст)(?=\s*:))\b\s*:?\s+",
    re.IGNORECASE,
)
# "View all posts by Jane Roe" is what a link to an author's page says.
_POSTS_BY = re.compile(
    r"^(?:(?:view|see|read|show) )?(?:all|more)?\s*(?:posts?|articles?|stories|entries|content)?\s*(?:by|from|of)\s+"
    r"(?=\S)|^(?:alle|weitere|mehr) (?:beiträge|artikel|texte)? ?(?:von|vom) "
    r"|^(?:voir )?(?:tous )?les articles (?:de|par) "
    r"|^ver (?:todas las entradas|todos los (?:artículos|posts)|todos os posts) (?:de|por) "
    r"|^(?:visualizza |vedi )?tutti gli articoli di |^(?:bekijk )?alle (?:berichten|artikelen) (?:van|door) "
    r"|^(?:zobacz )?wszystkie (?:wpisy|artykuły) |^(?:visa )?alla inlägg av |^vis alle indlæg (?:af|fra) ",
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
    r"analyst|fellow|photographer|commentator|professor|lecturer|researcher|director|manager|strategist|economist|"
    r"redakteur(?:in)?|korrespondent(?:in)?|reporter(?:in)?|journalist(?:in)?|"
    r"autor(?:in)?|journaliste|correspondante?|rédact(?:eur|rice)|redactor[ae]?|corresponsal|periodista|giornalista|"
    r"corrispondente|jornalista|repórter|redacteur|verslaggever|dziennikarz|dziennikarka|журналист|корреспондент|"
    r"обозреватель)(?:-in-chief|-at-large)?(?:\s+(?:at|for|in|für|à|bei|of|de)\s+.{1,40})?"
    r"|(?:agencies|agenturen|agencias|agenzie|agences)|(?:журналист|корреспондент|обозреватель|редактор)\w*\s.{1,40}",
    re.IGNORECASE,
)
_PLACE = re.compile(r"(?<=\w)\s+(?:in|à|aus)\s+[A-ZÄÖÜÉ][\w'’.-]+(?:\s+[A-ZÄÖÜÉ][\w'’.-]+){0,2}$")
_DATED = re.compile(
    r"^(?:(?:posted|published|updated)\s+)?(?:(?:on|am|le|el|il|op|den)\s+)?(?:[^\W\d_]+\.?\s\d{1,2}(?:st|nd|rd|th)?|\d{1,2}\.?\s[^\W\d_]+\.?)$",
    re.IGNORECASE,
)
_INSTITUTION = re.compile(
    r"(?:the )?(?:\w+ ){0,3}(?:universit\w+|institut\w*|college|school|academy|ministry|department)\b.{0,60}",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"\s*\([a-zäöüß./, ]{1,8}\)$")  # the shorthand of a newsroom; "(赵建东)" stays
_NO_NAME = re.compile(
    r"^(?:images?|photos?|bild(?:er)?|fotos?|pictures?|videos?|credits?|kamera|illustrations?|grafik|graphics?|source|"
    r"quelle)\b|https?:|www\.|@|\d{3}|\d[:.]\d\d|[<>{}\[\]=]|(?-i:^[a-z]+(?:-[a-z]+)+$)",
    re.IGNORECASE,
)
_PERSON = re.compile(r"^(?=[^a-zß-öø-ÿ]).+ (?=[^a-zß-öø-ÿ])\S+$")
_EASTERN = re.compile("[\u3040-\u30ff\u3400-\u9fff]{2,5}|[\uac00-\ud7af]{2,4}")
_DESK = re.compile("[报報社网網部局]|台$|記者|记者|新聞|新闻|編集|编辑|通信|通讯|기자|편집|뉴스")
# "本报记者 王小明", "文／王小明", "홍길동 기자"
_EASTERN_ROLE = re.compile(
    r"^(?:本报|本報|特约|特約)?(?:(?:记者|記者)[\s:：／/]*|(?:作者|编辑|編輯|责任编辑|責任編輯|通讯员)[\s:：／/]+)|^[文撰][:：／/]\s*"
    r"|\s+(?:기자|특파원|記者|记者)$|[／/]\S{2,4}(?:报道|報導|報道)$"
)
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
_BY_NAME = (
    "["
    + " or ".join(
        f"contains(@{name}, '{part}')"
        for name in ("class", "id")
        for part in ("uthor", "yline", "utor", "uteur", "ournalist", "riter", "eporter", "edakteur")
    )
    + "]"
)
_NAMED, _NAMED_BELOW = XPath(f".//*{_BY_NAME}"), XPath(f"following::*{_BY_NAME}")
_MAX_NAMING = 500  # characters of a class and an id
_PARTICLE = 3  # letters: "von", "de"
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BYLINES = re.compile(
    r"(?:^|[\s_-])(?:by-?lines?|authors?(?:-?names?)?|autor(?:en|es|in|a)?|auteurs?|autor[ei]|writers?|journalists?|"
    r"reporters?|redakteur(?:e|in)?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"/(?:authors?|autor(?:en|es|i|e)?|auteurs?|profiles?|people|staff|team|by|redaktion|persons?|personen|journalists?|"
    r"contributors?|writers?|reporters?|columnists?|users?)/",
    re.IGNORECASE,
)
_ELSEWHERE = frozenset({"aside", "footer", "nav", "li", "figure", "figcaption", "blockquote"})
_MAX_BYLINE = 160  # characters
_MAX_AUTHORS = 30
_MAX_NAME = 80
_MAX_MARKED = 100  # elements; each is looked through for a name within it
_BYLINE_LEVELS = 3  # how far above its first name a byline may begin


def find_authors(
    metadata: PageMetadata, node: Node, nodes: list[Node], tree: HtmlElement, *, outlets: Sequence[str]
) -> tuple[str, ...]:
    """Return the names of a page's authors: JSON-LD, meta, microdata and rel=author, then a guess by class names.

    An outlet's own name counts only where nobody else is named in any of them.
    """
    keys = {title_key(outlet) for outlet in outlets}
    fallback: tuple[str, ...] = ()
    for place, given in enumerate(_places(metadata, node, nodes, tree)):
        found = tidy_authors(given, outlets=outlets)
        if place == 0 and len(given) > 1 and any(title_key(name) not in keys for name in found):
            # An outlet that is listed beside people, as an entry of its own, is meant: "Von Ann Author, t-online".
            return tidy_authors(given, outlets=outlets, listed=[name for name in given if title_key(name) in keys])
        if any(title_key(name) not in keys for name in found):
            return found
        fallback = fallback or found
    guessed = tidy_authors(_guessed(tree), outlets=outlets)
    # Against an outlet that is named as the author stands only a guess that begins with a person; places follow.
    if fallback and guessed:
        return tuple(filter(is_person, guessed)) if is_person(guessed[0]) else fallback
    return guessed or fallback


def tidy_authors(given: Iterable[str], *, outlets: Sequence[str], listed: Collection[str] = ()) -> tuple[str, ...]:
    """Return names without prefixes, roles, places, addresses and doubles, split where one string holds several.

    outlets: left out where somebody else is named. listed: names that are taken as they are.
    """
    found: dict[str, str] = {}
    for text in given:
        if text in listed:
            found.setdefault(title_key(text), text)
            continue
        whole = _PART_PLAYED.sub("", _BY.sub("", _POSTS_BY.sub("", squeeze(unescaped(text)))))
        parts = [part for piece in _SPLIT.split(whole) for part in _parted(piece)]
        for index, part in enumerate(parts):
            if index and (_describes(part) or (len(parts) == 2 and _is_place(part.strip(), behind=parts[0].strip()))):
                continue
            part = _EASTERN_ROLE.sub("", part.strip())
            name = _PLACE.sub("", _INITIALS.sub("", _BY.sub("", part.lstrip(" (")))).strip(" ,.;:-–—|/")
            key = title_key(name)
            if key and key not in _NOBODY and len(name) <= _MAX_NAME and not _is_no_name(name):
                found.setdefault(key, name)
    aside = {title_key(outlet) for outlet in outlets} - {title_key(name) for name in listed}
    # "MDR Thüringen" is a desk of MDR.
    people = {key: name for key, name in found.items() if not {key, title_key(name.split()[0])} & aside}
    return tuple((people or found).values())[:_MAX_AUTHORS]


def _parted(piece: str) -> list[str]:
    """The names that "and" joins: each of two words or more, or an agency."""
    parts = _AND.split(piece)
    is_list = all(" " in part.strip() or _AGENCY.fullmatch(part) for part in parts)
    return parts if is_list else [piece]


def _describes(part: str) -> bool:
    """Whether what stands behind a name says who that is: "professor at the university of the valley"."""
    words = part.split()
    if _ROLE.fullmatch(part.strip()) or _INSTITUTION.fullmatch(part.strip()):
        return True
    return len(words) >= _SENTENCE and 2 * sum(word[0].islower() for word in words) >= len(words)


def _is_place(part: str, *, behind: str) -> bool:
    """Whether one word behind a person is where that person writes from: "Jane Roe, London"; agencies are shorter."""
    is_name = _AGENCY.fullmatch(part) or part.isupper() or "." in part or not part[:1].isupper()
    return " " not in part and not is_name and part.isascii() and is_person(behind)


def _is_no_name(name: str) -> bool:
    return _NO_NAME.search(name) is not None or _DATED.match(name) is not None


def is_person(name: str) -> bool:
    """Return whether a name looks like a person's.

    Two words or more, the first and the last not in small letters; or two to five characters of a script that does
    not part names, and no desk ("本报记者", "編集部").
    """
    return _PERSON.match(name) is not None or (_EASTERN.fullmatch(name) is not None and not _DESK.search(name))


def _places(metadata: PageMetadata, node: Node, nodes: list[Node], tree: HtmlElement) -> Iterator[list[str]]:
    """Where a page names its authors, the most trustworthy place first."""
    yield names(node.get("author"), nodes) or names(node.get("creator"), nodes)
    # One key after the other: "author" may be a person where "creator" is the newsroom's system.
    for key in _KEYS:
        yield metadata.every(key)
    for number in "12":
        if _CARD_LABEL.fullmatch(metadata.first(f"twitter:label{number}") or ""):
            yield metadata.every(f"twitter:data{number}")
    yield _marked(tree)


def _marked(tree: HtmlElement) -> list[str]:
    found: list[str] = []
    around: HtmlElement | None = None
    marked_count = 0
    for element in tree.iter("a", "span", "div", "p", "address"):
        if "author" in (element.get("rel") or "").split() or "author" in (element.get("itemprop") or "").split():
            marked_count += 1
            if marked_count > _MAX_MARKED:
                break
            inner = next((one for one in element.iter() if one.get("itemprop") == "name"), element)
            text = squeeze(inner.get("content") or inner.text_content())
            # The first byline is the article's; those further away belong to teasers of other articles.
            if 0 < len(text) <= _MAX_NAME and (around is None or around in element.iterancestors()):
                found.append(text)
                if around is None:
                    around = list(islice(element.iterancestors(), _BYLINE_LEVELS))[-1]
    return found


def _guessed(tree: HtmlElement) -> list[str]:
    """What stands in the first element below the headline whose class or id says that it is a byline."""
    heading = next((one for one in tree.iter("h1")), None)
    candidates = _named(tree, _NAMED) if heading is None else _named(heading, _NAMED_BELOW) or _named(tree, _NAMED)
    for element in candidates:
        if any(above.tag in _ELSEWHERE for above in element.iterancestors()):
            continue
        links = [squeeze(one.text_content()) for one in element.iter("a") if _PROFILE.search(one.get("href") or "")]
        text = squeeze(element.text_content())
        given = links or ([_WITHIN.sub("", text)] if 0 < len(text) <= _MAX_BYLINE else [])
        found = tidy_authors(given, outlets=())
        if found and (links or _reads_as_name(found[0]) or _AGENCY.fullmatch(found[0])):
            return list(found)
    return []


def _named(start: HtmlElement, path: XPath) -> list[HtmlElement]:
    found = cast(list[HtmlElement], path(start))
    names = ((one, _CAMEL.sub("-", f"{one.get('class') or ''} {one.get('id') or ''}"[:_MAX_NAMING])) for one in found)
    return list(islice((one for one, name in names if _BYLINES.search(name)), _MAX_MARKED))


def _reads_as_name(text: str) -> bool:
    """Whether a text is a person's name and no sentence that begins with one."""
    return is_person(text) and all(len(word) <= _PARTICLE or not word[0].islower() for word in text.split())
