"""Processes that share a piece of work: real ones, and what kills them."""

import itertools
import multiprocessing
import os
import signal
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from abcgen.errors import AbcgenError, CorpusError
from abcgen.support import processes
from abcgen.support.guard import ENDING
from abcgen.support.processes import finishing, in_order, workers
from tests.conftest import ROOT

LINES = 10_000

needs_sigkill = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
needs_fifo = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a FIFO")


@pytest.fixture(autouse=True, params=["fork", "spawn"])
def start(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let workers be started in both ways where there are two."""
    if request.param == "fork" and sys.platform != "linux":
        pytest.skip("forks on Linux alone")
    monkeypatch.setattr(processes, "_FORKS", request.param == "fork")
    return str(request.param)


@contextmanager
def shared(
    function: Callable[[Any], Any], tasks: Any, jobs: int, ahead: int = 0
) -> Iterator[Iterator[Any]]:
    """Let processes do tasks, and end them with the block."""
    with workers(jobs) as executor:
        yield in_order(function, tasks, executor, ahead=ahead or 2 * jobs)


# What the workers of these tests do with a task.


def square(number: int) -> Iterator[int]:
    yield number * number


def squares(numbers: range) -> list[int]:
    return [number * number for number in numbers]


def fail_at(numbers: range, last: int, error: Exception) -> Iterator[int]:
    for number in numbers:
        if number == last:
            raise error
        yield number


def wait_with_the_first(number: int, go_on: Path) -> Iterator[int]:
    """Do the first task when all others are done."""
    if number == 0:
        os.read(os.open(go_on, os.O_RDONLY), 1)
    elif number == 99:
        os.write(os.open(go_on, os.O_WRONLY), b".")
    yield number


def give_pid(_: int) -> Iterator[int]:
    yield os.getpid()


def give_blocked(_: int) -> Iterator[set[int]]:
    yield set(map(int, signal.pthread_sigmask(signal.SIG_BLOCK, [])))


def log_task(number: int, logs: Path) -> Iterator[bytes]:
    (logs / str(number)).touch()
    yield bytes(1 << 20)


def die_holding_the_call_queue(number: int) -> Iterator[int]:
    """Die so that no other worker ever gets a task; but not while one waits with the lock."""
    if number >= 50 and pool_of_this_worker("call_queue")._rlock.acquire(block=False):
        os.kill(os.getpid(), signal.SIGKILL)
    yield number


def die_while_sending(number: int) -> Iterator[int]:
    """Die at task 50 behind the first bytes of a result, so that no other is ever read."""
    if number == 50:
        results = pool_of_this_worker("result_queue")
        results._wlock.acquire()
        os.write(results._writer.fileno(), struct.pack("!i", 1000) + b"the first bytes")
        os.kill(os.getpid(), signal.SIGKILL)
    yield number


def pool_of_this_worker(name: str) -> Any:
    """Return a queue of the library's pool; only the function that works for it has it."""
    frame = sys._getframe()
    while frame.f_code.co_name != "_process_worker":
        assert frame.f_back is not None
        frame = frame.f_back
    return frame.f_locals[name]


def exhaust(function: Callable[[int], Iterator[int]]) -> None:
    deque(function(0), maxlen=0)


def write_when_ended(_: int, file: Path, begun: Path) -> Iterator[int]:
    """Write a file after the end of all work was announced, then go on for ever."""
    heard, _lifeline = pool_of_this_worker("initargs")
    with finishing(), file.open("wb", buffering=0) as writing:
        os.write(os.open(begun, os.O_WRONLY), b".")
        heard.poll(None)
        for _ in range(LINES):
            writing.write(b"line\n")
    yield from itertools.repeat(0)


def first_of_each(pids: Iterator[int], jobs: int) -> list[int]:
    """Read until each of some processes has given its number."""
    found: dict[int, None] = {}
    for pid in pids:
        found[pid] = None
        if len(found) == jobs:
            break
    return list(found)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


# Order and window.


@pytest.mark.parametrize("jobs", [1, 2, 3, 7])
def test_items_come_in_order(jobs: int) -> None:
    for numbers in (range(5), range(7, 200), range(0)):
        with shared(square, numbers, jobs) as items:
            assert list(items) == [number * number for number in numbers]
        tasks = [numbers[start : start + 10] for start in range(0, len(numbers), 10)]
        with shared(squares, tasks, jobs) as items:
            assert list(items) == [number * number for number in numbers]


def test_any_executor_will_do() -> None:
    with ThreadPoolExecutor(3) as executor:
        items = in_order(square, range(100), executor, ahead=5)
        assert list(items) == [number * number for number in range(100)]


@needs_fifo
def test_one_that_is_held_up_leaves_the_rest_to_the_others(tmp_path: Path) -> None:
    """With fixed shares, this would never end."""
    go_on = tmp_path / "go on"
    os.mkfifo(go_on)
    with shared(partial(wait_with_the_first, go_on=go_on), range(100), 2, ahead=100) as items:
        assert list(items) == list(range(100))


@pytest.mark.parametrize("ahead", [1, 4, 9])
def test_no_more_than_a_window_of_tasks_is_taken(tmp_path: Path, ahead: int) -> None:
    """However slowly the items are taken: what is not taken is not made."""
    begun = itertools.count()
    tasks = (next(begun) for _ in itertools.repeat(None))
    with shared(partial(log_task, logs=tmp_path), tasks, 2, ahead) as items:
        for taken, _ in enumerate(itertools.islice(items, 40)):
            assert len(list(tmp_path.iterdir())) <= taken + ahead
    assert next(begun) == 39 + ahead


# Errors of a worker.


@pytest.mark.parametrize(
    "error", [CorpusError("no such thing"), PermissionError(13, "Permission denied", "f.abc")]
)
@pytest.mark.parametrize("jobs", [1, 3])
def test_an_error_of_a_worker_comes_in_its_turn(error: Exception, jobs: int) -> None:
    tasks = [range(start, start + 20) for start in range(0, 1000, 20)]
    with shared(partial(fail_at, last=50, error=error), tasks, jobs) as items:
        assert list(itertools.islice(items, 50)) == list(range(50))
        with pytest.raises(type(error)) as raised:
            next(items)
    assert str(raised.value) == str(error)


def test_a_fault_of_the_program_is_shown_and_ends_the_work() -> None:
    fail = partial(fail_at, last=6, error=ZeroDivisionError())
    with shared(fail, [range(10)], 2) as items, pytest.raises(ZeroDivisionError) as raised:
        list(items)
    assert "in fail_at" in str(raised.value.__cause__)  # the worker's traceback


# What kills.


@needs_sigkill
@pytest.mark.parametrize("die", [die_holding_the_call_queue, die_while_sending])
def test_a_worker_that_is_killed_in_a_bad_moment_is_no_hang(
    die: Callable[[int], Iterator[int]],
) -> None:
    with (
        shared(die, itertools.count(), 3) as items,
        pytest.raises(AbcgenError, match=r"a worker process died after \d+ tunes .out of memory"),
    ):
        deque(items, maxlen=0)


def test_without_locks_for_processes_this_one_does_the_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lacking(*_: object) -> None:
        raise OSError(30, "Read-only file system", "/dev/shm/pym-1")

    for context in ("fork", "spawn"):
        monkeypatch.setattr(multiprocessing.get_context(context), "Lock", lacking)
    with shared(give_pid, range(5), 3) as items:
        assert list(items) == [os.getpid()] * 5


@needs_sigkill
def test_a_worker_that_is_killed_ends_the_work_and_the_others() -> None:
    with shared(give_pid, itertools.count(), 3) as items:
        pids = first_of_each(items, 3)
        os.kill(pids[1], signal.SIGKILL)
        with pytest.raises(AbcgenError, match="a worker process died"):
            deque(items, maxlen=0)  # what it had sent already comes first
    assert all(map(gone, pids))


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs SIGSTOP")
def test_a_worker_that_hangs_is_ended_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_GRACE", 0.1)
    with shared(give_pid, itertools.count(), 2) as items:
        pids = first_of_each(items, 2)
        os.kill(pids[0], signal.SIGSTOP)
    assert all(map(gone, pids))


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="needs signal masks")
def test_workers_never_see_what_ends_a_group() -> None:
    before = list(give_blocked(0))
    with shared(give_blocked, range(100), 2) as items:
        assert all(set(ENDING) <= blocked for blocked in items)
    assert list(give_blocked(0)) == before


def test_the_workers_end_with_the_block() -> None:
    with shared(give_pid, itertools.count(), 2) as items:
        pids = first_of_each(items, 2)
        assert not any(map(gone, pids))
    assert all(map(gone, pids))


def test_workers_end_while_others_go_on() -> None:
    """Forks hold what was open in the parent, the lifeline of others too."""
    with ExitStack() as later:
        with shared(give_pid, itertools.count(), 2) as items:
            pids = first_of_each(items, 2)
            others = later.enter_context(shared(give_pid, itertools.count(), 2))
            first_of_each(others, 2)
        assert all(map(gone, pids))
        assert len(first_of_each(others, 2)) == 2


@needs_fifo
def test_a_worker_finishes_what_must_not_be_left_half_done(tmp_path: Path) -> None:
    file, begun = tmp_path / "file", tmp_path / "begun"
    os.mkfifo(begun)
    with workers(2) as executor:
        assert executor is not None
        write = partial(write_when_ended, file=file, begun=begun)
        executor.submit(exhaust, write)
        os.read(os.open(begun, os.O_RDONLY), 1)
    assert file.read_text() == "line\n" * LINES


@needs_sigkill
def test_workers_do_not_outlive_a_parent_that_is_killed(start: str) -> None:
    script = (
        "from abcgen.support import processes\n"
        f"processes._FORKS = {start == 'fork'}\n"
        "from tests.support.test_processes import *\n"
        "if __name__ == '__main__':\n"
        "    with shared(give_pid, itertools.count(), 2) as items:\n"
        "        for pid in items:\n"
        "            print(pid, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(os.environ, PYTHONPATH=str(ROOT)),
    ) as parent:
        assert parent.stdout is not None
        first_of_each(map(int, parent.stdout), 2)
        parent.kill()
        # The workers hold the other ends too, so this returns when the last of them has ended.
        _, errors = parent.communicate()
    # Of those that are spawned, Python reports that it has cleaned up the locks they shared.
    assert b"Traceback" not in errors
    assert errors == b"" or start == "spawn"
