"""Processes that share one piece of work, each with every J-th part of it.

What they make goes through a pipe each. Whoever finds it full waits: so no process runs far ahead,
and memory does not grow with the work.
"""

import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from abcgen.errors import AbcgenError

Item = TypeVar("Item")

#: Whether workers are forks, which start at once with all that is loaded; elsewhere than on Linux
#: that is not safe.
_FORKS = sys.platform == "linux"

#: What a pipe may hold; more than this is not for everyone to have.
_PIPE_BYTES = 1 << 20


@contextmanager
def taking_turns(
    make: Callable[..., Iterator[Item]],
    arguments: Sequence[tuple[Any, ...]],
    items: str = "tunes",
) -> Iterator[Iterator[Item]]:
    """Start a process for each of some arguments; end them all when the block ends.

    Parameters
    ----------
    make : callable
        What each process iterates over, ``make(*arguments)``; a function at the top of a module.
        What it yields is neither None nor an exception.
    arguments : sequence of tuple
        Those of each process.
    items : str
        What it yields, as a complaint calls them.

    Yields
    ------
    iterator
        The first item of each process, then the second of each, and so on, up to where the first
        of them has no more. It raises what `make` raises of `AbcgenError` and `OSError`, and an
        `AbcgenError` if a process ended before its work did.
    """
    context: Any = multiprocessing.get_context("fork" if _FORKS else "spawn")
    with ExitStack() as stack:
        pipes: list[Connection[Any, Any]] = []
        with _signals_held():
            for given in arguments:
                pipe, end = context.Pipe(duplex=False)
                _widen(end)
                stack.callback(pipe.close)
                pipes.append(pipe)
                inherited = pipes if _FORKS else []
                worker = context.Process(
                    target=_work, args=(end, inherited, make, given), daemon=True
                )
                worker.start()
                stack.callback(worker.join)
                stack.callback(worker.kill)  # what is entered last is done first
                # Only the worker holds this end now, so that its death is seen at the other.
                end.close()
        yield _in_turn(pipes, items)


def _widen(pipe: "Connection[Any, Any]") -> None:
    """Let a pipe hold some seconds' work, where it can be told to.

    While one worker is long about an item, the others go on with what comes after it.
    """
    try:
        from fcntl import F_SETPIPE_SZ, fcntl  # on Linux alone

        fcntl(pipe.fileno(), F_SETPIPE_SZ, _PIPE_BYTES)
    except (ImportError, OSError):  # or all that a user may have is taken
        pass


def _in_turn(pipes: list["Connection[Any, Any]"], items: str) -> Iterator[Any]:
    done = 0
    while True:
        for pipe in pipes:
            try:
                item = pipe.recv()
            except (EOFError, OSError):
                raise AbcgenError(
                    f"a worker process died after {done} {items} (out of memory?); try fewer --jobs"
                ) from None
            if isinstance(item, Exception):
                raise item
            if item is None:
                return
            yield item
            done += 1


def _work(
    pipe: "Connection[Any, Any]",
    inherited: Sequence["Connection[Any, Any]"],
    make: Callable[..., Iterator[Any]],
    given: tuple[Any, ...],
) -> None:
    """Send what there is; the life of a worker."""
    for other in inherited:  # held here, the parent's ends would not be seen to close
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # for Windows; see `_signals_held`
    try:
        try:
            for item in make(*given):
                pipe.send(item)
            pipe.send(None)
        except BrokenPipeError:
            raise
        except (AbcgenError, OSError) as error:
            pipe.send(error)
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
