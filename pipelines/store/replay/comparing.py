"""Comparing: the differences of the candidate from the published file, as counts and examples by source."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args
from uuid import UUID

from pipelines.model import StoreFault
from pipelines.store.database import PUBLISHED
from pipelines.store.errors import store_faults
from pipelines.store.replay.candidate import CANDIDATE
from pipelines.store.statements import fetch_records

Change: TypeAlias = Literal["gained", "lost", "texts", "titles", "dates", "authors", "reasons"]
CHANGES: tuple[Change, ...] = get_args(Change)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChange:
    """What the candidate would change for one source."""

    source: str
    page_count: int  # cleaned again
    gained: int  # pages that were rejected and are articles
    lost: int  # pages that were articles and are rejected
    texts: int  # pages with another text
    titles: int  # articles with another title
    dates: int  # articles with another date or precision
    authors: int  # articles with other authors
    reasons: int  # pages that are rejected for another reason
    broken: int  # pages whose record cannot be read: they stay as they are
    missing: int  # pages that are not in the archive: they stay as they are

    @property
    def is_same(self) -> bool:
        """Whether nothing would change."""
        return not any(getattr(self, change) for change in CHANGES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One page that would change, and how; or one that cannot be read, and why."""

    source: str
    kind: Change | Literal["broken"]
    url: str
    fetch_id: UUID
    before: str | None
    after: str | None


def compare(data: Path) -> list[SourceChange]:
    """What the candidate that waits would change, by source. Raises StoreFault where there is none."""
    return [SourceChange(**record) for record in _ask(data, "compare_sources", {})]


def compare_examples(data: Path, *, most: int = 3) -> list[Example]:
    """At most `most` examples for each source and kind of change; texts are whole."""
    return [Example(**record) for record in _ask(data, "compare_examples", {"most": most})]


def _ask(data: Path, name: str, asked: dict[str, int]) -> list[dict[str, Any]]:
    import duckdb

    published, candidate = data / PUBLISHED, data / CANDIDATE
    for path in (published, candidate):
        if not path.exists():
            raise StoreFault(f"{path} is not there")
    with store_faults(published), duckdb.connect(str(published), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        quoted = str(candidate).replace("'", "''")
        connection.execute(f"attach '{quoted}' as candidate (read_only)")
        return fetch_records(connection, f"replay/{name}", asked)
