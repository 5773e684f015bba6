"""How fast is the whole road? `presswatch run` against a plain script on one site, in one go, as ratios.

python -m benchmarks.ingest [--articles 1000] [--feeds 10] [--latency 0]
Prints wall and CPU seconds of the whole process tree, a first run and one with nothing new.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.costs import Cost, cost_of


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--feeds", type=int, default=10)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer of the site")
    given = parser.parse_args()
    with _site(given.articles, given.feeds, given.latency) as base, tempfile.TemporaryDirectory() as folder:
        sources = _write_sources(Path(folder), base, given.feeds)
        plain = [sys.executable, "-m", "benchmarks.plain", base, str(given.feeds), f"{folder}/plain.duckdb"]
        ours = [
            sys.executable,
            "-m",
            "flows.cli",
            "run",
            "--json",
            "--sources",
            str(sources),
            "--data",
            f"{folder}/data",
        ]
        rows = [("plain script", cost_of(plain)), ("presswatch run", cost_of(ours))]
        rows += [("plain script, again", cost_of(plain)), ("presswatch run, again", cost_of(ours))]
    _print(rows, given.articles)


def _print(rows: list[tuple[str, Cost]], articles: int) -> None:
    print(f"{'command':<24}{'wall s':>9}{'CPU s':>9}{'ms/article':>12}{'articles/s':>12}{'peak MB':>9}")
    for name, cost in rows:
        each = cost.cpu_s / articles * 1000
        speed = articles / cost.wall_s
        print(f"{name:<24}{cost.wall_s:>9.1f}{cost.cpu_s:>9.1f}{each:>12.1f}{speed:>12.0f}{cost.peak_mb:>9.0f}")
    costs = dict(rows)
    for suffix in ("", ", again"):
        script, ours = costs[f"plain script{suffix}"], costs[f"presswatch run{suffix}"]
        wall, cpu = script.wall_s / ours.wall_s, ours.cpu_s / script.cpu_s
        print(f"presswatch run{suffix}: {wall:.2f} times as fast, {cpu:.2f} times the CPU")


def _write_sources(folder: Path, base: str, feeds: int) -> Path:
    lines = [
        "fetch:",
        '  allow_networks: ["127.0.0.0/8"]',
        "  hosts: {127.0.0.1: {pause: 0, connections: 16}}",
        "sources:",
    ]
    lines += [f"  - {{name: feed-{n}, kind: feed, url: '{base}/feed/{n}'}}" for n in range(feeds)]
    path = folder / "sources.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@contextmanager
def _site(articles: int, feeds: int, latency: float) -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.site", "--articles", str(articles), "--feeds", str(feeds)]
    site = subprocess.Popen(
        [*command, "--latency", str(latency)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert site.stdout is not None
    try:
        yield site.stdout.readline().strip()
    finally:
        site.communicate()


if __name__ == "__main__":
    main()
