"""The notes of a tune as it sounds: pitches, onsets and durations, with repeats and endings played.

Near-duplicates are found by these notes, and MIDI files are made from them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from abcgen.errors import NotationError
from abcgen.notation.form import Bar, read_sections
from abcgen.notation.keys import SEMITONES, signature
from abcgen.notation.timing import bar_events
from abcgen.notation.tokens import Pitch
from abcgen.notation.tune import Setting, Tune, read_meter

_MIDDLE_C = 60  # MIDI note number of the pitch written C
_OCTAVE = 12  # semitones
_HIGHEST = 127  # MIDI note number
_ALTERATIONS = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}


@dataclass(frozen=True, slots=True)
class Note:
    """One note as it sounds.

    Attributes
    ----------
    pitch : int
        MIDI note number, 60 for middle C.
    onset, duration : Fraction
        In whole notes, the onset from the start of the tune.
    """

    pitch: int
    onset: Fraction
    duration: Fraction


@dataclass(frozen=True, slots=True)
class ChordSymbol:
    """A chord symbol (its text without quotes) and its onset in whole notes."""

    text: str
    onset: Fraction


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
    """

    notes: list[Note]
    chords: list[ChordSymbol]
    bars: list[PlayedBar]
    duration: Fraction


def music_of(tune: Tune) -> Music:
    """Return the music of a tune, repeats and endings played, ties joined.

    Raises
    ------
    NotationError
        If the tune holds something that abcgen does not understand; the message is the reason.
    """
    return music_of_bars(bar for section in read_sections(tune) for bar in section.played())


def music_of_bars(bars: Iterable[Bar]) -> Music:
    """Return the music of bars, one played after the other, ties joined; see `music_of`."""
    player = _Player()
    for bar in bars:
        player.play(bar)
    player.notes.sort(key=lambda note: (note.onset, note.pitch))
    return Music(player.notes, player.chords, player.bars, player.now)


@dataclass(frozen=True, slots=True)
class _Tied:
    """A note whose tie is open: its index, its pitch, and when it ends."""

    index: int
    pitch: int
    end: Fraction


class _Player:
    """Plays bars one after the other and keeps what sounds."""

    def __init__(self) -> None:
        self.now = Fraction(0)
        self.notes: list[Note] = []
        self.chords: list[ChordSymbol] = []
        self.bars: list[PlayedBar] = []
        self.tied: dict[tuple[str, int], _Tied] = {}  # by letter and octave

    def play(self, bar: Bar) -> None:
        begin = self.now
        unit, meter = bar.setting.unit, bar.setting.meter
        key = signature(bar.setting.key)
        altered: dict[tuple[str, int], int] = {}  # accidentals hold until the bar line
        for event in bar_events(bar):
            if event.chord is not None:
                self.chords.append(ChordSymbol(event.chord, self.now))
            # Most events are one note as long as the event; sums of fractions are slow.
            whole = event.length * unit
            for pitch, length, tie in event.pitches:
                duration = whole if length is event.length else length * unit
                self._sound(pitch, duration, tie, key, altered)
            self.now += whole
            if event.rest_bars:
                self.now += event.rest_bars * read_meter(meter)
        self.bars.append(PlayedBar(begin, self.now - begin, bar.setting))

    def _sound(
        self,
        pitch: Pitch,
        duration: Fraction,
        tie: bool,
        key: dict[str, int],
        altered: dict[tuple[str, int], int],
    ) -> None:
        letter = pitch.letter.upper()
        octave = pitch.letter.islower() + pitch.octave.count("'") - pitch.octave.count(",")
        place = (letter, octave)
        natural = _MIDDLE_C + SEMITONES[letter] + _OCTAVE * octave
        waiting = self.tied.pop(place, None)
        if waiting is not None and waiting.end != self.now:
            waiting = None
        if pitch.accidental:
            altered[place] = _ALTERATIONS[pitch.accidental]
            number = natural + altered[place]
        elif waiting is not None:
            number = waiting.pitch  # a tie keeps the accidental across a bar line
        else:
            number = natural + altered.get(place, key.get(letter, 0))
        if not 0 <= number <= _HIGHEST:
            raise NotationError(f"the note {pitch} is outside of what MIDI can play")
        if waiting is not None and waiting.pitch == number:
            index = waiting.index
            first = self.notes[index]
            self.notes[index] = Note(number, first.onset, first.duration + duration)
        else:
            index = len(self.notes)
            self.notes.append(Note(number, self.now, duration))
        if tie:
            self.tied[place] = _Tied(index, number, self.now + duration)
