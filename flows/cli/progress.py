"""Progress: how far a run is, on a terminal; nothing at all in a pipe."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.run.progress import Progress, showing


@contextmanager
def show_progress() -> Iterator[None]:
    """Draw two bars on stderr while the block runs, if stderr is a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars, showing(_TerminalProgress(bars)):
        yield


class _TerminalProgress(Progress):
    def __init__(self, bars: "object") -> None:
        from rich.progress import Progress as Bars

        assert isinstance(bars, Bars)
        self._bars = bars
        self._sources = bars.add_task("polling sources", total=None)
        self._articles = bars.add_task("reading articles", total=None)
        self._announced = 0

    def expect_sources(self, count: int) -> None:
        self._bars.update(self._sources, total=count)

    def expect_articles(self, count: int) -> None:
        self._announced += count
        self._bars.update(self._articles, total=self._announced)

    def finish_source(self, name: str) -> None:
        self._bars.update(self._sources, advance=1, description=f"polled {name}")

    def finish_articles(self, count: int) -> None:
        self._bars.update(self._articles, advance=count)
