"""Progress: how far a run is; silent, unless whoever started the run wants to see it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Progress:
    """Counts sources polled and articles ended; this one stays silent."""

    def expect_sources(self, count: int) -> None:
        """`count` sources are due."""

    def expect_articles(self, count: int) -> None:
        """`count` more articles were announced."""

    def finish_source(self, name: str) -> None:
        """One source was polled."""

    def finish_articles(self, count: int) -> None:
        """`count` articles ended."""


_progress: ContextVar[Progress] = ContextVar("progress")


def current_progress() -> Progress:
    """The progress that whoever started the run wants to see; silent unless set."""
    return _progress.get(Progress())


@contextmanager
def showing(progress: Progress) -> Iterator[None]:
    """Let the runs inside the block show their progress there."""
    token = _progress.set(progress)
    try:
        yield
    finally:
        _progress.reset(token)
