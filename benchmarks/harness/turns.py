"""Contestants that take turns, of which the fastest slice of work counts.

What else a machine does comes and goes within tenths of a second, and slows down some work more
than other. So turns are short, and of the slices of a round the fastest counts, which tells best
what a machine does that is left alone. What works for long and has much to load is a
process of its own, which waits while another has its turn.
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
    """A contestant's end of the line to the one who counts."""

    def __init__(self, connection: "Connection[float, None]") -> None:
        self._connection = connection

    def wait(self, seconds: float = 0.0) -> None:
        """Tell what the last slice of work took, or that all is ready; wait for the next turn.

        Raises
        ------
        SystemExit
            If there is none.
        """
        try:
            self._connection.send(seconds)
            self._connection.recv()
        except (EOFError, OSError):
            sys.exit()

    def take(self, slice_of_work: Callable[[], float]) -> None:
        """Do a slice of work, which returns the seconds it took, in every turn."""
        seconds = 0.0
        while True:
            self.wait(seconds)
            seconds = slice_of_work()


def fastest(contestants: Mapping[str, Callable[[], float]], slices: int) -> dict[str, float]:
    """Let each do so many slices of work in turns; return the seconds of the fastest of each."""
    found: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(slices):
        for name, slice_of_work in contestants.items():
            found[name].append(slice_of_work())
    return {name: min(seconds) for name, seconds in found.items()}


def rounds(
    contestants: Mapping[str, Callable[[Turn], None]], count: int, slices: int
) -> Iterator[dict[str, float]]:
    """Yield what `fastest` finds of contestants that are processes of their own.

    Parameters
    ----------
    contestants : mapping of str to callable
        What each process does: it makes ready, and waits for its turn for every slice of work.
    count : int
        Rounds.
    slices : int
        Turns that each has in a round.
    """
    context = multiprocessing.get_context("spawn")
    turns: dict[str, Callable[[], float]] = {}
    with ExitStack() as ended:
        for name, work in contestants.items():
            ours, theirs = context.Pipe()
            process = context.Process(target=_compete, args=(work, theirs), daemon=True)
            process.start()
            theirs.close()
            # The other way round: without the line the process ends.
            ended.callback(process.join)
            ended.callback(ours.close)
            ours.recv()
            turns[name] = partial(_turn, ours)
        for _ in range(count):
            yield fastest(turns, slices)


def _turn(connection: Any) -> float:
    """Let a contestant have a turn; return the seconds it tells."""
    try:
        connection.send(None)
        seconds: float = connection.recv()
    except (EOFError, OSError):
        raise RuntimeError("a contestant died; what it said of it stands above") from None
    return seconds


def _compete(work: Callable[[Turn], None], connection: Any) -> None:
    # On Ctrl-C the one who counts closes the line.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work(Turn(connection))
