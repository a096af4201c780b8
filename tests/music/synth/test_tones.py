import numpy as np
import pytest

from abcgen.music.synth.tones import Tones
from abcgen.music.synth.voices import VOICES

RATE = 22050


@pytest.mark.parametrize("name", VOICES)
@pytest.mark.parametrize("length", [0, 1, 100, RATE // 4])
def test_a_tone_has_no_offset_and_ends_at_0(name: str, length: int) -> None:
    tones = Tones(RATE)
    for pitch in (33, 45, 69, 108):
        total = tones.total(name, pitch, length)
        tone = tones.part(name, pitch, length, 0, total)
        assert len(tone) == total
        assert abs(tone.sum(dtype=np.float64)) < 0.02  # divided by thousands of samples
        assert abs(tone[-1]) < 1e-5
        np.testing.assert_allclose(tone, VOICES[name].samples(pitch, length, RATE), atol=0.08)


def test_a_kept_tone_is_the_same_and_kept_ones_are_bounded() -> None:
    tones = Tones(RATE, most=400_000)
    first = tones.part("harp", 60, RATE, 0, RATE)
    assert np.shares_memory(first, tones.part("harp", 60, RATE, 0, RATE))
    for pitch in range(40, 80):
        tones.part("harp", pitch, RATE, 0, 10)
        assert tones._size == sum(tone.nbytes for tone in tones._kept.values()) <= 400_000
    again = tones.part("harp", 60, RATE, 0, RATE)
    assert not np.shares_memory(first, again)
    assert np.array_equal(first, again)


def test_the_tone_that_was_not_used_for_longest_goes_first() -> None:
    tones = Tones(RATE, most=3 * 4 * Tones(RATE).total("pipes", 60, 1000))
    for pitch in (60, 61, 62, 60, 63):
        tones.part("pipes", pitch, 1000, 0, 1)
    assert [pitch for _, pitch, _ in tones._kept] == [62, 60, 63]


def test_very_long_tones_are_not_kept_and_tones_larger_than_the_bound_are_made() -> None:
    tones = Tones(RATE)
    assert len(tones.part("fiddle", 60, 1000 * RATE, 500 * RATE, 501 * RATE)) == RATE
    assert not tones._kept
    assert len(Tones(RATE, most=1000).part("fiddle", 60, RATE, 5, 105)) == 100
