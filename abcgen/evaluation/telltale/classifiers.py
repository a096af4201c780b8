"""Classifiers that tell one kind of tune from another: what they learn from, and how well they do.

Needs scikit-learn, which the extra `evaluate` installs.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abcgen.evaluation.telltale.features import features_of, grams_of
from abcgen.evaluation.telltale.outline import Outline
from abcgen.support.extras import require

Scores = NDArray[np.float64]

TREES, LOGISTIC, GRAMS = "features, boosted trees", "features, logistic regression", "n-grams"
#: Trees of `trees`, the learning rate with which each counts, and their leaves at most.
_TREES, _RATE, _LEAVES = 200, 0.06, 12
#: What trees take for NaN; less than any feature can be.
_MISSING = -1000.0
#: Inverse strength of regularization of the logistic regressions.
_WEIGHT_OF_FEATURES, _WEIGHT_OF_GRAMS = 0.05, 10.0
_FEWEST_TUNES = 3  # that have an n-gram, for it to be learned


def trees() -> Any:
    """Return gradient-boosted trees, not yet trained."""
    require("sklearn", "evaluate")
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline

    return make_pipeline(
        # They would take NaN, but not a feature that no tune has, such as chords.
        SimpleImputer(strategy="constant", fill_value=_MISSING, keep_empty_features=True),
        HistGradientBoostingClassifier(
            max_iter=_TREES,
            learning_rate=_RATE,
            max_leaf_nodes=_LEAVES,
            early_stopping=False,
            random_state=0,
        ),
    )


def logistic() -> Any:
    """Return a logistic regression of features, not yet trained; it takes NaN for the mean."""
    require("sklearn", "evaluate")
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(
        SimpleImputer(keep_empty_features=True),
        StandardScaler(),
        LogisticRegression(C=_WEIGHT_OF_FEATURES, max_iter=1000),
    )


def grams() -> Any:
    """Return a logistic regression of lists of n-grams, not yet trained."""
    require("sklearn", "evaluate")
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    return make_pipeline(
        TfidfVectorizer(analyzer=iter, min_df=_FEWEST_TUNES, sublinear_tf=True),
        LogisticRegression(C=_WEIGHT_OF_GRAMS, max_iter=1000),
    )


def values_of(outlines: Sequence[Outline]) -> NDArray[np.float64]:
    """Return the features of outlines, (tunes, features)."""
    return features_of(outlines).values


def grams_in(outlines: Sequence[Outline]) -> list[list[str]]:
    """Return the n-grams of outlines."""
    return [list(grams_of(outline)) for outline in outlines]


#: Each classifier, and what it takes of outlines.
CLASSIFIERS: dict[str, tuple[Callable[[], Any], Callable[[Sequence[Outline]], Any]]] = {
    TREES: (trees, values_of),
    LOGISTIC: (logistic, values_of),
    GRAMS: (grams, grams_in),
}


def trained(make: Callable[[], Any], people: Sequence[Any], drawn: Sequence[Any]) -> Any:
    """Return a classifier that has learned to tell drawn tunes from people's.

    Parameters
    ----------
    make : callable
        One of the functions above.
    people, drawn : sequence
        What it takes of tunes: rows of features, or lists of n-grams.
    """
    classifier = make()
    classifier.fit(_joined(people, drawn), [0] * len(people) + [1] * len(drawn))
    return classifier


def scores(classifier: Any, tunes: Sequence[Any]) -> Scores:
    """Return how likely a trained classifier holds each tune for drawn, 0 to 1."""
    return np.asarray(classifier.predict_proba(tunes)[:, 1], np.float64)


def cross_scores(
    make: Callable[[], Any],
    people: Sequence[Any],
    drawn: Sequence[Any],
    groups: tuple[Iterable[int], Iterable[int]],
    folds: int,
) -> tuple[Scores, Scores]:
    """Return scores of tunes by classifiers that learned from the tunes of other groups.

    Parameters
    ----------
    make, people, drawn
        As for `trained`.
    groups : tuple of iterable of int
        The group of each of `people`, and of each of `drawn`. What belongs together, such as a
        tune and the one that was drawn to match it, has the same.
    folds : int
        Parts of the tunes, each of which is judged by a classifier that learned from the others.
    """
    ours, theirs = (np.fromiter(one, np.int64) % folds for one in groups)
    of_people, of_drawn = np.empty(len(people)), np.empty(len(drawn))
    for fold in range(folds):
        seen, unseen = _chosen(people, ours != fold), _chosen(people, ours == fold)
        known, unknown = _chosen(drawn, theirs != fold), _chosen(drawn, theirs == fold)
        classifier = trained(make, seen, known)
        of_people[ours == fold] = scores(classifier, unseen)
        of_drawn[theirs == fold] = scores(classifier, unknown)
    return of_people, of_drawn


def _chosen(tunes: Sequence[Any], where: NDArray[np.bool_]) -> Any:
    if isinstance(tunes, np.ndarray):
        return tunes[where]
    return [tune for tune, wanted in zip(tunes, where, strict=True) if wanted]


def _joined(people: Sequence[Any], drawn: Sequence[Any]) -> Any:
    if isinstance(people, np.ndarray):
        return np.concatenate([people, drawn])
    return [*people, *drawn]
