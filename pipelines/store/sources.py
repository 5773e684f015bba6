"""Sources: the catalogue becomes rows with their state, and the state says which source is due."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

from pipelines.model import OperatorFault, Source
from pipelines.store.database import Store
from pipelines.store.rows import source_row
from pipelines.store.staging import stage
from pipelines.store.statements import fetch_rows, statement
from pipelines.store.tables import SourceRow

# What lies this far in the future was done under a wrong clock.
CLOCK_SLACK = timedelta(minutes=5)


def sync_sources(store: Store, sources: Iterable[Source], at: datetime) -> None:
    """Make the table mirror the catalogue; a source that is gone stays, with is_configured false."""
    rows = [
        source_row(position, source, location=without_credentials(source.shown_location))
        for position, source in enumerate(sources)
    ]
    with store.writing() as cursor:
        stage(cursor, "sources", SourceRow, rows)
        cursor.execute(statement("reset_moved_sources"))
        for name in ("change_sources", "retire_sources", "add_sources"):
            cursor.execute(statement(name), {"at": at})


def due(store: Store, sources: Sequence[Source], *, now: datetime, only: Collection[str] | None = None) -> list[Source]:
    """The sources to poll now: enabled, and never polled or past their instant; the longest overdue first.

    `only` names those to poll whatever the time, even where they are not enabled.
    Raises OperatorFault for a name that the catalogue does not have.
    """
    if only:
        names = {source.name for source in sources}
        if missing := sorted(set(only) - names):
            raise OperatorFault(f"no source is called {missing[0]!r}; `presswatch sources list` names them")
        return [source for source in sources if source.name in only]
    with store.reading() as cursor:
        state = {name: (polled, due) for name, polled, due in fetch_rows(cursor, "stored_sources")}
    waiting = [
        (since, position, source)
        for position, source in enumerate(sources)
        if source.is_enabled
        and (since := _due_since(source, *state.get(source.name, (None, None)), now=now)) is not None
    ]
    return [source for *_, source in sorted(waiting, key=lambda each: each[:2])]


def first_due(store: Store, sources: Sequence[Source]) -> tuple[str, datetime] | None:
    """The enabled source that is polled next, and when; None where one was never polled, or none is enabled."""
    with store.reading() as cursor:
        state = {name: due_at for name, _, due_at in fetch_rows(cursor, "stored_sources")}
    instants = [(state.get(source.name), source.name) for source in sources if source.is_enabled]
    known = [(due_at, name) for due_at, name in instants if due_at is not None]
    if not known or len(known) < len(instants):
        return None
    due_at, name = min(known)
    return name, due_at.astimezone(UTC)


def _due_since(
    source: Source, last_polled_at: datetime | None, next_due_at: datetime | None, *, now: datetime
) -> datetime | None:
    """Since when a source is due; None where it is not."""
    if last_polled_at is None or next_due_at is None:
        return datetime.min.replace(tzinfo=UTC)
    if last_polled_at > now + CLOCK_SLACK:
        return last_polled_at
    # No poll makes wait longer than this: the instant is of other bounds, or of a clock that jumped.
    longest = max(source.every_max or source.every * 2, timedelta(days=1))
    since = min(next_due_at, last_polled_at + longest)
    return since if since <= now + source.due_tolerance else None


def without_credentials(location: str) -> str:
    """The location without user and password: the analysts' copy is for everybody."""
    if "@" not in location or "://" not in location:
        return location
    try:
        parts = urlsplit(location)
    except ValueError:
        return location
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
