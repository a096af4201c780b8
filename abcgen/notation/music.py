"""The notes that a tune sounds: pitches, onsets and durations, repeats and endings played.

This is the tune as a player hears it. Near-duplicates are found by it, and MIDI is made of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from abcgen.errors import NotationError
from abcgen.notation.form import Bar, Section, read_sections
from abcgen.notation.keys import signature, spell_key
from abcgen.notation.tokens import Pitch, read_group, read_note, read_tuplet
from abcgen.notation.tune import Tune, default_unit, is_compound, read_meter, read_unit

_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_MIDDLE_C = 60  # MIDI note number of the pitch written C
_OCTAVE = 12  # semitones
_ALTERATIONS = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}
#: How long a multi-bar rest may be, in bars; more is a slip of the pen.
_MAX_REST_BARS = 64


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
    """A chord symbol (its text without quotes) and when it stands, in whole notes."""

    text: str
    onset: Fraction


@dataclass(slots=True)
class Music:
    """A tune as it sounds: its notes in order of onset, its chord symbols, and its length.

    ``duration`` is in whole notes, rests at the end included.
    """

    notes: list[Note]
    chords: list[ChordSymbol]
    duration: Fraction


@dataclass(slots=True)
class _Setting:
    """What the fields say at a place: metre, unit note length, the key's alterations."""

    meter: str
    unit: Fraction
    key: dict[str, int]


def music_of(tune: Tune) -> Music:
    """Return the music of a tune, repeats and endings played, ties joined.

    Raises
    ------
    NotationError
        If the tune holds what abcgen does not understand; the message is the reason.
    """
    sections = read_sections(tune.body)
    player = _Player(setting_of(tune))
    for section in sections:
        player.play(section)
    return player.finish()


def setting_of(tune: Tune) -> _Setting:
    """Return what the header says of metre, unit note length and key."""
    meter = (tune.field("M") or "4/4").strip()
    unit_text = tune.field("L")
    unit = read_unit(unit_text) if unit_text else default_unit(read_meter(meter))
    return _Setting(meter, unit, signature(spell_key(tune.field("K") or "C")))


class _Player:
    """Plays bars one after the other and writes down what sounds."""

    def __init__(self, setting: _Setting) -> None:
        self.setting = setting
        self.now = Fraction(0)
        self.notes: list[Note] = []
        self.chords: list[ChordSymbol] = []
        # Index into `notes` of those whose tie waits for the same pitch at the time given.
        self.tied: dict[int, tuple[int, Fraction]] = {}

    def play(self, section: Section) -> None:
        for bar in section.played():
            self._play_bar(bar)

    def finish(self) -> Music:
        self.notes.sort(key=lambda note: (note.onset, note.pitch))
        return Music(self.notes, self.chords, self.now)

    def _play_bar(self, bar: Bar) -> None:
        for letter, value in bar.fields:
            self._change(letter, value)
        altered: dict[tuple[str, str], int] = {}  # accidentals hold until the bar line
        compound = is_compound(self.setting.meter)
        for event in bar_events(bar, compound):
            length = event.length * self.setting.unit
            if event.chord is not None:
                self.chords.append(ChordSymbol(event.chord, self.now))
            elif event.rest_bars:
                self.now += event.rest_bars * read_meter(self.setting.meter)
            else:
                for pitch, own_length, tie in event.pitches:
                    number = self._sounding(pitch, altered)
                    self._sound(number, own_length * self.setting.unit, tie)
                self.now += length

    def _change(self, letter: str, value: str) -> None:
        if letter == "K":
            self.setting.key = signature(spell_key(value))
        elif letter == "L":
            self.setting.unit = read_unit(value)
        else:
            read_meter(value)
            self.setting.meter = value

    def _sounding(self, pitch: Pitch, altered: dict[tuple[str, str], int]) -> int:
        """Return the MIDI note number of a written pitch and note its accidental."""
        letter = pitch.letter.upper()
        octave = (pitch.letter.islower()) + pitch.octave.count("'") - pitch.octave.count(",")
        place = (letter, str(octave))
        if pitch.accidental:
            altered[place] = _ALTERATIONS[pitch.accidental]
        alteration = altered.get(place, self.setting.key.get(letter, 0))
        number = _MIDDLE_C + _SEMITONES[letter] + _OCTAVE * octave + alteration
        if not 0 <= number <= 127:
            raise NotationError(f"the note {pitch} is outside of what MIDI can play")
        return number

    def _sound(self, number: int, duration: Fraction, tie: bool) -> None:
        index, end = self.tied.pop(number, (-1, Fraction(-1)))
        if index >= 0 and end == self.now:
            first = self.notes[index]
            self.notes[index] = Note(number, first.onset, first.duration + duration)
        else:
            index = len(self.notes)
            self.notes.append(Note(number, self.now, duration))
        if tie:
            self.tied[number] = (index, self.now + duration)


@dataclass(slots=True)
class Event:
    """Something in a bar that takes time, or a chord symbol.

    ``length`` is in unit note lengths, with tuplets and broken rhythm applied. ``pitches`` holds
    (pitch, length, tied) for each note that sounds; none for a rest. ``written`` is the length
    as it is written, before tuplets and broken rhythm.
    """

    length: Fraction
    written: Fraction
    pitches: list[tuple[Pitch, Fraction, bool]]
    chord: str | None = None
    rest_bars: int = 0


def bar_events(bar: Bar, compound: bool) -> Iterator[Event]:
    """Yield what happens in a bar, in order.

    Raises
    ------
    NotationError
        If a tuplet or a broken rhythm lacks notes, or a length cannot be read.
    """
    events: list[Event] = []
    sounding: list[Event] = []
    factor, left = Fraction(1), 0  # of the tuplet that is open, and the notes it still governs
    broken = Fraction(0)  # what the next note loses (or gains, where negative)
    for token in bar.tokens:
        if token.kind == "chord":
            events.append(Event(Fraction(0), Fraction(0), [], chord=token.text.strip('"').strip()))
        elif token.kind == "tuplet":
            if left:
                raise NotationError("a tuplet begins inside another")
            _, factor, left = read_tuplet(token.text, compound)
        elif token.kind == "broken":
            if not sounding or broken:
                raise NotationError(f"{token.text!r} has no note before it")
            # `a>b`: a dot on the first and half of the second; each further > halves again.
            share = 1 - Fraction(1, 2 ** len(token.text))
            broken = share if token.text[0] == ">" else -share
            _stretch(sounding[-1], 1 + broken)
        elif token.kind == "tie":
            if not sounding or not sounding[-1].pitches:
                raise NotationError("a tie has no note before it")
            last = sounding[-1]
            last.pitches = [(pitch, length, True) for pitch, length, _ in last.pitches]
        elif token.kind in ("note", "rest", "group"):
            event = _read_event(token.kind, token.text)
            if left:
                left -= 1
                _stretch(event, factor)
            if broken:
                _stretch(event, 1 - broken)
                broken = Fraction(0)
            events.append(event)
            sounding.append(event)
    if left:
        raise NotationError("a tuplet is cut off by a bar line")
    if broken:
        raise NotationError("a broken rhythm is cut off by a bar line")
    yield from events


def _stretch(event: Event, factor: Fraction) -> None:
    event.length *= factor
    event.pitches = [(pitch, length * factor, tie) for pitch, length, tie in event.pitches]


def _read_event(kind: str, text: str) -> Event:
    if kind == "note":
        pitch, length = read_note(text)
        return Event(length, length, [(pitch, length, False)])
    if kind == "group":
        notes, factor = read_group(text)
        # The standard: a group lasts as long as its first note.
        length = notes[0][1] * factor
        return Event(length, length, [(pitch, own * factor, tie) for pitch, own, tie in notes])
    if text[0] == "Z":
        bars = int(text[1:] or 1)
        if not 1 <= bars <= _MAX_REST_BARS:
            raise NotationError(f"the rest {text} is out of range")
        return Event(Fraction(0), Fraction(0), [], rest_bars=bars)
    _, length = read_note("C" + text[1:])
    return Event(length, length, [])
