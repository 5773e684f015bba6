"""Finding: the address of a site becomes the feeds and sitemaps that it has, each of them tried."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from lxml import html

from pipelines.discover import feed, sitemap
from pipelines.discover.exchange import Parse
from pipelines.discover.jsonfeed import absolute
from pipelines.discover.poll import guarded, poll
from pipelines.discover.reading import Raw, Reading
from pipelines.fetch import Accept, Client, FetchFailure, Response
from pipelines.model import ConfigFault, Kind, Poll, Reason, Source, Validators
from pipelines.text import decode
from pipelines.urls import canonicalise, is_same_site

COMMON_FEEDS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
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
    """The feeds and sitemaps of a site, best first: what its page links to, else the common places; then sitemaps.

    `url` may itself be a feed or a sitemap, and may lack its scheme. Each find is polled once; what announces
    nothing, cannot be read or is the same as an earlier one is left out. Raises ConfigFault, in one line, where
    nothing is found because the address itself could not be fetched.
    """
    address = url.strip() if "://" in url else f"https://{url.strip()}"
    answer = await client.get(address, accept=Accept.FEED)
    if isinstance(answer, FetchFailure):
        home, linked = answer.final_url or address, []
    elif itself := await _itself(answer):
        return [itself]
    else:
        home = answer.final_url
        linked = announced_feeds(answer.content, url=home, content_type=answer.content_type)
    found = await _try_all([(link, "feed") for link in linked], known=[], client=client)
    if not found:
        found = await _try_all([(absolute(place, home), "feed") for place in COMMON_FEEDS], known=[], client=client)
    told = [absolute(link, home) for link in await client.sitemaps(home)]
    told.sort(key=lambda link: "news" not in link.lower())
    sitemaps = [link for link in told if is_same_site(link, home)]
    sitemaps += [absolute(place, home) for place in COMMON_SITEMAPS]
    found = await _try_all([(link, "sitemap") for link in sitemaps], known=found, client=client)
    if not found and isinstance(answer, FetchFailure):
        raise ConfigFault(f"{url}: {answer.reason}: {answer.detail}")
    return [item for item, _ in found]


async def _itself(answer: Response) -> Found | None:
    """The address was that of a feed or sitemap already."""
    read = guarded(None)
    raw = Raw(content=answer.content, url=answer.final_url, content_type=answer.content_type)
    parsers: tuple[tuple[Kind, Parse, Reason], ...] = (
        ("feed", feed.parse, "bad-feed"),
        ("sitemap", sitemap.parse, "bad-sitemap"),
    )
    for kind, parse, reason in parsers:
        reading = await read(parse, raw, reason)
        if isinstance(reading, Reading):
            count = len(reading.announced) or len(reading.children)
            return Found(kind=kind, url=answer.final_url, title=reading.title, entry_count=count)
    return None


async def _try_all(
    candidates: Iterable[tuple[str, Kind]], *, known: list[tuple[Found, Poll]], client: Client
) -> list[tuple[Found, Poll]]:
    """`known` and those candidates which announce something that it does not."""
    found = list(known)
    seen = {canonicalise(item.url) for item, _ in known}
    for url, kind in list(dict.fromkeys(candidates))[:_MOST_CANDIDATES]:
        if canonicalise(url) in seen:
            continue
        seen.add(canonicalise(url))
        tried = await _try(url, kind, client=client)
        if tried.outcome == "ok" and tried.entries and not _is_twin(tried, [poll for _, poll in found]):
            address = tried.final_url or url
            found.append((Found(kind=kind, url=address, title=tried.title, entry_count=len(tried.entries)), tried))
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


async def _try(url: str, kind: Kind, *, client: Client) -> Poll:
    source = Source(name="candidate", kind=kind, location=url, every=timedelta(hours=1))
    return await poll(source, client=client, run_id=_NO_RUN, validators=Validators(), now=datetime.now(UTC))


def _is_twin(tried: Poll, polls: list[Poll]) -> bool:
    """The same document again, or the same articles in another dialect."""
    links = {entry.canonical_url for entry in tried.entries}
    return any(
        tried.final_url == other.final_url or links == {entry.canonical_url for entry in other.entries}
        for other in polls
    )
