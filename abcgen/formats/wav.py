"""A tune as a WAV file: 16 bit, stereo."""

import io
import wave
from typing import IO, Unpack

from abcgen.errors import UsageError
from abcgen.formats.pcm import CHANNELS, SAMPLE_BYTES, Pcm, PcmOptions, pcm_of
from abcgen.notation.tune import Tune

_LARGEST = 2**32 - 64  # bytes that the four of a size in the file can count, less the header


def wav_of(tune: Tune, **options: Unpack[PcmOptions]) -> bytes:
    """Return a tune as the bytes of a WAV file; see `write_wav`."""
    file = io.BytesIO()
    write_wav(tune, file, **options)
    return file.getvalue()


def write_wav(tune: Tune, file: IO[bytes], **options: Unpack[PcmOptions]) -> None:
    """Write a tune as a WAV file, block by block, however long it is.

    Parameters
    ----------
    tune : Tune
        Any tune that `abcgen.music.notes.music_of` understands.
    file : file
        Open for bytes; it may be a pipe. It stays open.
    **options
        Those of `abcgen.formats.pcm.pcm_of`.

    Raises
    ------
    NotationError, AbcgenError
        As `pcm_of`.
    UsageError
        As `pcm_of`, or if the tune is too long for a WAV file, which can hold 6 hours at 44100
        samples a second. Nothing is written then.
    """
    write_pcm(pcm_of(tune, **options), file)


def write_pcm(pcm: Pcm, file: IO[bytes]) -> None:
    """Write sound as a WAV file; see `write_wav`."""
    frame = CHANNELS * SAMPLE_BYTES
    if pcm.count * frame > _LARGEST:
        most = _LARGEST // (frame * pcm.rate) / 3600
        raise UsageError(
            f"the tune takes {pcm.seconds / 3600:.1f} hours, and a WAV file of this rate holds "
            f"{most:.1f}; choose a faster tempo or a lower rate"
        )
    with wave.open(file, "wb") as out:
        out.setnchannels(CHANNELS)
        out.setsampwidth(SAMPLE_BYTES)
        out.setframerate(pcm.rate)
        out.setnframes(pcm.count)  # known beforehand, so that a pipe need not be wound back
        for block in pcm.blocks:
            out.writeframesraw(block)
