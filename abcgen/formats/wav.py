"""A tune as a WAV file: 16 bit, stereo, made by `abcgen.music.synth`."""

import io
import wave
from typing import IO

import numpy as np

from abcgen.errors import UsageError
from abcgen.music.performance import perform
from abcgen.music.synth.mixing import RATE, length_of, sound_of
from abcgen.notation.tune import Tune

_CHANNELS, _BYTES = 2, 2  # of a sample: 16 bit
_LOUDEST = 32767
_LARGEST = 2**32 - 64  # bytes that the four of a size in the file can count, less the header


def wav_of(
    tune: Tune,
    *,
    qpm: float | None = None,
    instrument: str | int | None = None,
    rate: int = RATE,
) -> bytes:
    """Return a tune as the bytes of a WAV file; see `write_wav`."""
    file = io.BytesIO()
    write_wav(tune, file, qpm=qpm, instrument=instrument, rate=rate)
    return file.getvalue()


def write_wav(
    tune: Tune,
    file: IO[bytes],
    *,
    qpm: float | None = None,
    instrument: str | int | None = None,
    rate: int = RATE,
) -> None:
    """Write a tune as a WAV file, block by block, however long it is.

    Parameters
    ----------
    tune : Tune
        Any tune that `abcgen.music.notes.music_of` understands.
    file : file
        Open for bytes; it may be a pipe. It stays open.
    qpm, instrument
        See `abcgen.music.performance.perform`. The instrument is played by the nearest voice of
        `abcgen.music.synth.voices`, chord symbols by a guitar.
    rate : int
        Samples a second, 8000 to 96000.

    Raises
    ------
    NotationError
        If the tune cannot be read.
    UsageError
        If tempo, instrument or rate are out of range or unknown, or the tune is too long for a
        WAV file, which can hold 6 hours at 44100 samples a second. Nothing is written then.
    """
    performance = perform(tune, qpm=qpm, instrument=instrument)
    count = length_of(performance, rate=rate)
    if count * _CHANNELS * _BYTES > _LARGEST:
        most = _LARGEST // (_CHANNELS * _BYTES * rate) / 3600
        raise UsageError(
            f"the tune takes {count / rate / 3600:.1f} hours, and a WAV file of this rate holds "
            f"{most:.1f}; choose a faster tempo or a lower rate"
        )
    with wave.open(file, "wb") as out:
        out.setnchannels(_CHANNELS)
        out.setsampwidth(_BYTES)
        out.setframerate(rate)
        out.setnframes(count)  # known beforehand, so that a pipe need not be wound back
        for block in sound_of(performance, rate=rate):
            out.writeframesraw(np.rint(block * _LOUDEST).astype("<i2").tobytes())
