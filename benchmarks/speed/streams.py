"""Characters per second of one stream and of many, raw and masked, and of a batch-1 Keras network.

All in processor time, which other programs hardly change, and in a steady state: the first steps,
which fill tables and caches, do not count. Needs the extra `train`.
"""

import itertools
import time
from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from abcgen.generation.loop import draw_tunes
from abcgen.generation.request import Request
from abcgen.generation.sampler import Sampler
from abcgen.model.checkpoint import Checkpoint, read_checkpoint
from abcgen.model.engine import (
    LiteRTEngine,
    Symbols,
    habits_of,
    planner_of,
    title_words_of,
)
from benchmarks.harness.figures import MORE, Figure, compared
from benchmarks.harness.plain_keras import plain_network
from benchmarks.harness.settings import SEED, Settings, processor_seconds
from benchmarks.harness.turns import Turn, rounds

TITLE = "Characters per second"
ABOUT = (
    "Steps of the engine times streams, divided by the processor time of one process, so per "
    "core; tunes that a critic would have drawn again count, too. `predict_on_batch` is called "
    "on the batch-1 stateful Keras network with the same weights; it reads symbols prepared "
    "before, and no character is sampled from its output. The first steps of each do not count. "
    "Each contestant is a process of its own; they take turns of a twentieth of a second, and the "
    "fastest of 20 turns counts, since other programs slow down some work more than other."
)
#: Streams -> steps that do not count, steps that count.
STEPS = {1: (1500, 6000), 128: (300, 500)}
#: The steps of a turn. The first ones do not count, since another contestant has used the caches.
_IDLE, _TURN = 4, {1: 1000, 128: 40}
_CALLS = 40  # of Keras in a turn
SLICES = 20
_NAMES, _KINDS = {1: "one stream", 128: "128 streams"}, ("raw", "masked")
_KERAS = "`predict_on_batch` of the batch-1 Keras network"


class Enough(Exception):  # noqa: N818  (it is not an error)
    """Raised when an engine has done its steps."""


class SteadyEngine(LiteRTEngine):
    """An engine that measures the time of `counted` steps, after `idle` ones that do not count.

    Its tunes go by plans and habits if the checkpoint has them.

    Parameters
    ----------
    checkpoint : Checkpoint
        The network.
    num_streams : int
        N.
    idle, counted : int
        Number of steps that do not count, and of those that do. Then it raises `Enough`, since
        sampling itself does not end.

    Attributes
    ----------
    seconds : float
        The processor time of the steps that count.
    """

    def __init__(self, checkpoint: Checkpoint, num_streams: int, idle: int, counted: int) -> None:
        recipe, vocabulary = checkpoint.recipe, checkpoint.vocabulary
        about = planner_of(checkpoint), habits_of(checkpoint)
        super().__init__(checkpoint.engine_file, recipe, vocabulary, num_streams, *about)
        self.title_words = title_words_of(checkpoint)
        self.seconds = 0.0
        self._left = idle + counted
        self._counted = counted

    def step(self, characters: NDArray[np.integer]) -> NDArray[np.float32]:
        """Read a character a stream; see `LiteRTEngine.step`."""
        if not self._left:
            self.end()
            self._left = self.more()
        if self._left == self._counted:
            self.begin()
        self._left -= 1
        return super().step(characters)

    def begin(self) -> None:
        """Start the clock."""
        self.seconds = -time.process_time()

    def end(self) -> None:
        """Stop the clock."""
        self.seconds += time.process_time()

    def more(self) -> int:
        """Return the number of further steps; here there are none."""
        raise Enough


class _InTurns(SteadyEngine):
    """An engine that waits for its turn."""

    def __init__(self, turn: Turn, checkpoint: Checkpoint, num_streams: int) -> None:
        idle, _ = STEPS[num_streams]
        super().__init__(checkpoint, num_streams, idle, 0)
        self._turn = turn

    def more(self) -> int:
        """Report the seconds per character, wait for the next turn, and return its steps."""
        characters = self._counted * self.num_streams
        self._turn.wait(self.seconds / characters if characters else 0.0)
        self._counted = _TURN[self.num_streams]
        return _IDLE + self._counted


def draw_on(engine: SteadyEngine, sampler: Sampler, masked: bool) -> None:
    """Sample tunes until the engine has done its steps."""
    try:
        for _ in draw_tunes(engine, Request(SEED, sampler, raw=not masked)):
            pass
    except Enough:
        pass


def rate(checkpoint: Checkpoint, streams: int, masked: bool) -> float:
    """Return the characters sampled per second of processor time."""
    idle, counted = STEPS[streams]
    engine = SteadyEngine(checkpoint, streams, idle, counted)
    draw_on(engine, Sampler(), masked)
    return counted * streams / engine.seconds


def draw_in_turns(folder: str, streams: int, masked: bool, turn: Turn) -> None:
    """Sample tunes in turns, each of which measures the processor time per character."""
    checkpoint = read_checkpoint(folder)
    draw_on(_InTurns(turn, checkpoint, streams), Sampler(), masked)


def predict_in_turns(folder: str, turn: Turn) -> None:
    """Call `predict_on_batch` in turns, each of which measures the processor time per call."""
    checkpoint = read_checkpoint(folder)
    vocabulary = checkpoint.vocabulary
    network = plain_network(checkpoint.recipe, len(vocabulary), 1, 1, plain_lstm=False)
    network.load_weights(checkpoint.weights_file)
    symbols = Symbols(checkpoint.recipe, vocabulary, 1)
    text = itertools.islice(itertools.cycle(vocabulary.encode("X:1\nT:A\nK:D\n|:")), _CALLS)
    read = np.empty((_CALLS, 1, 1, symbols.columns), np.int32)
    for place, one in enumerate(text):
        symbols.read(np.array([one]), read[place, 0])

    def call(given: NDArray[np.int32]) -> None:
        for one in given:
            network.predict_on_batch(one)

    def slice_of_work() -> float:
        call(read[:_IDLE])
        return processor_seconds(partial(call, read)) / _CALLS

    slice_of_work()
    turn.take(slice_of_work)


def measure(settings: Settings) -> Iterator[Figure]:
    """Yield the figures."""
    folder = settings.checkpoint
    ways = {f"{_NAMES[streams]}, {kind}": (streams, kind) for streams in STEPS for kind in _KINDS}
    contestants = {
        what: partial(draw_in_turns, folder, streams, kind == "masked")
        for what, (streams, kind) in ways.items()
    }
    contestants[_KERAS] = partial(predict_in_turns, folder)
    runs = list(rounds(contestants, settings.repeats, SLICES))
    found = {name: [1 / seconds[name] for seconds in runs] for name in contestants}

    def figure(name: str, what: str, baseline: str) -> Figure:
        ours, theirs = found[what], found[baseline]
        return compared(f"streams/{name}", what, baseline, MORE, ours, theirs, "characters/s")

    for what, (streams, kind) in ways.items():
        yield figure(f"{kind} {streams}", what, _KERAS)
    for streams, name in _NAMES.items():
        yield figure(f"mask {streams}", f"{name}, masked", f"{name}, raw")
