"""Opening: who may hold the store, and what is refused in one line."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines.model import OperatorFault, StoreFault
from pipelines.store import INGEST, PUBLISHED, check, load, open_store, query, sync_sources
from tests.builders import NOON, RUN, a_sighting, a_source, publish
from tests.privileges import as_somebody


def fill(data: Path, count: int = 5) -> None:
    with open_store(data) as store:
        sightings = [a_sighting(f"Text {n}.", f"https://courier.example/{n}") for n in range(count)]
        load(store, run_id=RUN, sightings=sightings, rejects=[], loaded_at=NOON)


def refusal(data: Path) -> str:
    with pytest.raises(StoreFault) as caught, open_store(data):
        pass
    assert "\n" not in str(caught.value)
    return str(caught.value)


def article_count(data: Path) -> int:
    with open_store(data) as store, store.reading() as cursor:
        [(count,)] = cursor.execute("select count(*) from articles").fetchall()
    return int(count)


def test_an_open_store_lets_the_log_be_written_into_the_file(tmp_path: Path) -> None:
    with open_store(tmp_path):
        pass

    with open_store(tmp_path) as store:
        sync_sources(store, [a_source(f"s{n}") for n in range(40)], NOON)
        with store.reading() as cursor:
            cursor.execute("set global wal_autocheckpoint = '1KB'")
        for n in range(40):
            with store.writing() as cursor:
                cursor.execute("update sources set title = 'x' where source = $source", {"source": f"s{n}"})

        # A transaction that was left open would keep each version of each row, and the log, until the end.
        assert not (tmp_path / f"{INGEST}.wal").exists()


def holding(data: Path, code: str) -> "subprocess.Popen[str]":
    """A second process that runs code, says "held" and waits for its stdin to close."""
    waiting = f"{code}\nimport sys; print('held', flush=True); sys.stdin.read()"
    process = subprocess.Popen(
        [sys.executable, "-c", waiting, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_instants_are_utc_on_every_cursor(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, store.reading() as cursor:
        assert cursor.execute("select current_setting('TimeZone')").fetchall() == [("UTC",)]


def test_the_text_column_is_zstd(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        text = "The minister said that the price of gas would not rise this winter. " * 40
        sightings = [a_sighting(f"{n} {text}", f"https://courier.example/{n}") for n in range(200)]
        load(store, run_id=RUN, sightings=sightings, rejects=[], loaded_at=NOON)
        store.connection.execute("checkpoint")

        rows = store.connection.execute(
            "select distinct compression from pragma_storage_info('articles') "
            "where column_name = 'text' and segment_type = 'VARCHAR'"
        ).fetchall()

        assert ("ZSTD",) in rows


def test_a_second_opener_is_told_who_is_at_work(tmp_path: Path) -> None:
    with open_store(tmp_path):
        message = refusal(tmp_path)

    assert f"another run (pid {os.getpid()}, since 20" in message
    fill(tmp_path)  # and afterwards it is free


def test_a_second_process_is_told_who_is_at_work(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from pipelines.store import open_store; "
        "held = open_store(pathlib.Path(sys.argv[1])); held.__enter__()"
    )
    with holding(tmp_path, code) as process:
        message = refusal(tmp_path)
        process.kill()

    assert f"another run (pid {process.pid}, since 20" in message
    assert article_count(tmp_path) == 0  # the lock died with its holder


@pytest.mark.parametrize("mode", ["True", "False"])
def test_a_file_held_by_another_program_is_refused(tmp_path: Path, mode: str) -> None:
    fill(tmp_path)
    code = f"import sys, duckdb; con = duckdb.connect(sys.argv[1] + '/{INGEST}', read_only={mode})"

    with holding(tmp_path, code) as process:
        message = refusal(tmp_path)
        process.kill()

    assert f"is held open by process {process.pid}" in message
    assert article_count(tmp_path) == 5


@pytest.mark.parametrize("kept", [0.0, 0.001, 0.3, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_refused_and_left_alone(tmp_path: Path, kept: float) -> None:
    fill(tmp_path, 500)
    path = tmp_path / INGEST
    size = int(path.stat().st_size * kept)
    os.truncate(path, size)

    message = refusal(tmp_path)

    assert str(path) in message
    assert "broken" in message
    assert path.stat().st_size == size


@pytest.mark.parametrize("content", [b"x", b"no database at all\n" * 5000, bytes(100_000)])
def test_what_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / INGEST
    path.write_bytes(content)

    message = refusal(tmp_path)

    assert str(path) in message
    assert path.read_bytes() == content


@pytest.mark.parametrize("place", [0.0, 0.02, 0.1, 0.5])
def test_a_file_with_overwritten_pages_is_refused_or_whole(tmp_path: Path, place: float) -> None:
    fill(tmp_path, 200)
    path = tmp_path / INGEST
    with path.open("r+b") as file:
        file.seek(int(path.stat().st_size * place))
        file.write(os.urandom(20_000))

    try:
        with open_store(tmp_path) as store:
            assert check(store) == []
    except StoreFault as fault:
        assert "\n" not in str(fault)  # noqa: PT017 - either way is right, a traceback is not


def test_a_wal_of_garbage_costs_nothing_that_was_written_out(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / f"{INGEST}.wal").write_bytes(b"garbage" * 1000)

    assert article_count(tmp_path) == 5


def test_a_wal_without_its_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / f"{INGEST}.wal").write_bytes(b"precious")

    message = refusal(tmp_path)

    assert ".wal" in message
    assert not (tmp_path / INGEST).exists()


def test_a_foreign_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / INGEST)) as connection:
        connection.execute("create table sales as select 1 as amount")

    assert "no Presswatch database (it has a table sales)" in refusal(tmp_path)

    with duckdb.connect(str(tmp_path / INGEST)) as connection:
        assert connection.execute("select table_name from duckdb_tables()").fetchall() == [("sales",)]


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.connection.execute("insert into migrations values (9999, '9999_future', 'x', now())")

    assert "newer Presswatch (schema 9999" in refusal(tmp_path)


def test_a_file_that_is_gone_starts_anew_from_the_analysts_copy(tmp_path: Path) -> None:
    fill(tmp_path)
    publish(tmp_path)
    (tmp_path / INGEST).unlink()

    assert article_count(tmp_path) == 5


def test_a_broken_analysts_copy_never_becomes_the_store(tmp_path: Path) -> None:
    (tmp_path / PUBLISHED).write_bytes(b"broken" * 10_000)

    assert PUBLISHED in refusal(tmp_path)

    assert not (tmp_path / INGEST).exists()


def test_what_a_killed_run_left_half_made_is_removed(tmp_path: Path) -> None:
    leftovers = [tmp_path / f".{INGEST}.new", tmp_path / f".{PUBLISHED}.new", tmp_path / f".{INGEST}.new.wal"]
    for leftover in leftovers:
        leftover.write_bytes(b"half")

    fill(tmp_path)

    assert not any(leftover.exists() for leftover in leftovers)


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")

    assert "data" in refusal(tmp_path / "data")


@pytest.mark.parametrize("is_filled", [False, True], ids=["empty", "filled"])
def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path, is_filled: bool) -> None:
    data = tmp_path / "data"
    data.mkdir()
    if is_filled:
        fill(data)
    code = "import sys; from pathlib import Path; from pipelines.store import open_store\n"
    code += "try:\n    with open_store(Path(sys.argv[1])): pass\nexcept Exception as fault: print(type(fault), fault)"
    data.chmod(0o555)
    for file in data.iterdir():
        file.chmod(0o444)

    ended = subprocess.run(
        [sys.executable, "-c", code, str(data)], capture_output=True, text=True, preexec_fn=as_somebody
    )

    assert ended.stdout.startswith("<class 'pipelines.model.StoreFault'>"), ended.stderr
    assert ended.stdout.count("\n") == 1
    assert "Permission denied" in ended.stdout


def test_settings_that_duckdb_refuses_are_no_fault_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(OperatorFault) as caught, open_store(tmp_path, memory_limit="lots"):
        pass

    assert not isinstance(caught.value, StoreFault)
    assert "\n" not in str(caught.value)


def fill_until_it_fails(data: Path) -> int:
    stored = 0
    with pytest.raises(StoreFault, match=r"^\S+: the disk is full"), open_store(data) as store:  # noqa: PT012
        while True:
            noise = [os.urandom(20_000).hex() for _ in range(20)]
            sightings = [a_sighting(text, f"https://courier.example/{stored + n}") for n, text in enumerate(noise)]
            load(store, run_id=RUN, sightings=sightings, rejects=[], loaded_at=NOON)
            stored += len(sightings)
    return stored


def test_a_full_disk_is_one_line_and_costs_nothing_that_was_stored(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, hard))
    try:
        stored = fill_until_it_fails(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert article_count(tmp_path) == stored > 0


def test_a_published_file_answers_while_the_store_is_held(tmp_path: Path) -> None:
    fill(tmp_path)
    publish(tmp_path)

    with open_store(tmp_path):
        assert list(query(tmp_path, "select count(*) from articles").rows) == [(5,)]
