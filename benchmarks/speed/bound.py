"""How near one stream comes to the limit of memory: each character needs every weight once.

The bound is the time in which one core reads a block of memory as large as the weights.
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from abcgen.model.checkpoint import Checkpoint, read_checkpoint
from abcgen.model.engine import LiteRTEngine
from abcgen.model.factors.layout import Layout
from benchmarks.harness.figures import MORE, Figure, compared
from benchmarks.harness.settings import Settings, processor_seconds
from benchmarks.harness.turns import Turn, rounds
from benchmarks.speed.streams import SLICES, draw_in_turns

TITLE = "The bound of memory"
ABOUT = (
    "A step must read all int8 weights once: the matrices of the engine file, and of its "
    "embedding the rows for the symbols of one character. The bound is the number of steps per "
    "second if one core only read a block of as many bytes, over and over, by the fastest of "
    "three calls of numpy: the maximum of its bytes, the sum of its 64-bit words, a copy of it "
    "(of which only the bytes read count). The ratio is the share of the bound that is reached, "
    "in processor time, by the engine's step alone and by the whole loop with one stream. They "
    "take turns as above."
)
_READINGS, _STEPS = 600, 1000  # readings of the block, and steps of the engine, in a turn


def weight_bytes(tensors: list[tuple[tuple[int, ...], bool]], symbols: int, read: int) -> int:
    """Return the bytes of weights that one step reads.

    Parameters
    ----------
    tensors : list of (shape, bool)
        The engine's tensors, and whether each is int8. The int8 matrices are the weights.
    symbols : int
        The number of rows of the embedding, by which it is recognized.
    read : int
        The number of these rows that are read for one character.
    """
    matrices = [shape for shape, is_int8 in tensors if is_int8 and len(shape) == 2]
    return sum((read if rows == symbols else rows) * columns for rows, columns in matrices)


def read_in_turns(size: int, turn: Turn) -> None:
    """Read a block of `size` bytes in turns, each of which measures the seconds per reading."""
    words = size // 8
    block = np.random.default_rng(1).integers(0, 100, 8 * words, np.int8)
    other = np.empty_like(block)
    wide: NDArray[np.int64] = block.view(np.int64)
    ways: list[Callable[[], object]] = [block.max, wide.sum, lambda: np.copyto(other, block)]

    def again(way: Callable[[], object]) -> None:
        for _ in range(_READINGS):
            way()

    def slice_of_work() -> float:
        return min(processor_seconds(partial(again, way)) for way in ways) / _READINGS

    slice_of_work()
    turn.take(slice_of_work)


def run_in_turns(folder: str, turn: Turn) -> None:
    """Run the network alone in turns, each of which measures the seconds per step."""
    invoke = _begun(read_checkpoint(folder))._interpreter.invoke

    def again() -> None:
        for _ in range(_STEPS):
            invoke()

    def slice_of_work() -> float:
        return processor_seconds(again) / _STEPS

    slice_of_work()
    turn.take(slice_of_work)


def _begun(checkpoint: Checkpoint) -> LiteRTEngine:
    """Return an engine that has read a character."""
    engine = LiteRTEngine.of(checkpoint)
    engine.step(checkpoint.vocabulary.encode("X"))
    return engine


def bytes_of(engine: LiteRTEngine, checkpoint: Checkpoint) -> int:
    """Return the bytes of weights that a step of an engine reads."""
    layout = Layout(len(checkpoint.vocabulary), checkpoint.recipe.factored)
    tensors = [
        (tuple(int(size) for size in detail["shape"]), detail["dtype"] is np.int8)
        for detail in engine._interpreter.get_tensor_details()
    ]
    return weight_bytes(tensors, layout.size, layout.columns)


def measure(settings: Settings) -> Iterator[Figure]:
    """Yield the figures."""
    checkpoint, folder = settings.network(), settings.checkpoint
    size = bytes_of(_begun(checkpoint), checkpoint)
    contestants = {
        "bound": partial(read_in_turns, size),
        "network": partial(run_in_turns, folder),
        "raw": partial(draw_in_turns, folder, 1, False),
        "masked": partial(draw_in_turns, folder, 1, True),
    }
    runs = list(rounds(contestants, settings.repeats, SLICES))
    found = {name: [1 / seconds[name] for seconds in runs] for name in contestants}
    speed = np.median(found["bound"]) * size / 1e9
    baseline = f"reading {size:,} bytes of weights, {speed:.1f} GB/s"
    for name, what in (
        ("network", "the engine's step alone"),
        ("raw", "the whole loop, one stream, raw"),
        ("masked", "the whole loop, one stream, masked"),
    ):
        yield compared(
            f"bound/{name}", what, baseline, MORE, found[name], found["bound"], "steps/s"
        )
