from dataclasses import replace

import numpy as np
import pytest

from abcgen.music.synth.spectrum import frequency_of, ratio_of
from abcgen.music.synth.struck import Struck, _damped
from abcgen.music.synth.voices import VOICES
from tests.music.synth.hearing import (
    RATE,
    brightness,
    cents_between,
    mean_frequency,
    peaks,
)

STRUCK = {name: voice for name, voice in VOICES.items() if isinstance(voice, Struck)}
PIANO = STRUCK["piano"]
PITCHES = (40, 52, 64, 76, 88, 100)


@pytest.mark.parametrize("pitch", PITCHES)
@pytest.mark.parametrize("name", STRUCK)
def test_the_lowest_partial_has_the_pitch_of_the_note(name: str, pitch: int) -> None:
    voice = STRUCK[name]
    hertz = frequency_of(pitch) * ratio_of(voice.tuning(pitch))
    tone = voice.samples(pitch, RATE, RATE)
    start = 5 / hertz + 0.02
    assert abs(cents_between(mean_frequency(tone, hertz, start, start + 0.2), hertz)) < 0.5
    assert voice.tuning(pitch) == 0 or name == "piano"


def test_only_the_piano_is_stretched_and_by_less_than_two_cents_in_the_middle() -> None:
    tuned = [PIANO.tuning(pitch) for pitch in range(21, 109)]
    assert tuned == sorted(tuned)
    assert PIANO.tuning(69) == 0
    assert PIANO.tuning(108) == pytest.approx(5)
    assert PIANO.tuning(21) == pytest.approx(-9.3, abs=0.05)
    assert all(abs(PIANO.tuning(pitch)) < 2 for pitch in range(41, 98))


def test_stiffness_raises_the_upper_partials_of_a_piano() -> None:
    tone = replace(PIANO, noise=None).samples(69, 2 * RATE, RATE)[: RATE // 2]
    for number in range(2, 7):
        hertz = 440 * number * np.sqrt((1 + 3e-4 * number**2) / (1 + 3e-4))
        heard = peaks(tone, hertz * 0.97, hertz * 1.03)[0]
        assert abs(cents_between(heard, hertz)) < 1


@pytest.mark.parametrize("name", STRUCK)
def test_the_perceived_pitch_is_within_two_cents(name: str) -> None:
    """The pitch by autocorrelation, to which all partials contribute, is little moved."""
    voice = replace(STRUCK[name], noise=None)
    for pitch in (48, 55, 62, 69):
        tone = voice.samples(pitch, RATE, RATE)[1000 : 1000 + 8192]
        wanted = RATE / (frequency_of(pitch) * ratio_of(voice.tuning(pitch)))
        size = 1 << 17  # of the transform: at least twice the samples
        power = np.abs(np.fft.rfft(tone * np.hanning(len(tone)), size)) ** 2
        shape = np.abs(np.fft.rfft(np.hanning(len(tone)), size)) ** 2
        fine = 16  # points of the autocorrelation in a sample
        same = np.fft.irfft(power, size * fine) / np.fft.irfft(shape, size * fine).clip(1e-9)
        first = round(wanted * fine * 0.97)
        lag = first + int(np.argmax(same[first : round(wanted * fine * 1.03)]))
        before, here, after = same[lag - 1 : lag + 2]
        lag_exact = (lag + (before - after) / (2 * (before - 2 * here + after))) / fine
        sharp = cents_between(wanted, lag_exact)
        # A piano's partials lie sharp by design.
        assert abs(sharp) < (5 if name == "piano" else 2), (pitch, sharp)


@pytest.mark.parametrize("name", STRUCK)
def test_a_note_fades_and_the_high_partials_first(name: str) -> None:
    voice = replace(STRUCK[name], noise=None)
    tone = voice.samples(57, RATE, RATE)
    early, late = tone[1000:5000], tone[20_000:24_000]
    assert np.mean(late**2) < np.mean(early**2) / 2
    assert brightness(late) < brightness(early)
    high = voice.samples(81, RATE, RATE)
    assert np.mean(high[20_000:24_000] ** 2) < np.mean(late**2)


@pytest.mark.parametrize("name", STRUCK)
def test_a_string_rings_as_long_as_it_says(name: str) -> None:
    voice = replace(STRUCK[name], noise=None, prompt=0.0)
    tone = voice.samples(69, 30 * RATE, RATE)
    at = round(voice.ring * RATE / 2)
    turning = np.exp(-2j * np.pi * 440 / RATE * np.arange(2205)) * np.hanning(2205)
    first, last = (abs(np.dot(tone[n : n + 2205], turning)) for n in (500, at + 500))
    assert 20 * np.log10(last / first) == pytest.approx(-30, abs=0.5)


@pytest.mark.parametrize("name", STRUCK)
@pytest.mark.parametrize("pitch", [0, 21, 69, 108, 127])
@pytest.mark.parametrize("length", [0, 1, 50, 1000, 100 * RATE])
def test_a_note_begins_softly_ends_at_0_and_is_never_endless(
    name: str, pitch: int, length: int
) -> None:
    voice = STRUCK[name]
    tone = voice.samples(pitch, length, RATE)
    assert len(tone) == voice.total(pitch, length, RATE) <= length + RATE
    assert len(tone) <= 11 * RATE
    assert tone.dtype == np.float32
    assert np.all(np.isfinite(tone))
    assert abs(tone[0]) < 0.01
    assert tone[-1] == 0


@pytest.mark.parametrize("count", [1, 255, 256, 257, 1000])
def test_block_powers_are_the_sum_of_the_partials(count: int) -> None:
    amplitudes = np.array([1.0 - 0.5j, -0.3j])
    poles = np.array([-0.001 + 0.1j, -0.01 + 0.7j])
    place = np.arange(count)[:, None]
    expected = np.sum(amplitudes * np.exp(poles * place), axis=1).real
    np.testing.assert_allclose(_damped(amplitudes, poles, count), expected, atol=1e-6)


def test_no_partial_is_too_high_for_the_rate() -> None:
    for voice in STRUCK.values():
        assert not np.any(voice.samples(108, 1000, 8000))
        frequencies, _, rates = voice._partials(21, 22050)
        assert frequencies.max() <= 0.45 * 22050
        assert rates.min() > 0
