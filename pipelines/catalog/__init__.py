"""Catalog: sources.yaml becomes the frozen sources and fetch rules, or a line for each thing that does not hold."""

from pipelines.catalog.edit import add_sources, disable_source, enable_source, remove_source, rename_source
from pipelines.catalog.load import Catalog, load_catalog
from pipelines.catalog.opml import Listed, Subscriptions, read_opml, unique_name, write_opml
from pipelines.catalog.schema import json_schema, parse_duration
from pipelines.catalog.starter import starter, write_starter

__all__ = [
    "Catalog",
    "Listed",
    "Subscriptions",
    "add_sources",
    "disable_source",
    "enable_source",
    "json_schema",
    "load_catalog",
    "parse_duration",
    "read_opml",
    "remove_source",
    "rename_source",
    "starter",
    "unique_name",
    "write_opml",
    "write_starter",
]
