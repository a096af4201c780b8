"""What a page needs to play a tune by itself: its notes in seconds, and the tones of a voice."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from heapq import merge
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from abcgen.api.tune import Tune
from abcgen.errors import UsageError

if TYPE_CHECKING:
    from abcgen.music.clock import Clock
    from abcgen.music.sounds import Sound
    from abcgen.music.synth.tones import Tones

#: The longest tone, in seconds, and what is added for its release.
MOST_SECONDS, RELEASE = 12.0, 0.4
_MOST_PITCHES = 128
_PLACES = 4  # of a time in seconds


class Schedule(NamedTuple):
    """A tune in seconds, at its own tempo.

    Attributes
    ----------
    qpm : float
        The tempo that it begins with, in quarter notes a minute.
    seconds : float
        How long it is.
    melody, chords : list of (float, float, int, float)
        Onset, length, MIDI note number and loudness (1 is the greatest) of what sounds. The melody
        has the other voices, too.
    notes : list of (float, float, int, int)
        Onset and length of each note and rest as it is written, its place in the text, and the
        place of its bar, counted from 0.
    beats : list of (float, bool)
        Onset of each beat, and whether it begins a bar.
    """

    qpm: float
    seconds: float
    melody: list[tuple[float, float, int, float]]
    chords: list[tuple[float, float, int, float]]
    notes: list[tuple[float, float, int, int]]
    beats: list[tuple[float, bool]]


def schedule_of(tune: Tune) -> Schedule:
    """Return when everything in a tune is played.

    Raises
    ------
    NotationError
        If the tune cannot be read.
    """
    from abcgen.music.performance import perform
    from abcgen.music.timeline import beats_of, moments_of

    performance = perform(tune._read)
    clock = performance.clock
    voices = [part.sounds for part in performance.voices] or [performance.melody]
    return Schedule(
        performance.qpm,
        clock.at(performance.duration),
        _sounds(merge(*voices, key=attrgetter("onset")), clock),
        _sounds(performance.chords, clock),
        [
            (
                round(clock.at(moment.onset), _PLACES),
                round(clock.lasting(moment.onset, moment.duration), _PLACES),
                moment.offset,
                moment.bar,
            )
            for moment in moments_of(tune._read)
        ],
        [(round(clock.at(onset), _PLACES), first) for onset, first in beats_of(performance.bars)],
    )


def _sounds(sounds: "Iterable[Sound]", clock: "Clock") -> list[tuple[float, float, int, float]]:
    from abcgen.music.synth.mixing import loudness

    return [
        (
            round(clock.at(sound.onset), _PLACES),
            round(clock.lasting(sound.onset, sound.duration), _PLACES),
            sound.pitch,
            round(float(loudness(sound.velocity)), _PLACES),
        )
        for sound in sounds
    ]


def tones(
    pitches: Sequence[int], *, instrument: str | int, seconds: float, rate: int = 22_050
) -> bytes:
    """Return tones of an instrument, one behind the other, as a WAV file with one channel.

    Parameters
    ----------
    pitches : sequence of int
        MIDI note numbers.
    instrument : str or int
        As in `Tune.wav`.
    seconds : float
        How long each is held; it has `RELEASE` seconds more to fade.
    rate : int
        Samples a second.

    Raises
    ------
    UsageError
        If there is no such instrument or pitch, or too many, or they are too long.
    """
    import io
    import wave

    import numpy as np

    from abcgen.music.instruments import program_of
    from abcgen.music.synth.voices import NEAREST

    if not 0 < len(pitches) <= _MOST_PITCHES or not all(0 <= one < 128 for one in pitches):
        raise UsageError(f"expected 1 to {_MOST_PITCHES} pitches, each 0 to 127")
    if not 0 < seconds <= MOST_SECONDS:
        raise UsageError(f"seconds must be above 0 and at most {MOST_SECONDS:g}, not {seconds:g}")
    voice, length = NEAREST[program_of(instrument)], round(seconds * rate)
    whole = np.zeros((len(pitches), length + round(RELEASE * rate)), np.float32)
    made = _tones_at(rate)
    for place, pitch in zip(whole, pitches, strict=True):
        stop = min(len(place), made.total(voice, pitch, length))
        place[:stop] = made.part(voice, pitch, length, 0, stop)
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(np.rint(whole.clip(-1, 1) * 32767).astype("<i2").tobytes())
    return file.getvalue()


@lru_cache(2)
def _tones_at(rate: int) -> "Tones":
    """Return the tones of all who play."""
    from abcgen.music.synth.tones import Tones

    return Tones(rate)
