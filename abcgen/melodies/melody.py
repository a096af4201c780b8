"""A melody as it is compared with others: the same in any key and any note length scale.

It is the steps from note to note: by how many semitones, and how many times as long. Of notes that
begin together the highest counts, tied notes are one, and a rest lengthens the note before it,
since `A2 z` and `A3` are the same melody. The tune is taken as it is written, each bar once: played
twice, a repeat would match as a longer run than anybody copied.
"""

import itertools
from dataclasses import dataclass

from abcgen.music.notes import Music, Note, music_of_bars
from abcgen.notation.form import Bar, read_sections
from abcgen.notation.tune import read_tune

#: Semitones to the next note, and how many times as long that one lasts: numerator, denominator.
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
    top = top_notes(music)
    onsets = [note.onset for note in top]
    lengths = [end - onset for onset, end in itertools.pairwise([*onsets, music.duration])]
    steps = []
    notes = zip([note.pitch for note in top], lengths, strict=True)
    for (pitch, length), (next_pitch, next_length) in itertools.pairwise(notes):
        ratio = next_length / length
        steps.append((next_pitch - pitch, ratio.numerator, ratio.denominator))
    bars, bar = [], 0
    for onset in onsets:
        while bar < len(music.bars) and music.bars[bar].onset <= onset:
            bar += 1
        bars.append(bar)
    return Melody(steps, bars, written)


def top_notes(music: Music) -> list[Note]:
    """Return of the notes that begin together the highest, in order of onset."""
    # Notes come sorted by onset, then pitch, so that the highest of a chord is the last.
    return list({note.onset: note for note in music.notes}.values())


def written_bars(text: str) -> list[Bar]:
    """Return the bars of a tune's text, each once."""
    return [bar for section in read_sections(read_tune(text)) for bar in section.written()]
