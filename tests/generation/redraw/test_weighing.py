from collections import Counter
from collections.abc import Callable, Sequence
from typing import cast

import numpy as np

from abcgen.generation.redraw.bars import barred
from abcgen.generation.redraw.drawing import Drawing
from abcgen.generation.redraw.particles import Particles
from abcgen.generation.redraw.weighing import in_order, stops_of
from tests.generation.engines import VOCABULARY
from tests.generation.redraw.test_bars import LONG


class Scripted:
    """Particles whose log weights at each stop are given, (stops, N)."""

    def __init__(self, weights: Sequence[Sequence[float]]) -> None:
        self.log_weight = np.zeros(len(weights[0]))
        self.went: list[list[int]] = []  # the candidates that went on to each stop
        self._weights = np.array(weights)
        self._going = list(range(len(weights[0])))

    def run(self, stop: int, heed: Callable[[float], None] | None) -> None:
        self.went.append(self._going)
        self.log_weight = self._weights[stop][self._going]
        if heed:
            heed(1.0)

    def keep(self, streams: list[int]) -> None:
        self._going = [self._going[stream] for stream in streams]


def order_of(
    weights: Sequence[Sequence[float]], seed: int, sift: int = 0
) -> tuple[list[int], Scripted]:
    scripted = Scripted(weights)
    drawing = Drawing(frozenset({1}), seed, sift=sift)
    others, stops = np.zeros(len(weights[0])), range(len(weights))
    return in_order(cast(Particles, scripted), others, stops, drawing), scripted


def test_chance_chooses_by_weight_and_the_lost_never() -> None:
    weights = np.log([8.0, 1.0, 1.0]).tolist()
    firsts = Counter(order_of([weights], seed)[0][0] for seed in range(400))
    assert abs(firsts[0] / 400 - 0.8) < 0.06
    assert order_of([[-np.inf, 1.0]], 1)[0] == [1]


def test_the_better_half_goes_on_and_the_others_are_behind_it() -> None:
    """Weights so far apart that chance does not matter; the last would be the best at the end."""
    first = [0.0, -100, -200, -300, -400, -500, -600, -700]
    last = [-2000.0, -1000, -1500, -3000, 0, 0, 0, 0]
    order, scripted = order_of([first, first, last], seed=1, sift=3)
    assert scripted.went == [list(range(8)), [0, 1, 2, 3], [0, 1, 2]]
    assert order == [1, 2, 0, 3, 4, 5, 6, 7]


def test_where_all_may_go_on_the_order_is_as_without_sifting() -> None:
    weights = np.random.default_rng(1).normal(0, 3, (4, 12)).tolist()
    assert order_of(weights, seed=5, sift=12)[0] == order_of(weights[-1:], seed=5)[0]


def test_one_that_is_lost_on_the_way_does_not_go_on() -> None:
    order, scripted = order_of([[0.0, -np.inf, 0.0], [0.0, 0.0, 0.0]], seed=1, sift=3)
    assert sorted(order) == [0, 2]
    assert scripted.went[1] == [0, 2]


def test_progress_is_told_of_all_parts() -> None:
    told: list[float] = []
    scripted, drawing = Scripted([[0.0], [0.0]]), Drawing(frozenset({1}), 1, sift=1)
    in_order(cast(Particles, scripted), np.zeros(1), [0, 1], drawing, told.append)
    assert told == [0.5, 1.0]


def test_candidates_are_sifted_behind_each_bar() -> None:
    tune = barred(LONG, VOCABULARY)
    numbers = frozenset({2, 3})
    place = next(place for place, bar in enumerate(tune.bars) if bar.number == 3)
    starts = [tune.bars[place + 1 + behind].start for behind in (1, 2, 3)]
    assert stops_of(tune, Drawing(numbers, 1, behind=3, sift=4)) == starts
    assert stops_of(tune, Drawing(numbers, 1, behind=3)) == starts[-1:]
    assert stops_of(tune, Drawing(numbers, 1, behind=0, sift=4)) == [tune.bars[place].end + 1]
    assert stops_of(tune, Drawing(numbers, 1, behind=99))[-1] == len(tune.text)
