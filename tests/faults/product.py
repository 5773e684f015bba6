"""Product: the catalogue as a sources.yaml for the whole program, and what its database says became of each fault."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import yaml

from tests.faults.case import Fault
from tests.faults.server import Served


def write_sources(folder: Path, served: Served, faults: Iterable[Fault]) -> Path:
    """Writes FOLDER/sources.yaml with a source for each fault that a source can announce, and their files.

    FOLDER/authority.pem is for SSL_CERT_FILE: nobody else's certificates are served.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "authority.pem").write_bytes(served.authority.cert_pem.bytes())
    sources = [_source(folder, served, fault) for fault in faults if fault.is_announced]
    path = folder / "sources.yaml"
    rules = {"contact": "editor@example.org", "allow_networks": ["127.0.0.0/8"]}
    path.write_text(yaml.safe_dump({"fetch": rules, "sources": sources}, sort_keys=False))
    return path


def _source(folder: Path, served: Served, fault: Fault) -> dict[str, Any]:
    source: dict[str, Any] = {"name": fault.name}
    if fault.place == "file":
        root = folder / "files" / fault.name
        root.mkdir(parents=True)
        assert fault.make_file is not None
        fault.make_file(root / ("document.html" if fault.entry.endswith("html") else "document.txt"), fault.name)
        return source | {"kind": "files", "path": str(root)}
    base = f"http://{fault.name}.localhost:{served.port}"
    match fault.place:
        case "sitemap":
            return source | {"kind": "sitemap", "url": f"{base}/sitemap.xml"}
        case "listing":
            return source | {"kind": "listing", "url": f"{base}/list"}
        case "feed":
            return source | {"kind": "feed", "url": f"{base}/feed.xml"}
        case _:  # announced by a healthy host
            return source | {"kind": "feed", "url": base.replace(".localhost", ".feeds.localhost") + "/feed.xml"}


def read_outcomes(database: Path) -> Mapping[str, frozenset[str]]:
    """What became of each source: "stored", "STAGE:REASON", "poll:REASON"; nothing where a poll brought nothing."""
    outcomes: defaultdict[str, set[str]] = defaultdict(set)
    with duckdb.connect(str(database), read_only=True) as connection:
        for query in (
            "select distinct source, 'stored' from sightings",
            "select distinct source, stage || ':' || reason from rejects where not starts_with(stage, 'discover')",
            "select distinct source, 'poll:' || reason from polls where reason is not null",
            "select distinct source, null from polls where outcome = 'ok'",
        ):
            for source, outcome in connection.execute(query).fetchall():
                outcomes[source].update([outcome] if outcome else [])
    return {source: frozenset(found) for source, found in outcomes.items()}
