import numpy as np
import pytest

from abcgen.music.synth.spectrum import (
    Body,
    Noise,
    Resonance,
    frequency_of,
    gain_of,
    ratio_of,
    white_noise,
)


def test_equal_temperament() -> None:
    assert frequency_of(69) == 440
    assert frequency_of(60) == pytest.approx(261.6256)
    assert ratio_of(1200) == 2
    assert gain_of(-20) == pytest.approx(0.1)


def test_a_body_falls_at_both_ends_and_rises_at_its_resonances() -> None:
    frequencies = np.array([50.0, 100.0, 1000.0, 10_000.0, 20_000.0])
    plain = 20 * np.log10(Body(low=200, high=4000).gains(frequencies))
    assert plain[1] - plain[0] == pytest.approx(6, abs=1)
    assert plain[2] == pytest.approx(0, abs=0.3)
    assert plain[4] - plain[3] == pytest.approx(-12, abs=0.5)
    peaked = Body(low=200, high=4000, resonances=(Resonance(1000, 6, 50),))
    risen = 20 * np.log10(peaked.gains(frequencies)) - plain
    assert risen[2] == pytest.approx(6)
    assert np.all(np.abs(risen[[0, 1, 3, 4]]) < 0.1)


def test_white_noise_is_the_same_for_ever() -> None:
    # numpy promises the raw integers of PCG64; if these numbers change, every sound does.
    assert white_noise(3, seed=1) == pytest.approx([0.040951, 1.560452, -1.232667], abs=1e-5)
    many = white_noise(100_000, seed=3)
    assert np.mean(many) == pytest.approx(0, abs=0.02)
    assert np.mean(many**2) == pytest.approx(1, abs=0.01)


def test_noise_of_a_tone_is_one_piece_however_it_is_cut() -> None:
    noise = Noise(steady=-30, burst=-10, fade=0.02, low=500, high=4000)
    whole = noise.samples(69, 44100, 0, 200_000)
    assert np.array_equal(whole[123:150_000], noise.samples(69, 44100, 123, 150_000))
    assert np.sqrt(np.mean(whole[100_000:] ** 2)) == pytest.approx(gain_of(-30), rel=0.1)
    assert not np.array_equal(whole, noise.samples(70, 44100, 0, 200_000))
