"""Timestamps: what a page says about its own times, each with precision and origin; the most trustworthy first."""

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from typing import Literal

import htmldate
from lxml.html import HtmlElement

from pipelines.clean.draft import PageDate
from pipelines.clean.metadata import Node, PageMetadata, squeeze, strings
from pipelines.clean.titles import title_key
from pipelines.dates import parse_date
from pipelines.model import Entry, Flag, Origin

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_SLACK = timedelta(days=1)  # clocks and zones of outlets are wrong by this much
_LIVE = timedelta(days=14)  # the longest that a live page runs
# Of a page, how many elements with times, headings, articles and neighbours are looked at, and how far up from each.
_MOST_TIMES, _MOST_HEADINGS, _MOST_ARTICLES, _MOST_NEIGHBOURS, _MOST_STEPS = 50, 20, 100, 300, 40
_LEAST_HEADLINE = 25  # characters of a link
_TITLE_DATE = re.compile(r"[(,|–—-]\s*(\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2})\)?\s*$")
# Class names and ids of what stands beside an article.
_BESIDE = re.compile(
    r"(?i)(?:^|[\s_-])(?:relat|teaser|comment|sidebar|recommend|most-?(?:read|viewed|popular|shared|recent)|popular|"
    r"trending|more-?(?:from|news|stories|articles)|read-?(?:more|next|also)|latest|similar|carousel|ticker|breaking|"
    r"newsletter|outbrain|taboola)"
)

_PUBLISHED = (
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dcterms.created",
    "dc.date.issued",
    "dcterms.date",
    "dc.date",
    "dc.date.created",
    "dcterms.issued",
    "publish-date",
    "publish_date",
    "publication_date",
    "pubdate",
    "date",
    "article_date_original",
    "originalpublicationdate",
    "article.published",
    "bt:pubdate",
    "rnews:datepublished",
)
_MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "last-modified",
    "dcterms.modified",
    "dc.date.modified",
    "article.updated",
    "lastmod",
    "revised",
)


def published(
    head: PageMetadata, node: Node, nodes: list[Node], tree: HtmlElement, *, timezone: str | None = None
) -> Iterator[PageDate]:
    """Yield what a page gives as its time of publication, the most trustworthy first."""
    for found in _parsed(_published(head, node, nodes, tree), head.language, timezone):
        if found.origin == "meta":
            yield from _before_the_change(found, head, tree, timezone)
        yield found


def modified(head: PageMetadata, node: Node, *, timezone: str | None = None) -> Iterator[PageDate]:
    """Yield what a page gives as the time of its last change."""
    texts: list[tuple[Origin, str]] = [("json-ld", text) for text in strings(node.get("dateModified"))]
    yield from _parsed(texts + [("meta", text) for text in head.every(*_MODIFIED)], head.language, timezone)


def announced(entry: Entry) -> Iterator[PageDate]:
    """Yield what the entry of a page gives as its time of publication."""
    if entry.published_at is not None:
        is_midnight = entry.published_at.timestamp() % 86_400 == 0
        yield PageDate(at=entry.published_at, precision="day" if is_midnight else "second", origin="entry")


def choose(
    candidates: Iterable[PageDate], *, fetched_at: datetime, kind: Literal["date", "modified-date"] = "date"
) -> tuple[PageDate | None, tuple[Flag, ...]]:
    """Return the first plausible date, and a flag for each kind of implausible one that stood before it.

    Before 1990, or more than a day after the fetch, is implausible: "implausible-KIND", "future-KIND". A month or a
    year gives way to any date that names the day. Where nothing else is left the first in the future is clamped to the
    fetch; a date from before 1990 is dropped.
    """
    flags: list[Flag] = []
    coarse: PageDate | None = None
    clamped: PageDate | None = None
    for found in candidates:
        if found.at > fetched_at + _SLACK:
            flags.append("future-date" if kind == "date" else "future-modified-date")
            clamped = clamped or replace(found, at=fetched_at)
        elif found.at < _EARLIEST:
            flags.append("implausible-date" if kind == "date" else "implausible-modified-date")
        elif found.precision in {"month", "year"}:
            coarse = coarse or found
        else:
            return found, tuple(dict.fromkeys(flags))
    return coarse or clamped, tuple(dict.fromkeys(flags))


def in_title(titles: Iterable[str]) -> Iterator[PageDate]:
    """Yield the days that titles end in: "Bridge to be repaired | Courier | 28.04.2023"."""
    yield from _parsed(("title", match[1]) for title in titles if (match := _TITLE_DATE.search(title)))


def search(tree: HtmlElement, head: PageMetadata, *, url: str, fetched_at: datetime) -> PageDate | None:
    """Return what htmldate makes of a page that says nothing plain: its URL, its text, its images."""
    found = htmldate.find_date(
        _without_neighbours(tree, head),
        extensive_search=True,
        original_date=True,
        outputformat="%Y-%m-%dT%H:%M:%S%z",
        url=url,
        min_date=_EARLIEST.strftime("%Y-%m-%d"),
        # Not the wall clock: the same page must give the same date next year.
        max_date=(fetched_at + _SLACK).strftime("%Y-%m-%d"),
    )
    return next(_parsed([("htmldate", found)]), None) if found else None


def _parsed(
    candidates: Iterable[tuple[Origin, str]], language: str | None = None, timezone: str | None = None
) -> Iterator[PageDate]:
    for origin, text in candidates:
        if found := parse_date(text, language=language, timezone=timezone):
            yield PageDate(at=found.at, precision=found.precision, utc_offset_min=found.utc_offset_min, origin=origin)


def _before_the_change(
    found: PageDate, head: PageMetadata, tree: HtmlElement, timezone: str | None
) -> Iterator[PageDate]:
    """Live pages move the published time of their head along with each change; their body still has the first one."""
    texts: list[tuple[Origin, str]] = [("meta", text) for text in head.every(*_MODIFIED)]
    changed = next(_parsed(texts, head.language, timezone), None)
    if changed is not None and changed.at == found.at:
        marked = tree.xpath("//*[@itemprop='datePublished'][@datetime or @content]")
        given: list[tuple[Origin, str]] = [
            ("microdata", one.get("datetime") or one.get("content")) for one in marked[:1]
        ]
        for first in _parsed(given, head.language, timezone):
            if timedelta() < found.at - first.at < _LIVE:
                yield first


def _published(head: PageMetadata, node: Node, nodes: list[Node], tree: HtmlElement) -> Iterator[tuple[Origin, str]]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        yield from (("json-ld", text) for text in strings(node.get(key)))
    yield from (("meta", text) for text in head.every(*_PUBLISHED))
    surroundings = _Surroundings(tree, head)
    marked = (
        element
        for element in tree.iter("time", "span", "div", "meta")
        if "datePublished" in (element.get("itemprop") or "") or element.get("pubdate") is not None
    )
    for element in islice(marked, _MOST_TIMES):
        if not surroundings.is_beside(element):
            yield "microdata", element.get("datetime") or element.get("content") or element.text_content()
    for other in nodes:
        if other is not node and {"WebPage", "NewsArticle", "Article"} & set(strings(other.get("@type"))):
            yield from (("json-ld", text) for text in strings(other.get("datePublished")))
    for element in islice(tree.iter("time"), _MOST_TIMES):
        if not surroundings.is_beside(element):
            yield "time", element.get("datetime") or element.text_content()


def _without_neighbours(tree: HtmlElement, head: PageMetadata) -> HtmlElement:
    """A copy of a page without what stands beside its article: teasers, comments, lists of what is read most."""
    tree = deepcopy(tree)
    surroundings = _Surroundings(tree, head)
    for element in list(islice(tree.iter("article", "aside", "time"), _MOST_NEIGHBOURS)):
        if element.getparent() is not None and surroundings.is_beside(element):
            element.drop_tree()
    return tree


class _Surroundings:
    """Where on a page its article is: around its headline, or in its longest <article>."""

    def __init__(self, tree: HtmlElement, head: PageMetadata) -> None:
        headline = _headline(tree, head)
        self._around: set[HtmlElement] = set() if headline is None else {headline, *headline.iterancestors()}
        articles = list(islice(tree.iter("article"), _MOST_ARTICLES))
        self._home: HtmlElement | None = None
        if articles and self._around.isdisjoint(articles):
            self._home = max(articles, key=lambda article: len(article.text_content()))

    def is_beside(self, element: HtmlElement) -> bool:
        """Whether an element belongs to something else than the article: a teaser, a comment, a sidebar."""
        in_footer = False
        for one in islice(chain([element], element.iterancestors()), _MOST_STEPS):
            if one is self._home:
                return False
            if one in self._around:
                # The footer of an article may say when it was published, that of the page does not.
                return in_footer and not any(other.tag == "article" for other in chain([one], one.iterancestors()))
            in_footer = in_footer or one.tag == "footer"
            if one.tag in {"article", "aside", "nav"} or _is_teaser(one):
                return True
            if _BESIDE.search(f"{one.get('class') or ''} {one.get('id') or ''}"):
                return True
        return in_footer


def _headline(tree: HtmlElement, head: PageMetadata) -> HtmlElement | None:
    headings = list(islice(tree.iter("h1"), _MOST_HEADINGS))
    names = [title_key(name) for name in [head.title or "", *head.every("og:title")]]
    for heading in headings:
        key = title_key(heading.text_content())
        if key and any(key in name or (name and name in key) for name in names):
            return heading
    return next(iter(headings), None)


def _is_teaser(element: HtmlElement) -> bool:
    """Whether an element holds a heading that is a link, or is an item around a link as long as a headline."""
    if element.tag == "li":
        return any(len(squeeze(link.text_content())) >= _LEAST_HEADLINE for link in islice(element.iter("a"), 3))
    if element.tag not in {"div", "section"}:
        return False
    near = [*islice(element, 10), *(inner for child in islice(element, 10) for inner in islice(child, 10))]
    headings = (one for one in near if one.tag in {"h2", "h3", "h4", "h5"})
    return any(one.getparent().tag == "a" or next(one.iter("a"), None) is not None for one in headings)
