"""What is played when a tune is played: melody with ornaments, accompaniment, tempo, instrument.

MIDI files and sound are both made of this, and so cannot differ in what they play.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from operator import attrgetter
from typing import Unpack

from abcgen.errors import NotationError, UsageError
from abcgen.music.accompaniment import AccompanimentOptions, accompany
from abcgen.music.accompaniment.parts import Part
from abcgen.music.clock import Clock
from abcgen.music.directives import (
    Steps,
    read_program,
    read_transposition,
    step_at,
    steps_of,
)
from abcgen.music.instruments import DEFAULT_INSTRUMENT, program_of
from abcgen.music.notes import PlayedBar, music_of
from abcgen.music.ornaments import play_ornaments
from abcgen.music.sounds import Sound
from abcgen.music.swing import swung
from abcgen.music.tempo import FASTEST, SLOWEST, tempos_of
from abcgen.notation.tune import Tune

MELODY_VELOCITY = 96  # 1 to 127
_HIGHEST = 127  # MIDI note number
_START = Fraction(0)


@dataclass(frozen=True, slots=True)
class Performance:
    """A tune as it is played. Onsets are in whole notes; what holds from 0 on comes first.

    Attributes
    ----------
    title : str
        On one line; ``Untitled`` where the tune has none.
    tempos : sequence of (Fraction, float)
        Onset, and tempo from there on in quarter notes a minute.
    bars : list of PlayedBar
        In the order in which they are played.
    melody : list of Sound
        In order of onset.
    accompaniment : list of Part
        None where the tune has no chord symbols and no drum was asked for.
    programs : sequence of (Fraction, int)
        Onset, and MIDI program of the melody from there on, counted from 0.
    transpositions : sequence of (Fraction, int)
        Onset, and the semitones by which it all sounds higher than the keys of `bars` from there
        on, or lower if negative.
    """

    title: str
    tempos: Steps[float]
    bars: list[PlayedBar]
    melody: list[Sound]
    accompaniment: list[Part]
    programs: Steps[int]
    transpositions: Steps[int] = ((_START, 0),)

    @property
    def qpm(self) -> float:
        """The tempo to begin with, in quarter notes a minute."""
        return self.tempos[0][1]

    @property
    def program(self) -> int:
        """The MIDI program that the melody begins with, counted from 0."""
        return self.programs[0][1]

    @property
    def chords(self) -> list[Sound]:
        """What is played of the chord symbols, in order of onset."""
        sounds = [sound for part in self.accompaniment if not part.drums for sound in part.sounds]
        return sorted(sounds, key=attrgetter("onset"))

    @property
    def clock(self) -> Clock:
        """What turns its times into seconds."""
        return Clock(self.tempos)

    @property
    def duration(self) -> Fraction:
        """The duration in whole notes, rests at the end included."""
        return self.bars[-1].onset + self.bars[-1].duration if self.bars else Fraction(0)


def perform(
    tune: Tune,
    *,
    qpm: float | None = None,
    instrument: str | int | None = None,
    swing: float | None = None,
    **accompaniment: Unpack[AccompanimentOptions],
) -> Performance:
    """Return what is played of a tune.

    Grace notes, rolls, trills and staccato dots sound, tempos change where a Q: stands, and
    ``%%MIDI`` counts as far as `abcgen.music.directives` reads it.

    Parameters
    ----------
    tune : Tune
        Any tune that `abcgen.music.notes.music_of` understands.
    qpm : float, optional
        Tempo to begin with, in quarter notes a minute; later tempos are changed as much. Without
        it the tempos are those of `abcgen.music.tempo.tempos_of`.
    instrument : str or int, optional
        The instrument of the whole melody, see `abcgen.music.instruments.program_of`; else those
        of the tune's ``%%MIDI program``, or a violin.
    swing : float, optional
        See `abcgen.music.swing.swung`; without it the eighths are even.
    **accompaniment
        See `abcgen.music.accompaniment.accompany`.

    Raises
    ------
    NotationError
        If the tune cannot be read, or is transposed beyond what MIDI can play.
    UsageError
        If the tempo, an instrument, the swing or the accompaniment is out of range or unknown.
    """
    program = program_of(DEFAULT_INSTRUMENT if instrument is None else instrument)
    if qpm is not None and not SLOWEST <= qpm <= FASTEST:
        raise UsageError(f"the tempo must be {SLOWEST:g} to {FASTEST:g} a minute, not {qpm:g}")
    music = music_of(tune, ornaments=True)
    if swing is not None:
        music = swung(music, swing)
    directions = music.directions
    notes = play_ornaments(music.notes)
    melody = [Sound(n.pitch, n.onset, n.duration, MELODY_VELOCITY) for n in notes]
    parts = accompany(tune, music, swing=swing, **accompaniment)
    transpositions = steps_of(tune, directions, read_transposition, 0)
    programs = [(_START, program)]
    if instrument is None:
        programs = steps_of(tune, directions, read_program, program)
    return Performance(
        " ".join(tune.title.split()) or "Untitled",
        tempos_of(tune, directions, qpm),
        music.bars,
        _transposed(melody, transpositions),
        [_transposed_part(part, transpositions) for part in parts],
        programs,
        transpositions,
    )


def melody_program(tune: Tune, instrument: str | int | None = None) -> int:
    """Return the MIDI program, counted from 0, that the melody begins with; see `perform`."""
    program = program_of(DEFAULT_INSTRUMENT if instrument is None else instrument)
    if instrument is not None:
        return program
    return steps_of(tune, (), read_program, program)[0][1]


def _transposed_part(part: Part, transpositions: Steps[int]) -> Part:
    """Return a part as high as is said; a drum has no pitch."""
    return part if part.drums else replace(part, sounds=_transposed(part.sounds, transpositions))


def _transposed(sounds: list[Sound], transpositions: Steps[int]) -> list[Sound]:
    """Return sounds as many semitones higher, or lower if negative, as is said for their onset."""
    if not any(semitones for _, semitones in transpositions):
        return sounds
    moved = []
    for sound in sounds:
        semitones = step_at(transpositions, sound.onset)
        if not 0 <= sound.pitch + semitones <= _HIGHEST:
            raise NotationError(
                f"%%MIDI transpose {semitones} takes a note outside of what MIDI can play"
            )
        moved.append(replace(sound, pitch=sound.pitch + semitones))
    return moved
