"""Store: DuckDB, and all that is known of it; duckdb and pyarrow are imported nowhere else."""

from pipelines.store.archived import forget_archived, with_known_places
from pipelines.store.checking import Violation, check
from pipelines.store.loading import Loaded, load
from pipelines.store.opening import INGEST, PUBLISHED, Store, migrate, open_store
from pipelines.store.publishing import publish, publish_open
from pipelines.store.querying import QueryResult, SourceHealth, query, status_rows
from pipelines.store.runs import begin_run, finish_poll, finish_run
from pipelines.store.seen import Unseen, known, release, unseen
from pipelines.store.sources import LastLook, due, last_look, sync_sources
from pipelines.store.spooling import drain, spool
from pipelines.store.transient import MAX_TRIES, TRANSIENT

__all__ = [
    "INGEST",
    "MAX_TRIES",
    "PUBLISHED",
    "TRANSIENT",
    "LastLook",
    "Loaded",
    "QueryResult",
    "SourceHealth",
    "Store",
    "Unseen",
    "Violation",
    "begin_run",
    "check",
    "drain",
    "due",
    "finish_poll",
    "finish_run",
    "forget_archived",
    "known",
    "last_look",
    "load",
    "migrate",
    "open_store",
    "publish",
    "publish_open",
    "query",
    "release",
    "spool",
    "status_rows",
    "sync_sources",
    "unseen",
    "with_known_places",
]
