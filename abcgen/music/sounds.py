"""What a tune is as it sounds: notes, chord symbols, bars, and how they are played."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from abcgen.notation.tune import Setting


@dataclass(frozen=True, slots=True)
class Ornament:
    """What is played on a note and before it. Times are in whole notes.

    Attributes
    ----------
    kind : str
        As in `abcgen.notation.timing.Event`.
    above, below : int
        MIDI note numbers of the neighbours in the key.
    unit : Fraction
        The unit note length.
    length : Fraction
        The duration of the note without the notes that are tied to it.
    grace : tuple of (int, Fraction)
        MIDI note number and duration of each grace note.
    delay : Fraction
        What the grace notes take of the note; in a group, all notes wait and one has them.
    """

    kind: str
    above: int
    below: int
    unit: Fraction
    length: Fraction
    grace: tuple[tuple[int, Fraction], ...] = ()
    delay: Fraction = Fraction(0)

    @property
    def strikes(self) -> bool:
        """Whether the note is struck, even if it is tied to the one before."""
        return bool(self.delay) or self.kind in ("roll", "trill")


class Note(NamedTuple):
    """One note as it sounds.

    Attributes
    ----------
    pitch : int
        MIDI note number, 60 for middle C.
    onset, duration : Fraction
        In whole notes, the onset from the start of the tune.
    ornament : Ornament, optional
        What `abcgen.music.ornaments.play_ornaments` plays on it; the times are without it.
    bend : Fraction
        By how many semitones a microtone sounds higher than `pitch`.
    """

    pitch: int
    onset: Fraction
    duration: Fraction
    ornament: Ornament | None = None
    bend: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Sound:
    """A note to play: MIDI note number, times in whole notes, velocity from 1 to 127.

    It sounds `bend` semitones higher than its number.
    """

    pitch: int
    onset: Fraction
    duration: Fraction
    velocity: int
    bend: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class ChordSymbol:
    """A chord symbol (its text without quotes) and its onset in whole notes."""

    text: str
    onset: Fraction


@dataclass(frozen=True, slots=True)
class Direction:
    """A field that says how to play on from its onset, in whole notes: ``Q`` or ``I``.

    The setting is needed to read it: an old Q: counts unit notes.
    """

    letter: str
    value: str
    onset: Fraction
    setting: Setting


@dataclass(frozen=True, slots=True)
class PlayedBar:
    """A bar as it is played: its onset and duration in whole notes, and its setting."""

    onset: Fraction
    duration: Fraction
    setting: Setting


@dataclass(slots=True)
class Music:
    """A tune as it sounds.

    Attributes
    ----------
    notes : list of Note
        In order of onset, then pitch.
    chords : list of ChordSymbol
        In order of onset.
    bars : list of PlayedBar
        In the order in which they are played.
    duration : Fraction
        In whole notes, including rests at the end.
    directions : list of Direction
        In order of onset. They count for nothing when music is compared.
    """

    notes: list[Note]
    chords: list[ChordSymbol]
    bars: list[PlayedBar]
    duration: Fraction
    directions: list[Direction] = field(default_factory=list, compare=False)
