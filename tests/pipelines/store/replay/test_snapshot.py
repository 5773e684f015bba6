"""Snapshots: which pages of the archive are cleaned again."""

from pathlib import Path

from pipelines.store import Selection, load, open_snapshot, open_store
from tests.builders import NOON, RUN, a_fetch, a_sighting, an_article, an_entry, publish


def test_a_text_that_only_the_feed_held_is_not_cleaned_again(tmp_path: Path) -> None:
    sightings = [
        a_sighting(
            entry=an_entry(f"https://courier.example/{name}"),
            fetch=a_fetch(f"https://courier.example/{name}", warc_file="one.warc.gz", warc_offset=place, warc_length=9),
            article=an_article(f"The text of {name}.", flags=flags),
        )
        for place, (name, flags) in enumerate([("page", ()), ("wall", ("text-from-feed",))])
    ]
    with open_store(tmp_path) as store:
        load(store, run_id=RUN, sightings=sightings, rejects=(), loaded_at=NOON)
    publish(tmp_path)

    with open_snapshot(tmp_path) as snapshot:
        assert snapshot.files(Selection(cleaner="new")) == [("one.warc.gz", 1)]
        found = snapshot.pages("one.warc.gz", Selection(cleaner="new"))

    assert [one.entry.url for one in found] == ["https://courier.example/page"]
