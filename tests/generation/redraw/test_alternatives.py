import math
import random
from collections import Counter

import numpy as np
import pytest

from abcgen.generation.redraw.alternatives import (
    _free_bars,
    _resampled,
    draw_bars,
    with_bars,
)
from abcgen.generation.redraw.bars import BarredTune, barred
from abcgen.generation.redraw.drawing import Drawing
from abcgen.grammar.faults import complaint
from tests.generation.engines import VOCABULARY, Dice, Habit
from tests.generation.redraw.test_bars import LONG
from tests.generation.redraw.twin import TINY, TUNE, all_alternatives
from tests.tunes import SPELLED
from tests.walks import walk


def outside(tune: BarredTune, numbers: frozenset[int]) -> list[str]:
    """Return what stands before, between and behind some bars."""
    parts, done = [], 0
    for bar in tune.written(numbers):
        parts.append(tune.text[done : bar.start])
        done = bar.end
    return [*parts, tune.text[done:]]


@pytest.mark.parametrize("seed", range(30))
def test_whatever_is_drawn_is_canonical_and_leaves_the_other_bars(seed: int) -> None:
    """Tunes of all that may stand in them, by an engine without any taste."""
    draw = random.Random(seed)
    tune = barred(walk(draw, 150).text, VOCABULARY)
    everything = sorted({bar.number for bar in tune.bars})
    numbers = frozenset(draw.sample(everything, draw.randint(1, len(everything))))
    behind, sift = draw.choice([0, 2, 8]), draw.choice([0, 1])
    drawing = Drawing(numbers, seed, streams=4, behind=behind, sift=sift)
    found = draw_bars(Dice(), Dice, tune, drawing)
    assert found.lost == 0 and found.bars
    for bars in found.bars:
        text = with_bars(tune, numbers, bars)
        assert text is not None and complaint(text) is None
        again = barred(text, VOCABULARY)
        assert outside(again, numbers) == outside(tune, numbers)
        assert tuple(map(again.music, again.written(numbers))) == bars
        assert tune._replace(number=1).replaced(numbers, bars, text) == again


def test_the_same_seed_gives_the_same_and_no_two_are_alike() -> None:
    tune = barred(LONG, VOCABULARY)

    def drawn(seed: int) -> list[tuple[str, ...]]:
        return draw_bars(Dice(), Dice, tune, Drawing(frozenset({2, 7}), seed, streams=9)).bars

    assert drawn(1) == drawn(1) != drawn(2)
    assert len(set(drawn(1))) == len(drawn(1)) > 5


def test_what_fits_in_better_comes_first_more_often() -> None:
    """Of two alternatives, the one that makes what follows likelier, over many seeds."""
    tune = barred(TUNE, TINY)
    follows = all_alternatives(tune, _free_bars(tune, frozenset({2})), len(tune.text))
    firsts: dict[int, list[float]] = {0: [], 8: []}
    for behind, logs in firsts.items():
        for seed in range(40):
            drawing = Drawing(frozenset({2}), seed, streams=30, behind=behind)
            habit = Habit(TINY)
            bars = draw_bars(habit, lambda count: Habit(TINY, count), tune, drawing).bars
            logs.append(follows[bars[0]][1])
    assert np.mean(firsts[8]) > np.mean(firsts[0]) + 0.5


def test_without_bars_behind_chance_alone_decides() -> None:
    """Equal bars count as often as they were drawn."""
    tune = barred(TUNE, TINY)
    prior = all_alternatives(tune, _free_bars(tune, frozenset({2})), tune.bars[1].end + 1)
    firsts: Counter[tuple[str, ...]] = Counter()
    for seed in range(150):
        drawing = Drawing(frozenset({2}), seed, streams=20, behind=0)
        found = draw_bars(Habit(TINY), lambda count: Habit(TINY, count), tune, drawing)
        firsts[found.bars[0]] += 1
    likely = sorted(prior, key=lambda bars: -prior[bars][0])[:5]
    share = sum(math.exp(prior[bars][0]) for bars in likely)
    assert sum(firsts[bars] for bars in likely) / 150 == pytest.approx(share, abs=0.1)


def test_no_note_is_tied_into_a_bar_that_stays() -> None:
    tune = barred(TUNE, TINY)
    for numbers, may_be in (({1}, False), ({5, 6}, False), ({1, 2}, True)):
        drawing = Drawing(frozenset(numbers), 1, streams=200)
        found = draw_bars(Habit(TINY), lambda count: Habit(TINY, count), tune, drawing)
        assert found.lost == 0
        assert any(bars[0].endswith("-") for bars in found.bars) == may_be
        assert not any(bars[-1].endswith("-") for bars in found.bars)


def test_weights_decide_how_often_a_stream_goes_on() -> None:
    weights = np.log([0.5, 0.25, 0.25, 1e-30])
    for seed in range(20):
        counts = Counter(_resampled(weights, seed, 1))
        assert counts[0] == 2 and counts[1] == counts[2] == 1
    lost = np.array([-np.inf, 0.0])
    assert _resampled(lost, 1, 1) == [1, 1]


def test_lines_are_broken_anew() -> None:
    tune = barred(SPELLED, VOCABULARY)
    long = "d/2e/2f/2g/2a/2b/2 ^a/2^g/2^f/2^e/2^d/2^c/2"
    text = with_bars(tune, frozenset({1}), [long])
    assert text is not None and complaint(text) is None
    assert f"|:A|{long}|\ngec A2:|\n" in text
    assert with_bars(barred(text, VOCABULARY), frozenset({1}), ["dfa agf"]) == SPELLED


def test_bars_that_make_no_tune_are_none() -> None:
    tune = barred(SPELLED, VOCABULARY)
    assert with_bars(tune, frozenset({1}), ["dfa agg2"]) is None
