"""A soft accompaniment: a bass on strong beats, chords on the others, or the tune's own pattern."""

import functools
import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from abcgen.music.accompaniment.chords import Span
from abcgen.music.accompaniment.gchord import Pattern, Stroke, struck
from abcgen.music.accompaniment.parts import BASS_VELOCITY, CHORD_VELOCITY, Backing
from abcgen.music.directives import Steps
from abcgen.music.measures import missing_starts
from abcgen.music.sounds import PlayedBar, Sound
from abcgen.notation.meters import is_compound
from abcgen.notation.tune import read_meter

#: MIDI note numbers of the lowest bass (C2) and chord (C3) notes; both span one octave.
LOWEST_BASS, LOWEST_CHORD = 36, 48
_QUARTER, _EIGHTH = Fraction(1, 4), Fraction(1, 8)  # of a whole note
_START = Fraction(0)
_USUAL: Steps[Pattern | None] = ((_START, None),)


def play_simply(
    bars: Sequence[PlayedBar], spans: Sequence[Span], patterns: Steps[Pattern | None] = _USUAL
) -> Backing:
    """Return a bass note on strong beats and at changes of chord, and chords on the other beats.

    Parameters
    ----------
    bars : sequence of PlayedBar
        Of one that rests for several bars, only the first is accompanied.
    spans : sequence of Span
        The chords.
    patterns : sequence of (Fraction, Pattern or None)
        From which onsets on a pattern of the tune's own is played instead. A bar of another
        metre ends it, as with abc2midi.
    """
    backing = Backing()
    shown = place = -1  # the place of the chord that was struck last, and of that which sounds
    for stroke, pattern in _strokes(bars, patterns):
        while place + 1 < len(spans) and spans[place + 1].onset <= stroke.begin:
            place += 1
        chord = spans[place].chord if place >= 0 else None
        if chord is None:
            shown = -1
            continue
        if pattern is not None:
            heard = list(struck(stroke.letter, chord))
        elif stroke.letter == "f" or place != shown:
            heard = [(True, LOWEST_BASS + chord.bass)]
        else:
            heard = [(False, LOWEST_CHORD + tone) for tone in sorted(set(chord.tones))]
        shown = place
        duration = min(stroke.end, spans[place].end) - stroke.begin
        for is_bass, pitch in heard:
            sounds, velocity = (
                (backing.bass, BASS_VELOCITY) if is_bass else (backing.chords, CHORD_VELOCITY)
            )
            sounds.append(Sound(pitch, stroke.begin, duration, velocity))
    return backing


def _strokes(
    bars: Sequence[PlayedBar], patterns: Steps[Pattern | None]
) -> Iterator[tuple[Stroke, Pattern | None]]:
    """Yield what is struck and when, in whole notes, and of which pattern; None for the usual."""
    later = list(patterns)
    pattern, meter = None, ""
    for bar, skipped in zip(bars, missing_starts(bars), strict=True):
        if bar.setting.meter != meter:
            pattern, meter = None, bar.setting.meter
        end = bar.onset + bar.duration
        begin = bar.onset
        while begin < end:
            while later and later[0][0] <= begin:
                pattern = later.pop(0)[1]
            until = min(end, later[0][0]) if later else end
            for stroke in beats_of(meter) if pattern is None else in_bar(pattern, meter):
                onset = bar.onset + stroke.begin - skipped
                if begin <= onset < until:
                    last = min(bar.onset + stroke.end - skipped, end)
                    yield Stroke(stroke.letter, onset, last), pattern
            begin = until


def in_bar(pattern: Pattern, meter: str) -> Iterator[Stroke]:
    """Yield the strokes of a pattern, their times in whole notes of a bar."""
    length = read_meter(meter)
    for letter, begin, end in pattern:
        yield Stroke(letter, begin * length, end * length)


@functools.lru_cache
def beats_of(meter: str) -> tuple[Stroke, ...]:
    """Return the beats of a bar, times in whole notes: ``f`` the strong ones, ``c`` the others."""
    length = read_meter(meter)
    if is_compound(meter):
        # A bass note on the first eighth of three, a chord on the last.
        places = [eighth for eighth in range(int(length / _EIGHTH)) if eighth % 3 != 1]
        return tuple(_beat(place % 3 == 0, place * _EIGHTH, _EIGHTH) for place in places)
    beat = _QUARTER if length % _QUARTER == 0 else _EIGHTH
    count = math.ceil(length / beat)
    # In threes the bass has only one beat, and an odd bar ends in a three.
    strong = [index % 2 == 0 and (index < count - 1 or count == 1) for index in range(count)]
    return tuple(_beat(strong[index], index * beat, beat) for index in range(count))


def _beat(strong: bool, begin: Fraction, length: Fraction) -> Stroke:
    return Stroke("f" if strong else "c", begin, begin + length)
