"""The command's root and the options which every command shares.

What a command needs is imported inside of it: pydantic, rich and DuckDB would cost `--help` a third of a second.
"""

import os
import shlex
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from pipelines import __version__
from pipelines.model import ConfigFault

if TYPE_CHECKING:
    from pipelines.settings import Settings

app = typer.Typer(
    name="presswatch",
    help="Watch the press: fetch, clean and deduplicate articles on a schedule, and ask DuckDB about them.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,  # plain help, which a pipe and a narrow terminal can hold
    context_settings={"help_option_names": ["-h", "--help"]},
)

DataOption: TypeAlias = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="Folder of the databases [PRESSWATCH_DATA; ./data].")
]
SourcesOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--sources", metavar="FILE", help="Whom to watch [PRESSWATCH_SOURCES; ./sources.yaml]."),
]
JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="Answer in JSON, for scripts.")]


def settings_from(data: Path | None, sources: Path | None) -> "Settings":
    """Settings with the command's options on top, which flows in other processes see in the environment, too."""
    from pipelines.settings import load_settings

    settings = load_settings(data=data, sources=sources)
    os.environ["PRESSWATCH_DATA"] = str(settings.data)
    os.environ["PRESSWATCH_SOURCES"] = str(settings.sources)
    return settings


def duration_of(option: str, text: str) -> timedelta:
    """The value of an option such as --every. Raises ConfigFault."""
    from pipelines.catalog import parse_duration

    try:
        duration = parse_duration(text)
    except ValueError as error:
        raise ConfigFault(f"{option} {text!r}: {error}") from error
    return duration


def program() -> str:
    """The command as it was called, so that what we print can be pasted: `presswatch`, `.venv/bin/presswatch` …"""
    called = Path(sys.argv[0])
    if called.name != "presswatch":
        return "presswatch"
    if str(called.parent) in os.environ.get("PATH", "").split(os.pathsep):
        return "presswatch"
    try:
        return str(called.resolve().relative_to(Path.cwd().resolve()))
    except ValueError:
        return str(called)


def options_of(data: Path | None, sources: Path | None) -> str:
    """The options that a command was called with, for the commands that it proposes."""
    given = (("--data", data), ("--sources", sources))
    return "".join(f" {option} {shlex.quote(str(value))}" for option, value in given if value is not None)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"presswatch {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Watch the press: fetch, clean and deduplicate articles on a schedule, and ask DuckDB about them."""
