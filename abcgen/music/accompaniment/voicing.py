"""Which notes of a chord are struck: near those before, so that the voices move little."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from abcgen.music.accompaniment.chords import Chord

_OCTAVE = 12  # semitones
#: How much a semitone from the middle of the range counts, compared with one that a voice moves.
_MIDDLE = 0.5


@dataclass(frozen=True, slots=True)
class Hand:
    """How an instrument voices chords.

    Attributes
    ----------
    lowest_bass : int
        MIDI note number; the bass spans an octave from there.
    lowest, highest : int
        MIDI note numbers of the chords.
    voices : int
        Notes of a chord.
    strums : bool
        Whether chords are strummed, and the bass rings on below them; else the bass is played in
        octaves, and chords are short.
    """

    lowest_bass: int
    lowest: int
    highest: int
    voices: int
    strums: bool

    def bass(self, pitch_class: int) -> int:
        """Return the MIDI note number of a bass note."""
        return self.lowest_bass + (pitch_class - self.lowest_bass) % _OCTAVE

    def voicing(self, chord: Chord, before: Sequence[int] = ()) -> tuple[int, ...]:
        """Return MIDI note numbers of a chord, the lowest first.

        Parameters
        ----------
        chord : Chord
        before : sequence of int
            The chord before, as it was struck; empty for the first.
        """
        middle = (self.lowest + self.highest) / 2

        def cost(pitches: tuple[int, ...]) -> float:
            away = abs(sum(pitches) / len(pitches) - middle)
            moved = sum(abs(a - b) for a, b in zip(pitches, before, strict=False))
            return moved + _MIDDLE * len(pitches) * away

        return min(_voicings(self, chord), key=cost)


#: Strings of a guitar: E2 to D#3 for the bass, four others for the chords. Two hands at a piano.
GUITAR = Hand(lowest_bass=40, lowest=52, highest=69, voices=4, strums=True)
PIANO = Hand(lowest_bass=31, lowest=55, highest=70, voices=3, strums=False)
_KEYBOARDS = range(24)  # MIDI programs, counted from 0: pianos, chimes, organs


def hand_of(program: int) -> Hand:
    """Return how the instrument of a MIDI program, counted from 0, accompanies."""
    return PIANO if program in _KEYBOARDS else GUITAR


@lru_cache(maxsize=1024)
def _voicings(hand: Hand, chord: Chord) -> tuple[tuple[int, ...], ...]:
    return tuple(_closed(hand, chord))


def _closed(hand: Hand, chord: Chord) -> Iterator[tuple[int, ...]]:
    """Yield the ways to strike a chord within the range, its notes as near as they can be.

    Of more notes than there are voices, that of the bass is left out first, then the fifth and
    the root. Of fewer, the lowest is struck again an octave higher.
    """
    tones = list(chord.tones)
    for optional in (chord.bass, tones[2], tones[0]):
        if len(tones) > hand.voices and optional in tones:
            tones.remove(optional)
    for lowest in range(hand.lowest, hand.lowest + _OCTAVE):
        if lowest % _OCTAVE in tones:
            above = sorted((tone - lowest) % _OCTAVE for tone in tones)
            above += [step + _OCTAVE for step in above]
            pitches = tuple(lowest + step for step in above[: hand.voices])
            if pitches[-1] <= hand.highest:
                yield pitches
