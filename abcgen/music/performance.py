"""What is played when a tune is played: melody with ornaments, accompaniment, tempo, instrument.

MIDI files and sound are both made of this, and so cannot differ in what they play.
"""

from collections.abc import Sequence
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
from abcgen.music.notes import Direction, Music, PlayedBar
from abcgen.music.ornaments import play_ornaments
from abcgen.music.sounds import Sound
from abcgen.music.swing import swung
from abcgen.music.tempo import FASTEST, SLOWEST, tempos_of
from abcgen.music.together import music_together
from abcgen.notation.tune import Tune
from abcgen.support import values

MELODY_VELOCITY, VOICE_VELOCITY = 96, 80  # of the melody and of the other voices, 1 to 127
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
        In order of onset, with the melody's overlays (``&``).
    accompaniment : list of Part
        None where the tune has no chord symbols and no drum was asked for.
    programs : sequence of (Fraction, int)
        Onset, and MIDI program of the melody from there on, counted from 0.
    transpositions : sequence of (Fraction, int)
        Onset, and the semitones by which it all sounds higher than the keys of `bars` from there
        on, or lower if negative.
    voices : sequence of Part
        The melody and the other voices, if there are any; else nothing.
    """

    title: str
    tempos: Steps[float]
    bars: list[PlayedBar]
    melody: list[Sound]
    accompaniment: list[Part]
    programs: Steps[int]
    transpositions: Steps[int] = ((_START, 0),)
    voices: Sequence[Part] = ()

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
    swing, **accompaniment
        See `abcgen.music.swing.swung`, and `abcgen.music.accompaniment.accompany`. Without a swing
        the eighths are even.

    Raises
    ------
    NotationError
        If the tune cannot be read, or is transposed beyond what MIDI can play.
    UsageError
        If the tempo, an instrument, the swing or the accompaniment is out of range or unknown.
    """
    qpm = None if qpm is None else _checked(qpm)
    voices = [
        (voice, music if swing is None else [swung(one, swing) for one in music])
        for voice, music in music_together(tune, ornaments=True)
    ]
    music = voices[0][1][0]
    directions = music.directions
    programs = _melody_programs(tune, directions, instrument)
    transpositions = steps_of(tune, directions, read_transposition, 0)
    # Chord symbols may stand in another voice than the melody.
    named = next((lines[0] for _, lines in voices if lines[0].chords), music)
    accompanying = accompany(tune, named, swing=swing, **accompaniment)
    parts = _parts(voices, programs)
    return Performance(
        " ".join(tune.title.split()) or "Untitled",
        tempos_of(tune, directions, qpm),
        music.bars,
        parts[0].sounds,
        [_transposed_part(part, transpositions) for part in accompanying],
        programs,
        transpositions,
        parts if parts[1:] else (),
    )


def _checked(qpm: float) -> float:
    """Return a tempo; refuse one that is out of range."""
    qpm = values.number("qpm", qpm)
    if not SLOWEST <= qpm <= FASTEST:
        raise UsageError(
            f"the tempo must be {SLOWEST:g} to {FASTEST:g} quarter notes a minute, not {qpm:g}"
        )
    return qpm


def _parts(voices: Sequence[tuple[Tune, list[Music]]], melody: Steps[int]) -> list[Part]:
    """Return voices as they are played, the first by the programs of the melody."""
    parts: list[Part] = []
    for voice, lines in voices:
        programs, velocity = melody, MELODY_VELOCITY
        if parts:
            programs = steps_of(voice, lines[0].directions, read_program, melody[0][1])
            velocity = VOICE_VELOCITY
        parts.append(_part(voice, lines, programs, velocity))
    return parts


def _part(voice: Tune, lines: Sequence[Music], programs: Steps[int], velocity: int) -> Part:
    """Return a voice as it is played, with its overlays."""
    notes = [note for music in lines for note in play_ornaments(music.notes)]
    if len(lines) > 1:
        notes.sort(key=lambda note: (note.onset, note.pitch))
    sounds = [Sound(n.pitch, n.onset, n.duration, velocity, n.bend) for n in notes]
    transpositions = steps_of(voice, lines[0].directions, read_transposition, 0)
    name = voice.voice.title or voice.voice.name
    return Part(
        f"Voice {name}" if name.isdecimal() else name,
        programs,
        _transposed(sounds, transpositions),
    )


def melody_program(tune: Tune, instrument: str | int | None = None) -> int:
    """Return the MIDI program, counted from 0, that the melody begins with; see `perform`."""
    return _melody_programs(tune, (), instrument)[0][1]


def _melody_programs(
    tune: Tune, directions: Sequence[Direction], instrument: str | int | None
) -> Steps[int]:
    """Return the onsets and programs of the melody: the one asked for, or the tune's own."""
    program = program_of(DEFAULT_INSTRUMENT if instrument is None else instrument)
    if instrument is not None:
        return [(_START, program)]
    return steps_of(tune, directions, read_program, program)


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
