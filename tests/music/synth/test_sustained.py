from dataclasses import replace

import numpy as np
import pytest

from abcgen.music.synth.spectrum import frequency_of, gain_of
from abcgen.music.synth.sustained import Sustained
from abcgen.music.synth.voices import VOICES
from tests.music.synth.hearing import (
    RATE,
    brightness,
    cents_between,
    mean_frequency,
    peaks,
    power_elsewhere,
)

SUSTAINED = {name: voice for name, voice in VOICES.items() if isinstance(voice, Sustained)}
PITCHES = (40, 52, 64, 76, 88, 100)
ACCORDION = SUSTAINED["accordion"]


@pytest.mark.parametrize("pitch", PITCHES)
@pytest.mark.parametrize("name", SUSTAINED)
def test_the_mean_pitch_is_that_of_the_note(name: str, pitch: int) -> None:
    voice, hertz = replace(SUSTAINED[name], reeds=0.0), frequency_of(pitch)
    tone = voice.samples(pitch, 3 * RATE, RATE)
    cycle = 1 / voice.vibrato.hertz if voice.vibrato else 0.2
    heard = mean_frequency(tone, hertz, 0.8, 0.8 + 10 * cycle)
    assert abs(cents_between(heard, hertz)) < 0.5


@pytest.mark.parametrize("pitch", PITCHES)
@pytest.mark.parametrize("name", SUSTAINED)
def test_a_short_note_has_no_vibrato(name: str, pitch: int) -> None:
    voice, hertz = replace(SUSTAINED[name], reeds=0.0), frequency_of(pitch)
    tone = voice.samples(pitch, RATE // 3, RATE)
    edge = 4 / hertz + 0.01
    assert abs(cents_between(mean_frequency(tone, hertz, edge, 0.24 - edge), hertz)) < 2


@pytest.mark.parametrize("pitch", PITCHES)
def test_the_two_reeds_of_an_accordion_are_six_cents_to_each_side(pitch: int) -> None:
    hertz = frequency_of(pitch)
    tone = ACCORDION.samples(pitch, 12 * RATE, RATE)[RATE : 11 * RATE]
    low, high = sorted(peaks(tone, hertz * 0.98, hertz * 1.02)[:2])
    assert cents_between(low, hertz) == pytest.approx(-6, abs=0.5)
    assert cents_between(high, hertz) == pytest.approx(6, abs=0.5)


def test_vibrato_is_as_wide_as_it_says() -> None:
    fiddle = SUSTAINED["fiddle"]
    assert fiddle.vibrato is not None
    tone, hertz = fiddle.samples(88, RATE, RATE)[: RATE + 1], frequency_of(88)
    quarter = 1 / (4 * fiddle.vibrato.hertz)
    heard = [
        cents_between(mean_frequency(tone, hertz, at - 0.005, at + 0.005), hertz)
        for at in np.arange(0.8, 0.8 + 4 * quarter, quarter / 4)
    ]
    assert max(heard) == pytest.approx(fiddle.vibrato.cents, rel=0.1)
    assert min(heard) == pytest.approx(-fiddle.vibrato.cents, rel=0.1)


@pytest.mark.parametrize("pitch", [21, 60, 84, 96, 108])
@pytest.mark.parametrize("name", SUSTAINED)
def test_nothing_sounds_between_the_harmonics(name: str, pitch: int) -> None:
    voice = replace(SUSTAINED[name], noise=None, vibrato=None, reeds=0.0)
    tone = voice.samples(pitch, 4 * RATE, RATE)[RATE : 3 * RATE]
    assert power_elsewhere(tone, frequency_of(pitch)) < 1e-8  # -80 dB


@pytest.mark.parametrize("name", SUSTAINED)
def test_higher_notes_have_fewer_harmonics_and_loud_ones_are_brighter(name: str) -> None:
    voice = replace(SUSTAINED[name], noise=None)
    heard = [
        brightness(voice.samples(pitch, RATE, RATE)[RATE // 4 : RATE // 2]) / frequency_of(pitch)
        for pitch in (48, 60, 72, 84, 96, 108)
    ]
    assert heard == sorted(heard, reverse=True)
    tone = voice.samples(60, RATE, RATE)
    attack = round(voice.attack * RATE)
    assert brightness(tone[:attack]) < brightness(tone[10 * attack : 11 * attack])


@pytest.mark.parametrize("name", SUSTAINED)
@pytest.mark.parametrize("length", [0, 1, 50, 1000, RATE])
def test_a_note_begins_and_ends_at_0_and_lasts_as_long_as_it_says(name: str, length: int) -> None:
    voice = SUSTAINED[name]
    tone = voice.samples(69, length, RATE)
    assert len(tone) == voice.total(69, length, RATE) == length + round(voice.release * RATE)
    assert tone.dtype == np.float32
    assert np.all(np.isfinite(tone))
    assert abs(tone[0]) < 1e-6
    assert abs(tone[-1]) < 1e-5
    if length >= 1000:
        steady = tone[length // 2 : length]
        assert np.sqrt(np.mean(steady**2)) == pytest.approx(gain_of(voice.level), rel=0.35)


@pytest.mark.parametrize("name", SUSTAINED)
def test_a_long_note_is_the_same_in_pieces(name: str) -> None:
    voice, length = SUSTAINED[name], 20 * RATE
    whole = voice.samples(57, length, RATE)
    for start, stop in [(0, 5000), (5000, 11_000), (10 * RATE, 11 * RATE), (length, len(whole))]:
        part = voice.samples(57, length, RATE, start, stop)
        np.testing.assert_allclose(part, whole[start:stop], atol=1e-6)


def test_what_is_too_high_for_the_rate_is_silent() -> None:
    for voice in SUSTAINED.values():
        assert not np.any(voice.samples(108, 1000, 8000))
