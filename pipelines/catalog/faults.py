"""Faults: what pydantic says of a sources.yaml becomes a line each, with the name that was probably meant."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipelines.catalog.document import Document, Fault, Place, Value
from pipelines.catalog.schema import (
    KINDS,
    ArchiveConfig,
    CatalogConfig,
    CleanConfig,
    Defaults,
    FetchConfig,
    HostConfig,
)
from pipelines.model import ConfigFault

_BARE_ADDRESS = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+([:/?]|$)")
# What people write for a key or a kind that has another name here.
_KEYS = {
    "title": "name", "id": "name", "label": "name", "type": "kind", "link": "url", "address": "url", "href": "url",
    "uri": "url", "feed": "url", "rss": "url", "location": "url", "xmlurl": "url", "interval": "every",
    "frequency": "every", "period": "every", "schedule": "every", "refresh": "every", "poll": "every",
    "min_interval": "every_min", "max_interval": "every_max", "lang": "language", "languages": "language",
    "category": "tags", "categories": "tags", "labels": "tags", "groups": "tags", "active": "enabled",
    "disabled": "enabled", "css": "selector", "xpath": "selector", "filter": "pattern", "include": "pattern",
    "keep": "pattern", "match": "pattern", "regex": "pattern", "exclude": "block", "ignore": "block",
    "skip": "block", "deny": "block", "folder": "path", "directory": "path", "file": "path", "dir": "path",
    "glob": "pattern", "auth": "headers", "cookies": "headers", "user_agent": "contact", "email": "contact",
    "mail": "contact", "networks": "allow_networks", "allow_private": "allow_networks", "delay": "pause",
    "rate": "pause", "wait": "pause", "concurrency": "connections", "retention": "archive", "cleaning": "clean",
}  # fmt: skip
_KIND_NAMES = {
    "rss": "feed", "atom": "feed", "rdf": "feed", "json": "feed", "jsonfeed": "feed", "xml": "feed", "rss2": "feed",
    "news-sitemap": "sitemap", "sitemapindex": "sitemap", "sitemap-index": "sitemap", "html": "listing",
    "page": "listing", "index": "listing", "web": "listing", "site": "listing", "scrape": "listing",
    "file": "files", "folder": "files", "directory": "files", "local": "files", "text": "files",
    "archive": "warc", "ccnews": "warc", "cc-news": "warc", "commoncrawl": "warc",
}  # fmt: skip


def config_fault(document: Document, faults: Iterable[Fault]) -> ConfigFault:
    """All faults of a file, one line each, in the order of the file."""
    lines: dict[str, int] = {}
    for fault in faults:
        line = fault.line or document.line(fault.place)
        words = _words(fault.place, document)
        lines.setdefault(f"{document.file}:{line}: {words + ': ' if words else ''}{fault.problem}", line)
    return ConfigFault("\n".join(sorted(lines, key=lambda text: lines[text])))


def explain(error: ValidationError, document: Document) -> list[Fault]:
    """What pydantic found, in words; a key that is missing since it is misspelt is left out."""
    found = error.errors(include_url=False, include_context=True)
    faults = [_explained(item, document) for item in found]
    meant = {
        (*fault.place[:-1], key)
        for fault, item in zip(faults, found, strict=True)
        if item["type"] == "extra_forbidden" and (key := _meant(item))
    }
    return [
        fault
        for fault, item in zip(faults, found, strict=True)
        if not (item["type"] in {"missing", "union_tag_not_found"} and fault.place in meant)
    ]


def _words(place: Place, document: Document) -> str:
    """A place in words: "source 'courier', key 'clean.body'"."""
    words: list[str] = []
    if place[:1] == ("sources",) and len(place) > 1 and isinstance(place[1], int):
        name = document.at((*place[:2], "name"))
        words.append(f"source {name!r}" if isinstance(name, str) else f"source {place[1] + 1}")
        place = place[2:]
    if place:
        words.append(f"key {'.'.join(map(str, place))!r}")
    return ", ".join(words)


def _explained(item: ErrorDetails, document: Document) -> Fault:
    place = _place(item)
    written = document.at(place)
    shown = f"{written!r} " if isinstance(written, str) else ""
    problem: str
    match item["type"]:
        case "extra_forbidden":
            meant = _meant(item)
            problem = "unknown key" + (f"; did you mean {meant!r}?" if meant else _belonging(place, document))
        case "missing":
            problem = "is missing"
        case "union_tag_not_found":
            place, problem = (*place, "kind"), f"is missing; it is one of {', '.join(KINDS)}"
        case "union_tag_invalid":
            place = (*place, "kind")
            kind = str(document.at(place))
            meant = _KIND_NAMES.get(kind.lower()) or _nearest(kind, KINDS)
            problem = f"{kind!r} is none of {', '.join(KINDS)}" + (f"; did you mean {meant!r}?" if meant else "")
        case "value_error":
            problem = shown + item["msg"].removeprefix("Value error, ") + _address_meant(place, written)
            if "${" in shown:
                problem = problem.partition(" (")[0]  # the rest may repeat what the environment holds
        case "bool_parsing":
            problem = shown + "is neither true nor false"
        case "int_parsing" | "int_from_float":
            problem = shown + "is no whole number"
        case "string_pattern_mismatch" if place[-1:] == ("name",):
            problem = shown + "may hold a-z, 0-9, _ and - only, at most 64, and starts with a letter or digit"
        case "string_pattern_mismatch" if place[-1:] == ("contact",):
            problem = shown + "is no mail or web address"
        case "list_type":
            problem = "must be a list"
        case "dict_type" | "model_type" | "model_attributes_type":
            problem = "must hold keys, one a line"
        case "string_type":
            problem = "must be text" if written is not None else "has no value"
        case _:
            problem = shown + item["msg"][:1].lower() + item["msg"][1:]
    return Fault(place, problem)


def _place(item: ErrorDetails) -> Place:
    # In the union of kinds pydantic puts the kind into the path: ("sources", 3, "feed", "url").
    loc = item["loc"]
    place: Place = (*loc[:2], *loc[3:]) if loc[:1] == ("sources",) and len(loc) > 2 else loc
    return place[:-1] if place and place[-1] == "[key]" else place


def _meant(item: ErrorDetails) -> str | None:
    """The key that an unknown one was probably meant to be."""
    key, keys = str(item["loc"][-1]), _keys_at(item["loc"])
    synonym = _KEYS.get(key.lower().replace("-", "_"))
    return synonym if synonym in keys else _nearest(key, keys)


def _address_meant(place: Place, written: Value) -> str:
    is_bare = place[-1:] == ("url",) and isinstance(written, str) and _BARE_ADDRESS.match(written)
    return f"; did you mean {'https://' + str(written)!r}?" if is_bare else ""


def _nearest(word: str, words: Iterable[str]) -> str | None:
    return next(iter(get_close_matches(word.lower(), list(words), n=1, cutoff=0.6)), None)


def _keys_at(loc: tuple[int | str, ...]) -> list[str]:
    model: type[BaseModel] = CatalogConfig
    if loc[0] == "sources" and len(loc) > 2:
        model = KINDS[str(loc[2])]
    elif loc[0] in {"fetch", "defaults"} and len(loc) > 1:
        model = FetchConfig if loc[0] == "fetch" else Defaults
    if "clean" in loc[:-1]:
        model = CleanConfig
    elif "archive" in loc[:-1]:
        model = ArchiveConfig
    elif "hosts" in loc[:-1]:
        model = HostConfig
    return list(model.model_fields)


def _belonging(place: Place, document: Document) -> str:
    if place[:1] != ("sources",) or len(place) != 3:
        return ""
    kinds = [kind for kind, model in KINDS.items() if place[2] in model.model_fields]
    own = document.at((*place[:2], "kind"))
    return f"; it belongs to kind {' and '.join(kinds)}, and this one is {own!r}" if kinds else ""
