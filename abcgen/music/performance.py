"""What is played when a tune is played: melody, accompaniment, tempo and instrument.

MIDI files and sound are both made of this, and so cannot differ in what they play.
"""

from dataclasses import dataclass
from fractions import Fraction

from abcgen.errors import UsageError
from abcgen.music.accompaniment import Sound, accompaniment
from abcgen.music.instruments import DEFAULT_INSTRUMENT, program_of
from abcgen.music.notes import PlayedBar, music_of
from abcgen.music.tempo import FASTEST, SLOWEST, tempo_of
from abcgen.notation.tune import Tune

MELODY_VELOCITY = 96  # 1 to 127
CHORDS_PROGRAM = 24  # nylon guitar, counted from 0: its notes fade by themselves
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
    """

    title: str
    qpm: float
    bars: list[PlayedBar]
    melody: list[Sound]
    chords: list[Sound]
    program: int

    @property
    def whole_note(self) -> float:
        """The duration of a whole note, in seconds."""
        return _WHOLE_NOTE / self.qpm

    @property
    def duration(self) -> Fraction:
        """The duration in whole notes, rests at the end included."""
        return self.bars[-1].onset + self.bars[-1].duration if self.bars else Fraction(0)


def perform(
    tune: Tune, *, qpm: float | None = None, instrument: str | int = DEFAULT_INSTRUMENT
) -> Performance:
    """Return what is played of a tune.

    Parameters
    ----------
    tune : Tune
        Any tune that `abcgen.music.notes.music_of` understands.
    qpm : float, optional
        Tempo in quarter notes a minute; else that of `abcgen.music.tempo.tempo_of`.
    instrument : str or int
        The instrument of the melody; see `abcgen.music.instruments.program_of`.

    Raises
    ------
    NotationError
        If the tune cannot be read.
    UsageError
        If the tempo or the instrument is out of range or unknown.
    """
    program = program_of(instrument)
    if qpm is None:
        qpm = tempo_of(tune)
    if not SLOWEST <= qpm <= FASTEST:
        raise UsageError(f"the tempo must be {SLOWEST:g} to {FASTEST:g} a minute, not {qpm:g}")
    music = music_of(tune)
    melody = [Sound(n.pitch, n.onset, n.duration, MELODY_VELOCITY) for n in music.notes]
    title = " ".join(tune.title.split()) or "Untitled"
    return Performance(title, qpm, music.bars, melody, list(accompaniment(music)), program)
