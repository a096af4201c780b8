"""Swing: told from where the second of two notes in a beat begins, and taken out."""

from collections.abc import Sequence
from statistics import median, pstdev

from abcgen.formats.midi_in.line import Sound

#: Where the second eighth of a swung beat begins, as parts of the beat.
_LEAST, _MOST = 0.56, 0.75
_FEWEST = 8  # beats that it takes to tell
_SPREAD = 0.05  # of the places of the second notes, in beats
_MOST_EVEN = 0.1  # the share of such beats that may be even
_THIRD = 0.05  # how far a note of a triplet may be from its place, in beats


def swing_of(sounds: Sequence[Sound], ticks: int) -> float | None:
    """Return what the first eighth takes of a beat, or None where the notes do not swing.

    Beats with exactly two notes, the first of them on the beat, are measured. Beats with a third
    note at a third of the beat are triplets, and tell nothing.
    """
    beats: dict[int, list[float]] = {}
    for sound in sounds:
        beat, place = divmod(sound.onset, ticks)
        beats.setdefault(int(beat), []).append(place / ticks)
    seconds = [
        places[1]
        for places in beats.values()
        if len(places) == 2 and places[0] < 0.08 and 0.4 < places[1] < 0.85
    ]
    swung = [place for place in seconds if _LEAST <= place <= _MOST]
    if len(swung) < _FEWEST or len(swung) < (1 - _MOST_EVEN) * len(seconds):
        return None
    middle = median(swung)
    # Dotted eighths stand at 3/4, and are written as they are.
    return middle if pstdev(swung) <= _SPREAD and middle < _MOST - 0.02 else None


def triplets_of(onsets: Sequence[float], ticks: int) -> set[float]:
    """Return the beats in which notes begin at both thirds, and which do not swing therefore."""
    thirds: dict[float, set[int]] = {}
    for time in onsets:
        beat, place = divmod(time, ticks)
        third = round(place * 3 / ticks)
        if abs(place / ticks - third / 3) < _THIRD:
            thirds.setdefault(beat, set()).add(third)
    return {beat for beat, found in thirds.items() if {1, 2} <= found}


def straightened(time: float, swing: float, ticks: int) -> float:
    """Return when a moment would be played without swing, in ticks."""
    beat, place = divmod(time, ticks)
    part = place / ticks
    half = part / swing / 2 if part <= swing else 1 - (1 - part) / (1 - swing) / 2
    return beat * ticks + half * ticks
