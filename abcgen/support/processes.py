"""Work shared among processes, by the interface of `concurrent.futures`.

`in_order` hands tasks to any executor and yields their items in the order of the tasks, with no
more than a window of them in memory. `workers` gives the executor of this machine: Python's process
pool, and what that lacks: its processes end at once with the command, however that ends, and none
that dies or hangs can make the command hang.
"""

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from abcgen.errors import AbcgenError
from abcgen.support.guard import signals_held

if TYPE_CHECKING:  # they take a while to load, and one process needs none of them
    from concurrent.futures import Executor, ProcessPoolExecutor
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext

Task = TypeVar("Task")
Item = TypeVar("Item")

#: Whether workers are forks, which start at once with all that is loaded; that is only safe on
#: Linux. Elsewhere they are new interpreters.
_FORKS = sys.platform == "linux"
#: Seconds that workers get to finish their files before they are killed.
_GRACE = 5.0
_MOST_ON_WINDOWS = 61  # processes that Python's pool can wait for there

#: Held by a worker while it does what must not be left half done.
_unfinished = threading.Lock()


def num_processors() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        return os.cpu_count() or 1


def in_order(
    function: Callable[[Task], Iterable[Item]],
    tasks: Iterable[Task],
    executor: "Executor | None",
    *,
    ahead: int,
) -> Iterator[Item]:
    """Yield the items of all tasks, in the order of the tasks.

    Parameters
    ----------
    function : callable
        Takes a task and gives its items, as a generator does. With processes, it, the tasks and
        the items have to be picklable.
    tasks : iterable
        Each is taken when there is room for it in the window.
    executor : concurrent.futures.Executor or None
        Who does the tasks; None does them here, one after the other.
    ahead : int
        The window: tasks that an executor may have begun whose items are not yet all yielded.
        Memory does not grow beyond it, however slowly the items are taken.

    Yields
    ------
    object
        The items.

    Raises
    ------
    AbcgenError, OSError
        As `function` raises them, in place of the first item that is missing for it.
    AbcgenError
        If a process of the executor died.
    """
    if executor is None:
        for task in tasks:
            yield from function(task)
        return
    from concurrent.futures import BrokenExecutor

    upcoming = iter(tasks)
    window: deque[Any] = deque()
    done = 0
    try:
        while True:
            for task in islice(upcoming, ahead - len(window)):
                window.append(executor.submit(_items_of, function, task))
            if not window:
                return
            items, error = window[0].result()
            for item in items:
                done += 1
                yield item
            if error:
                raise error
            window.popleft()
    except BrokenExecutor:
        raise AbcgenError(
            f"a worker process died after {done} tunes (out of memory?); try fewer --jobs"
        ) from None


def _items_of(
    function: Callable[[Task], Iterable[Item]], task: Task
) -> tuple[list[Item], AbcgenError | OSError | None]:
    """Return the items of a task up to the first error, and that; runs in a worker."""
    items: list[Item] = []
    try:
        for item in function(task):
            items.append(item)
    except (AbcgenError, OSError) as error:
        return items, error
    return items, None


@contextmanager
def workers(jobs: int) -> Iterator["Executor | None"]:
    """Start processes that wait for tasks; end them at once when the block ends.

    Parameters
    ----------
    jobs : int
        Processes. They start here, all of them.

    Yields
    ------
    concurrent.futures.Executor or None
        For `in_order`. None, which is this process, if `jobs` is 1 or the system lacks the locks
        that processes need.

    Raises
    ------
    AbcgenError
        If the processes cannot be started.
    """
    if jobs == 1 or not _has_locks():
        yield None
        return
    from concurrent.futures import ProcessPoolExecutor

    if sys.platform == "win32":
        jobs = min(jobs, _MOST_ON_WINDOWS)
    context = _context()
    with ExitStack() as stack:
        try:
            heard, lifeline = context.Pipe(duplex=False)
            stack.enter_context(heard)
            stack.enter_context(lifeline)
            initial = (heard, lifeline if _FORKS else None)
            with signals_held():  # for good from the workers: it is for this process to end them
                pool = ProcessPoolExecutor(jobs, context, _begin, initial)
                watch = threading.Thread(target=_end_all_with_one, args=(pool._processes, lifeline))
                stack.callback(_end, pool, lifeline, watch)
                _start(pool)
                watch.start()
        except (OSError, RuntimeError) as error:  # no files, no memory, or no thread left
            raise AbcgenError(
                f"{jobs} processes cannot be started: {error}; try fewer --jobs"
            ) from None
        yield pool


def _context() -> "BaseContext":
    import multiprocessing

    return multiprocessing.get_context("fork" if _FORKS else "spawn")


def _has_locks() -> bool:
    """Say whether the system has locks for processes; some lack them, or memory to share."""
    try:
        # Where workers are not forks, Python's process that looks after locks starts here. To
        # start it lets signals through again, so it cannot wait until workers are started.
        with signals_held():
            _context().Lock()
    except (ImportError, OSError):
        return False
    return True


def _start(pool: "ProcessPoolExecutor") -> None:
    """Start all processes of a pool, before it has a thread."""
    # Otherwise those that are not forks would be started one by one, with later tasks.
    pool._safe_to_dynamically_spawn_children = False  # type: ignore[attr-defined]
    pool.submit(int)  # the first task starts them
    # With these ends open only in workers, the pool's threads see at the other ends when all
    # workers have died, even if one died in the middle of a message.
    pool._call_queue._reader.close()  # type: ignore[attr-defined]
    pool._result_queue._writer.close()  # type: ignore[attr-defined]


def _end(
    pool: "ProcessPoolExecutor", lifeline: "Connection[Any, Any]", watch: threading.Thread
) -> None:
    """End the processes of a pool, whatever they do."""
    processes = list(pool._processes.values())
    lifeline.send_bytes(b"end")
    deadline = monotonic() + _GRACE
    for process in processes:
        process.join(max(0.0, deadline - monotonic()))
        process.kill()  # one that hangs cannot be asked
        process.join()
    pool.shutdown()
    if watch.ident:  # it was started
        watch.join()


def _end_all_with_one(processes: dict[int, Any], lifeline: "Connection[Any, Any]") -> None:
    """End all workers as soon as one has ended; runs in a thread.

    The pool itself does not notice while it waits for the rest of a message, and its signal to the
    other workers is blocked there.
    """
    from multiprocessing.connection import wait

    wait([process.sentinel for process in list(processes.values())])
    lifeline.send_bytes(b"end")


def _begin(heard: "Connection[Any, Any]", lifeline: "Connection[Any, Any] | None") -> None:
    """Prepare a worker."""
    global _unfinished
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # for Windows, which cannot block it
    _unfinished = threading.Lock()  # some thread may have held it when the parent was forked
    if lifeline:  # open here as well, it would outlive the parent
        lifeline.close()
    threading.Thread(target=_end_when_heard, args=(heard,), daemon=True).start()


def _end_when_heard(heard: "Connection[Any, Any]") -> None:
    """End this process when something comes through the lifeline, or the parent has died.

    Nobody takes the message away, so all workers hear it.
    """
    try:
        heard.poll(None)
    finally:
        with _unfinished:
            os._exit(0)


@contextmanager
def finishing() -> Iterator[None]:
    """Let a worker finish the block, such as one that writes a file, before it is ended."""
    with _unfinished:
        yield
