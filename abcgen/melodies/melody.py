"""A melody as it is compared with others: the same in any key and any note length scale.

It is the steps from note to note: by how many semitones, and how many times as long. Of notes that
begin together the highest counts, and tied notes are one. How long a note is, is measured in two
ways:

- `Melody` takes the tune as it is written, each bar once, since a repeat played twice would match
  as a longer run than anybody copied. A note lasts until the next one begins, since `A2 z` and `A3`
  are the same melody.
- `played_steps` takes the notes as they sound, each as long as it sounds. Near-duplicates are found
  by it, and every tune has its place in a split by it.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import compress
from math import gcd, lcm
from operator import ne

from abcgen.music.notes import Note, counted_notes, music_of_bars
from abcgen.notation.form import Bar, Section, read_sections
from abcgen.notation.tune import read_tune

#: Steps that are kept once known: most are taken again and again.
_MOST_KEPT = 4096

#: Semitones to the next note, and how many times as long it is: numerator, denominator.
Step = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Melody:
    """A tune as it is compared.

    Attributes
    ----------
    steps : list of Step
        From each note to the next, one fewer than there are notes.
    bars : list of int
        For each note the bar it begins in, counted from 1 as they are written, pickup included.
    written : list of Bar
        Those bars.
    """

    steps: list[Step]
    bars: list[int]
    written: list[Bar]


def melody_of(text: str) -> Melody:
    """Return the melody of a tune's text.

    Raises
    ------
    NotationError
        If abcgen cannot read it.
    """
    written = written_bars(text)
    music = music_of_bars(written)
    top = top_notes(music.notes)
    onsets = [note.onset for note in top]
    lengths = [end - onset for onset, end in itertools.pairwise([*onsets, music.duration])]
    bars, bar = [], 0
    for onset in onsets:
        while bar < len(music.bars) and music.bars[bar].onset <= onset:
            bar += 1
        bars.append(bar)
    return Melody(_steps(top, lengths), bars, written)


def played_steps(sections: Iterable[Section]) -> list[Step]:
    """Return the steps of the notes of sections as they sound.

    Repeats and endings are played, but the order of parts (P:, D.C.) makes no other tune.

    Raises
    ------
    NotationError
        If a note lies outside of what MIDI can play, or a bar cannot be read.
    """
    pitches, onsets, durations = counted_notes(sections)
    if len(set(onsets)) < len(onsets):
        # Notes are sorted by onset, then pitch, so that the highest of a chord is the last.
        top = [*map(ne, onsets, onsets[1:]), True]
        pitches, durations = list(compress(pitches, top)), list(compress(durations, top))
    return list(map(_step, pitches, pitches[1:], durations, durations[1:]))


def _steps(notes: Sequence[Note], lengths: Sequence[Fraction]) -> list[Step]:
    """Return the steps between notes of the given lengths in whole notes."""
    pitches = [note.pitch for note in notes]
    common = lcm(*(length.denominator for length in lengths))
    parts = [length.numerator * (common // length.denominator) for length in lengths]
    return list(map(_step, pitches, pitches[1:], parts, parts[1:]))


@lru_cache(_MOST_KEPT)
def _step(before: int, pitch: int, length_before: int, length: int) -> Step:
    """Return the step from one note to the next; lengths are whole numbers of any unit."""
    common = gcd(length, length_before)
    return pitch - before, length // common, length_before // common


def top_notes(notes: Sequence[Note]) -> list[Note]:
    """Return the highest of the notes that begin together, in order of onset."""
    # Notes are sorted by onset, then pitch, so that the highest of a chord is the last.
    top: list[Note] = []
    last: tuple[int, int] | None = None
    for note in notes:
        onset = note.onset.as_integer_ratio()  # fractions take long to compare
        if onset == last:
            top.pop()
        top.append(note)
        last = onset
    return top


def written_bars(text: str) -> list[Bar]:
    """Return the bars of a tune's text, each once."""
    return [bar for section in read_sections(read_tune(text)) for bar in section.written()]
