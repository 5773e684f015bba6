"""Promoting: a candidate becomes what is stored, in one transaction that keeps every promise, or nothing changes."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.store.checking import Violation, violations
from pipelines.store.database import Store
from pipelines.store.errors import store_faults
from pipelines.store.replay.candidate import CANDIDATE
from pipelines.store.statements import change_rows

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoted:
    """Rows that a promotion changed; none where `violations` says why it was rolled back."""

    exchanges: int = 0  # that end otherwise
    sightings: int = 0  # at URLs where a text came or went
    described: int = 0  # articles that are new or described anew
    removed: int = 0  # articles that are seen nowhere any more
    unseen: int = 0  # kept pages of the selection that the candidate does not know: they came since it was made
    violations: tuple[Violation, ...] = ()


class _PromiseBroken(Exception):
    def __init__(self, found: list[Violation]) -> None:
        super().__init__(f"{len(found)} checks failed")
        self.found = found


def promote(store: Store, *, at: datetime) -> Promoted:
    """Make the candidate current; a second time changes nothing. If it is killed, all is as before or all is promoted.

    Exchanges get the outcome that their page has now; sightings, revisions, articles, rejects and polls follow.
    What the candidate does not hold stays as it is. Every check is made before the commit: where one fails, nothing
    is changed. Raises StoreFault where there is no candidate or for what the disk does.
    """
    path = store.data / CANDIDATE
    with store_faults(path):
        path.stat()
    with store.turn, store.reading() as cursor:
        cursor.execute(f"attach '{_quoted(path)}' as candidate (read_only)")
        try:
            return _promote(cursor, at)
        except _PromiseBroken as broken:
            return Promoted(violations=tuple(broken.found))
        finally:
            cursor.execute("detach candidate")


def _promote(cursor: "duckdb.DuckDBPyConnection", at: datetime) -> Promoted:
    cursor.begin()
    try:
        exchanges = _move_exchanges(cursor, at)
        sightings = _remake_sightings(cursor, at)
        described, removed = _describe_articles(cursor, at)
        _run(cursor, "recount_polls")
        unseen = _run(cursor, "count_unseen")
        if found := violations(cursor):
            raise _PromiseBroken(found)
        cursor.commit()
    except BaseException:
        cursor.rollback()
        raise
    return Promoted(exchanges=exchanges, sightings=sightings, described=described, removed=removed, unseen=unseen)


def _move_exchanges(cursor: "duckdb.DuckDBPyConnection", at: datetime) -> int:
    _run(cursor, "stage_cleaned_pages")
    _run(cursor, "stage_moved")
    count = _run(cursor, "move_fetches")
    _run(cursor, "delete_moved_rejects")
    _run(cursor, "insert_moved_rejects", at=at)
    return count


def _remake_sightings(cursor: "duckdb.DuckDBPyConnection", at: datetime) -> int:
    _run(cursor, "stage_touched_urls")
    _run(cursor, "stage_remade_sightings", at=at)
    _run(cursor, "delete_touched_sightings")
    count = _run(cursor, "insert_remade_sightings")
    for name in (
        *("describe_sightings", "stage_touched_texts", "stage_ordered_sightings"),
        *("judge_sightings", "judge_fetches"),
    ):
        _run(cursor, name)
    return count


def _describe_articles(cursor: "duckdb.DuckDBPyConnection", at: datetime) -> tuple[int, int]:
    # Rows are removed and inserted: an update of a body in place takes 0.2 s and doubles the file (measured).
    removed = _run(cursor, "delete_orphans")
    _run(cursor, "stage_described", at=at)
    _run(cursor, "delete_redescribed")
    described = _run(cursor, "insert_described")
    _run(cursor, "settle_articles")
    return described, removed


def _run(cursor: "duckdb.DuckDBPyConnection", name: str, *, at: datetime | None = None) -> int:
    return change_rows(cursor, f"replay/{name}", None if at is None else {"at": at})


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
