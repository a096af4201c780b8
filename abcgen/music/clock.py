"""When each moment of a tune is played, in seconds, while its tempo changes."""

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction

_WHOLE_NOTE = 4 * 60  # quarter notes of a whole note, times seconds of a minute


class Clock:
    """Turns whole notes into seconds.

    Parameters
    ----------
    tempos : sequence of (Fraction, float)
        Onsets in whole notes, in order and from 0 on, and quarter notes a minute from there on.
    """

    def __init__(self, tempos: Sequence[tuple[Fraction, float]]) -> None:
        self._onsets = [onset for onset, _ in tempos]
        self._whole = [_WHOLE_NOTE / qpm for _, qpm in tempos]  # seconds of a whole note
        self._starts = [0.0]
        for before, after, whole in zip(self._onsets, self._onsets[1:], self._whole, strict=False):
            self._starts.append(self._starts[-1] + float(after - before) * whole)

    def at(self, time: Fraction) -> float:
        """Return the seconds from the start to a time in whole notes."""
        index = self._index(time)
        return self._starts[index] + float(time - self._onsets[index]) * self._whole[index]

    def lasting(self, onset: Fraction, duration: Fraction) -> float:
        """Return the seconds of a duration that begins at an onset, both in whole notes.

        Within one tempo it depends on the duration alone, so that equal notes are equally long.
        """
        index = self._index(onset)
        if index == len(self._onsets) - 1 or onset + duration <= self._onsets[index + 1]:
            return float(duration) * self._whole[index]
        return self.at(onset + duration) - self.at(onset)

    def _index(self, time: Fraction) -> int:
        return max(bisect_right(self._onsets, time) - 1, 0)
