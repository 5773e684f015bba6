"""A run that finds nothing due, and what the catalogue says by then."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.idle import run_idle
from pipelines.catalog import Catalog, load_catalog
from pipelines.settings import Settings
from pipelines.store import open_store, sync_sources
from tests.builders import a_poll, a_tally, finish_poll


def catalog_of(folder: Path, *, url: str = "https://courier.example/feed.xml", every: str = "1h") -> Catalog:
    path = folder / "sources.yaml"
    path.write_text(f"sources: [{{name: courier, kind: feed, url: '{url}', every: {every}}}]")
    return load_catalog(path, environ={})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of a store whose only source was looked at half an hour ago, and is due in another half."""
    settings = Settings(data=tmp_path / "data", sources=tmp_path / "sources.yaml")
    polled_at = datetime.now(UTC) - timedelta(minutes=30)
    with open_store(settings.data) as store:
        sync_sources(store, catalog_of(tmp_path).sources, polled_at)
        finish_poll(store, a_poll(polled_at=polled_at), a_tally(), next_due_at=polled_at + timedelta(hours=1))
    return settings


def test_nothing_is_due_before_its_time(tmp_path: Path, settings: Settings) -> None:
    summary = run_idle(catalog_of(tmp_path), settings)

    assert summary is not None
    assert summary.next_due is not None


@pytest.mark.parametrize(
    "change", [{"url": "https://courier.example/new.xml"}, {"every": "10m"}], ids=["another address", "more often"]
)
def test_what_the_catalogue_changed_is_due_at_once(tmp_path: Path, settings: Settings, change: dict[str, str]) -> None:
    assert run_idle(catalog_of(tmp_path, **change), settings) is None
