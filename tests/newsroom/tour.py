"""The tour behind `make run`: the newsroom opens, the schedule runs once over it, a first question is asked."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.newsroom import Newsroom

QUESTION = (
    "from articles select title, language, published_at, word_count order by published_at desc nulls last limit 5"
)


def main() -> int:
    """Run the tour; the exit code is that of `presswatch serve`."""
    command = os.path.relpath(Path(sys.executable).parent / "presswatch")
    with _open_newsroom() as newsroom:
        # The addresses of the newsroom's sources take the port from the environment.
        environ = {**os.environ, "NEWSROOM_PORT": str(newsroom.port)}
        _show(command, "serve", "--runs", "1")
        ended = subprocess.run([command, "serve", "--runs", "1"], env=environ, check=False)
    if ended.returncode != 0:
        return ended.returncode
    _show(command, "sql", f'"{QUESTION}"')
    subprocess.run([command, "sql", QUESTION], check=True)
    return 0


@contextmanager
def _open_newsroom() -> Iterator[Newsroom]:
    """A newsroom of our own: at its usual port, so that a second tour finds its articles known, else at a free one."""
    with ExitStack() as stack:
        try:
            newsroom = stack.enter_context(Newsroom(port=int(os.environ.get("NEWSROOM_PORT") or "8808")))
        except OSError:
            newsroom = stack.enter_context(Newsroom(port=0))
        yield newsroom


def _show(*words: str) -> None:
    print(f"\n$ {' '.join(words)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
