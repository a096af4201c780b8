"""In what situation a tune is; habits depend on it, see `abcgen.model.habits`.

A situation is told in columns of numbers; 0 says nothing. Most are rows of one of the two tables of
habits, by character or by step.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abcgen.model.factors.layout import MIDDLE, RASTER, letter_of, slot_of
from abcgen.model.factors.lexing import KEYS, WHOLE
from abcgen.model.factors.plan import COPY, KINDS, LETTERS, MOVED, NEW, STEPS, PlanTable
from abcgen.model.factors.position import FIRST, NONE, REPEATED, Bars
from abcgen.notation.keys import MODES

#: The columns of what characters are chosen by: what the bar is made of, the beat and the chord so
#: far, or what comes before a new one; how far a cadence is, with the beat and the chords of the
#: bar, or which chord is due; in the last bar of a section the time left, and, where a note has
#: just begun, how long it may be; where in the bar such a note began, and the length of the one
#: before; how far the tune reaches down and up.
HARMONY, CADENCE, CLOSING, HOLDING, LASTING, REACHING_DOWN, REACHING_UP = range(7)
#: The columns of what the next step is chosen by: the last two changes of step; the last three; the
#: degree of the last note, the beat and the way of the last change; how long it is since that note
#: began, the beat and the last change; how high it is and the bars left in a section; the time left
#: in a bar and where the next one begins from here, if that is known; in the last bar of a section
#: the time left and where its last note is.
MOVING, TURNING, RISING, PACING, STANDING, LEADING, LANDING = range(7, 14)
#: The other columns: the last step; the bars so far, and which changes of step have followed the
#: last one earlier in the tune; what kind of bar echoes are heard in.
STEP, RECALLING, RECALLED, ECHOING = range(14, 18)
SITUATIONS = 18
BY_CHARACTER, BY_STEP = slice(HARMONY, MOVING), slice(MOVING, STEP)
#: Kinds of bars that go as others do from beginning to end.
GOES_LIKE = (COPY, MOVED)
#: With chords or without: the styles of a plan.
STYLES = 2
#: Steps between notes that are distinguished, up and down; `NO_CHANGE` stands for none yet.
MOST_CHANGE = 5
NO_CHANGE = 2 * MOST_CHANGE + 1
CHANGES = NO_CHANGE + 1
#: Steps to the next note that are distinguished, up and down.
MOST_AWAY = 8
STEPS_AWAY = 2 * MOST_AWAY + 1
#: The way of the last change: down, none, up.
WAYS = 3
#: Times in a bar: its beginning, its middle, another beat, between beats.
BEATS = 4
#: Chords of a bar that are distinguished: none yet, one, more.
MOST_CHORDS = 3
#: The time left in a section is told in steps at these numbers of 1/32 notes; or, as that in a bar,
#: in eighths, of which a part counts as one where a note begins that may be the last.
_CLOSE = (1, 3, 5, 7, 9, 13, 17, 25, 33)
CLOSENESSES = len(_CLOSE) + 1
_EIGHTH = 4
#: Ticks of a bar -> the number of its size.
_SIZES = {WHOLE // 2: 0, 3 * WHOLE // 4: 1, WHOLE: 2}
_FIFTHS_OF = tuple(MODES.values())
#: The ends of sections that are distinguished: before another one, before a repeat, of the tune.
#: Before another one a bar may lack the pickup of that, so the time left is not certain.
ENDS_OF_SECTIONS = 3
#: How far a cadence is: not begun; in the last bar but one, whether its first chord has come; in
#: the last bar, whether the first has, the last, or neither.
CADENCES = 6
#: Bars that are distinguished by what they are made of: nothing or something, each with and without
#: later bars that are made of them.
SORTS = 4
#: Whether a note is of the chord: no chord, of it, not of it.
CONCORDS = 3
_OF_CHORD = (0, 2, 4)
#: Where so much is left, the next note is one of the last.
_LAST = 3 * _EIGHTH
LANDINGS = 8
LEADINGS = 5
HOLDINGS = 11
#: Lengths of notes that are distinguished: none, less than an eighth, an eighth, up to a quarter,
#: longer; sizes of bars: 2/4, 3/4 or 6/8, 4/4, others; places in a bar in eighths, and others.
LENGTHS = 5
SIZES = 4
PLACES = 13
#: Steps of a note above the tonic that are distinguished, from the lowest; and bars left in a
#: section.
LEVELS, LOWEST_LEVEL = 24, -8
BARS_LEFT = 4
#: Bars so far that are distinguished, two by two.
STAGES = 8
#: The last change but one and the last, by number.
FIGURES = CHANGES * CHANGES
#: Whether a letter will have an octave mark, as notes below C and above b do, is guessed by the
#: last note: these are its first step that is distinguished, and how many are.
FEW_BELOW, BELOWS = 11, 8
FEW_ABOVE, ABOVES = 25, 9

#: The first row of each kind, by character, and the rows that there are.
TONES = 1
ROOTS = TONES + STYLES * SORTS * 2 * BEATS * LETTERS
CHORDS = ROOTS + KEYS * LETTERS * 2
DUES = CHORDS + CADENCES * BEATS * MOST_CHORDS
CLOSES = DUES + ENDS_OF_SECTIONS * 2 * 2 * (LETTERS - 1)
HOLDS = CLOSES + STYLES * ENDS_OF_SECTIONS * CLOSENESSES * (LETTERS - 1)
LASTS = HOLDS + STYLES * ENDS_OF_SECTIONS * HOLDINGS * 2
DOWNS = LASTS + STYLES * SIZES * PLACES * LENGTHS * CONCORDS
UPS = DOWNS + STYLES * 8 * STEPS * BELOWS
ROWS = UPS + STYLES * 8 * STEPS * ABOVES
#: The same by the next step.
MOVES = 1
TURNS = MOVES + STYLES * CHANGES * CHANGES
RISES = TURNS + STYLES * CHANGES * FIGURES
PACES = RISES + STYLES * len(MODES) * (LETTERS - 1) * BEATS * WAYS
HEIGHTS = PACES + STYLES * BEATS * LENGTHS * CHANGES
LEADS = HEIGHTS + STYLES * 2 * BARS_LEFT * LEVELS
LANDS = LEADS + STYLES * LEADINGS * STEPS_AWAY
STEP_ROWS = LANDS + STYLES * ENDS_OF_SECTIONS * LANDINGS * (LETTERS - 1)
#: Kinds of bars in which echoes are heard: in notes, and in the letters of chords; in either half.
ECHOINGS = KINDS * 2 * 2


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
    recalled: tuple[int, ...] = (0,) * FIGURES


def situation_of(
    bars: Bars,
    table: PlanTable,
    kind: int,
    time: int,
    heard: tuple[int, int, int],
    melody: Melody,
    first: int,
) -> list[int]:
    """Return the situation, a row for each column.

    Parameters
    ----------
    bars, table : Bars, PlanTable
        Where the tune is, and its plan; without one, there are no habits.
    kind : int
        What the plan makes this bar, 0 if it is new. One that is to go like another has no habits
        of its own, and only hears that one.
    time : int
        In ticks.
    heard : tuple of int
        As in `abcgen.model.factors.reader.Reading`.
    melody : Melody
        What else has been heard.
    first : int
        The step that the next bar begins with, 0 if it is not known.
    """
    rows = [0] * SITUATIONS
    sections, _, _, style = table.whole
    step, root, within = heard
    if not bars.body or not sections or within > 1:
        return rows
    half = 2 * (time - bars.began) >= bars.size
    rows[ECHOING] = 1 + (kind * 2 + within) * 2 + half
    if kind in GOES_LIKE:
        return rows
    state, due = _cadence(bars, table, root)
    if within:
        rows[HARMONY] = ROOTS + (bars.key * LETTERS + root) * 2 + (melody.chords == 1)
        rows[CADENCE] = due
        return rows
    beat = _beat_of(bars, time)
    if step:
        rows[BY_STEP.start : STANDING] = _stepping(bars, style, beat, time, step, melody)
        rows[STANDING] = _standing(bars, table, step)
        rows[LEADING] = first and _leading(bars, style, time, first - step)
        rows[STEP : RECALLED + 1] = step, *_recalling(bars, style, step, melody)
    rows[HARMONY] = _harmony(bars, table, kind, beat, root, melody)
    if style == STYLES:
        chords = min(melody.chords, MOST_CHORDS - 1)
        rows[CADENCE] = CHORDS + (state * BEATS + beat) * MOST_CHORDS + chords
    if melody.sounding:
        rows[LASTING] = _lasting(bars, style, step, root, melody)
    _tell_ends(rows, bars, table, time, step, melody)
    return rows


def _tell_ends(
    rows: list[int], bars: Bars, table: PlanTable, time: int, step: int, melody: Melody
) -> None:
    """Write the rows of how a section ends, and of how far the tune reaches."""
    _, low, high, _ = table.whole
    left = _left_in_section(bars, table, time)
    if left is not None:
        closing = _closing(bars, table, left, step, melody.sounding)
        rows[CLOSING], rows[LANDING], rows[HOLDING] = closing
    if low and high:
        ends = left is not None and left <= _LAST
        rows[REACHING_DOWN : REACHING_UP + 1] = _reaching(bars, table, step, melody, ends)


def _harmony(bars: Bars, table: PlanTable, kind: int, beat: int, root: int, melody: Melody) -> int:
    """Return the row of the beat and the chord so far."""
    slot = slot_of(bars)
    sort = 2 * (kind > NEW) + (slot != NONE and table.themes[slot])
    place = (((table.whole[3] - 1) * SORTS + sort) * 2 + melody.fresh) * BEATS + beat
    return TONES + place * LETTERS + root


def _cadence(bars: Bars, table: PlanTable, root: int) -> tuple[int, int]:
    """Return how far the cadence of a section is, and the row of the chord that is due."""
    section = min(bars.sections, len(table.lengths) - 1)
    before, close = table.befores[section], table.closes[section]
    left = table.lengths[section] - bars.in_section
    if not close or left not in (0, 1) or bars.form == FIRST:
        return 0, 0
    begun = not before or root == before
    state = 2 - begun if left else 3 + (0 if begun else 1 if root == close else 2)
    due = close if begun or (not left and root == close) else before
    row = (_end_of(bars, table) * 2 + left) * 2 + begun
    return state, DUES + row * (LETTERS - 1) + due - 1 if due < LETTERS else 0


def _end_of(bars: Bars, table: PlanTable) -> int:
    """Return what the end of a section is, as in `ENDS_OF_SECTIONS`."""
    return 2 if bars.sections >= table.whole[0] - 1 else int(bars.form == REPEATED)


def _stepping(bars: Bars, style: int, beat: int, time: int, step: int, melody: Melody) -> list[int]:
    """Return the rows of what the next step is chosen by everywhere: from `MOVING` to `PACING`."""
    before, last = change_of(melody.third, melody.second), change_of(melody.second, step)
    first = change_of(melody.fourth, melody.third)
    figure = ((style - 1) * CHANGES + before) * CHANGES + last
    turn = (((style - 1) * CHANGES + first) * CHANGES + before) * CHANGES + last
    way = 1 if last == NO_CHANGE else (last >= MOST_CHANGE) + (last > MOST_CHANGE)
    tonic, mode = _tonic_of(bars.key)
    degree = (step - 1 - tonic) % (LETTERS - 1)
    place = ((style - 1) * len(MODES) + mode) * (LETTERS - 1) + degree
    rise = (place * BEATS + beat) * WAYS + way
    length = _length_of(time - melody.onset)
    pace = (((style - 1) * BEATS + beat) * LENGTHS + length) * CHANGES + last
    return [MOVES + figure, TURNS + turn, RISES + rise, PACES + pace]


def _tonic_of(key: int) -> tuple[int, int]:
    """Return the letter of the tonic of a key, 0 for C, and the number of its mode."""
    # Fifths up from F: a letter is four more than that of the fifth below.
    fifths, mode = divmod(max(key - 1, 0), len(MODES))
    return 4 * (fifths - _FIFTHS_OF[mode]) % (LETTERS - 1), mode


def _standing(bars: Bars, table: PlanTable, step: int) -> int:
    """Return the row of how high the last note is, and the bars left in a section."""
    section = min(bars.sections, len(table.lengths) - 1)
    left = min(max(table.lengths[section] - bars.in_section, 0), BARS_LEFT - 1)
    which = (table.whole[3] - 1) * 2 + (bars.sections >= table.whole[0] - 1)
    above = step - (MIDDLE + _tonic_of(bars.key)[0]) - LOWEST_LEVEL
    return HEIGHTS + (which * BARS_LEFT + left) * LEVELS + min(max(above, 0), LEVELS - 1)


def _leading(bars: Bars, style: int, time: int, toward: int) -> int:
    """Return the row of what leads to the next bar, which begins some steps up."""
    left = max(bars.size - (time - bars.began), 0) // RASTER
    near = min((left + _EIGHTH - 1) // _EIGHTH, LEADINGS - 1)
    away = min(max(toward, -MOST_AWAY), MOST_AWAY) + MOST_AWAY
    return LEADS + ((style - 1) * LEADINGS + near) * STEPS_AWAY + away


def _recalling(bars: Bars, style: int, step: int, melody: Melody) -> tuple[int, int]:
    """Return how far the tune is, and which changes have followed the last one, and the last two.

    The first are told in as many bits as there are changes, the second in those above them.
    """
    before, last = change_of(melody.third, melody.second), change_of(melody.second, step)
    after_one = 0
    for other in range(CHANGES):
        after_one |= melody.recalled[other * CHANGES + last]
    after_two = melody.recalled[before * CHANGES + last]
    stage = (style - 1) * STAGES + min(bars.number // 2, STAGES - 1)
    return 1 + stage, after_one | after_two << CHANGES


def _lasting(bars: Bars, style: int, step: int, root: int, melody: Melody) -> int:
    """Return the row of how long a note may be that has just begun."""
    eighths, more = divmod(max(melody.onset - bars.began, 0), _EIGHTH * RASTER)
    place = PLACES - 1 if more else min(eighths, PLACES - 2)
    size = _SIZES.get(bars.size, SIZES - 1)
    before = _length_of(melody.held)
    concord = (1 if (letter_of(step) - root) % (LETTERS - 1) in _OF_CHORD else 2) if root else 0
    row = (((style - 1) * SIZES + size) * PLACES + place) * LENGTHS + before
    return LASTS + row * CONCORDS + concord


def _length_of(ticks: int) -> int:
    """Return the number of a length: none, less than an eighth, one, up to a quarter, longer."""
    eighth = _EIGHTH * RASTER
    return (ticks > 0) + (ticks >= eighth) + (ticks > eighth) + (ticks > 2 * eighth)


def _left_in_section(bars: Bars, table: PlanTable, time: int) -> int | None:
    """Return the 1/32 notes that are left in the last bar of a section; None in other bars."""
    if (
        bars.form == FIRST
        or table.lengths[min(bars.sections, len(table.lengths) - 1)] != bars.in_section
    ):
        return None
    return max(bars.size - (time - bars.began) - bars.pickup, 0) // RASTER


def _closing(bars: Bars, table: PlanTable, left: int, step: int, sounding: bool) -> list[int]:
    """Return the rows of how a section ends: of `CLOSING`, `LANDING` and `HOLDING`."""
    close = land = hold = 0
    style = table.whole[3]
    target = table.targets[min(bars.sections, len(table.targets) - 1)]
    which = (style - 1) * ENDS_OF_SECTIONS + _end_of(bars, table)
    if 1 <= target < LETTERS:
        near = which * CLOSENESSES + sum(left >= least for least in _CLOSE)
        close = CLOSES + near * (LETTERS - 1) + target - 1
        when = which * LANDINGS + min((left + _EIGHTH - 1) // _EIGHTH, LANDINGS - 1)
        above = (step - 1 - (target - 1)) % (LETTERS - 1)
        land = step and LANDS + when * (LETTERS - 1) + above
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


def changes_of(steps_away: int) -> NDArray[np.int64]:
    """Return the number of the change for each of a number of steps up, from the lowest."""
    most = steps_away // 2
    return np.clip(np.arange(-most, most + 1), -MOST_CHANGE, MOST_CHANGE) + MOST_CHANGE


def recalls(recalled: NDArray[np.integer], change: NDArray[np.integer]) -> NDArray[np.integer]:
    """Return what a change is by the column `RECALLED`: new, or after the last, or the last two.

    Numbered from 0. What has followed the last two has followed the last one.
    """
    return (recalled >> change & 1) + (recalled >> change + CHANGES & 1)


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
