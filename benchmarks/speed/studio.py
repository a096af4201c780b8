"""Tunes for many visitors of the studio: drawn together, compared with one after the other."""

from collections.abc import Iterator
from concurrent.futures import wait
from functools import partial

import abcgen
from abcgen.api.batch import Batch
from benchmarks.harness.figures import Figure, times_as_fast
from benchmarks.harness.settings import Settings, processor_seconds, wall_seconds
from benchmarks.harness.turns import fastest

TITLE = "Many visitors of the studio"
ABOUT = (
    "A number of tunes with wishes of their own, in one process. Together: all are asked for at "
    "the same time, of `abcgen.api.batch.Batch`, which the studio draws with, on all processors. "
    "One by one: each by `Generator.tune` of a generator that stays loaded. The tunes are the "
    "same. They take turns, and the fastest of 2 counts. A processor without instructions for "
    "products of 8-bit numbers (VNNI) spends about as much on a stream of the network beside "
    "others as on one alone: there, only the rest of the work is saved, and time on the clock by "
    "the other processors."
)
_TURNS = 2
#: How many visitors ask at the same time.
_AT_ONCE = (32,)
_RHYTHMS = ("jig", "reel", "hornpipe", "waltz", "polka")


def wishes(visitor: int) -> dict[str, object]:
    """Return what a visitor asks for."""
    return {"seed": visitor, "rhythm": _RHYTHMS[visitor % len(_RHYTHMS)]}


def one_by_one(generator: abcgen.Generator, visitors: int) -> None:
    """Draw a tune for each."""
    for visitor in range(visitors):
        generator.tune(**wishes(visitor))  # type: ignore[arg-type]


def together(batch: Batch, visitors: int) -> None:
    """Draw a tune for each, all at once."""
    wait([batch.tunes(**wishes(visitor))[0] for visitor in range(visitors)])  # type: ignore[arg-type]


def measure(settings: Settings) -> Iterator[Figure]:
    """Yield the figures."""
    generator = abcgen.load(settings.checkpoint)
    batch = Batch(generator)
    for visitors in _AT_ONCE:
        for name, clock, of in (
            ("together", processor_seconds, "processor time"),
            ("clock", wall_seconds, "time on the clock"),
        ):
            work = {
                "alone": partial(clock, partial(one_by_one, generator, visitors)),
                "together": partial(clock, partial(together, batch, visitors)),
            }
            rounds = [fastest(work, _TURNS) for _ in range(settings.few)]
            alone, shared = ([seconds[one] for seconds in rounds] for one in work)
            what = f"{visitors} tunes asked for at the same time: times as fast, {of}"
            yield times_as_fast(f"studio/{name} {visitors}", what, "one by one", shared, alone)
    batch.close()
