"""Processes that share a piece of work: real ones, and what kills them."""

import itertools
import multiprocessing
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from abcgen.errors import AbcgenError, CorpusError
from abcgen.support import processes as workers
from abcgen.support.processes import sharing
from tests.conftest import ROOT

ENDLESS = range(10**9)


@pytest.fixture(autouse=True, params=["fork", "spawn"])
def start(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let workers be started in both ways where there are two."""
    if request.param == "fork" and sys.platform != "linux":
        pytest.skip("forks on Linux alone")
    monkeypatch.setattr(workers, "_FORKS", request.param == "fork")
    return str(request.param)


# What the workers of these tests do with their numbers.


def square(numbers: Iterator[int]) -> Iterator[int]:
    for number in numbers:
        yield number * number


def square_by_tens(numbers: Iterator[int]) -> Iterator[int]:
    """Take up ten before the first is done, as one does who draws tunes side by side."""
    while some := list(itertools.islice(numbers, 10)):
        yield from (number * number for number in some)


def fail_at(numbers: Iterator[int], last: int, error: Exception) -> Iterator[int]:
    for number in numbers:
        if number == last:
            raise error
        yield number


def fail_at_once(numbers: Iterator[int]) -> Iterator[int]:
    raise CorpusError("nothing to work with")
    yield


def wait_with_the_first(numbers: Iterator[int], go_on: Path) -> Iterator[int]:
    """Do the first number when all others are done."""
    for number in numbers:
        if number == 0:
            os.read(os.open(go_on, os.O_RDONLY), 1)
        elif number == 99:
            os.write(os.open(go_on, os.O_WRONLY), b".")
        yield number


def tell_pid(numbers: Iterator[int]) -> Iterator[int]:
    for _ in numbers:
        yield os.getpid()


def tell_blocked(numbers: Iterator[int]) -> Iterator[set[int]]:
    for _ in numbers:
        yield set(map(int, signal.pthread_sigmask(signal.SIG_BLOCK, [])))


def write_what_is_made(numbers: Iterator[int], logs: Path) -> Iterator[bytes]:
    with (logs / str(os.getpid())).open("ab", buffering=0) as file:
        for _ in numbers:
            file.write(b".")
            yield bytes(1 << 20)


def first_of_each(pids: Iterator[int], jobs: int) -> list[int]:
    """Read until each of some processes has told its number."""
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


@pytest.mark.parametrize("jobs", [1, 2, 3, 7])
@pytest.mark.parametrize("make", [square, square_by_tens])
def test_items_come_in_order(make: Callable[..., Iterator[int]], jobs: int) -> None:
    for numbers in (range(5), range(7, 200), range(0)):
        with sharing(make, (), numbers, jobs) as items:
            assert list(items) == [number * number for number in numbers]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a FIFO")
def test_one_that_is_held_up_leaves_the_rest_to_the_others(tmp_path: Path) -> None:
    """By shares that are fixed, this would never end."""
    go_on = tmp_path / "go on"
    os.mkfifo(go_on)
    with sharing(wait_with_the_first, (go_on,), range(100), 2) as items:
        assert list(items) == list(range(100))


@pytest.mark.parametrize(
    "error", [CorpusError("no such thing"), PermissionError(13, "Permission denied", "f.abc")]
)
def test_an_error_of_a_worker_comes_in_its_turn(error: Exception) -> None:
    with sharing(fail_at, (50, error), range(100), 3) as items:
        assert list(itertools.islice(items, 50)) == list(range(50))
        with pytest.raises(type(error)) as raised:
            next(items)
    assert str(raised.value) == str(error)


def test_an_error_before_any_work_comes_at_once() -> None:
    with (
        sharing(fail_at_once, (), range(100), 2) as items,
        pytest.raises(CorpusError, match="nothing to work with"),
    ):
        next(items)


def test_a_fault_of_the_program_is_shown_and_ends_the_work(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with (
        sharing(fail_at, (6, ZeroDivisionError()), range(100), 2) as items,
        pytest.raises(AbcgenError, match="died after"),
    ):
        list(items)
    assert "ZeroDivisionError" in capfd.readouterr().err


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_worker_that_is_killed_as_it_takes_a_number_is_no_hang(
    monkeypatch: pytest.MonkeyPatch, start: str
) -> None:
    if start != "fork":
        pytest.skip("needs workers that are as this process is")
    usual = workers._Shared.of

    def of(self: workers._Shared, job: int) -> Iterator[int]:
        for number in usual(self, job):
            if number == 50:
                assert self._place is not None
                self._place.get_lock().acquire()
                os.kill(os.getpid(), signal.SIGKILL)
            yield number

    monkeypatch.setattr(workers._Shared, "of", of)
    with (
        sharing(square, (), range(100), 3) as items,
        pytest.raises(AbcgenError, match="a worker process died"),
    ):
        list(items)


def test_without_memory_to_share_each_has_a_share_that_is_fixed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lacking(*_: object) -> None:
        raise OSError(30, "Read-only file system", "/dev/shm/pym-1")

    for context in ("fork", "spawn"):
        monkeypatch.setattr(multiprocessing.get_context(context), "Value", lacking)
    for numbers in (range(2), range(7, 200)):
        with sharing(square, (), numbers, 3) as items:
            assert list(items) == [number * number for number in numbers]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_worker_that_is_killed_ends_the_work_and_the_others() -> None:
    with sharing(tell_pid, (), ENDLESS, 3) as items:
        pids = first_of_each(items, 3)
        os.kill(pids[1], signal.SIGKILL)
        with pytest.raises(AbcgenError, match="a worker process died"):
            deque(items, maxlen=0)  # what it had sent already comes first
    assert all(map(gone, pids))


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="needs signal masks")
def test_workers_never_see_what_ends_a_group() -> None:
    before = list(tell_blocked(iter([1])))
    with sharing(tell_blocked, (), range(100), 2) as items:
        assert all({signal.SIGINT, signal.SIGTERM} <= blocked for blocked in items)
    assert list(tell_blocked(iter([1]))) == before


def test_the_workers_end_with_the_block() -> None:
    with sharing(tell_pid, (), ENDLESS, 2) as items:
        pids = first_of_each(items, 2)
        assert not any(map(gone, pids))
    assert all(map(gone, pids))


def test_a_worker_does_not_run_ahead(tmp_path: Path) -> None:
    """What is larger than a pipe waits in the worker that made it."""
    with sharing(write_what_is_made, (tmp_path,), ENDLESS, 2) as items:
        for taken, _ in enumerate(itertools.islice(items, 40), start=1):
            made = sum(log.stat().st_size for log in tmp_path.iterdir())
            # Of each worker one may have come, and one be on its way.
            assert made <= taken + 2 * 2


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_workers_do_not_outlive_a_parent_that_is_killed(start: str) -> None:
    script = (
        "from abcgen import workers\n"
        f"workers._FORKS = {start == 'fork'}\n"
        "from tests.support.test_processes import ENDLESS, tell_pid\n"
        "with workers.sharing(tell_pid, (), ENDLESS, 2) as items:\n"
        "    for pid in items:\n"
        "        print(pid, flush=True)\n"
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
    # Of those that are spawned, Python tells that it has cleaned up the lock they shared.
    assert b"Traceback" not in errors
    assert errors == b"" or start == "spawn"
