"""Edit: sources are added to a sources.yaml, removed, renamed, enabled and disabled; all else stays byte for byte.

The YAML parser says where each value stands, and only those characters change. (ruamel.yaml writes the whole file
anew: it indents, folds and quotes as it likes, and a comment above a source that goes stays above the next.)
"""

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from pipelines.catalog.document import LOADER, read_document
from pipelines.catalog.load import Catalog, build_catalog, load_catalog
from pipelines.catalog.opml import Listed
from pipelines.disk import write_whole
from pipelines.model import ConfigFault
from pipelines.urls import canonicalise

_PLAIN = re.compile(r"[A-Za-z0-9/][A-Za-z0-9 ._/@?=+~-]*(:(?=[^\s])[A-Za-z0-9 ._/@?=+~-]*)*")
_RESERVED = re.compile(r"(?i)(true|false|yes|no|on|off|null|y|n|[-+]?[0-9][0-9._:e+-]*|[0-9-]+t?.*)")
_LINE = re.compile("[^\r\n\x85\u2028\u2029]*(?:\r\n|[\r\n\x85\u2028\u2029]|\\Z)")


def add_sources(path: Path, new: Iterable[Listed], *, environ: Mapping[str, str] | None = None) -> list[Listed]:
    """Write `new` at the end of the list under `sources:` and return what was written.

    A source whose URL the file names already is left out. Raises ConfigFault, with the lines to paste, where the
    list is a flow sequence: `sources: [...]`.
    """
    environ = os.environ if environ is None else environ
    catalog = load_catalog(path, environ=environ)
    known = {canonicalise(source.location) for source in catalog.sources}
    names = set(names_of(catalog))
    added = [item for item in new if canonicalise(item.url) not in known]
    taken = [item.name for item in added if item.name in names]
    if taken:
        raise ConfigFault(f"{path.name}: the name {taken[0]!r} is taken by another source")
    if not added:
        return []
    expected = [*names_of(catalog), *(item.name for item in added)]
    try:
        _rewrite(path, environ, lambda text: _with_items(text, added), lambda after: names_of(after) == expected)
    except ConfigFault as error:
        raise ConfigFault(
            f"{path.name} is left as it is ({error}); paste this under sources:\n{paste(added)}"
        ) from error
    return added


def remove_source(path: Path, name: str, *, environ: Mapping[str, str] | None = None) -> None:
    """Take a source out of the file, with the comment that stands right above it. Raises ConfigFault."""
    environ = os.environ if environ is None else environ
    expected = [other for other in names_of(_catalog_with(path, name, environ)) if other != name]
    _rewrite(path, environ, lambda text: _without_item(text, name), lambda after: names_of(after) == expected)


def rename_source(path: Path, name: str, new_name: str, *, environ: Mapping[str, str] | None = None) -> None:
    """Give a source another name. Raises ConfigFault, also where the name is taken or no name."""
    environ = os.environ if environ is None else environ
    before = _catalog_with(path, name, environ)
    expected = [replace(source, name=new_name) if source.name == name else source for source in before.sources]

    def renamed(text: str) -> str:
        file = _File(text)
        _key, value = file.pair(file.item(name), "name")
        return file.spliced(file.start(value), file.end(value), _scalar(new_name))

    _rewrite(path, environ, renamed, lambda after: list(after.sources) == expected)


def enable_source(path: Path, name: str, *, environ: Mapping[str, str] | None = None) -> None:
    """Let a source be polled. Raises ConfigFault."""
    _switch(path, name, is_enabled=True, environ=environ)


def disable_source(path: Path, name: str, *, environ: Mapping[str, str] | None = None) -> None:
    """Keep a source from being polled; its tables stay. Raises ConfigFault."""
    _switch(path, name, is_enabled=False, environ=environ)


def names_of(catalog: Catalog) -> list[str]:
    """The names of the sources in the order of the file."""
    return [source.name for source in catalog.sources]


def paste(items: Sequence[Listed], *, indent: str = "  ") -> str:
    """The lines of sources.yaml for these sources, one a line, without a line break at the end."""
    return "\n".join(f"{indent}- {_flow(item)}" for item in items)


def _catalog_with(path: Path, name: str, environ: Mapping[str, str]) -> Catalog:
    """The catalog, which has a source of this name."""
    catalog = load_catalog(path, environ=environ)
    if name not in names_of(catalog):
        raise ConfigFault(f"{path.name}: no source is called {name!r}; `presswatch sources list` names them")
    return catalog


def _switch(path: Path, name: str, *, is_enabled: bool, environ: Mapping[str, str] | None) -> None:
    environ = os.environ if environ is None else environ
    word = "true" if is_enabled else "false"
    expected = [
        replace(source, is_enabled=is_enabled) if source.name == name else source
        for source in _catalog_with(path, name, environ).sources
    ]

    def switched(text: str) -> str:
        file = _File(text)
        item = file.item(name)
        if (found := file.find(item, "enabled")) is not None:
            return file.spliced(file.start(found[1]), file.end(found[1]), word)
        key, value = file.pair(item, "name")
        if item.flow_style:
            return file.spliced(file.end(value), file.end(value), f", enabled: {word}")
        end = file.line_end(value.end_mark.line)
        return file.spliced(end, end, f"{' ' * key.start_mark.column}enabled: {word}{file.newline}")

    _rewrite(path, environ, switched, lambda after: list(after.sources) == expected)


def _rewrite(
    path: Path, environ: Mapping[str, str], change: Callable[[str], str], is_right: Callable[[Catalog], bool]
) -> None:
    """Replace the file in one step, once its new text reads back as it should."""
    text = path.read_bytes().decode("utf-8-sig")
    changed = change(text)
    if not is_right(build_catalog(read_document(changed, file=path.name), path=path, environ=environ)):
        raise ConfigFault(f"{path.name} is left as it is: it would not read back as it should")
    try:
        write_whole(path.resolve(), changed.encode())
    except OSError as error:
        raise ConfigFault(f"{path}: cannot be written: {error.strerror}") from error


class _File:
    """A sources.yaml that was read before: its text, and the nodes that say where everything stands."""

    def __init__(self, text: str) -> None:
        # A last line without a break would take what is written below it.
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self.text = text if not text or text[-1] in "\r\n" else text + self.newline
        self.lines = [0]
        for line in _LINE.finditer(self.text):
            self.lines.append(line.end())
        root = yaml.compose(self.text, Loader=LOADER)
        assert isinstance(root, yaml.MappingNode)
        self._root = root

    def sources(self) -> tuple[yaml.ScalarNode, yaml.Node]:
        """The key `sources` and its value."""
        return self.pair(self._root, "sources")

    def item(self, name: str) -> yaml.MappingNode:
        """The source of a name."""
        for item in self.sources()[1].value:
            if isinstance(item, yaml.MappingNode) and self.pair(item, "name")[1].value == name:
                return item
        raise ConfigFault(f"the name {name!r} is not written in plain words")

    def find(self, mapping: yaml.MappingNode, key: str) -> tuple[yaml.ScalarNode, yaml.Node] | None:
        """A key of a mapping and its value."""
        return next(((node, value) for node, value in mapping.value if node.value == key), None)

    def pair(self, mapping: yaml.MappingNode, key: str) -> tuple[yaml.ScalarNode, yaml.Node]:
        """The same for a key that is there."""
        found = self.find(mapping, key)
        assert found is not None
        return found

    def start(self, node: yaml.Node) -> int:
        """Where a node begins, in characters."""
        return self.lines[node.start_mark.line] + int(node.start_mark.column)

    def end(self, node: yaml.Node) -> int:
        """Where the text of a node ends. (The mark of a block stands where the next begins, below all comments.)"""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self.end(last[1] if isinstance(last, tuple) else last)
        return len(self.text[: self.lines[node.end_mark.line] + int(node.end_mark.column)].rstrip())

    def line_of(self, position: int) -> int:
        """The line of a character."""
        return next(index for index, start in enumerate(self.lines[1:]) if position < start)

    def line_end(self, line: int) -> int:
        """Where the next line begins."""
        return self.lines[line + 1]

    def is_comment(self, line: int) -> bool:
        """Whether a line holds nothing but a comment."""
        return self.text[self.lines[line] : self.lines[line + 1]].lstrip().startswith("#")

    def is_blank(self, line: int) -> bool:
        """Whether a line holds nothing."""
        return not self.text[self.lines[line] : self.lines[line + 1]].strip()

    def spliced(self, start: int, end: int, text: str) -> str:
        """The whole text with another in place of some characters."""
        return self.text[:start] + text + self.text[end:]


def _with_items(text: str, added: Sequence[Listed]) -> str:
    file = _File(text)
    key, items = file.sources()
    if isinstance(items, yaml.SequenceNode) and items.value:
        if items.flow_style:
            raise ConfigFault("its sources: is one flow sequence")
        # The items begin behind their dashes, which all stand in one column.
        end = file.line_end(file.line_of(file.end(items) - 1))
        indent = " " * int(items.start_mark.column)
        return file.spliced(end, end, paste(added, indent=indent).replace("\n", file.newline) + file.newline)
    start, end = file.lines[key.start_mark.line], file.line_end(key.end_mark.line)
    head = re.sub(r":\s*(\[\s*\]|~|null)", ":", file.text[start:end], count=1)
    return file.spliced(start, end, head + paste(added).replace("\n", file.newline) + file.newline)


def _without_item(text: str, name: str) -> str:
    file = _File(text)
    key, items = file.sources()
    item = file.item(name)
    assert isinstance(items, yaml.SequenceNode)
    if items.flow_style:
        index = items.value.index(item)
        if index + 1 < len(items.value):
            return file.spliced(file.start(item), file.start(items.value[index + 1]), "")
        start = file.end(items.value[index - 1]) if index else file.start(item)
        return file.spliced(start, file.end(item), "")
    first, last = item.start_mark.line, file.line_of(file.end(item) - 1)
    while first > 0 and file.is_comment(first - 1):
        first -= 1
    is_alone = first - 1 == key.start_mark.line or file.is_blank(first - 1)
    while is_alone and last + 1 < len(file.lines) - 1 and file.is_blank(last + 1):
        last += 1
    changed = file.spliced(file.lines[first], file.line_end(last), "")
    if len(items.value) > 1:
        return changed
    return re.sub(r"(?m)^(sources\s*:)", r"\1 []", changed, count=1)


def _flow(item: Listed) -> str:
    parts = [f"name: {_scalar(item.name)}", f"kind: {item.kind}", f"url: {json.dumps(_literal(item.url))}"]
    if item.language:
        parts.append(f"language: {item.language}")
    if item.tags:
        parts.append(f"tags: [{', '.join(_scalar(tag) for tag in item.tags)}]")
    if item.allow_networks:
        parts.append(f"allow_networks: {json.dumps(list(item.allow_networks))}")
    return "{" + ", ".join(parts) + "}"


def _scalar(text: str) -> str:
    text = _literal(text)
    is_plain = _PLAIN.fullmatch(text) and not _RESERVED.fullmatch(text) and text == text.strip()
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def _literal(text: str) -> str:
    # What comes from outside must not read our environment.
    return text.replace("${", "$${")
