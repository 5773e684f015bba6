"""Database: opens the store of a data folder for one process at a time, or says in one line why it cannot."""

import logging
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import duckdb

from pipelines.disk import sync_folder
from pipelines.model import OperatorFault, StoreFault
from pipelines.store.data_folder import copy_file, held
from pipelines.store.errors import database_faults, first_line, is_of_system, store_faults
from pipelines.store.migrating import applied_version, apply_migrations, known_version

INGEST = "ingest.duckdb"
PUBLISHED = "presswatch.duckdb"

# DuckDB's file starts with three headers of 4,096 bytes; blocks of `block_size` follow.
_HEADERS = 3 * 4096

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What DuckDB may take of the machine."""

    memory_limit: str
    threads: int


@dataclass(slots=True, kw_only=True)
class Store:
    """The pipeline's own database, held by this process alone.

    Every call takes a cursor of its own, so calls may come from several threads; writes take turns.
    """

    data: Path
    bounds: Bounds
    connection: duckdb.DuckDBPyConnection
    claimed: set[UUID] = field(default_factory=set)  # url_id of the entries that this run has taken
    turn: threading.RLock = field(default_factory=threading.RLock)

    @property
    def path(self) -> Path:
        """The database file."""
        return self.data / INGEST

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for queries. Raises StoreFault for what the disk does."""
        with database_faults(self.path), self.connection.cursor() as cursor:
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
    bounds = Bounds(memory_limit=memory_limit, threads=threads)
    with held(data):
        _remove_leftovers(data)
        if not (data / INGEST).exists():
            _create(data, bounds)
        store = Store(data=data, bounds=bounds, connection=_connect(data / INGEST, bounds))
        try:
            migrate(store)
            yield store
        finally:
            _close(store)


def migrate(store: Store) -> None:
    """Bring the store to the program's version, each step in one transaction with its row in the ledger."""
    with store.turn, store_faults(store.path):
        apply_migrations(store.connection)


def reopen(store: Store) -> None:
    """Open the file again after it was closed to be copied; the lock was held throughout."""
    store.connection = _connect(store.path, store.bounds)


def _remove_leftovers(data: Path) -> None:
    """Remove half-made files of a killed run. This process holds the lock, so nobody is writing them."""
    with store_faults(data):
        for leftover in [*data.glob(f".{INGEST}.new*"), *data.glob(f".{PUBLISHED}.new*")]:
            leftover.unlink(missing_ok=True)
        shutil.rmtree(data / f"{INGEST}.tmp", ignore_errors=True)


def _create(data: Path, bounds: Bounds) -> None:
    """Make the file complete under another name first, so that a file which is too short is always a broken one."""
    path, published, fresh = data / INGEST, data / PUBLISHED, data / f".{INGEST}.new"
    with store_faults(path):
        if path.with_name(f"{INGEST}.wal").exists():
            raise StoreFault(f"{path} is gone but its {INGEST}.wal is there: put the file back, or move the .wal aside")
        if published.exists():
            # Starting empty here would publish an empty file over all that the analysts have.
            _logger.warning("%s is gone: it starts anew from the analysts' copy, %s", path, published)
            copy_file(published, fresh)
            fresh.chmod(0o644)
            _connect(fresh, bounds, named=published).close()
        else:
            connection = open_database(fresh, bounds)
            try:
                apply_migrations(connection)
            finally:
                connection.close()
        fresh.replace(path)
        sync_folder(data)


def _connect(path: Path, bounds: Bounds, *, named: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Open an existing file after checking that it is complete, made by Presswatch, and not newer than the program."""
    named = named or path
    with store_faults(named):
        if path.stat().st_size <= _HEADERS:
            raise StoreFault(_broken(named, f"it holds only {path.stat().st_size} bytes"))
        try:
            connection = open_database(path, bounds)
        except duckdb.Error as error:
            if is_of_system(str(error)):
                raise
            raise StoreFault(_broken(named, first_line(str(error)))) from error
        try:
            _verify(connection, path, named)
        except duckdb.Error as error:
            connection.close()
            raise StoreFault(_broken(named, first_line(str(error)))) from error
        except BaseException:
            connection.close()
            raise
        return connection


def open_database(path: Path, bounds: Bounds) -> duckdb.DuckDBPyConnection:
    """Open or make a file with the settings of the store. Raises OperatorFault for bounds that DuckDB refuses."""
    try:
        connection = duckdb.connect(
            str(path),
            config={
                # With the default storage version, zstd is silently ignored.
                "storage_compatibility_version": "v1.5.0",
                "memory_limit": bounds.memory_limit,
                "threads": bounds.threads,
                # What the store needs is built in; nothing may be fetched from the network.
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
    except (duckdb.InvalidInputException, duckdb.ParserException) as error:
        raise OperatorFault(f"DuckDB refuses its settings: {first_line(str(error))}") from error
    connection.execute("set global TimeZone = 'UTC'")
    return connection


def _verify(connection: duckdb.DuckDBPyConnection, path: Path, named: Path) -> None:
    """Refuse what is foreign, newer or cut short. DuckDB opens a truncated file without complaint."""
    # Not total_blocks: a checkpoint cuts free blocks off the file's end and still counts them (seen at 9 of 13).
    [(size, count)] = connection.execute("select block_size, used_blocks from pragma_database_size()").fetchall()
    if path.stat().st_size < (whole := _HEADERS + size * count):
        raise StoreFault(_broken(named, f"it holds {path.stat().st_size} of {whole} bytes"))
    tables = sorted(name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall())
    if "migrations" not in tables:
        what = f"it has a table {tables[0]}" if tables else "it is empty"
        raise StoreFault(f"{named} is no Presswatch database ({what}): move it aside, or name another folder")
    version = applied_version(connection)
    if version > known_version():
        raise StoreFault(
            f"{named} was made by a newer Presswatch (schema {version}, this one knows {known_version()}):"
            " update the program"
        )
    for table in tables:
        # Read the start of every column, so that a broken block is found now and not in the middle of a run.
        connection.execute(f'select count(columns(*)) from (from "{table}" limit 1000)').fetchall()


def _broken(path: Path, why: str) -> str:
    return (
        f"{path} is broken ({why}): move it aside, with its .wal if there is one, and run again; the store then"
        f" starts from the analysts' copy, {PUBLISHED}, or empty where there is none"
    )


def _close(store: Store) -> None:
    try:
        store.connection.close()
    except duckdb.Error as error:
        # All that was committed is in the .wal; the fault is found and reported again at the next opening.
        _logger.warning("%s was not written out at its closing: %s", store.path, first_line(str(error)))


def _roll_back(cursor: duckdb.DuckDBPyConnection) -> None:
    try:
        cursor.rollback()
    except duckdb.Error:
        # The transaction is gone already; the first fault is the one to report.
        return
