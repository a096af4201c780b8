"""Processes that share one piece of work, piece by piece: who is free takes the next.

So all end together, however fast each of them is. What they make goes through a pipe each. Whoever
finds it full waits: so no process runs far ahead, and memory does not grow with the work.
"""

import multiprocessing
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from abcgen.errors import AbcgenError

Item = TypeVar("Item")

#: Whether workers are forks, which start at once with all that is loaded; elsewhere than on Linux
#: that is not safe.
_FORKS = sys.platform == "linux"

#: What a pipe may hold; more than this is not for everyone to have.
_PIPE_BYTES = 1 << 20


@contextmanager
def sharing(
    make: Callable[..., Iterator[Item]],
    arguments: Sequence[Any],
    numbers: range,
    jobs: int,
    items: str = "tunes",
) -> Iterator[Iterator[Item]]:
    """Start processes that share some work; end them all when the block ends.

    Parameters
    ----------
    make : callable
        What each process iterates over, ``make(its, *arguments)``; a function at the top of a
        module. It yields an item, which is no exception, for each of its numbers, in their order.
        They rise, and each is taken from what all share when `make` asks for it. (Where nothing
        can be shared, each process has a fixed share of them.)
    arguments : sequence
        Further arguments of `make`.
    numbers : range
        One for each item.
    jobs : int
        Processes.
    items : str
        What is yielded, as a complaint calls it.

    Yields
    ------
    iterator
        The items in the order of their numbers. It raises what `make` raises of `AbcgenError` and
        `OSError`, in place of the first item that it owes, and an `AbcgenError` if a process ended
        before its work did.
    """
    context: Any = multiprocessing.get_context("fork" if _FORKS else "spawn")
    shared = _Shared(context, numbers, jobs)
    with ExitStack() as stack:
        workers: dict[Connection[Any, Any], Any] = {}
        with _signals_held():
            for job in range(jobs):
                pipe, end = context.Pipe(duplex=False)
                _widen(end)
                stack.callback(pipe.close)
                inherited = [*workers, pipe] if _FORKS else []
                worker = context.Process(
                    target=_work, args=(end, inherited, shared, job, make, arguments), daemon=True
                )
                worker.start()
                workers[pipe] = worker
                stack.callback(worker.join)
                stack.callback(worker.kill)  # what is entered last is done first
                # Only the worker holds this end now, so that its death is seen at the other.
                end.close()
        yield _in_order(workers, numbers, items)


class _Shared:
    """Numbers of which each is for the process that asks first."""

    def __init__(self, context: Any, numbers: range, jobs: int) -> None:
        self._numbers, self._jobs = numbers, jobs
        try:
            self._place = context.Value("q", 0)  # of the next of them
        except (ImportError, OSError):  # some systems lack locks for processes, or memory to share
            self._place = None

    def of(self, job: int) -> Iterator[int]:
        """Yield those that a process takes; processes count from 0."""
        if self._place is None:
            yield from self._numbers[job :: self._jobs]
            return
        while True:
            with self._place.get_lock():
                place = self._place.value
                self._place.value = place + 1
            if place >= len(self._numbers):
                return
            yield self._numbers[place]


def _widen(pipe: "Connection[Any, Any]") -> None:
    """Let a pipe hold some seconds' work, where it can be told to.

    While one worker is long about an item, the others go on with what comes after it.
    """
    try:
        from fcntl import F_SETPIPE_SZ, fcntl  # on Linux alone

        fcntl(pipe.fileno(), F_SETPIPE_SZ, _PIPE_BYTES)
    except (ImportError, OSError):  # or all that a user may have is taken
        pass


def _in_order(workers: dict[Any, Any], numbers: range, items: str) -> Iterator[Any]:
    """Yield what comes through pipes, of each its worker, in the order of the numbers."""
    # Each process sends by rising numbers: who has the next has sent nothing behind it. So of each
    # no more than one item need be held here, and all others may wait at their full pipes.
    awaited = list(workers)
    come: dict[int, tuple[Any, Any]] = {}
    # One that is killed as it takes a number holds up the others, so that no pipe tells.
    running = {worker.sentinel: worker for worker in workers.values()}
    for done, number in enumerate(numbers):
        while number not in come:
            ready: list[Any] = wait([*awaited, *running])
            for pipe in ready:
                if pipe in running:
                    worker = running.pop(pipe)
                    worker.join()
                    if worker.exitcode:
                        raise _died(done, items)
                    continue
                try:
                    message = pipe.recv()
                except (EOFError, OSError):
                    raise _died(done, items) from None
                awaited.remove(pipe)
                if message is None:  # it has nothing more to do
                    continue
                of, item = message
                if of is None:  # an error, and no number of its own that it could stand for
                    raise item
                come[of] = pipe, item
        pipe, item = come.pop(number)
        awaited.append(pipe)
        if isinstance(item, Exception):
            raise item
        yield item


def _died(done: int, items: str) -> AbcgenError:
    return AbcgenError(
        f"a worker process died after {done} {items} (out of memory?); try fewer --jobs"
    )


def _work(
    pipe: "Connection[Any, Any]",
    inherited: Sequence["Connection[Any, Any]"],
    shared: _Shared,
    job: int,
    make: Callable[..., Iterator[Any]],
    arguments: Sequence[Any],
) -> None:
    """Send what there is, each with its number; the life of a worker."""
    for other in inherited:  # held here, the parent's ends would not be seen to close
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # for Windows; see `_signals_held`
    due: deque[int] = deque()

    def taken() -> Iterator[int]:
        for number in shared.of(job):
            due.append(number)
            yield number

    try:
        try:
            for item in make(taken(), *arguments):
                pipe.send((due.popleft(), item))
            pipe.send(None)
        except BrokenPipeError:
            raise
        except (AbcgenError, OSError) as error:
            pipe.send((due[0] if due else None, error))
    except BrokenPipeError:
        pass  # the parent has gone, and its pipes with it


@contextmanager
def _signals_held() -> Iterator[None]:
    """Hold Ctrl-C and SIGTERM back while processes are started, and keep them from these for good.

    Both reach a whole group of processes, and it is for the parent to end the others: by
    themselves each would print a traceback, or look as if it had died of something else. And one
    that is ended while it starts complains of that.
    """
    if threading.current_thread() is not threading.main_thread():  # no signal comes here
        yield
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    held: list[int] = []
    before = [signal.signal(number, lambda came, _: held.append(came)) for number in numbers]
    try:
        with _signals_blocked(numbers):
            yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
        for came in held:
            signal.raise_signal(came)


@contextmanager
def _signals_blocked(numbers: Sequence[signal.Signals]) -> Iterator[None]:
    """Block signals in this thread; processes that it starts inherit that."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    if not _FORKS:
        # Otherwise it is started with the first process, and lets them through again.
        resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
