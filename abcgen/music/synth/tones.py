"""Tones, kept for as long as they are likely to be heard again."""

from collections import OrderedDict

import numpy as np

from abcgen.music.synth.spectrum import Samples
from abcgen.music.synth.voices import ALL_VOICES

_MOST_KEPT = 32 * 2**20  # bytes: more than a tune's thirty to a hundred tones need
_LONGEST_KEPT = 12.0  # seconds; longer tones are made piece by piece as they are played


class Tones:
    """Makes tones, and keeps those that were last used.

    Parameters
    ----------
    rate : int
        Samples a second.
    most : int
        Bytes of the tones that are kept.
    """

    def __init__(self, rate: int, most: int = _MOST_KEPT) -> None:
        self.rate = rate
        self._most = most
        self._size = 0
        self._kept: OrderedDict[tuple[str, float, int], Samples] = OrderedDict()

    def total(self, voice: str, pitch: float, length: int) -> int:
        """Return how many samples a tone of `length` samples has with its release."""
        return ALL_VOICES[voice].total(pitch, length, self.rate)

    def part(self, voice: str, pitch: float, length: int, start: int, stop: int) -> Samples:
        """Return the samples of a tone from `start` to `stop`; not to be written into."""
        if self.total(voice, pitch, length) > _LONGEST_KEPT * self.rate:
            return ALL_VOICES[voice].samples(pitch, length, self.rate, start, stop)
        return self._whole(voice, pitch, length)[start:stop]

    def _whole(self, voice: str, pitch: float, length: int) -> Samples:
        key = voice, pitch, length
        tone = self._kept.get(key)
        if tone is not None:
            self._kept.move_to_end(key)
            return tone
        tone = _balanced(ALL_VOICES[voice].samples(pitch, length, self.rate))
        self._kept[key] = tone
        self._size += tone.nbytes
        while self._size > self._most:
            self._size -= self._kept.popitem(last=False)[1].nbytes
        return tone


def _balanced(tone: Samples) -> Samples:
    """Return a tone whose sum is 0: low notes that begin as a sine would leave an offset."""
    bump = np.sin(np.pi * (np.arange(len(tone)) + 0.5) / max(len(tone), 1)) ** 2
    bump[-1:] = 0  # a tone ends at 0
    weight = bump.sum()
    if weight == 0:
        return tone
    return np.asarray(tone - bump * (tone.sum(dtype=np.float64) / weight), np.float32)
