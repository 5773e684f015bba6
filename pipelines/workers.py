"""Workers: a function and an item go to another process; its result comes back, or the reason why not.

One `Executor` for all heavy work, so that another engine can take the place of local processes. A worker that
misses its deadline is killed and replaced; one that dies takes only the item it was working on along.
"""

import asyncio
import contextlib
import gc
import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from types import ModuleType, TracebackType
from typing import Any, Protocol, Self, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class WorkerFault(Exception):
    """The worker gave no answer; the item is what it was working on."""


class WorkerTimeout(WorkerFault):
    """The deadline passed; the worker was killed."""


class WorkerDied(WorkerFault):
    """The process ended by itself: a crash in native code, or the memory limit."""


class Executor(Protocol):
    """Runs a module-level function on one item, elsewhere."""

    async def run(self, function: Callable[[T], R], item: T, *, deadline_s: float) -> R:
        """Return function(item); raise what it raises, WorkerTimeout or WorkerDied."""
        ...


class WorkerPool:
    """Persistent local processes which work on one item at a time each. An asynchronous context manager.

    workers: processes; None means one a core. Extraction in threads corrupted the heap (5 of 60 runs), so there are none.
    memory_mb: address space of each. recycle_after: items after which a worker is replaced, against slow leaks.
    preload: modules which the fork server imports once for all workers.

    Nothing is started before the first `run`: a poll that finds nothing new never pays for the imports.
    """

    def __init__(
        self,
        workers: int | None = None,
        *,
        memory_mb: int = 2048,
        recycle_after: int = 500,
        preload: tuple[str, ...] = ("pipelines.clean.preload",),
    ) -> None:
        self._size = (
            workers or len(os.sched_getaffinity(0))
            if hasattr(os, "sched_getaffinity")
            else workers or os.cpu_count() or 1
        )
        self._memory_mb = memory_mb
        self._recycle_after = recycle_after
        self._preload = preload
        self._idle: list[_Worker] = []
        self._alive: set[_Worker] = set()
        self._slots = asyncio.Semaphore(self._size)
        self._threads = ThreadPoolExecutor(self._size, thread_name_prefix="worker")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in list(self._alive):
            self._end(worker)
        self._threads.shutdown(wait=True)

    async def run(self, function: Callable[[T], R], item: T, *, deadline_s: float) -> R:
        """Return function(item) from a worker; both must be picklable, the function by its name in a module.

        Raises what the function raises, WorkerTimeout after deadline_s seconds of work, WorkerDied.
        """
        loop = asyncio.get_running_loop()
        async with self._slots:
            worker = self._idle.pop() if self._idle else await loop.run_in_executor(self._threads, self._start)
            try:
                answer = await loop.run_in_executor(self._threads, worker.exchange, function, item, deadline_s)
            except BaseException:
                # Cancelled or without an answer: what the worker would still say belongs to nobody.
                self._end(worker)
                raise
            worker.item_count += 1
            if answer.is_spent or worker.item_count >= self._recycle_after:
                self._end(worker)
            else:
                self._idle.append(worker)
        if answer.error is not None:
            raise answer.error
        return answer.value  # type: ignore[no-any-return]

    def _start(self) -> "_Worker":
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__, *self._preload])
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._memory_mb), daemon=True)
        with _blank_main():
            process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._alive.add(worker)
        return worker

    def _end(self, worker: "_Worker") -> None:
        self._alive.discard(worker)
        worker.kill()


@dataclass(frozen=True, slots=True)
class _Answer:
    value: Any
    error: BaseException | None
    is_spent: bool  # the worker has grown too large to go on


@dataclass(slots=True, eq=False)
class _Worker:
    """The parent's end of one process."""

    process: ForkServerProcess
    pipe: "Connection[Any, Any]"
    item_count: int = 0

    def exchange(self, function: Callable[[Any], Any], item: object, deadline_s: float) -> _Answer:
        try:
            self.pipe.send((function, item, deadline_s))
            if not self.pipe.poll(deadline_s):
                raise WorkerTimeout(f"no answer within {deadline_s:g} s")
            answer: _Answer = self.pipe.recv()
        except (EOFError, OSError) as fault:
            self.process.join(1)
            raise WorkerDied(f"worker ended with exit code {self.process.exitcode}") from fault
        return answer

    def kill(self) -> None:
        self.process.kill()
        self.process.join(5)
        self.pipe.close()


@contextlib.contextmanager
def _blank_main() -> Iterator[None]:
    """Keep the child from importing the parent's __main__ again: Prefect's engine would cost it 0.85 s and 70 MB."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _serve(pipe: "Connection[Any, Any]", memory_mb: int) -> None:
    """Answer until the parent closes its end, which it does even when it is killed."""
    # Signals of a terminal or a service manager reach the whole group; what ends is for the parent to decide.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    # 14 % less CPU a page: what was imported is never garbage, and pages make much of it at once.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    with contextlib.suppress(EOFError, OSError):
        while True:
            function, item, deadline_s = pipe.recv()
            # Should the parent be killed in between, nobody else ends a function that hangs.
            signal.setitimer(signal.ITIMER_REAL, 2 * deadline_s + 5)
            answer = _call(function, item, memory_mb)
            signal.setitimer(signal.ITIMER_REAL, 0)
            pipe.send(answer)


def _call(function: Callable[[Any], Any], item: object, memory_mb: int) -> _Answer:
    value, error = None, None
    try:
        value = function(item)
    except Exception as raised:  # Whatever it is, it is raised again in the parent.
        error = raised
    grown_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return _Answer(value, error, grown_mb > memory_mb / 2)
