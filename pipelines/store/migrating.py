"""Migrating: the files of sql/migrations, sql/macros and sql/views become the schema of a database."""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import duckdb

from pipelines.reasons import RULES
from pipelines.store.closed_sets import CLOSED_SETS, fill_reference
from pipelines.store.statements import scripts


def apply_migrations(connection: duckdb.DuckDBPyConnection) -> None:
    """Apply what the ledger does not hold yet. Raises duckdb.Error, and then leaves the last whole step."""
    done = applied_version(connection)
    pending = [path for path in scripts("migrations") if _version(path) > done]
    for path in pending:
        text = path.read_text(encoding="utf-8")
        _in_one_transaction(connection, [text], version=_version(path), name=path.stem, digest=_digest([text]))
    if _remake_views(connection) or pending:
        connection.execute("checkpoint")


def applied_version(connection: duckdb.DuckDBPyConnection) -> int:
    """The schema's version of a database; -1 where it has no ledger."""
    if not connection.execute("select 1 from duckdb_tables() where table_name = 'migrations'").fetchall():
        return -1
    [(version,)] = connection.execute("select coalesce(max(version), -1) from migrations").fetchall()
    return int(version)


def known_version() -> int:
    """The version that this program brings a database to."""
    return max(_version(path) for path in scripts("migrations"))


def _version(path: Path) -> int:
    return int(path.stem.partition("_")[0])


def _digest(texts: list[str]) -> str:
    return sha256("\n".join(texts).encode()).hexdigest()


def _remake_views(connection: duckdb.DuckDBPyConnection) -> bool:
    """Make all macros, views and closed sets anew where one changed: a view of a changed table breaks silently."""
    texts = [path.read_text(encoding="utf-8") for folder in ("macros", "views") for path in scripts(folder)]
    digest = _digest([*texts, repr(RULES), repr(CLOSED_SETS)])
    if connection.execute("select digest from migrations where version is null").fetchall() == [(digest,)]:
        return False
    old = connection.execute(
        """
        select format('drop view if exists "{}"', view_name) from duckdb_views() where not internal and not temporary
        union all
        select distinct format(
            'drop macro {} if exists "{}"', if(function_type = 'table_macro', 'table', ''), function_name
        )
        from duckdb_functions() where not internal and function_type in ('macro', 'table_macro')
        """
    ).fetchall()
    drops = [drop for (drop,) in old]
    drops.append("delete from migrations where version is null")
    _in_one_transaction(connection, [*drops, *texts], version=None, name="views", digest=digest, then=fill_reference)
    return True


def _in_one_transaction(
    connection: duckdb.DuckDBPyConnection,
    texts: list[str],
    *,
    version: int | None,
    name: str,
    digest: str,
    then: Callable[[duckdb.DuckDBPyConnection], None] | None = None,
) -> None:
    connection.begin()
    try:
        for text in texts:
            connection.execute(text)
        if then is not None:
            then(connection)
        connection.execute(
            "insert into migrations (version, name, digest, applied_at) values ($version, $name, $digest, $applied_at)",
            {"version": version, "name": name, "digest": digest, "applied_at": datetime.now(UTC)},
        )
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
