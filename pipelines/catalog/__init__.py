"""Catalog: sources.yaml becomes the frozen sources and fetch rules, or one line that says what does not hold."""

from pipelines.catalog.append import append_sources
from pipelines.catalog.load import Catalog, load_catalog
from pipelines.catalog.opml import Listed, read_opml, unique_name, write_opml
from pipelines.catalog.schema import json_schema, parse_duration
from pipelines.catalog.starter import starter, write_starter

__all__ = [
    "Catalog",
    "Listed",
    "append_sources",
    "json_schema",
    "load_catalog",
    "parse_duration",
    "read_opml",
    "starter",
    "unique_name",
    "write_opml",
    "write_starter",
]
