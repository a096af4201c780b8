import math

import numpy as np
import pytest
from numpy.typing import NDArray

from abcgen.generation.redraw.bars import barred
from abcgen.generation.redraw.bits import bits_of_bars
from tests.generation.engines import VOCABULARY, Dice, Habit, Parrot
from tests.generation.redraw.test_bars import LONG
from tests.generation.redraw.twin import TINY, TUNE, Reader, read
from tests.tunes import SPELLED


def test_bits_are_those_of_a_slow_reader() -> None:
    """Each bar up to the next; what stands before the first counts to that."""
    from abcgen.generation.redraw.bars import beginning

    tune = barred(TUNE, TINY)
    reader, _ = read(Reader(beginning(TINY), (0, TINY.char2idx["\n"])), tune.text[: tune.body])
    expected, starts = {}, [tune.body, *(bar.start for bar in tune.bars[1:]), len(tune.text)]
    for bar, first, last in zip(tune.bars, starts, starts[1:], strict=False):
        reader, log = read(reader, tune.text[first:last])
        expected[bar.number] = pytest.approx(-log / math.log(2), abs=1e-4)
    assert bits_of_bars(Habit(TINY), tune) == expected


def test_what_is_foreseen_has_no_bits_and_a_wrong_note_many() -> None:
    class Knowing(Parrot):
        """Predicts a tune, and is surprised by one note."""

        def step(self, characters: NDArray[np.int32]) -> NDArray[np.float32]:
            return super().step(characters) / 2

    tune = barred(LONG, VOCABULARY)
    foreseen = tune.spelled.replace("A2A2", "A2B2") + "\n"
    bits = bits_of_bars(Knowing(foreseen), tune)
    assert bits[2] == pytest.approx(30 / math.log(2), rel=0.01)
    assert sum(bits.values()) - bits[2] < 0.01


def test_a_later_pickup_counts_to_the_bar_that_it_completes() -> None:
    tune = barred(SPELLED, VOCABULARY)
    assert list(bits_of_bars(Dice(), tune)) == [0, 1, 2, 3, 4]
