"""HTML: a decoded page becomes a draft: parsed once, its metadata first, then its lines."""

import html
import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain, islice

import lxml.html
from lxml.etree import ParserError
from lxml.html import HtmlElement
from trafilatura.utils import repair_faulty_html

from pipelines.clean import timestamps
from pipelines.clean.authors import find_authors
from pipelines.clean.body import Body, extract, lines_of
from pipelines.clean.draft import Draft, Line, NotAnArticle, Signs
from pipelines.clean.head import Head, absolute, read_head, squeeze
from pipelines.clean.jsonld import Node, article_node, image_url, names, read_nodes, strings
from pipelines.clean.plain import is_title
from pipelines.clean.prune import promote_blocks, slim
from pipelines.clean.titles import headline, title_key
from pipelines.clean.walls import CHALLENGES
from pipelines.model import Page
from pipelines.urls import host_of, registered_domain

_MOST_TAGS = 60_000  # extraction is superlinear: 2.1 MB of tiny paragraphs took 107 s
_MOST_ATTRIBUTES = 2000  # of one tag; libxml2 compares each with each: 100,000 took over 300 s
_MOST_NESTED = 100  # tables in one another; extraction is cubic in them: 680 took 4 s, more never ended
_MOST_SQUARES = 20_000_000  # attributes of a tag, squared, over the page; 500 tags of 1,900 took over 20 s
_MOST_TEXT = 1_000_000  # characters; ten times the longest article that was met, and 5 MB on one line took 8 s
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_LONG_TAG = re.compile(r"<[A-Za-z][^>]{8000,}")
_LONG_TEXT = 3000  # characters; a longer text needs no look at what else the page shows, where it has sentences
_STOPS = re.compile("[.!?…。！？।؟]")
_LEAST_STOPS = 1 / 400  # a character; prose has one in 60 to 200, lists of links have none
_LINKED_SAMPLE = 20_000  # characters of a text that is looked through for links
_CHALLENGES = re.compile("|".join(CHALLENGES), re.IGNORECASE)
_CHALLENGE_ROOM = 3000  # characters that a page shows
_SHELLS = "//app-root|//*[@id='__next' or @id='__nuxt' or @id='root' or @id='app' or @id='___gatsby' or @id='svelte']"


def read_html(text: str, *, page: Page) -> Draft:
    """Return the fields and lines of an HTML page. Raises NotAnArticle where it is too complex or empty."""
    url = page.fetch.final_url or page.entry.url
    tree = parse(text)
    nodes = read_nodes(tree)
    head = read_head(tree, url=url)
    node = article_node(nodes, url=url)
    outlets = _outlets(head, nodes, url)
    timezone = page.cleaning.timezone
    candidates = chain(
        timestamps.published(head, node, nodes, tree, timezone=timezone),
        timestamps.announced(page.entry),
        timestamps.in_title([*head.every("og:title"), head.title or ""]),
    )
    published, flags = timestamps.choose(candidates, fetched_at=page.fetch.fetched_at)
    modified, more_flags = timestamps.choose(
        timestamps.modified(head, node, timezone=timezone), fetched_at=page.fetch.fetched_at, kind="modified-date"
    )
    if published is None:
        published = timestamps.search(tree, head, url=url, fetched_at=page.fetch.fetched_at)
    authors = find_authors(head, node, nodes, tree, outlets=outlets)
    descriptions = _descriptions(head, node)
    slim(tree)
    selected = [element for selector in page.cleaning.remove for element in tree.cssselect(selector)]
    for element in selected:
        if element.getparent() is not None:
            element.drop_tree()
    promote_blocks(tree)
    title = headline(head, node, names=outlets)
    body = _body(tree, page, descriptions, title)
    lines = body.lines
    # A page that names its title nowhere may show it above the text all the same.
    shown = next((line for line in lines[:3] if not line.is_link), None)
    if not title and not page.entry.title and len(lines) > 2 and shown and is_title(shown.text):
        title, lines = shown.text, tuple(line for line in lines if line is not shown)
    return Draft(
        lines=lines,
        title=title,
        authors=authors,
        has_people=bool({title_key(name) for name in authors} - {title_key(name) for name in outlets}),
        published=published,
        modified=modified,
        language=head.language,
        description=descriptions[0] if descriptions else None,
        section=next(iter([*strings(node.get("articleSection")), *head.every("article:section", "section")]), None),
        tags=_tags(head, node),
        image_url=_image(head, node, url),
        site_name=head.first("og:site_name", "application-name")
        or next(iter(names(node.get("publisher"), nodes)), None),
        page_url=head.canonical or _absolute(head.first("og:url"), url),
        is_accessible_for_free=_is_free(node, nodes),
        flags=flags + more_flags,
        removed={rule: count for rule, count in (("boxes", body.box_count), ("selected", len(selected))) if count},
        is_translated="translated-" in (tree.get("class") or ""),
        full_text=_plain(" ".join(strings(node.get("articleBody")))) or None,
        signs=_signs(tree, head, lines, source=text) if _is_doubtful(lines) else None,
    )


def parse(text: str) -> HtmlElement:
    """Return the tree of a page. Raises NotAnArticle where there are too many tags, or none."""
    tag_count = text.count("<") - text.count("</")
    if tag_count > _MOST_TAGS:
        raise NotAnArticle("too-complex", f"{tag_count} tags; the limit is {_MOST_TAGS}")
    squares = 0
    for tag in _LONG_TAG.finditer(text):
        bare = _QUOTED.sub("", tag[0])  # a value may hold a program's whole state
        attribute_count = max(bare.count("="), len(bare.split()))
        squares += attribute_count**2
        if attribute_count > _MOST_ATTRIBUTES or squares > _MOST_SQUARES:
            raise NotAnArticle(
                "too-complex", f"a tag with {attribute_count} attributes; the limit is {_MOST_ATTRIBUTES}"
            )
    # huge_tree: without it the text below 256 levels of nesting is lost, silently. A parser a page: they hold state.
    parser = lxml.html.HTMLParser(
        huge_tree=True,
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    # Only the beginning can have the faults that are repaired there; the whole costs 1 ms.
    text = repair_faulty_html(text[:4096], text[:50].lower()) + text[4096:]
    try:
        tree = lxml.html.document_fromstring(text.encode(), parser=parser)
    except ParserError as fault:
        raise NotAnArticle("no-text", str(fault)) from fault
    _refuse_nested_tables(tree)
    _refuse_long_text(tree)
    return tree


def _refuse_long_text(tree: HtmlElement) -> None:
    size = len(tree.text_content())
    if size > _MOST_TEXT:
        size -= sum(len(element.text_content()) for element in tree.iter("script", "style"))
        if size > _MOST_TEXT:
            raise NotAnArticle("too-complex", f"{size} characters of text; the limit is {_MOST_TEXT}")


def _refuse_nested_tables(tree: HtmlElement) -> None:
    tables = list(tree.iter("table"))
    if len(tables) > _MOST_NESTED and any(
        len(list(islice(table.iterancestors("table"), _MOST_NESTED))) == _MOST_NESTED for table in tables
    ):
        raise NotAnArticle("too-complex", f"more than {_MOST_NESTED} tables nested in one another")


def _body(tree: HtmlElement, page: Page, descriptions: Sequence[str], title: str | None) -> Body:
    if page.cleaning.body:
        chosen = tree.cssselect(page.cleaning.body)
        if chosen:
            return Body(tuple(line for element in chosen for line in lines_of(element)))
    return extract(tree, descriptions=descriptions, title=title, has_boxes=not page.cleaning.boxes)


def _is_doubtful(lines: Sequence[Line]) -> bool:
    """Whether the text is short, or long without being prose: a page of 40,000 links is longer than any article."""
    size = sum(len(line.text) for line in lines)
    if size < _LONG_TEXT:
        return True
    return sum(1 for line in lines for _ in _STOPS.finditer(line.text)) < _LEAST_STOPS * size


def _signs(tree: HtmlElement, head: Head, lines: Sequence[Line], *, source: str) -> Signs:
    shown = squeeze(tree.text_content())
    links = [text for link in tree.iter("a") if (text := squeeze(link.text_content()))]
    extracted = " ".join(line.text for line in lines)[:_LINKED_SAMPLE]
    linked = sum(len(text) * min(times, extracted.count(text)) for text, times in Counter(links).items())
    whole = sum(len(line.text) for line in lines if line.is_link)
    headings = (squeeze(element.text_content()) for element in tree.iter("h1", "h2"))
    return Signs(
        text=shown[:4000],
        headings=tuple(text for text in [head.title or "", *headings] if 0 < len(text) <= 200)[:6],
        link_count=len(links),
        link_share=sum(map(len, links)) / max(1, len(shown)),
        linked_text=max(linked / max(1, len(extracted)), whole / max(1, sum(len(line.text) for line in lines))),
        is_empty_shell=any(not element.text_content().strip() for element in tree.xpath(_SHELLS)),
        is_challenge=len(shown) < _CHALLENGE_ROOM and _CHALLENGES.search(source) is not None,
    )


def _outlets(head: Head, nodes: Sequence[Node], url: str) -> list[str]:
    """What the outlet may be called in titles and bylines."""
    host = (host_of(url) or "").removeprefix("www.")
    domain = registered_domain(url) or ""
    found = head.every(
        "og:site_name", "application-name", "apple-mobile-web-app-title", "publisher", "article:publisher"
    )
    for node in nodes:
        found.extend(names(node.get("publisher"), list(nodes)))
        if {"NewsMediaOrganization", "WebSite", "Organization"} & set(strings(node.get("@type"))):
            found.extend([*strings(node.get("name")), *strings(node.get("alternateName"))])
    found.extend(handle.lstrip("@") for handle in head.every("twitter:site") if len(handle) > 4)
    return list(
        dict.fromkeys(
            name for name in [*found, host, domain, domain.partition(".")[0]] if name and not name.startswith("http")
        )
    )


def _descriptions(head: Head, node: Node) -> list[str]:
    """What the page says about itself, without doubles, the most detailed place first."""
    given = [*strings(node.get("description")), *head.every("og:description", "description", "twitter:description")]
    return list(dict.fromkeys(text for text in map(_plain, given) if text))


def _tags(head: Head, node: Node) -> tuple[str, ...]:
    given = strings(node.get("keywords")) or head.every("article:tag") or head.every("news_keywords", "keywords")
    parts = (squeeze(part) for text in given for part in re.split(r"[,;]", html.unescape(text)))
    return tuple(dict.fromkeys(part for part in parts if 0 < len(part) <= 100))[:50]


def _image(head: Head, node: Node, url: str) -> str | None:
    return _absolute(
        head.first("og:image", "og:image:url", "og:image:secure_url", "twitter:image") or image_url(node.get("image")),
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
