"""Append: new sources are written below those of a sources.yaml, whose comments stay as they are."""

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pipelines.catalog.document import read_document
from pipelines.catalog.load import build_catalog, load_catalog
from pipelines.catalog.opml import Listed
from pipelines.model import ConfigFault

_PLAIN = re.compile(r"[A-Za-z0-9/][A-Za-z0-9 ._/@?=+~-]*(:(?=[^\s])[A-Za-z0-9 ._/@?=+~-]*)*")
_RESERVED = re.compile(r"(?i)(true|false|yes|no|on|off|null|y|n|[-+]?[0-9][0-9._:e+-]*|[0-9-]+t?.*)")


def append_sources(path: Path, new: Iterable[Listed], *, environ: Mapping[str, str] | None = None) -> list[Listed]:
    """Write `new` at the end of the list under `sources:` and return what was written.

    A source whose URL the file names already is left out. The text around stays byte for byte; the result is
    validated before it replaces the file. Raises ConfigFault, with the lines to paste, where the list is written
    in a way that cannot be continued (as one flow sequence, or not at the end).
    """
    environ = os.environ if environ is None else environ
    catalog = load_catalog(path, environ=environ)
    known = {source.location for source in catalog.sources}
    names = {source.name for source in catalog.sources}
    added = [item for item in new if item.url not in known]
    taken = [item.name for item in added if item.name in names]
    if taken:
        raise ConfigFault(f"{path.name}: the name {taken[0]!r} is taken by another source")
    if not added:
        return []
    text = path.read_bytes().decode("utf-8-sig")
    changed = _continued(text, added)
    try:
        if changed is None:
            raise ConfigFault("its sources: is no plain list at the end of a section")
        after = build_catalog(read_document(changed, file=path.name), path=path, environ=environ)
        if [s.name for s in after.sources] != [s.name for s in catalog.sources] + [item.name for item in added]:
            raise ConfigFault("the list would not read back as it should")
    except ConfigFault as error:
        raise ConfigFault(
            f"{path.name} is left as it is ({error}); paste this under sources:\n{paste(added)}"
        ) from error
    _replace(path, changed)
    return added


def paste(items: Sequence[Listed], *, indent: str = "  ") -> str:
    """The lines of sources.yaml for these sources, one a line, without a line break at the end."""
    return "\n".join(f"{indent}- {_flow(item)}" for item in items)


def _flow(item: Listed) -> str:
    parts = [f"name: {_scalar(item.name)}", f"kind: {item.kind}", f"url: {json.dumps(_literal(item.url))}"]
    if item.language:
        parts.append(f"language: {item.language}")
    if item.tags:
        parts.append(f"tags: [{', '.join(_scalar(tag) for tag in item.tags)}]")
    return "{" + ", ".join(parts) + "}"


def _scalar(text: str) -> str:
    text = _literal(text)
    is_plain = _PLAIN.fullmatch(text) and not _RESERVED.fullmatch(text) and text == text.strip()
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def _literal(text: str) -> str:
    # What comes from outside must not read our environment.
    return text.replace("${", "$${")


def _continued(text: str, added: Sequence[Listed]) -> str | None:
    """The text with the new lines below the last item of `sources:`; None where that is not to be done safely."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    start = next((index for index, line in enumerate(lines) if re.match(r"sources\s*:", line)), None)
    if start is None:
        return None
    rest = re.sub(r"\s+#.*$", "", lines[start].split(":", 1)[1]).strip()
    if rest == "[]":
        lines[start] = re.sub(r":\s*\[\]", ":", lines[start], count=1)
    elif rest:
        return None
    indent: str | None = None
    last = start
    for index in range(start + 1, len(lines)):
        line = lines[index]
        item = re.match(r"(\s*)-(\s|$)", line)
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if item and (indent is None or item[1] == indent):
            indent = item[1]
        elif not re.match(r"\s", line):
            break
        last = index
    block = paste(added, indent="  " if indent is None else indent).split("\n")
    return newline.join([*lines[: last + 1], *block, *lines[last + 1 :]]) + newline


def _replace(path: Path, text: str) -> None:
    target = path.resolve()
    beside = target.with_name(f".{target.name}.new")
    try:
        beside.write_bytes(text.encode())
        beside.chmod(target.stat().st_mode & 0o777)
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise ConfigFault(f"{path}: cannot be written: {error.strerror}") from error
