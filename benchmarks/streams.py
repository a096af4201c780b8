"""Characters a second of one stream and of many, raw and masked, and of a batch-1 Keras network.

All in the processor's time, so that other work on the machine counts little, and in a steady state:
the first steps, which fill tables and caches, do not count. Needs the extra `train`.
"""

import itertools
import time
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from abcgen.checkpoint import Checkpoint
from abcgen.choice import Choice
from abcgen.draw import REFERENCE, draw_tunes
from abcgen.engine import LiteRTEngine, Symbols
from benchmarks.figures import MORE, Figure, compared
from benchmarks.settings import SEED, Settings, beginning, processor_seconds

TITLE = "Characters a second"
ABOUT = (
    "Steps of the engine times streams, over the processor's time of one process, so per core. "
    "`predict_on_batch` is called on the batch-1 stateful Keras network of the same weights, with "
    "symbols read in advance and without any choice of a character. The first steps of each do "
    "not count."
)
#: Streams -> steps that do not count, steps that do.
STEPS = {1: (1500, 6000), 128: (300, 500)}
_CALLS = 50, 300  # of Keras, the same
_NAMES = {1: "one stream", 128: "128 streams"}
_KERAS = "`predict_on_batch` of the batch-1 Keras network"


class Enough(Exception):  # noqa: N818  (it is no error)
    """Raised when an engine has done the steps that were asked for."""


class SteadyEngine(LiteRTEngine):
    """An engine that takes the time of so many steps, behind others that do not count.

    Parameters
    ----------
    checkpoint : Checkpoint
        The network.
    num_streams : int
        N.
    idle, counted : int
        Steps that do not count, and then those that do. Behind them it raises `Enough`, since
        the drawing itself knows no end.

    Attributes
    ----------
    seconds : float
        The processor's time of those that count.
    """

    def __init__(self, checkpoint: Checkpoint, num_streams: int, idle: int, counted: int) -> None:
        super().__init__(checkpoint, num_streams)
        self.seconds = 0.0
        self._left = idle + counted
        self._counted = counted

    def step(self, characters: NDArray[np.integer]) -> NDArray[np.float32]:
        """Read a character a stream; see `LiteRTEngine.step`."""
        if self._left == self._counted:
            self.begin()
        if not self._left:
            self.end()
            raise Enough
        self._left -= 1
        return super().step(characters)

    def begin(self) -> None:
        """Begin to count."""
        self.seconds = -time.process_time()

    def end(self) -> None:
        """Stop counting."""
        self.seconds += time.process_time()


def draw_on(engine: SteadyEngine, checkpoint: Checkpoint, choice: Choice, masked: bool) -> None:
    """Draw tunes until the engine has enough."""
    prime, place = beginning(checkpoint) if masked else (REFERENCE, None)
    try:
        for _ in draw_tunes(engine, checkpoint.vocabulary, choice, SEED, prime, place):
            pass
    except Enough:
        pass


def rate(checkpoint: Checkpoint, streams: int, masked: bool) -> float:
    """Return the characters that are drawn in a second of the processor's time."""
    idle, counted = STEPS[streams]
    engine = SteadyEngine(checkpoint, streams, idle, counted)
    draw_on(engine, checkpoint, Choice(), masked)
    return counted * streams / engine.seconds


def keras_rate(checkpoint: Checkpoint) -> Callable[[], float]:
    """Return what gives the calls of `predict_on_batch` in a second of the processor's time."""
    from abcgen.network import build_network

    vocabulary = checkpoint.vocabulary
    network = build_network(checkpoint.recipe, len(vocabulary), 1, 1)
    network.load_weights(checkpoint.weights_file)
    symbols = Symbols(checkpoint.recipe, vocabulary, 1)
    idle, counted = _CALLS
    text = itertools.islice(itertools.cycle(vocabulary.encode("X:1\nT:A\nK:D\n|:")), counted)
    read = np.empty((counted, 1, 1, symbols.columns), np.int32)
    for place, one in enumerate(text):
        symbols.read(np.array([one]), read[place, 0])
    for one in read[:idle]:
        network.predict_on_batch(one)

    def calls() -> None:
        for one in read:
            network.predict_on_batch(one)

    return lambda: counted / processor_seconds(calls)


def measure(settings: Settings) -> Iterator[Figure]:
    """Yield the figures."""
    checkpoint = settings.network()
    keras = keras_rate(checkpoint)
    of_keras: list[float] = []
    ways = [(streams, masked) for streams in STEPS for masked in (False, True)]
    found: dict[tuple[int, bool], list[float]] = {way: [] for way in ways}
    for _ in range(settings.repeats):
        of_keras.append(keras())
        for streams, masked in ways:
            found[streams, masked].append(rate(checkpoint, streams, masked))
    unit = "characters/s"
    for streams, masked in ways:
        kind = "masked" if masked else "raw"
        yield compared(
            f"streams/{kind} {streams}",
            f"{_NAMES[streams]}, {kind}",
            _KERAS,
            MORE,
            found[streams, masked],
            of_keras,
            unit,
        )
    for streams, name in _NAMES.items():
        yield compared(
            f"streams/mask {streams}",
            f"{name}, masked",
            f"{name}, raw",
            MORE,
            found[streams, True],
            found[streams, False],
            unit,
        )
