"""Where the time of the loop goes, with one stream and with 128.

The interesting calls are wrapped in a clock, which stops while an inner wrapped call runs. Time
outside of all wrapped calls is the rest.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from unittest import mock

import numpy as np
from numpy.typing import NDArray

import abcgen.generation.loop
from abcgen.generation.mask import Mask
from abcgen.generation.noise import Noise
from abcgen.generation.sampler import Sampler
from abcgen.generation.titled import mask_of
from abcgen.model.checkpoint import Checkpoint
from benchmarks.harness.figures import SHARE, Figure, compared
from benchmarks.harness.settings import Settings
from benchmarks.speed.streams import STEPS, SteadyEngine, draw_on

TITLE = "Where the time goes"
ABOUT = (
    "Masked tunes in a steady state, in whole runs one after another: the share of each in the "
    "time of the whole loop, by clocks around the calls, each of which stops while an inner one "
    "runs. The clocks themselves take well below a microsecond per call, which is part of the "
    "shares."
)
#: What time is spent on. Figures are kept by these names: they must not change.
NETWORK = "the network (LiteRT's invoke)"
FACTORS = "the factors of the characters (`Symbols`)"
COPIES = "into the engine and out of it"
MASK = "the mask (`Mask`)"
CHOICE = "the choice (`Chance`, `Choice`)"
REST = "the rest of the loop"
#: The same in the tables.
_SHOWN = {
    NETWORK: "the network (LiteRT's invoke)",
    FACTORS: "the factors of the characters",
    COPIES: "copying into the engine and out of it",
    MASK: "the mask",
    CHOICE: "choosing the characters",
    REST: "the rest of the loop",
}
_NAMES = {1: "one stream", 128: "128 streams"}


class Shares:
    """Seconds, by what they were spent on.

    Parameters
    ----------
    clock : callable
        Returns seconds, never less than before.

    Attributes
    ----------
    seconds : dict of str to float
        What -> the seconds spent in its calls, without those of inner calls that are timed too.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._inner = REST
        self.begin()

    def begin(self) -> None:
        """Start from zero."""
        self.seconds: dict[str, float] = {}
        self._since = self._clock()

    def charge(self) -> None:
        """Add the time since the last call of `charge` to what was running."""
        now = self._clock()
        self.seconds[self._inner] = self.seconds.get(self._inner, 0.0) + now - self._since
        self._since = now

    def timed(self, what: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does the same as `call`, and is timed."""

        def counting(*arguments: Any) -> Any:
            self.charge()
            outer, self._inner = self._inner, what
            try:
                return call(*arguments)
            finally:
                self.charge()
                self._inner = outer

        return counting


class _Engine(SteadyEngine):
    """An engine whose parts are timed."""

    def __init__(
        self, shares: Shares, checkpoint: Checkpoint, streams: int, idle: int, counted: int
    ) -> None:
        super().__init__(checkpoint, streams, idle, counted)
        self._shares = shares
        self.whole: dict[str, float] = {}
        self._interpreter.invoke = shares.timed(NETWORK, self._interpreter.invoke)
        for name in ("read", "begin", "reading", "restore"):
            setattr(self._reader, name, shares.timed(FACTORS, getattr(self._reader, name)))
        for name in ("state", "restore", "reset"):
            setattr(self, name, shares.timed(COPIES, getattr(self, name)))
        self._timed_step = shares.timed(COPIES, super().step)

    def step(self, characters: NDArray[np.integer]) -> NDArray[np.float32]:
        """Read a character a stream; see `LiteRTEngine.step`."""
        return self._timed_step(characters)  # type: ignore[no-any-return]

    def begin(self) -> None:
        """Start the clocks."""
        self._shares.begin()

    def end(self) -> None:
        """Stop the clocks."""
        self._shares.charge()
        self.whole = dict(self._shares.seconds)


def _timed_class(shares: Shares, what: str, kind: Any, *names: str) -> Any:
    """Return a subclass with some timed methods."""
    return type(
        kind.__name__, (kind,), {name: shares.timed(what, getattr(kind, name)) for name in names}
    )


def spent(checkpoint: Checkpoint, streams: int) -> dict[str, float]:
    """Return the seconds of a loop, by what they were spent on."""
    shares = Shares()

    def timed_mask(*arguments: Any) -> Mask:
        mask = mask_of(*arguments)
        for name in ("forbidden", "advance", "reset", "place", "place_after"):
            setattr(mask, name, shares.timed(MASK, getattr(mask, name)))
        return mask

    noise = _timed_class(shares, CHOICE, Noise, "begin", "next")
    sampler = _timed_class(shares, CHOICE, Sampler, "scores")()
    engine = _Engine(shares, checkpoint, streams, *STEPS[streams])
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(abcgen.generation.loop, "mask_of", timed_mask))
        stack.enter_context(mock.patch.object(abcgen.generation.loop, "Noise", noise))
        draw_on(engine, sampler, masked=True)
    return engine.whole


def figures_of(streams: int, runs: list[dict[str, float]], characters: int) -> Iterator[Figure]:
    """Yield the share of each thing in the whole, the largest first."""
    wholes = [1e6 * sum(run.values()) / characters for run in runs]
    parts = {what: [1e6 * run.get(what, 0.0) / characters for run in runs] for what in _SHOWN}
    for what, times in sorted(parts.items(), key=lambda part: -statistics.median(part[1])):
        yield compared(
            f"shares/{streams} {what}",
            f"{_NAMES[streams]}: {_SHOWN[what]}",
            "the whole loop",
            SHARE,
            times,
            wholes,
            "µs a character",
        )


def measure(settings: Settings) -> Iterator[Figure]:
    """Yield the figures."""
    checkpoint = settings.network()
    for streams, (_, counted) in STEPS.items():
        runs = [spent(checkpoint, streams) for _ in range(settings.few)]
        yield from figures_of(streams, runs, streams * counted)
