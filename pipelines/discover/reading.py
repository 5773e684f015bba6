"""Reading: the terms in which all kinds of source speak, from raw bytes to what a document announces."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.discover.freshness import Freshness
from pipelines.model import Reason, Validators

MOST_ENTRIES = 5_000  # taken of one document from the web, newest first
MOST_LOCAL_FILES = 100_000  # taken of one folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """A document as it came, with what is needed to read it. Travels to worker processes."""

    content: bytes = field(repr=False)
    url: str  # final: relative links start here
    content_type: str | None = None  # the header, with its charset
    language: str | None = None  # of the source: a hint
    timezone: str | None = None  # of times without one
    selector: str | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """One thing that a document announces. `link` is absolute where it could be resolved; "" where there is none."""

    link: str
    guid: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str | None = None
    description: str | None = None
    location: str | None = None  # warc: where it lies, see Entry

    @property
    def dated_at(self) -> datetime | None:
        """By which instant it is ranked."""
        return self.published_at or self.modified_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A sitemap that an index names."""

    url: str
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a document says."""

    announced: tuple[Announced, ...] = ()  # the most interesting first: a cap takes from the end
    title: str | None = None
    dialect: str | None = None  # rss20, atom10, json11, urlset …
    children: tuple[Child, ...] = ()  # of a sitemap index
    freshness: Freshness = Freshness()  # noqa: RUF009  frozen
    note: str | None = None  # what was wrong with it, though it could be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Why a document, or the way to it, gave nothing."""

    reason: Reason
    detail: str
    evidence: str | None = None
    status: int | None = None
    final_url: str | None = None
    byte_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look at a source brought; `reading` is None where nothing has changed."""

    reading: Reading | None
    validators: Validators
    status: int | None = None
    final_url: str | None = None
    byte_count: int = 0
    fresh_for_s: int | None = None  # by Cache-Control, Expires or the document itself
    is_part: bool = False  # the validators say how far reading has come
    has_more: bool = False  # another look with these validators goes on where this one ended


def newest_first(announced: Sequence[Announced]) -> tuple[Announced, ...]:
    """Ranked by date, before any cap: oldest-first feeds do occur.

    What has no date stays beside its predecessor in the document; without any date the order is kept.
    """
    dates = [item.dated_at for item in announced]
    known = next((date for date in dates if date is not None), None)
    if known is None:
        return tuple(announced)
    keys: list[datetime] = []
    for date in dates:
        known = date or known
        keys.append(known)
    # Stable, also in reverse: equals stay in the order of the document.
    return tuple(announced[index] for index in sorted(range(len(announced)), key=keys.__getitem__, reverse=True))
