"""Load: the file sources.yaml and an environment become a Catalog, or a ConfigFault with a line for each fault."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, quote_plus

from pydantic import ValidationError

from pipelines.catalog.document import (
    Document,
    Fault,
    Place,
    Value,
    fill_in,
    read_document,
    values_from_environment,
    without_environment,
)
from pipelines.catalog.faults import config_fault, explain
from pipelines.catalog.schema import (
    ArchiveConfig,
    CatalogConfig,
    CleanConfig,
    Defaults,
    FetchConfig,
    FilesConfig,
    ListingConfig,
    SourceConfig,
    WarcConfig,
)
from pipelines.model import Cleaning, ConfigFault, FetchRules, HostRule, Retention, Source
from pipelines.urls import canonicalise

_LARGEST = 20_000_000  # bytes; 100,000 sources take about 15 MB
_SHORTEST_SECRET = 4  # characters; a shorter value would be found in the middle of words
_BEHIND_HOST = re.compile(r"\A[^:]*://[^/?#]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Everything that sources.yaml says."""

    path: Path
    sources: tuple[Source, ...]
    fetch: FetchRules


def load_catalog(path: Path, *, environ: Mapping[str, str]) -> Catalog:
    """Read and validate sources.yaml.

    `environ` fills in ${NAME} and ${NAME:-default}. Relative `path` keys start at the folder of the file.
    Raises ConfigFault: a line for each fault, with file, line, source and key. It never shows what the environment
    holds.
    """
    document = read_document(_text(path), file=path.name)
    if document.value is None:
        raise ConfigFault(f"{path}: the file is empty; `presswatch init` writes one with examples")
    return build_catalog(document, path=path, environ=environ)


def build_catalog(document: Document, *, path: Path, environ: Mapping[str, str]) -> Catalog:
    """Validate a document that stands, or would stand, at `path`. Raises ConfigFault, one line for each fault."""
    values, missing = fill_in(document, environ)
    if isinstance(values, dict) and "sources" in values and values["sources"] is None:
        values["sources"] = []  # all of them stand in comments, as in the starter
    faults = [*document.faults, *missing]
    config, kept, invalid = _validated(_given(values), document)
    known = {fault.place for fault in faults}
    faults += [fault for fault in invalid if fault.place not in known]
    folder = path.resolve().parent
    reader = _SourceReader(document=document, folder=folder, environ=environ, defaults=config.defaults)
    places: list[Place] = [("sources", index) for index in kept]
    for place, source in zip(places, config.sources, strict=True):
        faults += _odd_bounds(place, source, config.defaults)
    sources = [reader.read(place, source) for place, source in zip(places, config.sources, strict=True)]
    faults += _twins(places, sources, document)
    faults += _missing_folders(places, sources)
    if faults:
        raise config_fault(document, faults)
    return Catalog(path=path, sources=tuple(sources), fetch=_fetch_rules(config.fetch))


def _validated(values: Value, document: Document) -> tuple[CatalogConfig, list[int], list[Fault]]:
    """What holds of the values, the indexes of the sources in it, and what does not hold."""
    items = values.get("sources") if isinstance(values, dict) else None
    indexes = list(range(len(items))) if isinstance(items, list) else []
    try:
        return CatalogConfig.model_validate(values), indexes, []
    except ValidationError as error:
        faults = explain(error, document)
    if not isinstance(values, dict) or not isinstance(items, list):
        return CatalogConfig(sources=[]), [], faults
    # The sound sources are checked further, so that one message shows all faults.
    bad = {fault.place[1] for fault in faults if fault.place[:1] == ("sources",) and len(fault.place) > 1}
    bad_keys = {fault.place[0] for fault in faults} - {"sources"}
    kept = [index for index in indexes if index not in bad]
    sound = {key: value for key, value in values.items() if key not in bad_keys}
    return CatalogConfig.model_validate(sound | {"sources": [items[index] for index in kept]}), kept, faults


def _given(value: Value) -> Value:
    """A key without a value counts as not given."""
    if isinstance(value, dict):
        return {key: _given(item) for key, item in value.items() if item is not None}
    return [_given(item) for item in value] if isinstance(value, list) else value


def _text(path: Path) -> str:
    try:
        if path.is_dir():
            raise ConfigFault(f"{path}: is a folder; name the file")
        if path.stat().st_size > _LARGEST:
            raise ConfigFault(f"{path}: is larger than {_LARGEST // 1_000_000} MB")
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigFault(f"{path}: there is no such file; `presswatch init` writes one") from error
    except UnicodeDecodeError as error:
        raise ConfigFault(f"{path}: is not UTF-8 (byte {error.start})") from error
    except OSError as error:
        raise ConfigFault(f"{path}: cannot be read: {error.strerror}") from error


def _odd_bounds(place: Place, source: Defaults, defaults: Defaults) -> list[Fault]:
    """every_min ≤ every ≤ every_max, wherever each of them stands."""
    every, shortest, longest = (
        getattr(source if key in source.model_fields_set else defaults, key)
        for key in ("every", "every_min", "every_max")
    )
    faults = []
    if shortest is not None and shortest > every:
        faults.append(Fault((*place, "every_min"), "is longer than every"))
    if longest is not None and longest < every:
        faults.append(Fault((*place, "every_max"), "is shorter than every"))
    return faults


def _twins(places: Sequence[Place], sources: Sequence[Source], document: Document) -> list[Fault]:
    """The second source of a name; and of a URL, where the two would announce the same entries."""
    names: dict[str, Place] = {}
    polled: dict[tuple[object, ...], tuple[str, Place]] = {}
    faults: list[Fault] = []
    for place, source in zip(places, sources, strict=True):
        if (first := names.setdefault(source.name, place)) != place:
            line = document.line((*first, "name"))
            faults.append(Fault((*place, "name"), f"the name is taken by the source on line {line}"))
        if source.kind in {"files", "warc"}:
            continue
        key = (canonicalise(source.location), source.selector, source.pattern, source.block)
        name, first = polled.setdefault(key, (source.name, place))
        if first != place:
            line = document.line((*first, "url"))
            faults.append(Fault((*place, "url"), f"it is the URL of source {name!r} on line {line}"))
    return faults


def _missing_folders(places: Sequence[Place], sources: Sequence[Source]) -> list[Fault]:
    return [
        Fault((*place, "path"), "there is no such file or folder")
        for place, source in zip(places, sources, strict=True)
        if source.kind in {"files", "warc"} and source.is_enabled and not Path(source.location).exists()
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _SourceReader:
    """Makes sources of what the file says of them."""

    document: Document
    folder: Path
    environ: Mapping[str, str]
    defaults: Defaults

    def read(self, place: Place, config: SourceConfig) -> Source:
        defaults = self.defaults
        given = {
            key: getattr(config if key in config.model_fields_set else defaults, key) for key in Defaults.model_fields
        }
        source = Source(
            name=config.name,
            kind=config.kind,
            location="",
            every=given["every"],
            every_min=given["every_min"],
            every_max=given["every_max"],
            language=given["language"],
            country=given["country"],
            timezone=given["timezone"],
            tags=tuple(dict.fromkeys(given["tags"])),
            is_enabled=given["enabled"],
            pattern=config.pattern,
            cleaning=_cleaning(defaults.clean, config.clean, timezone=given["timezone"]),
            retention=_retention(defaults.archive, config.archive),
        )
        if isinstance(config, FilesConfig | WarcConfig):
            return replace(source, location=str((self.folder / Path(config.path).expanduser()).resolve()))
        written = str(self.document.at((*place, "url")))
        shown = without_environment(written.strip(), self.environ)
        return replace(
            source,
            location=config.url,
            location_template=shown if shown != config.url else None,
            selector=config.selector if isinstance(config, ListingConfig) else None,
            block=config.block,
            headers=config.headers,
            allow_networks=tuple(config.allow_networks),
            secrets=self._secrets(place, written),
        )

    def _secrets(self, place: Place, url: str) -> dict[str, str]:
        """What the environment fills into the URL behind its host, and into the headers; the longest first."""
        headers = self.document.at((*place, "headers"))
        written = [_BEHIND_HOST.sub("", url), *(headers.values() if isinstance(headers, dict) else ())]
        found: dict[str, str] = {}
        for text in written:
            for value, placeholder in values_from_environment(str(text), self.environ).items():
                # A URL that comes back from the client, or from a redirect, has it escaped.
                found |= dict.fromkeys((value, quote(value), quote(value, safe=""), quote_plus(value)), placeholder)
        long = sorted((value for value in found if len(value) >= _SHORTEST_SECRET), key=len, reverse=True)
        return {value: found[value] for value in long}


def _cleaning(defaults: CleanConfig, own: CleanConfig, *, timezone: str | None) -> Cleaning:
    values = {key: getattr(own if key in own.model_fields_set else defaults, key) for key in CleanConfig.model_fields}
    return Cleaning(**{**values, "remove": tuple(values["remove"]), "timezone": timezone})


def _retention(defaults: ArchiveConfig, own: ArchiveConfig) -> Retention:
    return Retention(
        **{key: getattr(own if key in own.model_fields_set else defaults, key) for key in ArchiveConfig.model_fields}
    )


def _fetch_rules(config: FetchConfig) -> FetchRules:
    return FetchRules(
        contact=config.contact,
        allow_networks=tuple(config.allow_networks),
        hosts=tuple(
            HostRule(pattern=pattern, pause_s=rule.pause, connections=rule.connections)
            for pattern, rule in config.hosts.items()
        ),
    )
