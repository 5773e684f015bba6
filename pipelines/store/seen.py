"""Seen: selects the entries of a poll whose page is still to be fetched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pipelines.model import Entry
from pipelines.reasons import MAX_TRIES
from pipelines.store.database import Store
from pipelines.store.sources import CLOCK_SLACK
from pipelines.store.staging import stage
from pipelines.store.statements import fetch_rows
from pipelines.store.tables import UrlRow
from pipelines.urls import url_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """The entries of one poll, sorted out: entries = fresh + known + deferred."""

    fresh: tuple[Entry, ...]
    known_count: int
    deferred_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """What the store remembers of one URL."""

    final_at: datetime | None  # last try that settled it
    final_dated_at: datetime | None  # latest date announced by then: of modification, or else of publication
    last_at: datetime  # last try of all
    last_dated_at: datetime | None
    transient_count: int  # tries since final_at that failed by what may pass
    fruitless_count: int  # fetches since the last new or revised text that found nothing new


def unseen(store: Store, entries: Sequence[Entry], *, limit: int, now: datetime | None = None) -> Unseen:
    """Sort out which entries' pages to take, at most `limit`, in the order given; those are claimed for this run.

    Known is what a fetch has settled, or what this run has claimed already. With `now`, an entry whose last tries
    failed by a fault that may pass waits for its next try (deferred): 0, ½, 2, 8 hours.
    """
    keys = [url_id(entry.canonical_url) for entry in entries]
    tries = _tries(store, set(keys), now) if keys else {}
    fresh: list[Entry] = []
    known_count = deferred_count = 0
    with store.turn:  # two polls may announce one page at the same time
        for entry, key in zip(entries, keys, strict=True):
            earlier = tries.get(key)
            if key in store.claimed or (earlier is not None and is_settled(entry, earlier)):
                known_count += 1
            elif len(fresh) >= limit or (earlier is not None and now is not None and now < next_try_at(earlier)):
                deferred_count += 1
            else:
                store.claimed.add(key)
                fresh.append(entry)
    return Unseen(fresh=tuple(fresh), known_count=known_count, deferred_count=deferred_count)


def known_urls(store: Store, canonical_urls: Iterable[str]) -> frozenset[str]:
    """Those of the URLs of which a page, or why there is none, is stored."""
    urls = {url_id(url): url for url in canonical_urls}
    with store.reading() as cursor:
        stage(cursor, "urls", UrlRow, [UrlRow(url_id=key) for key in urls])
        return frozenset(urls[key] for (key,) in fetch_rows(cursor, "known_urls"))


def release(store: Store, entries: Iterable[Entry]) -> None:
    """Let go of entries which are stored: a later poll of this run may find their pages changed."""
    with store.turn:
        store.claimed.difference_update(url_id(entry.canonical_url) for entry in entries)


def is_settled(entry: Entry, tries: Tries) -> bool:
    """Whether earlier tries make another fetch of the entry's page needless.

    A date that moved later says that the page has changed: RSS has no other, and moves its pubDate.
    """
    if tries.transient_count >= MAX_TRIES:
        settled_at, announced_at = tries.last_at, tries.last_dated_at
    elif tries.final_at is not None:
        settled_at, announced_at = tries.final_at, tries.final_dated_at
    else:
        return False
    dated_at = max((date for date in (entry.modified_at, entry.published_at) if date is not None), default=None)
    if dated_at is None or dated_at <= settled_at + _later_by(tries.fruitless_count):
        return True
    return announced_at is not None and dated_at <= announced_at


def next_try_at(tries: Tries) -> datetime:
    """When an entry is tried again after faults that may pass; a site may be down for hours."""
    if tries.transient_count < 2:
        return tries.last_at
    return tries.last_at + timedelta(minutes=30 * 4 ** (tries.transient_count - 2))


def _later_by(fruitless_count: int) -> timedelta:
    """How much later a change must be announced after announcements that proved wrong: 0, 0, 1, 2, 4 … 512 hours."""
    # Some feeds give every entry the time of the poll; without this, each poll would fetch all pages again.
    return timedelta(hours=1 << min(fruitless_count - 2, 9)) if fruitless_count >= 2 else timedelta()


def _tries(store: Store, keys: set[UUID], now: datetime | None) -> dict[UUID, Tries]:
    with store.reading() as cursor:
        stage(cursor, "urls", UrlRow, [UrlRow(url_id=key) for key in keys])
        latest = None if now is None else now + CLOCK_SLACK
        rows = fetch_rows(cursor, "earlier_tries", {"latest": latest})
    return {
        key: Tries(
            final_at=final_at,
            final_dated_at=final_dated_at,
            last_at=last_at,
            last_dated_at=last_dated_at,
            transient_count=transient_count,
            fruitless_count=fruitless_count,
        )
        for key, final_at, final_dated_at, last_at, last_dated_at, transient_count, fruitless_count in rows
    }
