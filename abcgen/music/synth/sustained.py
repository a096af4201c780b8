"""Tones that last as long as they are bowed or blown: shaped harmonics, read from a table."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from abcgen.music.synth.spectrum import (
    HIGHEST,
    Body,
    Floats,
    Noise,
    Samples,
    frequency_of,
    gain_of,
    ratio_of,
)

Indices = npt.NDArray[np.int32]

#: Points of a table for its highest harmonic. Between points a straight line is drawn, which
#: is wrong by less than (2 pi / 32)^2 / 8, half a percent, of that harmonic, the weakest.
_POINTS = 32
_SMALLEST_TABLE = 2048
_SHORTEST_ATTACK = 0.002  # seconds
#: Where the second of two reeds begins, in cycles: the beats of their harmonics then differ, and
#: the lowest grow at first, so that a note does not begin in the gap between two beats.
_SECOND_REED = 0.85
_SOUNDING = 0.7  # the share of a short note that its attack may take
#: A note is heard when it begins, and not only when its attack is over: this share of its amplitude
#: is there after so many seconds, which is slow enough not to click.
_PROMPT, _PROMPT_TIME = 0.55, 0.005


@dataclass(frozen=True, slots=True)
class Vibrato:
    """A slow wave in pitch and loudness that begins some time after the onset.

    Attributes
    ----------
    hertz : float
        How often a second.
    cents : float
        How far the pitch moves to each side. Its mean stays that of the note.
    loudness : float
        How far the amplitude moves to each side, as a share of it.
    delay, growth : float
        When it begins, and how long it takes to grow, in seconds.
    """

    hertz: float
    cents: float
    loudness: float
    delay: float = 0.25
    growth: float = 0.3


@dataclass(frozen=True, slots=True)
class Sustained:
    """A voice whose tones keep their loudness.

    Attributes
    ----------
    level : float
        In decibels: makes the voices equally loud.
    harmonics : tuple of float
        Levels of the lowest harmonics in decibels, before the body.
    slope : float
        How the others go on from the last of these, in decibels an octave.
    body : Body
        What shapes them.
    attack, release : float
        How long a tone takes to grow, and to fade after its end, in seconds.
    dark : float
        How a tone begins: where the body falls off, as a share of its `high`.
    vibrato : Vibrato, optional
        Of long notes.
    noise : Noise, optional
        Of bow or breath.
    reeds : float
        If not 0, each tone has two reeds, this far above and below the pitch, in cents.
    """

    level: float
    harmonics: tuple[float, ...]
    slope: float
    body: Body
    attack: float
    release: float
    dark: float = 0.4
    vibrato: Vibrato | None = None
    noise: Noise | None = None
    reeds: float = 0.0

    def total(self, pitch: float, length: int, rate: int) -> int:
        """Return how many samples a tone of `length` samples has with its release."""
        return length + round(self.release * rate)

    def samples(
        self, pitch: float, length: int, rate: int, start: int = 0, stop: int | None = None
    ) -> Samples:
        """Return a tone, or its part between two of its samples.

        Parameters
        ----------
        pitch : float
            MIDI note number, with a fraction for a microtone.
        length : int
            Samples until the note ends and its release begins.
        rate : int
            Samples a second.
        start, stop : int
            The part; it does not depend on where other parts begin and end.

        Returns
        -------
        numpy.ndarray of float32
            Mono; the root of its mean square is 1 times `level`.
        """
        count = self.total(pitch, length, rate)
        stop = count if stop is None else stop
        time = np.arange(start, stop) / rate
        attack = min(self.attack, max(_SOUNDING * length / rate, _SHORTEST_ATTACK))
        prompt = _rise(time / min(attack, _PROMPT_TIME))
        growth = _PROMPT * prompt + (1 - _PROMPT) * _rise(time / attack)
        envelope = growth * _rise((count - np.arange(start, stop)) / (self.release * rate))
        sway, swell = self._swaying(time)
        # A tone becomes bright as it becomes loud, and dark again as it fades.
        bright = (_rise(time / (2 * attack)) * envelope).astype(np.float32)
        frequency = frequency_of(pitch)
        tone = np.zeros(len(time), np.float32)
        for number, reed in enumerate((-self.reeds, self.reeds) if self.reeds else (0.0,)):
            hertz = frequency * ratio_of(reed)
            dark, difference = self._tables(hertz, rate)
            place, between = _places(hertz * (time + sway) + _SECOND_REED * number, len(dark) - 1)
            tone += _read(dark, place, between) + bright * _read(difference, place, between)
        if self.reeds:
            tone *= np.float32(np.sqrt(0.5))
        if self.noise is not None and frequency <= HIGHEST * rate:
            tone += self.noise.samples(pitch, rate, start, stop)
        loudness = envelope * swell * gain_of(self.level)
        return np.asarray(tone * loudness, np.float32)

    def _swaying(self, time: Floats) -> tuple[Floats | float, Floats | float]:
        """Return what vibrato adds to the time, in seconds, and its factor of amplitude."""
        vibrato = self.vibrato
        if vibrato is None or not len(time) or time[-1] < vibrato.delay:
            return 0.0, 1.0
        grown = _rise((time - vibrato.delay) / vibrato.growth)
        turn = 2 * np.pi * vibrato.hertz
        angle = turn * (time - vibrato.delay)
        # The phase sways, not the frequency: so the mean frequency is that of the note, exactly.
        sway = -(ratio_of(vibrato.cents) - 1) / turn * grown * np.cos(angle)
        return sway, 1 + vibrato.loudness * grown * np.sin(angle)

    def _tables(self, hertz: float, rate: int) -> tuple[Samples, Samples]:
        """Return a cycle as it begins, and what full brightness adds; the first point again last.

        Both are scaled alike: at full brightness the mean square is 1.
        """
        count = int(HIGHEST * rate / hertz)
        if count == 0:
            silence = np.zeros(_SMALLEST_TABLE + 1, np.float32)
            return silence, silence
        number = np.arange(1, count + 1)
        last = len(self.harmonics)
        levels = self.slope * np.log2(np.maximum(number / last, 1)) + self.harmonics[-1]
        levels[:last] = self.harmonics[:count]
        source = 10 ** (levels / 20)
        frequencies = number * hertz
        full = source * self.body.gains(frequencies)
        softer = Body(self.body.low, self.body.high * self.dark, self.body.resonances)
        dim = source * softer.gains(frequencies)
        scale = 1 / np.sqrt(np.sum(full**2) / 2)
        points = max(_SMALLEST_TABLE, 1 << (_POINTS * count - 1).bit_length())
        return _cycle(dim * scale, points), _cycle((full - dim) * scale, points)


def _rise(share: Floats) -> Floats:
    """Return a smooth step from 0 to 1 while `share` goes from 0 to 1."""
    return np.asarray(np.sin(np.pi / 2 * np.clip(share, 0, 1)) ** 2)


def _cycle(amplitudes: Floats, points: int) -> Samples:
    """Return a cycle of sines, and its first point again."""
    spectrum = np.zeros(points // 2 + 1, np.complex128)
    spectrum[1 : len(amplitudes) + 1] = -0.5j * points * amplitudes
    cycle = np.fft.irfft(spectrum, points)
    return np.append(cycle, cycle[0]).astype(np.float32)


def _places(cycles: Floats, points: int) -> tuple[Indices, Samples]:
    """Return where in a table a phase in cycles falls: a point, and the way to the next one."""
    exact = (cycles - np.floor(cycles)) * points
    place = exact.astype(np.int32)
    return place, (exact - place).astype(np.float32)


def _read(table: Samples, place: Indices, between: Samples) -> Samples:
    """Return a table at places between its points."""
    before = np.take(table, place, mode="clip")
    after = np.take(table, place + 1, mode="clip")
    return np.asarray(before + between * (after - before))
