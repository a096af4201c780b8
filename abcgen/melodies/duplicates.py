"""Near-duplicate tunes: the same melody under another name, in another key or note length."""

import hashlib
from array import array
from collections.abc import Sequence

from abcgen.melodies.melody import Step

_RUN = 6  # steps that are compared at a time: seven notes
#: Share of the shorter tune's runs that another must have to be a near-duplicate of it.
_SHARED = 0.5


def content_hash(steps: Sequence[Step]) -> int:
    """Return a 64-bit number that depends on the melody alone, the same on every machine."""
    digest = hashlib.sha256(repr(list(steps)).encode()).digest()
    return int.from_bytes(digest[:8], "big")


class DuplicateFinder:
    """Remember tunes, and find the one that a new tune repeats."""

    def __init__(self) -> None:
        # A large book has millions of runs. To save memory, steps are numbered, a run is the bytes
        # of these numbers, and since most runs are in one tune only, the others stand apart.
        self._number_of: dict[Step, int] = {}
        self._first_with: dict[bytes, int] = {}
        self._others_with: dict[bytes, array[int]] = {}
        self._run_counts = array("I")

    def add(self, steps: Sequence[Step]) -> int | None:
        """Return the number of the earlier tune that this one repeats, or remember it.

        If it repeats several, the one that shares the most with it is returned. Tunes that are
        remembered are numbered from 0 in the order in which they are added. A tune that repeats
        another is not remembered, so that adding tunes changes nothing for earlier ones.
        """
        runs = self._runs(steps)
        earlier = self._most_alike(runs)
        if earlier is not None:
            return earlier
        number = len(self._run_counts)
        self._run_counts.append(len(runs))
        for run in runs:
            if self._first_with.setdefault(run, number) != number:
                self._others_with.setdefault(run, array("I")).append(number)
        return None

    def _most_alike(self, runs: set[bytes]) -> int | None:
        """Return the number of the tune that has the most of some runs, if these are enough."""
        import numpy as np  # takes a while to load, and `abcgen.corpus --help` does not need it

        first = [self._first_with[run] for run in runs if run in self._first_with]
        if not first:
            return None
        others = [self._others_with[run] for run in runs if run in self._others_with]
        with_runs = [np.array(first, np.uint32), *(np.frombuffer(one, np.uint32) for one in others)]
        tunes, counts = np.unique(np.concatenate(with_runs), return_counts=True)
        of_theirs = np.frombuffer(self._run_counts, np.uint32)[tunes]
        counts[counts < _SHARED * np.minimum(of_theirs, len(runs))] = 0
        best = counts.argmax()
        return int(tunes[best]) if counts[best] else None

    def _runs(self, steps: Sequence[Step]) -> set[bytes]:
        """Return the runs of a melody; a melody shorter than a run is a run itself."""
        known = self._number_of
        numbers = array("I", [known.setdefault(step, len(known)) for step in steps])
        size = numbers.itemsize
        whole = numbers.tobytes()
        count = max(1, len(steps) - _RUN + 1)
        return {whole[start : start + _RUN * size] for start in range(0, count * size, size)}
