"""In what situation a tune is; habits depend on it, see `abcgen.model.habits`.

A situation is told in columns of numbers; 0 says nothing. Each but the last is a row of the table
of habits.
"""

from typing import NamedTuple

from abcgen.model.factors.layout import RASTER, letter_of
from abcgen.model.factors.lexing import KEYS, WHOLE
from abcgen.model.factors.plan import COPY, KINDS, LETTERS, MOVED, STEPS, PlanTable
from abcgen.model.factors.position import Bars

#: The columns: the steps of the last notes; the beat and the chord so far, or what comes before a
#: new one; in
#: the last bar of a section how much time is left, the note at that time, and whether a note has
#: just begun; how far the tune reaches down and up; what kind of bar echoes are heard in.
MOVING, HARMONY, CLOSING, LANDING, HOLDING, REACHING_DOWN, REACHING_UP, ECHOING = range(8)
SITUATIONS = 8
#: Kinds of bars that go as others do from beginning to end.
GOES_LIKE = (COPY, MOVED)
#: With chords or without: the styles of a plan.
STYLES = 2
#: Steps between notes that are distinguished, up and down; `NO_CHANGE` stands for none yet.
MOST_CHANGE = 5
NO_CHANGE = 2 * MOST_CHANGE + 1
CHANGES = NO_CHANGE + 1
#: Times in a bar: its beginning, its middle, another beat, between beats.
BEATS = 4
#: Chords of a bar that are distinguished: none yet, one, more.
MOST_CHORDS = 3
#: The time left in a section is told in steps at these numbers of 1/32 notes; or in eighths, of
#: which a part counts as one where a note begins that may be the last.
_CLOSE = (1, 3, 5, 7, 9, 13, 17, 25, 33)
CLOSENESSES = len(_CLOSE) + 1
_EIGHTH = 4
#: Where so much is left, the next note is one of the last.
_LAST = 3 * _EIGHTH
LANDINGS = 8
HOLDINGS = 11
#: Whether a letter will have an octave mark, as notes below C and above b do, is guessed by the
#: last note: these are its first step that is distinguished, and how many are.
FEW_BELOW, BELOWS = 11, 8
FEW_ABOVE, ABOVES = 25, 9

#: The first row of each kind, and the rows that there are.
MOVES = 1
CHORDS = MOVES + STYLES * CHANGES * CHANGES * STEPS
ROOTS = CHORDS + STYLES * 2 * BEATS * MOST_CHORDS * LETTERS
CLOSES = ROOTS + KEYS * LETTERS * 2
LANDS = CLOSES + STYLES * 2 * CLOSENESSES * (LETTERS - 1)
HOLDS = LANDS + STYLES * 2 * LANDINGS * (LETTERS - 1) * STEPS
DOWNS = HOLDS + STYLES * 2 * HOLDINGS * 2
UPS = DOWNS + STYLES * 8 * STEPS * BELOWS
ROWS = UPS + STYLES * 8 * STEPS * ABOVES
#: Kinds of bars in which echoes are heard: in notes, and in the letters of chords.
ECHOINGS = KINDS * 2


class Melody(NamedTuple):
    """What is known of the melody so far, beside its last note.

    Attributes
    ----------
    second, third : int
        The steps of the notes before the last one; 0 for none.
    lowest, highest : int
        Those of the lowest and the highest note before the last one.
    chords : int
        The chord symbols in this bar.
    fresh : bool
        Whether no note has followed the last chord symbol.
    sounding : bool
        Whether a note has just begun, so that it may become longer.
    """

    second: int = 0
    third: int = 0
    lowest: int = 0
    highest: int = 0
    chords: int = 0
    fresh: bool = False
    sounding: bool = False


def situation_of(
    bars: Bars,
    table: PlanTable,
    kind: int,
    time: int,
    heard: tuple[int, int, int],
    melody: Melody,
) -> list[int]:
    """Return the situation, a row for each column.

    Parameters
    ----------
    bars, table : Bars, PlanTable
        Where the tune is, and its plan; without one, there are no habits.
    kind : int
        What the plan makes this bar, 0 if it is new. One that is to go like another has no habits
        of its own.
    time : int
        In ticks.
    heard : tuple of int
        As in `abcgen.model.factors.reader.Reading`.
    melody : Melody
        What else has been heard.
    """
    rows = [0] * SITUATIONS
    sections, low, high, style = table.whole
    step, root, within = heard
    if not bars.body or not sections or kind in GOES_LIKE or within > 1:
        return rows
    rows[ECHOING] = 1 + kind * 2 + within
    if within:
        rows[HARMONY] = ROOTS + (bars.key * LETTERS + root) * 2 + (melody.chords == 1)
        return rows
    if step:
        before, last = change_of(melody.third, melody.second), change_of(melody.second, step)
        changes = ((style - 1) * CHANGES + before) * CHANGES + last
        rows[MOVING] = MOVES + changes * STEPS + step
    place = ((style - 1) * 2 + melody.fresh) * BEATS + _beat_of(bars, time)
    chords = min(melody.chords, MOST_CHORDS - 1)
    rows[HARMONY] = CHORDS + (place * MOST_CHORDS + chords) * LETTERS + root
    left = _left_in_section(bars, table, time)
    if left is not None:
        rows[CLOSING : HOLDING + 1] = _closing(bars, table, left, step, melody.sounding)
    if low and high:
        ends = left is not None and left <= _LAST
        rows[REACHING_DOWN : REACHING_UP + 1] = _reaching(bars, table, step, melody, ends)
    return rows


def _left_in_section(bars: Bars, table: PlanTable, time: int) -> int | None:
    """Return the 1/32 notes that are left in the last bar of a section; None in other bars."""
    if table.lengths[min(bars.sections, len(table.lengths) - 1)] != bars.in_section:
        return None
    return max(bars.size - (time - bars.began) - bars.pickup, 0) // RASTER


def _closing(bars: Bars, table: PlanTable, left: int, step: int, sounding: bool) -> list[int]:
    """Return the rows of how a section ends: from `CLOSING` to `HOLDING`."""
    close = land = hold = 0
    sections, _, _, style = table.whole
    target = table.targets[min(bars.sections, len(table.targets) - 1)]
    which = (style - 1) * 2 + (bars.sections >= sections - 1)
    if 1 <= target < LETTERS:
        near = which * CLOSENESSES + sum(left >= least for least in _CLOSE)
        close = CLOSES + near * (LETTERS - 1) + target - 1
        when = which * LANDINGS + min((left + _EIGHTH - 1) // _EIGHTH, LANDINGS - 1)
        land = step and LANDS + (when * (LETTERS - 1) + target - 1) * STEPS + step
    if sounding:
        time_left = which * HOLDINGS + min(left // _EIGHTH, HOLDINGS - 1)
        hold = HOLDS + time_left * 2 + (letter_of(step) == target)
    return [close, land, hold]


def _reaching(
    bars: Bars, table: PlanTable, step: int, melody: Melody, ends: bool
) -> tuple[int, int]:
    """Return the rows of how far a tune reaches, down and up; `ends` where a section does."""
    _, low, high, style = table.whole
    later = bars.sections > 0
    not_yet = not step or min(melody.lowest or step, step) > low
    below = min(max(step or STEPS, FEW_BELOW), FEW_BELOW + BELOWS - 1) - FEW_BELOW
    way = (((style - 1) * 2 + not_yet) * 2 + later) * 2 + ends
    down = DOWNS + (way * STEPS + low) * BELOWS + below
    not_yet = max(melody.highest, step) < high
    above = min(max(step, FEW_ABOVE), FEW_ABOVE + ABOVES - 1) - FEW_ABOVE
    way = (((style - 1) * 2 + not_yet) * 2 + later) * 2 + ends
    return down, UPS + (way * STEPS + high) * ABOVES + above


def change_of(before: int, after: int) -> int:
    """Return the number of the change from a step to another, 0 for none of either."""
    if not before or not after:
        return NO_CHANGE
    return min(max(after - before, -MOST_CHANGE), MOST_CHANGE) + MOST_CHANGE


def _beat_of(bars: Bars, time: int) -> int:
    """Return where in a bar a time is: at its beginning, its middle, a beat, or between."""
    since = max(time - bars.began, 0)
    if not since or since >= bars.size:
        return 0
    if 2 * since == bars.size:
        return 1
    quarters = bars.size % (WHOLE // 4) == 0 and bars.size % (3 * WHOLE // 8)
    return 2 if since % (WHOLE // 4 if quarters else WHOLE // 8) == 0 else 3
