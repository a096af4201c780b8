"""The bars and half bars of a tune that chords are chosen for, and what is known of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from abcgen.music.notes import Music, Note, music_of_bars
from abcgen.notation.form import Bar, Section, read_sections
from abcgen.notation.keys import mode_of, tonic_of
from abcgen.notation.meters import is_compound
from abcgen.notation.timing import bar_events
from abcgen.notation.tune import Tune, read_meter

_OCTAVE = 12  # semitones
#: Metres whose bars have no halves; in any other a chord may change in the middle of a bar.
_WHOLE = frozenset({"3/4", "9/8", "3/2", "3/8", "5/4", "7/8", "5/8"})
#: What is written before a note and belongs to it.
_BEFORE_NOTES = frozenset({"tuplet", "grace", "decoration", "annotation", "chord"})
_SOUNDING = frozenset({"note", "rest", "group"})
#: Tokens that `bar_events` gives an event for.
_WITH_EVENT = _SOUNDING | {"chord", "field"}
_MODES = ("", "m", "dor", "mix")
_MOST_STRONG = 2.0
_NOTHING = np.zeros(_OCTAVE)


@dataclass
class Slot:
    """A bar or half a bar. Pitches are in semitones above the tonic, 0 to 11.

    Attributes
    ----------
    key : str
        The key there.
    onset, end : Fraction
        In whole notes from the start of the section, endings as they are written.
    half, halves : int
        Which half of its bar it is; how many the bar has.
    place, from_end : int
        Full bars before it in the section, and behind it.
    section : tuple of bool
        Whether it is in the first section, in the last, and behind the first bar of an ending.
    at : int or None
        Where in the text of the tune its symbol would stand; None if no note begins there.
    begins : bool
        Whether a section or an ending begins with it.
    weights, strong : float64 array, shape (12,)
        How long each pitch sounds, in slots; of its notes, those that began on a beat.
    first : int
        The pitch that sounds at its beginning, -1 for none.
    """

    key: str
    onset: Fraction
    end: Fraction
    half: int
    halves: int
    place: int
    from_end: int
    section: tuple[bool, bool, bool]
    at: int | None
    begins: bool
    weights: NDArray[np.float64] = field(default_factory=lambda: np.zeros(_OCTAVE))
    strong: NDArray[np.float64] = field(default_factory=lambda: np.zeros(_OCTAVE))
    first: int = -1


@dataclass
class SlottedSection:
    """The slots of a section, and its music as it is written."""

    slots: list[Slot]
    music: Music


def slotted(tune: Tune) -> list[SlottedSection]:
    """Return the slots of each section of a tune; pickups have none.

    Raises
    ------
    NotationError
        If the tune cannot be read.
    """
    sections = read_sections(tune, ornaments=True, layout=True)
    return [
        _section(section, tune, number == 0, number == len(sections) - 1)
        for number, section in enumerate(sections)
    ]


def _section(section: Section, tune: Tune, is_first: bool, is_last: bool) -> SlottedSection:
    written = list(section.written())
    music = music_of_bars(written)
    groups = [section.bars, *section.endings]
    lone = len(written) == 1 and not (is_last or section.repeated)
    slots: list[Slot] = []
    index = place = 0
    for number, bars in enumerate(groups):
        after = len(section.endings[0]) if section.endings and not number else 0
        begins = True
        for at, bar in enumerate(bars):
            played, whole = music.bars[index], read_meter(bar.setting.meter)
            index += 1
            short = played.duration < whole
            if short and number == 0 and at == 0 and (len(bars) > 1 or lone):
                continue
            halves = 1 if bar.setting.meter in _WHOLE else 2
            offsets = _offsets(bar, tune)
            for half in range(halves):
                begin = whole / halves * half
                end = min(begin + whole / halves, played.duration)
                if end <= begin:
                    continue
                slots.append(
                    Slot(
                        bar.setting.key,
                        played.onset + begin,
                        played.onset + end,
                        half,
                        halves,
                        place,
                        after + len(bars) - 1 - at,
                        (is_first, is_last, number > 0),
                        offsets.get(begin),
                        begins,
                    )
                )
                begins = False
            place += 1
    _listen(slots, music)
    return SlottedSection(slots, music)


def _offsets(bar: Bar, tune: Tune) -> dict[Fraction, int]:
    """Return where in the text each note or rest of a bar begins, by its onset in whole notes."""
    offsets: dict[Fraction, int] = {}
    events = iter(list(bar_events(bar)))
    now, before = Fraction(0), None
    for token in bar.tokens:
        belongs = token.kind in _BEFORE_NOTES or token.text == "("
        if belongs and before is None:
            before = token.position
        if token.kind in _SOUNDING:
            start = token.position if before is None else before
            offsets.setdefault(now, tune.offset_of(start))
        if token.kind in _WITH_EVENT:
            now += next(events).length * bar.setting.unit
        if not belongs:
            before = None
    return offsets


def _listen(slots: Sequence[Slot], music: Music) -> None:
    """Note in each slot what sounds in it."""
    starts = [bar.onset for bar in music.bars]
    bar = 0
    notes: list[tuple[Note, bool]] = []
    for note in music.notes:
        while bar + 1 < len(starts) and starts[bar + 1] <= note.onset:
            bar += 1
        compound = is_compound(music.bars[bar].setting.meter)
        beat = Fraction(3, 8) if compound else Fraction(1, 4)
        notes.append((note, (note.onset - starts[bar]) % beat == 0))
    first = 0
    longest = max((note.duration for note, _ in notes), default=Fraction(0))
    for slot in slots:
        tonic, length = tonic_of(slot.key), slot.end - slot.onset
        while first < len(notes) and notes[first][0].onset + longest <= slot.onset:
            first += 1
        for note, on_beat in notes[first:]:
            if note.onset >= slot.end:
                break
            sounds = min(note.onset + note.duration, slot.end) - max(note.onset, slot.onset)
            if sounds <= 0:
                continue
            pitch = (note.pitch - tonic) % _OCTAVE
            slot.weights[pitch] += float(sounds / length)
            slot.strong[pitch] += on_beat
            if note.onset <= slot.onset:
                slot.first = pitch


def features_of(slots: Sequence[Slot]) -> NDArray[np.float64]:
    """Return what is known of the T slots of a section, (T, F)."""
    return np.array([np.concatenate(list(_features(slots, at))) for at in range(len(slots))])


def _features(slots: Sequence[Slot], at: int) -> Iterator[NDArray[np.float64]]:
    slot = slots[at]
    following = slots[at + 1] if at + 1 < len(slots) else None
    yield slot.weights
    yield np.minimum(slot.strong, _MOST_STRONG)
    yield _one_of(slot.first, _OCTAVE)
    for near in (at - 1, at + 1, at + 2):
        yield slots[near].weights if 0 <= near < len(slots) else _NOTHING
    yield _one_of(following.first if following else -1, _OCTAVE)
    around = slots[max(0, at - 1) : at + 2]
    yield sum((one.weights for one in around if one.place == slot.place), np.zeros(_OCTAVE))
    yield _one_of(slot.half + (2 if slot.halves == 2 else 0), 4)
    yield _one_of(slot.place % 4, 4)
    yield _one_of(slot.place % 8, 8)
    yield _one_of(min(slot.from_end, 4), 5)
    left = slot.from_end * 2 + (slot.halves == 2 and slot.half == 0)
    yield _one_of(left if slot.from_end < 2 else -1, 4)
    mode = mode_of(slot.key)
    yield _one_of(_MODES.index(mode) if mode in _MODES else 0, 4)
    is_first, is_last, in_ending = slot.section
    yield np.array([is_first, is_last, in_ending, is_first and slot.place == 0], float)


def _one_of(index: int, count: int) -> NDArray[np.float64]:
    """Return zeros with a one at an index, or all zeros if that is out of range."""
    one = np.zeros(count)
    if 0 <= index < count:
        one[index] = 1
    return one
