"""Poll: one look at a source, of whatever kind, becomes a Poll with its entries, or one that says why not."""

import time
from collections import Counter
from datetime import datetime
from hashlib import sha256
from urllib.parse import quote
from uuid import UUID, uuid4

from pipelines.discover.exchange import Parse, PollFunction, Read, Visit
from pipelines.discover.feed import poll_feed
from pipelines.discover.files import poll_files
from pipelines.discover.listing import poll_listing
from pipelines.discover.reading import MOST_ENTRIES, MOST_LOCAL_FILES, Announced, Look, Raw, Reading, Unread
from pipelines.discover.sitemap import poll_sitemap
from pipelines.discover.warc import poll_warc
from pipelines.fetch import Client
from pipelines.model import Entry, Kind, OperatorFault, Poll, Reason, Source, Validators
from pipelines.text import storable
from pipelines.urls import canonicalise
from pipelines.workers import Executor, WorkerFault

# A new kind of source is one module, one line here, one frozen sample and one docs entry.
KINDS: dict[Kind, PollFunction] = {
    "feed": poll_feed,
    "sitemap": poll_sitemap,
    "listing": poll_listing,
    "files": poll_files,
    "warc": poll_warc,
}
DEADLINE_S = 20.0  # for one parser, in a process of its own
_LONGEST_NAME = 1_000  # characters of a GUID; of a longer one the digest does
_SMALL = 64 * 1024  # bytes that are parsed in-line: 20 entries take 4 ms, a process switch and a crash guard more


async def poll(
    source: Source,
    *,
    client: Client,
    run_id: UUID,
    validators: Validators,
    now: datetime,
    executor: Executor | None = None,
) -> Poll:
    """Look at a source once. Never raises for what the world does: that is outcome "failed" with its reason.

    Outcome "unchanged" (a 304, or the same bytes as `validators.digest`) has no entries. Otherwise the newest 5,000
    entries come, newest first; links of an index page as on the page; up to 100,000 files by their path.
    `executor` runs the parser where a document is larger than 64 KiB.
    """
    poll_id = uuid4()
    visit = Visit(client=client, validators=validators, now=now, read=guarded(executor))
    started = time.perf_counter()
    look = await _look(source, visit)
    duration_ms = round((time.perf_counter() - started) * 1_000)
    if isinstance(look, Unread):
        return Poll(
            poll_id=poll_id,
            run_id=run_id,
            source=source.name,
            polled_at=now,
            outcome="failed",
            reason=look.reason,
            detail=source.hide_secrets(look.detail),
            evidence=_shown(look.evidence, source),
            status=look.status,
            final_url=_shown(look.final_url, source),
            byte_count=look.byte_count,
            duration_ms=duration_ms,
            # Kept: a failure says nothing about what was stored last.
            validators=validators,
        )
    reading = look.reading
    return Poll(
        poll_id=poll_id,
        run_id=run_id,
        source=source.name,
        polled_at=now,
        outcome="unchanged" if reading is None else "ok",
        entries=() if reading is None else _entries(reading, source=source, poll_id=poll_id),
        detail=None if reading is None else _shown(_detail(reading, most=_most(source)), source),
        status=look.status,
        final_url=_shown(look.final_url, source),
        title=reading.title if reading else None,
        byte_count=look.byte_count,
        duration_ms=duration_ms,
        validators=look.validators,
        fresh_for_s=look.fresh_for_s,
        is_part=look.is_part,
        has_more=look.has_more,
    )


def _shown(text: str | None, source: Source) -> str | None:
    return source.hide_secrets(text) if text else text


async def _look(source: Source, visit: Visit) -> Look | Unread:
    try:
        return await KINDS[source.kind](source, visit)
    except OperatorFault:
        raise
    except Exception as error:
        # A fault of our own that one source brings to light must not end the run of all others.
        return Unread(reason="poll-crash", detail=f"{type(error).__name__}: {error}"[:300])


def guarded(executor: Executor | None) -> Read:
    """What runs a parser: a crash, a missed deadline or a dead worker becomes an Unread."""

    async def read(parse: Parse, raw: Raw, reason: Reason) -> Reading | Unread:
        try:
            if executor is None or len(raw.content) <= _SMALL:
                return parse(raw)
            return await executor.run(parse, raw, deadline_s=DEADLINE_S)
        except WorkerFault as error:
            return Unread(reason=reason, detail=f"reading it was given up: {str(error) or type(error).__name__}")
        except Exception as error:
            # The one guarded place of discovery (feedparser.parse can raise): a crash is the document's fault.
            detail = f"the parser failed: {type(error).__name__}: {error}"
            return Unread(reason=reason, detail=detail[:300], evidence=repr(raw.content[:80]))

    return read


def _most(source: Source) -> int:
    return MOST_LOCAL_FILES if source.kind == "files" else MOST_ENTRIES


def _detail(reading: Reading, *, most: int) -> str | None:
    left_out = len(reading.announced) - most
    notes = [reading.note, f"the last {left_out:,} entries were left out" if left_out > 0 else None]
    return "; ".join(note for note in notes if note) or None


def _entries(reading: Reading, *, source: Source, poll_id: UUID) -> tuple[Entry, ...]:
    ranked = reading.announced[: _most(source)]
    guids = Counter(item.guid for item in ranked)
    return tuple(
        Entry(
            source=source.name,
            poll_id=poll_id,
            url=storable(item.link),
            canonical_url=canonicalise(storable(item.link))
            if item.link
            else _name_of(item, source=source, is_guid_shared=guids[item.guid] > 1),
            title=item.title,
            authors=item.authors,
            published_at=item.published_at,
            modified_at=item.modified_at,
            language=item.language,
            description=item.description,
            location=item.location,
        )
        for item in ranked
    )


def _name_of(item: Announced, *, source: Source, is_guid_shared: bool) -> str:
    """A name for what has no address. One GUID for all items does occur, so a shared one takes the title along."""
    told = [item.guid or "", item.title or "" if is_guid_shared or not item.guid else ""]
    if not any(told):
        told = ["untitled", sha256(repr((item.description, item.published_at)).encode()).hexdigest()[:16]]
    parts = (
        part if len(part) <= _LONGEST_NAME else sha256(part.encode("utf-8", "replace")).hexdigest() for part in told
    )
    return f"urn:presswatch:{source.name}:" + ":".join(quote(storable(part), safe="") for part in parts if part)
