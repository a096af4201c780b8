"""A tune played at once: by sounddevice, or else by a program of the system."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Unpack

from abcgen.errors import AbcgenError
from abcgen.formats.pcm import CHANNELS, SAMPLE_BYTES, Pcm, SoundOptions, pcm_of
from abcgen.formats.wav import write_pcm
from abcgen.notation.tune import Tune
from abcgen.support.players import play_file

#: Bytes that are handed over at a time, a twentieth of a second: Ctrl-C is heard between two.
_PIECE = 2048 * CHANNELS * SAMPLE_BYTES


def play(tune: Tune, *, loop: bool = False, **options: Unpack[SoundOptions]) -> None:
    """Play a tune; return when it has ended. An exception, such as that of Ctrl-C, stops it.

    Parameters
    ----------
    tune : Tune
        Any tune that `abcgen.music.notes.music_of` understands.
    loop : bool
        Whether to play it again and again, until it is stopped.
    **options
        Those of `abcgen.formats.pcm.pcm_of`, without the rate.

    Raises
    ------
    NotationError, UsageError, AbcgenError
        As `pcm_of`; also if neither sounddevice nor a program can play here.

    Notes
    -----
    A program is given a temporary file, which is removed in the end.
    """

    def sound() -> Pcm:
        return pcm_of(tune, **options)

    pcm = sound()
    stream = _stream(pcm.rate)
    if isinstance(stream, str):
        _by_program(pcm, stream, loop)
    else:
        _by_sounddevice(stream, pcm, sound, loop)


def _stream(rate: int) -> Any:
    """Return an open stream of sounddevice, or why there is none."""
    try:
        import sounddevice
    except ImportError:
        return "sounddevice is not installed"
    except OSError:  # on Linux it does not bring the library that it speaks to
        return "sounddevice finds no PortAudio (libportaudio2)"
    try:
        return sounddevice.RawOutputStream(samplerate=rate, channels=CHANNELS, dtype="int16")
    except (sounddevice.PortAudioError, ValueError) as error:
        return f"sounddevice says: {error}"


def _by_sounddevice(stream: Any, pcm: Pcm, again: Callable[[], Pcm], loop: bool) -> None:
    from sounddevice import PortAudioError

    try:
        stream.start()
        for number in count():
            for block in (again() if number else pcm).blocks:
                for start in range(0, len(block), _PIECE):
                    stream.write(block[start : start + _PIECE])
            if not loop:
                break
        stream.stop()  # waits for what is still to be heard
    except PortAudioError as error:
        raise AbcgenError(f"the sound broke off; sounddevice says: {error}") from None
    finally:
        stream.close()  # does not wait


def _by_program(pcm: Pcm, why_not_sounddevice: str, loop: bool) -> None:
    with TemporaryDirectory(prefix="abcgen-") as folder:
        path = Path(folder, "tune.wav")
        with path.open("wb") as file:
            write_pcm(pcm, file)
        try:
            play_file(path)
            while loop:
                play_file(path)
        except AbcgenError as error:
            raise AbcgenError(
                f"no sound can be played here ({why_not_sounddevice}; {error}): "
                "pip install 'abcgen[sound]', or write a file for another player: "
                "python -m abcgen.render FILE --to wav"
            ) from None
