"""Paths: where in the data folder the archive lies."""

from datetime import UTC, date, datetime
from pathlib import Path

FOLDER = "warc"


def folder_of(data: Path) -> Path:
    """The archive of a data folder."""
    return data / FOLDER


def locate(data: Path, file: str) -> Path:
    """The path of what `fetches.warc_file` names; what was archived elsewhere is named by its absolute path."""
    return folder_of(data) / file


def day_folder(at: datetime) -> str:
    """Where the files of a day lie below the archive: YYYY/MM/DD, in UTC."""
    return f"{at.astimezone(UTC):%Y/%m/%d}"


def day_of(file: str) -> date | None:
    """The day that the folders of a file name; None for a file that is not of the archive."""
    try:
        year, month, day, _ = file.split("/")
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
