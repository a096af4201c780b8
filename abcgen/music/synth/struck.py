"""Tones that fade by themselves: the partials of a plucked or struck string, each damped."""

from dataclasses import dataclass

import numpy as np

from abcgen.music.synth.spectrum import (
    HIGHEST,
    Body,
    Complexes,
    Floats,
    Noise,
    Samples,
    frequency_of,
    gain_of,
    ratio_of,
)

_BLOCK = 256  # samples of a block of powers
_WEAKEST = 1e-4  # of the strongest partial; weaker ones are left out
_LONGEST = 10.0  # seconds that a string rings; few do longer, and very softly by then
_SILENT = np.log(1000)  # a fall of 60 dB, in powers of e
_FADE = 0.01  # seconds: the end of a tone, brought to 0
_A4 = 69  # MIDI note number


@dataclass(frozen=True, slots=True)
class Struck:
    """A voice of strings that are plucked or struck.

    Attributes
    ----------
    level : float
        In decibels: makes the voices equally loud.
    place : float
        Where the string is plucked or struck, as a share of its length. Partials that have a
        node there are missing: their amplitude is sin(pi n place) / n^`slope` [1]_.
    slope : float
        See `place`; 1 for a plucked string's force on the bridge, more for a soft finger.
    body : Body
        What shapes them.
    ring : float
        How long the lowest partial of A4 takes to fall by 60 dB, in seconds.
    shorter : float
        By how many halvings that is shorter an octave higher.
    damping : float
        In hertz: partials are damped as 1 + (frequency / `damping`)^2 [2]_.
    stiffness : float
        Inharmonicity B of A4: partial n lies at n sqrt(1 + B n^2) times that of a string that
        bends freely [3]_. It doubles every octave.
    prompt, prompt_rate : float
        The share of amplitude that fades `prompt_rate` times as fast: a bridge takes more of
        the vibration across the soundboard than of that along it [4]_.
    attack, release : float
        How long a tone takes to grow, and to fall by 60 dB after its end, in seconds.
    noise : Noise, optional
        Of finger, plectrum or hammer.
    stretch : float
        Cents that A4 + 39 semitones, the highest note of a piano, is tuned above equal
        temperament; see `tuning`.

    References
    ----------
    .. [1] N. H. Fletcher, T. D. Rossing, The Physics of Musical Instruments, Springer 1998,
       chapter 2: the plucked string.
    .. [2] A. Chaigne, A. Askenfelt, Numerical simulations of piano strings I, J. Acoust. Soc.
       Am. 95 (1994): damping that grows with the square of the frequency.
    .. [3] H. Fletcher, E. D. Blackham, R. Stratton, Quality of Piano Tones, J. Acoust. Soc. Am.
       34 (1962).
    .. [4] G. Weinreich, Coupled piano strings, J. Acoust. Soc. Am. 62 (1977).
    """

    level: float
    place: float
    slope: float
    body: Body
    ring: float
    shorter: float
    damping: float
    stiffness: float
    attack: float
    release: float
    prompt: float = 0.0
    prompt_rate: float = 1.0
    noise: Noise | None = None
    stretch: float = 0.0

    def tuning(self, pitch: float) -> float:
        """Return how far the lowest partial lies above equal temperament, in cents.

        It grows with the third power of the distance from A4, which is about the form of the
        curve of well-tuned pianos (O. L. Railsback, 1938), low notes flat and high ones sharp.
        """
        return self.stretch * ((pitch - _A4) / 39) ** 3

    def total(self, pitch: float, length: int, rate: int) -> int:
        """Return how many samples a tone of `length` samples has with its release."""
        ringing = min(self._ring(pitch), _LONGEST)
        return min(length, round(ringing * rate)) + round(self.release * rate)

    def samples(
        self, pitch: float, length: int, rate: int, start: int = 0, stop: int | None = None
    ) -> Samples:
        """Return a tone, or its part between two of its samples; see `Sustained.samples`.

        Returns
        -------
        numpy.ndarray of float32
            Mono; the root of its mean square at the onset is 1 times `level`.
        """
        count = self.total(pitch, length, rate)
        frequencies, amplitudes, rates = self._partials(pitch, rate)
        if not len(frequencies):
            return np.zeros(count, np.float32)[start:stop]
        poles = (2j * np.pi * frequencies - rates) / rate
        # Each partial begins as a sine: from 0, as a string at rest does.
        tone = _damped(-1j * amplitudes, poles, count)
        if self.noise is not None:
            tone += self.noise.samples(pitch, rate, 0, count)
        held = count - round(self.release * rate)
        place = np.arange(count)
        grown = np.minimum((place + 1) / (self.attack * rate), 1)
        damped = np.exp(np.minimum(held - place, 0) * (_SILENT / (self.release * rate)))
        closed = np.minimum((count - 1 - place) / (_FADE * rate), 1)
        tone *= grown * damped * closed * gain_of(self.level)
        return tone[start:stop]

    def _ring(self, pitch: float) -> float:
        """Return how long the lowest partial takes to fall by 60 dB, in seconds."""
        return float(self.ring * 2.0 ** (-self.shorter * (pitch - _A4) / 12))

    def _partials(self, pitch: float, rate: int) -> tuple[Floats, Floats, Floats]:
        """Return frequencies in hertz, amplitudes, and rates of decay in 1/s."""
        lowest = frequency_of(pitch) * ratio_of(self.tuning(pitch))
        number = np.arange(1, int(HIGHEST * rate / lowest) + 1)
        stiffness = self.stiffness * 2.0 ** ((pitch - _A4) / 12)
        # The lowest partial is where it is tuned to; stiffness moves the others.
        frequencies = lowest * number * np.sqrt((1 + stiffness * number**2) / (1 + stiffness))
        frequencies = frequencies[frequencies <= HIGHEST * rate]
        number = number[: len(frequencies)]
        if not len(number):
            return frequencies, frequencies, frequencies
        amplitudes = np.sin(np.pi * number * self.place) / number**self.slope
        amplitudes *= self.body.gains(frequencies)
        heard = np.abs(amplitudes) > _WEAKEST * np.abs(amplitudes).max()
        frequencies, amplitudes = frequencies[heard], amplitudes[heard]
        amplitudes /= np.sqrt(np.sum(amplitudes**2) / 2)
        damping = (1 + (frequencies / self.damping) ** 2) / (1 + (lowest / self.damping) ** 2)
        rates = _SILENT / self._ring(pitch) * damping
        if not self.prompt:
            return frequencies, amplitudes, rates
        return (
            np.concatenate([frequencies, frequencies]),
            np.concatenate([amplitudes * self.prompt, amplitudes * (1 - self.prompt)]),
            np.concatenate([rates * self.prompt_rate, rates]),
        )


def _damped(
    amplitudes: Complexes,
    poles: Complexes,
    count: int,
) -> Samples:
    """Return the real part of the sum of amplitude * e^(pole * n) for n = 0, 1, ...

    Sample n = m * block + j of a partial is its power m * block times its power j. So all
    partials together are one product of two small matrices.
    """
    blocks = -(-count // _BLOCK)
    far = amplitudes * np.exp(np.outer(np.arange(blocks) * _BLOCK, poles))
    near = np.exp(np.outer(poles, np.arange(_BLOCK)))
    left = np.hstack([far.real, -far.imag]).astype(np.float32)
    right = np.vstack([near.real, near.imag]).astype(np.float32)
    return np.asarray((left @ right).ravel()[:count])
