"""Without an archive, and what is asked of it wrongly: one line says so, at once."""

from pathlib import Path

import pytest

from tests.flows.presswatch import ROOT, presswatch


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the seeds were ingested without an archive."""
    folder = tmp_path_factory.mktemp("seeds")
    (folder / "sources.yaml").write_text(
        f"sources:\n  - {{name: seeds, kind: files, path: '{ROOT}/tests/fixtures/seeds'}}\n"
    )
    ended = presswatch("run", cwd=folder, PRESSWATCH_ARCHIVE="false")
    assert ended.returncode == 0, ended.stderr
    return folder


def test_the_archive_can_be_switched_off(seeds: Path) -> None:
    query = "select count(warc_file), any_value(is_archiving) from fetches join runs using (run_id)"

    ended = presswatch("sql", query, "--format", "csv", cwd=seeds)
    missing = presswatch("raw", (ROOT / "tests/fixtures/seeds/002_e9078585ef122712.txt").as_uri(), cwd=seeds)

    assert ended.stdout.splitlines()[1] == "0,false"
    assert not (seeds / "data" / "warc").exists()
    assert missing.stderr.endswith("is not kept\n")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["replay"], 2, "--candidate"),
        (["replay", "--candidate", "--promote"], 2, "--promote"),
        (["replay", "--candidate", "--since", "yesterday"], 2, "--since"),
        (["replay", "--candidate", "--source", "nobody"], 2, "no source is called 'nobody'"),
        (["upkeep"], 2, "PRESSWATCH_ARCHIVE_DAYS"),
        (["upkeep", "--dry-run"], 2, "PRESSWATCH_ARCHIVE_DAYS"),
        (["upkeep", "--gb", "-1"], 2, "--gb"),
    ],
)
def test_what_is_asked_wrongly_is_said_at_once(seeds: Path, arguments: list[str], code: int, told: str) -> None:
    ended = presswatch(*arguments, cwd=seeds)

    assert ended.returncode == code
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr


def test_replay_before_the_first_run_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("sources:\n  - {name: a, kind: files, path: .}\n")

    ended = presswatch("replay", "--candidate", cwd=tmp_path)

    assert ended.returncode == 4
    assert "presswatch run" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_zero_is_a_limit(seeds: Path) -> None:
    ended = presswatch("upkeep", "--days", "0", "--gb", "0", "--dry-run", cwd=seeds)

    assert ended.stdout.splitlines()[0] == "would remove 0 files, 0.00 GB"
