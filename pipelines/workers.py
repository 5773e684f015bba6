"""Workers: a function and an item go to another process; its result comes back, or the reason why not.

One `Executor` for all heavy work, so that another engine can take the place of local processes. A worker that uses up
the CPU time of an item is killed and replaced. An item whose worker dies or stalls is tried again alone, so that
neither a kill from outside nor an overloaded machine is blamed on it.
"""

import asyncio
import contextlib
import gc
import multiprocessing
import os
import pickle
import resource
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Protocol, Self, TypeVar

from pipelines.model import OperatorFault

T = TypeVar("T")
R = TypeVar("R")
X = TypeVar("X")

_START_S = 60.0  # until a new worker must be ready; the first one waits for the fork server's imports
_WAITS_S = (0.5, 2.0, 8.0)  # before another start where the machine had no process left
_LEAST_ROOM = 64 << 20  # bytes; with less than this a large page kills each worker anew
_KIBIBYTES = 1024 if sys.platform != "darwin" else 1024 * 1024  # in one mebibyte, by the unit of ru_maxrss


class WorkerFault(Exception):
    """A worker gave no answer for an item."""


class WorkerTimeout(WorkerFault):
    """The item used up its CPU time."""


class WorkerDied(WorkerFault):
    """The process ended by itself, again when the item was tried alone: a crash in native code, or out of memory."""


class WorkerInterrupted(WorkerFault):
    """The process was killed from outside or stalled, again when the item was tried alone: no fault of the item."""


class WorkersUnavailable(OperatorFault):
    """No worker starts at all: the memory limit is too low, or the machine has no processes left."""

    exit_code = 7


class Executor(Protocol):
    """Runs a module-level function on one item, elsewhere."""

    async def run(self, function: Callable[[T], R], item: T, *, deadline_s: float) -> R:
        """Return function(item); raise what it raises, or a WorkerFault."""
        ...


class WorkerPool:
    """Persistent local processes which work on one item at a time each. An asynchronous context manager.

    workers: processes; None means one a core. Threads are no substitute: several extractions in the threads of one
    process corrupted the heap in 5 of 60 runs.
    memory_mb: what each may take beyond its imports.
    recycle_after: items after which a worker is replaced, against slow leaks.
    stall_s: seconds without an answer after which a worker counts as stalled, however little CPU time it used.
    preload: modules which the fork server imports once for all workers.

    Nothing is started before the first `run`: a poll that finds nothing new never pays for the imports. Items go over
    one by one, since a hand-over costs 0.2 ms and a batch would lose its deadline.
    """

    def __init__(
        self,
        workers: int | None = None,
        *,
        memory_mb: int = 2048,
        recycle_after: int = 500,
        stall_s: float = 300.0,
        preload: tuple[str, ...] = ("pipelines.clean.preload",),
    ) -> None:
        self._size = workers or _core_count()
        self._memory_mb = memory_mb
        self._recycle_after = recycle_after
        self._stall_s = stall_s
        self._preload = preload
        self._idle: list[_Worker] = []
        self._alive: set[_Worker] = set()
        self._slots = asyncio.Semaphore(self._size)
        self._alone_lock = asyncio.Lock()
        self._closing = threading.Event()
        self._threads = ThreadPoolExecutor(self._size, thread_name_prefix="worker")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        for worker in list(self._alive):
            worker.process.kill()
        self._threads.shutdown()  # not in another thread: there may be none left
        for worker in list(self._alive):
            worker.process.kill()  # one that was just starting
            self._bury(worker)

    async def run(self, function: Callable[[T], R], item: T, *, deadline_s: float) -> R:
        """Return function(item) from a worker; both must be picklable, the function by its name in a module.

        deadline_s: seconds of CPU time that the item may use; a machine that has no time for us is not its fault.
        Raises what the function raises, a WorkerFault; WorkersUnavailable where no worker starts.
        """
        try:
            async with self._slots:
                return await self._run_once(function, item, deadline_s)
        except (WorkerDied, WorkerInterrupted):
            async with self._alone():
                return await self._run_once(function, item, deadline_s)

    @contextlib.asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Waits until nothing else is worked on, and holds that for the block."""
        async with self._alone_lock, contextlib.AsyncExitStack() as stack:
            for _slot in range(self._size):
                await stack.enter_async_context(self._slots)
            yield

    async def _run_once(self, function: Callable[[T], R], item: T, deadline_s: float) -> R:
        worker = self._idle.pop() if self._idle else await self._in_thread(self._start)
        exchange = self._in_thread(worker.exchange, function, item, deadline_s, max(self._stall_s, 3 * deadline_s))
        try:
            answer = await exchange
        except BaseException as fault:
            # Cancelled or without an answer: a later answer of this worker must not pass for that of another item.
            worker.process.kill()
            await asyncio.wait([exchange])
            self._bury(worker)
            if isinstance(fault, EOFError | OSError):
                raise _fault_of(worker.process.exitcode, deadline_s) from fault
            raise
        worker.item_count += 1
        if answer.is_spent or worker.item_count >= self._recycle_after:
            worker.process.kill()
            self._bury(worker)
        else:
            self._idle.append(worker)
        if answer.error is not None:
            raise answer.error
        return answer.value  # type: ignore[no-any-return]

    def _in_thread(self, call: Callable[..., X], *arguments: object) -> asyncio.Future[X]:
        try:
            return asyncio.get_running_loop().run_in_executor(self._threads, call, *arguments)
        except RuntimeError as fault:  # can't start new thread
            raise WorkersUnavailable("no cleaning process can be started: the machine is out of threads") from fault

    def _start(self) -> "_Worker":
        """Start a worker; a machine that is out of processes has a while to find one. Raises WorkersUnavailable."""
        for wait_s in _WAITS_S:
            try:
                return self._start_now()
            except (EOFError, OSError):
                # The fork server found no room and died; the next start brings another one up.
                if self._closing.wait(wait_s):
                    raise
        try:
            return self._start_now()
        except (EOFError, OSError) as fault:
            detail = "no cleaning process can be started: the machine is out of processes or memory"
            raise WorkersUnavailable(detail) from fault

    def _start_now(self) -> "_Worker":
        context = multiprocessing.get_context("forkserver")
        with _starting:
            context.set_forkserver_preload([__name__, *self._preload])
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, self._memory_mb), daemon=True)
            # Else the child imports the parent's __main__ again: Prefect's engine would cost it 0.85 s and 70 MB.
            main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
            try:
                with _interrupts_blocked():
                    process.start()
            except BaseException:
                ours.close()
                raise
            finally:
                sys.modules["__main__"] = main
                theirs.close()
        worker = _Worker(process, ours)
        self._alive.add(worker)
        try:
            is_ready = ours.poll(_START_S) and ours.recv()
        except (EOFError, OSError):
            is_ready = False
        if not is_ready:
            worker.process.kill()
            self._bury(worker)
            raise WorkersUnavailable(f"workers do not start with {self._memory_mb} MB of memory each")
        return worker

    def _bury(self, worker: "_Worker") -> None:
        self._alive.discard(worker)
        worker.process.join(5)
        worker.pipe.close()


# Two starts at once would mix up what stands in for __main__.
_starting = threading.Lock()


@contextlib.contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Ctrl-C reaches the whole group: in the midst of its imports the fork server would end in a traceback.

    What is started in the block inherits its signal mask; the main thread keeps its own.
    """
    resource_tracker.ensure_running()  # a start of it within the block would lift the mask
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _fault_of(exit_code: int | None, deadline_s: float) -> WorkerFault:
    """What the end of a worker in the midst of an item means."""
    if exit_code == -signal.SIGPROF:
        return WorkerTimeout(f"no answer within {deadline_s:g} s of CPU time")
    # Neither a crash nor the memory limit of a worker ends so; 255 stands for a fork server that is gone.
    if exit_code in (-signal.SIGKILL, -signal.SIGALRM, 255, None):
        return WorkerInterrupted(f"the worker was killed from outside (exit code {exit_code})")
    return WorkerDied(f"worker ended with exit code {exit_code}")


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

    def exchange(self, function: Callable[[Any], Any], item: object, deadline_s: float, stall_s: float) -> _Answer:
        """Blocks. Raises WorkerInterrupted where it stalls, and EOFError or OSError where the process has ended."""
        self.pipe.send((function, item, deadline_s, stall_s))
        if not self.pipe.poll(stall_s):
            raise WorkerInterrupted(
                f"no answer within {stall_s:g} s, though {deadline_s:g} s of CPU time were not used"
            )
        answer: _Answer = self.pipe.recv()
        return answer


def _serve(pipe: "Connection[Any, Any]", memory_mb: int) -> None:
    """Answer until the parent closes its end, which the kernel does for it even when it is killed."""
    # Signals of a terminal or a service manager reach the whole group; what ends is for the parent to decide.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    with contextlib.suppress(ValueError, OSError):  # not every system limits address space or reports it
        limit = _address_space() + (memory_mb << 20)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    full_mb = _peak_mb() + memory_mb / 2
    # 14 % less CPU a page: what was imported is never garbage, and pages make much of it at once.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    with contextlib.suppress(EOFError, OSError, MemoryError):
        bytearray(_LEAST_ROOM)
        pipe.send(True)
        while True:
            function, item, deadline_s, stall_s = pipe.recv()
            # The kernel counts the CPU time of all threads, and ends the process in the midst of native code, too.
            signal.setitimer(signal.ITIMER_PROF, deadline_s)
            # If the parent is killed meanwhile, nothing else ends a function that waits.
            signal.setitimer(signal.ITIMER_REAL, stall_s + 5)
            answer = _call(function, item, full_mb)
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.setitimer(signal.ITIMER_PROF, 0)
            pipe.send(answer)


def _call(function: Callable[[Any], Any], item: object, full_mb: float) -> _Answer:
    value: Any = None
    error: BaseException | None = None
    try:
        value = function(item)
    except Exception as raised:  # Not swallowed: it is raised again in the parent.
        error = _portable(raised)
    return _Answer(value, error, is_spent=_peak_mb() > full_mb)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIBIBYTES


def _address_space() -> int:
    """The bytes of address space in use; most of it are libraries, 0.5 GB of them with the extractors."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def _portable(error: Exception) -> Exception:
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # Whatever its own pickling raises.
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _core_count() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS
        return os.cpu_count() or 1
