"""The chords of a tune: which one sounds from when to when."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from abcgen.music.directives import Steps, step_at
from abcgen.music.notes import ChordSymbol, Music
from abcgen.notation.chord_symbols import is_silent, read_chord
from abcgen.notation.chords import chord_pitches, looks_like_chord, spell_chord

_ALWAYS: Steps[bool] = ((Fraction(0), True),)


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord.

    Attributes
    ----------
    bass : int
        The pitch class of its lowest note, 0 for C to 11.
    pitches : tuple of int
        Semitones above the C below its root, the root first, then third and fifth.
    """

    bass: int
    pitches: tuple[int, ...]

    @property
    def tones(self) -> tuple[int, ...]:
        """The pitch classes of `pitches`."""
        return tuple(pitch % 12 for pitch in self.pitches)


@dataclass(frozen=True, slots=True)
class Span:
    """A chord, from its onset to its end in whole notes; None where none is played."""

    onset: Fraction
    end: Fraction
    chord: Chord | None


def spans_of(music: Music, on: Steps[bool] = _ALWAYS) -> list[Span]:
    """Return the chords of some music, one span for each chord symbol.

    Parameters
    ----------
    music : Music
        No chord is played under a symbol that is not understood. Texts that are no chord
        symbols change nothing.
    on : sequence of (Fraction, bool)
        From which onsets on, the first 0, chords are played or silent.
    """
    symbols = _sounding_chords(music.chords)
    ends = [*(symbol.onset for symbol in symbols[1:]), music.duration]
    spans = []
    for symbol, end in zip(symbols, ends, strict=bool(symbols)):
        spelled = _spelled(symbol.text)
        spans.append(Span(symbol.onset, end, Chord(*chord_pitches(spelled)) if spelled else None))
    return spans if len(on) == 1 and on[0][1] else list(_cut(spans, on))


def is_chord(text: str) -> bool:
    """Return whether a text is meant as a chord symbol, known or not, or says N.C."""
    return looks_like_chord(text) or is_silent(text)


def is_known(text: str) -> bool:
    """Return whether it is understood what a symbol plays."""
    return _spelled(text) is not None or is_silent(text)


def _spelled(text: str) -> str | None:
    """Return a chord as `spell_chord` spells it, or the nearest that is known; else None."""
    read = None if is_silent(text) else read_chord(text)
    return spell_chord(text) or (read.spelled if read else None)


def span_at(spans: Sequence[Span], time: Fraction) -> int:
    """Return the place of the last span that begins at a time or before; -1 if there is none."""
    return bisect_right(spans, time, key=lambda span: span.onset) - 1


def _sounding_chords(symbols: Sequence[ChordSymbol]) -> list[ChordSymbol]:
    """Return the symbols that begin or end a chord; of two at one place, the first."""
    chords: list[ChordSymbol] = []
    for chord in symbols:
        if is_chord(chord.text) and not (chords and chords[-1].onset == chord.onset):
            chords.append(chord)
    return chords


def _cut(spans: Sequence[Span], on: Steps[bool]) -> Iterator[Span]:
    """Yield spans cut where chords are switched on or off."""
    switches = [onset for onset, _ in on]
    for span in spans:
        inside = [onset for onset in switches if span.onset < onset < span.end]
        for onset, end in zip([span.onset, *inside], [*inside, span.end], strict=True):
            yield Span(onset, end, span.chord if step_at(on, onset) else None)
