"""Near-duplicate tunes: the same melody under another name, in another key or note length."""

import hashlib
import itertools
from collections import Counter
from collections.abc import Sequence

from abcgen.notation.music import Note

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
        self._tunes_with: dict[tuple[Step, ...], list[int]] = {}
        self._run_counts: list[int] = []

    def add(self, steps: Sequence[Step]) -> int | None:
        """Return the number of the earlier tune that this one repeats, or remember it.

        Tunes that are remembered are numbered from 0 in the order of their coming. One that
        repeats another is not remembered, so that whatever comes later, nothing changes for
        the tunes that are already there.
        """
        runs = {tuple(steps[i : i + _RUN]) for i in range(max(1, len(steps) - _RUN + 1))}
        shared = Counter(tune for run in runs for tune in self._tunes_with.get(run, ()))
        for tune, count in shared.most_common():
            if count >= _SHARED * min(len(runs), self._run_counts[tune]):
                return tune
        number = len(self._run_counts)
        self._run_counts.append(len(runs))
        for run in runs:
            self._tunes_with.setdefault(run, []).append(number)
        return None
