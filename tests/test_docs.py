"""The docs: every command, option, setting, exit code and link is there, and every query in them runs."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import duckdb
import pytest
import typer

from flows.cli import app
from pipelines.settings import Settings
from tests.flows.presswatch import ROOT, presswatch

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The analysts' file after a run over the seeds."""
    folder = tmp_path_factory.mktemp("docs")
    seeds = ROOT / "tests" / "fixtures" / "seeds"
    (folder / "sources.yaml").write_text(f"sources:\n  - {{name: seeds, kind: files, path: '{seeds}'}}\n")
    ended = presswatch("run", cwd=folder)
    assert ended.returncode == 0, ended.stderr
    return folder / "data" / "presswatch.duckdb"


def _commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    if hasattr(command, "commands"):
        for name, child in command.commands.items():
            yield from _commands(child, (*path, name))
    else:
        yield " ".join(path), command


COMMANDS = dict(_commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    rows = (ROOT / "docs" / "reference" / "commands.md").read_text()
    row = next(line for line in rows.splitlines() if line.startswith(f"| `presswatch {name}"))
    everywhere = {"--help", "--data", "--sources"}

    options = {option for parameter in COMMANDS[name].params for option in parameter.opts if option.startswith("--")}

    assert [option for option in options - everywhere if option not in row] == []


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "init"])
def test_every_command_takes_the_data_folder_and_the_catalogue(name: str) -> None:
    options = {option for parameter in COMMANDS[name].params for option in parameter.opts}

    assert {"--data", "--sources"} <= options


def test_every_setting_is_documented_with_its_default() -> None:
    text = (ROOT / "docs" / "reference" / "settings.md").read_text()

    for name, field in Settings.model_fields.items():
        default = "unset" if field.default is None else f"`{field.default}`"
        assert f"| `PRESSWATCH_{name.upper()}` | {default} | {field.description} |" in text


def test_every_query_in_the_docs_runs(database: Path) -> None:
    connection = duckdb.connect(str(database), read_only=True)
    queries = [
        query
        for page in PAGES
        for query in (
            *re.findall(r'presswatch sql "([^"]+)"', page.read_text()),
            *re.findall(r"```sql\n(.*?)```", page.read_text(), re.DOTALL),
            *re.findall(r"`(from [^`]+)`", page.read_text()),
        )
        if "attach" not in query
    ]

    for query in queries:
        connection.execute(query)

    assert len(queries) >= 8


def test_every_link_in_the_docs_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]

    assert broken == []


def test_every_file_that_the_architecture_names_is_there_and_every_package_is_named() -> None:
    text = (ROOT / "docs" / "explanation" / "architecture.md").read_text()
    named = set(re.findall(r"`((?:flows|pipelines|sql|tests)/[^`\s]+)`", text))
    packages = {f"pipelines/{path.parent.name}" for path in (ROOT / "pipelines").glob("*/__init__.py")}

    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
    assert [package for package in sorted(packages) if package not in text] == []
