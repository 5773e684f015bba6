"""Costs: a command becomes the wall and CPU seconds that it and its children took, and their memory."""

import ctypes
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_SAMPLED_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took, all its processes included."""

    wall_s: float
    cpu_s: float
    peak_mb: float  # of all of them at once, as sampled; what they share counts once


def cost_of(command: Sequence[str], *, environ: Mapping[str, str] | None = None) -> Cost:
    """Run a command to the end of its last process. Ends this program where the command fails. Linux only.

    The workers are children of a fork server that nobody waits for: unless we adopt them, their time goes uncounted.
    """
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    others = set(_children(os.getpid()))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environ)
    over, peaks = threading.Event(), [0.0]
    sampler = threading.Thread(target=_sample, args=(process.pid, over, peaks))
    sampler.start()
    code = process.wait()
    wall_s = time.perf_counter() - begun
    over.set()
    sampler.join()
    while adopted := set(_children(os.getpid())) - others:
        for pid in adopted:
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    if code:
        sys.exit(f"{' '.join(command)} ended with {code}")
    cpu_s = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall_s, cpu_s, peaks[0])


def _sample(pid: int, over: threading.Event, peaks: list[float]) -> None:
    while not over.wait(_SAMPLED_EVERY_S):
        peaks[0] = max(peaks[0], sum(_memory_mb(each) for each in (pid, *_descendants(pid))))


def _descendants(pid: int) -> list[int]:
    children = _children(pid)
    return [*children, *(deeper for child in children for deeper in _descendants(child))]


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _memory_mb(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
