"""Publishing: the analysts' file is always a whole one, and whoever reads it is never disturbed."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from pipelines.model import StoreFault
from pipelines.store import PUBLISHED, load, open_store, publish_open, query
from pipelines.store.data_folder import copy_file
from tests.builders import NOON, RUN, a_sighting, publish


def add(data: Path, *numbers: int) -> None:
    with open_store(data) as store:
        sightings = [a_sighting(f"Text {n}.", f"https://courier.example/{n}") for n in numbers]
        load(store, run_id=RUN, sightings=sightings, rejects=[], loaded_at=NOON)


def published_count(data: Path) -> object:
    return next(query(data, "select count(*) from articles").rows)[0]


def test_the_copy_holds_tables_views_macros_and_comments(tmp_path: Path) -> None:
    add(tmp_path, 1)

    path = publish(tmp_path)

    assert path == tmp_path / PUBLISHED
    assert path.stat().st_mode & 0o777 == 0o444
    assert not path.with_name(f"{PUBLISHED}.wal").exists()
    assert [name for name in os.listdir(tmp_path) if name.startswith(".")] == []  # noqa: PTH208
    assert next(query(tmp_path, "select article_count from article_daily").rows) == (1,)
    assert next(query(tmp_path, "select comment from duckdb_tables() where table_name = 'articles'").rows)[0]
    assert list(query(tmp_path, "from find_articles('text', days := 36500)").rows)


def test_an_open_reader_keeps_its_copy_and_sees_the_new_one_when_it_asks(tmp_path: Path) -> None:
    add(tmp_path, 1)
    publish(tmp_path)
    reader = duckdb.connect()
    reader.execute(f"attach '{tmp_path / PUBLISHED}' as press (read_only)")
    rows = reader.execute("select text from press.articles")

    add(tmp_path, 2)
    publish(tmp_path)

    assert rows.fetchall() == [("Text 1.",)]
    assert reader.execute("select count(*) from press.articles").fetchall() == [(1,)]
    assert published_count(tmp_path) == 2
    # `attach or replace` of the same path does nothing in DuckDB 1.5.5.
    reader.execute(f"detach press; attach '{tmp_path / PUBLISHED}' as press (read_only)")
    assert reader.execute("select count(*) from press.articles").fetchall() == [(2,)]


def test_a_reader_in_another_process_survives_and_stops_nobody(tmp_path: Path) -> None:
    add(tmp_path, 1)
    publish(tmp_path)
    code = (
        "import sys, duckdb; con = duckdb.connect(sys.argv[1], read_only=True); print(con.execute("
        "'select count(*) from articles').fetchall()[0][0], flush=True); sys.stdin.readline(); "
        "print(con.execute('select count(*), max(text) from articles').fetchall()[0], flush=True)"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / PUBLISHED)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == "1\n"

    add(tmp_path, 2, 3)
    publish(tmp_path)
    answer, _ = reader.communicate("go\n")

    assert answer == "(1, 'Text 1.')\n"
    assert published_count(tmp_path) == 3


def test_a_store_that_is_open_publishes_and_goes_on(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        for n in (1, 2):
            sighting = a_sighting(f"Text {n}.", f"https://courier.example/{n}")
            load(store, run_id=RUN, sightings=[sighting], rejects=[], loaded_at=NOON)
            publish_open(store)
            assert published_count(tmp_path) == n
            with pytest.raises(StoreFault, match="another run"):
                publish(tmp_path)


def test_a_wal_that_somebody_left_beside_the_copy_is_not_replayed(tmp_path: Path) -> None:
    add(tmp_path, 1)
    publish(tmp_path)
    (tmp_path / PUBLISHED).chmod(0o644)
    code = (
        "import sys, os, duckdb; con = duckdb.connect(sys.argv[1]); "
        "con.execute('create table mine as select 1'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / PUBLISHED)], check=False)
    assert (tmp_path / f"{PUBLISHED}.wal").exists()

    publish(tmp_path)

    assert published_count(tmp_path) == 1
    assert list(query(tmp_path, "select * from duckdb_tables() where table_name = 'mine'").rows) == []


def test_a_full_disk_leaves_the_last_copy(tmp_path: Path) -> None:
    add(tmp_path, 1)
    publish(tmp_path)
    before = (tmp_path / PUBLISHED).read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with open_store(tmp_path) as store:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
        try:
            with pytest.raises(StoreFault, match="disk is full"):
                publish_open(store)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert (tmp_path / PUBLISHED).read_bytes() == before
    assert not list(tmp_path.glob(".*.new"))
    add(tmp_path, 2)


def test_a_publish_killed_anywhere_leaves_a_whole_copy(tmp_path: Path) -> None:
    add(tmp_path, *range(200))
    publish(tmp_path)
    code = (
        "import sys; from pathlib import Path; from tests.builders import publish; print('ready', flush=True)\n"
        "while True: publish(Path(sys.argv[1]))"
    )
    for wait in (0.05, 0.13):
        process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()

        assert published_count(tmp_path) == 200

    publish(tmp_path)
    assert not list(tmp_path.glob(".*.new"))


@pytest.mark.parametrize("size", [0, 1, 5_000_000])
def test_a_copied_file_is_equal(tmp_path: Path, size: int) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(os.urandom(size))
    target.write_bytes(b"longer than the source" * 10)

    copy_file(source, target)

    assert target.read_bytes() == source.read_bytes()
