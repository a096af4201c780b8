"""What is known of the melody of a tune so far; see `abcgen.model.factors.situations`."""

from typing import NamedTuple

from abcgen.model.factors.layout import FLAT, MINOR, SHARP
from abcgen.model.factors.rows import CHANGES, FIGURES, MOST_CHANGE, NO_CHANGE


class Melody(NamedTuple):
    """What is known of the melody so far, beside its last note.

    Attributes
    ----------
    second, third, fourth : int
        The steps of the notes before the last one; 0 for none.
    lowest, highest : int
        Those of the lowest and the highest note before the last one.
    chords : int
        The chord symbols in this bar.
    fresh : bool
        Whether no note has followed the last chord symbol.
    sounding : bool
        Whether a note has just begun, so that it may become longer.
    onset, held : int
        When the last note began, and how long before that the one before it, in ticks.
    coming : int
        Within a chord symbol, the letter of what sounds next in the bar that this one is made of;
        0 for none.
    base, minor : int, bool
        The root of the last chord in fifths up from F, and whether the chord is minor.
    sign, altered : bool
        Whether an accidental has just been written, and whether one has been in this bar.
    recalled : tuple of int, FIGURES
        For each two changes of step which ones have followed them so far, as bits.
    """

    second: int = 0
    third: int = 0
    fourth: int = 0
    lowest: int = 0
    highest: int = 0
    chords: int = 0
    fresh: bool = False
    sounding: bool = False
    onset: int = 0
    held: int = 0
    coming: int = 0
    base: int = 0
    minor: bool = False
    sign: bool = False
    altered: bool = False
    recalled: tuple[int, ...] = (0,) * FIGURES


def moved_on(melody: Melody, last: int, times: list[int]) -> Melody:
    """Return what is known of a melody where another note has just begun after the last one."""
    onset = times[-2] if len(times) > 1 else 0
    recalled = melody.recalled
    if last and melody.second:
        before = change_of(melody.fourth, melody.third), change_of(melody.third, melody.second)
        figure = before[0] * CHANGES + before[1]
        follows = recalled[figure] | 1 << change_of(melody.second, last)
        recalled = (*recalled[:figure], follows, *recalled[figure + 1 :])
    return melody._replace(
        second=last,
        third=melody.second,
        fourth=melody.third,
        lowest=min(melody.lowest or last, last),
        highest=max(melody.highest, last),
        fresh=False,
        sounding=True,
        onset=onset,
        held=onset - melody.onset if last else 0,
        recalled=recalled,
    )


def chord_begun(melody: Melody, root: int) -> Melody:
    """Return what is known of a melody behind the root of a chord symbol: a letter, 1 for C."""
    # Letters in fifths: F, C, G, D, A, E, B.
    return melody._replace(fresh=True, base=(2 * root - 1) % 7, minor=False)


def chord_goes_on(melody: Melody, sign: int) -> Melody:
    """Return what is known of a melody where a chord symbol goes on: see `SIGNS`."""
    if sign in (SHARP, FLAT):
        return melody._replace(base=melody.base + (7 if sign == SHARP else -7))
    return melody._replace(minor=melody.minor or sign == MINOR)


def change_of(before: int, after: int) -> int:
    """Return the number of the change from a step to another, 0 for none of either."""
    if not before or not after:
        return NO_CHANGE
    return min(max(after - before, -MOST_CHANGE), MOST_CHANGE) + MOST_CHANGE
