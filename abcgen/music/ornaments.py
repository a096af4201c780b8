"""Ornaments: how a note with grace notes, a roll, a trill or a staccato dot is played.

The ornaments are those of abc2midi, as its version 4.84 plays them. It rolls only notes of exactly
three unit notes and cuts all others; here longer notes are rolled, too.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise

from abcgen.music.notes import GRACE, Note, Ornament

_NO_BEND = Fraction(0)
_TRILL = Fraction(1, 32)  # of a whole note, each note of a trill
_ROLLED = 3  # unit notes; a shorter note has no time for a roll and is cut


def play_ornaments(notes: Iterable[Note]) -> list[Note]:
    """Return the notes that are played for notes with ornaments, in order of onset, then pitch."""
    played: list[Note] = []
    for note in notes:
        if note.ornament is None:
            played.append(note)
        else:
            played += _played(note, note.ornament)
    return sorted(played, key=lambda note: (note.onset, note.pitch))


def _played(note: Note, ornament: Ornament) -> Iterator[Note]:
    """Yield the notes that are played for one; they begin and end with it, or it ends early.

    Grace notes that take as long as the note itself, or longer, are left out.
    """
    delay = ornament.delay if ornament.delay < note.duration else Fraction(0)
    if delay:
        now = note.onset
        for pitch, duration in ornament.grace:
            yield Note(pitch, now, duration)
            now += duration
    end = note.duration
    if ornament.kind == "staccato":
        end -= (end - delay) / 2
    starts = [*_parts(note, ornament), (note.pitch, end)]
    for (pitch, start), (_, following) in pairwise(starts):
        start = max(start, delay)
        if start < following:
            bend = note.bend if pitch == note.pitch else _NO_BEND
            yield Note(pitch, note.onset + start, following - start, bend=bend)


def _parts(note: Note, ornament: Ornament) -> list[tuple[int, Fraction]]:
    """Return the pitch of each part of a note, and its start, counted from the note's."""
    zero, pitch, unit = Fraction(0), note.pitch, ornament.unit
    above, below, cut = ornament.above, ornament.below, unit * GRACE
    length = min(ornament.length, note.duration)
    if ornament.kind == "trill":
        count = int(note.duration / _TRILL) // 2 * 2  # it ends on the note itself
        if count:
            return [(pitch if i % 2 else above, i * _TRILL) for i in range(count)]
    elif ornament.kind == "roll" and length >= _ROLLED * unit:
        first, second = length - 2 * unit, length - unit
        return [
            (pitch, zero),
            (above, first),
            (pitch, first + cut),
            (below, second),
            (pitch, second + cut),
        ]
    elif ornament.kind == "roll" and length > cut:
        return [(above, zero), (pitch, cut)]
    return [(pitch, zero)]
