import numpy as np
import pytest

from abcgen.music.synth.drum import Drum
from abcgen.music.synth.voices import ALL_VOICES, DRUM
from tests.music.synth.hearing import RATE, peaks

VOICE = ALL_VOICES[DRUM]


@pytest.mark.parametrize("key", [41, 62, 64, 35])
def test_a_stroke_begins_and_ends_in_silence_and_is_over_when_it_has_faded(key: int) -> None:
    assert isinstance(VOICE, Drum)
    stroke = VOICE.samples(key, 10, RATE)
    assert (
        len(stroke)
        == VOICE.total(key, RATE, RATE)
        == round(VOICE.skins.get(key, VOICE.usual).ring * RATE)
    )
    assert abs(stroke[0]) < 0.05
    assert stroke[-1] == 0
    assert 0.3 < np.abs(stroke).max() < 3
    half = len(stroke) // 2
    assert np.sum(stroke[half:] ** 2) < 0.02 * np.sum(stroke**2)


def test_a_deep_stroke_is_deeper() -> None:
    deep, light = (peaks(VOICE.samples(key, 0, RATE), 40, 400)[0] for key in (41, 62))
    assert deep == pytest.approx(82, rel=0.06)
    assert light == pytest.approx(165, rel=0.06)


def test_a_part_of_a_stroke_is_part_of_it() -> None:
    whole = VOICE.samples(41, 0, RATE)
    np.testing.assert_array_equal(VOICE.samples(41, 0, RATE, 100, 300), whole[100:300])
