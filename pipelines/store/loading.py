"""Loading: a batch of sightings and rejects becomes rows, all or none; the same batch twice adds nothing.

    sightings ─┬▶ staged_pages ───▶ judged_sightings ──▶ sightings
               │              └───▶ staged_articles ───▶ articles
    rejects ───┼▶ staged_fetches ──────────────────────▶ fetches
               └▶ staged_rejects ──────────────────────▶ rejects

Whether a text is new, seen or revised is judged here and nowhere else, by what is stored at that moment and in the
order in which pages are given, so that it does not matter where one batch ends and the next begins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from pipelines.model import Article, Outcome, Reject, Sighting
from pipelines.store.database import Store
from pipelines.store.rows import fetch_row, page_row, reject_row, rejected_fetch_row
from pipelines.store.staging import arrow_table, side_by_side, stage_arrow
from pipelines.store.statements import change_rows, fetch_rows
from pipelines.store.tables import FetchRow, PageRow, RejectRow

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

# What is loaded, and what waits in the spool.
STAGED_TABLES = ("pages", "fetches", "rejects")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """How the entries of a batch ended, and the rows that it added or changed."""

    outcomes: Mapping[UUID, Outcome] = field(default_factory=dict, hash=False)  # by fetch_id, rejects included
    articles: int = 0
    redescribed: int = 0  # stored articles that a page of the batch says more about
    sightings: int = 0
    touched: int = 0  # stored sightings that were seen again
    evicted: int = 0  # canonical URLs that turned out to be another page's
    fetches: int = 0
    rejects: int = 0


def load(
    store: Store, *, run_id: UUID, sightings: Sequence[Sighting], rejects: Sequence[Reject], loaded_at: datetime
) -> Loaded:
    """Store one batch in one transaction; the same batch again adds nothing and returns the same outcomes.

    Rows that are stored stay as they are, save that a text seen again moves its last sighting, and that a page which
    says more about a stored text describes it from then on.
    Raises StoreFault where the disk or a lock is in the way; then nothing of the batch is stored.
    """
    tables = batch_tables(run_id=run_id, sightings=sightings, rejects=rejects, loaded_at=loaded_at)
    with store.writing() as cursor:
        return load_tables(cursor, tables)


def batch_tables(
    *, run_id: UUID, sightings: Sequence[Sighting], rejects: Sequence[Reject], loaded_at: datetime
) -> Mapping[str, "pa.Table"]:
    """The rows of one batch by staged table, each exchange and each reject once."""
    import pyarrow as pa

    pages: dict[UUID, Sighting] = {}
    rows: dict[UUID, RejectRow] = {}
    fetches: dict[UUID, FetchRow] = {}
    for sighting in sightings:
        if pages.setdefault(sighting.fetch.fetch_id, sighting) is sighting:
            row = fetch_row(sighting.entry, sighting.fetch, run_id=run_id, loaded_at=loaded_at)
            fetches[row.fetch_id] = row
    for reject in rejects:
        refused = reject_row(reject, run_id=run_id, loaded_at=loaded_at)
        if rows.setdefault(refused.reject_id, refused) is refused and reject.entry is not None:
            fetches[refused.reject_id] = rejected_fetch_row(reject, reject.entry, run_id=run_id, loaded_at=loaded_at)
    return {
        "pages": side_by_side(
            arrow_table(PageRow, [page_row(each.fetch.fetch_id, each.address) for each in pages.values()]),
            arrow_table(Article, [each.article for each in pages.values()]),
            pa.table({"position": pa.array(range(len(pages)), type=pa.int32())}),
        ),
        "fetches": arrow_table(FetchRow, fetches.values()),
        "rejects": arrow_table(RejectRow, rows.values()),
    }


def load_tables(cursor: "duckdb.DuckDBPyConnection", tables: Mapping[str, "pa.Table"]) -> Loaded:
    """Load the rows of one batch inside the caller's transaction."""
    for name in STAGED_TABLES:
        stage_arrow(cursor, name, tables[name])
    rejects = change_rows(cursor, "insert_rejects")
    [(first_at,)] = fetch_rows(cursor, "load/first_fetch")
    if first_at is None:
        return Loaded(rejects=rejects)
    if _change(cursor, "stage_stored_fetches", first_at=first_at):
        _change(cursor, "drop_stored_fetches")
        _change(cursor, "drop_stored_pages")
    loaded = _load_pages(cursor)
    return replace(
        loaded,
        fetches=_change(cursor, "insert_fetches"),
        rejects=rejects,
        outcomes=dict(fetch_rows(cursor, "load/staged_outcomes")),
    )


def _load_pages(cursor: "duckdb.DuckDBPyConnection") -> Loaded:
    evicted = _place_pages(cursor)
    if not _change(cursor, "stage_sightings"):
        return Loaded()
    for name in ("stage_stored_articles", "judge_sightings", "judge_fetches"):
        _change(cursor, name)
    touched = _change(cursor, "touch_sightings")
    sightings = _change(cursor, "insert_sightings")
    redescribed = _redescribe_articles(cursor)
    articles = _change(cursor, "insert_articles") - redescribed
    return Loaded(evicted=evicted, touched=touched, sightings=sightings, redescribed=redescribed, articles=articles)


def _place_pages(cursor: "duckdb.DuckDBPyConnection") -> int:
    """Decide at which URL each page is seen; returns how many stored claims this proved wrong."""
    _change(cursor, "stage_stored_sightings")
    if _change(cursor, "count_claims"):
        _change(cursor, "drop_claims")
    if _change(cursor, "count_stored_claims") == 0 or (found := _change(cursor, "stage_evicted")) == 0:
        return 0
    evicted = found - _change(cursor, "keep_unevictable")
    for name in (
        *("stage_evicted_articles", "delete_evicted_articles", "insert_evicted_articles"),
        *("evict_sightings", "evict_fetches", "stage_stored_sightings"),
    ):
        _change(cursor, name)
    return evicted


def _redescribe_articles(cursor: "duckdb.DuckDBPyConnection") -> int:
    """Remove stored articles that a staged page says more about, to be inserted anew; returns how many."""
    # Not an update: with list columns, DuckDB reads all bodies for it (1.3 s at 200,000 articles, for 20 rows;
    # this way 30 ms).
    _change(cursor, "stage_articles")
    if _change(cursor, "stage_less_described") == 0:
        return 0
    _change(cursor, "keep_first_sightings")
    return _change(cursor, "delete_less_described")


def _change(cursor: "duckdb.DuckDBPyConnection", name: str, **values: object) -> int:
    return change_rows(cursor, f"load/{name}", values or None)
