"""Tunes for many visitors of the studio: drawn together, compared with one after the other."""

from collections.abc import Iterator
from concurrent.futures import wait
from functools import partial

import abcgen
from abcgen.api.batch import Batch
from benchmarks.harness.figures import Figure, times_as_fast
from benchmarks.harness.settings import Settings, processor_seconds
from benchmarks.harness.turns import fastest

TITLE = "Many visitors of the studio"
ABOUT = (
    "Processor time of one process for a number of tunes with wishes of their own. Together: all "
    "are asked for at the same time, of `abcgen.api.batch.Batch`, which the studio draws with. One "
    "by one: each by `Generator.tune` of a generator that stays loaded. The tunes are the same. "
    "They take turns, and the fastest of 2 counts."
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
        work = {
            "alone": partial(processor_seconds, partial(one_by_one, generator, visitors)),
            "together": partial(processor_seconds, partial(together, batch, visitors)),
        }
        rounds = [fastest(work, _TURNS) for _ in range(settings.few)]
        alone, shared = ([seconds[name] for seconds in rounds] for name in work)
        what = f"{visitors} tunes asked for at the same time: times as fast"
        yield times_as_fast(f"studio/together {visitors}", what, "one by one", shared, alone)
    batch.close()
