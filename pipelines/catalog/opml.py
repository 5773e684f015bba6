"""OPML: the subscription list of a feed reader becomes source items, and sources become such a list."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import unescape
from html.entities import html5
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from pipelines.catalog.schema import LONGEST_URL
from pipelines.model import ConfigFault, Source
from pipelines.text import decode, language_code, printable, storable
from pipelines.urls import canonicalise, host_of

_REFERENCE = re.compile(r"&(?:([A-Za-z][A-Za-z0-9]{1,40}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});)?")
_BARE_HOST = re.compile(r"(?i)(?!(?:https?|ftp|file|mailto|urn|data|javascript):)[\w-]+(\.[\w-]+)+([:/?#]|\Z)")
_DEEPEST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A source that somebody proposes: from OPML, or found on a site. `every` and the rest come by default."""

    name: str
    kind: str
    url: str
    title: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    allow_networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriptions:
    """What an OPML list holds for us."""

    listed: tuple[Listed, ...]
    left_out: tuple[str, ...]  # a line for each entry that cannot be a source: its name and why


def read_opml(text: str | bytes) -> Subscriptions:
    """The feeds of an OPML list in its order, each URL once; folders become tags, names are made unique.

    `feed:` addresses and bare hosts are completed. Raises ConfigFault, one line, where the text is no OPML.
    """
    root = _parse(text if isinstance(text, str) else decode(text))
    names: set[str] = set()
    found: dict[str, Listed] = {}
    left_out: list[str] = []
    for outline, folders in _outlines(root, (), 0):
        title = _attribute(outline, "title") or _attribute(outline, "text")
        url = _address(_attribute(outline, "xmlUrl") or "")
        problem = _problem(url)
        if problem:
            left_out.append(f"{printable(title or 'an entry without a name', most=100)}: {problem}")
            continue
        category = _attribute(outline, "category") or ""
        tags = tuple(tag[:100] for tag in (*folders, *(part.strip(" /") for part in category.split(","))) if tag)
        address = canonicalise(url)
        if earlier := found.get(address):
            found[address] = replace(earlier, tags=tuple(dict.fromkeys((*earlier.tags, *tags))))
            continue
        kind = (_attribute(outline, "presswatchKind") or _attribute(outline, "type") or "feed").lower()
        name = unique_name(_attribute(outline, "presswatchName") or title or "", url=url, taken=names)
        names.add(name)
        found[address] = Listed(
            name=name,
            kind=kind if kind in {"sitemap", "listing"} else "feed",
            url=url,
            title=title,
            language=language_code(_attribute(outline, "language")),
            tags=tuple(dict.fromkeys(tags)),
        )
    return Subscriptions(listed=tuple(found.values()), left_out=tuple(left_out))


def _parse(text: str) -> etree._Element:
    # No entities, no DTD, no network: a list from a stranger must not read our files.
    if "<!ENTITY" in text:
        raise ConfigFault("not an OPML file: it declares entities (<!ENTITY)")
    content = _REFERENCE.sub(_mended, re.sub(r"\A\s*<\?xml[^>]*\?>", "", storable(text))).encode()
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ConfigFault(f"not an OPML file: {error}") from error
    if root is None or _name(root) != "opml":
        raise ConfigFault("not an OPML file: its root is no <opml>")
    return root


def _mended(reference: re.Match[str]) -> str:
    """Lone ampersands ("?x=1&y=2") and HTML's entities, which XML does not know."""
    name = reference[1]
    if name is None:
        return "&amp;"
    if name.startswith("#") or name in {"amp", "lt", "gt", "quot", "apos"}:
        return reference[0]
    return "".join(f"&#{ord(char)};" for char in html5.get(f"{name};", "")) or f"&amp;{name};"


def _address(url: str) -> str:
    """The address as it is meant: "feed:" stands before or instead of http, a bare host for https."""
    while "&amp;" in url:
        url = url.replace("&amp;", "&")
    url = url.strip().replace(" ", "%20")
    if url.lower().startswith("feed:"):
        url = url[len("feed:") :]
        url = f"http:{url}" if url.startswith("//") else url
    return f"https://{url}" if _BARE_HOST.match(url) else url


def _problem(url: str) -> str | None:
    """Why an address cannot be a source; without the address where it may hold a secret."""
    if not url:
        return "it names no feed (xmlUrl)"
    host = host_of(url)
    if host is None or not ("." in host or ":" in host or host == "localhost"):
        return "its address is no http(s) URL with a host"
    if "@" in url.split("//", 1)[1].partition("/")[0]:
        return "its address holds a user or a password; add it by hand, with the secret under headers"
    if "${" in url:
        return "its address holds a ${NAME}; add it by hand"
    return f"its address has {len(url)} characters" if len(url) > LONGEST_URL else None


def write_opml(sources: Iterable[Source], *, title: str = "Presswatch sources") -> str:
    """An OPML 2.0 list of the web sources. `files` sources have no address and stay out."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"  <head><title>{escape(storable(title))}</title></head>",
        "  <body>",
    ]
    for source in sources:
        if source.kind in {"files", "warc"}:
            continue
        attributes = {
            "text": source.name,
            "type": "rss" if source.kind == "feed" else source.kind,
            "xmlUrl": source.shown_location,
            "language": source.language,
            "category": ",".join(source.tags) or None,
            "presswatchName": source.name,
            "presswatchKind": source.kind if source.kind != "feed" else None,
        }
        written = " ".join(f"{key}={quoteattr(storable(value))}" for key, value in attributes.items() if value)
        lines.append(f"    <outline {written}/>")
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def unique_name(wish: str, *, url: str, taken: set[str]) -> str:
    """A valid name that is not taken: from a title, else from the host of the URL."""
    name = _slug(wish) or _slug((host_of(url) or "source").removeprefix("www.")) or "source"
    if name not in taken:
        return name
    number = 2
    while f"{name[:60]}-{number}" in taken:
        number += 1
    return f"{name[:60]}-{number}"


def _outlines(
    element: etree._Element, folders: tuple[str, ...], depth: int
) -> Iterator[tuple[etree._Element, tuple[str, ...]]]:
    """The entries of a list, which are outlines with an address or without any below, and the folders they lie in."""
    if depth > _DEEPEST:
        return
    for child in element:
        if not isinstance(child.tag, str):
            continue
        is_outline = _name(child) == "outline"
        is_entry = _attribute(child, "xmlUrl") is not None or (is_outline and not len(child))
        if is_entry:
            yield child, folders
        label = _attribute(child, "text") or _attribute(child, "title")
        is_folder = is_outline and not is_entry and label
        yield from _outlines(child, (*folders, str(label)) if is_folder else folders, depth + 1)


def _name(element: etree._Element) -> str:
    # Not by etree.QName: it raises on "x:y", which an undeclared prefix leaves.
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def _attribute(element: etree._Element, name: str) -> str | None:
    # Readers in the wild write xmlUrl, xmlurl and xmlURL.
    for key, value in element.attrib.items():
        if str(key).lower() == name.lower():
            text = str(value) if name == "xmlUrl" else unescape(str(value))
            return " ".join(text.split()) or None
    return None


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"['’]", "", plain)
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].rstrip("-")
