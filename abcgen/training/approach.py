"""How tunes lead to the first note of the next bar: what a layer that reads plans starts with."""

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from abcgen.model.factors.layout import NEARNESSES, nearness_of, steps_of
from abcgen.model.factors.plan import STEPS
from abcgen.model.plans.outline import bars_of
from abcgen.model.vocabulary import Vocabulary

#: Steps from a note to another lie between minus and plus this many.
_FARTHEST = STEPS - 1
#: What is added to every count, so that few say little.
_ADDED = 2.0


def ahead_told(tunes: Sequence[str], vocabulary: Vocabulary) -> NDArray[np.float32]:
    """Return how much likelier each note is, where the next bar's first note is known.

    Parameters
    ----------
    tunes : sequence of str
        In abcgen's spelling.
    vocabulary : Vocabulary
        V characters.

    Returns
    -------
    float32 array, shape (AHEADS, V)
        In nats, for each time left together with a first note, numbered as in
        `abcgen.model.factors.layout.Layout.ahead_of`; 0 for all characters but letters.

    Notes
    -----
    What counts is how often notes are so many steps from the first note of the next bar, compared
    with how often they are from the first notes of all bars of their tune.
    """
    found, expected = np.zeros((2, NEARNESSES, 2 * _FARTHEST + 1))
    for tune in tunes:
        bars = [bar for bar in bars_of(tune) if bar.steps]
        firsts = np.array([bar.steps[0] for bar in bars])
        for bar, following in itertools.pairwise(bars):
            if bar.section != following.section:
                continue
            for at, step, _ in bar.notes:
                if step:
                    near = nearness_of(bar.size - at)
                    found[near, step - following.steps[0] + _FARTHEST] += 1
                    np.add.at(expected[near], step - firsts + _FARTHEST, 1 / len(firsts))
    likelier = np.log((found + _ADDED) / (expected + _ADDED))
    told = np.zeros((NEARNESSES, STEPS, len(vocabulary)), np.float32)
    steps, _ = steps_of(vocabulary)
    for character in np.flatnonzero(steps):
        away = steps[character] - np.arange(1, STEPS)
        told[:, 1:, character] = likelier[:, away + _FARTHEST]
    return np.concatenate([np.zeros((1, len(vocabulary)), np.float32), *told])
