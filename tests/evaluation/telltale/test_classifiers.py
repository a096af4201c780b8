from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from abcgen.evaluation.telltale.classifiers import (
    cross_scores,
    logistic,
    scores,
    trained,
    trees,
)


class Noting:
    """A classifier that gives 1 to what it has seen, and notes how often it learned."""

    learned: list[list[float]]

    def fit(self, tunes: NDArray[Any], labels: list[int]) -> None:
        self.seen = {float(one) for one in tunes[:, 0]}
        assert labels == sorted(labels) and len(labels) == len(tunes)

    def predict_proba(self, tunes: NDArray[Any]) -> NDArray[Any]:
        seen = np.array([float(one) in self.seen for one in tunes[:, 0]], float)
        return np.stack([1 - seen, seen], axis=1)


def test_no_tune_is_judged_by_what_learned_from_its_group() -> None:
    # A tune of a group has the group's number as its only feature.
    groups = [*range(10), *range(5)]
    people = np.array(groups, float)[:, None]
    drawn = np.array(range(10), float)[:, None]
    ours, theirs = cross_scores(Noting, people, drawn, (groups, range(10)), 5)
    assert not ours.any() and not theirs.any()
    # Where groups do not say what belongs together, it has seen some.
    ours, _ = cross_scores(Noting, people, drawn, (range(15), [0, *range(9)]), 5)
    assert ours.any()


def test_cross_scores_keep_the_order_of_tunes() -> None:
    people = np.linspace(-3, 1, 40)[:, None]
    drawn = np.linspace(3, -1, 30)[:, None]
    ours, theirs = cross_scores(logistic, people, drawn, (range(40), range(30)), 5)
    assert (ours[:5] < 0.4).all() and (ours[-3:] > ours[:5].max()).all()
    assert (theirs[:5] > 0.6).all() and (theirs[-3:] < theirs[:5].min()).all()


def test_lists_can_be_learned_from_as_well() -> None:
    class Lists(Noting):
        def fit(self, tunes: Any, labels: list[int]) -> None:
            super().fit(np.array(tunes), labels)

        def predict_proba(self, tunes: Any) -> NDArray[Any]:
            return super().predict_proba(np.array(tunes))

    ours, theirs = cross_scores(Lists, [[1.0], [2.0]], [[1.0], [2.0]], ((0, 1), (0, 1)), 2)
    assert not ours.any() and not theirs.any()


@pytest.mark.parametrize("make", [trees, logistic])
def test_features_that_no_tune_has(make: Callable[[], Any]) -> None:
    people, drawn = (np.array([[value, np.nan]] * 30) for value in (0.0, 1.0))
    low, high = scores(trained(make, people, drawn), np.array([[0.0, np.nan], [1.0, np.nan]]))
    assert low < 0.3 and high > 0.7


def test_what_is_missing_tells_nothing() -> None:
    people, drawn = np.array([[0.0, np.nan]] * 9), np.array([[1.0, np.nan]] * 9)
    classifier = trained(logistic, people, drawn)
    low, unknown, high = scores(classifier, np.array([[0.0, np.nan], [np.nan, 3.0], [1.0, 0.0]]))
    assert low < unknown < high
