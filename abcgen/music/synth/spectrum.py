"""Frequencies, the resonances of an instrument's body, and noise that is the same every time."""

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Complexes = npt.NDArray[np.complexfloating[Any, Any]]
#: Samples of a tone, mono, around 0.
Samples = npt.NDArray[np.float32]

#: No partial lies above this share of the sampling rate, so that vibrato cannot push one past
#: one half, where it would be heard at a wrong pitch.
HIGHEST = 0.45
_LOOP = 1 << 16  # samples of noise, 1.5 s at 44.1 kHz; a power of 2 for the transform


def frequency_of(pitch: float) -> float:
    """Return the frequency of a MIDI note number in hertz, in equal temperament, A4 = 440 Hz."""
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


def ratio_of(cents: float) -> float:
    """Return the ratio of frequencies of an interval in cents."""
    return float(2.0 ** (cents / 1200.0))


def gain_of(decibels: float) -> float:
    """Return the factor of amplitude of a level in decibels."""
    return float(10.0 ** (decibels / 20.0))


@dataclass(frozen=True, slots=True)
class Resonance:
    """A peak (or, if negative, a dip) in what a body radiates.

    Attributes
    ----------
    hertz : float
        Its centre.
    decibels : float
        Its height.
    width : float
        How far from the centre it has half its height in decibels, in hertz.
    """

    hertz: float
    decibels: float
    width: float


@dataclass(frozen=True, slots=True)
class Body:
    """What a body makes of the partials of a string, a reed or a column of air.

    Attributes
    ----------
    low, high : float
        In hertz: it falls by 6 dB an octave below `low`, and by 12 dB an octave above `high`.
    resonances : tuple of Resonance
        On top of that.
    """

    low: float
    high: float
    resonances: tuple[Resonance, ...] = ()

    def gains(self, frequencies: Floats) -> Floats:
        """Return the factors of amplitude at some frequencies, in hertz and above 0."""
        passed = 1 / np.sqrt(
            (1 + (self.low / frequencies) ** 2) * (1 + (frequencies / self.high) ** 4)
        )
        for peak in self.resonances:
            shape = 1 / (1 + ((frequencies - peak.hertz) / peak.width) ** 2)
            passed *= 10 ** (peak.decibels / 20 * shape)
        return passed


def white_noise(count: int, seed: int) -> Floats:
    """Return white noise with a mean square of 1, evenly distributed.

    It is made of the generator's raw integers: numpy promises that they stay the same from one
    version to the next, which it does not of its distributions.
    """
    raw: npt.NDArray[np.uint64] = np.random.PCG64(seed).random_raw(count)
    noise: Floats = ((raw >> 11) * 2.0**-52 - 1.0) * np.sqrt(3.0)
    return noise


@dataclass(frozen=True, slots=True)
class Noise:
    """The noise of a bow, of breath, or of a hammer.

    Attributes
    ----------
    steady : float
        Its level while the tone lasts, in decibels compared with the tone.
    burst : float
        Its level at the onset, likewise.
    fade : float
        How long the burst takes to fall to 1/e, in seconds.
    low, high : float
        The band that it has, in hertz.
    """

    steady: float
    burst: float
    fade: float
    low: float
    high: float

    def samples(self, pitch: float, rate: int, start: int, stop: int) -> Samples:
        """Return the noise of a tone between two of its samples, without attack and release."""
        loop = _noise_loop(self.low, self.high, rate)
        place = np.arange(start, stop)
        # Each pitch starts somewhere else, so that notes of a chord have different noise.
        heard = np.take(loop, place + int(7919 * pitch), mode="wrap")
        fading = np.exp(place * (-1.0 / (self.fade * rate)))
        level = gain_of(self.steady) + gain_of(self.burst) * fading
        return np.asarray(heard * level, np.float32)


@functools.lru_cache(maxsize=32)
def _noise_loop(low: float, high: float, rate: int) -> Samples:
    """Return noise of a band, with a mean square of 1, whose end fits its beginning."""
    spectrum = np.fft.rfft(white_noise(_LOOP, seed=1))
    frequencies = np.maximum(np.fft.rfftfreq(_LOOP, 1 / rate), 1e-9)
    spectrum /= np.sqrt((1 + (low / frequencies) ** 4) * (1 + (frequencies / high) ** 4))
    spectrum[frequencies > HIGHEST * rate] = 0
    loop = np.fft.irfft(spectrum, _LOOP)
    loop /= np.sqrt(np.mean(loop**2))
    kept: Samples = loop.astype(np.float32)
    kept.flags.writeable = False
    return kept
