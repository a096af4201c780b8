import numpy as np
import pytest

from abcgen.music.synth.room import LENGTH, Room, impulse_response


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 96000])
def test_the_response_is_made_the_same_at_every_rate(rate: int) -> None:
    response = impulse_response(rate)
    assert response.shape == (2, round(LENGTH * rate))
    np.testing.assert_allclose(np.sum(response**2, axis=1), 1, rtol=1e-4)
    assert not np.any(response[:, -1])
    assert np.all(np.abs(response[:, : rate // 100]) < 0.05)  # no reflection for 10 ms
    left, right = response
    assert abs(np.dot(left, right)) < 0.2  # the ears hear different rooms


def test_it_fades_and_high_sounds_fade_first() -> None:
    left = impulse_response(44100)[0]
    early, late = left[4410:8820], left[17640:22050]
    assert np.sum(late**2) < np.sum(early**2) / 30
    frequencies = np.fft.rfftfreq(4410, 1 / 44100)

    def high(part: np.ndarray) -> float:
        power = np.abs(np.fft.rfft(part)) ** 2
        return float(power[frequencies > 4000].sum() / power.sum())

    assert high(late) < high(early) / 10


@pytest.mark.parametrize("block", [1, 700, 5000, 40_000])
def test_block_by_block_it_is_one_convolution(block: int) -> None:
    rate = 8000
    count = block * max(3, 9000 // block) if block > 1 else 40
    sound = np.sin(np.arange(count) ** 1.3).astype(np.float32)
    room = Room(rate, block)
    heard = np.hstack(
        [room.answer(sound[start : start + block]) for start in range(0, count, block)]
    )
    for ear, response in enumerate(impulse_response(rate)):
        expected = np.convolve(sound, response)[:count]
        np.testing.assert_allclose(heard[ear], expected, atol=2e-5)
