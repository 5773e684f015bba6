"""Load: the file sources.yaml and an environment become a Catalog, or a ConfigFault of one line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipelines.catalog.document import Document, Place, Value, fault, fill_in, read_document
from pipelines.catalog.schema import (
    ArchiveConfig,
    CatalogConfig,
    CleanConfig,
    Defaults,
    FeedConfig,
    FetchConfig,
    FilesConfig,
    HostConfig,
    ListingConfig,
    SitemapConfig,
    WarcConfig,
)
from pipelines.model import Cleaning, ConfigFault, FetchRules, HostRule, Retention, Source

_KINDS: dict[str, type[BaseModel]] = {
    "feed": FeedConfig,
    "sitemap": SitemapConfig,
    "listing": ListingConfig,
    "files": FilesConfig,
    "warc": WarcConfig,
}
_LARGEST = 20_000_000  # bytes; 100,000 sources take about 15 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Everything that sources.yaml says."""

    path: Path
    sources: tuple[Source, ...]
    fetch: FetchRules

    @property
    def enabled(self) -> tuple[Source, ...]:
        """The sources that are to be polled, in the order of the file."""
        return tuple(source for source in self.sources if source.is_enabled)

    @property
    def advice(self) -> str | None:
        """What to tell an operator whose catalogue watches nobody; None when it watches somebody."""
        if self.enabled:
            return None
        what = "every source is disabled" if self.sources else "no source is named yet"
        return (
            f"{self.path}: {what}. Remove the # before an example in it, "
            "or let `presswatch sources add https://example.org` find the feeds of a site."
        )


def load_catalog(path: Path, *, environ: Mapping[str, str]) -> Catalog:
    """Read and validate sources.yaml.

    `environ` fills in ${NAME} and ${NAME:-default}. Relative `path` keys start at the folder of the file.
    Raises ConfigFault, one line with file, line, source and key; values from the environment are never shown.
    """
    document = read_document(_text(path), file=path.name)
    if document.value is None:
        raise ConfigFault(f"{path}: the file is empty; `presswatch init` writes one with examples")
    return build_catalog(document, path=path, environ=environ)


def build_catalog(document: Document, *, path: Path, environ: Mapping[str, str]) -> Catalog:
    """Validate a document that stands, or would stand, at `path`. Raises ConfigFault."""
    values = fill_in(document, environ)
    if isinstance(values, dict) and "sources" in values and values["sources"] is None:
        values["sources"] = []  # all of them stand in comments, as in the starter
    values = _given(values)
    try:
        config = CatalogConfig.model_validate(values)
    except ValidationError as error:
        raise _first_fault(error, document) from error
    for index, source in enumerate(config.sources):
        _refuse_odd_bounds(("sources", index), source, config.defaults, document)
    _refuse_twins([source.name for source in config.sources], document)
    folder = path.resolve().parent
    return Catalog(
        path=path,
        sources=tuple(_source(source, config.defaults, folder=folder) for source in config.sources),
        fetch=_fetch_rules(config.fetch),
    )


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


def _refuse_twins(names: Sequence[str], document: Document) -> None:
    first_at: dict[str, int] = {}
    for index, name in enumerate(names):
        if name in first_at:
            line = document.line(("sources", first_at[name], "name"))
            raise fault(document, ("sources", index, "name"), f"the name is taken by the source on line {line}")
        first_at[name] = index


def _refuse_odd_bounds(place: Place, source: Defaults, defaults: Defaults, document: Document) -> None:
    """every_min ≤ every ≤ every_max, wherever each of them stands."""
    every, shortest, longest = (
        getattr(source if key in source.model_fields_set else defaults, key)
        for key in ("every", "every_min", "every_max")
    )
    if shortest is not None and shortest > every:
        raise fault(document, (*place, "every_min"), "is longer than every")
    if longest is not None and longest < every:
        raise fault(document, (*place, "every_max"), "is shorter than every")


def _first_fault(error: ValidationError, document: Document) -> ConfigFault:
    found = error.errors(include_url=False, include_context=True)
    # An unknown key is often why a required one is missing ("ulr"), so it is told first.
    found.sort(key=lambda item: (_source_index(item), item["type"] != "extra_forbidden"))
    place, problem = _explain(found[0], document)
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return fault(document, place, problem + more)


def _source_index(item: ErrorDetails) -> int:
    index = item["loc"][1] if len(item["loc"]) > 1 and item["loc"][0] == "sources" else -1
    return index if isinstance(index, int) else -1


def _explain(item: ErrorDetails, document: Document) -> tuple[Place, str]:
    # In the union of kinds pydantic puts the kind into the path: ("sources", 3, "feed", "url").
    loc = item["loc"]
    place: Place = (*loc[:2], *loc[3:]) if loc[:1] == ("sources",) and len(loc) > 2 else loc
    if place and place[-1] == "[key]":
        place = place[:-1]
    raw = document.at(place)
    shown = f"{raw!r} " if isinstance(raw, str) else ""
    match item["type"]:
        case "extra_forbidden":
            close = get_close_matches(str(place[-1]), _keys_at(loc), n=1, cutoff=0.6)
            return place, "unknown key" + (f"; did you mean {close[0]!r}?" if close else _belonging(place, document))
        case "missing":
            return place, "is missing"
        case "union_tag_not_found":
            return (*place, "kind"), f"is missing; it is one of {', '.join(_KINDS)}"
        case "union_tag_invalid":
            place = (*place, "kind")
            return place, f"{document.at(place)!r} is none of {', '.join(_KINDS)}"
        case "value_error":
            return place, shown + item["msg"].removeprefix("Value error, ")
        case "bool_parsing":
            return place, shown + "is neither true nor false"
        case "int_parsing" | "int_from_float":
            return place, shown + "is no whole number"
        case "string_pattern_mismatch" if place[-1:] == ("name",):
            return place, shown + "may hold a-z, 0-9, _ and - only, at most 64, and starts with a letter or digit"
        case "string_pattern_mismatch" if place[-1:] == ("contact",):
            return place, shown + "is no mail or web address"
        case "list_type":
            return place, "must be a list"
        case "dict_type" | "model_type" | "model_attributes_type":
            return place, "must hold keys, one a line"
        case "string_type":
            return place, "must be text" if raw is not None else "has no value"
        case _:
            return place, shown + item["msg"][:1].lower() + item["msg"][1:]


def _keys_at(loc: tuple[int | str, ...]) -> list[str]:
    model: type[BaseModel] = CatalogConfig
    if loc[0] == "sources" and len(loc) > 2:
        model = _KINDS[str(loc[2])]
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
    kinds = [kind for kind, model in _KINDS.items() if place[2] in model.model_fields]
    own = document.at((*place[:2], "kind"))
    return f"; it belongs to kind {' and '.join(kinds)}, and this one is {own!r}" if kinds else ""


def _source(
    config: FeedConfig | SitemapConfig | ListingConfig | FilesConfig | WarcConfig, defaults: Defaults, *, folder: Path
) -> Source:
    given = {key: getattr(config if key in config.model_fields_set else defaults, key) for key in Defaults.model_fields}
    return Source(
        name=config.name,
        kind=config.kind,
        location=str((folder / Path(config.path).expanduser()).resolve())
        if isinstance(config, FilesConfig | WarcConfig)
        else config.url,
        every=given["every"],
        every_min=given["every_min"],
        every_max=given["every_max"],
        language=given["language"],
        country=given["country"],
        timezone=given["timezone"],
        tags=tuple(dict.fromkeys(given["tags"])),
        is_enabled=given["enabled"],
        selector=config.selector if isinstance(config, ListingConfig) else None,
        pattern=None if isinstance(config, FeedConfig) else config.pattern,
        headers={} if isinstance(config, FilesConfig | WarcConfig) else config.headers,
        cleaning=_cleaning(defaults.clean, config.clean, timezone=given["timezone"]),
        retention=_retention(defaults.archive, config.archive),
    )


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
