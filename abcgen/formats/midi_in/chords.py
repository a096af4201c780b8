"""Chord symbols from the parts that go with a melody.

A chord holds for a bar where one explains all that is played in it, else for parts of it, down to a
beat. The lowest note says the bass, and of several chords with the same notes, the root.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from abcgen.formats.bar_text import QUARTER
from abcgen.formats.midi_in.bars import Bar
from abcgen.formats.midi_in.events import Part
from abcgen.formats.midi_in.line import Sound
from abcgen.notation.chords import QUALITIES
from abcgen.notation.keys import fifths_of
from abcgen.notation.meters import is_compound

_OCTAVE = 12
_SHARPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_FLATS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
#: MIDI note number below which a note is a bass note.
_BASS = 48
_SIXTEENTH = QUARTER // 4
#: The part of the notes of a place that a chord must explain.
_EXPLAINED = 0.85
#: The notes of chords that there are, for each one of the melody, where one part has both.
_FEWEST = 0.25
#: Pitch classes above the root of each quality; triads are tried first.
_SHAPES = {quality: frozenset(step % _OCTAVE for step in steps) for quality, steps in
           QUALITIES.items()}  # fmt: skip
_TRIADS = ("", "m")


@dataclass(frozen=True, slots=True)
class Heard:
    """A note of the accompaniment: when it begins, in units, and its MIDI note number."""

    onset: int
    pitch: int


def heard_in(
    parts: Sequence[Part], melody: Part, ticks: int, line: Sequence[Sound]
) -> list[Heard]:
    """Return the notes that go with a melody, in order, at the nearest sixteenth.

    Parameters
    ----------
    parts : sequence of Part
        All parts.
    melody : Part
        That of the melody.
    ticks : int
        Of a quarter note.
    line : sequence of Sound
        The melody, with times in ticks.

    Notes
    -----
    They are those of the other parts. If there are none, one part may hold the melody and its
    chords, as that of a piano does.
    """

    def place(onset: float) -> int:
        return round(onset * 4 / ticks) * _SIXTEENTH

    notes = [
        Heard(place(note.onset), note.pitch)
        for part in parts
        if part is not melody
        for note in part.notes
    ]
    if not notes:
        own = {(place(sound.onset), pitch) for sound in line for pitch in sound.pitches}
        below = {(place(note.onset), note.pitch) for note in melody.notes} - own
        notes = [Heard(*one) for one in below] if len(below) >= _FEWEST * len(line) else []
    return sorted(notes, key=lambda note: (note.onset, note.pitch))


def bass_of(heard: Sequence[Heard]) -> list[int]:
    """Return when bass notes begin, in order, each time once."""
    return list(dict.fromkeys(note.onset for note in heard if note.pitch < _BASS))


def chords_of(heard: Sequence[Heard], bars: Sequence[Bar], key: str) -> list[tuple[int, str]]:
    """Return the chords and when each begins to hold, in units.

    Parameters
    ----------
    heard : sequence of Heard
        The notes of the accompaniment.
    bars : sequence of Bar
        The bars.
    key : str
        That of the tune; it decides between sharps and flats.
    """
    names = _FLATS if fifths_of(key) < 0 else _SHARPS
    usual: dict[int, str] = {}  # root -> the quality that it last had
    found: list[tuple[int, str]] = []
    rest = list(reversed(heard))
    for bar in bars:
        inside = []
        while rest and rest[-1].onset < bar.end:
            note = rest.pop()
            if note.onset >= bar.onset:
                inside.append(note)
        for onset, root, quality, bass in _chords_in(bar, inside, usual):
            symbol = names[root] + quality + ("" if bass == root else f"/{names[bass]}")
            if not found or found[-1][1] != symbol:
                found.append((onset, symbol))
    return found


def _chords_in(
    bar: Bar, heard: Sequence[Heard], usual: dict[int, str]
) -> list[tuple[int, int, str, int]]:
    """Return onset, root, quality and bass of each chord of a bar."""
    beat = 3 * QUARTER // 2 if is_compound(bar.meter) else QUARTER
    lengths = [bar.full, bar.full // 2, beat] if bar.full % (2 * beat) == 0 else [bar.full, beat]
    if is_compound(bar.meter):
        lengths.append(QUARTER // 2)
    # A short bar at the start has the last beats of a full one.
    origin = bar.end - bar.full
    for length in lengths:
        places = sorted({origin + (note.onset - origin) // length * length for note in heard})
        chords = []
        for place in places:
            notes = [note for note in heard if place <= note.onset < place + length]
            chord = _chord_of(notes, usual, certain=length != lengths[-1])
            chords.append((max(place, bar.onset), chord))
        if all(chord is not None for _, chord in chords):
            break
    for _, chord in chords if heard else ():
        if chord is not None:
            usual[chord[0]] = chord[1]
    return [(place, *chord) for place, chord in chords if chord is not None] if heard else []


def _chord_of(
    notes: Sequence[Heard], usual: dict[int, str], *, certain: bool
) -> tuple[int, str, int] | None:
    """Return root, quality and bass of the notes of one place, or None if they are no chord."""
    lowest = min(notes, key=lambda note: note.pitch).pitch
    bass = lowest % _OCTAVE
    classes = {note.pitch % _OCTAVE for note in notes}
    above = {note.pitch % _OCTAVE for note in notes if note.pitch >= _BASS} or classes
    basses = {note.pitch % _OCTAVE for note in notes if note.pitch < _BASS}
    if len(basses) > 1 and certain:
        return None  # more than one chord, or a bass that moves; shorter places tell
    if len(classes) == 1:
        return bass, usual.get(bass, ""), bass
    for wanted in (above, classes):
        exact = [
            ((root != bass, quality not in _TRIADS), root, quality)
            for root in wanted
            for quality, shape in _SHAPES.items()
            if {(note - root) % _OCTAVE for note in wanted} == shape
        ]
        if exact:
            _, root, quality = min(exact)
            # What is lowest in a chord above the bass says nothing.
            return root, quality, bass if basses else root
    best: tuple[float, bool, int, str] | None = None
    for root in classes:
        for quality in (*_TRIADS, "7", "m7"):
            inside = sum((note.pitch - root) % _OCTAVE in _SHAPES[quality] for note in notes)
            share = inside / len(notes) - 0.05 * len(
                _SHAPES[quality] - {(note - root) % _OCTAVE for note in classes}
            )
            if best is None or (share, root == bass) > best[:2]:
                best = share, root == bass, root, quality
    if best is None or (certain and best[0] < _EXPLAINED):
        return None
    return best[2], best[3], best[2]
