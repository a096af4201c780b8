"""Contestants that take turns, of which the fastest slice of work counts.

Other programs come and go within tenths of a second, and slow down some work more than other. So
turns are short, and the fastest slice of a round counts: it is closest to the speed of a machine
with nothing else to do. Work that takes long to prepare is a process of its own, which waits while
the others have their turns.
"""

import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from multiprocessing.connection import Connection
from typing import Any


class Turn:
    """A contestant's end of its connection to the process that measures."""

    def __init__(self, connection: "Connection[float, None]") -> None:
        self._connection = connection

    def wait(self, seconds: float = 0.0) -> None:
        """Report the seconds of the last slice of work, and wait for the next turn.

        The first call reports that the contestant is ready.

        Raises
        ------
        SystemExit
            If there is no further turn.
        """
        try:
            self._connection.send(seconds)
            self._connection.recv()
        except (EOFError, OSError):
            sys.exit()

    def take(self, slice_of_work: Callable[[], float]) -> None:
        """Call a function that does a slice of work and returns its seconds, in every turn."""
        seconds = 0.0
        while True:
            self.wait(seconds)
            seconds = slice_of_work()


def fastest(contestants: Mapping[str, Callable[[], float]], slices: int) -> dict[str, float]:
    """Let all do `slices` slices of work in turns; return the seconds of the fastest of each."""
    found: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(slices):
        for name, slice_of_work in contestants.items():
            found[name].append(slice_of_work())
    return {name: min(seconds) for name, seconds in found.items()}


def rounds(
    contestants: Mapping[str, Callable[[Turn], None]], count: int, slices: int
) -> Iterator[dict[str, float]]:
    """Yield what `fastest` returns, for contestants that are processes of their own.

    Parameters
    ----------
    contestants : mapping of str to callable
        The work of each process: it prepares itself, and waits for its turn for every slice.
    count : int
        Number of rounds.
    slices : int
        Turns of each contestant in a round.
    """
    context = multiprocessing.get_context("spawn")
    turns: dict[str, Callable[[], float]] = {}
    with ExitStack() as ended:
        for name, work in contestants.items():
            ours, theirs = context.Pipe()
            process = context.Process(target=_compete, args=(work, theirs), daemon=True)
            process.start()
            theirs.close()
            # Called in reverse order: a process ends when its connection is closed.
            ended.callback(process.join)
            ended.callback(ours.close)
            ours.recv()
            turns[name] = partial(_turn, ours)
        for _ in range(count):
            yield fastest(turns, slices)


def _turn(connection: Any) -> float:
    """Let a contestant have a turn; return the seconds that it reports."""
    try:
        connection.send(None)
        seconds: float = connection.recv()
    except (EOFError, OSError):
        raise RuntimeError("a contestant died; its error message is above") from None
    return seconds


def _compete(work: Callable[[Turn], None], connection: Any) -> None:
    # On Ctrl-C the process that measures closes the connection.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work(Turn(connection))
