import io
import wave

import numpy as np
import pytest

from abcgen.errors import NotationError, UsageError
from abcgen.formats.wav import wav_of, write_wav
from abcgen.music.performance import perform
from abcgen.music.synth.mixing import length_of, sound_of
from abcgen.notation.tune import Tune, read_tune
from tests.tunes import SPELLED

TUNE = read_tune(SPELLED)


def read(data: bytes) -> tuple[wave._wave_params, np.ndarray]:
    with wave.open(io.BytesIO(data)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
        return file.getparams(), samples


def slow(body: str) -> Tune:
    return read_tune(f"X:1\nM:4/4\nL:1/1\nQ:1/4=4\nK:C\n{body}\n")


class Pipe(io.RawIOBase):
    """Takes bytes and cannot be wound back."""

    def __init__(self) -> None:
        self.taken = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:
        self.taken += data
        return len(data)


@pytest.mark.parametrize("rate", [22050, 44100])
def test_it_holds_the_sound_in_16_bits(rate: int) -> None:
    params, samples = read(wav_of(TUNE, instrument="flute", rate=rate))
    played = perform(TUNE, instrument="flute")
    assert (params.nchannels, params.sampwidth, params.framerate) == (2, 2, rate)
    assert params.nframes == len(samples) == length_of(played, rate=rate)
    sound = np.concatenate(list(sound_of(played, rate=rate)))
    assert np.abs(samples / 32767 - sound).max() <= 0.51 / 32767
    assert not np.any(samples[-1])


def test_the_same_bytes_every_time_and_other_bytes_for_another_wish() -> None:
    files = [wav_of(TUNE, **wish) for wish in ({}, {}, {"qpm": 150}, {"instrument": "harp"})]
    assert files[0] == files[1]
    assert len(set(files)) == 3


def test_it_can_be_written_into_a_pipe_and_the_file_stays_open() -> None:
    pipe = Pipe()
    write_wav(TUNE, pipe)
    assert not pipe.closed
    assert bytes(pipe.taken) == wav_of(TUNE)


def test_what_cannot_be_played_writes_nothing() -> None:
    with pytest.raises(NotationError, match="it has no notes"):
        wav_of(read_tune("X:1\nK:C\n|]\n"))
    with pytest.raises(NotationError):
        wav_of(read_tune("X:1\nK:C\nC/0B\n"))
    for wish in ({"qpm": 1}, {"instrument": "kazoo"}, {"rate": 4000}):
        with pytest.raises(UsageError):
            wav_of(TUNE, **wish)
    pipe = Pipe()
    expected = r"takes 8\.3 hours, and a WAV file of this rate holds 6\.8; choose a faster tempo"
    with pytest.raises(UsageError, match=expected):
        write_wav(slow("|".join(["C"] * 500)), pipe)
    assert not pipe.taken
