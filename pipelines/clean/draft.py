"""Draft: the fields and lines of an article before the rules, or the reason why there are none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from pipelines.model import Flag, Origin, Precision, Reason

LineKind: TypeAlias = Literal["paragraph", "heading", "item", "quote", "row"]
Mark: TypeAlias = Literal[
    "link",  # holds links and nothing else
    "pointer",  # a few words, and a link to another page of the site
    "notice",  # links to a newsletter, an app, a channel or a mail address
    "italic",  # all of it
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDate:
    """A date as a page gave it."""

    at: datetime  # UTC
    precision: Precision
    origin: Origin  # the field it came from
    utc_offset_min: int | None = None  # minutes east of UTC; None where neither page nor source gives a zone


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an article and what it was in the page."""

    text: str
    kind: LineKind = "paragraph"
    marks: frozenset[Mark] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSignals:
    """What a short page shows besides its article, by which walls, errors and lists of links are recognised."""

    text: str  # all that the page shows, squeezed, its first 4,000 characters
    headings: tuple[str, ...] = ()  # h1, h2, title
    link_count: int = 0
    link_share: float = 0.0  # of the characters shown
    linked_text: float = 0.0  # share of the extracted text that consists of links
    is_empty_shell: bool = False  # scripts, and an element that they would fill
    is_challenge: bool = False  # what the bot checks of well-known vendors load


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article's fields and lines as a reader found them."""

    lines: tuple[Line, ...]
    title: str | None = None
    authors: tuple[str, ...] = ()
    has_people: bool = True  # authors names somebody, not the outlet alone; True where nothing was looked for
    published: PageDate | None = None
    modified: PageDate | None = None
    language: str | None = None  # as the page declares it, ISO 639-1
    description: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image_url: str | None = None
    site_name: str | None = None
    page_url: str | None = None
    is_accessible_for_free: bool | None = None
    flags: tuple[Flag, ...] = ()
    removed: Mapping[str, int] = field(default_factory=dict)  # rule → elements that it took out of the page
    headings: tuple[str, ...] = ()  # the page's title element, then its first-order headings
    is_declared: bool = False  # the page says that it is an article
    is_list: bool = False  # of teasers, with next to no prose beside them
    is_translated: bool = False  # a translation service has been over the page
    full_text: str | None = None  # JSON-LD's articleBody
    signals: PageSignals | None = None  # None for a plain text, and for a page whose text is long prose


class NotAnArticle(Exception):
    """The page came, but no article is on it."""

    def __init__(self, reason: Reason, detail: str, evidence: str | None = None) -> None:
        super().__init__(reason, detail, evidence)
        self.reason = reason
        self.detail = detail
        self.evidence = evidence
