"""Near-duplicate tunes: the same melody under another name, in another key or note length."""

import hashlib
from array import array
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from abcgen.melodies.melody import Step

_RUN = 6  # steps that are compared at a time: seven notes
#: Share of the shorter tune's runs that another must have to be a near-duplicate of it.
_SHARED = 0.5
#: Steps of which the text is kept, which takes long to make.
_MOST_KEPT = 4096
#: Numbers of steps have two bytes.
_NUMBERS = 1 << 16


def content_hash(steps: Sequence[Step]) -> int:
    """Return a 64-bit number that depends on the melody alone, the same on every machine."""
    written = f"[{', '.join(map(_written, steps))}]"
    return int.from_bytes(hashlib.sha256(written.encode()).digest()[:8], "big")


@lru_cache(_MOST_KEPT)
def _written(step: Step) -> str:
    return repr(step)


class _Numbers(dict[Step, int]):
    """Numbers of steps, in the order in which they are asked for.

    No tunebook has 65,536 different steps; what comes after so many shares numbers.
    """

    def __missing__(self, step: Step) -> int:
        number = self[step] = len(self) % _NUMBERS
        return number


class DuplicateFinder:
    """Remember tunes, and find the one that a new tune repeats."""

    def __init__(self) -> None:
        # A large book has millions of runs. To save memory, steps are numbered, a run is the bytes
        # of these numbers, and since most runs are in one tune only, the others stand apart.
        self._number_of = _Numbers()
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
        shared = list(filter(self._first_with.__contains__, runs))
        earlier = self._most_alike(shared, len(runs)) if shared else None
        if earlier is not None:
            return earlier
        number = len(self._run_counts)
        self._run_counts.append(len(runs))
        self._first_with.update(dict.fromkeys(runs.difference(shared), number))
        for run in shared:
            self._others_with.setdefault(run, array("I")).append(number)
        return None

    def _most_alike(self, shared: Sequence[bytes], count: int) -> int | None:
        """Return the number of the tune that has the most of so many runs, if these are enough.

        Parameters
        ----------
        shared : sequence of bytes
            Those of the runs that any tune has.
        count : int
            All of the runs.
        """
        found = Counter(map(self._first_with.__getitem__, shared))
        for others in filter(None, map(self._others_with.get, shared)):
            found.update(others)
        enough = [
            (-common, tune)
            for tune, common in found.items()
            if common >= _SHARED * min(self._run_counts[tune], count)
        ]
        return min(enough)[1] if enough else None

    def _runs(self, steps: Sequence[Step]) -> set[bytes]:
        """Return the runs of a melody; a melody shorter than a run is a run itself."""
        numbers = array("H", map(self._number_of.__getitem__, steps))
        size = numbers.itemsize
        whole = numbers.tobytes()
        count = max(1, len(steps) - _RUN + 1)
        return {whole[start : start + _RUN * size] for start in range(0, count * size, size)}
