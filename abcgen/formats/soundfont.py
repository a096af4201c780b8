"""The sound of a tune by a sound font (SF2) of the user, through midirenderer.

midirenderer gives all samples at once, so a tune may not take longer than `MOST_SECONDS`.
"""

import io
import wave
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from abcgen.errors import AbcgenError, UsageError
from abcgen.formats.midi import midi_of, midi_of_performance
from abcgen.music.performance import Performance
from abcgen.notation.tune import read_tune
from abcgen.support.extras import needed

MOST_SECONDS = 30 * 60  # a second takes up to 1 MB of memory
_BLOCK = 1 << 15  # samples
_A_NOTE = "X:1\nL:1/8\nK:C\nC|\n"


def check_soundfont(path: Path) -> None:
    """Raise unless a sound font can be used, before any work is done with it.

    Raises
    ------
    AbcgenError
        If midirenderer is missing, or the file cannot be read or is no SF2 file.
    """
    _play(midi_of(read_tune(_A_NOTE)), path)


def sound_by_font(performance: Performance, path: Path) -> tuple[int, int, Iterator[bytes]]:
    """Return rate, number of samples, and the samples in blocks, as `abcgen.formats.pcm.Pcm`.

    Parameters
    ----------
    performance : Performance
    path : Path
        The sound font.

    Raises
    ------
    UsageError
        If the tune takes longer than half an hour.
    AbcgenError
        As `check_soundfont`.
    """
    seconds = performance.clock.at(performance.duration)
    if seconds > MOST_SECONDS:
        raise UsageError(
            f"the tune takes {seconds / 60:.0f} minutes, and a sound font plays at most "
            f"{MOST_SECONDS // 60}; choose a faster tempo, or leave out the sound font"
        )
    data = _play(midi_of_performance(performance), path)
    with wave.open(io.BytesIO(data)) as file:
        return file.getframerate(), file.getnframes(), _blocks(data)


def _blocks(data: bytes) -> Iterator[bytes]:
    with wave.open(io.BytesIO(data)) as file:
        while block := file.readframes(_BLOCK):
            yield block


def _play(midi: bytes, path: Path) -> bytes:
    """Return a MIDI file as the bytes of a WAV file: 16 bit, stereo."""
    midirenderer = needed("midirenderer", "soundfont", "a sound font")
    try:
        return bytes(midirenderer.render_wave_from(_read(path), midi))
    except (RuntimeError, ValueError) as error:
        raise AbcgenError(
            f"{path} is not a sound font that can be used ({error}); expected an SF2 file"
        ) from None


@lru_cache(1)
def _read(path: Path) -> bytes:
    """Return the bytes of a sound font; a book is played by the same one."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise AbcgenError(
            f"the sound font {path} cannot be read: {error.strerror or error}"
        ) from None
