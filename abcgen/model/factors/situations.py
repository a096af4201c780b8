"""In what situation a tune is; habits depend on it, see `abcgen.model.habits`.

A situation is told in columns of numbers; 0 says nothing. Most are rows of one of the two tables of
habits, by character or by step.
"""

import numpy as np
from numpy.typing import NDArray

from abcgen.model.factors.harmony import (
    beat_of,
    end_of,
    is_altered,
    tell_accidental,
    tell_chord,
    tell_harmony,
    tell_renewal,
    tonality_of,
    tonic_of,
)
from abcgen.model.factors.layout import BEGUN, MIDDLE, RASTER, letter_of
from abcgen.model.factors.lexing import KEYS
from abcgen.model.factors.melody import Melody, change_of
from abcgen.model.factors.plan import LETTERS, STEPS, PlanTable
from abcgen.model.factors.position import FIRST, REPEATED, Bars
from abcgen.model.factors.rows import (
    ABOVES,
    BARS_LEFT,
    BEATS,
    BEHIND_A_SIGN,
    BELOWS,
    BY_STEP,
    CHANGES,
    CLOSE,
    CLOSENESSES,
    CLOSES,
    CLOSING,
    CLOSING_BAR,
    CONCORDS,
    DOWNS,
    ECHOING,
    EIGHTH,
    ENDINGS,
    ENDS_OF_SECTIONS,
    FEW_ABOVE,
    FEW_BELOW,
    FOLLOWING,
    FOLLOWS,
    FORKS,
    GOALS,
    GOES_LIKE,
    HEIGHTS,
    HOLDING,
    HOLDINGS,
    HOLDS,
    JOINS,
    LANDING,
    LANDINGS,
    LANDS,
    LAST,
    LASTING,
    LASTS,
    LEADING,
    LEADINGS,
    LEADS,
    LENGTHS,
    LEVELS,
    LOWEST_LEVEL,
    MARKING,
    MARKS,
    MOST_AWAY,
    MOST_CHANGE,
    MOVES,
    NO_CHANGE,
    OF_CHORD,
    OPENS,
    PACES,
    PAUSES,
    PHRASE,
    PLACES,
    REACHING_DOWN,
    REACHING_UP,
    RECALLED,
    RISES,
    SIGNED,
    SITUATIONS,
    SIZES,
    SIZES_OF,
    STAGES,
    STANDING,
    STEP,
    STEPS_AWAY,
    STYLES,
    TO_BE_SIGNED,
    TONALITIES,
    TURNS,
    UPS,
    WAYS,
)
from abcgen.notation.keys import MODES


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
        What the plan makes this bar, 0 if it is new. One that is to go like another follows that
        one, has chords that go with its notes, and accidentals and endings as other bars; it has no
        other habits.
    time : int
        In ticks.
    heard : tuple of int
        As in `abcgen.model.factors.reading.Reading`.
    melody : Melody
        What else has been heard.
    first : int
        The step that the next bar begins with, 0 if it is not known.
    """
    rows = [0] * SITUATIONS
    sections, _, _, style = table.whole
    step, root, within = heard
    if not bars.body or not sections:
        return rows
    half = 2 * (time - bars.began) >= bars.size
    if within <= BEGUN:
        heard_in = kind or CLOSING_BAR * _closes(bars, table)
        rows[ECHOING] = 1 + (heard_in * 2 + within) * 2 + half
    if within:
        tell_chord(rows, bars, table, kind, half, heard, melody)
        return rows
    _tell_in_any_bar(rows, bars, table, kind, time, root, melody)
    if kind in GOES_LIKE:
        return rows
    beat = beat_of(bars, time)
    if step:
        rows[BY_STEP.start : STANDING] = _stepping(bars, style, beat, time, step, melody)
        rows[STANDING] = _standing(bars, table, step)
        rows[LEADING] = _leading(bars, table, time, step, first, melody)
        rows[STEP : RECALLED + 1] = step, *_recalling(bars, style, step, melody)
    else:
        rows[CLOSING] = OPENS + (style - 1) * KEYS + bars.key
    if not melody.sign:
        tell_harmony(rows, bars, table, kind, beat, root, melody)
    if melody.sounding:
        rows[LASTING] = _lasting(bars, style, step, root, melody)
    _tell_ends(rows, bars, table, time, step, melody)
    return rows


def _tell_in_any_bar(
    rows: list[int],
    bars: Bars,
    table: PlanTable,
    kind: int,
    time: int,
    root: int,
    melody: Melody,
) -> None:
    """Write the rows of what is chosen in bars that go like others, too."""
    half = 2 * (time - bars.began) >= bars.size
    if melody.coming:
        signed = int(melody.coming_signed)
        if melody.sign:
            signed = BEHIND_A_SIGN
        elif is_altered(bars, root, melody, melody.coming):
            signed = TO_BE_SIGNED
        rows[FOLLOWING] = FOLLOWS + ((kind * 2 + half) * SIGNED + signed) * STEPS + melody.coming
    if melody.octave:
        rows[MARKING] = MARKS + melody.octave - 1
    if table.whole[3] == STYLES and not melody.sign:
        tell_renewal(rows, kind, half, root, melody)
    if melody.sign:
        tell_accidental(rows, bars, table, root, melody)
    elif time <= bars.began and not melody.chords:
        rows[LASTING] = _forking(bars, table)


def _tell_ends(
    rows: list[int], bars: Bars, table: PlanTable, time: int, step: int, melody: Melody
) -> None:
    """Write the rows of how a section ends, and of how far the tune reaches."""
    _, low, high, style = table.whole
    left = _left_in_section(bars, table, time)
    if left is not None:
        close, *others = _closing(bars, table, time, left, step, melody)
        rows[CLOSING] = close or rows[CLOSING]
        rows[LANDING], rows[HOLDING] = others
    elif step and bars.in_section % PHRASE == 0:
        rows[CLOSING] = _pausing(bars, style, time)
    if low and high:
        ends = left is not None and left <= LAST
        rows[REACHING_DOWN : REACHING_UP + 1] = _reaching(bars, table, step, melody, ends)


def _forking(bars: Bars, table: PlanTable) -> int:
    """Return the row of whether an ending begins, at the beginning of a bar."""
    state = 0
    if bars.form == REPEATED and bars.in_section > 1:
        section = min(bars.sections, len(table.lengths) - 1)
        left = max(table.lengths[section] - bars.in_section, 0)
        state = 1 + min(left, ENDINGS - 2)
    return FORKS + (table.whole[3] - 1) * ENDINGS + state


def _closes(bars: Bars, table: PlanTable) -> bool:
    """Return whether a bar is one of the last two of a section that is not the first."""
    section = min(bars.sections, len(table.lengths) - 1)
    return bars.sections > 0 and table.lengths[section] - bars.in_section in (0, 1)


def _stepping(bars: Bars, style: int, beat: int, time: int, step: int, melody: Melody) -> list[int]:
    """Return the rows of what the next step is chosen by everywhere: from `MOVING` to `PACING`."""
    before, last = change_of(melody.third, melody.second), change_of(melody.second, step)
    first = change_of(melody.fourth, melody.third)
    figure = ((style - 1) * CHANGES + before) * CHANGES + last
    turn = (((style - 1) * CHANGES + first) * CHANGES + before) * CHANGES + last
    way = 1 if last == NO_CHANGE else (last >= MOST_CHANGE) + (last > MOST_CHANGE)
    tonic, mode = tonic_of(bars.key)
    degree = (step - 1 - tonic) % (LETTERS - 1)
    place = ((style - 1) * len(MODES) + mode) * (LETTERS - 1) + degree
    rise = (place * BEATS + beat) * WAYS + way
    length = _length_of(time - melody.onset)
    pace = (((style - 1) * BEATS + beat) * LENGTHS + length) * CHANGES + last
    return [MOVES + figure, TURNS + turn, RISES + rise, PACES + pace]


def _standing(bars: Bars, table: PlanTable, step: int) -> int:
    """Return the row of how high the last note is, and the bars left in a section."""
    section = min(bars.sections, len(table.lengths) - 1)
    left = min(max(table.lengths[section] - bars.in_section, 0), BARS_LEFT - 1)
    which = (table.whole[3] - 1) * 2 + (bars.sections >= table.whole[0] - 1)
    above = step - (MIDDLE + tonic_of(bars.key)[0]) - LOWEST_LEVEL
    return HEIGHTS + (which * BARS_LEFT + left) * LEVELS + min(max(above, 0), LEVELS - 1)


def _leading(bars: Bars, table: PlanTable, time: int, step: int, first: int, melody: Melody) -> int:
    """Return the row of what leads to a note that is known, or from another than the last one."""
    goal = melody.middle or first or melody.leads_out
    joins = melody.leads_in if time <= bars.began else 0
    if not (joins or goal):
        return 0
    away = min(max((joins or goal) - step, -MOST_AWAY), MOST_AWAY) + MOST_AWAY
    style = table.whole[3]
    if joins:
        return JOINS + (style - 1) * STEPS_AWAY + away
    ends = bars.began + bars.size // (2 if melody.middle else 1)
    near = min((max(ends - time, 0) // RASTER + EIGHTH - 1) // EIGHTH, LEADINGS - 1)
    which = 0
    if not melody.middle:
        section = min(bars.sections, len(table.lengths) - 1)
        which = int(table.lengths[section] - bars.in_section == 1) if first else GOALS - 1
    return LEADS + (((style - 1) * GOALS + which) * LEADINGS + near) * STEPS_AWAY + away


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
    eighths, more = divmod(max(melody.onset - bars.began, 0), EIGHTH * RASTER)
    place = PLACES - 1 if more else min(eighths, PLACES - 2)
    before = _length_of(melody.held)
    concord = (1 if (letter_of(step) - root) % (LETTERS - 1) in OF_CHORD else 2) if root else 0
    row = (((style - 1) * SIZES + _size_of(bars)) * PLACES + place) * LENGTHS + before
    return LASTS + row * CONCORDS + concord


def _size_of(bars: Bars) -> int:
    """Return the number of the size of a bar."""
    return SIZES_OF.get((bars.size, bars.compound), SIZES - 1)


def _length_of(ticks: int) -> int:
    """Return the number of a length: none, less than an eighth, one, up to a quarter, longer."""
    eighth = EIGHTH * RASTER
    return (ticks > 0) + (ticks >= eighth) + (ticks > eighth) + (ticks > 2 * eighth)


def _left_in_section(bars: Bars, table: PlanTable, time: int) -> int | None:
    """Return the 1/32 notes that are left in the last bar of a section; None in other bars."""
    if (
        bars.form == FIRST
        or table.lengths[min(bars.sections, len(table.lengths) - 1)] != bars.in_section
    ):
        return None
    return max(bars.size - (time - bars.began) - bars.pickup, 0) // RASTER


def _closing(
    bars: Bars, table: PlanTable, time: int, left: int, step: int, melody: Melody
) -> list[int]:
    """Return the rows of how a section ends: of `CLOSING`, `LANDING` and `HOLDING`."""
    close = land = hold = 0
    style = table.whole[3]
    target = table.targets[min(bars.sections, len(table.targets) - 1)]
    which = (style - 1) * ENDS_OF_SECTIONS + end_of(bars, table)
    sized = which * SIZES + _size_of(bars)
    if 1 <= target < LETTERS:
        near = (sized * 2 + (time <= bars.began)) * CLOSENESSES + _closeness_of(left)
        close = CLOSES + near * (LETTERS - 1) + target - 1
        when = which * LANDINGS + min((left + EIGHTH - 1) // EIGHTH, LANDINGS - 1)
        above = (step - 1 - (target - 1)) % (LETTERS - 1)
        land = step and LANDS + when * (LETTERS - 1) + above
    if melody.sounding:
        is_first = melody.onset <= bars.began
        time_left = (sized * 2 + is_first) * HOLDINGS + min(left // EIGHTH, HOLDINGS - 1)
        hold = HOLDS + time_left * 2 + (letter_of(step) == target)
    return [close, land, hold]


def _pausing(bars: Bars, style: int, time: int) -> int:
    """Return the row of how a phrase ends within a section, by the time left."""
    left = max(bars.size - (time - bars.began), 0) // RASTER
    sized = ((style - 1) * SIZES + _size_of(bars)) * CLOSENESSES + _closeness_of(left)
    return PAUSES + sized * TONALITIES + tonality_of(bars.key)


def _closeness_of(left: int) -> int:
    """Return the number of so many 1/32 notes left, as in `CLOSE`."""
    return sum(left >= least for least in CLOSE)


def _reaching(
    bars: Bars, table: PlanTable, step: int, melody: Melody, ends: bool
) -> tuple[int, int]:
    """Return the rows of how far a tune reaches, down and up; `ends` where a section does.

    Where the tune ends it need not leap to what has not come.
    """
    sections, low, high, style = table.whole
    over = ends and bars.sections >= sections - 1
    later = bars.sections > 0
    not_yet = not step or min(melody.lowest or step, step) > low
    down = up = 0
    below = min(max(step or STEPS, FEW_BELOW), FEW_BELOW + BELOWS - 1) - FEW_BELOW
    way = (((style - 1) * 2 + not_yet) * 2 + later) * 2 + ends
    if not (over and not_yet):
        down = DOWNS + (way * STEPS + low) * BELOWS + below
    not_yet = max(melody.highest, step) < high
    above = min(max(step, FEW_ABOVE), FEW_ABOVE + ABOVES - 1) - FEW_ABOVE
    way = (((style - 1) * 2 + not_yet) * 2 + later) * 2 + ends
    if not (over and not_yet):
        up = UPS + (way * STEPS + high) * ABOVES + above
    return down, up


def changes_of(steps_away: int) -> NDArray[np.int64]:
    """Return the number of the change for each of a number of steps up, from the lowest."""
    most = steps_away // 2
    return np.clip(np.arange(-most, most + 1), -MOST_CHANGE, MOST_CHANGE) + MOST_CHANGE


def recalls(recalled: NDArray[np.integer], change: NDArray[np.integer]) -> NDArray[np.integer]:
    """Return what a change is by the column `RECALLED`: new, or after the last, or the last two.

    Numbered from 0. What has followed the last two has followed the last one.
    """
    return (recalled >> change & 1) + (recalled >> change + CHANGES & 1)
