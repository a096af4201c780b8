"""A tune as an MP3 file, by lameenc."""

import io
from typing import IO, Unpack

from abcgen.formats.pcm import CHANNELS, SoundOptions, pcm_of
from abcgen.notation.tune import Tune
from abcgen.support.extras import needed

_KILOBITS = 128  # a second
_QUALITY = 5  # of the search for the best coding: 0 is the slowest, 9 the fastest


def mp3_of(tune: Tune, **options: Unpack[SoundOptions]) -> bytes:
    """Return a tune as the bytes of an MP3 file; see `write_mp3`."""
    file = io.BytesIO()
    write_mp3(tune, file, **options)
    return file.getvalue()


def write_mp3(tune: Tune, file: IO[bytes], **options: Unpack[SoundOptions]) -> None:
    """Write a tune as an MP3 file, stereo, 128 kbit a second, block by block.

    Parameters
    ----------
    tune : Tune
        Any tune that `abcgen.music.notes.music_of` understands.
    file : file
        Open for bytes. It stays open.
    **options
        Those of `abcgen.formats.pcm.pcm_of`, without the rate.

    Raises
    ------
    NotationError, UsageError, AbcgenError
        As `pcm_of`; also if lameenc is missing. Nothing is written then.
    """
    lameenc = needed("lameenc", "mp3", "MP3")
    pcm = pcm_of(tune, **options)
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(CHANNELS)
    encoder.set_in_sample_rate(pcm.rate)
    encoder.set_bit_rate(_KILOBITS)
    encoder.set_quality(_QUALITY)
    for block in pcm.blocks:
        file.write(encoder.encode(block))
    file.write(encoder.flush())
