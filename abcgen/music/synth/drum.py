"""A frame drum: the modes of a round membrane, each damped, and the noise of the stick."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from abcgen.music.synth.spectrum import HIGHEST, Noise, Samples, gain_of

#: Frequencies of an ideal membrane's modes, compared with the lowest: N. H. Fletcher, T. D.
#: Rossing, The Physics of Musical Instruments, Springer 1998, chapter 3.
_MODES = np.array([1.0, 1.594, 2.136, 2.296, 2.653, 2.918])
_WEIGHTS = np.array([1.0, 0.6, 0.35, 0.3, 0.2, 0.15])
#: The skin is tighter when it is struck: so much higher a tone begins, and how soon that is over.
_HIGHER, _SOON = 0.06, 0.03  # of its frequency; seconds
_SILENT = np.log(1000)  # a fall of 60 dB, in powers of e
_ATTACK, _FADE = 0.001, 0.01  # seconds


@dataclass(frozen=True, slots=True)
class Skin:
    """A way to strike a drum: the lowest frequency in hertz, and seconds until it fell by 60 dB."""

    hertz: float
    ring: float


@dataclass(frozen=True, slots=True)
class Drum:
    """The voice of a drum. How long a note is held means nothing to it.

    Attributes
    ----------
    level : float
        In decibels.
    skins : mapping of int to Skin
        By the key of General MIDI percussion.
    usual : Skin
        For all other keys.
    noise : Noise
        Of the stick or the hand.
    """

    level: float
    skins: Mapping[int, Skin]
    usual: Skin
    noise: Noise

    def total(self, pitch: float, length: int, rate: int) -> int:
        """Return how many samples a stroke has."""
        return round(self.skins.get(round(pitch), self.usual).ring * rate)

    def samples(
        self, pitch: float, length: int, rate: int, start: int = 0, stop: int | None = None
    ) -> Samples:
        """Return a stroke, or its part between two of its samples; see `Sustained.samples`."""
        skin, count = self.skins.get(round(pitch), self.usual), self.total(pitch, length, rate)
        time = np.arange(count) / rate
        frequencies = skin.hertz * _MODES
        heard = frequencies * (1 + _HIGHER) <= HIGHEST * rate
        frequencies, weights = frequencies[heard], _WEIGHTS[heard]
        # What the glide of the pitch has added to the time, as the modes count it.
        turned = time + _HIGHER * _SOON * (1 - np.exp(-time / _SOON))
        waves = np.sin(2 * np.pi * np.outer(frequencies, turned))
        # Higher modes fade sooner.
        fading = np.exp(-np.outer(frequencies / skin.hertz, time) * (_SILENT / skin.ring))
        tone = weights @ (waves * fading) / np.sqrt(np.sum(_WEIGHTS**2) / 2)
        tone += self.noise.samples(pitch, rate, 0, count)
        closed = np.minimum((count - 1 - np.arange(count)) / (_FADE * rate), 1)
        grown = np.minimum((np.arange(count) + 1) / (_ATTACK * rate), 1)
        return np.asarray(tone * grown * closed * gain_of(self.level), np.float32)[start:stop]
