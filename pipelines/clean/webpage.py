"""Webpage: a decoded page becomes a draft: parsed once, its metadata first, then its lines."""

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.clean import timestamps
from pipelines.clean.authors import find_authors
from pipelines.clean.blocks import drop_boxes, squash
from pipelines.clean.body import Body, extract, lines_of
from pipelines.clean.draft import Draft, Line, PageSignals
from pipelines.clean.marks import Marks
from pipelines.clean.metadata import (
    Node,
    PageMetadata,
    absolute,
    article_node,
    image_url,
    names,
    read_metadata,
    read_nodes,
    squeeze,
    strings,
)
from pipelines.clean.states import display_size, text_in_states
from pipelines.clean.titles import headline, is_title, title_key
from pipelines.clean.tree import parse, promote_blocks, slim
from pipelines.clean.walls import CHALLENGES
from pipelines.model import Flag, Page
from pipelines.urls import host_of, registered_domain

_SHORT_TEXT = 1200  # characters; with less the scripts may hold more
_MUCH_MORE = 2  # times what the page shows
_TELLING_LINE = 50  # letters by which a line is found again
_MIN_WRITTEN = 300  # characters of articleBody, which is a teaser at times
_LONG_TEXT = 3000  # characters; what else the page shows matters only for shorter texts, or texts without sentences
_STOPS = re.compile("[.!?…。！？।؟]")
_MIN_STOPS = 1 / 400  # a character; prose has one in 60 to 200, lists of links have none
_LINKED_SAMPLE = 20_000  # characters of a text that is looked through for links
_CHALLENGES = re.compile("|".join(CHALLENGES), re.IGNORECASE)
_MAX_CHALLENGE = 3000  # characters that a page shows
_SHELLS = "//app-root|//*[@id='__next' or @id='__nuxt' or @id='root' or @id='app' or @id='___gatsby' or @id='svelte']"


def read_html(text: str, *, page: Page) -> Draft:
    """Return the fields and lines of an HTML page. Raises NotAnArticle where it is too complex or empty."""
    url = page.fetch.final_url or page.entry.url
    tree = parse(text)
    nodes = read_nodes(tree)
    metadata = read_metadata(tree, url=url)
    node = article_node(nodes, url=url)
    outlets = _outlets(metadata, nodes, url)
    timezone = page.cleaning.timezone
    candidates = chain(
        timestamps.published(metadata, node, nodes, tree, timezone=timezone),
        timestamps.announced(page.entry),
        timestamps.in_title([*metadata.every("og:title"), metadata.title or ""]),
    )
    published, flags = timestamps.choose(candidates, fetched_at=page.fetch.fetched_at)
    modified, more_flags = timestamps.choose(
        timestamps.modified(metadata, node, timezone=timezone), fetched_at=page.fetch.fetched_at, kind="modified-date"
    )
    if published is None:
        published = timestamps.search(tree, metadata, url=url, fetched_at=page.fetch.fetched_at)
    authors = find_authors(metadata, node, nodes, tree, outlets=outlets)
    descriptions = _descriptions(metadata, node)
    slim(tree)
    selected = [element for selector in page.cleaning.remove for element in tree.cssselect(selector)]
    for element in selected:
        if element.getparent() is not None:
            element.drop_tree()
    promote_blocks(tree)
    title = headline(metadata, node, names=outlets)
    titles = tuple(one for one in (title, *metadata.every("og:title"), metadata.title) if one)
    body = _body(tree, page, descriptions, titles)
    lines = body.lines
    is_declared = _is_article(metadata, node)
    origin_flags: tuple[Flag, ...] = ()
    if body.size < _SHORT_TEXT:
        lines, origin_flags = _hidden_text(text, body, node, titles=titles, is_article=is_declared)
    # A page that names its title nowhere may show it above the text all the same.
    shown = next((line for line in lines[:3] if "link" not in line.marks), None)
    if not title and not page.entry.title and len(lines) > 2 and shown and is_title(shown.text):
        title, lines = shown.text, tuple(line for line in lines if line is not shown)
    return Draft(
        lines=lines,
        title=title,
        authors=authors,
        has_people=bool({title_key(name) for name in authors} - {title_key(name) for name in outlets}),
        published=published,
        modified=modified,
        language=metadata.language,
        description=descriptions[0] if descriptions else None,
        section=next(iter([*strings(node.get("articleSection")), *metadata.every("article:section", "section")]), None),
        tags=_tags(metadata, node),
        image_url=_image(metadata, node, url),
        site_name=metadata.first("og:site_name", "application-name")
        or next(iter(names(node.get("publisher"), nodes)), None),
        page_url=metadata.canonical or _absolute(metadata.first("og:url"), url),
        is_accessible_for_free=_is_free(node, nodes),
        flags=(*flags, *more_flags, *origin_flags),
        removed={rule: count for rule, count in (("boxes", body.box_count), ("selected", len(selected))) if count},
        headings=(metadata.title or "", *metadata.headings[:2]),
        is_declared=is_declared,
        is_list=body.is_list and not origin_flags and (not is_declared or not urlsplit(url).path.strip("/")),
        is_translated="translated-" in (tree.get("class") or ""),
        full_text=_plain(" ".join(strings(node.get("articleBody")))) or None,
        signals=_signals(metadata, lines, source=text) if _is_doubtful(lines) else None,
    )


def _body(tree: HtmlElement, page: Page, descriptions: Sequence[str], titles: Sequence[str]) -> Body:
    if page.cleaning.body:
        chosen = tree.cssselect(page.cleaning.body)
        if chosen:
            return Body(tuple(line for element in chosen for line in lines_of(element)))
    return extract(
        tree,
        descriptions=descriptions,
        titles=titles,
        url=page.fetch.final_url or page.entry.url,
        has_boxes=not page.cleaning.boxes,
    )


def lines_of_html(fragment: str) -> tuple[Line, ...]:
    """Return the lines of a piece of HTML that is an article and nothing else. Raises NotAnArticle as a page does."""
    tree = parse(f"<html><body><main>{fragment}</main></body></html>")
    slim(tree)
    drop_boxes(tree)
    for element in list(tree.iter("figure", "aside", "form", "nav", "button", "audio", "video")):
        if element.getparent() is not None:
            element.drop_tree()
    marks = Marks(tree, url="")
    return tuple(replace(line, marks=marks.of(line.text)) for line in lines_of(tree))


def _hidden_text(
    source: str, body: Body, node: Node, *, titles: tuple[str, ...], is_article: bool
) -> tuple[tuple[Line, ...], tuple[Flag, ...]]:
    """The text of a page that shows next to none: from its scripts, or else from JSON-LD's articleBody."""
    scripts = (script.text or "" for script in parse(source).iter("script") if "ld+json" not in script.get("type", ""))
    stated = text_in_states(scripts, titles=titles, is_article=is_article)
    if stated is not None and _holds(lines := tuple(lines_of(stated)), body.lines):
        return lines, ("text-from-state",)
    written = html.unescape("\n".join(strings(node.get("articleBody")))) if is_article else ""
    marked = re.sub(r"</p>|<br\s*/?>|\s{2,}", "\n", written, flags=re.IGNORECASE)
    lines = tuple(Line(line) for line in map(_plain, marked.splitlines()) if line)
    if display_size(written) >= _MIN_WRITTEN and _holds(lines, body.lines):
        return lines, ("text-from-json-ld",)
    return body.lines, ()


def _holds(lines: Sequence[Line], shown: Sequence[Line]) -> bool:
    """Whether a text is much longer than what the page shows, and has it."""
    whole = squash(" ".join(line.text for line in lines))
    longer = [squash(line.text) for line in shown if len(line.text) >= _TELLING_LINE]
    found = sum(line[:_TELLING_LINE] in whole for line in longer)
    return found * 2 >= len(longer) and len(whole) >= _MUCH_MORE * sum(len(squash(line.text)) for line in shown)


def _is_article(metadata: PageMetadata, node: Node) -> bool:
    return bool(node.get("headline")) or "article" in metadata.every("og:type")


def _is_doubtful(lines: Sequence[Line]) -> bool:
    """Whether the text is short, or long without being prose: a page of 40,000 links is longer than any article."""
    size = sum(len(line.text) for line in lines)
    if size < _LONG_TEXT:
        return True
    return sum(1 for line in lines for _ in _STOPS.finditer(line.text)) < _MIN_STOPS * size


def _signals(metadata: PageMetadata, lines: Sequence[Line], *, source: str) -> PageSignals:
    # The tree has lost its boxes and teasers by now; what the page shows is judged with them.
    tree = parse(source)
    slim(tree)
    shown = squeeze(tree.text_content())
    links = [text for link in tree.iter("a") if (text := squeeze(link.text_content()))]
    extracted = " ".join(line.text for line in lines)[:_LINKED_SAMPLE]
    linked = sum(len(text) * min(times, extracted.count(text)) for text, times in Counter(links).items())
    whole = sum(len(line.text) for line in lines if "link" in line.marks)
    headings = (squeeze(element.text_content()) for element in tree.iter("h1", "h2"))
    return PageSignals(
        text=shown[:4000],
        headings=tuple(text for text in [metadata.title or "", *headings] if 0 < len(text) <= 200)[:6],
        link_count=len(links),
        link_share=sum(map(len, links)) / max(1, len(shown)),
        linked_text=max(linked / max(1, len(extracted)), whole / max(1, sum(len(line.text) for line in lines))),
        is_empty_shell=any(not element.text_content().strip() for element in tree.xpath(_SHELLS)),
        is_challenge=len(shown) < _MAX_CHALLENGE and _CHALLENGES.search(source) is not None,
    )


def _outlets(metadata: PageMetadata, nodes: Sequence[Node], url: str) -> list[str]:
    """What the outlet may be called in titles and bylines."""
    host = (host_of(url) or "").removeprefix("www.")
    domain = registered_domain(url) or ""
    found = metadata.every(
        "og:site_name", "application-name", "apple-mobile-web-app-title", "publisher", "article:publisher"
    )
    for node in nodes:
        found.extend(names(node.get("publisher"), list(nodes)))
        if {"NewsMediaOrganization", "WebSite", "Organization"} & set(strings(node.get("@type"))):
            found.extend([*strings(node.get("name")), *strings(node.get("alternateName"))])
    found.extend(handle.lstrip("@") for handle in metadata.every("twitter:site") if len(handle) > 4)
    return list(
        dict.fromkeys(
            name for name in [*found, host, domain, domain.partition(".")[0]] if name and not name.startswith("http")
        )
    )


def _descriptions(metadata: PageMetadata, node: Node) -> list[str]:
    """What the page says about itself, without doubles, the most detailed place first."""
    given = [*strings(node.get("description")), *metadata.every("og:description", "description", "twitter:description")]
    return list(dict.fromkeys(text for text in map(_plain, given) if text))


def _tags(metadata: PageMetadata, node: Node) -> tuple[str, ...]:
    given = (
        strings(node.get("keywords")) or metadata.every("article:tag") or metadata.every("news_keywords", "keywords")
    )
    parts = (squeeze(part) for text in given for part in re.split(r"[,;]", html.unescape(text)))
    return tuple(dict.fromkeys(part for part in parts if 0 < len(part) <= 100))[:50]


def _image(metadata: PageMetadata, node: Node, url: str) -> str | None:
    return _absolute(
        metadata.first("og:image", "og:image:url", "og:image:secure_url", "twitter:image")
        or image_url(node.get("image")),
        url,
    )


def _absolute(link: str | None, url: str) -> str | None:
    return absolute(link, url) if link else None


def _is_free(node: Node, nodes: Sequence[Node]) -> bool | None:
    for one in (node, *nodes):
        value = one.get("isAccessibleForFree")
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.rpartition("/")[2].lower() in {"true", "false"}:
            return value.rpartition("/")[2].lower() == "true"
    return None


def _plain(text: str) -> str:
    return squeeze(re.sub(r"<[^<>]{1,200}>", " ", html.unescape(text)) if "&" in text or "<" in text else text)
