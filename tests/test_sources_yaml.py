"""The repository's own sources.yaml: what it names, and that every example in its comments would hold."""

import json
import re
from pathlib import Path

import pytest

from pipelines.catalog import Catalog, load_catalog
from tests.newsroom.expected import load_pages
from tests.newsroom.outlets import OUTLETS

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(ROOT / "sources.yaml", environ={"NEWSROOM_PORT": "9999"})


def test_catalogue_names_each_source_that_the_newsroom_expects(catalog: Catalog) -> None:
    names = {source.name for source in catalog.sources if source.is_enabled}

    assert names == {name for page in load_pages() for name in page.sources}


def test_catalogue_uses_every_entrance_of_the_newsroom(catalog: Catalog) -> None:
    locations = {source.location for source in catalog.sources if source.kind != "files"}

    entrances = {f"http://{name}.localhost:9999{path}" for name, outlet in OUTLETS.items() for path in outlet.entrances}
    assert locations == entrances


def test_catalogue_covers_all_kinds_and_only_the_newsroom_may_reach_loopback(catalog: Catalog) -> None:
    assert {source.kind for source in catalog.sources} == {"feed", "listing", "sitemap", "files"}
    assert catalog.fetch.allow_networks == ()
    assert {(source.allow_networks, ".localhost:" in source.location) for source in catalog.sources} == {
        (("127.0.0.0/8",), True),
        ((), False),
    }
    assert [(rule.pattern, rule.pause_s) for rule in catalog.fetch.hosts] == [("*.localhost", 0)]


def test_every_commented_example_would_load(tmp_path: Path) -> None:
    lines = (ROOT / "sources.yaml").read_text(encoding="utf-8").splitlines()
    # What looks like YAML behind the mark; the rest is prose.
    code = re.compile(r'^( +)# ((?:- \{|- name:|  +\w+:|"\*).*)$')
    uncommented = [code.sub(r"\1\2", line) for line in lines]
    path = tmp_path / "sources.yaml"
    path.write_text("\n".join(uncommented), encoding="utf-8")
    (tmp_path / "tests" / "fixtures" / "seeds").mkdir(parents=True)

    found = load_catalog(path, environ={"MINISTRY_TOKEN": "secret"})

    own = load_catalog(ROOT / "sources.yaml", environ={})
    assert len(found.sources) >= len(own.sources) + 30
    assert len({source.country for source in found.sources}) >= 20
    assert len(found.fetch.hosts) == 2


def test_first_line_tells_editors_where_the_schema_is() -> None:
    first = (ROOT / "sources.yaml").read_text(encoding="utf-8").splitlines()[0]

    path = first.removeprefix("# yaml-language-server: $schema=")

    assert json.loads((ROOT / path).read_text(encoding="utf-8"))["$schema"].startswith("https://json-schema.org/")
