"""Where bars begin, as what goes with the melody tells: where its bass and its chords change.

Some programs begin the music a beat or two after the time of the file does, without a word on it.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from math import sqrt

from abcgen.formats.bar_text import QUARTER
from abcgen.formats.midi_in.harmony import Heard
from abcgen.formats.midi_in.pitches import OCTAVE

_EIGHTH = QUARTER // 2
#: The share of bass notes that must agree on where the bars begin.
_AGREE = 0.6
#: How many times as much the notes must change at other bar lines as at those of the file.
_CLEARER = 1.25
#: Bars that it takes to tell the metre.
_FEWEST = 8
#: Beats for which a note counts that is held on.
_MOST_HELD = 16


def by_bass(full: int, bass: Sequence[int]) -> int:
    """Return how long the pickup is where the bass begins with the first full bar, or 0.

    Parameters
    ----------
    full : int
        The length of a bar, in units.
    bass : sequence of int
        When the bass plays, in order.
    """
    places = Counter(round(onset / _EIGHTH) * _EIGHTH % full for onset in bass)
    if not bass or places.most_common(1)[0][1] < _AGREE * len(bass) / 2:
        return 0
    first = round(bass[0] / _EIGHTH) * _EIGHTH % full
    # The bass begins with a bar, and begins most of them.
    on_lines = {onset // full for onset in bass if (onset - first) % full == 0}
    of_file = {onset // full for onset in bass if onset % full == 0}
    count = (bass[-1] - bass[0]) // full + 1
    if len(on_lines) < _AGREE * count or len(of_file) >= len(on_lines):
        return 0
    return first


def by_changes(full: int, silent: int, heard: Sequence[Heard]) -> int:
    """Return how late the bars of a file begin whose first beats are silent, or 0.

    Parameters
    ----------
    full : int
        The length of a bar, in units.
    silent : int
        When the first note of all begins.
    heard : sequence of Heard
        What goes with the melody, in order.
    """
    beat = QUARTER if full % QUARTER == 0 else _EIGHTH
    in_bar, beats = full // beat, silent // beat
    if not beats or not heard or full % beat:
        return 0
    sums = _sums(heard, beat)
    found = [_change(sums, late, in_bar) for late in range(min(beats + 1, in_bar))]
    best = max(range(len(found)), key=lambda late: found[late])
    return best * beat if found[best] > _CLEARER * found[0] else 0


def standing_out(full: int, heard: Sequence[Heard]) -> float:
    """Return how far the changes at the likeliest bar lines stand out in a metre, or 0.

    Where the bars are not those of the music, the notes change at all beats of them alike.

    Parameters
    ----------
    full : int
        The length of a bar, in units.
    heard : sequence of Heard
        What goes with the melody, in order.

    Returns
    -------
    float
        How many times as much the notes change at the beat where they change most as on average;
        0 if there are too few bars to tell.
    """
    in_bar = full // QUARTER
    sums = _sums(heard, QUARTER)
    if len(sums) < _FEWEST * in_bar:
        return 0
    found = [_change(sums, late, in_bar) for late in range(in_bar)]
    return max(found) * in_bar / sum(found) if any(found) else 0


def _sums(heard: Sequence[Heard], beat: int) -> list[list[int]]:
    """Return for each beat how long each pitch class has sounded up to it, (beats + 1, 12)."""
    sounded: dict[int, list[int]] = {}
    for note in heard:
        end = note.onset + min(note.length, _MOST_HELD * beat)
        for place in range(note.onset // beat, -(-end // beat)):
            counts = sounded.setdefault(place, [0] * OCTAVE)
            begin = max(note.onset, place * beat)
            counts[note.pitch % OCTAVE] += min(end, (place + 1) * beat) - begin
    beats = (sounded.get(place, [0] * OCTAVE) for place in range(max(sounded, default=0) + 1))
    return list(
        accumulate(
            beats,
            lambda before, now: [a + b for a, b in zip(before, now, strict=True)],
            initial=[0] * OCTAVE,
        )
    )


def _change(sums: Sequence[Sequence[int]], late: int, in_bar: int) -> float:
    """Return how much the notes of bars differ from those of the bars before, from 0 to 1."""
    found = []
    for line in range(late + in_bar, len(sums), in_bar):
        end = min(line + in_bar, len(sums) - 1)
        before = [b - a for a, b in zip(sums[line - in_bar], sums[line], strict=True)]
        after = [b - a for a, b in zip(sums[line], sums[end], strict=True)]
        if any(before) and any(after):
            found.append(1 - _likeness(before, after))
    return sum(found) / len(found) if found else 0


def _likeness(first: Sequence[int], second: Sequence[int]) -> float:
    """Return the cosine between two counts."""
    product = sum(a * b for a, b in zip(first, second, strict=True))
    return product / sqrt(sum(a * a for a in first) * sum(b * b for b in second))
