"""Chord symbols played as a soft accompaniment: a bass on strong beats, chords on the others."""

import functools
import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from abcgen.music.directives import Steps, step_at
from abcgen.music.measures import missing_starts
from abcgen.music.notes import ChordSymbol, Music, PlayedBar
from abcgen.music.sounds import Sound
from abcgen.notation.chords import chord_pitches, looks_like_chord, spell_chord
from abcgen.notation.meters import is_compound
from abcgen.notation.tune import read_meter

#: Velocities, 1 to 127, well below the melody's.
BASS_VELOCITY, CHORD_VELOCITY = 52, 40
#: MIDI note numbers of the lowest bass (C2) and chord (C3) notes; both span one octave.
LOWEST_BASS, LOWEST_CHORD = 36, 48
_QUARTER, _EIGHTH = Fraction(1, 4), Fraction(1, 8)  # of a whole note
_NO_CHORD = frozenset({"N.C.", "NC", "N.C", "N/C", "NO CHORD", "TACET"})
_ALWAYS: Steps[bool] = ((Fraction(0), True),)


def accompaniment(music: Music, on: Steps[bool] = _ALWAYS) -> Iterator[Sound]:
    """Yield a bass note on strong beats and at changes of chord, and chords on the other beats.

    Parameters
    ----------
    music : Music
        Its chord symbols and bars. Nothing sounds under a symbol that is not understood.
    on : sequence of (Fraction, bool)
        From which onsets on, the first 0, it is played or silent.
    """
    chords = _sounding_chords(music.chords)
    index, last = -1, None
    for onset, strong, length in _beats(music.bars):
        while index + 1 < len(chords) and chords[index + 1].onset <= onset:
            index += 1
        spelled = spell_chord(chords[index].text) if index >= 0 else None
        if spelled is None or not step_at(on, onset):
            last = None
            continue
        end = chords[index + 1].onset if index + 1 < len(chords) else music.duration
        length = min(length, end - onset)
        bass, pitches = chord_pitches(spelled)
        if strong or index != last:
            yield Sound(LOWEST_BASS + bass, onset, length, BASS_VELOCITY)
        else:
            for pitch in sorted({pitch % 12 for pitch in pitches}):
                yield Sound(LOWEST_CHORD + pitch, onset, length, CHORD_VELOCITY)
        last = index


def _sounding_chords(symbols: Sequence[ChordSymbol]) -> list[ChordSymbol]:
    """Return the symbols that begin or end a chord; of two at one place, the first."""
    chords: list[ChordSymbol] = []
    for chord in symbols:
        counts = looks_like_chord(chord.text) or chord.text.upper() in _NO_CHORD
        if counts and not (chords and chords[-1].onset == chord.onset):
            chords.append(chord)
    return chords


def _beats(bars: list[PlayedBar]) -> Iterator[tuple[Fraction, bool, Fraction]]:
    """Yield (onset, whether strong, length) of the beats of the accompaniment.

    Of a rest of several bars, only the first bar is accompanied.
    """
    for bar, skipped in zip(bars, missing_starts(bars), strict=True):
        for place, strong, length in _pattern(bar.setting.meter):
            if 0 <= place - skipped < bar.duration:
                end = min(place - skipped + length, bar.duration)
                yield bar.onset + place - skipped, strong, end - (place - skipped)


@functools.lru_cache
def _pattern(meter: str) -> tuple[tuple[Fraction, bool, Fraction], ...]:
    """Return (place in the bar, whether strong, length) of the beats of a bar."""
    length = read_meter(meter)
    if is_compound(meter):
        # A bass note on the first eighth of three, a chord on the last.
        places = [eighth for eighth in range(int(length / _EIGHTH)) if eighth % 3 != 1]
        return tuple((place * _EIGHTH, place % 3 == 0, _EIGHTH) for place in places)
    beat = _QUARTER if length % _QUARTER == 0 else _EIGHTH
    count = math.ceil(length / beat)
    # In threes the bass has only one beat, and an odd bar ends in a three.
    strong = [index % 2 == 0 and (index < count - 1 or count == 1) for index in range(count)]
    return tuple((index * beat, strong[index], beat) for index in range(count))
