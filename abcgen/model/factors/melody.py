"""What is known of the melody of a tune so far; see `abcgen.model.factors.situations`."""

from typing import NamedTuple

from abcgen.model.factors.layout import (
    AT_BASS,
    AT_QUALITY,
    AT_ROOT,
    AT_SIGN,
    BASS,
    FLAT,
    MAJOR,
    MINOR,
    SEVENTH,
    SHARP,
    letter_of,
)
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
        The step of the next note by the bar that this one is made of; 0 for none.
    coming_signed : bool
        Whether that has an accidental.
    octave : int
        Where a note has begun that comes by that bar, the octave mark that it has there, as in
        `OCTAVES`, from 1; 0 elsewhere.
    middle : int
        In the first half of a bar that ends like another, the step of the note that begins the
        second half of that; 0 elsewhere, and if none begins there.
    covered : int
        Where a chord symbol has begun or may begin, at the beginning of a bar or in its middle, the
        letters of the notes of the next half bar by that bar, as bits.
    leads_in, leads_out : int
        By the bars that will come together with this one where it comes again: the step of the last
        note of the bar before it, and of the first of the bar behind it. 0 where these are not
        known, or not others than now, and in the first bar of a section.
    base, minor, seventh : int, bool, bool
        The root of the last chord in fifths up from F, and whether the chord is minor, and a
        seventh.
    sign : int
        The accidental that has just been written, as in `SIGNS`, from 1; 0 for none.
    altered : int
        The letters that have had an accidental in this bar, as bits.
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
    coming_signed: bool = False
    octave: int = 0
    middle: int = 0
    covered: int = 0
    leads_in: int = 0
    leads_out: int = 0
    base: int = 0
    minor: bool = False
    seventh: bool = False
    sign: int = 0
    altered: int = 0
    recalled: tuple[int, ...] = (0,) * FIGURES


def moved_on(melody: Melody, last: int, step: int, times: list[int]) -> Melody:
    """Return what is known of a melody where a note has just begun after the last one."""
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
        altered=melody.altered | (melody.sign > 0) << letter_of(step),
        octave=octave_of(melody.coming, step),
        recalled=recalled,
    )


def octave_of(coming: int, step: int) -> int:
    """Return the octave mark with which a note becomes the one that comes, as in `OCTAVES`, from 1.

    0 if it is of another letter, or no note comes.
    """
    if not coming or letter_of(coming) != letter_of(step):
        return 0
    return 1 if coming == step else 2 if coming < step else 3


def chord_begun(melody: Melody, root: int) -> Melody:
    """Return what is known of a melody behind the root of a chord symbol: a letter, 1 for C."""
    # Letters in fifths: F, C, G, D, A, E, B.
    return melody._replace(fresh=True, base=(2 * root - 1) % 7, minor=False, seventh=False)


def chord_goes_on(melody: Melody, within: int, sign: int) -> tuple[Melody, int]:
    """Return what is known of a melody, and how far a chord symbol is, where that goes on.

    Parameters
    ----------
    melody : Melody
        Before a character of the symbol.
    within : int
        Where the symbol is: `AT_ROOT`, or what comes after that.
    sign : int
        What the character is, as in `SIGNS`; 0 for none of these.
    """
    if within == AT_BASS or sign == BASS:
        return melody, AT_BASS
    if within == AT_ROOT and sign in (SHARP, FLAT):
        return melody._replace(base=melody.base + (7 if sign == SHARP else -7)), AT_SIGN
    minor = (melody.minor and sign != MAJOR) or sign == MINOR
    seventh = melody.seventh or sign == SEVENTH
    return melody._replace(minor=minor, seventh=seventh), AT_QUALITY


def change_of(before: int, after: int) -> int:
    """Return the number of the change from a step to another, 0 for none of either."""
    if not before or not after:
        return NO_CHANGE
    return min(max(after - before, -MOST_CHANGE), MOST_CHANGE) + MOST_CHANGE
