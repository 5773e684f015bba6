"""The tour behind `make run`: the newsroom opens, one run ingests it, a first question is asked."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.newsroom import Newsroom

QUESTION = (
    "from articles select title, language, published_at, word_count order by published_at desc nulls last limit 5"
)


def main() -> int:
    """Run the tour; the exit code is that of `presswatch run`."""
    port = int(os.environ.get("NEWSROOM_PORT", "8808"))
    presswatch = str(Path(sys.executable).parent / "presswatch")
    command = os.path.relpath(presswatch)
    with _open_newsroom(port):
        ended = subprocess.run([command, "run"], check=False)
    if ended.returncode != 0:
        return ended.returncode
    print(f'\n$ {command} sql "{QUESTION}"', flush=True)
    subprocess.run([command, "sql", QUESTION], check=True)
    return ended.returncode


@contextmanager
def _open_newsroom(port: int) -> Iterator[None]:
    if _is_newsroom(port):
        yield  # `make newsroom` serves it in another terminal
        return
    try:
        newsroom = Newsroom(port=port)
        newsroom.__enter__()
    except OSError as error:
        sys.exit(f"port {port} is taken ({error.strerror}); choose another: make run NEWSROOM_PORT=8809")
    try:
        yield
    finally:
        newsroom.__exit__(None, None, None)


def _is_newsroom(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2) as answer:
            return b"newsroom" in answer.read(2000).lower()
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
