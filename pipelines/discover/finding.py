"""Finding: the address of a site becomes the feeds and sitemaps that it has, each of them tried."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from lxml import html

from pipelines.discover.jsonfeed import absolute
from pipelines.discover.poll import poll
from pipelines.discover.text import decode
from pipelines.fetch import Accept, Client, Fault
from pipelines.model import Kind, Poll, Source, Validators
from pipelines.urls import canonicalise, is_same_site

COMMON_PLACES = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
COMMON_SITEMAPS = ("/news-sitemap.xml", "/sitemap.xml")
_FEED_TYPES = re.compile(r"(?i)^\s*(?:application|text)/(?:rss|atom|rdf|feed)?\+?(?:xml|json)\b")
_MOST_CANDIDATES = 30
_NO_RUN = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A feed or sitemap of a site, tried and readable."""

    kind: Kind
    url: str
    title: str | None
    entry_count: int


async def discover_feeds(url: str, *, client: Client) -> list[Found]:
    """The feeds and sitemaps of a site, best first: what its page links to, then common places, then sitemaps.

    `url` may itself be one. Each is polled once; what announces nothing, cannot be read or is the same document
    under another address is left out. Raises nothing for what the world does: an unreachable site has no feeds.
    """
    found: list[Found] = []
    polls: list[Poll] = []
    itself = await _try(url, "feed", client=client)
    page_links: list[str] = []
    if itself.outcome == "ok":
        return [_found(itself, url, "feed")]
    if "sitemap" in (itself.detail or ""):
        as_sitemap = await _try(url, "sitemap", client=client)
        if as_sitemap.outcome == "ok":
            return [_found(as_sitemap, url, "sitemap")]
    answer = await client.get(url, accept=Accept.PAGE)
    home = url
    if not isinstance(answer, Fault):
        home = answer.final_url
        page_links = announced_feeds(answer.content, url=home, content_type=answer.content_type)
    sitemaps = await _sitemaps_of_robots(home, client=client)
    candidates: list[tuple[str, Kind]] = [(link, "feed") for link in page_links]
    candidates += [(absolute(place, home), "feed") for place in COMMON_PLACES]
    candidates += [(link, "sitemap") for link in sitemaps]
    candidates += [(absolute(place, home), "sitemap") for place in COMMON_SITEMAPS]
    seen: set[str] = set()
    for candidate, kind in candidates[:_MOST_CANDIDATES]:
        if canonicalise(candidate) in seen:
            continue
        seen.add(canonicalise(candidate))
        tried = await _try(candidate, kind, client=client)
        if tried.outcome != "ok" or not tried.entries or _is_twin(tried, polls):
            continue
        polls.append(tried)
        found.append(_found(tried, candidate, kind))
    return found


def announced_feeds(content: bytes, *, url: str, content_type: str | None) -> list[str]:
    """The feeds that a page names by <link rel=alternate>, or links to as such, in their order, each once. Pure."""
    text = decode(content, content_type)
    try:
        root = html.document_fromstring(text.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8", no_network=True))
    except (html.etree.ParserError, ValueError):
        return []
    base = root.find(".//base[@href]")
    start = absolute((base.get("href") or "").strip(), url) if base is not None else url
    links: list[str] = []
    for element in root.iter("link"):
        relations = (element.get("rel") or "").lower().split()
        if ("alternate" in relations or "feed" in relations) and _FEED_TYPES.match(element.get("type") or ""):
            links.append(element.get("href") or "")
    for element in root.iter("a"):
        href = element.get("href") or ""
        if re.search(r"(?i)(?:/feed/?$|/rss/?$|\.rss$|(?:rss|atom|feed)[^/]*\.(?:xml|json)$)", href.split("?")[0]):
            links.append(href)
    resolved = [absolute(link.strip(), start) for link in links if link.strip()]
    # Comment feeds announce no articles; feeds on foreign hosts (FeedBurner) stay, if the page names them in its head.
    kept = [link for link in resolved if link.startswith("http") and not re.search(r"(?i)/comments?/", link)]
    return list(dict.fromkeys(kept))


async def _sitemaps_of_robots(home: str, *, client: Client) -> list[str]:
    answer = await client.get(absolute("/robots.txt", home), accept=Accept.TEXT)
    if isinstance(answer, Fault):
        return []
    lines = decode(answer.content, answer.content_type).splitlines()
    found = [match[1] for line in lines if (match := re.match(r"(?i)\s*sitemap\s*:\s*(\S+)", line))]
    links = [absolute(link, home) for link in found]
    news_first = sorted(links, key=lambda link: "news" not in link.lower())
    return [link for link in dict.fromkeys(news_first) if is_same_site(link, home)]


async def _try(url: str, kind: Kind, *, client: Client) -> Poll:
    source = Source(name="candidate", kind=kind, location=url, every=timedelta(hours=1))
    return await poll(source, client=client, run_id=_NO_RUN, validators=Validators(), now=datetime.now(UTC))


def _found(tried: Poll, url: str, kind: Kind) -> Found:
    return Found(kind=kind, url=tried.final_url or url, title=tried.title, entry_count=len(tried.entries))


def _is_twin(tried: Poll, polls: list[Poll]) -> bool:
    """The same document again, or the same articles in another dialect."""
    links = {entry.canonical_url for entry in tried.entries}
    return any(
        tried.final_url == other.final_url or links == {entry.canonical_url for entry in other.entries}
        for other in polls
    )
