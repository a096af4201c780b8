"""What is played when a tune is played: melody with ornaments, accompaniment, tempo, instrument.

MIDI files and sound are both made of this, and so cannot differ in what they play.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

from abcgen.errors import NotationError, UsageError
from abcgen.music.accompaniment import Sound, accompaniment
from abcgen.music.directives import program_in, transposition_in
from abcgen.music.instruments import DEFAULT_INSTRUMENT, program_of
from abcgen.music.notes import PlayedBar, music_of
from abcgen.music.ornaments import play_ornaments
from abcgen.music.swing import swung
from abcgen.music.tempo import FASTEST, SLOWEST, tempo_of
from abcgen.notation.tune import Tune

MELODY_VELOCITY = 96  # 1 to 127
CHORDS_PROGRAM = 24  # nylon guitar, counted from 0: its notes fade by themselves
_HIGHEST = 127  # MIDI note number
_WHOLE_NOTE = 4 * 60  # quarter notes of a whole note, times seconds of a minute


@dataclass(frozen=True, slots=True)
class Performance:
    """A tune as it is played.

    Attributes
    ----------
    title : str
        On one line; ``Untitled`` where the tune has none.
    qpm : float
        Tempo in quarter notes a minute.
    bars : list of PlayedBar
        In the order in which they are played.
    melody, chords : list of Sound
        In order of onset; `chords` is empty where the tune has no chord symbols.
    program : int
        MIDI program of the melody, counted from 0. That of the chords is `CHORDS_PROGRAM`.
    transposition : int
        The semitones by which it all sounds higher than the keys of `bars`, or lower if negative.
    """

    title: str
    qpm: float
    bars: list[PlayedBar]
    melody: list[Sound]
    chords: list[Sound]
    program: int
    transposition: int = 0

    @property
    def whole_note(self) -> float:
        """The duration of a whole note, in seconds."""
        return _WHOLE_NOTE / self.qpm

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
) -> Performance:
    """Return what is played of a tune.

    Grace notes, rolls, trills and staccato dots sound, and ``%%MIDI transpose`` counts.

    Parameters
    ----------
    tune : Tune
        Any tune that `abcgen.music.notes.music_of` understands.
    qpm : float, optional
        Tempo in quarter notes a minute; else that of `abcgen.music.tempo.tempo_of`.
    instrument : str or int, optional
        The instrument of the melody, see `abcgen.music.instruments.program_of`; else that of the
        tune's ``%%MIDI program``, or a violin.
    swing : float, optional
        See `abcgen.music.swing.swung`; without it the eighths are even.

    Raises
    ------
    NotationError
        If the tune cannot be read, or is transposed beyond what MIDI can play.
    UsageError
        If the tempo, the instrument or the swing is out of range or unknown.
    """
    program = melody_program(tune, instrument)
    if qpm is None:
        qpm = tempo_of(tune)
    if not SLOWEST <= qpm <= FASTEST:
        raise UsageError(f"the tempo must be {SLOWEST:g} to {FASTEST:g} a minute, not {qpm:g}")
    music = music_of(tune, ornaments=True)
    if swing is not None:
        music = swung(music, swing)
    notes = play_ornaments(music.notes)
    melody = [Sound(n.pitch, n.onset, n.duration, MELODY_VELOCITY) for n in notes]
    semitones = transposition_in(tune)
    melody, chords = (
        _transposed(sounds, semitones) for sounds in (melody, list(accompaniment(music)))
    )
    title = " ".join(tune.title.split()) or "Untitled"
    return Performance(title, qpm, music.bars, melody, chords, program, semitones)


def melody_program(tune: Tune, instrument: str | int | None = None) -> int:
    """Return the MIDI program, counted from 0, that plays the melody; see `perform`."""
    own = program_in(tune)
    if instrument is None and own is not None:
        return own
    return program_of(DEFAULT_INSTRUMENT if instrument is None else instrument)


def _transposed(sounds: list[Sound], semitones: int) -> list[Sound]:
    """Return sounds so many semitones higher, or lower if negative."""
    if not semitones:
        return sounds
    for sound in sounds:
        if not 0 <= sound.pitch + semitones <= _HIGHEST:
            raise NotationError(
                f"%%MIDI transpose {semitones} takes a note outside of what MIDI can play"
            )
    return [replace(sound, pitch=sound.pitch + semitones) for sound in sounds]
