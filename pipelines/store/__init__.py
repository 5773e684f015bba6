"""Store: DuckDB, and all that is known of it; duckdb and pyarrow are imported nowhere else."""

from pipelines.store.archived import (
    archived_shares,
    forget_archived,
    forget_shares,
    staying_records,
    with_archived_records,
)
from pipelines.store.checking import Violation, check, unchecked_since
from pipelines.store.database import INGEST, PUBLISHED, Store, migrate, open_store
from pipelines.store.loading import Loaded, load
from pipelines.store.polls import FinishedPoll, PollState, finish_polls, poll_states
from pipelines.store.publishing import is_publishing_due, publish_open
from pipelines.store.querying import QueryResult, SourceHealth, Verdict, query, status_rows, verdict
from pipelines.store.replay import (
    CANDIDATE,
    CHANGES,
    Archived,
    Candidate,
    Example,
    Promoted,
    Recleaned,
    Selection,
    Snapshot,
    SourceChange,
    compare,
    compare_examples,
    find_candidate,
    open_candidate,
    open_snapshot,
    promote,
    remove_candidate,
)
from pipelines.store.runs import begin_run, finish_run
from pipelines.store.seen import Unseen, known_urls, release, unseen
from pipelines.store.sources import due, first_due, sync_sources
from pipelines.store.spooling import drain, is_spooled, spool

__all__ = [
    "CANDIDATE",
    "CHANGES",
    "INGEST",
    "PUBLISHED",
    "Archived",
    "Candidate",
    "Example",
    "FinishedPoll",
    "Loaded",
    "PollState",
    "Promoted",
    "QueryResult",
    "Recleaned",
    "Selection",
    "Snapshot",
    "SourceChange",
    "SourceHealth",
    "Store",
    "Unseen",
    "Verdict",
    "Violation",
    "archived_shares",
    "begin_run",
    "check",
    "compare",
    "compare_examples",
    "drain",
    "due",
    "find_candidate",
    "finish_polls",
    "finish_run",
    "first_due",
    "forget_archived",
    "forget_shares",
    "is_publishing_due",
    "is_spooled",
    "known_urls",
    "load",
    "migrate",
    "open_candidate",
    "open_snapshot",
    "open_store",
    "poll_states",
    "promote",
    "publish_open",
    "query",
    "release",
    "remove_candidate",
    "spool",
    "status_rows",
    "staying_records",
    "sync_sources",
    "unchecked_since",
    "unseen",
    "verdict",
    "with_archived_records",
]
