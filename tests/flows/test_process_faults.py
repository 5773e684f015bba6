"""Faults of process, with real processes: whatever is killed, held, cut short or forbidden ends as one clear line.

What a full disk, a second run, Prefect's death and signals do in mid-run: tests/flows/test_ingest.py.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from pipelines.store import load, open_store
from tests.builders import NOON, RUN, a_sighting
from tests.flows.presswatch import COMMAND, ROOT, clean_environ, presswatch
from tests.privileges import as_somebody

SEEDS = ROOT / "tests" / "fixtures" / "seeds"

# What a reader or writer of another program does: it opens the file and waits.
HOLD = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "read-only")
for line in sys.stdin:
    print(connection.execute(line).fetchall(), flush=True)
"""


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the seeds were ingested once."""
    folder = tmp_path_factory.mktemp("ingested")
    (folder / "sources.yaml").write_text(f"sources:\n  - {{name: seeds, kind: files, path: '{SEEDS}', every: 1h}}\n")
    assert presswatch("run", cwd=folder).returncode == 0
    return folder


@pytest.fixture
def folder(ingested: Path, tmp_path: Path) -> Path:
    """A copy of it, to be broken."""
    return Path(shutil.copytree(ingested, tmp_path / "copy"))


class Holder:
    """Another program that has a database open."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, query: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{query}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


@contextmanager
def held(path: Path, mode: str) -> Iterator[Holder]:
    command = [sys.executable, "-c", HOLD, str(path), mode]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        holder = Holder(process)
        assert holder.ask("select 1") == "[(1,)]"
        yield holder
        assert process.stdin is not None
        process.stdin.close()


def assert_one_line(ended: "subprocess.CompletedProcess[str]", code: int, *words: str) -> None:
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert ended.stderr.count("\n") == 1, ended.stderr
    for word in words:
        assert word in ended.stderr


def article_count(folder: Path) -> int:
    with duckdb.connect(str(folder / "data" / "presswatch.duckdb"), read_only=True) as connection:
        [(count,)] = connection.execute("select count(*) from articles").fetchall()
    return int(count)


@pytest.mark.parametrize("mode", ["read-only", "read-write"])
@pytest.mark.parametrize("arguments", [["run"], ["run", "--due"]], ids=["run", "due"])
def test_a_house_database_that_a_shell_holds_is_one_line(folder: Path, mode: str, arguments: list[str]) -> None:
    with held(folder / "data" / "ingest.duckdb", mode):
        ended = presswatch(*arguments, cwd=folder)
        asked = presswatch("sql", "from articles", "--format", "csv", cwd=folder)

    assert_one_line(ended, 4, "ingest.duckdb is held open by process")
    assert asked.returncode == 0
    assert presswatch("run", "--due", cwd=folder).returncode == 0


@pytest.mark.parametrize("mode", ["read-only", "read-write"])
def test_an_analysts_copy_that_is_held_open_stops_no_run(folder: Path, mode: str) -> None:
    copy = folder / "data" / "presswatch.duckdb"
    copy.chmod(0o644)
    with held(copy, mode) as holder:
        ended = presswatch("run", cwd=folder)
        during = holder.ask("select count(*) from articles")
        asked = presswatch("sql", "select count(*) from runs", "--format", "csv", cwd=folder)

    assert ended.returncode == 0, ended.stderr
    assert during == "[(5,)]"
    assert asked.stdout.split()[-1] == "2"  # the new copy


def test_what_a_careless_analyst_writes_beside_a_new_copy_is_told_and_goes_with_the_next(folder: Path) -> None:
    copy = folder / "data" / "presswatch.duckdb"
    copy.chmod(0o644)
    with held(copy, "read-write") as holder:
        holder.ask("create table mine as select 1 as a")
        presswatch("run", cwd=folder)
        for number in range(5):  # so that it has been written out more often than the new copy
            holder.ask(f"create table more_{number} as select 1 as a")
            holder.ask("checkpoint")
        holder.ask("create table last as select 1 as a")
        blocked = presswatch("sql", "from runs", cwd=folder)
        again = presswatch("run", cwd=folder)
        free = presswatch("sql", "from runs", cwd=folder)

    assert_one_line(blocked, 4, "presswatch.duckdb.wal", "opened the copy for writing")
    assert again.returncode == 0
    assert free.returncode == 0, free.stderr
    assert article_count(folder) == 5


@pytest.mark.parametrize(
    ("name", "kept"),
    [("ingest.duckdb", 0.4), ("ingest.duckdb", 0.001), ("presswatch.duckdb", 0.4), ("presswatch.duckdb", 0.001)],
)
def test_a_database_that_was_cut_short_is_one_line_and_left_alone(folder: Path, name: str, kept: float) -> None:
    path = folder / "data" / name
    content = path.read_bytes()
    content = content[: int(len(content) * kept)]
    path.chmod(0o644)
    path.write_bytes(content)

    ended = presswatch("run", "--due", cwd=folder) if name == "ingest.duckdb" else presswatch("status", cwd=folder)

    assert_one_line(ended, 4, name)
    assert path.read_bytes() == content


@pytest.mark.parametrize("what", ["no database", "foreign"])
def test_what_stands_in_the_place_of_the_copy_is_moved_aside(folder: Path, what: str) -> None:
    copy = folder / "data" / "presswatch.duckdb"
    copy.unlink()
    if what == "foreign":
        with duckdb.connect(str(copy)) as connection:
            connection.execute("create table mine as select 1 as a")
    else:
        copy.write_bytes(b"somebody's notes")
    placed = copy.read_bytes()

    ended = presswatch("run", cwd=folder)

    assert ended.returncode == 0, ended.stderr
    assert article_count(folder) == 5
    assert [path.read_bytes() for path in copy.parent.glob("presswatch.duckdb.aside-*")] == [placed]


@pytest.mark.parametrize("kept", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_log_that_was_cut_short_costs_its_end_at_most(tmp_path: Path, kept: float) -> None:
    code = f"""
import os
from pathlib import Path
from pipelines.store import load, open_store
from tests.builders import NOON, RUN, a_sighting
with open_store(Path({str(tmp_path)!r})) as store:
    for batch in range(10):
        sightings = [a_sighting(f"Text {{batch}}.{{n}}.", f"https://a.example/{{batch}}/{{n}}") for n in range(5)]
        load(store, run_id=RUN, sightings=sightings, rejects=[], loaded_at=NOON)
    os._exit(0)
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=clean_environ(), check=True)
    log = tmp_path / "ingest.duckdb.wal"
    os.truncate(log, int(log.stat().st_size * kept))

    with open_store(tmp_path) as store:
        with store.reading() as cursor:
            [counts] = cursor.execute("select count(*), count(distinct article_id) from sightings").fetchall()
        load(store, run_id=RUN, sightings=[a_sighting("Later.", "https://a.example/x")], rejects=[], loaded_at=NOON)

    assert counts is not None
    assert counts[0] == counts[1]
    assert counts[0] % 5 == 0  # whole batches
    assert counts[0] >= 40 * kept - 5


def test_a_folder_that_forbids_writing_is_one_line_and_may_still_be_asked(folder: Path) -> None:
    data = folder / "data"
    before = {path: path.stat().st_mtime_ns for path in data.iterdir()}
    for path in data.iterdir():
        path.chmod(0o555 if path.is_dir() else 0o444)
    data.chmod(0o555)

    ended = {
        name: subprocess.run(
            [*COMMAND, *arguments],
            cwd=folder,
            env=clean_environ(),
            capture_output=True,
            text=True,
            preexec_fn=as_somebody,
        )
        for name, arguments in {
            "run": ["run"],
            "due": ["run", "--due"],
            "serve": ["serve"],
            "sql": ["sql", "from articles", "--format", "csv"],
            "status": ["status"],
        }.items()
    }

    for name in ("run", "due", "serve"):
        assert_one_line(ended[name], 4, "Permission denied")
    assert [ended[name].returncode for name in ("sql", "status")] == [0, 0], ended["sql"].stderr
    assert {path: path.stat().st_mtime_ns for path in data.iterdir()} == before


def test_what_killed_runs_left_is_cleared_away(folder: Path) -> None:
    data = folder / "data"
    (data / "ingest.lock").write_text("4194304 2020-01-01T00:00:00Z\n")
    (data / "spool" / ".20200101T000000000000-aaaaaaaa.new").mkdir(parents=True)
    (data / "prefect").mkdir(exist_ok=True)
    (data / "prefect" / "served.json").write_text('{"url": "http://127.0.0.1:9/api", "pid": 4194304}')
    for name in (".ingest.duckdb.new", ".presswatch.duckdb.new"):
        (data / name).write_bytes(b"half")

    ended = presswatch("run", cwd=folder)

    assert ended.returncode == 0, ended.stderr
    assert not list(data.glob(".*.new*"))
    assert not list((data / "spool").iterdir())
    assert article_count(folder) == 5
