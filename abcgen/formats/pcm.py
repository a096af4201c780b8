"""The sound of a tune as 16-bit samples: what WAV, MP3 and the loudspeakers are given."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Unpack

import numpy as np

from abcgen.errors import UsageError
from abcgen.music.accompaniment import AccompanimentOptions
from abcgen.music.performance import perform
from abcgen.music.synth.mixing import HIGHEST_RATE, LOWEST_RATE, RATE, length_of, sound_of
from abcgen.music.synth.spectrum import Samples
from abcgen.notation.tune import Tune
from abcgen.support import values

CHANNELS, SAMPLE_BYTES = 2, 2
_LOUDEST = 32767


class SoundOptions(AccompanimentOptions, total=False):
    """The keywords of `pcm_of` that all that makes sound takes."""

    qpm: float | None
    instrument: str | int | None
    swing: float | None
    soundfont: str | Path | None


class PcmOptions(SoundOptions, total=False):
    """All keywords of `pcm_of`."""

    rate: int | None


@dataclass(frozen=True, slots=True)
class Pcm:
    """Stereo sound, made block by block as it is taken.

    Attributes
    ----------
    rate : int
        Samples a second.
    count : int
        Samples of each channel, in all.
    blocks : iterator of bytes
        Left and right in turn, 16 bits each, the low byte first.
    """

    rate: int
    count: int
    blocks: Iterator[bytes]

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return self.count / self.rate


def pcm_of(
    tune: Tune,
    *,
    qpm: float | None = None,
    instrument: str | int | None = None,
    swing: float | None = None,
    rate: int | None = None,
    soundfont: str | Path | None = None,
    **accompaniment: Unpack[AccompanimentOptions],
) -> Pcm:
    """Return the sound of a tune.

    Parameters
    ----------
    tune : Tune
        Any tune that `abcgen.music.notes.music_of` understands.
    qpm, instrument, swing
        See `abcgen.music.performance.perform`. Each instrument is played by the nearest voice of
        `abcgen.music.synth.voices`.
    rate : int, optional
        Samples a second, 8000 to 96000; 44100 unless given.
    soundfont : str or Path, optional
        A sound font (SF2) that plays instead of abcgen's synthesizer; see
        `abcgen.formats.soundfont`. It has a rate of its own.
    **accompaniment
        See `abcgen.music.accompaniment.accompany`.

    Raises
    ------
    NotationError
        If the tune cannot be read.
    UsageError
        If an option is out of range or unknown, or two of them contradict each other.
    AbcgenError
        If the sound font cannot be used.
    """
    performance = perform(tune, qpm=qpm, instrument=instrument, swing=swing, **accompaniment)
    if soundfont is not None:
        from abcgen.formats.soundfont import sound_by_font

        if rate is not None:
            raise UsageError("a sound font has a rate of its own; leave out the rate")
        font = values.path("soundfont", soundfont, "the name of an SF2 file")
        return Pcm(*sound_by_font(performance, font))
    rate = RATE if rate is None else values.whole("rate", rate, LOWEST_RATE, HIGHEST_RATE)
    count = length_of(performance, rate=rate)
    return Pcm(rate, count, map(_as_bytes, sound_of(performance, rate=rate)))


def _as_bytes(block: Samples) -> bytes:
    return np.rint(block * _LOUDEST).astype("<i2").tobytes()
