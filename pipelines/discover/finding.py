"""Finding: the address of a site becomes the feeds and sitemaps that it has, each of them tried."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from lxml import html

from pipelines.discover import feed, sitemap_document
from pipelines.discover.documents import Parse, ParsedSource, SourceDocument, parse_safely
from pipelines.discover.links import is_web_link
from pipelines.discover.poll import poll
from pipelines.fetch import Accept, Client, FetchFailure, Response
from pipelines.model import ConfigFault, Kind, PollResult, Reason, Source, Validators
from pipelines.text import decode
from pipelines.urls import canonicalise, is_same_site, join

COMMON_FEEDS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
COMMON_SITEMAPS = ("/news-sitemap.xml", "/sitemap.xml")
_FEED_TYPES = re.compile(r"(?i)^\s*(?:application|text)/(?:rss|atom|rdf|feed)?\+?(?:xml|json)\b")
_LINK_HEADER = re.compile(r"<([^<>]{1,4000})>([^<>,]{0,1000})")
_PARAMETER = re.compile(r"""(?i);\s*(rel|type)\s*=\s*(?:"([^"]*)"|([^\s;,"]+))""")
_REFRESH = re.compile(r"""(?i)\A\s*[0-9.]{0,10}\s*[;,]\s*(?:url\s*=\s*)?["']?([^"']+)""")
# Feeds of comments announce no articles. "comment" alone is a section of opinion at many papers.
_COMMENTS = re.compile(r"(?i)(?:^|[/_.=?&-])comments(?:[/_.&?=-]|$)")
_COMMENT_TITLE = re.compile(
    r"(?i)\b(?:comments?\s+(?:feed|rss|on)|comments|kommentare?|kommentar-feed|commentaires|comentarios|comentários|commenti"
    r"|reacties|kommentarer|komentarze|komentáře|комментари\w+|коментар\w*)\b|コメント|评论|評論"
)
_LONGEST_LINK = 4_000
_MOST_REFRESHES = 2
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
    nothing, cannot be read or is the same as an earlier one is left out, and so are comments where there is more.
    Raises ConfigFault, in one line, where nothing is found because the address itself could not be fetched.
    """
    answer = await _get(web_address(url), client=client)
    links = FeedLinks()
    if isinstance(answer, FetchFailure):
        home = answer.final_url or web_address(url)
    elif itself := await _itself(answer):
        return [itself]
    else:
        home = answer.final_url
        links = feed_links(answer.content, url=home, content_type=answer.content_type, headers=answer.headers)
    found: list[tuple[Found, PollResult]] = []
    for candidates in (links.articles, [join(home, place) for place in COMMON_FEEDS], links.comments):
        found = found or await _try_all([(link, "feed") for link in candidates], known=[], client=client)
    named = [join(home, link) for link in await client.sitemaps(home)]
    named.sort(key=lambda link: "news" not in link.lower())
    sitemaps = [link for link in named if is_same_site(link, home)]
    sitemaps += [join(home, place) for place in COMMON_SITEMAPS]
    found = await _try_all([(link, "sitemap") for link in sitemaps], known=found, client=client)
    if not found and isinstance(answer, FetchFailure):
        raise ConfigFault(f"{url}: {answer.reason}: {answer.detail}")
    return [item for item, _ in found]


def web_address(url: str) -> str:
    """An address as people and links write it, as one of the web: `feed:https://…`, `feed://…`, `example.org`."""
    address = url.strip()
    if address.lower().startswith(("feed://", "rss://")):
        return f"http://{address.partition('://')[2]}"
    if address.lower().startswith(("feed:", "rss:")):
        address = address.partition(":")[2]
    return address if "://" in address else f"https://{address}"


async def _get(address: str, *, client: Client) -> Response | FetchFailure:
    """The page at an address, or where its <meta http-equiv=refresh> leads."""
    answer = await client.get(address, accept=Accept.FEED)
    for _hop in range(_MOST_REFRESHES):
        following = None if isinstance(answer, FetchFailure) else _refresh_of(answer)
        if following is None:
            break
        answer = await client.get(following, accept=Accept.FEED)
    return answer


def _refresh_of(answer: Response) -> str | None:
    if b"refresh" not in answer.content[:_LONGEST_LINK].lower():
        return None
    root = _root_of(answer.content, answer.content_type)
    for element in root.iter("meta") if root is not None else ():
        if (element.get("http-equiv") or "").strip().lower() == "refresh":
            match = _REFRESH.match((element.get("content") or "")[:_LONGEST_LINK])
            following = join(answer.final_url, match[1]) if match else ""
            return following if is_web_link(following) and following != answer.final_url else None
    return None


async def _itself(answer: Response) -> Found | None:
    """The address was that of a feed or sitemap already."""
    document = SourceDocument(content=answer.content, url=answer.final_url, content_type=answer.content_type)
    parsers: tuple[tuple[Kind, Parse, Reason], ...] = (
        ("feed", feed.parse, "bad-feed"),
        ("sitemap", sitemap_document.parse, "bad-sitemap"),
    )
    for kind, parse, reason in parsers:
        parsed = await parse_safely(parse, document, reason=reason, executor=None)
        if isinstance(parsed, ParsedSource):
            count = len(parsed.items) or len(parsed.children)
            return Found(kind=kind, url=answer.final_url, title=parsed.title, entry_count=count)
    return None


async def _try_all(
    candidates: Iterable[tuple[str, Kind]], *, known: list[tuple[Found, PollResult]], client: Client
) -> list[tuple[Found, PollResult]]:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLinks:
    """The feeds that a page names, in their order, each once."""

    articles: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()


def feed_links(
    content: bytes, *, url: str, content_type: str | None, headers: Iterable[tuple[str, str]] = ()
) -> FeedLinks:
    """The feeds that a page names by <link rel=alternate> or a `Link:` header, or links to as such. Pure."""
    root = _root_of(content, content_type)
    base = root.find(".//base[@href]") if root is not None else None
    start = join(url, base.get("href") or "") if base is not None else url
    links = [(link, "") for link in _header_links(headers)]
    for element in root.iter("link") if root is not None else ():
        relations = (element.get("rel") or "").lower().split()
        if ("alternate" in relations or "feed" in relations) and _FEED_TYPES.match(element.get("type") or ""):
            links.append((element.get("href") or "", element.get("title") or ""))
    for element in root.iter("a") if root is not None else ():
        href = element.get("href") or ""
        if _is_named_like_a_feed(href):
            links.append((href, element.get("title") or ""))
    found: dict[bool, list[str]] = {False: [], True: []}
    for link, title in links:
        if not link.strip() or len(link) > _LONGEST_LINK:
            continue
        address = link.strip()
        # Feeds on foreign hosts (FeedBurner) stay.
        address = web_address(address) if address.lower().startswith("feed:") else join(start, address)
        if is_web_link(address):
            is_of_comments = _COMMENTS.search(address.partition("://")[2]) or _COMMENT_TITLE.search(title[:500])
            found[bool(is_of_comments)].append(address)
    return FeedLinks(articles=tuple(dict.fromkeys(found[False])), comments=tuple(dict.fromkeys(found[True])))


def _root_of(content: bytes, content_type: str | None) -> html.HtmlElement | None:
    text = decode(content, content_type)
    try:
        return html.document_fromstring(text.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8", no_network=True))
    except (html.etree.ParserError, ValueError):
        return None


def _header_links(headers: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The feeds of `Link: </feed>; rel="alternate"; type="application/rss+xml"` (RFC 8288)."""
    for name, value in headers:
        if name != "link":
            continue
        for target, parameters in _LINK_HEADER.findall(value[:20_000]):
            named = {key.lower(): quoted or bare for key, quoted, bare in _PARAMETER.findall(parameters)}
            if "alternate" in named.get("rel", "").lower().split() and _FEED_TYPES.match(named.get("type", "")):
                yield target


def _is_named_like_a_feed(href: str) -> bool:
    # By its last segment: a pattern over the whole took seconds for a link of 160 kB.
    name = href[:_LONGEST_LINK].partition("?")[0].rstrip("/").rpartition("/")[2].lower()
    if name in {"feed", "rss"} or name.endswith(".rss"):
        return True
    return name.endswith((".xml", ".json")) and any(word in name for word in ("rss", "atom", "feed"))


async def _try(url: str, kind: Kind, *, client: Client) -> PollResult:
    source = Source(name="candidate", kind=kind, location=url, every=timedelta(hours=1))
    return await poll(source, client=client, run_id=_NO_RUN, validators=Validators(), now=datetime.now(UTC))


def _is_twin(tried: PollResult, polls: list[PollResult]) -> bool:
    """The same document again, or the same articles in another dialect."""
    links = {entry.canonical_url for entry in tried.entries}
    return any(
        tried.final_url == other.final_url or links == {entry.canonical_url for entry in other.entries}
        for other in polls
    )
