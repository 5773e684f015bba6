"""Batches: what goes from task to task, a batch at a time.

Neither dataclasses nor lists: Prefect searches those for futures, which took 50 ms a task with a hundred pages.
"""

from collections.abc import Sequence

from pipelines.model import Article, Page, Reject, Sighting


class Batch:
    """What was fetched together."""

    def __init__(self, pages: Sequence[Page], rejects: Sequence[Reject]) -> None:
        self.pages = pages
        self.rejects = rejects


class Cleaned:
    """The articles of a batch, each with its page, and what became none."""

    def __init__(self, articles: Sequence[tuple[Page, Article]], rejects: Sequence[Reject]) -> None:
        self.articles = articles
        self.rejects = rejects


class Ended:
    """How every entry of a batch ended: as a text at a URL, or with a reason."""

    def __init__(self, sightings: Sequence[Sighting], rejects: Sequence[Reject]) -> None:
        self.sightings = sightings
        self.rejects = rejects
