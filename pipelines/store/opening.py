"""Opening: the data folder becomes a Store that one process at a time holds, or one line that says why not."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import duckdb

from pipelines.model import StoreFault
from pipelines.store.copying import copy_file, sync_folder
from pipelines.store.faults import first_line, store_faults
from pipelines.store.migrating import applied_version, apply_migrations, known_version

INGEST = "ingest.duckdb"
PUBLISHED = "presswatch.duckdb"
LOCK = "ingest.lock"

# DuckDB's file starts with three headers of 4,096 bytes; blocks of `block_size` follow.
_HEADERS = 3 * 4096


@dataclass(slots=True, kw_only=True)
class Store:
    """The pipeline's own database, held by this process alone.

    Every call takes a cursor of its own, so calls may come from several threads; writes take turns.
    """

    data: Path
    memory_limit: str
    threads: int
    connection: duckdb.DuckDBPyConnection
    claimed: set[UUID] = field(default_factory=set)  # url_id of what this run has taken in hand
    turn: threading.RLock = field(default_factory=threading.RLock)

    @property
    def path(self) -> Path:
        """The database file."""
        return self.data / INGEST

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for queries. Raises StoreFault for what the disk does."""
        with store_faults(self.path), self.connection.cursor() as cursor:
            yield cursor

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor inside one transaction: all is stored, or nothing. Raises StoreFault for what the disk does."""
        with self.turn, self.reading() as cursor:
            cursor.begin()
            try:
                yield cursor
                cursor.commit()
            except BaseException:
                _roll_back(cursor)
                raise


@contextmanager
def open_store(data: Path, *, memory_limit: str = "1GB", threads: int = 2) -> Iterator[Store]:
    """Hold the store of a data folder; made on first use, migrated when it is older than the program.

    Raises StoreFault, in one line, where another run is at work, another program holds the file, the file is
    broken, foreign or of a newer version, or the folder cannot be written. A file that is there is never made anew.
    """
    with _held(data):
        _remove_leftovers(data)
        path = data / INGEST
        if not path.exists():
            _create(data, memory_limit, threads)
        connection = _connect(path, memory_limit, threads)
        store = Store(data=data, memory_limit=memory_limit, threads=threads, connection=connection)
        try:
            migrate(store)
            yield store
        finally:
            # A fault of the disk at closing is found again, and told, when the file is opened next.
            store.connection.close()


def migrate(store: Store) -> None:
    """Bring the store to the program's version, each step in one transaction with its row in the ledger."""
    with store.turn, store_faults(store.path):
        apply_migrations(store.connection)


def reopen(store: Store) -> None:
    """Open the file again after it was closed to be copied; the lock was held throughout."""
    store.connection = _connect(store.path, store.memory_limit, store.threads)


@contextmanager
def _held(data: Path) -> Iterator[None]:
    """Our own lock on a side file: copying drops DuckDB's lock inside the process (FACTS), never this one."""
    path = data / LOCK
    with store_faults(path):
        data.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 200, 0).decode("utf-8", "replace").split()
            who = f"pid {holder[0]}, since {holder[1]}" if len(holder) == 2 else "it has just started"
            raise StoreFault(f"another run ({who}) is at work on {data}; wait for its end or stop it") from error
        with store_faults(path):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()} {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _remove_leftovers(data: Path) -> None:
    """What a killed run left half made; we hold the lock, so nobody is at it."""
    with store_faults(data):
        for leftover in [*data.glob(f".{INGEST}.new*"), *data.glob(f".{PUBLISHED}.new*")]:
            leftover.unlink(missing_ok=True)


def _create(data: Path, memory_limit: str, threads: int) -> None:
    """Make the file complete under another name first: so a file that lies there short is always a broken one."""
    path, fresh = data / INGEST, data / f".{INGEST}.new"
    with store_faults(path):
        if path.with_name(f"{INGEST}.wal").exists():
            raise StoreFault(f"{path} is gone but its {INGEST}.wal is there: put the file back, or move the .wal aside")
        if (data / PUBLISHED).exists():
            # Starting empty here would publish an empty file over all that the analysts have.
            copy_file(data / PUBLISHED, fresh)
            fresh.chmod(0o644)
        else:
            connection = duckdb.connect(str(fresh), config=_config(memory_limit, threads))
            try:
                apply_migrations(connection)
            finally:
                connection.close()
        fresh.replace(path)
        sync_folder(data)


def _config(memory_limit: str, threads: int) -> dict[str, str | bool | int | float | list[str]]:
    return {
        # With the default storage version, zstd is silently ignored.
        "storage_compatibility_version": "v1.5.0",
        "memory_limit": memory_limit,
        "threads": threads,
        # What the store needs is built in; nothing may be fetched from the network.
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }


def _connect(path: Path, memory_limit: str, threads: int) -> duckdb.DuckDBPyConnection:
    aside = (
        f"move it aside (mv {path} {path}.broken) and run again: the store then starts from the analysts' copy,"
        f" {PUBLISHED}, where that is there"
    )
    with store_faults(path):
        if path.stat().st_size <= _HEADERS:
            raise StoreFault(f"{path} is broken, it holds only {path.stat().st_size} bytes: {aside}")
        try:
            connection = duckdb.connect(str(path), config=_config(memory_limit, threads))
        except duckdb.IOException as error:
            if "not a valid DuckDB database" in str(error):
                raise StoreFault(f"{path} is no DuckDB database: {aside}") from error
            if "lock" in str(error).lower() or "permission" in str(error).lower():
                raise
            raise StoreFault(f"{path} is broken ({first_line(str(error))}): {aside}") from error
        except duckdb.Error as error:
            raise StoreFault(f"{path} is broken ({first_line(str(error))}): {aside}") from error
        try:
            connection.execute("set global TimeZone = 'UTC'")
            _verify(connection, path, aside)
        except BaseException:
            connection.close()
            raise
        return connection


def _verify(connection: duckdb.DuckDBPyConnection, path: Path, aside: str) -> None:
    """Refuse what is foreign, newer or cut short. DuckDB opens a truncated file without complaint (FACTS)."""
    try:
        row = connection.execute("select block_size, total_blocks from pragma_database_size()").fetchone()
        if row is not None and path.stat().st_size < _HEADERS + row[0] * row[1]:
            raise StoreFault(
                f"{path} is cut short, it holds {path.stat().st_size} of {_HEADERS + row[0] * row[1]} bytes: {aside}"
            )
        tables = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
        if tables and "migrations" not in tables:
            raise StoreFault(f"{path} is no Presswatch database (it has a table {min(tables)}): name another folder")
        if tables and applied_version(connection) > known_version():
            raise StoreFault(
                f"{path} was made by a newer Presswatch (schema {applied_version(connection)}, this program knows"
                f" {known_version()}): update the program"
            )
        for table in sorted(tables):
            connection.execute(f'select count(columns(*)) from (from "{table}" limit 1000)').fetchall()
    except duckdb.Error as error:
        raise StoreFault(f"{path} is broken ({first_line(str(error))}): {aside}") from error


def _roll_back(cursor: duckdb.DuckDBPyConnection) -> None:
    try:
        cursor.rollback()
    except duckdb.Error:
        # The transaction is gone already; the first fault is the one to tell.
        return
