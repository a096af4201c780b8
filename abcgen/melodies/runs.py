"""Runs of steps that a melody shares with many others, looked up by hashes.

Every `GRAM` steps that follow one another in the corpus are kept by their hash, sorted. A longer
run is a row of such grams.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

#: Steps in a gram, the shortest run that is found.
GRAM = 7
#: The number after the last note of a tune, and of a step that no tune of the corpus has.
NO_STEP = 0

Ints = npt.NDArray[np.int64]

# Powers of a large odd number, modulo 2 ** 64: a gram's hash is the sum of its steps times these.
_MULTIPLIERS = np.array(
    [pow(0x9E3779B97F4A7C15, power, 1 << 64) for power in range(1, GRAM + 1)], dtype=np.uint64
)


class Runs(NamedTuple):
    """Runs that a melody shares with a corpus, each array int64 (runs,).

    Attributes
    ----------
    here, there : array
        The first note of each run, in the melody and in the corpus.
    notes : array
        The length of each run in notes, one more than its steps.
    """

    here: Ints
    there: Ints
    notes: Ints


class RunFinder:
    """Finds the runs that a melody shares with a corpus.

    Parameters
    ----------
    steps : array
        The numbers of the corpus's steps, int64 (notes,): from each note to the next, `NO_STEP`
        after the last note of each tune.
    """

    def __init__(self, steps: Ints) -> None:
        self._steps = steps
        places, hashes = _grams(steps)
        order = np.argsort(hashes, kind="stable")
        self._places = places[order]  # (grams,): first notes, sorted by the hash
        self._hashes = hashes[order]  # (grams,) uint64

    def shared(self, steps: Ints) -> Runs:
        """Return all runs that cannot be extended at either end.

        Parameters
        ----------
        steps : array
            The numbers of the melody's steps, int64 (notes,), `NO_STEP` last.
        """
        grams, hashes = _grams(steps)
        first = np.searchsorted(self._hashes, hashes, side="left")
        counts = np.searchsorted(self._hashes, hashes, side="right") - first
        # Every gram with every place of the corpus that has its hash: arrays of (pairs,).
        here = np.repeat(grams, counts)
        nth = np.arange(len(here)) - np.repeat(np.cumsum(counts) - counts, counts)
        there = self._places[np.repeat(first, counts) + nth]
        for step in range(GRAM):  # different grams may have the same hash
            same = steps[here + step] == self._steps[there + step]
            here, there = here[same], there[same]
        # A longer run is a row of pairs, both places one note later from pair to pair. Sorted by
        # the distance of the two places and then by the place, such a row is unbroken. `here` stays
        # below the factor by more than 1, so that no two rows touch.
        factor = len(steps) + 1
        keys = np.sort((there - here + factor) * factor + here)
        begins = np.flatnonzero(np.diff(keys, prepend=-1) != 1)
        row_lengths = np.diff(np.append(begins, len(keys)))
        here = keys[begins] % factor
        there = keys[begins] // factor - factor + here
        return Runs(here, there, row_lengths + GRAM)


def covered(runs: Runs, owners: Ints, tunes: Ints, notes: int) -> Ints:
    """Return how many notes of a melody lie in runs shared with each of some tunes.

    Parameters
    ----------
    runs : Runs
        All runs of the melody.
    owners : array
        The tune of the corpus to which each run belongs, (runs,).
    tunes : array
        The tunes to count for, (tunes,), rising.
    notes : int
        The notes of the melody.

    Returns
    -------
    array
        int64 (tunes,).
    """
    rows = np.searchsorted(tunes, owners)
    wanted = (rows < len(tunes)) & (tunes[np.minimum(rows, len(tunes) - 1)] == owners)
    rows, here, ends = rows[wanted], runs.here[wanted], (runs.here + runs.notes)[wanted]
    changes = np.zeros((len(tunes), notes + 1), dtype=np.int64)
    np.add.at(changes, (rows, here), 1)
    np.add.at(changes, (rows, ends), -1)
    counts: Ints = np.count_nonzero(changes.cumsum(axis=1) > 0, axis=1)
    return counts


def ints(values: Sequence[int]) -> Ints:
    """Return numbers as an array of int64."""
    return np.array(values, dtype=np.int64)


def _grams(steps: Ints) -> tuple[Ints, npt.NDArray[np.uint64]]:
    """Return the places where `GRAM` steps follow one another, and the hashes of those steps."""
    if len(steps) < GRAM:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.uint64)
    windows = np.lib.stride_tricks.sliding_window_view(steps, GRAM)  # (places, GRAM)
    places = np.flatnonzero((windows != NO_STEP).all(axis=1))
    hashes = np.zeros(len(windows), dtype=np.uint64)
    for column, multiplier in zip(windows.T, _MULTIPLIERS, strict=True):
        hashes += column.astype(np.uint64) * multiplier
    return places.astype(np.int64), hashes[places]
