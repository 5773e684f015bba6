"""Threads: the flow asks from several at once while it loads."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pipelines.store import check, load, open_store, poll_states, sync_sources, unseen
from tests.builders import NOON, RUN, a_sighting, a_source, an_entry


def test_many_threads_ask_and_load_at_once(tmp_path: Path) -> None:
    entries = [an_entry(f"https://courier.example/{n}") for n in range(40)]
    with open_store(tmp_path) as store, ThreadPoolExecutor(12) as pool:
        sync_sources(store, [a_source()], NOON)

        def ask(_: int) -> int:
            poll_states(store, ["courier"])["courier"]
            return len(unseen(store, entries, limit=40).fresh)

        def add(n: int) -> int:
            sighting = a_sighting(f"Text {n}.", f"https://wire.example/{n}")
            return load(store, run_id=RUN, sightings=[sighting], rejects=[], loaded_at=NOON).articles

        asked, added = [pool.submit(ask, n) for n in range(30)], [pool.submit(add, n) for n in range(30)]

        assert sum(future.result() for future in asked) == len(entries)  # each was taken in hand once
        assert sum(future.result() for future in added) == 30
        assert check(store) == []
