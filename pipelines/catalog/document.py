"""Document: the text of a YAML file becomes plain values with their line numbers, and ${NAME} its value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import yaml

from pipelines.model import ConfigFault

Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"
Place: TypeAlias = tuple[str | int, ...]

# libyaml reads a catalogue of 2,000 sources in 0.2 s, the pure loader in 2 s.
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLACEHOLDER = re.compile(r"\$(\$\{)|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?\})?")
_DEEPEST = 20
_MOST_VALUES = 2_000_000  # 100,000 sources have about a million


class Fault(NamedTuple):
    """What does not hold at a place of a document."""

    place: Place
    problem: str
    line: int | None = None  # where it is not the place's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A YAML file as plain values. Every scalar is text, so that `country: NO` stays Norway."""

    file: str
    value: Value
    lines: Mapping[Place, int]  # path of keys and indexes → line, counted from 1
    faults: tuple[Fault, ...] = ()

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def at(self, place: Place) -> Value:
        """What stands in the file at a place, before any placeholder was filled in; None where nothing does."""
        value = self.value
        for step in place:
            if isinstance(value, dict) and isinstance(step, str):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value


def read_document(text: str, *, file: str) -> Document:
    """Read YAML. Raises ConfigFault for bad syntax or endless nesting; keys that do not hold become faults."""
    try:
        # Composing only: no value is constructed, so no tag can do anything.
        root = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{file}:{mark.line + 1}" if mark else file
        raise ConfigFault(f"{where}: not valid YAML: {error.problem or error.context}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise ConfigFault(f"{file}: not valid YAML: {' '.join(str(error).split()) or 'nested too deeply'}") from error
    reader = _Reader(file=file)
    value = reader.plain(root, ()) if root is not None else None
    return Document(file=file, value=value, lines=reader.lines, faults=tuple(reader.faults))


def fill_in(document: Document, environ: Mapping[str, str]) -> tuple[Value, list[Fault]]:
    """The values with every ${NAME} and ${NAME:-default} replaced, and what could not be; `$${` is a literal `${`."""
    faults: list[Fault] = []
    return _filled(document.value, (), environ=environ, faults=faults), faults


def without_environment(text: str, environ: Mapping[str, str]) -> str:
    """A text of the file with its defaults filled in; a placeholder that takes its value from `environ` stays."""

    def replacement(match: re.Match[str]) -> str:
        escaped, name, default_part, default = match.groups()
        if escaped:
            return str(escaped)
        return str(default) if default_part is not None and not environ.get(name) else f"${{{name}}}"

    return _PLACEHOLDER.sub(replacement, text)


def values_from_environment(text: str, environ: Mapping[str, str]) -> dict[str, str]:
    """What `environ` fills into a text of the file: value → placeholder."""
    names = (match[2] for match in _PLACEHOLDER.finditer(text) if match[2])
    return {value: f"${{{name}}}" for name in names if (value := environ.get(name))}


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Turns the nodes of one file into plain values, with their lines and what is wrong with the keys."""

    file: str
    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def plain(self, node: yaml.Node, place: Place) -> Value:
        line = self.lines[place] = node.start_mark.line + 1
        # Aliases of aliases can stand for more than fits into memory.
        if len(place) > _DEEPEST or len(self.lines) > _MOST_VALUES:
            raise ConfigFault(f"{self.file}:{line}: nested too deeply")
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(child, (*place, index)) for index, child in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> Value:
        found: dict[str, Value] = {}
        for key_node, child in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise ConfigFault(f"{self.file}:{line}: a key must be a plain word")
            key = str(key_node.value)
            if key in found:
                self.faults.append(Fault((*place, key), "is given twice", line))
                continue
            found[key] = self.plain(child, (*place, key))
            self.lines[*place, key] = line
        return found


def _filled(value: Value, place: Place, *, environ: Mapping[str, str], faults: list[Fault]) -> Value:
    if isinstance(value, dict):
        return {key: _filled(item, (*place, key), environ=environ, faults=faults) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, (*place, index), environ=environ, faults=faults) for index, item in enumerate(value)]
    if value is None or "${" not in value:
        return value

    def replacement(match: re.Match[str]) -> str:
        escaped, name, default_part, default = match.groups()
        if escaped:
            return str(escaped)
        if default_part is not None:
            return environ.get(name) or str(default)
        if name in environ:
            return environ[name]
        problem = "a placeholder is ${NAME} or ${NAME:-default}; write $${ for a literal ${"
        faults.append(Fault(place, f"the environment variable {name} is not set" if name else problem))
        return str(match[0])

    return _PLACEHOLDER.sub(replacement, value)
