"""The store's road, once from end to end."""

from datetime import timedelta
from pathlib import Path

from pipelines.model import Validators
from pipelines.store import (
    begin_run,
    check,
    due,
    finish_run,
    load,
    open_store,
    poll_states,
    publish_open,
    query,
    status_rows,
    sync_sources,
    unseen,
)
from tests.builders import NOON, RUN, a_poll, a_reject, a_sighting, a_source, a_tally, an_entry, finish_poll


def test_a_run_is_stored_checked_published_and_queried(tmp_path: Path) -> None:
    source = a_source()
    entries = (an_entry(), an_entry("https://courier.example/two"))
    with open_store(tmp_path) as store:
        begin_run(store, run_id=RUN, flow="ingest", prefect_run_id=None, version="0.1.0", started_at=NOON)
        sync_sources(store, [source], NOON)
        assert due(store, [source], now=NOON) == [source]
        fresh = unseen(store, entries, limit=10).fresh
        assert fresh == entries
        sighting = a_sighting(entry=entries[0])

        loaded = load(store, run_id=RUN, sightings=[sighting], rejects=[a_reject(entry=entries[1])], loaded_at=NOON)
        poll = a_poll(entries, validators=Validators(etag='"1"'))
        tally = a_tally(new=1, rejected=1, reasons={"not-found": 1})
        finish_poll(store, poll, tally, next_due_at=NOON + timedelta(minutes=15))
        finish_run(store, run_id=RUN, status="completed", finished_at=NOON)

        assert loaded.outcomes[sighting.fetch.fetch_id] == "new"
        assert (loaded.articles, loaded.sightings, loaded.fetches, loaded.rejects) == (1, 1, 2, 1)
        assert check(store) == []
        assert check(store, since=NOON) == []
        assert due(store, [source], now=NOON) == []
        assert poll_states(store, ["courier"])["courier"].validators == Validators(etag='"1"')
        assert unseen(store, entries, limit=10).known_count == 2
        assert publish_open(store) == tmp_path / "presswatch.duckdb"
    assert list(query(tmp_path, "from articles select title, authors").rows) == [("One", ["Ann Author"])]
    assert [row.source for row in status_rows(tmp_path)] == ["courier"]
