import hashlib
import itertools
import math
from collections.abc import Iterator

import numpy as np
import pytest

from abcgen.generation.noise import Noise

SIZE = 7


def splitmix64(state: int) -> Iterator[int]:
    """The generator as its authors give it: an integer of 64 bits at a time."""
    while True:
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB % 2**64
        yield mixed ^ (mixed >> 31)


def slow_noise(words: str, steps: int, scale: float) -> list[list[float]]:
    """The readable twin: a number at a time."""
    key = int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "little")
    noise: list[float] = []
    for integer in itertools.islice(splitmix64(key), steps * SIZE // 2 + 1):
        for half in (integer % 2**32, integer // 2**32):
            noise.append(-math.log(-math.log((half // 2**9 + 0.5) / 2**23)) * scale)
    return [noise[step * SIZE : (step + 1) * SIZE] for step in range(steps)]


def test_the_integers_are_those_of_the_source() -> None:
    """The first of SplitMix64 from 1234567, as other libraries give them."""
    assert list(itertools.islice(splitmix64(1234567), 3)) == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
    ]


def noise_of(noise: Noise, stream: int, steps: int) -> np.ndarray:
    return np.array([noise.next()[stream].copy() for _ in range(steps)])


def test_the_seed_the_number_and_the_try_decide() -> None:
    """Books that are there already depend on these words."""
    noise = Noise(1, SIZE, 0.9)
    for tune in ((4, 12, 1), (4, 12, 2), (0, 1, 50)):
        noise.begin(0, *tune)
        expected = slow_noise(" ".join(map(str, tune)), 140, 0.9)
        np.testing.assert_allclose(noise_of(noise, 0, 140), expected, rtol=2e-5, atol=1e-5)


@pytest.mark.parametrize("earlier", [0, 1, 63, 64, 65, 200])
def test_a_tune_has_its_own_whenever_it_begins_and_whoever_is_beside_it(earlier: int) -> None:
    alone, beside = Noise(1, SIZE, 1.0), Noise(3, SIZE, 1.0)
    alone.begin(0, 5, 1, 1)
    for stream in range(3):
        beside.begin(stream, 5, 7 + stream, 1)
    for _ in range(earlier):
        beside.next()
    beside.begin(2, 5, 99, 1)
    beside.begin(2, 5, 1, 1)
    np.testing.assert_array_equal(noise_of(beside, 2, 150), noise_of(alone, 0, 150))


def test_without_temperature_there_is_no_chance() -> None:
    noise = Noise(2, SIZE, 0.0)
    noise.begin(0, 1, 1, 1)
    assert not any(noise.next().any() for _ in range(80))


def test_the_extremes_of_the_numbers_are_numbers() -> None:
    noise = Noise(1, 50_000, 1.0)
    noise.begin(0, 1, 1, 1)
    rows = np.array([noise.next() for _ in range(64)])
    assert np.isfinite(rows).all()
    assert rows.mean() == pytest.approx(0.5772, abs=0.005)  # of Gumbel's distribution


def test_each_stream_may_have_a_scale_of_its_own() -> None:
    mixed, alone = Noise(3, SIZE), Noise(1, SIZE, 0.7)
    for stream, scale in enumerate((0.7, 2.0, 0.7)):
        mixed.begin(stream, 5, 1, 1, scale)
    alone.begin(0, 5, 1, 1)
    mixed.silence(2)
    noise, expected = (np.array([of.next().copy() for _ in range(70)]) for of in (mixed, alone))
    np.testing.assert_array_equal(noise[:, 0], expected[:, 0])
    np.testing.assert_allclose(noise[:, 1], expected[:, 0] / 0.7 * 2, rtol=1e-5)
    assert not noise[:, 2].any()
    mixed.keep([2, 0])
    noise = np.array([mixed.next().copy() for _ in range(70)])
    assert not noise[:, 0].any() and noise[:, 1].any()
