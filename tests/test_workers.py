"""Processes that share a piece of work: real ones, and what kills them."""

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from abcgen import workers
from abcgen.errors import AbcgenError, CorpusError
from abcgen.workers import taking_turns
from tests.conftest import ROOT


@pytest.fixture(autouse=True, params=["fork", "spawn"])
def start(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let workers be started in both ways where there are two."""
    if request.param == "fork" and sys.platform != "linux":
        pytest.skip("forks on Linux alone")
    monkeypatch.setattr(workers, "_FORKS", request.param == "fork")
    return str(request.param)


# What the workers of these tests do.


def count(first: int, last: int, step: int) -> Iterator[int]:
    yield from range(first, last, step)


def fail_after(items: int, error: Exception) -> Iterator[int]:
    yield from range(items)
    raise error


def tell_pid() -> Iterator[int]:
    yield from itertools.repeat(os.getpid())


def tell_blocked() -> Iterator[set[int]]:
    yield set(map(int, signal.pthread_sigmask(signal.SIG_BLOCK, [])))


def write_what_is_made(log: Path) -> Iterator[bytes]:
    with log.open("ab", buffering=0) as file:
        while True:
            file.write(b".")
            yield bytes(1 << 20)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize("jobs", [1, 2, 3, 7])
def test_items_come_in_turn(jobs: int) -> None:
    with taking_turns(count, [(job, 5, jobs) for job in range(jobs)]) as turns:
        assert list(turns) == list(range(5))


@pytest.mark.parametrize(
    "error", [CorpusError("no such thing"), PermissionError(13, "Permission denied", "f.abc")]
)
def test_an_error_of_a_worker_comes_in_its_turn(error: Exception) -> None:
    with taking_turns(fail_after, [(9, error), (2, error)]) as turns:
        assert list(itertools.islice(turns, 5)) == [0, 0, 1, 1, 2]
        with pytest.raises(type(error)) as raised:
            next(turns)
    assert str(raised.value) == str(error)


def test_a_fault_of_the_program_is_shown_and_ends_the_work(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with (
        taking_turns(fail_after, [(3, ZeroDivisionError()), (3, ZeroDivisionError())]) as turns,
        pytest.raises(AbcgenError, match="died after 6"),
    ):
        list(turns)
    assert "ZeroDivisionError" in capfd.readouterr().err


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_worker_that_is_killed_ends_the_work_and_the_others() -> None:
    with taking_turns(tell_pid, [(), (), ()]) as turns:
        pids = list(itertools.islice(turns, 3))
        os.kill(pids[1], signal.SIGKILL)
        with pytest.raises(AbcgenError, match="a worker process died"):
            list(turns)  # what it had sent already comes first
    assert all(map(gone, pids))


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="needs signal masks")
def test_workers_never_see_what_ends_a_group() -> None:
    before = list(tell_blocked())
    with taking_turns(tell_blocked, [(), ()]) as turns:
        assert all({signal.SIGINT, signal.SIGTERM} <= blocked for blocked in turns)
    assert list(tell_blocked()) == before


def test_the_workers_end_with_the_block() -> None:
    with taking_turns(tell_pid, [(), ()]) as turns:
        pids = list(itertools.islice(turns, 2))
        assert not any(map(gone, pids))
    assert all(map(gone, pids))


def test_a_worker_does_not_run_ahead(tmp_path: Path) -> None:
    """What is larger than a pipe waits in the worker that made it."""
    logs = [tmp_path / "0", tmp_path / "1"]
    for log in logs:
        log.touch()
    with taking_turns(write_what_is_made, [(log,) for log in logs]) as turns:
        for taken, _ in enumerate(itertools.islice(turns, 40), start=1):
            for job, log in enumerate(logs):
                of_this = (taken + 1 - job) // 2
                assert log.stat().st_size <= of_this + 1


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_workers_do_not_outlive_a_parent_that_is_killed(start: str) -> None:
    script = (
        "from abcgen import workers\n"
        f"workers._FORKS = {start == 'fork'}\n"
        "from tests.test_workers import tell_pid\n"
        "with workers.taking_turns(tell_pid, [(), ()]) as turns:\n"
        "    for pid in turns:\n"
        "        print(pid, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(os.environ, PYTHONPATH=str(ROOT)),
    ) as parent:
        assert parent.stdout is not None
        assert int(parent.stdout.readline()) != int(parent.stdout.readline())
        parent.kill()
        # The workers hold the other ends too, so this returns when the last of them has ended.
        _, errors = parent.communicate()
    assert errors == b""
