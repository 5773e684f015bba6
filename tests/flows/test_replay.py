"""The archive as an operator uses it: raw, replay, upkeep, over one run of the newsroom that has closed since."""

import asyncio
import hashlib
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from warcio.archiveiterator import ArchiveIterator

from pipelines.model import Cleaning
from pipelines.run.recleaning import ArchivedBatch, CleaningRules, read
from pipelines.store import Archived
from pipelines.store.data_folder import held
from tests.builders import a_fetch, an_entry
from tests.flows.presswatch import COMMAND, ROOT, clean_environ, presswatch
from tests.newsroom import Newsroom

TABLES = ("articles", "sightings", "fetches", "rejects", "polls", "run_tallies")
# What templates leave in the text stays, so texts change; short reports are no articles any more.
OTHER_RULES = "clean: {residue: false, read_more: false, min_words: 170}"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command: how it ended, what it said, and what the analysts' file held then."""

    code: int
    said: str
    complaint: str
    tables: dict[str, list[Row]]

    @property
    def answer(self) -> Any:
        assert self.said.startswith("{"), self.complaint
        return json.loads(self.said)

    def rows(self, table: str, **equal: object) -> list[Row]:
        return [row for row in self.tables[table] if all(row[name] == value for name, value in equal.items())]


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """The steps in their order, and the folder they were made in."""

    folder: Path
    ingested: Step
    raw: "subprocess.CompletedProcess[bytes]"  # of the first article
    differing: Step  # a candidate by other rules, while somebody else held the data folder
    locked: Step  # a promotion at that time
    promoted: Step
    back: Step  # promoted by the first rules again
    thinned: Step  # the raw pages of the courier removed, those of all others kept
    dry: Step
    emptied: Step  # all raw pages removed


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    folder = tmp_path_factory.mktemp("walk")
    rules = (ROOT / "sources.yaml").read_text().replace("path: tests/", f"path: {ROOT}/tests/")
    with Newsroom(port=0) as newsroom:
        # Beyond this block nobody answers: what follows needs no network.
        rules = rules.replace("${NEWSROOM_PORT:-8808}", str(newsroom.port))
        _write_rules(folder, rules)
        ingested = _step(folder, "run", "--json")
    assert ingested.code == 0, ingested.complaint
    command = [*COMMAND, "raw", str(ingested.rows("articles")[0]["article_id"])]
    raw = subprocess.run(command, cwd=folder, env=clean_environ(), capture_output=True)
    shutil.copytree(folder / "data" / "warc", folder / "warc")
    _write_rules(folder, rules, OTHER_RULES)
    with held(folder / "data"):
        differing = _step(folder, "replay", "--candidate")
        locked = _step(folder, "replay", "--promote")
    promoted = _step(folder, "replay", "--promote", "--json")
    _write_rules(folder, rules)
    back = _step(folder, "replay", "--promote", "--since", "2020-01-01", "--json")
    _write_rules(folder, rules.replace("name: courier\n", "name: courier\n    archive: {gb: 0.000000001}\n"))
    thinned = _step(folder, "upkeep", "--json")
    _write_rules(folder, rules)
    return Walk(
        folder=folder,
        ingested=ingested,
        raw=raw,
        differing=differing,
        locked=locked,
        promoted=promoted,
        back=back,
        thinned=thinned,
        dry=_step(folder, "upkeep", "--gb", "0.000001", "--dry-run"),
        emptied=_step(folder, "upkeep", "--gb", "0.000001", "--json"),
    )


def _write_rules(folder: Path, rules: str, defaults: str | None = None) -> None:
    assert "defaults:\n" in rules
    told = rules if defaults is None else rules.replace("defaults:\n", f"defaults:\n  {defaults}\n")
    (folder / "sources.yaml").write_text(told)


def _step(folder: Path, *arguments: str) -> Step:
    ended = presswatch(*arguments, cwd=folder)
    return Step(code=ended.returncode, said=ended.stdout, complaint=ended.stderr, tables=_tables(folder))


def _tables(folder: Path) -> dict[str, list[Row]]:
    tables = {}
    with duckdb.connect(str(folder / "data" / "presswatch.duckdb"), read_only=True) as connection:
        for table in TABLES:
            cursor = connection.execute(f"from {table}")
            names = [column for column, *_ in cursor.description or ()]
            records = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            tables[table] = sorted(records, key=lambda record: str(list(record.values())[:3]))
    return tables


def _without(tables: dict[str, list[Row]], *names: str) -> dict[str, list[Row]]:
    return {
        table: [{name: value for name, value in row.items() if name not in names} for row in rows]
        for table, rows in tables.items()
    }


# ── The archive of the run ────────────────────────────────────────────────────────────────────────────────────────


def test_every_page_that_was_fetched_is_in_the_archive_also_where_it_was_rejected(walk: Walk) -> None:
    assert walk.ingested.code == 0, walk.ingested.complaint
    fetches = walk.ingested.rows("fetches")

    kept = [row for row in fetches if row["warc_file"]]

    assert {row["outcome"] for row in kept} == {"new", "seen", "rejected"}
    assert {(row["outcome"], row["stage"]) for row in fetches if not row["warc_file"]} == {("rejected", "fetch")}
    assert {row["fetch_id"] for row in kept} == {row["fetch_id"] for row in fetches if row["digest"]}


def test_warcio_finds_the_run_in_one_file_with_every_digest_right(walk: Walk) -> None:
    kept = {str(row["fetch_id"]): row for row in walk.ingested.rows("fetches") if row["warc_file"]}
    (file,) = {row["warc_file"] for row in kept.values()}

    with (walk.folder / "warc" / file).open("rb") as stream:
        found = {
            record.rec_headers.get_header("WARC-Record-ID").removeprefix("<urn:uuid:").removesuffix(">"): (
                record.rec_type,
                hashlib.sha256(record.content_stream().read()).hexdigest(),
            )
            for record in ArchiveIterator(stream, check_digests="raise")
            if record.rec_type != "warcinfo"
        }

    expected = {key: ("response" if row["status"] else "resource", row["digest"]) for key, row in kept.items()}
    assert found == expected
    assert walk.thinned.answer["thinned"] == [file]


def test_raw_leads_from_an_article_to_its_page(walk: Walk) -> None:
    article = walk.ingested.rows("articles")[0]
    (fetch,) = walk.ingested.rows("fetches", fetch_id=article["fetch_id"])

    assert walk.raw.returncode == 0, walk.raw.stderr
    assert hashlib.sha256(walk.raw.stdout).hexdigest() == fetch["digest"]


def test_a_candidate_needs_no_lock_and_no_network_and_shows_what_would_change(walk: Walk) -> None:
    assert walk.differing.code == 0, walk.differing.complaint
    said = walk.differing.said

    assert "seeds: texts: file://" in said
    assert "  + Leave a Reply\n" in said
    assert ": lost: " in said
    assert "  + too-short: " in said
    assert "To make it current: " in said
    assert walk.differing.tables == walk.ingested.tables


def test_promoting_needs_the_lock(walk: Walk) -> None:
    assert walk.locked.code == 4
    assert walk.locked.complaint.count("\n") == 1
    assert walk.locked.tables == walk.ingested.tables


def test_promoting_makes_it_current_and_keeps_every_promise(walk: Walk) -> None:
    assert walk.promoted.code == 0, walk.promoted.complaint
    answer = walk.promoted.answer
    before, now = walk.ingested, walk.promoted

    texts = "\n".join(row["text"] for row in now.rows("articles"))
    assert "Leave a Reply" in texts
    assert "Leave a Reply" not in "\n".join(row["text"] for row in before.rows("articles"))
    assert answer["promoted"]["exchanges"] > 0
    assert answer["violations"] == []
    lost = sum(source["lost"] for source in answer["sources"])
    assert lost > 0
    assert len(now.rows("rejects")) == len(before.rows("rejects")) + lost
    assert {row["article_id"] for row in now.rows("sightings")} == {row["article_id"] for row in now.rows("articles")}
    assert not (walk.folder / "data" / ".candidate.duckdb.new").exists()


def test_articles_with_the_same_text_keep_their_ids_and_first_sightings(walk: Walk) -> None:
    before = {row["article_id"]: row for row in walk.ingested.rows("articles")}
    now = {row["article_id"]: row for row in walk.promoted.rows("articles")}
    pairs = {
        key: [(row["article_id"], row["url_id"]) for row in walk.ingested.rows("sightings", article_id=key)]
        for key in before
    }
    still = {(row["article_id"], row["url_id"]) for row in walk.promoted.rows("sightings")}

    same = {key for key in before.keys() & now.keys() if still.issuperset(pairs[key])}

    assert same
    for key in same:
        assert {**now[key], "loaded_at": None} == {**before[key], "loaded_at": None}


def test_promoting_back_restores_all(walk: Walk) -> None:
    assert walk.back.code == 0, walk.back.complaint

    assert walk.back.answer["promoted"]["exchanges"] == walk.promoted.answer["promoted"]["exchanges"]
    assert _without(walk.back.tables, "loaded_at") == _without(walk.ingested.tables, "loaded_at")
    assert not (walk.folder / "data" / "candidate.duckdb").exists()


def test_replays_are_runs(walk: Walk) -> None:
    ended = presswatch("sql", "from runs select flow, status order by started_at", "--format", "csv", cwd=walk.folder)

    assert ended.stdout.split() == [
        "flow,status",
        "ingest,completed",
        *["replay,completed"] * 2,
        *["upkeep,completed"] * 2,
    ]


# ── Upkeep ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_upkeep_takes_the_pages_of_one_source_out_of_a_file_that_all_share(walk: Walk) -> None:
    before = {row["fetch_id"]: row for row in walk.back.rows("fetches") if row["warc_file"]}
    now = {row["fetch_id"]: row for row in walk.thinned.rows("fetches")}
    going = {key for key, row in before.items() if row["source"] == "courier"}

    (file,) = {now[key]["warc_file"] for key in before if key not in going}

    assert walk.thinned.answer["kept_count"] == 1
    assert file.endswith(".1.warc.gz")
    assert {key for key, row in now.items() if row["raw_removed_at"]} == going
    assert {now[key]["warc_file"] for key in going} == {None}
    assert walk.thinned.answer["page_count"] == len(going) > 0
    assert walk.emptied.answer["removed"] == [file]
    for key in before.keys() - going:
        assert now[key] == {**before[key], "warc_file": file, "warc_offset": now[key]["warc_offset"]}


def test_upkeep_removes_raw_pages_and_says_until_when_they_were_kept(walk: Walk) -> None:
    assert walk.dry.said.startswith("would remove 1 files")
    assert walk.dry.tables == walk.thinned.tables
    assert walk.emptied.code == 0, walk.emptied.complaint

    fetches = walk.emptied.rows("fetches")

    kept_before = [row for row in walk.thinned.rows("fetches") if row["warc_file"]]
    assert walk.emptied.answer["page_count"] == len(kept_before)
    assert [row["warc_file"] for row in fetches if row["warc_file"]] == []
    ever_kept = {row["fetch_id"] for row in walk.back.rows("fetches") if row["warc_file"]}
    assert {row["fetch_id"] for row in fetches if row["raw_removed_at"]} == ever_kept
    assert {row["digest"] for row in fetches} == {row["digest"] for row in walk.back.rows("fetches")}
    assert walk.emptied.rows("articles") == walk.back.rows("articles")
    assert list((walk.folder / "data" / "warc").rglob("*")) == []


def test_what_was_removed_is_said_so(walk: Walk) -> None:
    removed = presswatch("raw", str(walk.back.rows("articles")[0]["article_id"]), cwd=walk.folder)
    unknown = presswatch("raw", "nonsense", cwd=walk.folder)

    assert (removed.returncode, unknown.returncode) == (2, 2)
    assert "is not kept: it was removed on" in removed.stderr
    assert unknown.stderr.count("\n") == 1


def test_a_record_that_is_broken_costs_only_itself(walk: Walk) -> None:
    data = walk.folder / "broken"
    shutil.copytree(walk.folder / "warc", data / "warc")
    shutil.copy(walk.folder / "data" / "presswatch.duckdb", data)
    kept = [row for row in walk.ingested.rows("fetches") if row["warc_file"]]
    path = data / "warc" / kept[0]["warc_file"]
    stored = bytearray(path.read_bytes())
    stored[kept[0]["warc_offset"] + 200] ^= 255
    path.write_bytes(stored)
    archived = [_archived(row) for row in kept]

    rules = CleaningRules(by_source={row["source"]: Cleaning() for row in kept})
    found = asyncio.run(read(ArchivedBatch(number=1, archived=archived), data, rules))

    assert [one.fetch_id for one in found.broken] == [kept[0]["fetch_id"]]
    assert str(path) in (found.broken[0].fault or "")
    assert [page.fetch for page in found.pages] == [one.fetch for one in archived[1:]]
    assert [hashlib.sha256(page.content).hexdigest() for page in found.pages] == [row["digest"] for row in kept[1:]]


def _archived(row: Row) -> Archived:
    entry = an_entry(row["url"], source=row["source"])
    names = ("fetch_id", "final_url", "status", "digest", "warc_file", "warc_offset", "warc_length")
    return Archived(entry=entry, fetch=a_fetch(**{name: row[name] for name in names}))
