"""Chord symbols from the parts that go with a melody.

A chord holds for a bar where one explains all that is played in it, else for parts of it, down to a
beat. Where none of these is certain, one holds for the bar or each half of it that explains most.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from abcgen.formats.bar_text import QUARTER
from abcgen.formats.midi_in.bars import Bar
from abcgen.formats.midi_in.harmony import Harmony, Heard, harmony_of
from abcgen.formats.midi_in.pitches import OCTAVE
from abcgen.formats.midi_in.symbols import symbols_of
from abcgen.notation.meters import is_compound

_EIGHTH = QUARTER // 2
#: The share of the notes of a place that a chord must explain to be certain.
_EXPLAINED = 0.85
#: By how much more two chords must explain than one, where neither is certain.
_CLEARER = 0.15
#: For how long a chord may ring into the next bar, and the pitches that are a chord there.
_RINGING, _CHORD = 2 * QUARTER, 3
#: Beats for which a note counts that is held on.
_MOST_HELD = 16


def chords_of(heard: Sequence[Heard], bars: Sequence[Bar], key: str) -> list[tuple[int, str]]:
    """Return the chords of an accompaniment as they are written, and when each begins, in units."""
    return symbols_of(harmonies_of(heard, bars), key)


def harmonies_of(heard: Sequence[Heard], bars: Sequence[Bar]) -> list[tuple[int, Harmony]]:
    """Return the chords and when each begins to hold, in units; no two in turn are the same.

    Parameters
    ----------
    heard : sequence of Heard
        The notes of the accompaniment, in order.
    bars : sequence of Bar
        The bars.
    """
    usual: dict[int, str] = {}  # root -> the quality that it last had
    found: list[tuple[int, Harmony]] = []
    before = None
    rest = sorted(
        (piece for note in _in_their_bars(heard, bars) for piece in _by_beats(note)),
        key=lambda note: (-note.onset, -note.pitch),
    )
    for bar in bars:
        inside = []
        while rest and rest[-1].onset < bar.end:
            note = rest.pop()
            if note.onset >= bar.onset:
                inside.append(note)
        for onset, chord in _chords_in(bar, inside, before, usual):
            before = chord
            usual[chord.root] = chord.quality
            if not found or found[-1][1] != chord:
                found.append((onset, chord))
    return found


def _in_their_bars(heard: Sequence[Heard], bars: Sequence[Bar]) -> Iterator[Heard]:
    """Yield notes without what goes over a bar line only because it rings on, or comes early.

    A chord may ring until the next one is struck, or be struck an eighth before its bar.
    """
    lines = [bar.end for bar in bars]
    struck: dict[int, set[int]] = {}
    for note in heard:
        struck.setdefault(bisect_right(lines, note.onset), set()).add(note.pitch % OCTAVE)
    for note in heard:
        index = bisect_right(lines, note.onset)
        line = lines[index] if index < len(lines) else note.onset + note.length
        before, after = line - note.onset, note.onset + note.length - line
        new = struck.get(index + 1, set())
        if before <= _EIGHTH and before < after:
            yield replace(note, onset=line, length=after)
        elif 0 < after < _RINGING and len(new) >= _CHORD and note.pitch % OCTAVE not in new:
            yield replace(note, length=before)
        else:
            yield note


def _by_beats(note: Heard) -> Iterator[Heard]:
    """Yield a note that is held on once for each beat, since it sounds with what is played then."""
    end = note.onset + note.length
    yield replace(note, length=min(note.length, QUARTER))
    begin = note.onset // QUARTER * QUARTER + QUARTER
    for place in range(begin, min(end - _EIGHTH + 1, begin + _MOST_HELD * QUARTER), QUARTER):
        yield Heard(place, min(end - place, QUARTER), note.pitch)


def _chords_in(
    bar: Bar, heard: Sequence[Heard], before: Harmony | None, usual: dict[int, str]
) -> list[tuple[int, Harmony]]:
    """Return the chords of a bar and when each begins, in units."""
    if not heard:
        return []
    beat = 3 * _EIGHTH if is_compound(bar.meter) else QUARTER
    parts = 3 if bar.meter == "3/2" else 2  # of a bar, in beats or pairs of beats
    even = bar.full % (parts * beat) == 0
    lengths = [bar.full, bar.full // parts, beat] if even else [bar.full, beat]
    if is_compound(bar.meter):
        lengths.append(_EIGHTH)
    # A short bar at the start has the last beats of a full one.
    origin = bar.end - bar.full
    loosely: list[tuple[float, list[tuple[int, Harmony]]]] = []
    for length in lengths:
        places: dict[int, list[Heard]] = {}
        for note in heard:
            places.setdefault(origin + (note.onset - origin) // length * length, []).append(note)
        chords, shares, last = [], [], before
        for place, notes in sorted(places.items()):
            share, last = harmony_of(notes, last, usual)
            shares.append(share)
            chords.append((max(place, bar.onset), last))
        if min(shares) >= _EXPLAINED:
            return chords
        loosely.append((sum(shares) / len(shares), chords))
    (whole, one), *others = loosely
    halves, two = others[0] if even else (whole, one)
    return two if halves > whole + _CLEARER else one
