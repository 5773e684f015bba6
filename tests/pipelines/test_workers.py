"""The worker pool: deadlines, deaths, recycling and the end of everything."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Callable
from multiprocessing import forkserver
from pathlib import Path

import pytest

from pipelines.workers import WorkerDied, WorkerInterrupted, WorkerPool, WorkersUnavailable, WorkerTimeout


def double(number: int) -> int:
    return number * 2


def process_id(_: object) -> int:
    return os.getpid()


def sleep(seconds: float) -> str:
    time.sleep(seconds)
    return "awake"


def compute(cpu_s: float) -> str:
    """Uses up CPU time, in native code too, however busy the machine is."""
    while time.process_time() < cpu_s:
        sum(range(10_000))
    return "done"


def once(folder: Path) -> bool:
    """Whether this is the first call for a folder."""
    try:
        (folder / "once").mkdir()
    except FileExistsError:
        return False
    return True


def kill_self_once(folder: Path, number: int = signal.SIGKILL) -> str:
    if once(folder):
        os.kill(os.getpid(), number)
    return "done"


def crash_once(folder: Path) -> str:
    return kill_self_once(folder, signal.SIGSEGV)


def stop_self_once(folder: Path) -> str:
    return kill_self_once(folder, signal.SIGSTOP)


def note_neighbours(folder: Path) -> int:
    """How many others were at work while this was: each notes itself for as long as it works."""
    mine = folder / str(os.getpid())
    mine.touch()
    most = 0
    for _ in range(50):
        most = max(most, len(list(folder.glob("[0-9]*"))) - 1)
        time.sleep(0.01)
    mine.unlink()
    return most


def die_once_then_note_neighbours(folder: Path) -> int:
    if once(folder):
        os.kill(os.getpid(), signal.SIGKILL)
    return note_neighbours(folder)


def kill_self(number: int) -> None:
    os.kill(os.getpid(), number)


def allocate(mebibytes: int) -> int:
    return len(bytearray(mebibytes << 20))


def fail(message: str) -> None:
    raise LookupError(message)


class Stubborn(Exception):
    """Cannot be unpickled: it needs two arguments and remembers one."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one)


def fail_stubbornly(_: object) -> None:
    raise Stubborn("one", "two")


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    async with WorkerPool(1, preload=()) as pool:
        yield pool


async def test_result_comes_back(pool: WorkerPool) -> None:
    assert await pool.run(double, 21, deadline_s=10) == 42


async def test_worker_is_another_process_and_stays_the_same(pool: WorkerPool) -> None:
    first, second = [await pool.run(process_id, None, deadline_s=10) for _ in range(2)]

    assert first == second != os.getpid()


async def test_nothing_is_started_before_the_first_item() -> None:
    async with WorkerPool(2, preload=()) as pool:
        assert not pool._alive


async def test_items_run_side_by_side() -> None:
    async with WorkerPool(2, preload=()) as pool:
        ids = await asyncio.gather(*(pool.run(process_id, None, deadline_s=10) for _ in range(2)))

    assert len(set(ids)) == 2


async def test_more_items_than_workers_all_get_their_answer() -> None:
    async with WorkerPool(2, preload=()) as pool:
        assert await asyncio.gather(*(pool.run(double, n, deadline_s=10) for n in range(50))) == [
            n * 2 for n in range(50)
        ]


async def test_deadline_kills_the_worker_and_the_next_item_gets_another(pool: WorkerPool) -> None:
    before = await pool.run(process_id, None, deadline_s=10)

    with pytest.raises(WorkerTimeout, match=r"0\.1 s of CPU time"):
        await pool.run(compute, 600.0, deadline_s=0.1)

    after = await pool.run(process_id, None, deadline_s=10)
    assert after != before
    assert _is_gone(before)


async def test_death_is_told_with_its_exit_code_and_costs_that_item_only(pool: WorkerPool) -> None:
    with pytest.raises(WorkerDied, match=str(-signal.SIGSEGV)):
        await pool.run(kill_self, signal.SIGSEGV, deadline_s=10)

    assert await pool.run(double, 1, deadline_s=10) == 2


@pytest.mark.parametrize("fatal_once", [kill_self_once, crash_once])
async def test_a_worker_that_is_killed_once_costs_its_item_nothing(
    pool: WorkerPool, tmp_path: Path, fatal_once: Callable[[Path], str]
) -> None:
    assert await pool.run(fatal_once, tmp_path, deadline_s=10) == "done"


async def test_a_worker_that_is_killed_while_idle_costs_no_item(pool: WorkerPool) -> None:
    os.kill(await pool.run(process_id, None, deadline_s=10), signal.SIGKILL)

    assert await pool.run(double, 21, deadline_s=10) == 42


async def test_a_worker_that_is_killed_each_time_was_interrupted(pool: WorkerPool) -> None:
    with pytest.raises(WorkerInterrupted, match="killed from outside"):
        await pool.run(kill_self, signal.SIGKILL, deadline_s=10)


async def test_a_worker_that_is_stopped_in_mid_item_is_replaced(tmp_path: Path) -> None:
    async with WorkerPool(1, stall_s=5.0, preload=()) as pool:
        assert await pool.run(stop_self_once, tmp_path, deadline_s=0.3) == "done"


async def test_a_worker_that_stalls_each_time_was_interrupted() -> None:
    async with WorkerPool(1, stall_s=0.5, preload=()) as pool:
        with pytest.raises(WorkerInterrupted, match=r"within 0\.5 s"):
            await pool.run(sleep, 600.0, deadline_s=0.1)


async def test_an_item_that_waits_longer_than_its_cpu_time_is_not_at_fault(pool: WorkerPool) -> None:
    assert await pool.run(sleep, 0.5, deadline_s=0.1) == "awake"


async def test_a_second_try_is_made_alone(tmp_path: Path) -> None:
    async with WorkerPool(2, preload=()) as pool:
        dying = pool.run(die_once_then_note_neighbours, tmp_path, deadline_s=10)
        others = [pool.run(note_neighbours, tmp_path, deadline_s=10) for _ in range(3)]
        neighbours, *_ = await asyncio.gather(dying, *others)

    assert neighbours == 0


async def test_signals_to_the_group_are_ignored(pool: WorkerPool) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        await pool.run(kill_self, number, deadline_s=10)

    assert await pool.run(double, 1, deadline_s=10) == 2


async def test_memory_is_limited() -> None:
    async with WorkerPool(1, memory_mb=512, preload=()) as pool:
        with pytest.raises(MemoryError):
            await pool.run(allocate, 4096, deadline_s=10)


async def test_worker_that_has_grown_is_replaced() -> None:
    async with WorkerPool(1, memory_mb=512, preload=()) as pool:
        before = await pool.run(process_id, None, deadline_s=10)
        await pool.run(allocate, 300, deadline_s=10)

        assert await pool.run(process_id, None, deadline_s=10) != before


async def test_worker_is_replaced_after_its_share_of_items() -> None:
    async with WorkerPool(1, recycle_after=2, preload=()) as pool:
        ids = [await pool.run(process_id, None, deadline_s=10) for _ in range(4)]

    assert ids[0] == ids[1] != ids[2] == ids[3]


async def test_memory_too_small_to_start_is_the_operators_fault() -> None:
    async with WorkerPool(1, memory_mb=1, preload=()) as pool:
        with pytest.raises(WorkersUnavailable, match="1 MB"):
            await pool.run(double, 1, deadline_s=10)


async def test_a_fork_server_that_dies_at_a_start_is_replaced() -> None:
    # As it does where the machine has no process left for the fork.
    async with WorkerPool(1, recycle_after=1, preload=()) as pool:
        await pool.run(double, 1, deadline_s=10)
        server = forkserver._forkserver._forkserver_pid
        os.kill(server, signal.SIGSTOP)
        asked = asyncio.create_task(pool.run(double, 2, deadline_s=10))
        await asyncio.sleep(0.3)  # it has been asked for a worker by now, or else the next start finds it gone
        os.kill(server, signal.SIGKILL)

        assert await asked == 4


async def test_exception_of_the_function_is_raised_here(pool: WorkerPool) -> None:
    with pytest.raises(LookupError, match="nothing there"):
        await pool.run(fail, "nothing there", deadline_s=10)


async def test_exception_that_cannot_travel_is_told_in_words(pool: WorkerPool) -> None:
    with pytest.raises(RuntimeError, match="Stubborn: one"):
        await pool.run(fail_stubbornly, None, deadline_s=10)


async def test_cancelled_item_ends_its_worker(pool: WorkerPool) -> None:
    before = await pool.run(process_id, None, deadline_s=10)
    task = asyncio.create_task(pool.run(sleep, 60.0, deadline_s=60))
    await asyncio.sleep(0.1)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert _is_gone(before)
    assert await pool.run(double, 1, deadline_s=10) == 2


async def test_leaving_the_pool_ends_the_workers() -> None:
    async with WorkerPool(1, preload=()) as pool:
        worker = await pool.run(process_id, None, deadline_s=10)

    assert _is_gone(worker)


def test_workers_end_when_the_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent(
            """
            import asyncio, os, sys
            from pipelines.workers import WorkerPool

            async def main():
                async with WorkerPool(1, preload=()) as pool:
                    print(await pool.run(os.getpgid, 0, deadline_s=10), flush=True)
                    print(next(iter(pool._alive)).process.pid, flush=True)
                    await asyncio.sleep(60)

            # No guard for __main__: workers must not import it.
            asyncio.run(main())
            """
        )
    )
    root = Path(__file__).parents[2]
    parent = subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(root)}
    )
    assert parent.stdout is not None
    with parent.stdout:
        parent.stdout.readline()
        worker = int(parent.stdout.readline())

    parent.kill()
    parent.wait()

    assert _is_gone(worker)


def test_ctrl_c_while_workers_start_prints_nothing(tmp_path: Path) -> None:
    (tmp_path / "slow_to_import.py").write_text(
        "import pathlib, time\npathlib.Path('importing').touch()\ntime.sleep(2)"
    )
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent(
            """
            import asyncio
            from pipelines.workers import WorkerPool

            async def main():
                async with WorkerPool(1, preload=("slow_to_import",)) as pool:
                    await pool.run(abs, -1, deadline_s=10)

            try:
                asyncio.run(main())
            except KeyboardInterrupt:
                print("interrupted")
            """
        )
    )
    path = f"{Path(__file__).parents[2]}:{tmp_path}"
    parent = subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
    )
    _wait_for(tmp_path / "importing")

    os.killpg(parent.pid, signal.SIGINT)
    stopped = parent.communicate(timeout=100)

    assert stopped == ("interrupted\n", "")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit address space")
def test_no_room_for_threads_is_the_operators_fault(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent(
            """
            import asyncio, resource
            from pipelines.workers import WorkerPool, WorkersUnavailable

            async def main():
                async with WorkerPool(64, preload=()) as pool:
                    resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20))
                    await asyncio.gather(*(pool.run(abs, -1, deadline_s=10) for _ in range(64)))

            try:
                asyncio.run(main())
            except WorkersUnavailable as fault:
                print(fault)
            """
        )
    )
    root = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(root)}
    )

    assert ended.stderr == ""
    assert ended.stdout == "no cleaning process can be started: the machine is out of threads\n"


def _wait_for(path: Path) -> None:
    while not path.exists():
        time.sleep(0.01)


def _is_gone(process_id: int) -> bool:
    for _ in range(500):
        try:
            state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False
