"""JSON Feed 1.0 and 1.1: text becomes a ParsedSource. feedparser returns nothing for it."""

import json
from datetime import datetime
from html import escape
from typing import Any

from pipelines.dates import instant
from pipelines.discover.documents import FeedItem, ParsedSource, PollFailure, SourceDocument
from pipelines.discover.links import mend_link, target_of
from pipelines.discover.results import MOST_ENTRIES, bounded_contents, newest_first
from pipelines.text import language_code, plain
from pipelines.urls import join


def parse_json_feed(text: str, source: SourceDocument) -> ParsedSource | PollFailure:
    """Read a JSON Feed. Wrong types count as absent: generators put numbers into `id` and null everywhere."""
    try:
        # Not strict: document line breaks within strings do occur.
        document = json.loads(
            text.lstrip("\ufeff \t\r\n"),
            strict=False,
            parse_int=_number,
        )
    except (ValueError, RecursionError) as error:
        return PollFailure(
            reason="bad-feed", detail=f"not valid JSON: {error}"[:300], evidence=" ".join(text[:200].split())
        )
    items = document.get("items") if isinstance(document, dict) else None
    version = document.get("version") if isinstance(document, dict) else None
    is_declared = isinstance(version, str) and "jsonfeed.org" in version
    if not isinstance(items, list) or not (is_declared or any("url" in item or "id" in item for item in _dicts(items))):
        detail = "JSON, but no JSON Feed: it has no version of jsonfeed.org and no list of items"
        return PollFailure(reason="bad-feed", detail=detail, evidence=" ".join(text[:200].split()))
    language = _language(document.get("language"))
    # The cap comes after the ranking; this one only keeps a hostile document from taking all memory.
    found = [_item(item, source, language) for item in _dicts(items)[: MOST_ENTRIES * 20]]
    dialect = "json11" if isinstance(version, str) and version.rstrip("/").endswith("1.1") else "json1"
    return ParsedSource(
        items=bounded_contents(newest_first([item for item in found if source.is_wanted(item.link)])),
        title=plain(document.get("title")),
        dialect=dialect,
    )


def _dicts(items: list[Any]) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)]


def _item(item: dict[str, Any], source: SourceDocument, language: str | None) -> FeedItem:
    link = _text(item.get("url")) or _text(item.get("external_url"))
    guid = item.get("id")
    guid = str(guid) if isinstance(guid, int | float) and not isinstance(guid, bool) else _text(guid)
    if not link and guid and guid.startswith(("http://", "https://")):
        link = guid
    authors = item.get("authors")
    people = _dicts(authors) if isinstance(authors, list) else []
    if not people and isinstance(item.get("author"), dict):
        people = [item["author"]]
    names = [name for person in people if (name := plain(person.get("name"), most=200))]
    return FeedItem(
        link=target_of(join(source.url, mend_link(link))) if link else "",
        guid=guid,
        title=plain(item.get("title")),
        authors=tuple(dict.fromkeys(names)),
        published_at=_date(item.get("date_published"), source),
        modified_at=_date(item.get("date_modified"), source),
        language=_language(item.get("language")) or language,
        description=plain(item.get("summary")),
        content_html=_text(item.get("content_html")) or _paragraphs(_text(item.get("content_text"))),
    )


def _date(value: object, source: SourceDocument) -> datetime | None:
    return instant(value, language=source.language, timezone=source.timezone)


def _number(digits: str) -> int | None:
    # Python refuses to read a number of 10,000 digits, and the feed with it.
    return int(digits) if len(digits) <= 100 else None


def _paragraphs(text: str | None) -> str | None:
    if text is None:
        return None
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in text.splitlines() if line.strip())


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _language(value: object) -> str | None:
    return language_code(value) if isinstance(value, str) else None
