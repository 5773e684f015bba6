"""Starter: the commented sources.yaml that `presswatch init` writes."""

from pathlib import Path

from pipelines.catalog.schema import json_schema

SCHEMA_NAME = "sources.schema.json"


def starter(*, schema: str = SCHEMA_NAME) -> str:
    """The text of a first sources.yaml: it loads, names no source yet, and explains its keys.

    `schema` is what the first line tells editors: an address, or a path relative to the file.
    """
    return _TEXT.replace("SCHEMA", schema)


def write_starter(path: Path) -> None:
    """Write the starter, and beside it the schema that its first line names: an installed program has no docs/."""
    path.with_name(SCHEMA_NAME).write_text(json_schema(), encoding="utf-8")
    path.write_text(starter(), encoding="utf-8")


_TEXT = """\
# yaml-language-server: $schema=SCHEMA
# Whom Presswatch watches. Take the # away before what you want, then: presswatch sources check
# Any value may be ${NAME} or ${NAME:-default}, taken from the environment.

fetch:
  # A mail or web address at which a webmaster can reach you; it goes into the User-Agent.
  # contact: editor@example.org

  # Private networks are refused unless a source names them: allow_networks: ["10.0.0.0/8"]

  # Two seconds between two requests to one host, one connection at a time, unless you say otherwise.
  # hosts:
  #   "*.example.org": {pause: 5s, connections: 1}

# What holds for every source that does not say otherwise.
defaults:
  every: 30m

# Or let a site's feeds be found: presswatch sources add https://example.org
sources:
  # feed: RSS, Atom or JSON Feed.
  # - {name: bbc-world, kind: feed, url: "https://feeds.bbci.co.uk/news/world/rss.xml", every: 15m, language: en}
  # - {name: guardian-world, kind: feed, url: "https://www.theguardian.com/world/rss", every: 15m, language: en}
  # - {name: dw-russian, kind: feed, url: "https://rss.dw.com/rdf/rss-ru-all", language: ru, tags: [broadcaster]}
  # - {name: lemonde, kind: feed, url: "https://www.lemonde.fr/rss/une.xml", language: fr, country: FR}
  # - {name: tagesschau, kind: feed, url: "https://www.tagesschau.de/index~rss2.xml", language: de, country: DE}
  # - {name: elpais, kind: feed, url: "https://feeds.elpais.com/mrss-s/pages/ep/site/elpais.com/portada", language: es}
  # - {name: nhk, kind: feed, url: "https://www3.nhk.or.jp/rss/news/cat0.xml", language: ja, country: JP}

  # sitemap: XML (also an index, also .gz) or plain text; only addresses which match the pattern.
  # - {name: reuters, kind: sitemap, url: "https://www.reuters.com/arc/outboundfeeds/news-sitemap-index/?outputType=xml"}
  # - {name: kyiv-independent, kind: sitemap, url: "https://kyivindependent.com/sitemap.xml", pattern: "/20[0-9]{2}/"}

  # listing: an index page without a feed; article links are guessed unless a CSS selector names them.
  # - name: ministry
  #   kind: listing
  #   url: https://www.example.org/press/
  #   selector: "main h3 a"
  #   every: 2h
  #   clean: {min_words: 20, remove: [".share", "aside"]}

  # files: text and HTML files in a folder, or a single one.
  # - {name: clippings, kind: files, path: clippings}

  # A source behind a login: the secret stays in the environment.
  # - {name: agency, kind: feed, url: "https://example.org/feed", headers: {Authorization: "Bearer ${AGENCY_TOKEN}"}}
"""
