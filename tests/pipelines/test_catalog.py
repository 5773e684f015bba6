import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.catalog import (
    Catalog,
    Listed,
    add_sources,
    disable_source,
    enable_source,
    json_schema,
    load_catalog,
    read_opml,
    remove_source,
    rename_source,
    starter,
    unique_name,
    write_opml,
    write_starter,
)
from pipelines.model import Cleaning, ConfigFault, HostRule, Retention, Source

ROOT = Path(__file__).parents[2]


def load(folder: Path, text: str, **environ: str) -> Catalog:
    path = folder / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    for name in ("texts", "clippings"):
        (folder / name).mkdir(exist_ok=True)
    return load_catalog(path, environ=environ)


def only(folder: Path, source: str, **environ: str) -> Source:
    (found,) = load(folder, f"sources:\n  - {source}\n", **environ).sources
    return found


def fault(folder: Path, text: str, **environ: str) -> str:
    with pytest.raises(ConfigFault) as caught:
        load(folder, text, **environ)
    line = str(caught.value)
    assert "\n" not in line
    return line


FULL = """\
fetch:
  contact: "editor@example.org"
  allow_networks: ["127.0.0.0/8"]
  hosts: {"*.localhost": {pause: 0, connections: 4}, example.org: {pause: 5s}, example.net: {pause: 500ms}}
defaults: {every: 45m, language: ru, tags: [all], clean: {min_words: 20, residue: false},
           archive: {days: 90}}
sources:
  - {name: courier, kind: feed, url: "http://courier.localhost:${PORT:-8808}/feed.xml", every: 15m, language: en-GB,
     country: "no", tags: [x, y, x], headers: {Authorization: "Bearer ${TOKEN}"},
     clean: {min_words: 5, body: "div > p"}}
  - {name: archive, kind: sitemap, url: https://example.org/sitemap.xml, pattern: '/20\\d\\d/', enabled: no}
  - {name: index, kind: listing, url: https://example.org/, selector: h2 a, archive: {gb: 2.5}}
  - {name: seeds, kind: files, path: texts, pattern: "**/*.txt", every: 1d12h, every_min: 1h}
"""


def test_zone_of_a_source_reaches_its_cleaning(tmp_path: Path) -> None:
    source = only(tmp_path, "{name: a, kind: feed, url: https://a.org, timezone: Europe/Berlin}")

    assert (source.timezone, source.cleaning.timezone) == ("Europe/Berlin", "Europe/Berlin")


def test_a_whole_catalogue_becomes_sources_and_rules(tmp_path: Path) -> None:
    catalog = load(tmp_path, FULL, TOKEN="s3cret")

    courier, archive, index, seeds = catalog.sources
    assert courier == Source(
        name="courier",
        kind="feed",
        location="http://courier.localhost:8808/feed.xml",
        every=timedelta(minutes=15),
        language="en",
        country="NO",
        tags=("x", "y"),
        headers={"Authorization": "Bearer s3cret"},
        secrets={"s3cret": "${TOKEN}"},
        cleaning=Cleaning(min_words=5, residue=False, body="div > p"),
        retention=Retention(days=90),
    )
    assert index.retention == Retention(days=90, gb=2.5)
    assert (archive.kind, archive.pattern, archive.is_enabled) == ("sitemap", r"/20\d\d/", False)
    assert (archive.every, archive.language, archive.tags) == (timedelta(minutes=45), "ru", ("all",))
    assert (index.kind, index.selector, index.cleaning.min_words) == ("listing", "h2 a", 20)
    assert (seeds.location, seeds.pattern) == (str(tmp_path / "texts"), "**/*.txt")
    assert (seeds.every, seeds.every_min, seeds.every_max) == (timedelta(hours=36), timedelta(hours=1), None)
    assert catalog.fetch.contact == "editor@example.org"
    assert catalog.fetch.allow_networks == ("127.0.0.0/8",)
    assert catalog.fetch.hosts == (
        HostRule(pattern="*.localhost", pause_s=0, connections=4),
        HostRule(pattern="example.org", pause_s=5, connections=1),
        HostRule(pattern="example.net", pause_s=0.5, connections=1),
    )
    assert [source.name for source in catalog.sources if source.is_enabled] == ["courier", "index", "seeds"]


def test_the_port_comes_from_the_environment_where_it_is_set(tmp_path: Path) -> None:
    source = only(tmp_path, '{name: a, kind: feed, url: "http://a.localhost:${PORT:-8808}/"}', PORT="9")

    assert source.location == "http://a.localhost:9/"


def test_any_value_may_be_a_placeholder(tmp_path: Path) -> None:
    text = "{name: '${N}', kind: '${K}', url: '${U}', every: '${E}', enabled: '${B}', tags: ['${T}'],"
    text += " clean: {min_words: '${W}'}}"

    source = only(tmp_path, text, N="a", K="feed", U="https://a.org", E="2h", B="false", W="7", T="t")

    assert (source.name, source.every, source.is_enabled) == ("a", timedelta(hours=2), False)
    assert (source.cleaning.min_words, source.tags) == (7, ("t",))


def test_an_empty_variable_takes_the_default_and_two_dollars_are_literal(tmp_path: Path) -> None:
    source = only(
        tmp_path, "{name: a, kind: feed, url: https://a.org, tags: ['${T:-none}', '$${T}', '${E}x']}", T="", E=""
    )

    assert source.tags == ("none", "${T}", "x")


def test_norway_stays_norway(tmp_path: Path) -> None:
    source = only(tmp_path, "{name: a, kind: feed, url: https://a.org, country: NO, language: no}")

    assert (source.country, source.language) == ("NO", "no")


def test_a_key_without_a_value_counts_as_not_given(tmp_path: Path) -> None:
    catalog = load(
        tmp_path, "fetch:\ndefaults:\nsources:\n  - name: a\n    kind: feed\n    url: https://a.org\n    tags:\n"
    )

    assert catalog.sources[0].every == timedelta(minutes=30)


SOURCE = "sources:\n  - {name: courier, kind: feed, url: https://a.org%s}\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file is empty; `presswatch init` writes one"),
        ("# nothing but this\n", "the file is empty"),
        ("sources: [\n", "sources.yaml:2: not valid YAML"),
        ("sources:\n\t- x\n", "sources.yaml:2: not valid YAML"),
        ("a: &a [*a]\n", "nested too deeply"),
        ("[]\n", "sources.yaml:1: must hold keys, one a line"),
        ("fetch: {}\n", "key 'sources': is missing"),
        ("sources: x\n", "sources.yaml:1: key 'sources': must be a list"),
        ("sources:\n  - x\n", "source 1: must hold keys, one a line"),
        ("sources: []\nsource: []\n", "sources.yaml:2: key 'source': unknown key; did you mean 'sources'?"),
        ("sources: []\nsources: []\n", "sources.yaml:2: key 'sources': is given twice"),
        ("sources: []\n? [a]\n: b\n", "sources.yaml:2: a key must be a plain word"),
        (SOURCE % ", evry: 15m", "sources.yaml:2: source 'courier', key 'evry': unknown key; did you mean 'every'?"),
        (SOURCE % ", path: x", "key 'path': unknown key; it belongs to kind files and warc, and this one is 'feed'"),
        (SOURCE % ", zzz: x", "key 'zzz': unknown key"),
        (SOURCE % ", clean: {min_word: 1}", "key 'clean.min_word': unknown key; did you mean 'min_words'?"),
        (SOURCE % ", clean: {min_words: many}", "key 'clean.min_words': 'many' is no whole number"),
        (SOURCE % ", clean: {body: 'p['}", "key 'clean.body': 'p[' is no CSS selector"),
        (SOURCE % ", clean: {remove: [p, '<']}", "key 'clean.remove.1': '<' is no CSS selector"),
        (SOURCE % ", archive: {day: 1}", "key 'archive.day': unknown key; did you mean 'days'?"),
        (SOURCE % ", archive: {days: 0}", "key 'archive.days': '0' input should be greater than or equal to 1"),
        (SOURCE % ", every: soon", "key 'every': 'soon' is no duration: write 90s, 15m, 2h, 1d or 1h30m"),
        (SOURCE % ", every: 0s", "key 'every': '0s' lies outside 1s to 366d"),
        (SOURCE % ", every: 9999999999999w", "key 'every': '9999999999999w' is longer than the calendar"),
        (SOURCE % ", every_min: 1h", "key 'every_min': is longer than every"),
        (SOURCE % ", every: 2h, every_max: 1h", "key 'every_max': is shorter than every"),
        (
            "defaults: {every_max: 1h}\n" + SOURCE % ", every: 2h",
            "source 'courier', key 'every_max': is shorter than every",
        ),
        (SOURCE % ", enabled: maybe", "key 'enabled': 'maybe' is neither true nor false"),
        (SOURCE % ", language: english", "key 'language': 'english' is no language code"),
        (SOURCE % ", country: Russia", "key 'country': 'Russia' is no two-letter country code"),
        (SOURCE % ", timezone: Berlin", "key 'timezone': 'Berlin' is no time zone such as Europe/Berlin"),
        (SOURCE % ", timezone: ../etc/passwd", "key 'timezone': '../etc/passwd' is no time zone"),
        (SOURCE % ", tags: x", "key 'tags': must be a list"),
        (SOURCE % ", headers: {'Bad Name': x}", "'Bad Name' is no header name"),
        (SOURCE % ', headers: {X: "a\\nb"}', "the value of X holds characters that no header may hold"),
        (SOURCE % ", headers: {X: '${TOKEN}'}", "key 'headers.X': the environment variable TOKEN is not set"),
        (SOURCE % ", tags: ['${1}']", "key 'tags.0': a placeholder is ${NAME} or ${NAME:-default}"),
        ("sources:\n  - {kind: feed, url: https://a.org}\n", "source 1, key 'name': is missing"),
        ("sources:\n  - {name: a, url: https://a.org}\n", "source 'a', key 'kind': is missing; it is one of feed, "),
        (
            "sources:\n  - {name: a, kind: rss}\n",
            "source 'a', key 'kind': 'rss' is none of feed, sitemap, listing, files",
        ),
        ("sources:\n  - {name: a, kind: feed}\n", "source 'a', key 'url': is missing"),
        ("sources:\n  - {name: a, kind: feed, ulr: https://a.org}\n", "key 'ulr': unknown key; did you mean 'url'?"),
        ("sources:\n  - {name: Ä b, kind: feed, url: https://a.org}\n", "key 'name': 'Ä b' may hold a-z, 0-9, _ and -"),
        ("sources:\n  - {name: a, kind: feed, url: a.org}\n", "key 'url': 'a.org' is no absolute http(s) URL"),
        ("sources:\n  - {name: a, kind: feed, url: 'https://'}\n", "key 'url': 'https://' is no URL with a host"),
        ("sources:\n  - {name: a, kind: feed, url: 'https://a b.org'}\n", "has white space in it"),
        ("sources:\n  - {name: a, kind: feed, url: 'https://u:p@a.org'}\n", "must not hold credentials"),
        ("sources:\n  - {name: a, kind: listing, url: https://a.org, selector: 'a['}\n", "'a[' is no CSS selector"),
        ("sources:\n  - {name: a, kind: sitemap, url: https://a.org, pattern: '('}\n", "'(' is no regular expression"),
        ("sources:\n  - {name: a, kind: files}\n", "key 'path': is missing"),
        ("sources:\n  - {name: a, kind: files, path: x, pattern: ../*}\n", "'../*' must stay below the path"),
        (
            "sources: []\nfetch: {allow_networks: [10.0.0.1/8]}\n",
            "key 'fetch.allow_networks.0': '10.0.0.1/8' is no network",
        ),
        ("sources: []\nfetch: {hosts: {'a b': {}}}\n", "is no host or host pattern"),
        (
            "sources: []\nfetch: {hosts: {a.org: {pauze: 1}}}\n",
            "key 'fetch.hosts.a.org.pauze': unknown key; did you mean",
        ),
        ("sources: []\nfetch: {hosts: {a.org: {pause: -1}}}\n", "'-1' lies outside 0 to 3600 seconds"),
        ("sources: []\nfetch: {hosts: {a.org: {pause: nan}}}\n", "'nan' lies outside 0 to 3600 seconds"),
        ("sources: []\nfetch: {contact: 'my desk'}\n", "'my desk' is no mail or web address"),
        ("sources: []\ndefaults: {url: x}\n", "key 'defaults.url': unknown key"),
    ],
)
def test_what_does_not_hold_is_told_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    line = fault(tmp_path, text)

    assert told in line
    assert "sources.yaml" in line


def test_the_second_source_of_a_name_is_refused(tmp_path: Path) -> None:
    text = "sources:\n  - {name: a, kind: feed, url: https://a.org}\n  - {name: a, kind: files, path: texts}\n"

    assert fault(tmp_path, text).startswith(
        "sources.yaml:3: source 'a', key 'name': the name is taken by the source on line 2"
    )


def test_the_line_is_that_of_the_key(tmp_path: Path) -> None:
    text = "sources:\n  - name: a\n    kind: feed\n    url: https://a.org\n\n    every: never\n"

    assert fault(tmp_path, text).startswith("sources.yaml:6: source 'a', key 'every'")


def test_all_faults_of_a_file_are_shown_at_once_a_line_each(tmp_path: Path) -> None:
    text = (
        "fetch: {contract: a@b.c}\nsources:\n"
        "  - {name: a, kind: feed, url: https://a.org, evry: x, language: x}\n"
        "  - {name: b, kind: feed, url: '${NOT_SET}'}\n"
        "  - {name: c, kind: files, path: none}\n"
        "  - {name: d, kind: feed, url: https://d.org, every: 1h, every_min: 2h}\n"
        "  - {name: d, kind: feed, url: https://d.org/, every: 1h}\n"
        "sources: []\n"
    )

    with pytest.raises(ConfigFault) as caught:
        load(tmp_path, text)

    assert str(caught.value).splitlines() == [
        "sources.yaml:1: key 'fetch.contract': unknown key; did you mean 'contact'?",
        "sources.yaml:3: source 'a', key 'language': 'x' is no language code such as en, ru or pt-BR",
        "sources.yaml:3: source 'a', key 'evry': unknown key; did you mean 'every'?",
        "sources.yaml:4: source 'b', key 'url': the environment variable NOT_SET is not set",
        "sources.yaml:5: source 'c', key 'path': there is no such file or folder",
        "sources.yaml:6: source 'd', key 'every_min': is longer than every",
        "sources.yaml:7: source 'd', key 'name': the name is taken by the source on line 6",
        "sources.yaml:7: source 'd', key 'url': it is the URL of source 'd' on line 6",
        "sources.yaml:8: key 'sources': is given twice",
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("kind: rss", "feed"),
        ("kind: feeds", "feed"),
        ("kind: news-sitemap", "sitemap"),
        ("kind: feed, interval: 1h", "every"),
        ("kind: feed, lang: en", "language"),
        ("kind: feed, exclude: x", "block"),
        ("kind: feed, link: https://b.org", "url"),
        ("kind: feed, url: www.x.org", "https://www.x.org"),
        ("kind: feed, url: x.org/feed", "https://x.org/feed"),
    ],
)
def test_a_near_name_is_suggested(tmp_path: Path, written: str, meant: str) -> None:
    with pytest.raises(ConfigFault, match=re.escape(f"did you mean {meant!r}?")):
        only(tmp_path, f"{{name: a, {written}}}")


def test_two_sources_of_one_page_may_take_different_entries_of_it(tmp_path: Path) -> None:
    text = "sources:\n" + "".join(
        f"  - {{name: {name}, kind: feed, url: https://a.org{rest}}}\n"
        for name, rest in (("a", ""), ("b", ", pattern: /sport/"), ("c", ", block: /sport/"))
    )

    assert [source.block for source in load(tmp_path, text).sources] == [None, None, "/sport/"]


def test_a_disabled_source_may_lie_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert not only(tmp_path, "{name: a, kind: files, path: none, enabled: false}").is_enabled


def test_private_networks_are_allowed_source_by_source(tmp_path: Path) -> None:
    a, b = load(
        tmp_path,
        "sources:\n  - {name: a, kind: feed, url: https://a.org, allow_networks: [10.0.0.0/8]}\n"
        "  - {name: b, kind: feed, url: https://b.org}\n",
    ).sources

    assert (a.allow_networks, b.allow_networks) == (("10.0.0.0/8",), ())
    assert "is no network" in fault(tmp_path, SOURCE % ", allow_networks: [10.0.0.1/8]")


def test_what_the_environment_fills_in_is_shown_as_its_placeholder(tmp_path: Path) -> None:
    source = only(
        tmp_path,
        '{name: a, kind: feed, url: "https://${HOST}.org:${PORT:-80}/f?key=${KEY}", headers: {X: "Bearer ${TOKEN}"}}',
        HOST="desk",
        KEY="a+b/c",
        TOKEN="t0ken",
    )

    assert source.location == "https://desk.org:80/f?key=a+b/c"
    assert source.shown_location == "https://${HOST}.org:80/f?key=${KEY}"
    assert source.hide_secrets("moved to https://desk.org/f?key=a%2Bb%2Fc&t=t0ken") == (
        "moved to https://desk.org/f?key=${KEY}&t=${TOKEN}"
    )
    assert "t0ken" not in repr(source)
    assert "a+b" not in write_opml([source])


def test_a_default_is_no_secret(tmp_path: Path) -> None:
    source = only(tmp_path, '{name: a, kind: feed, url: "https://a.org/?key=${KEY:-open1}"}')

    assert (source.shown_location, source.location_template) == ("https://a.org/?key=open1", None)
    assert source.hide_secrets("open1") == "open1"


def test_a_secret_is_never_shown(tmp_path: Path) -> None:
    line = fault(tmp_path, "sources:\n  - {name: a, kind: feed, url: '${SECRET}'}\n", SECRET="hunter2")

    assert "hunter2" not in line
    assert "'${SECRET}'" in line


def test_a_missing_file_a_folder_and_another_charset_are_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigFault, match="there is no such file; `presswatch init` writes one"):
        load_catalog(tmp_path / "none.yaml", environ={})
    with pytest.raises(ConfigFault, match="is a folder"):
        load_catalog(tmp_path, environ={})
    (tmp_path / "latin.yaml").write_bytes("sources: [] # ä".encode("latin-1"))
    with pytest.raises(ConfigFault, match="is not UTF-8"):
        load_catalog(tmp_path / "latin.yaml", environ={})


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["sources", "fetch", "defaults", "name", "kind", "url", "clean", "hosts", "every", "x"]
                ),
                inner | st.sampled_from(["feed", "files", "https://a.org", "${A}", "a"]),
                max_size=4,
            )
        ),
    )
)
def test_any_yaml_loads_or_is_refused_by_lines(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(yaml.safe_dump(value), encoding="utf-8")

    told = ""
    try:
        load_catalog(path, environ={})
    except ConfigFault as error:
        told = str(error)
    assert all(line.startswith(("any.yaml", str(path))) for line in told.splitlines())


# The schema.


def schema_problems(text: str) -> list[Any]:
    return list(jsonschema.Draft202012Validator(json.loads(json_schema())).iter_errors(yaml.safe_load(text)))


def test_the_published_schema_is_current() -> None:
    published = (ROOT / "docs" / "reference" / "sources.schema.json").read_text("utf-8")

    assert published == json_schema(), "run: python -m pipelines.catalog > docs/reference/sources.schema.json"


def test_the_schema_is_one_and_takes_what_the_loader_takes() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(json_schema()))

    assert not schema_problems(FULL.replace("enabled: no", "enabled: false"))
    assert not schema_problems("sources: [{name: '${N}', kind: '${K}', url: '${U}', every: '${E}', enabled: '${B}'}]")
    assert not schema_problems((ROOT / "sources.yaml").read_text("utf-8"))
    assert not schema_problems(starter())


@pytest.mark.parametrize(
    "text",
    [
        "sources: [{name: a, kind: rss, url: 'https://a.org'}]",
        "sources: [{name: a, kind: feed, url: a.org}]",
        "sources: [{name: a, kind: feed, url: 'https://a.org', zzz: 1}]",
        "sources: [{name: A B, kind: feed, url: 'https://a.org'}]",
        "sources: [{name: a, kind: feed, url: 'https://a.org', every: soon}]",
        "sources: [{name: a, kind: feed, url: 'https://a.org', clean: {min_words: x}}]",
        "fetch: {}",
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(text: str) -> None:
    assert schema_problems(text)


def test_every_key_is_described_for_editors_and_in_the_reference() -> None:
    reference = (ROOT / "docs" / "reference" / "sources.md").read_text("utf-8")
    schema = json.loads(json_schema())

    for model in [schema, *schema["$defs"].values()]:
        for key, value in model["properties"].items():
            assert key == "kind" or value.get("description"), key
            assert f"`{key}`" in reference, key


# The starter.


def test_the_starter_loads_and_says_what_to_do(tmp_path: Path) -> None:
    catalog = load(tmp_path, starter())

    assert catalog.sources == ()
    assert starter().startswith("# yaml-language-server: $schema=")
    assert "presswatch sources add" in starter()


def test_the_starter_finds_its_schema_beside_it(tmp_path: Path) -> None:
    write_starter(tmp_path / "sources.yaml")

    first = (tmp_path / "sources.yaml").read_text("utf-8").splitlines()[0]
    assert (tmp_path / first.rpartition("=")[2]).read_text("utf-8") == json_schema()


def test_each_example_of_the_starter_holds(tmp_path: Path) -> None:
    lines = starter().splitlines()
    start = lines.index("sources:")
    examples = [
        line.replace("# ", "", 1) if line.startswith(("  # - ", "  #   ")) else "" for line in lines[start + 1 :]
    ]

    catalog = load(tmp_path, "\n".join(["sources:", *examples, ""]), AGENCY_TOKEN="t")

    assert {source.kind for source in catalog.sources} == {"feed", "sitemap", "listing", "files"}
    assert len(catalog.sources) >= 10


def test_the_sources_of_the_repository_load() -> None:
    catalog = load_catalog(ROOT / "sources.yaml", environ={})

    assert any(source.is_enabled for source in catalog.sources)


# OPML.

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>Mine</title></head><body>
  <outline text="World" title="World">
    <outline text="Russia &amp; China">
      <outline type="rss" text="The Courier" xmlUrl="https://courier.example.org/feed?utm_source=x" language="en-US"/>
    </outline>
    <outline type="rss" title="Caf&#233; News" text="" xmlURL=" https://cafe.example.org/rss " category="/Food, drink"/>
  </outline>
  <outline type="rss" text="The Courier" xmlUrl="https://other.example.org/feed"/>
  <outline type="rss" text="Twice" xmlUrl="https://courier.example.org/feed"/>
  <outline type="rss" text="Вестник" xmlUrl="https://vestnik.example.ru/rss"/>
  <outline type="rss" text="No address" xmlUrl="feed://x"/>
  <outline type="link" text="No feed" url="https://example.org/"/>
</body></opml>
"""


def test_opml_becomes_sources_with_their_folders_as_tags() -> None:
    found = read_opml(OPML).listed

    assert [(item.name, item.url, item.tags) for item in found] == [
        ("the-courier", "https://courier.example.org/feed?utm_source=x", ("World", "Russia & China")),
        ("cafe-news", "https://cafe.example.org/rss", ("World", "Food", "drink")),
        ("the-courier-2", "https://other.example.org/feed", ()),
        ("vestnik-example-ru", "https://vestnik.example.ru/rss", ()),
    ]
    assert found[0].language == "en"


def outline(url: str, **more: str) -> str:
    rest = "".join(f' {key}="{value}"' for key, value in more.items())
    return f'<outline text="One" xmlUrl="{url}"{rest}/>'


def urls(*outlines: str) -> list[str]:
    return [item.url for item in read_opml(f"<opml><body>{''.join(outlines)}</body></opml>").listed]


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("feed://a.example.org/feed.xml", "http://a.example.org/feed.xml"),
        ("feed:https://a.example.org/feed.xml", "https://a.example.org/feed.xml"),
        ("FEED:HTTP://a.example.org/feed.xml", "HTTP://a.example.org/feed.xml"),
        ("a.example.org/feed.xml", "https://a.example.org/feed.xml"),
        ("a.example.org:8080/feed.xml", "https://a.example.org:8080/feed.xml"),
        (" https://a.example.org/a b.xml\n", "https://a.example.org/a%20b.xml"),
        ("https://a.example.org/?x=1&y=2", "https://a.example.org/?x=1&y=2"),
        ("https://a.example.org/?x=1&amp;y=2", "https://a.example.org/?x=1&y=2"),
        ("https://a.example.org/?x=1&amp;amp;y=2", "https://a.example.org/?x=1&y=2"),
        ("https://a.example.org/?x=1&copy=2&lt=3", "https://a.example.org/?x=1&copy=2&lt=3"),
        ("https://a.example.org/caf&eacute;", "https://a.example.org/café"),
        ("https://a.example.org/&unknown;", "https://a.example.org/&unknown;"),
    ],
)
def test_an_address_in_opml_is_read_as_it_is_meant(written: str, url: str) -> None:
    assert urls(outline(written), outline("https://b.example.org/")) == [url, "https://b.example.org/"]


def test_a_feed_in_two_folders_keeps_both_tags() -> None:
    one = outline("https://a.example.org/feed", category="x")
    text = f'<opml><body><outline text="A">{one}</outline><outline text="B">{one}</outline></body></opml>'

    assert [item.tags for item in read_opml(text).listed] == [("A", "x", "B")]


def test_what_an_import_leaves_out_is_said_and_no_password_is_shown() -> None:
    found = read_opml(
        '<opml><body><outline text="Empty folder"/><outline text="No\x1b[31m feed" type="link" url="https://a.org"/>'
        + outline("https://reader:s3cret@a.example.org/feed")
        + outline("file:///etc/passwd")
        + outline("https://a.example.org/${TOKEN}")
        + outline("https://a.example.org/" + "x" * 4_000)
        + outline("https://b.example.org/feed")
        + "</body></opml>"
    )

    assert [item.url for item in found.listed] == ["https://b.example.org/feed"]
    assert len(found.left_out) == 6
    assert found.left_out[2] == (
        "One: its address holds a user or a password; add it by hand, with the secret under headers"
    )
    assert not any("s3cret" in line or "\x1b" in line for line in found.left_out)


def test_opml_in_another_charset_is_read() -> None:
    content = (
        '<?xml version="1.0" encoding="windows-1251"?><opml><body><outline text="Вестник" xmlUrl="https://a.org"/>'
    )

    assert read_opml(content.encode("cp1251")).listed[0].title == "Вестник"


@pytest.mark.parametrize(
    "text", ["", "not XML", "<html><body/></html>", b"\xff\xfe\x00", "<!DOCTYPE opml [<!ENTITY a 'b'>]><opml/>"]
)
def test_what_is_no_opml_is_refused_in_one_line(text: str | bytes) -> None:
    with pytest.raises(ConfigFault, match="not an OPML file") as caught:
        read_opml(text)

    assert "\n" not in str(caught.value)


def test_prefixes_that_nobody_declared_do_no_harm() -> None:
    text = "<opml><body><my:folder><outline xmlUrl='https://example.org/feed' text='A'/></my:folder></body></opml>"

    assert [listed.url for listed in read_opml(text).listed] == ["https://example.org/feed"]


def test_sources_travel_through_opml(tmp_path: Path) -> None:
    catalog = load(tmp_path, FULL, TOKEN="t")

    written = write_opml(catalog.sources)
    found = read_opml(written).listed

    assert [(item.name, item.kind, item.url) for item in found] == [
        (source.name, source.kind, source.location) for source in catalog.sources if source.kind != "files"
    ]
    assert found[0].tags == ("x", "y")
    assert "Bearer" not in written
    assert re.findall('type="([a-z]+)"', written) == ["rss", "sitemap", "listing"]


def test_a_name_is_made_from_the_title_or_the_host() -> None:
    taken = {"the-courier"}

    assert unique_name("The Courier", url="https://x.org", taken=taken) == "the-courier-2"
    assert unique_name("", url="https://www.example.org/feed", taken=taken) == "example-org"
    assert unique_name("日本", url="nonsense", taken=taken) == "source"
    assert len(unique_name("x" * 200, url="", taken={"x" * 64})) <= 64


# Adding to a file.

NEW = [
    Listed(name="new", kind="feed", url="https://new.example.org/${HOME}?a=1", tags=("a b", "yes", "1", "c: d", "#")),
    Listed(name="map", kind="sitemap", url="https://map.example.org/sitemap.xml", language="de"),
]


@pytest.mark.parametrize(
    "text",
    [
        starter(),
        "sources: []\n",
        "sources: [] # none yet\n",
        "sources:",
        "sources:\n- name: a # the first\n  kind: feed\n  url: https://a.org\n# the end\n",
        "sources:\n    - {name: a, kind: feed,\n       url: https://a.org}\n\nfetch: {contact: a@b.c}\n",
        "sources:\r\n  - name: a\r\n    kind: files\r\n    path: .\r\n",
        "sources:\n  - name: a\n    kind: files\n    path: .\n    tags:\n      - one\n      - two",
    ],
)
def test_new_sources_are_added_and_the_rest_stays(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sources.yaml"
    path.write_bytes(text.encode())
    before = load_catalog(path, environ={})

    added = add_sources(path, NEW, environ={})

    after = load_catalog(path, environ={})
    assert added == NEW
    assert after.sources[: len(before.sources)] == before.sources
    new, sitemap = after.sources[len(before.sources) :]
    assert (new.name, new.location) == ("new", "https://new.example.org/${HOME}?a=1")
    assert new.tags == ("a b", "yes", "1", "c: d", "#")
    assert (sitemap.kind, sitemap.language) == ("sitemap", "de")
    written = path.read_bytes().decode()
    for line in text.splitlines():
        assert line.replace(" []", "") in written
    assert add_sources(path, NEW, environ={}) == []


def test_a_list_that_cannot_be_continued_is_left_alone_and_the_lines_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    text = "sources: [{name: a, kind: files, path: .}]\n"
    path.write_text(text)

    with pytest.raises(ConfigFault, match="paste this under sources") as caught:
        add_sources(path, NEW, environ={})

    assert path.read_text() == text
    assert "- {name: new, kind: feed," in str(caught.value)


def test_a_taken_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text("sources:\n  - {name: new, kind: files, path: .}\n")

    with pytest.raises(ConfigFault, match="the name 'new' is taken"):
        add_sources(path, NEW, environ={})


# Removing, renaming, switching.

EDITED = """\
# Whom we watch.
sources:
  # The courier,
  # a newspaper.
  - name: courier # the first
    kind: feed

    url: "https://courier.example.org/feed"
    tags:
      - one

  # The observer.
  - {name: "observer", kind: feed, url: https://observer.example.org,
     every: 1h} # often

  # An example:
  # - {name: x, kind: feed, url: https://x.example.org}

# At the end.
fetch: {contact: a@b.c}
"""


def edited(folder: Path, text: str = EDITED) -> Path:
    path = folder / "sources.yaml"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_source_goes_with_its_comment_and_all_else_stays(tmp_path: Path, newline: str) -> None:
    path = edited(tmp_path, EDITED.replace("\n", newline))

    remove_source(path, "courier", environ={})

    start, end = EDITED.index("  # The courier"), EDITED.index("  # The observer")
    assert path.read_bytes().decode() == (EDITED[:start] + EDITED[end:]).replace("\n", newline)

    remove_source(path, "observer", environ={})

    assert load_catalog(path, environ={}).sources == ()
    assert "# An example:" in path.read_text()
    add_sources(path, NEW, environ={})
    assert [source.name for source in load_catalog(path, environ={}).sources] == ["new", "map"]


def test_a_source_gets_another_name(tmp_path: Path) -> None:
    path = edited(tmp_path)

    rename_source(path, "observer", "yes", environ={})
    rename_source(path, "courier", "post", environ={})

    assert path.read_text() == EDITED.replace("name: courier", "name: post").replace('"observer"', '"yes"')


def test_a_source_is_switched_off_and_on_again(tmp_path: Path) -> None:
    path = edited(tmp_path)

    disable_source(path, "courier", environ={})
    disable_source(path, "observer", environ={})

    off = EDITED.replace("# the first\n", "# the first\n    enabled: false\n").replace(
        '"observer"', '"observer", enabled: false'
    )
    assert path.read_text() == off

    enable_source(path, "courier", environ={})
    enable_source(path, "observer", environ={})

    assert path.read_text() == off.replace("false", "true")


def test_sources_on_one_line_are_edited_too(tmp_path: Path) -> None:
    path = edited(tmp_path, "sources: [{name: a, kind: files, path: .}, {name: b, kind: files, path: ..}] # two\n")

    disable_source(path, "b", environ={})
    remove_source(path, "a", environ={})

    assert path.read_text() == "sources: [{name: b, enabled: false, kind: files, path: ..}] # two\n"


@pytest.mark.parametrize(("name", "new_name"), [("nobody", "x"), ("courier", "observer"), ("courier", "A B")])
def test_an_edit_that_does_not_hold_leaves_the_file_alone(tmp_path: Path, name: str, new_name: str) -> None:
    path = edited(tmp_path)

    with pytest.raises(ConfigFault):
        rename_source(path, name, new_name, environ={})

    assert path.read_text() == EDITED
