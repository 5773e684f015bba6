"""Schema: what may stand in sources.yaml, as pydantic models and as the JSON Schema for editors."""

import ipaddress
import json
import re
from datetime import timedelta
from typing import Annotated, Any, Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from pipelines.text import language_code
from pipelines.urls import host_of

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)\s*")
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_DURATION_PATTERN = r"^(\d+(\.\d+)?\s*(ms|[smhdw])\s*)+$"
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HOST_PATTERN = re.compile(r"(?i)(\*|(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:\d{1,5})?")
LONGEST_URL = 4_000  # characters


def parse_duration(value: object) -> timedelta:
    """500ms, 90s, 15m, 2h, 1d, 1h30m as a timedelta. Raises ValueError."""
    text = str(value).strip().lower()
    if not text or _DURATION.sub("", text):
        raise ValueError("is no duration: write 90s, 15m, 2h, 1d or 1h30m")
    try:
        return timedelta(seconds=sum(float(number) * _SECONDS[unit] for number, unit in _DURATION.findall(text)))
    except OverflowError as error:
        raise ValueError("is longer than the calendar") from error


def _interval(value: object) -> timedelta:
    found = parse_duration(value)
    if not timedelta(seconds=1) <= found <= timedelta(days=366):
        raise ValueError("lies outside 1s to 366d")
    return found


def _pause(value: object) -> float:
    try:
        seconds = float(str(value))
    except ValueError:
        seconds = parse_duration(value).total_seconds()
    if not 0 <= seconds <= 3600:
        raise ValueError("lies outside 0 to 3600 seconds")
    return seconds


def _web_address(value: str) -> str:
    text = value.strip()
    if not re.match(r"(?i)https?://", text):
        raise ValueError("is no absolute http(s) URL")
    if host_of(text) is None or re.search(r"[\s\x00-\x1f\x7f]", text):
        raise ValueError("is no URL with a host, or has white space in it")
    if "@" in text.split("//", 1)[1].split("/", 1)[0]:
        raise ValueError("must not hold credentials: put them under headers, from the environment")
    if len(text) > LONGEST_URL:
        raise ValueError(f"is longer than {LONGEST_URL} characters")
    return text


def _language(value: str) -> str:
    code = language_code(value)
    if code is None:
        raise ValueError("is no language code such as en, ru or pt-BR")
    return code


def _country(value: str) -> str:
    if not re.fullmatch(r"(?i)[a-z]{2}", value):
        raise ValueError("is no two-letter country code such as RU")
    return value.upper()


def _timezone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise ValueError("is no time zone such as Europe/Berlin") from error


def _network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError as error:
        raise ValueError(f"is no network such as 10.0.0.0/8 ({error})") from error


def _css(value: str) -> str:
    # Imported late: most catalogues hold no selector.
    from cssselect import HTMLTranslator, SelectorError

    try:
        HTMLTranslator().css_to_xpath(value)
    except (SelectorError, RecursionError) as error:
        raise ValueError(f"is no CSS selector ({error})") from error
    return value


def _regex(value: str) -> str:
    try:
        re.compile(value)
    except (re.error, RecursionError) as error:
        raise ValueError(f"is no regular expression ({error})") from error
    return value


def _glob(value: str) -> str:
    if value.startswith("/") or ".." in value.split("/"):
        raise ValueError("must stay below the path: write **/*.html")
    return value


def _headers(value: dict[str, str]) -> dict[str, str]:
    for name, content in value.items():
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no header name")
        if re.search(r"[\x00-\x08\x0a-\x1f\x7f]", content) or not content.isascii():
            raise ValueError(f"the value of {name} holds characters that no header may hold")
    return value


def _host_pattern(value: str) -> str:
    if not _HOST_PATTERN.fullmatch(value):
        raise ValueError("is no host or host pattern such as *.example.org or localhost:8080")
    return value.lower()


Duration: TypeAlias = Annotated[
    timedelta,
    BeforeValidator(_interval),
    WithJsonSchema({"type": "string", "pattern": _DURATION_PATTERN, "examples": ["15m", "2h", "1d"]}),
]
Seconds: TypeAlias = Annotated[
    float,
    BeforeValidator(_pause),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": _DURATION_PATTERN}]}),
]
Url: TypeAlias = Annotated[
    str,
    AfterValidator(_web_address),
    WithJsonSchema({"type": "string", "pattern": "^https?://[^\\s]+$", "examples": ["https://example.org/feed.xml"]}),
]
Language: TypeAlias = Annotated[
    str,
    AfterValidator(_language),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", "examples": ["en"]}),
]
Country: TypeAlias = Annotated[
    str, AfterValidator(_country), WithJsonSchema({"type": "string", "pattern": "^[A-Za-z]{2}$", "examples": ["RU"]})
]
TimeZone: TypeAlias = Annotated[
    str, AfterValidator(_timezone), WithJsonSchema({"type": "string", "minLength": 1, "examples": ["Europe/Berlin"]})
]
Css: TypeAlias = Annotated[str, Field(min_length=1), AfterValidator(_css)]
Regex: TypeAlias = Annotated[str, Field(min_length=1), AfterValidator(_regex)]
Network: TypeAlias = Annotated[str, AfterValidator(_network)]
Tag: TypeAlias = Annotated[str, Field(min_length=1, max_length=100)]


class _Strict(BaseModel):
    # What an editor shows is the docstring; the attribute descriptions follow from `Field`.
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class CleanConfig(_Strict):
    """What to take out of the pages of a source."""

    residue: bool = Field(
        default=True, description='Drop lines that templates leave in the text ("Share.", "Leave a Reply").'
    )
    read_more: bool = Field(default=True, description='Drop "Read more: …" lines.')
    byline: bool = Field(default=True, description='Move a trailing "Author: …" line to the authors.')
    links: bool = Field(default=True, description="Drop lists and paragraphs which hold links only.")
    boxes: bool = Field(default=True, description="Drop captions, fact boxes and embedded posts, by class names.")
    credits: bool = Field(default=True, description="Drop picture credits, and what the outlet says of itself.")
    head: bool = Field(default=True, description="Drop title, date and names repeated above the text.")
    full_text: bool = Field(default=True, description="Drop lines which JSON-LD's articleBody does not hold.")
    min_words: int = Field(
        default=40, ge=0, le=100_000, description="Texts with fewer words are rejected as too-short."
    )
    body: Css | None = Field(default=None, description="CSS selector of the article's body.")
    remove: list[Css] = Field(default=[], description="CSS selectors of what to take out first.")


class ArchiveConfig(_Strict):
    """How long the raw pages of a source are kept, where it differs from the settings."""

    days: int | None = Field(
        default=None, ge=1, le=100_000, description="Days after which `presswatch upkeep` removes its raw pages."
    )
    gb: float | None = Field(
        default=None, gt=0, description="Gigabytes above which `presswatch upkeep` removes its oldest raw pages."
    )


class Defaults(_Strict):
    """What holds for every source that does not say otherwise."""

    every: Duration = Field(
        default=timedelta(minutes=30),
        description="Time between two polls: 90s, 15m, 2h, 1d.",
        json_schema_extra={"default": "30m"},
    )
    every_min: Duration | None = Field(default=None, description="Shortest interval when many entries are new.")
    every_max: Duration | None = Field(default=None, description="Longest interval when none is.")
    language: Language | None = Field(default=None, description="ISO 639 code of the language: a hint.")
    country: Country | None = Field(default=None, description="ISO 3166-1 alpha-2 code of the country: a hint.")
    timezone: TimeZone | None = Field(
        default=None, description="IANA time zone of the times that feeds and pages give without one."
    )
    tags: list[Tag] = Field(default=[], description="Words of your own to group sources by.")
    enabled: bool = Field(default=True, description="Whether the source is polled.")
    clean: CleanConfig = Field(default=CleanConfig(), description="What to take out of the pages.")
    archive: ArchiveConfig = Field(default=ArchiveConfig(), description="How long the raw pages are kept.")


class _SourceConfig(Defaults):
    name: str = Field(
        pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="The key of the source in all tables: a-z, 0-9, _ and -."
    )


class _WebSourceConfig(_SourceConfig):
    url: Url = Field(description="Where it is: an absolute http(s) URL.")
    pattern: Regex | None = Field(default=None, description="Regular expression that the URL of an entry must match.")
    block: Regex | None = Field(default=None, description="Regular expression that the URL of an entry must not match.")
    allow_networks: list[Network] = Field(
        default=[], description="Private networks which this source and its entries may lead into, as 10.0.0.0/8."
    )
    headers: Annotated[dict[str, str], AfterValidator(_headers)] = Field(
        default={}, description="Request headers, sent to the host of the URL only; take secrets from the environment."
    )


class FeedConfig(_WebSourceConfig):
    """RSS 0.9x to 2.0, RDF, Atom or JSON Feed."""

    kind: Literal["feed"]


class SitemapConfig(_WebSourceConfig):
    """A sitemap or an index of sitemaps: XML, news extension, gz or plain text."""

    kind: Literal["sitemap"]


class ListingConfig(_WebSourceConfig):
    """An index page that links to articles."""

    kind: Literal["listing"]
    selector: Css | None = Field(
        default=None, description="CSS selector of the article links; by default they are guessed."
    )


class FilesConfig(_SourceConfig):
    """Local text and HTML files: a folder, or a single one."""

    kind: Literal["files"]
    path: str = Field(min_length=1, description="File or folder, relative to the folder of sources.yaml.")
    pattern: Annotated[str, Field(min_length=1), AfterValidator(_glob)] | None = Field(
        default=None,
        description="Which files of the folder: a glob such as **/*.html. By default all text and HTML files.",
    )


class WarcConfig(_SourceConfig):
    """Archives of web pages made elsewhere, such as CC-NEWS: WARC files."""

    kind: Literal["warc"]
    path: str = Field(min_length=1, description="File or folder, relative to the folder of sources.yaml.")
    pattern: Annotated[str, Field(min_length=1), AfterValidator(_glob)] | None = Field(
        default=None,
        description="Which files of the folder: a glob such as **/CC-NEWS-2026*.warc.gz. By default all WARC files.",
    )


class HostConfig(_Strict):
    """How to treat one host."""

    pause: Seconds = Field(default=2.0, description="Time between two requests to the host: seconds, or 500ms, 5s, 1m.")
    connections: int = Field(default=1, ge=1, le=64, description="Connections to the host at once.")


class FetchConfig(_Strict):
    """How the web is approached."""

    contact: Annotated[str, Field(pattern=r"^[^\s<>()]+$", max_length=200)] | None = Field(
        default=None,
        description="Mail or web address that goes into the User-Agent, so that a webmaster can reach you.",
    )
    allow_networks: list[Network] = Field(
        default=[], description="Private networks which every source may lead into. None by default."
    )
    hosts: dict[Annotated[str, AfterValidator(_host_pattern)], HostConfig] = Field(
        default={}, description="Pace by host, or by pattern such as *.example.org; the first match holds."
    )


SourceConfig: TypeAlias = FeedConfig | SitemapConfig | ListingConfig | FilesConfig | WarcConfig
KINDS: dict[str, type[BaseModel]] = {
    "feed": FeedConfig,
    "sitemap": SitemapConfig,
    "listing": ListingConfig,
    "files": FilesConfig,
    "warc": WarcConfig,
}


class CatalogConfig(_Strict):
    """Whom Presswatch watches, and how. Any value may hold ${NAME} or ${NAME:-default} from the environment."""

    fetch: FetchConfig = Field(default=FetchConfig(), description="Contact, private networks, pace by host.")
    defaults: Defaults = Field(default=Defaults(), description="Interval, hints and cleaning for all sources.")
    sources: list[Annotated[SourceConfig, Field(discriminator="kind")]] = Field(description="Whom to watch.")


def json_schema() -> str:
    """The JSON Schema (2020-12) of sources.yaml, as text that ends in a line break."""
    found = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Presswatch sources"}
    return json.dumps(found | _for_editors(CatalogConfig.model_json_schema()), indent=2, ensure_ascii=False) + "\n"


_PLACEHOLDER = {"type": "string", "pattern": r"\$\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\}"}
_NOTHING = {"type": "null"}
_NOTES = ("description", "default", "examples")


def _for_editors(node: Any) -> Any:
    """What pydantic says of filled-in values, as it holds for what is written: a key may also stand without a value,
    and a placeholder where a number, a choice or a pattern is wanted.
    """
    if isinstance(node, list):
        return [_for_editors(item) for item in node]
    if not isinstance(node, dict):
        return node
    required = set(node.get("required", ())) - {"sources"}
    left_out = {"title", "properties", "discriminator", "oneOf"}
    found = {key: _for_editors(value) for key, value in node.items() if key not in left_out}
    if "oneOf" in node:
        # Several kinds may fit while the kind itself is a placeholder.
        found["anyOf"] = _for_editors(node["oneOf"])
    if "properties" in node:
        found["properties"] = {
            name: _alternatives(_for_editors(value), *([] if name in required else [_NOTHING]))
            for name, value in node["properties"].items()
        }
    is_text = found.get("type") == "string" and {"pattern", "minLength", "enum", "const"} & found.keys()
    if is_text or found.get("type") in {"integer", "number", "boolean"}:
        return _alternatives(found, _PLACEHOLDER)
    return found


def _alternatives(node: dict[str, Any], *more: dict[str, Any]) -> dict[str, Any]:
    notes = {key: node[key] for key in _NOTES if key in node and not isinstance(node[key], dict)}
    bare = {key: value for key, value in node.items() if key not in _NOTES}
    options = [*(bare["anyOf"] if set(bare) == {"anyOf"} else [bare]), *more]
    flat = [inner for option in options for inner in (option["anyOf"] if set(option) == {"anyOf"} else [option])]
    return {**notes, "anyOf": [option for index, option in enumerate(flat) if option not in flat[:index]]}
