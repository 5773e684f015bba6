"""Statements: the name of a file under sql/ becomes its text."""

from functools import cache
from pathlib import Path

import pipelines


@cache
def sql_folder() -> Path:
    """The folder sql/: inside the package when installed from the wheel, beside it in a checkout."""
    package = Path(pipelines.__file__).parent
    installed = package / "sql"
    return installed if installed.is_dir() else package.parent / "sql"


@cache
def statement(name: str) -> str:
    """The one statement of sql/queries/NAME.sql; a name may begin with a folder."""
    return (sql_folder() / "queries" / f"{name}.sql").read_text(encoding="utf-8")


def scripts(folder: str) -> list[Path]:
    """The files of one folder of sql/, by name: migrations, views, macros or checks."""
    return sorted((sql_folder() / folder).glob("*.sql"))
