"""Tunes for many visitors of the studio: drawn together, compared with one after the other."""

import itertools
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue

import abcgen
from abcgen.api.batch import Batch
from benchmarks.harness.figures import MORE, Figure, compared
from benchmarks.harness.settings import Settings, wall_seconds
from benchmarks.harness.turns import fastest

TITLE = "Many visitors of the studio"
ABOUT = (
    "Tunes per second on the clock, each with wishes of its own, in one process. Together: so many "
    "visitors ask for a tune at the same time, and each for the next one as soon as it is there, "
    "of `abcgen.api.batch.Batch`, which the studio draws with, on all processors. One by one: each "
    "by `Generator.tune` of a generator that stays loaded. The tunes are the same. They take "
    "turns, and the fastest of 2 counts. A processor without instructions for products of 8-bit "
    "numbers (VNNI) spends about as much on a stream of the network beside others as on one alone."
)
_TURNS = 2
#: How many visitors ask at the same time.
_AT_ONCE = (8, 50, 128)
_TUNES_EACH = 4  # that are counted
_ALONE = 50  # tunes that are drawn one by one
#: As in the studio.
_SWITCH_INTERVAL = 0.001  # seconds
_RHYTHMS = ("jig", "reel", "hornpipe", "waltz", "polka")


def wishes(visitor: int) -> dict[str, object]:
    """Return what a visitor asks for."""
    return {"seed": visitor, "rhythm": _RHYTHMS[visitor % len(_RHYTHMS)]}


def one_by_one(generator: abcgen.Generator) -> float:
    """Draw some tunes; return the seconds of each."""

    def draw() -> None:
        for visitor in range(_ALONE):
            generator.tune(**wishes(visitor))  # type: ignore[arg-type]

    return wall_seconds(draw) / _ALONE


def together(batch: Batch, visitors: int) -> float:
    """Draw tunes for visitors who always ask for one; return the seconds of each.

    The first and the last tunes of all, when some have none yet or ask no more, do not count.
    """
    numbers = itertools.count()
    asked: set[Future[abcgen.Tune]] = set()
    ready: SimpleQueue[Future[abcgen.Tune]] = SimpleQueue()

    def ask() -> None:
        (future,) = batch.tunes(**wishes(next(numbers)))  # type: ignore[arg-type]
        asked.add(future)
        # As the studio does: to wait for all of them at once would take a lock of each.
        future.add_done_callback(ready.put)

    def draw(tunes: int) -> None:
        for _ in range(tunes):
            asked.remove(ready.get())
            ask()

    for _ in range(visitors):
        ask()
    draw(visitors)
    counted = _TUNES_EACH * visitors
    seconds = wall_seconds(lambda: draw(counted)) / counted
    for future in list(asked):
        future.cancel()
    return seconds


def measure(settings: Settings) -> Iterator[Figure]:
    """Yield the figures."""
    sys.setswitchinterval(_SWITCH_INTERVAL)
    generator = abcgen.load(settings.checkpoint)
    batch = Batch(generator)
    for visitors in _AT_ONCE:
        work = {
            "alone": partial(one_by_one, generator),
            "together": partial(together, batch, visitors),
        }
        rounds = [fastest(work, _TURNS) for _ in range(settings.few)]
        ours, theirs = ([1 / seconds[one] for seconds in rounds] for one in ("together", "alone"))
        what = f"{visitors} visitors who always ask for a tune"
        yield compared(f"studio/{visitors}", what, "one by one", MORE, ours, theirs, "tunes/s")
    batch.close()
