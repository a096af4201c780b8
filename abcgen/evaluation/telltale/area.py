"""The area under the curve: how well drawn tunes can be told from people's.

It is the probability that a classifier finds a drawn tune more like a drawn one than a tune by
people, for one tune of each. 0.5 is chance, 1 is always.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abcgen.evaluation.telltale.classifiers import CLASSIFIERS, TREES, Scores, scores, trained
from abcgen.evaluation.telltale.outline import outline_of

_Z = 1.959964  # standard deviations of a 95 % interval


@dataclass(frozen=True, slots=True)
class Area:
    """An area under the curve.

    Attributes
    ----------
    value : float
        0 to 1.
    low, high : float
        Its 95 % interval.
    people, drawn : int
        Tunes that it was judged by.
    """

    value: float
    low: float
    high: float
    people: int
    drawn: int

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


def area(
    people_train: Sequence[str],
    drawn_train: Sequence[str],
    people_test: Sequence[str],
    drawn_test: Sequence[str],
    classifier: str = TREES,
) -> Area:
    """Learn to tell drawn tunes from people's, and say how well it works on others.

    Parameters
    ----------
    people_train, drawn_train : sequence of str
        Tunes in abcgen's spelling to learn from. Areas can be compared only if they were learned
        from the same number of tunes: with more, a classifier tells more.
    people_test, drawn_test : sequence of str
        Tunes to be told apart.
    classifier : str
        One of `abcgen.evaluation.telltale.classifiers.CLASSIFIERS`.

    Raises
    ------
    NotationError
        If abcgen cannot read a tune.
    AbcgenError
        If scikit-learn is not installed.
    """
    make, take = CLASSIFIERS[classifier]
    known, drawn, people, others = (
        take([outline_of(text) for text in texts])
        for texts in (people_train, drawn_train, people_test, drawn_test)
    )
    judge = trained(make, known, drawn)
    return area_of(scores(judge, people), scores(judge, others))


def area_of(people: Scores, drawn: Scores) -> Area:
    """Return the area under the curve of scores, which should be higher for drawn tunes.

    Notes
    -----
    The interval is that of DeLong, DeLong and Clarke-Pearson (1988), Comparing the areas under two
    or more correlated receiver operating characteristic curves.
    """
    below = _placements(drawn, people)  # of each drawn tune, the share of people's below it
    above = 1 - _placements(people, drawn)
    value = float(below.mean())
    spread = math.sqrt(_variance(below) + _variance(above))
    low, high = max(0.0, value - _Z * spread), min(1.0, value + _Z * spread)
    return Area(value, low, high, len(people), len(drawn))


def _placements(scores: Scores, others: Scores) -> NDArray[np.float64]:
    """Return for each score the share of others that are below it; equal ones count half."""
    ranked = np.sort(others)
    below = np.searchsorted(ranked, scores, "left") + np.searchsorted(ranked, scores, "right")
    return np.asarray(below / (2 * len(others)), np.float64)


def _variance(placements: NDArray[np.float64]) -> float:
    """Return the variance of the mean of placements."""
    return float(placements.var(ddof=1)) / len(placements) if len(placements) > 1 else 0.0
