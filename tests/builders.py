"""Builders: valid model objects with as few words as a test needs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from pipelines.discover.gaps import remember
from pipelines.identity import article_id, content_hash
from pipelines.model import Address, Article, Entry, Fetch, Page, PollResult, Reject, Sighting, Source, Tally
from pipelines.store import FinishedPoll, Store, finish_polls, open_store, publish_open
from pipelines.urls import canonicalise

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
RUN = UUID("00000000-0000-4000-8000-000000000001")
POLL = UUID("00000000-0000-4000-8000-000000000002")


def a_source(name: str = "courier", **changes: Any) -> Source:
    """A feed, polled every 15 minutes."""
    fields: dict[str, Any] = {
        "name": name,
        "kind": "feed",
        "location": f"https://{name}.example/feed.xml",
        "every": timedelta(minutes=15),
    }
    return Source(**fields | changes)


def an_entry(url: str = "https://courier.example/one", **changes: Any) -> Entry:
    """An entry of the courier."""
    fields: dict[str, Any] = {
        "source": "courier",
        "poll_id": POLL,
        "url": url,
        "canonical_url": canonicalise(url),
        "title": "One",
    }
    return Entry(**fields | changes)


def a_poll(entries: tuple[Entry, ...] = (), **changes: Any) -> PollResult:
    """A look at the courier that went well."""
    fields: dict[str, Any] = {
        "poll_id": POLL,
        "run_id": RUN,
        "source": "courier",
        "polled_at": NOON,
        "outcome": "ok",
        "entries": entries,
        "status": 200,
    }
    return PollResult(**fields | changes)


def a_fetch(url: str = "https://courier.example/one", **changes: Any) -> Fetch:
    """An exchange that brought a page."""
    fields: dict[str, Any] = {
        "fetch_id": uuid4(),
        "fetched_at": NOON,
        "final_url": url,
        "status": 200,
        "content_type": "text/html",
        "byte_count": 1000,
        "duration_ms": 20,
    }
    return Fetch(**fields | changes)


def a_page(content: bytes = b"<p>One</p>", *, entry: Entry | None = None, **changes: Any) -> Page:
    """A fetched page of the courier."""
    entry = entry or an_entry()
    fields: dict[str, Any] = {"entry": entry, "fetch": a_fetch(entry.url), "content": content}
    return Page(**fields | changes)


def an_article(text: str = "One text.", **changes: Any) -> Article:
    """An article whose identity follows from its text."""
    digest = content_hash(text)
    fields: dict[str, Any] = {
        "article_id": article_id(digest),
        "content_hash": digest,
        "title": "One",
        "authors": ("Ann Author",),
        "text": text,
        "language": "en",
        "published_at": NOON - timedelta(hours=1),
        "published_precision": "second",
        "published_origin": "json-ld",
        "published_utc_offset_min": 0,
        "modified_at": None,
        "description": None,
        "section": None,
        "tags": (),
        "image_url": None,
        "site_name": None,
        "page_url": None,
        "is_accessible_for_free": None,
        "word_count": len(text.split()),
        "flags": (),
        "removed_lines": {},
        "cleaner_version": "test",
    }
    return Article(**fields | changes)


def a_sighting(
    text: str = "One text.",
    url: str = "https://courier.example/one",
    *,
    entry: Entry | None = None,
    domain: str | None = "courier.example",
    **changes: Any,
) -> Sighting:
    """A text at the URL of its entry."""
    entry = entry or an_entry(url)
    fields: dict[str, Any] = {
        "entry": entry,
        "fetch": a_fetch(entry.url),
        "article": an_article(text),
        "address": Address(canonical_url=entry.canonical_url, domain=domain),
    }
    return Sighting(**fields | changes)


def a_reject(url: str = "https://courier.example/one", *, entry: Entry | None = None, **changes: Any) -> Reject:
    """An entry whose page was not there."""
    entry = entry or an_entry(url)
    fields: dict[str, Any] = {
        "stage": "fetch",
        "reason": "not-found",
        "detail": "404 Not Found",
        "source": entry.source,
        "url": entry.url,
        "entry": entry,
        "fetch": a_fetch(entry.url, status=404),
    }
    return Reject(**fields | changes)


def a_tally(source: str = "courier", **changes: Any) -> Tally:
    """A tally; entries follow from its parts unless they are given."""
    parts = ("known", "deferred", "new", "seen", "revised", "rejected")
    fields: dict[str, Any] = {"poll": "ok", "entries": sum(changes.get(part, 0) for part in parts)}
    return Tally(source=source, **fields | changes)


def finish_poll(store: Store, poll: PollResult, tally: Tally, *, next_due_at: datetime | None, **follows: Any) -> None:
    """Store one poll, and the state that it leaves."""
    follows.setdefault("entries", remember(poll, previous=()))
    finish_polls(store, [FinishedPoll(result=poll, tally=tally, next_due_at=next_due_at, **follows)])


def publish(data: Path) -> Path:
    """Publish from a store that is closed."""
    with open_store(data) as store:
        return publish_open(store)
