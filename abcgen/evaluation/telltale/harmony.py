"""Features of chords: which they are, how often they change, whether the melody agrees."""

import bisect
import itertools
from fractions import Fraction
from typing import NamedTuple

from abcgen.evaluation.telltale.outline import Outline
from abcgen.evaluation.telltale.values import Features, entropy, histogram, mean, share
from abcgen.notation.chords import chord_pitches, spell_chord

_DOMINANT = 7  # semitones above the tonic
_MINOR_THIRD, _SEVENTH = 3, 10  # semitones above the root
_LONG = Fraction(1, 4)  # of a whole note


class _Chord(NamedTuple):
    """A chord symbol that is read; semitones from C, times in whole notes."""

    onset: float
    root: int
    pitches: frozenset[int]


def chords_of(outline: Outline) -> Features:
    """Return the features of chords by name; all NaN for a tune without chords."""
    chords = _read(outline)
    roots = [(chord.root - outline.tonic) % 12 for chord in chords]
    changes = [(one, other) for one, other in itertools.pairwise(roots) if one != other]
    bars = outline.bars if chords else []
    numbers = [len(bar.chords) for bar in bars]
    found = histogram("chord on semitone", range(12), roots)
    found |= {
        "chords of a bar": mean(numbers),
        "bars without a chord of their own": share(count == 0 for count in numbers),
        "bars of several chords": share(count > 1 for count in numbers),
        "chords repeated": share(a.root == b.root for a, b in itertools.pairwise(chords)),
        "V to I among changes": share(pair == (_DOMINANT, 0) for pair in changes),
        "I to V among changes": share(pair == (0, _DOMINANT) for pair in changes),
        "minor chords": share((c.root + _MINOR_THIRD) % 12 in c.pitches for c in chords),
        "seventh chords": share((c.root + _SEVENTH) % 12 in c.pitches for c in chords),
        "entropy of chords": entropy(roots),
        "entropy of changes": entropy(changes),
        "first chord is I": share(root == 0 for root in roots[:1]),
        "last chord is I": share(root == 0 for root in roots[-1:]),
        "chord before the last is V": share(root == _DOMINANT for root in roots[-2:-1]),
    }
    firsts = [part.bars for part in outline.parts[:2]] if chords else []
    for name, section in zip(("first", "second"), [*firsts, [], []], strict=False):
        found[f"{name} section: chords of bar 5 = bar 1"] = share(
            section[4].chords == section[0].chords for _ in section[4:5]
        )
        found[f"{name} section: chords of bars four apart the same"] = share(
            a.chords == b.chords for a, b in zip(section, section[4:], strict=False)
        )
    return found | _agreement(outline, chords)


def _read(outline: Outline) -> list[_Chord]:
    """Return the chords of a tune, in order."""
    chords = []
    for symbol in outline.music.chords:
        spelled = spell_chord(symbol.text)
        if spelled:
            _, pitches = chord_pitches(spelled)
            root = pitches[0] % 12
            chords.append(
                _Chord(float(symbol.onset), root, frozenset(pitch % 12 for pitch in pitches))
            )
    return chords


def _agreement(outline: Outline, chords: list[_Chord]) -> Features:
    """Return how many notes belong to the chord over them."""
    onsets = [chord.onset for chord in chords]
    starts = {float(bar.onset) for bar in outline.music.bars}
    all_notes, firsts, longs, changed = [], [], [], []
    for note in outline.notes if chords else []:
        onset = float(note.onset)
        place = bisect.bisect_right(onsets, onset) - 1
        if place < 0:
            continue
        agrees = note.pitch % 12 in chords[place].pitches
        all_notes.append(agrees)
        if onset in starts:
            firsts.append(agrees)
        if note.duration >= _LONG:
            longs.append(agrees)
        if onset == chords[place].onset:
            changed.append(agrees)
    return {
        "notes of the chord": share(all_notes),
        "first notes of bars of the chord": share(firsts),
        "long notes of the chord": share(longs),
        "notes of the chord where it changes": share(changed),
    }
