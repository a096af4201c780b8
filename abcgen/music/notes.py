"""The notes of a tune as it sounds: pitches, onsets and durations, with repeats played.

Near-duplicates are found by these notes, and MIDI files are made from them. Only MIDI files have
the ornaments, too: two tunes that differ in nothing else are the same tune.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from math import lcm
from operator import itemgetter
from typing import NamedTuple

from abcgen.errors import NotationError
from abcgen.music.order import played_bars
from abcgen.music.sounds import ChordSymbol, Direction, Music, Note, Ornament, PlayedBar
from abcgen.notation.form import Bar, Section
from abcgen.notation.keys import SEMITONES, signature
from abcgen.notation.timing import Event, bar_events
from abcgen.notation.tokens import ALTERATIONS, Pitch
from abcgen.notation.tune import Setting, Tune, read_meter

__all__ = [
    "ChordSymbol",
    "Counted",
    "Direction",
    "Music",
    "Note",
    "Ornament",
    "PlayedBar",
    "counted_notes",
    "music_of",
    "music_of_bars",
]

_MIDDLE_C = 60  # MIDI note number of the pitch written C
_OCTAVE = 12  # semitones
_HIGHEST = 127  # MIDI note number
_LETTERS = "CDEFGAB"  # in the order of an octave
#: A grace note without a length of its own lasts this part of a unit note, as with abc2midi.
GRACE = Fraction(1, 4)
_NO_BEND = Fraction(0)
#: Onsets and durations that are kept once made.
_MOST_KEPT = 1 << 14


def music_of(tune: Tune, *, ornaments: bool = False) -> Music:
    """Return the music of a tune as `abcgen.music.order` plays its bars, ties joined.

    Parameters
    ----------
    tune : Tune
        The tune as written.
    ornaments : bool
        Whether notes have their `Note.ornament`; a note with grace notes, a roll or a trill is
        then struck again even if it is tied to the one before.

    Raises
    ------
    NotationError
        If the tune holds something that abcgen does not understand; the message is the reason.
    """
    return music_of_bars(played_bars(tune, ornaments=ornaments))


def music_of_bars(bars: Iterable[Bar]) -> Music:
    """Return the music of bars, one played after the other, ties joined; see `music_of`."""
    return _played(bars).music()


def counted_notes(sections: Iterable[Section]) -> "Counted":
    """Return the notes of sections with repeats and endings, whatever P:, D.C. and D.S. say.

    They are given as whole numbers, which takes less time than to make `Music` of them.

    Raises
    ------
    NotationError
        As `music_of`.
    """
    player = _played(bar for section in sections for bar in section.played())
    return Counted(player.pitches, player.onsets, player.durations)


class Counted(NamedTuple):
    """Notes in order of onset, then pitch; times in parts of a whole note, the same for all.

    Attributes
    ----------
    pitches : list of int
        MIDI note numbers.
    onsets, durations : list of int
        When each note begins, and how long it lasts.
    """

    pitches: list[int]
    onsets: list[int]
    durations: list[int]


def _played(bars: Iterable[Bar]) -> "_Player":
    """Play bars."""
    played = list(bars)
    # Bars that are repeated are read once.
    events = {id(bar): list(bar_events(bar)) for bar in {id(bar): bar for bar in played}.values()}
    player = _Player(_ticks(played, events.values()))
    for bar in played:
        player.play(bar, events[id(bar)])
    return player


def _ticks(bars: Iterable[Bar], events: Iterable[Iterable[Event]]) -> int:
    """Return in how many parts a whole note is counted, so that all lengths are whole numbers."""
    lengths = {event.ratio[1] for one in events for event in one}
    for one in events:
        for event in one:
            if len(event.pitches) > 1:
                lengths.update(length.denominator for _, length, _ in event.pitches)
    settings = {id(bar.setting): bar.setting for bar in bars}.values()
    units = {one.unit.denominator for one in settings}
    meters = {read_meter(one.meter).denominator for one in settings}
    return lcm(lcm(*lengths) * lcm(*units), *meters)


@lru_cache(_MOST_KEPT)
def fraction_of(count: int, parts: int) -> Fraction:
    """Return a fraction, which takes long to make: most are made again and again."""
    return Fraction(count, parts)


class _Tied(NamedTuple):
    """A note whose tie is open: its number, its pitch, when it began and when it ends."""

    number: int
    pitch: int
    onset: int
    end: int


class _Known(NamedTuple):
    """A bar without ties to others: when it began and ended, in ticks, and where what sounds is."""

    begin: int
    end: int
    notes: slice
    chords: slice


class _Player:
    """Plays bars one after the other and keeps what sounds.

    Sums of fractions take long, so time is counted in `ticks`, so many to a whole note.
    """

    def __init__(self, ticks: int) -> None:
        self.ticks = ticks
        self.now = 0
        # Of each note. Few have an ornament or a bend; these are kept by the numbers of the notes.
        self.pitches: list[int] = []
        self.onsets: list[int] = []
        self.durations: list[int] = []
        self.ornaments: dict[int, Ornament] = {}
        self.bent: dict[int, Fraction] = {}
        self.chords: list[tuple[str, int]] = []
        self.bars: list[tuple[int, int, Setting]] = []
        self.directions: list[Direction] = []
        self.tied: dict[tuple[str, int], _Tied] = {}  # by letter and octave
        self.key: Mapping[str, int] = {}  # that of the bar, and semitones that it transposes by
        self.transpose = 0
        self.altered: dict[tuple[str, int], int] = {}  # accidentals hold until the bar line
        self.bends: dict[tuple[str, int], Fraction] = {}  # those of microtones
        self._known: dict[int, _Known] = {}  # bars that are played again, by their id

    def music(self) -> Music:
        """Return what has been played."""
        ticks = self.ticks
        notes = [
            Note(pitch, fraction_of(onset, ticks), fraction_of(duration, ticks))
            for pitch, onset, duration in zip(
                self.pitches, self.onsets, self.durations, strict=True
            )
        ]
        for number in self.ornaments.keys() | self.bent.keys():
            notes[number] = notes[number]._replace(
                ornament=self.ornaments.get(number), bend=self.bent.get(number, _NO_BEND)
            )
        chords = [ChordSymbol(text, fraction_of(onset, ticks)) for text, onset in self.chords]
        bars = [
            PlayedBar(fraction_of(begin, ticks), fraction_of(duration, ticks), setting)
            for begin, duration, setting in self.bars
        ]
        return Music(notes, chords, bars, fraction_of(self.now, ticks), self.directions)

    def play(self, bar: Bar, events: Iterable[Event]) -> None:
        begin, untied = self.now, not self.tied
        known = self._known.get(id(bar)) if untied else None
        if known is not None:
            self._play_again(known)
        else:
            first = len(self.pitches), len(self.chords), len(self.directions)
            self._play(bar.setting, events)
            if untied and not self.tied and len(self.directions) == first[2]:
                notes = slice(first[0], len(self.pitches))
                chords = slice(first[1], len(self.chords))
                self._known[id(bar)] = _Known(begin, self.now, notes, chords)
        self.bars.append((begin, self.now - begin, bar.setting))

    def _play_again(self, known: "_Known") -> None:
        """Play a bar that sounds as it did before."""
        later = self.now - known.begin
        further = len(self.pitches) - known.notes.start
        self.pitches += self.pitches[known.notes]
        self.durations += self.durations[known.notes]
        self.onsets += [onset + later for onset in self.onsets[known.notes]]
        if self.ornaments or self.bent:
            for number in range(known.notes.start, known.notes.stop):
                if number in self.ornaments:
                    self.ornaments[number + further] = self.ornaments[number]
                if number in self.bent:
                    self.bent[number + further] = self.bent[number]
        self.chords += [(text, onset + later) for text, onset in self.chords[known.chords]]
        self.now += known.end - known.begin

    def _play(self, setting: Setting, events: Iterable[Event]) -> None:
        """Play the events of a bar."""
        ticks = self.ticks
        above, below = setting.unit.as_integer_ratio()
        unit = ticks // below * above
        self.key, self.transpose = signature(setting.key), setting.transpose
        self.altered, self.bends = {}, {}
        for event in events:
            pitches = event.pitches
            above, below = event.ratio
            whole = unit // below * above
            if len(pitches) == 1 and not (event.grace or event.ornament):
                pitch, _, tie = pitches[0]
                self._sound(self._number(pitch), pitch.place, whole, tie)
            elif pitches:
                self._strike(event, unit, setting.unit)
            elif event.chord is not None:
                self.chords.append((event.chord, self.now))
            elif event.field:
                letter, _, value = event.field.partition(":")
                onset = fraction_of(self.now, ticks)
                self.directions.append(Direction(letter, value.strip(), onset, setting))
            elif event.rest_bars:
                above, below = read_meter(setting.meter).as_integer_ratio()
                whole = event.rest_bars * (ticks // below * above)
            self.now += whole

    def _strike(self, event: Event, unit: int, unit_note: Fraction) -> None:
        """Play the notes of a group, the lowest first, or one with an ornament."""
        struck = []
        for index, (pitch, length, tie) in enumerate(event.pitches):
            above, below = length.as_integer_ratio()
            ticks = unit // below * above
            ornament = None
            if event.grace or event.ornament:
                duration = fraction_of(ticks, self.ticks)
                ornament = _ornament(event, index, duration, unit_note, self.key, self.altered)
                ornament = _moved(ornament, self.transpose) if self.transpose else ornament
            struck.append((self._number(pitch), pitch.place, ticks, tie, ornament))
        struck.sort(key=itemgetter(0))
        for one in struck:
            self._sound(*one)

    def _sound(
        self,
        number: int,
        place: tuple[str, int],
        ticks: int,
        tie: bool,
        ornament: Ornament | None = None,
    ) -> None:
        """Let a note sound, or a note that is tied to it sound longer."""
        waiting = self.tied.pop(place, None) if self.tied else None
        index, began = len(self.pitches), self.now
        if (
            waiting is not None
            and waiting.end == began
            and waiting.pitch == number
            and not (ornament is not None and ornament.strikes)
        ):
            index, began = waiting.number, waiting.onset
            self.durations[index] = self.now + ticks - began
        else:
            self.pitches.append(number)
            self.onsets.append(began)
            self.durations.append(ticks)
            if ornament is not None:
                self.ornaments[index] = ornament
            if self.bends and (bend := self.bends.get(place)):
                self.bent[index] = bend
        if tie:
            self.tied[place] = _Tied(index, number, began, self.now + ticks)

    def _number(self, pitch: Pitch) -> int:
        """Return the MIDI note number of a note."""
        place = pitch.place
        number = _natural(place) + self.transpose
        if pitch.accidental:
            alteration = self.altered[place] = ALTERATIONS[pitch.accidental]
            number += alteration
            if pitch.bend or self.bends:
                self.bends[place] = pitch.bend
        elif (
            self.tied and (waiting := self.tied.get(place)) is not None and waiting.end == self.now
        ):
            number = waiting.pitch  # a tie keeps the accidental across a bar line
        elif place in self.altered:
            number += self.altered[place]
        else:
            number += self.key.get(place[0], 0)
        if not 0 <= number <= _HIGHEST:
            raise NotationError(f"the note {pitch} is outside of what MIDI can play")
        return number


@lru_cache(_MOST_KEPT)
def _natural(place: tuple[str, int]) -> int:
    """Return the MIDI note number of a letter without accidental."""
    letter, octave = place
    return _MIDDLE_C + SEMITONES[letter] + _OCTAVE * octave


def _ornament(
    event: Event,
    index: int,
    length: Fraction,
    unit: Fraction,
    key: Mapping[str, int],
    altered: dict[tuple[str, int], int],
) -> Ornament:
    """Return the ornament of an event's note with this index; the first has the grace notes."""
    single = len(event.pitches) == 1
    kind = event.ornament if single or event.ornament == "staccato" else ""
    letter, octave = event.pitches[index][0].place
    above, below = (_step(letter, octave, step, key) for step in (1, -1))
    grace = []
    for pitch, own, _ in event.grace:
        place = pitch.place
        # Its accidental is for itself alone: the melody is the same with it and without.
        alteration = altered.get(place, key.get(place[0], 0))
        if pitch.accidental:
            alteration = ALTERATIONS[pitch.accidental]
        number = min(max(_natural(place) + alteration, 0), _HIGHEST)
        grace.append((number, own * GRACE * unit))
    delay = sum((own for _, own in grace), Fraction(0))
    return Ornament(kind, above, below, unit, length, () if index else tuple(grace), delay)


def _moved(ornament: Ornament, semitones: int) -> Ornament:
    """Return an ornament that sounds so many semitones higher."""
    pitches = (ornament.above, ornament.below, *(pitch for pitch, _ in ornament.grace))
    above, below, *grace = (min(max(pitch + semitones, 0), _HIGHEST) for pitch in pitches)
    durations = (duration for _, duration in ornament.grace)
    return replace(
        ornament, above=above, below=below, grace=tuple(zip(grace, durations, strict=True))
    )


def _step(letter: str, octave: int, step: int, key: Mapping[str, int]) -> int:
    """Return the MIDI note number of the neighbour in the key, a step of 1 up or -1 down."""
    octaves, place = divmod(_LETTERS.index(letter) + step, len(_LETTERS))
    neighbour = _LETTERS[place]
    number = _natural((neighbour, octave + octaves)) + key.get(neighbour, 0)
    return min(max(number, 0), _HIGHEST)
