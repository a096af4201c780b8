"""The outline of a tune: the bars of each section, so that they can be compared with each other.

A section is taken as it is played first: its bars and its first ending. A pickup is left out. Of
notes that begin together the highest counts; grace notes do not count.
"""

import string
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, pairwise

from abcgen.melodies.melody import top_notes
from abcgen.music.notes import Music, Note, music_of_bars
from abcgen.notation.form import Bar, Section, read_sections
from abcgen.notation.keys import signature, tonic_of
from abcgen.notation.timing import Event, bar_events
from abcgen.notation.tokens import ALTERATIONS, Pitch
from abcgen.notation.tune import Tune, read_meter, read_tune

_LETTERS = "CDEFGAB"  # in the order of an octave
_OCTAVE = 7  # steps of a scale
#: In an eighth note. Triplets and 128ths have a whole number of them.
TICKS = 48
_WHOLE = 8 * TICKS  # ticks of a whole note
_SIXTEENTH = TICKS // 2

#: A note as written: steps of the scale above the C below middle C, accidental, length in ticks. A
#: rest has no steps.
Written = tuple[int | None, str, int]


@dataclass(frozen=True)
class BarMelody:
    """What a bar has of the melody, as it is written.

    Attributes
    ----------
    notes : tuple of Written
        Its notes and rests.
    length : int
        In ticks.
    chords : tuple of str
        Its chord symbols.
    key : str
        The key it is in.
    """

    notes: tuple[Written, ...]
    length: int
    chords: tuple[str, ...] = ()
    key: str = "C"

    @cached_property
    def rhythm(self) -> tuple[tuple[bool, int], ...]:
        """Whether each is a note, and its length."""
        return tuple((step is not None, length) for step, _, length in self.notes)

    @cached_property
    def steps(self) -> tuple[int, ...]:
        """The steps of its notes."""
        return tuple(step for step, _, _ in self.notes if step is not None)

    @cached_property
    def onsets(self) -> frozenset[int]:
        """Where its notes begin, in ticks."""
        ends = accumulate(length for _, _, length in self.notes)
        starts = zip((0, *ends), self.notes, strict=False)
        return frozenset(start for start, (step, _, _) in starts if step is not None)

    @cached_property
    def sixteenths(self) -> list[tuple[int | None, str]]:
        """What sounds at each sixteenth: a note's steps and accidental, or a rest."""
        heard: list[tuple[int | None, str]] = []
        end = 0
        for step, accidental, length in self.notes:
            end += length
            heard += [(step, accidental)] * (-(-end // _SIXTEENTH) - len(heard))
        return heard

    @cached_property
    def contour(self) -> tuple[int, ...]:
        """Whether its melody goes up (1), down (-1) or neither (0) from each note to the next."""
        return tuple((there > here) - (there < here) for here, there in pairwise(self.steps))

    def has_needless_accidental(self) -> bool:
        """Return whether a note has an accidental that it has anyway, by the key or in the bar."""
        sounds: dict[int, int] = {}
        for step, accidental, _ in self.notes:
            if step is not None and accidental:
                letter, written = _LETTERS[step % _OCTAVE], ALTERATIONS[accidental]
                if written == sounds.get(step, signature(self.key).get(letter, 0)):
                    return True
                sounds[step] = written
        return False

    def is_sequence_of(self, other: "BarMelody") -> bool:
        """Return whether it has the other's rhythm and contour at another pitch."""
        return (
            len(self.steps) > 1
            and self.steps[:1] != other.steps[:1]
            and self.rhythm == other.rhythm
            and self.contour == other.contour
        )

    def is_moved(self, other: "BarMelody") -> bool:
        """Return whether it is a sequence of the other that is moved along the scale as a whole."""
        moved = {here - there for here, there in zip(self.steps, other.steps, strict=False)}
        return self.is_sequence_of(other) and len(moved) == 1


@dataclass(frozen=True)
class Part:
    """A section of a tune.

    Attributes
    ----------
    bars : list of BarMelody
        As it is played first, without the pickup.
    pickup : BarMelody, optional
        The short bar at its beginning.
    last : Note
        Its last note, in the last ending.
    repeated, endings : bool
        Whether it is repeated, and whether it has endings.
    """

    bars: list[BarMelody]
    pickup: BarMelody | None
    last: Note
    repeated: bool = False
    endings: bool = False

    @cached_property
    def plan(self) -> str:
        """A letter for each bar, the same for the same melody: ``ABCDABEF``."""
        return plan_of(self.bars)


@dataclass(frozen=True)
class Outline:
    """A tune, ready to be compared.

    Attributes
    ----------
    tune : Tune
        The tune as written.
    parts : list of Part
        Its sections that have a note.
    music : Music
        The tune as it sounds, each bar once.
    """

    tune: Tune
    parts: list[Part]
    music: Music

    @cached_property
    def tonic(self) -> int:
        """The tonic of the key it begins in, in semitones above C: 0 to 11."""
        return tonic_of(self.tune.setting.key)

    @cached_property
    def notes(self) -> list[Note]:
        """Its melody, in order of onset."""
        return top_notes(self.music.notes)

    @cached_property
    def bars(self) -> list[BarMelody]:
        """The bars of all sections, pickups left out."""
        return [bar for part in self.parts for bar in part.bars]


def outline_of(text: str) -> Outline:
    """Return the outline of a tune's text.

    Raises
    ------
    NotationError
        If abcgen cannot read it.
    """
    tune = read_tune(text)
    sections = read_sections(tune)
    music = music_of_bars(bar for section in sections for bar in section.written())
    parts, begin = [], 0
    for section in sections:
        end = begin + sum(1 for _ in section.written())
        ends_at = music.bars[end - 1].onset + music.bars[end - 1].duration
        starts_at = music.bars[begin].onset
        notes = [note for note in music.notes if starts_at <= note.onset < ends_at]
        if notes:
            parts.append(_part(section, top_notes(notes)[-1]))
        begin = end
    return Outline(tune, parts, music)


def plan_of(bars: Sequence[BarMelody]) -> str:
    """Return a letter for each bar, in the order of their first places; the 27th and on is ``?``.

    Bars with the same notes have the same letter, whatever their chords.
    """
    letters: dict[tuple[Written, ...], str] = {}
    for bar in bars:
        number = len(letters)
        letters.setdefault(bar.notes, (string.ascii_uppercase + "?")[min(number, 26)])
    return "".join(letters[bar.notes] for bar in bars)


def _part(section: Section, last: Note) -> Part:
    first = section.bars + (section.endings[0] if section.endings else [])
    bars = [_bar_melody(bar) for bar in first]
    full = _ticks(read_meter(first[0].setting.meter))
    pickup = bars.pop(0) if len(bars) > 1 and bars[0].length < full else None
    return Part(bars, pickup, last, section.repeated, bool(section.endings))


def _bar_melody(bar: Bar) -> BarMelody:
    unit = bar.setting.unit
    notes: list[Written] = []
    chords: list[str] = []
    for event in bar_events(bar):
        if event.chord is not None:
            chords.append(event.chord)
        else:
            whole = event.length * unit
            if event.rest_bars:
                whole += event.rest_bars * read_meter(bar.setting.meter)
            notes.append(_written(event, _ticks(whole)))
    length = sum(length for _, _, length in notes)
    return BarMelody(tuple(notes), length, tuple(chords), bar.setting.key)


def _ticks(whole: Fraction) -> int:
    """Return whole notes in ticks."""
    return whole.numerator * _WHOLE // whole.denominator


def _written(event: Event, length: int) -> Written:
    """Return the highest note of an event, or a rest, of so many ticks."""
    if not event.pitches:
        return None, "", length
    step, accidental = max((_step(pitch), pitch.accidental) for pitch, _, _ in event.pitches)
    return step, accidental, length


def _step(pitch: Pitch) -> int:
    octave = pitch.letter.islower() + pitch.octave.count("'") - pitch.octave.count(",")
    return _LETTERS.index(pitch.letter.upper()) + _OCTAVE * octave
