"""OPML: the subscription list of a feed reader becomes source items, and sources become such a list."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from xml.sax.saxutils import quoteattr

from lxml import etree

from pipelines.model import ConfigFault, Source
from pipelines.urls import canonicalise, host_of

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


def read_opml(text: str | bytes) -> list[Listed]:
    """The feeds of an OPML list in its order, each URL once; folders become tags, names are made unique.

    Raises ConfigFault, one line, where the text is no OPML.
    """
    content = text.encode("utf-8", "replace") if isinstance(text, str) else text
    if isinstance(text, str):
        content = re.sub(rb"\A\s*<\?xml[^>]*\?>", b"", content)
    # No entities, no DTD, no network: a list from a stranger must not read our files. (Also in UTF-16.)
    if b"<!ENTITY" in content.replace(b"\0", b""):
        raise ConfigFault("not an OPML file: it declares entities (<!ENTITY)")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ConfigFault(f"not an OPML file: {error}") from error
    if root is None or _name(root) != "opml":
        raise ConfigFault("not an OPML file: its root is no <opml>")
    names: set[str] = set()
    addresses: set[str] = set()
    found: list[Listed] = []
    for outline, folders in _feeds(root, (), 0):
        url = _attribute(outline, "xmlUrl") or ""
        address = canonicalise(url)
        if host_of(url) is None or address in addresses:
            continue
        addresses.add(address)
        title = _attribute(outline, "title") or _attribute(outline, "text")
        kind = (_attribute(outline, "presswatchKind") or "feed").lower()
        name = unique_name(_attribute(outline, "presswatchName") or title or "", url=url, taken=names)
        names.add(name)
        category = _attribute(outline, "category") or ""
        tags = (*folders, *(part.strip(" /") for part in category.split(",")))
        found.append(
            Listed(
                name=name,
                kind=kind if kind in {"feed", "sitemap", "listing"} else "feed",
                url=url,
                title=title,
                language=_language(_attribute(outline, "language")),
                tags=tuple(dict.fromkeys(tag for tag in tags if tag)),
            )
        )
    return found


def write_opml(sources: Iterable[Source], *, title: str = "Presswatch sources") -> str:
    """An OPML 2.0 list of the web sources. `files` sources have no address and stay out."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"  <head><title>{_text(title)}</title></head>",
        "  <body>",
    ]
    for source in sources:
        if source.kind in {"files", "warc"}:
            continue
        attributes = {
            "text": source.name,
            "type": "rss",
            "xmlUrl": source.shown_location,
            "language": source.language,
            "category": ",".join(source.tags) or None,
            "presswatchName": source.name,
            "presswatchKind": source.kind if source.kind != "feed" else None,
        }
        written = " ".join(f"{key}={quoteattr(_text(value))}" for key, value in attributes.items() if value)
        lines.append(f"    <outline {written}/>")
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def unique_name(wish: str, *, url: str, taken: set[str]) -> str:
    """A name that the catalogue allows and nobody has: from a title, else from the host of the URL."""
    name = _slug(wish) or _slug((host_of(url) or "source").removeprefix("www.")) or "source"
    if name not in taken:
        return name
    number = 2
    while f"{name[:60]}-{number}" in taken:
        number += 1
    return f"{name[:60]}-{number}"


def _feeds(
    element: etree._Element, folders: tuple[str, ...], depth: int
) -> Iterator[tuple[etree._Element, tuple[str, ...]]]:
    if depth > _DEEPEST:
        return
    for child in element:
        if not isinstance(child.tag, str):
            continue
        if _attribute(child, "xmlUrl"):
            yield child, folders
            yield from _feeds(child, folders, depth + 1)
        elif _name(child) == "outline":
            label = _attribute(child, "text") or _attribute(child, "title")
            yield from _feeds(child, (*folders, label) if label else folders, depth + 1)
        else:
            yield from _feeds(child, folders, depth + 1)


def _name(element: etree._Element) -> str:
    # Not by etree.QName: it raises on "x:y", which is what a prefix that nobody declared leaves.
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def _attribute(element: etree._Element, name: str) -> str | None:
    # Readers in the wild write xmlUrl, xmlurl and xmlURL.
    for key, value in element.attrib.items():
        if str(key).lower() == name.lower():
            return " ".join(unescape(str(value)).split()) or None
    return None


def _language(value: str | None) -> str | None:
    return value if value and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", value) else None


def _text(value: str) -> str:
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", value)


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"['’]", "", plain)
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].rstrip("-")
