"""The command line: exit codes, one line for the operator's mistakes, no Prefect where none is needed."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from flows.cli.sources import with_scheme
from tests.flows.presswatch import COMMAND, ROOT, clean_environ, presswatch
from tests.newsroom import Newsroom
from tests.sites import Site

SEEDS = ROOT / "tests" / "fixtures" / "seeds"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the seeds were ingested once."""
    folder = tmp_path_factory.mktemp("seeds")
    (folder / "sources.yaml").write_text(f"sources:\n  - {{name: seeds, kind: files, path: '{SEEDS}'}}\n")
    ended = presswatch("run", "--json", cwd=folder)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["sources"][0]["new"] == 5
    return folder


def test_a_run_in_a_pipe_says_nothing_on_stderr(folder: Path) -> None:
    ended = presswatch("run", cwd=folder)

    assert ended.returncode == 0
    assert ended.stderr == ""
    assert "nothing new" in ended.stdout


@pytest.mark.parametrize(
    ("output", "start"),
    [("table", " "), ("csv", "title,"), ("json", "["), ("jsonl", '{"title"'), ("markdown", "| title |")],
)
def test_sql_writes_every_format(folder: Path, output: str, start: str) -> None:
    query = "from articles select title, authors order by title nulls last limit 1"

    ended = presswatch("sql", query, "--format", output, cwd=folder)

    assert ended.returncode == 0
    assert ended.stdout.startswith(start)
    assert "western disease" in ended.stdout
    assert "赵建东)" in ended.stdout


def test_sql_keeps_formulas_out_of_csv(folder: Path) -> None:
    ended = presswatch("sql", "select '=1+1' as a, -2 as b", "--format", "csv", cwd=folder)

    assert ended.stdout.split() == ["a,b", "'=1+1,-2"]


def test_sql_writes_json_that_others_read(folder: Path) -> None:
    query = "select 'nan'::double as a, 1.5::decimal(4, 2) as b, timestamptz '2026-01-02 03:04:05+00' as c, [1, 2] as d"

    as_json = presswatch("sql", query, "--json", cwd=folder)
    as_csv = presswatch("sql", query, "--format", "csv", cwd=folder)

    assert json.loads(as_json.stdout) == [{"a": None, "b": 1.5, "c": "2026-01-02T03:04:05Z", "d": [1, 2]}]
    assert as_csv.stdout.splitlines()[1].endswith('"[1, 2]"')


def test_sql_reads_a_query_from_stdin(folder: Path) -> None:
    command = [sys.executable, "-m", "flows.cli", "sql", "-", "--format", "csv"]

    ended = subprocess.run(
        command, cwd=folder, env=clean_environ(), input="select 42 as answer", capture_output=True, text=True
    )

    assert ended.stdout.split() == ["answer", "42"]


@pytest.mark.parametrize(
    "query", ["select nonsense from articles", "selekt 1", "delete from articles", "create table x (a integer)"]
)
def test_a_query_that_does_not_hold_is_told_without_a_traceback(folder: Path, query: str) -> None:
    ended = presswatch("sql", query, cwd=folder)

    assert ended.returncode == 2
    assert ended.stderr.startswith("presswatch: ")
    assert "Traceback" not in ended.stderr


def test_sql_before_the_first_run_says_what_to_do(tmp_path: Path) -> None:
    ended = presswatch("sql", "from articles", cwd=tmp_path)

    assert ended.returncode == 4
    assert ended.stderr.count("\n") == 1
    assert "presswatch run" in ended.stderr


def test_status_shows_every_source(folder: Path) -> None:
    ended = presswatch("status", "--json", cwd=folder)

    assert ended.returncode == 0
    assert [row["source"] for row in json.loads(ended.stdout)] == ["seeds"]


def test_a_table_in_a_pipe_has_no_blanks_at_its_ends_and_shows_text_as_it_is(folder: Path) -> None:
    ended = presswatch("sql", "select '[red]x[/red] :smile:' as a, true as b, 'longer than its head' as c", cwd=folder)

    assert all(line == line.rstrip() != "" for line in ended.stdout.splitlines())
    assert ended.stdout.splitlines()[2].split("  ") == [" [red]x[/red] :smile:", " true", " longer than its head"]


def test_sql_exports_files_and_reaches_no_network_by_itself(folder: Path, tmp_path: Path) -> None:
    exported = presswatch("sql", f"copy (from articles select title) to '{tmp_path}/x.csv'", cwd=folder)
    remote = presswatch("sql", "from 'http://127.0.0.1:9/x.csv'", cwd=folder)

    assert exported.returncode == 0
    assert len((tmp_path / "x.csv").read_text().splitlines()) == 6
    assert remote.returncode == 2
    assert "download" not in remote.stderr


def test_a_run_of_what_is_due_answers_from_the_store_when_nothing_is(folder: Path, tmp_path: Path) -> None:
    program = "import sys; sys.argv = ['presswatch', 'run', '--due', *sys.argv[1:]]; from flows.cli import main\n"
    program += "try: main()\nfinally: print('prefect' in sys.modules, file=sys.stderr)"

    said, as_json = (
        subprocess.run(
            [sys.executable, "-c", program, *more], cwd=folder, env=clean_environ(), capture_output=True, text=True
        )
        for more in ([], ["--json"])
    )

    assert (said.returncode, as_json.returncode) == (0, 0)
    assert (said.stderr.strip(), as_json.stderr.strip()) == ("False", "False")
    assert said.stdout.startswith("Nothing is due; next: seeds at 20")
    summary = json.loads(as_json.stdout)
    assert (summary["sources"], summary["next_due"]["source"]) == ([], "seeds")
    assert presswatch("run", "--due", "seeds", cwd=folder).returncode == 2


def test_status_for_monitors_says_who_needs_a_person_and_why(tmp_path: Path) -> None:
    dead = "  - {name: dead, kind: feed, url: 'http://127.0.0.1:9/feed'}\n"
    alive = f"  - {{name: seeds, kind: files, path: '{SEEDS}'}}\n"
    (tmp_path / "sources.yaml").write_text(f"sources:\n{alive}{dead}")
    presswatch("run", cwd=tmp_path)

    as_json = presswatch("status", "--json", cwd=tmp_path)
    said = presswatch("status", cwd=tmp_path)

    rows = json.loads(as_json.stdout)
    assert [(row["source"], row["health"], row["needs_person"]) for row in rows] == [
        ("dead", "failing", True),
        ("seeds", "ok", False),
    ]
    assert rows[0]["why"] == "private-address, 1 in a row"
    assert rows[1]["last_new_at"].endswith("Z")
    assert (as_json.returncode, said.returncode) == (1, 1)
    assert "dead: failing: private-address, 1 in a row" in said.stdout
    assert "1 of 2 sources need a person." in said.stdout


def test_status_alive_tells_whether_a_run_has_ended(folder: Path) -> None:
    assert presswatch("status", "--alive", "1h", cwd=folder).returncode == 0
    assert presswatch("status", "--alive", "0s", cwd=folder).returncode == 1


@pytest.mark.parametrize(
    ("catalogue", "told"),
    [
        ("sources:\n  - {name: a, kind: feed, url: 'ftp://x'}\n", "url"),
        ("sources:\n  - {name: a, kind: feed, url: 'http://x.org', evry: 5m}\n", "evry"),
        ("sources:\n  - {name: a, kind: feed, url: 'http://x.org/${NOT_SET_ANYWHERE}'}\n", "NOT_SET_ANYWHERE"),
        ("sources:\n  - {name: a, kind: files, path: .}\n  - {name: a, kind: files, path: .}\n", "a"),
        ("sources: []\n", "presswatch sources add"),
    ],
)
def test_a_bad_catalogue_is_one_line_and_code_2(tmp_path: Path, catalogue: str, told: str) -> None:
    (tmp_path / "sources.yaml").write_text(catalogue)

    ended = presswatch("run", cwd=tmp_path)

    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "sources.yaml" in ended.stderr
    assert told in ended.stderr


def test_a_missing_catalogue_and_an_unknown_source_are_code_2(tmp_path: Path, folder: Path) -> None:
    missing = presswatch("run", cwd=tmp_path)
    unknown = presswatch("run", "seed", cwd=folder)

    assert (missing.returncode, unknown.returncode) == (2, 2)
    assert "presswatch init" in missing.stderr
    assert "did you mean seeds?" in unknown.stderr


def test_an_unreachable_prefect_server_is_code_2(folder: Path) -> None:
    ended = presswatch("run", cwd=folder, PREFECT_API_URL="http://127.0.0.1:9/api", PRESSWATCH_SERVER_WAIT_S="1")

    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "http://127.0.0.1:9/api" in ended.stderr


def test_a_name_that_is_part_of_a_sources_is_enough_for_a_hint(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("sources:\n  - {name: alpha-politics-feed, kind: files, path: .}\n")

    ended = presswatch("run", "alpha", cwd=tmp_path)

    assert ended.returncode == 2
    assert "did you mean alpha-politics-feed?" in ended.stderr


def test_what_a_run_proposes_keeps_its_folder_and_its_sources(tmp_path: Path, folder: Path) -> None:
    sources = str(folder / "sources.yaml")

    ended = presswatch("run", "--data", "my data", "--sources", sources, cwd=tmp_path)

    proposed = [line for line in ended.stdout.splitlines() if line.startswith("  ")]
    assert ended.returncode == 0, ended.stderr
    assert len(proposed) == 3
    assert all(line.endswith(f" --data 'my data' --sources {sources}") for line in proposed)


@pytest.mark.parametrize("arguments", [["run"], ["run", "--due"], ["serve"]])
def test_too_little_memory_is_one_line_and_code_7(folder: Path, arguments: list[str]) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (600_000_000, 600_000_000))

    ended = subprocess.run(
        [*COMMAND, *arguments], cwd=folder, env=clean_environ(), preexec_fn=limit, capture_output=True, text=True
    )

    assert ended.returncode == 7, ended.stderr
    assert ended.stderr.splitlines() == [ended.stderr.strip()]
    assert "0.6 GB of memory" in ended.stderr


def test_a_bad_setting_is_code_2(folder: Path) -> None:
    ended = presswatch("run", cwd=folder, PRESSWATCH_BATCH_SIZE="many")

    assert ended.returncode == 2
    assert "PRESSWATCH_BATCH_SIZE" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_sources_that_fail_are_code_1_when_some_and_3_when_all(tmp_path: Path) -> None:
    dead = "  - {name: dead, kind: feed, url: 'http://127.0.0.1:9/feed'}\n"
    alive = f"  - {{name: seeds, kind: files, path: '{SEEDS}'}}\n"
    (tmp_path / "all.yaml").write_text(f"sources:\n{dead}")
    (tmp_path / "some.yaml").write_text(f"sources:\n{dead}{alive}")

    ends = [presswatch("run", "--sources", f"{name}.yaml", cwd=tmp_path).returncode for name in ("all", "some")]

    assert ends == [3, 1]
    assert presswatch("status", cwd=tmp_path).returncode == 1


def test_a_foreign_database_is_code_4(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "ingest.duckdb").write_bytes(b"not a database" * 4096)

    ended = presswatch("run", "--sources", str(folder / "sources.yaml"), cwd=tmp_path)

    assert ended.returncode == 4
    assert ended.stderr.count("\n") == 1
    assert (tmp_path / "data" / "ingest.duckdb").read_bytes().startswith(b"not a database")


def test_init_writes_a_catalogue_that_holds(tmp_path: Path) -> None:
    first = presswatch("init", cwd=tmp_path)
    again = presswatch("init", cwd=tmp_path)
    checked = presswatch("sources", "check", "--offline", cwd=tmp_path)

    assert (first.returncode, again.returncode, checked.returncode) == (0, 2, 0)
    assert "yaml-language-server" in (tmp_path / "sources.yaml").read_text()
    assert str(tmp_path / "sources.yaml") in first.stdout
    assert "sources.schema.json" in first.stdout
    assert (tmp_path / "sources.schema.json").exists()


def test_try_shows_a_page_or_why_not(tmp_path: Path) -> None:
    good = presswatch("try", str(SEEDS / "004_168605be3e04ff26.txt"), "--json", cwd=tmp_path)
    (tmp_path / "short.html").write_text("<html><body><p>Too short.</p></body></html>")
    bad = presswatch("try", "short.html", cwd=tmp_path)

    assert json.loads(good.stdout)["authors"] == ["Zhao Jiandong (赵建东)"]
    assert (good.returncode, bad.returncode) == (0, 1)
    assert "rejected: " in bad.stderr


def test_try_treats_a_page_as_its_source_would(tmp_path: Path) -> None:
    with Site() as site:
        site.feeds["/feed"] = ["/a"]
        (tmp_path / "sources.yaml").write_text(
            "fetch: {allow_networks: ['127.0.0.0/8']}\nsources:\n"
            f"  - {{name: strict, kind: feed, url: '{site.base}/feed', clean: {{min_words: 5000}}}}\n"
            f"  - {{name: lax, kind: feed, url: '{site.base}/other', headers: {{X-Token: secret}}}}\n"
        )
        of_site = presswatch("try", f"{site.base}/a", cwd=tmp_path)
        named = presswatch("try", "--source", "lax", f"{site.base}/a", "--json", cwd=tmp_path)
        late = presswatch("try", "--source", "lax", f"{site.base}/a", cwd=tmp_path, PRESSWATCH_PAGE_DEADLINE_S="0.0001")
        unknown = presswatch("try", "--source", "nobody", f"{site.base}/a", cwd=tmp_path)

    assert (of_site.returncode, named.returncode, late.returncode, unknown.returncode) == (1, 0, 1, 2)
    assert "as of source strict" in of_site.stderr
    assert "too-short" in of_site.stderr
    assert json.loads(named.stdout)["source"] == "lax"
    assert "clean-timeout" in late.stderr
    assert "nobody" in unknown.stderr


def test_adding_two_feeds_of_one_site_is_told(tmp_path: Path) -> None:
    with Newsroom(port=0) as newsroom:
        (tmp_path / "sources.yaml").write_text(
            "fetch: {allow_networks: ['127.0.0.0/8'], hosts: {'*.localhost': {pause: 0}}}\nsources: []\n"
        )
        ended = presswatch("sources", "add", "--all", newsroom.url("meridian", "/"), cwd=tmp_path)

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("added ") == 2
    assert "fetched once" in ended.stderr


@pytest.mark.parametrize("arguments", [["init"], ["sources", "add", "--all", "http://127.0.0.1:9/"]])
def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path, arguments: list[str]) -> None:
    ended = presswatch(*arguments, "--sources", str(tmp_path / "nowhere" / "sources.yaml"), cwd=tmp_path)

    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1


def test_opml_goes_out_and_comes_in(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("sources:\n  - {name: a, kind: feed, url: 'http://x.org/feed'}\n")
    presswatch("init", cwd=tmp_path)

    exported = presswatch("sources", "export", "list.opml", cwd=tmp_path)
    imported = presswatch("sources", "import", "list.opml", "--sources", "other.yaml", cwd=tmp_path)
    listed = presswatch("sources", "list", "--sources", "other.yaml", "--json", cwd=tmp_path)

    assert (exported.returncode, imported.returncode) == (0, 0)
    assert [row["location"] for row in json.loads(listed.stdout)] == ["http://x.org/feed"]


@pytest.mark.parametrize("arguments", [["--help"], ["run"], ["run", "--help"], ["sql", "select 1"], ["status"]])
def test_answers_come_without_prefect(folder: Path, arguments: list[str]) -> None:
    program = f"import sys; sys.argv = ['presswatch', *{arguments!r}]; from flows.cli import main\n"
    program += "try: main()\nfinally: print('prefect' in sys.modules, 'trafilatura' in sys.modules, file=sys.stderr)"

    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env=clean_environ(), capture_output=True, text=True
    )

    assert ended.stderr.split()[-2:] == ["False", "False"]


@pytest.mark.parametrize(
    "arguments", [["status", "--alive", "soon"], ["serve", "--every", "often"], ["serve", "--every", "0s"]]
)
def test_a_bad_duration_is_one_line_and_code_2(folder: Path, arguments: list[str]) -> None:
    ended = presswatch(*arguments, cwd=folder)

    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert arguments[1] in ended.stderr


def test_trying_a_file_that_is_not_there_is_code_2(tmp_path: Path) -> None:
    ended = presswatch("try", "nothing.html", cwd=tmp_path)

    assert ended.returncode == 2
    assert "nothing.html: no such file" in ended.stderr


def test_sources_are_removed_renamed_and_switched(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(
        "sources:\n  # The first.\n  - {name: a, kind: feed, url: https://a.org}\n  - {name: b, kind: files, path: .}\n"
    )

    steps = [("disable", "b"), ("rename", "b", "c"), ("remove", "a")]
    ended = [presswatch("sources", *step, cwd=tmp_path) for step in steps]
    unknown = presswatch("sources", "remove", "nobody", cwd=tmp_path)

    assert [each.returncode for each in ended] == [0, 0, 0]
    assert path.read_text() == "sources:\n  - {name: c, enabled: false, kind: files, path: .}\n"
    assert unknown.returncode == 2
    assert "no source is called 'nobody'" in unknown.stderr


def test_what_the_environment_holds_is_listed_and_exported_as_its_name(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("sources:\n  - {name: a, kind: feed, url: 'https://a.org/?key=${KEY}'}\n")

    shown = [
        presswatch("sources", *command, cwd=tmp_path, KEY="s3cret").stdout
        for command in (["list"], ["list", "--json"], ["export", "-"])
    ]

    assert all("${KEY}" in text and "s3cret" not in text for text in shown)


def test_an_import_says_what_it_leaves_out(tmp_path: Path) -> None:
    (tmp_path / "list.opml").write_text(
        "<opml><body><outline text='One' xmlUrl='https://a.org/feed?x=1&y=2'/>"
        "<outline text='Two' xmlUrl='https://user:s3cret@b.org/feed'/></body></opml>"
    )

    imported = presswatch("sources", "import", "list.opml", cwd=tmp_path)

    assert imported.returncode == 0
    assert "added one: feed https://a.org/feed?x=1&y=2" in imported.stdout
    assert "left out Two: its address holds a user or a password" in imported.stderr
    assert "s3cret" not in imported.stdout + imported.stderr


@pytest.mark.parametrize(
    ("given", "tried"),
    [
        ("example.org/feed", "https://example.org/feed"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("[::1]/feed", "http://[::1]/feed"),
        ("localhost", "http://localhost"),
        ("example.org:8080", "http://example.org:8080"),
        ("example.org:443", "https://example.org:443"),
        ("http://example.org", "http://example.org"),
    ],
)
def test_an_address_without_a_scheme_is_completed(given: str, tried: str) -> None:
    assert with_scheme(given) == tried


def test_a_page_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    words = "The harbour \x1b[2Jwas \u202eclosed\x9b31m for the day and opened again in the evening. " * 20
    (tmp_path / "page.html").write_text(
        f"<html><body><article><h1>A \u202etitle</h1><p>{words}</p></article></body></html>"
    )

    shown = presswatch("try", "page.html", cwd=tmp_path)
    as_json = presswatch("try", "page.html", "--json", cwd=tmp_path)

    assert shown.returncode == 0, shown.stderr
    assert not set("\x1b\x9b\u202e") & set(shown.stdout + shown.stderr + as_json.stdout)
