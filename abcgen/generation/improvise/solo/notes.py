"""Values played over chords: their notes, and the same mended as djmodel does.

Mending is what makes such solos sound: notes are moved onto the grid of sixteenths, ones that are
too short for it are left out, a note that is struck a third time goes on instead, and leaps of more
than an octave are taken back.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from abcgen.melodies.solo import CHORD, REST, STEP, Harmony, Value

#: The lowest and the highest note, MIDI note numbers, and about where a solo begins.
LOWEST, HIGHEST, FIRST = 60, 84, 72
GRID = Fraction(1, 16)
_OCTAVE = 12
_MOST_REPEATED = 2


class Played(NamedTuple):
    """A note of a solo: a MIDI note number, or None for a rest, and when, in whole notes."""

    pitch: int | None
    onset: Fraction
    end: Fraction


def played(values: Iterable[Value], harmony: Harmony, duration: Fraction) -> list[Played]:
    """Return the notes of values over chords; the last ends with the chords.

    Each is the note of its kind that is nearest to where its step leads.
    """
    notes: list[Played] = []
    now, last = Fraction(0), FIRST
    for value in values:
        if now >= duration:
            break
        end = min(now + value.length, duration)
        pitch = None
        if value.kind != REST:
            pitch = last = _pitch(value, harmony, now, last)
        notes.append(Played(pitch, now, end))
        now = end
    return notes


def _pitch(value: Value, harmony: Harmony, time: Fraction, last: int) -> int:
    """Return the note of a value behind another note."""
    classes = harmony.classes(value.kind, time) or harmony.classes(CHORD, time)
    target = last + STEP * value.step
    return min(
        (pitch for pitch in range(LOWEST, HIGHEST + 1) if pitch % _OCTAVE in classes),
        # On the way to the target, no farther, if two are as near.
        key=lambda pitch: (abs(pitch - target), abs(pitch - last)),
    )


def mended(notes: Sequence[Played]) -> list[Played]:
    """Return a solo without what makes it sound like a machine's."""
    kept: list[Played] = []
    for note in map(_on_grid, notes):
        if note.end <= note.onset:
            continue
        pitch = note.pitch
        last = next((one.pitch for one in reversed(kept) if one.pitch is not None), None)
        if pitch is not None and last is not None:
            pitch = _without_leap(pitch, last)
        most = 1 if pitch is None else _MOST_REPEATED  # one rest goes on
        if _struck(kept, pitch) >= most:
            kept[-1] = kept[-1]._replace(end=note.end)
        else:
            kept.append(note._replace(pitch=pitch))
    return kept


def _on_grid(note: Played) -> Played:
    onset, end = (round(time / GRID) * GRID for time in (note.onset, note.end))
    return Played(note.pitch, onset, end)


def _without_leap(pitch: int, last: int) -> int:
    """Return a note in the octave that makes no leap of more than one."""
    while pitch - last > _OCTAVE:
        pitch -= _OCTAVE
    while last - pitch > _OCTAVE:
        pitch += _OCTAVE
    return pitch


def _struck(notes: Sequence[Played], pitch: int | None) -> int:
    """Return how often a note, or a rest, has just come in a row."""
    count = 0
    while count < len(notes) and notes[-1 - count].pitch == pitch:
        count += 1
    return count
