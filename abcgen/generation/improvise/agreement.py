"""How far a melody keeps to its chords: the share of notes of the chord on beats."""

from fractions import Fraction
from typing import NamedTuple

from abcgen.generation.improvise.closeness import beat_in
from abcgen.music.notes import music_of
from abcgen.notation.chords import chord_pitches, spell_chord
from abcgen.notation.tune import read_tune


class Agreement(NamedTuple):
    """Notes that begin on beats under a chord, and those of them that belong to it."""

    belong: int = 0
    notes: int = 0

    def plus(self, other: "Agreement") -> "Agreement":
        """Return both together."""
        return Agreement(self.belong + other.belong, self.notes + other.notes)

    @property
    def share(self) -> float:
        """The share of notes that belong to their chord, 1 where there are none."""
        return self.belong / self.notes if self.notes else 1.0


def agreement_of(text: str) -> Agreement:
    """Return how far a tune keeps to its chords, repeats played.

    Raises
    ------
    NotationError
        If the tune cannot be read.
    """
    music = music_of(read_tune(text))
    chords = [
        (symbol.onset, frozenset(pitch % 12 for pitch in chord_pitches(spelled)[1]))
        for symbol in music.chords
        if (spelled := spell_chord(symbol.text)) is not None
    ]
    starts = [bar.onset for bar in music.bars]
    beats = [Fraction(beat_in(bar.setting.meter), 8) for bar in music.bars]
    belong = notes = chord = bar = 0
    for note in music.notes:
        while bar + 1 < len(starts) and starts[bar + 1] <= note.onset:
            bar += 1
        while chord + 1 < len(chords) and chords[chord + 1][0] <= note.onset:
            chord += 1
        if not chords or chords[chord][0] > note.onset or (note.onset - starts[bar]) % beats[bar]:
            continue
        notes += 1
        belong += note.pitch % 12 in chords[chord][1]
    return Agreement(belong, notes)
