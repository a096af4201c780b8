"""What goes with a melody: the notes of the other parts, or what its own has below it."""

import re
from collections.abc import Sequence

from abcgen.formats.bar_text import QUARTER
from abcgen.formats.midi_in.events import Part
from abcgen.formats.midi_in.grid import lag_of
from abcgen.formats.midi_in.harmony import BASS, Heard
from abcgen.formats.midi_in.line import Sound
from abcgen.formats.midi_in.pitches import OCTAVE

#: The names of parts whose notes are no pitches, and the first of the MIDI programs of such.
_DRUMS = re.compile(r"drum|percus", re.IGNORECASE)
_PERCUSSIVE = 112
_SIXTEENTH = QUARTER // 4
#: The notes of chords that there are, for each one of the melody, where one part has both.
_FEWEST = 0.25
#: Notes at once that are a chord, and the share of the notes of a part that are in such if it
#: consists of chords.
_CHORD, _CHORDAL = 3, 0.5
#: The share of the notes of a part that the melody has, too, if it doubles it, the fewest notes
#: that tell, and by how much it may be late, as an echo is.
_DOUBLED, _TELLING, _ECHO = 0.8, 4, QUARTER


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
    They are those of the other parts, but for drums outside of their channel. If there are none, or
    they only double the melody, one part may hold the melody and its chords, as that of a piano
    does: what is below the melody is heard. Of a part of chords, all notes are. A part that is late
    as a whole is heard on the beats.
    """

    def place(time: float) -> int:
        return round(time * 4 / ticks) * _SIXTEENTH

    def heard(part: Part) -> list[Heard]:
        late = own_lag if part is melody else lag_of([note.onset for note in part.notes], ticks)
        found = []
        for note in part.notes:
            onset = place(note.onset - late)
            found.append(Heard(onset, place(note.end - late) - onset, note.pitch))
        return found

    own_lag = lag_of([sound.onset for sound in line], ticks)
    own = {(place(sound.onset - own_lag), pitch) for sound in line for pitch in sound.pitches}
    others = [heard(part) for part in parts if part is not melody and not _is_noise(part)]
    inside = heard(melody)
    if all(_doubles(part, own) for part in others):
        below = [note for note in inside if (note.onset, note.pitch) not in own]
        others = [below] if len(below) >= _FEWEST * len(line) else []
    chords = _chords_in(inside)
    if chords:
        others = [[note for note in part if note not in chords] for part in others]
    notes = [note for part in [*others, chords] for note in part]
    return sorted(notes, key=lambda note: (note.onset, note.pitch))


def bass_of(heard: Sequence[Heard]) -> list[int]:
    """Return when bass notes begin, in order, each time once."""
    return list(dict.fromkeys(note.onset for note in heard if note.pitch < BASS))


def _is_noise(part: Part) -> bool:
    return part.program >= _PERCUSSIVE or _DRUMS.search(part.name) is not None


def _chords_in(notes: Sequence[Heard]) -> set[Heard]:
    """Return the notes of the chords of a part, if it consists of chords.

    They begin and end together.
    """
    together: dict[tuple[int, int], list[Heard]] = {}
    for note in notes:
        together.setdefault((note.onset, note.length), []).append(note)
    chords = {
        note
        for chord in together.values()
        if len({note.pitch % OCTAVE for note in chord}) >= _CHORD
        for note in chord
    }
    return chords if len(chords) >= _CHORDAL * len(notes) else set()


def _doubles(notes: Sequence[Heard], melody: set[tuple[int, int]]) -> bool:
    """Return whether a part plays the melody, in any octave, at its times or a little later."""
    if len(notes) < _TELLING:
        return False
    classes = {(onset, pitch % OCTAVE) for onset, pitch in melody}
    return any(
        sum((note.onset - late, note.pitch % OCTAVE) in classes for note in notes)
        >= _DOUBLED * len(notes)
        for late in range(0, _ECHO + 1, _SIXTEENTH)
    )
