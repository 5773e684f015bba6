"""JSON Feed 1.0 and 1.1: text becomes a reading. feedparser returns nothing for it."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from pipelines.dates import instant
from pipelines.discover.reading import MOST_ENTRIES, Announced, Raw, Reading, Unread, newest_first
from pipelines.text import plain


def parse_json_feed(text: str, *, raw: Raw) -> Reading | Unread:
    """Read a JSON Feed. Wrong types count as absent: generators put numbers into `id` and null everywhere."""
    try:
        # Not strict: raw line breaks within strings do occur.
        document = json.loads(text.lstrip("\ufeff \t\r\n"), strict=False)
    except (ValueError, RecursionError) as error:
        return Unread(reason="bad-feed", detail=f"not valid JSON: {error}"[:300], evidence=" ".join(text[:200].split()))
    items = document.get("items") if isinstance(document, dict) else None
    version = document.get("version") if isinstance(document, dict) else None
    is_declared = isinstance(version, str) and "jsonfeed.org" in version
    if not isinstance(items, list) or not (is_declared or any("url" in item or "id" in item for item in _dicts(items))):
        detail = "JSON, but no JSON Feed: it has no version of jsonfeed.org and no list of items"
        return Unread(reason="bad-feed", detail=detail, evidence=" ".join(text[:200].split()))
    language = _language(document.get("language"))
    # The cap comes after the ranking; this one only keeps a hostile document from taking all memory.
    announced = [_announced(item, raw, language) for item in _dicts(items)[: MOST_ENTRIES * 20]]
    dialect = "json11" if isinstance(version, str) and version.rstrip("/").endswith("1.1") else "json1"
    return Reading(announced=newest_first(announced), title=plain(document.get("title")), dialect=dialect)


def _dicts(items: list[Any]) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)]


def _announced(item: dict[str, Any], raw: Raw, language: str | None) -> Announced:
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
    return Announced(
        link=absolute(link, raw.url) if link else "",
        guid=guid,
        title=plain(item.get("title")),
        authors=tuple(dict.fromkeys(names)),
        published_at=_date(item.get("date_published"), raw),
        modified_at=_date(item.get("date_modified"), raw),
        language=_language(item.get("language")) or language,
        description=plain(item.get("summary")),
    )


def _date(value: object, raw: Raw) -> datetime | None:
    return instant(value, language=raw.language, timezone=raw.timezone)


def absolute(link: str, base: str) -> str:
    """The link as seen from the document; as it stands where it cannot be resolved."""
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _language(value: object) -> str | None:
    return language_code(value) if isinstance(value, str) else None


def language_code(tag: str | None) -> str | None:
    """The primary subtag of a language tag ("pt-BR" → "pt"); None for what is none."""
    code = (tag or "").strip().replace("_", "-").split("-")[0].lower()
    return code if code.isalpha() and code.isascii() and 2 <= len(code) <= 3 else None
