"""Near-duplicate tunes: the same melody under another name, in another key or note length."""

import hashlib
import itertools
from array import array
from collections.abc import Sequence

from abcgen.music.notes import Note

#: A step of a melody: semitones to the next note, and how many times as long that note is.
Step = tuple[int, int, int]

_RUN = 6  # steps compared at a time: seven notes
#: Share of the shorter tune's runs that another must hold to be a near-duplicate of it.
_SHARED = 0.5


def melody_steps(notes: Sequence[Note]) -> list[Step]:
    """Return a melody as steps, the same in any key and any note length scale.

    Of notes that begin together the highest counts.
    """
    highest = {note.onset: note for note in notes}  # notes come sorted by onset, then pitch
    melody = list(highest.values())
    steps = []
    for before, after in itertools.pairwise(melody):
        ratio = after.duration / before.duration
        steps.append((after.pitch - before.pitch, ratio.numerator, ratio.denominator))
    return steps


def content_hash(steps: Sequence[Step]) -> int:
    """Return a 64-bit number decided by the melody alone, the same on every machine."""
    digest = hashlib.sha256(repr(list(steps)).encode()).digest()
    return int.from_bytes(digest[:8], "big")


class DuplicateFinder:
    """Remembers tunes, and finds for a new one the tune that it repeats."""

    def __init__(self) -> None:
        # A large book has millions of runs. So steps are numbered, and runs are bytes of these; and
        # of the tunes with a run all but the first, which most runs have no others than, stand
        # apart.
        self._number_of: dict[Step, int] = {}
        self._first_with: dict[bytes, int] = {}
        self._others_with: dict[bytes, array[int]] = {}
        self._run_counts = array("I")

    def add(self, steps: Sequence[Step]) -> int | None:
        """Return the number of the earlier tune that this one repeats, or remember it.

        Of several that it repeats it is the one with which it shares the most. Tunes that are
        remembered are numbered from 0 in the order of their coming. One that repeats another is
        not remembered, so that whatever comes later, nothing changes for the tunes that are
        already there.
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
        """Return the number of the tune that shares the most of some runs, if it is enough."""
        import numpy as np  # takes a while, and `abcgen.corpus --help` does without

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
        """Return the runs of a melody, one shorter than a run as one."""
        known = self._number_of
        numbers = array("I", [known.setdefault(step, len(known)) for step in steps])
        size = numbers.itemsize
        whole = numbers.tobytes()
        count = max(1, len(steps) - _RUN + 1)
        return {whole[start : start + _RUN * size] for start in range(0, count * size, size)}
