"""Chord symbols from the parts that go with a melody.

A chord holds for a bar where one explains all that is played in it, else for parts of it, down to a
beat. Where none of these is certain, one holds for the bar or each half of it that explains most.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from abcgen.formats.bar_text import QUARTER
from abcgen.formats.midi_in.bars import Bar
from abcgen.formats.midi_in.events import Part
from abcgen.formats.midi_in.harmony import BASS, Harmony, Heard, harmony_of
from abcgen.formats.midi_in.line import Sound
from abcgen.notation.keys import fifths_of
from abcgen.notation.meters import is_compound

_SHARPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_FLATS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
#: The names of parts whose notes are no pitches, and the first of the MIDI programs of such.
_DRUMS = re.compile(r"drum|percus", re.IGNORECASE)
_PERCUSSIVE = 112
_SIXTEENTH, _EIGHTH = QUARTER // 4, QUARTER // 2
#: The share of the notes of a place that a chord must explain to be certain.
_EXPLAINED = 0.85
#: By how much more two chords must explain than one, where neither is certain.
_CLEARER = 0.15
#: The notes of chords that there are, for each one of the melody, where one part has both.
_FEWEST = 0.25
#: Beats for which a note counts that is held on.
_MOST_HELD = 16


def heard_in(parts: Sequence[Part], melody: Part, ticks: int, line: Sequence[Sound]) -> list[Heard]:
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
    They are those of the other parts, but for drums outside of their channel. If there are none,
    one part may hold the melody and its chords, as that of a piano does.
    """

    def place(onset: float) -> int:
        return round(onset * 4 / ticks) * _SIXTEENTH

    notes = [
        Heard(place(note.onset), place(note.end) - place(note.onset), note.pitch)
        for part in parts
        if part is not melody and not _is_noise(part)
        for note in part.notes
    ]
    if not notes:
        own = {(place(sound.onset), pitch) for sound in line for pitch in sound.pitches}
        below = [
            Heard(place(note.onset), place(note.end) - place(note.onset), note.pitch)
            for note in melody.notes
            if (place(note.onset), note.pitch) not in own
        ]
        notes = below if len(below) >= _FEWEST * len(line) else []
    return sorted(notes, key=lambda note: (note.onset, note.pitch))


def _is_noise(part: Part) -> bool:
    return part.program >= _PERCUSSIVE or _DRUMS.search(part.name) is not None


def bass_of(heard: Sequence[Heard]) -> list[int]:
    """Return when bass notes begin, in order, each time once."""
    return list(dict.fromkeys(note.onset for note in heard if note.pitch < BASS))


def chords_of(heard: Sequence[Heard], bars: Sequence[Bar], key: str) -> list[tuple[int, str]]:
    """Return the chords of an accompaniment as they are written, and when each begins, in units."""
    return symbols_of(harmonies_of(heard, bars), key)


def symbols_of(harmonies: Sequence[tuple[int, Harmony]], key: str) -> list[tuple[int, str]]:
    """Return chords as they are written, each where it begins.

    Parameters
    ----------
    harmonies : sequence of (int, Harmony)
        The result of `harmonies_of`.
    key : str
        That of the tune; it decides between sharps and flats.
    """
    names = _FLATS if fifths_of(key) < 0 else _SHARPS
    return [
        (
            onset,
            names[chord.root]
            + chord.quality
            + ("" if chord.bass == chord.root else f"/{names[chord.bass]}"),
        )
        for onset, chord in harmonies
    ]


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
        (piece for note in heard for piece in _by_beats(note)),
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
