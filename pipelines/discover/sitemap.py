"""Sitemap: a sitemap, or an index and the newest of its files, becomes a PollResult."""

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import zip_longest

from pipelines.dates import instant
from pipelines.discover.documents import (
    ChildSitemap,
    FeedItem,
    ParsedSource,
    PollFailure,
    PollRequest,
    ask,
    digest_of,
    next_validators,
    read,
    refreshed,
    usable_validators,
)
from pipelines.discover.results import MOST_ENTRIES, failed, newest_first, succeeded, unchanged
from pipelines.discover.sitemap_document import parse
from pipelines.fetch import Accept, Response
from pipelines.model import PollResult, Validators
from pipelines.urls import canonicalise, is_same_site

DEEPEST = 3  # an index of indexes of sitemaps
MOST_FILES = 50
# Seconds for the files of an index. Each may drip for a minute and then be there; at a host's own pace of two seconds
# all of them take two minutes.
LONGEST_S = 300.0
_OLDEST_CHILD = timedelta(days=35)
# Children that list no articles; polled only where there is nothing else. "sitemap_page_2" is the second of a series.
_BOILERPLATE_CHILD = re.compile(
    r"(?i)(?:\b|_)(?:categor(?:y|ies)|post[_-]?tags?|tags?|authors?|users?|pages?(?![-_/=]?[0-9])|images?|videos?|sections?|topics?|products?"
    r"|attachments?|taxonom\w+|misc|static|galler(?:y|ies))(?:\b|_)"
)
_IN_NAME = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})(?:[-_/.]?(0[1-9]|1[0-2]))?(?:[-_/.]?(0[1-9]|[12][0-9]|3[01]))?(?![0-9])"
)


async def poll_sitemap(request: PollRequest) -> PollResult:
    """Poll a sitemap; of an index its newest children, not deeper than three levels, 50 files in all.

    An index is asked for unconditionally: children change while it stays the same. Its digest spans all files.
    """
    usable = usable_validators(request)
    root = await ask(request.source.location, accept=Accept.SITEMAP, request=request, validators=usable)
    if isinstance(root, PollFailure):
        return failed(request, root)
    if root.status == 304:
        return unchanged(request, refreshed(usable, root), response=root)
    validators = next_validators(request, digest_of(root.content), root)
    if validators.digest == usable.digest:
        return unchanged(request, validators, response=root)
    parsed = await read(parse, root, reason="bad-sitemap", request=request)
    if isinstance(parsed, PollFailure):
        return failed(request, parsed)
    if not parsed.children:
        return await _succeeded(request, parsed, validators, response=root)
    return await _poll_index(request, root, parsed, usable)


def choose(children: Sequence[ChildSitemap], *, now: datetime) -> list[tuple[ChildSitemap, bool]]:
    """The children worth a request, newest first by their lastmod or else by the date in their name.

    The truth beside each says whether it is old: over 35 days older than the newest. News sitemaps come first;
    lists of tags, authors and images are left out unless there is nothing else.
    """
    articles = [child for child in children if not is_boilerplate_child(child)] or list(children)
    dates = [child.modified_at or _date_in_name(child.url) for child in articles]
    newest = max((date for date in dates if date), default=None)
    limit = min(now, newest) - _OLDEST_CHILD if newest else now
    ranks = [
        (
            "news" not in _path(child.url).lower(),
            -(date or limit).timestamp(),
            # WordPress: post-sitemap12.xml holds newer posts than post-sitemap2.xml.
            0 if newest else -_number(child.url),
        )
        for child, date in zip(articles, dates, strict=True)
    ]
    order = sorted(range(len(articles)), key=ranks.__getitem__)
    return [(articles[index], (dates[index] or now) < limit) for index in order]


def is_boilerplate_child(child: ChildSitemap) -> bool:
    """Whether a sitemap lists tags, authors, images and the like, by its name."""
    return _BOILERPLATE_CHILD.search(_path(child.url).partition("?")[0]) is not None


@dataclass(slots=True, kw_only=True)
class _Children:
    """What has been gathered from the files of an index."""

    items: list[FeedItem] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)  # of files that are not old; the bodies may be 50 of 50 MB
    failures: list[PollFailure] = field(default_factory=list)
    title: str | None = None
    byte_count: int = 0
    file_count: int = 1  # with the root
    read_count: int = 0
    unknown_count: int = 0  # items
    known_count: int = 0
    late_count: int = 0  # files for which no time was left
    over_count: int = 0  # files over the limit
    deep_count: int = 0  # files below the third level
    passed_over: list[str] = field(default_factory=list)  # addresses of lists of tags, authors, images


async def _poll_index(request: PollRequest, root: Response, index: ParsedSource, usable: Validators) -> PollResult:
    # An archive is read at the first poll only; hourly it would cost its host 50 requests for nothing.
    found = await _gather(request, root, index, is_first=usable.digest is None)
    if found.failures and not found.read_count:
        return failed(request, found.failures[0])
    # Over the files that are not old, so that the second poll can find the first unchanged.
    validators = next_validators(request, digest_of(b"".join(sorted(found.digests))))
    if validators.digest == usable.digest:
        return unchanged(request, validators, response=root, byte_count=found.byte_count)
    parsed = ParsedSource(items=newest_first(found.items), title=found.title, dialect="sitemapindex", note=_note(found))
    return await _succeeded(request, parsed, validators, response=root, byte_count=found.byte_count)


async def _succeeded(
    request: PollRequest,
    parsed: ParsedSource,
    validators: Validators,
    *,
    response: Response,
    byte_count: int | None = None,
) -> PollResult:
    """The result, with what is known taken out before the cap where dates do not say what is newer.

    Of an undated list, oldest first, the same 5,000 would come for ever. It is read again, without validators, as
    long as some of it were left out.
    """
    start, end = _undecided(parsed.items)
    if start < end and request.find_known is not None:
        group = parsed.items[start:end]
        known = await request.find_known([canonicalise(item.link) for item in group])
        unknown = [item for item in group if canonicalise(item.link) not in known]
        rest = [item for item in group if canonicalise(item.link) in known]
        items = (*parsed.items[:start], *_from_both_ends(unknown), *rest, *parsed.items[end:])
        parsed = replace(parsed, items=items)
        if start + len(unknown) > MOST_ENTRIES:
            validators = replace(validators, etag=None, last_modified=None, digest=None)
    return succeeded(request, parsed, validators, response=response, byte_count=byte_count)


def _undecided(items: Sequence[FeedItem]) -> tuple[int, int]:
    """The stretch of items of one age that the cap would cut; empty where dates decide."""
    if len(items) <= MOST_ENTRIES:
        return 0, 0
    start, end = MOST_ENTRIES - 1, MOST_ENTRIES
    same = {items[start].dated_at, None}
    while start > 0 and items[start - 1].dated_at in same:
        start -= 1
    while end < len(items) and items[end].dated_at in same:
        end += 1
    return (start, end) if end > MOST_ENTRIES else (0, 0)


def _from_both_ends(items: Sequence[FeedItem]) -> Iterator[FeedItem]:
    """The first, the last, the second …: nobody says at which end the newest stand."""
    half = (len(items) + 1) // 2
    for first, last in zip_longest(items[:half], reversed(items[half:])):
        yield first
        if last is not None:
            yield last


def _note(found: _Children) -> str | None:
    notes = []
    if found.failures:
        notes.append(f"{len(found.failures)} of {found.file_count} files could not be read: {found.failures[0].detail}")
    if found.passed_over:
        names = ", ".join(_path(url).rpartition("/")[2][:80] for url in found.passed_over[:3])
        notes.append(f"{len(found.passed_over)} files seem to list no articles and were passed over: {names}")
    if found.over_count:
        notes.append(f"{found.over_count} files were left unread, since {MOST_FILES} files or enough entries were read")
    if found.deep_count:
        notes.append(f"{found.deep_count} files below the third level were left unread")
    if found.late_count:
        notes.append(f"{found.late_count} files were left unread after {LONGEST_S:.0f} s")
    return "; ".join(notes) or None


async def _gather(request: PollRequest, root: Response, index: ParsedSource, *, is_first: bool) -> _Children:
    found = _Children(byte_count=root.byte_count, title=index.title)
    if index.items:
        await _add_items(index.items, found, request)
        found.digests.append(hashlib.sha256(root.content).digest())
    seen = {canonicalise(root.final_url), canonicalise(request.source.location)}
    waiting = [(child, is_old, 2) for child, is_old in _chosen(index.children, found, now=request.now)]
    monotonic = request.client.clock.monotonic
    ends_at = monotonic() + LONGEST_S
    while waiting:
        child, is_old, depth = waiting.pop(0)
        address = canonicalise(child.url)
        if (is_old and not is_first) or address in seen:
            continue
        if found.file_count >= MOST_FILES or found.unknown_count >= MOST_ENTRIES:
            found.over_count += 1
            continue
        if monotonic() > ends_at:
            found.late_count += 1
            continue
        seen.add(address)
        if not is_same_site(child.url, root.final_url):
            found.failures.append(PollFailure(reason="bad-sitemap", detail=f"{child.url[:200]} lies on another site"))
            continue
        found.file_count += 1
        part = await ask(child.url, accept=Accept.SITEMAP, request=request, validators=Validators())
        if isinstance(part, PollFailure):
            found.failures.append(part)
            continue
        found.byte_count += part.byte_count
        inner = await read(parse, part, reason="bad-sitemap", request=request)
        if isinstance(inner, PollFailure):
            found.failures.append(inner)
            continue
        found.read_count += 1
        await _add_items(inner.items, found, request)
        found.title = found.title or inner.title
        if not is_old:
            found.digests.append(hashlib.sha256(part.content).digest())
        if depth >= DEEPEST:
            found.deep_count += len(inner.children)
        else:
            deeper = _chosen(inner.children, found, now=request.now)
            waiting[:0] = [(grandchild, is_old or is_old_there, depth + 1) for grandchild, is_old_there in deeper]
    return found


async def _add_items(items: Sequence[FeedItem], found: _Children, request: PollRequest) -> None:
    """Add the items of a file. Once there are enough known ones, more of them are passed over: 50 files may have 50,000
    each.
    """
    known: Collection[str] = ()
    if request.find_known is not None:
        known = await request.find_known([canonicalise(item.link) for item in items])
    for item in items:
        is_known = canonicalise(item.link) in known
        found.unknown_count += not is_known
        found.known_count += is_known
        if not is_known or found.known_count <= MOST_ENTRIES:
            found.items.append(item)


def _chosen(children: Sequence[ChildSitemap], found: _Children, *, now: datetime) -> list[tuple[ChildSitemap, bool]]:
    chosen = choose(children, now=now)
    taken = {child.url for child, _ in chosen}
    found.passed_over.extend(child.url for child in children if child.url not in taken)
    return chosen


def _path(url: str) -> str:
    return url.split("://", 1)[-1].partition("/")[2]


def _date_in_name(url: str) -> datetime | None:
    """The last moment of the year, month or day that the name of a file gives."""
    found = list(_IN_NAME.finditer(_path(url)))
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found[-1].groups())
    assert year is not None
    if month is None:
        return datetime(year + 1, 1, 1, tzinfo=UTC)
    if day is None:
        return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return instant(f"{year:04}-{month:02}-{day:02}T23:59:59Z")


def _number(url: str) -> int:
    found = re.findall(r"[0-9]{1,9}", _path(url).rpartition("/")[2])
    return int(found[-1]) if found else 0
