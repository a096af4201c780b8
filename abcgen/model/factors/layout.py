"""The factors of a character, and how they are numbered."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from abcgen.model.factors.lexing import KEYS, WHOLE
from abcgen.model.factors.plan import (
    BEGINS,
    COPY,
    DEGREES,
    ECHOED,
    KINDS,
    LETTERS,
    MOST_BARS_OF_SECTION,
    MOST_LEFT,
    MOST_MOVED,
    MOST_SECTIONS,
    MOVED,
    RESEMBLES,
    SLOTS,
    STEPS,
    STYLES,
    UNPLANNED,
    PlanTable,
)
from abcgen.model.factors.position import LAGS, NONE, SECOND, Bars
from abcgen.model.vocabulary import Vocabulary

#: Times are given in 1/32 notes, up to this many; longer times count as this many.
RASTER = WHOLE // 32
MOST_TOLD = 63
#: Bars of a section that are distinguished.
MOST_TOLD_BARS = 32
#: Finished sections that are distinguished; this stands for more, too.
MOST_TOLD_SECTIONS = 3
#: An echo is trusted more the longer it has been right, in steps at these numbers of characters.
TRUST = (1, 3, 8)
ECHO_TRUST = len(TRUST) + 1
#: The trust in an echo that has been right for 0, 1, 2 ... characters; the last is for more, too.
TRUSTED = [sum(count >= least for least in TRUST) for count in range(TRUST[-1] + 1)]

_LETTERS = "CDEFGABcdefgab"
_OF_OCTAVE = 7
#: Accidentals of notes; then what makes the root of a chord sharp or flat, and a chord minor, or
#: major after all (``maj7``), what its bass comes behind, and what makes it a seventh.
SIGNS = ("^", "_", "=", "#", "b", "m", "j", "/", "7")
RAISES, LOWERS, RESTORES, SHARP, FLAT, MINOR, MAJOR, BASS, SEVENTH = range(1, 1 + len(SIGNS))
#: How far a chord symbol is: it has begun; its root has been read, a sign behind that, more of it,
#: or what its bass comes behind.
BEGUN, AT_ROOT, AT_SIGN, AT_QUALITY, AT_BASS = range(1, 6)
#: The step of middle C.
MIDDLE = 15

# The first symbol of each factor stands for the header, which has no places.
_PLACES = 6
#: The column of the time to a full bar.
_TIME_LEFT = slice(2, 3)
#: The column of the first echo, after the character and its place.
FIRST_ECHO = 1 + _PLACES
#: Factors of a plan, without its echo, which is the last.
PLANNED = 11
#: Which of these are the section's last note, the style, which is told wherever there is a plan,
#: the lowest and the highest note, the time to the last note, the next chord of the cadence, and,
#: where the next bar is known, its first note, the steps to that, and its first chord.
TARGET, STYLE, LOW, HIGH, LANDING, CHORD, AHEAD, TOWARD, ROOT_AHEAD = range(2, 11)
#: Bars of a section, from its end, in which the chords of its cadence are told.
_CADENCE = 2
_TIME_SIZE = 1 + MOST_TOLD + 1
_BAR_SIZE = 1 + MOST_TOLD_BARS
_FORMS = SECOND + 1
LANDINGS = 1 + 2 * (1 + MOST_TOLD)
CHORDS = (1 + 4 * _CADENCE) * LETTERS
#: Kinds of bars that begin as what they are made of does, mostly.
BEGINS_ALIKE = (COPY, BEGINS, RESEMBLES, MOVED)
#: The time left in a bar is told together with what the next bar brings, in steps at these numbers
#: of 1/32 notes.
_NEAR = (1, 3, 5, 7, 9, 13, 17)
NEARNESSES = len(_NEAR) + 1
_NEARNESS_OF = [sum(left >= least for least in _NEAR) for left in range(_NEAR[-1] + 1)]
#: Steps up or down to the next bar's first note that are distinguished; more count as this many.
_MOST_TOWARD = 9
AHEADS = 1 + NEARNESSES * STEPS
_TOWARDS = 1 + NEARNESSES * (2 * _MOST_TOWARD + 1)
_ROOTS_AHEAD = 2 * LETTERS
_FORM_SIZE = 1 + (MOST_TOLD_SECTIONS + 1) * _FORMS


class Layout:
    """How characters and factors are numbered, for a vocabulary of V characters.

    Row i of the network's embedding is the vector of symbol i: first come the V characters, then
    the values of each factor. Each character is read as F symbols, itself and one of each factor.

    Parameters
    ----------
    vocab_size : int
        V.
    factored : bool
        Whether there are factors; if not, F is 1.
    planned : bool
        Whether the factors of a plan (`abcgen.model.factors.plan`) follow them.

    Attributes
    ----------
    columns : int
        F.
    size : int
        All symbols.
    position, rest, due, bar, form, key, echo : int
        The first symbol of each factor: time since the bar line, time to a full bar, time to a bar
        without the section's pickup, which can end it, the bar of the section, the section and the
        place in its form, the key, and the echo of the first lag: the character that the bar
        compared with predicts. The other lags follow it.
    echo_size : int
        The symbols of one lag: a trust for each predicted character, and for none.
    lags : int
        The echoes: one of each lag and, with a plan, that of the bar that the plan names.
    kinds, left, target, style, low, high, landing, chord, ahead, toward, root_ahead, planned : int
        The first symbol of each factor of a plan: the kinds of this bar and the next, the bars
        left in the section, the degree that the section ends on, whether there are chords, the
        lowest and the highest note; in the last bar of a section the time left and whether the
        note so far is the one to end on; in the last two bars the chord that is due, and whether it
        is to be written now; where the next bar begins like one that is known, the time left
        together with its first note, the same with the steps to that, and its first chord; and the
        echo of the bar that this one is made of, which has the symbols of a lag for each kind of
        bar that is made of another.
    """

    def __init__(self, vocab_size: int, factored: bool, planned: bool = False) -> None:
        self.vocab_size = vocab_size
        self.position = vocab_size
        self.rest = self.position + _TIME_SIZE
        self.due = self.rest + _TIME_SIZE
        self.bar = self.due + 1 + _TIME_SIZE  # one more than a time: too late
        self.form = self.bar + _BAR_SIZE
        self.key = self.form + _FORM_SIZE
        self.echo = self.key + KEYS
        self.echo_size = (vocab_size + 1) * ECHO_TRUST
        #: The symbol of an echo is this plus ``told * ECHO_TRUST + TRUSTED[matched]``.
        self.echoes = [
            self.echo + lag * self.echo_size - NONE * ECHO_TRUST for lag in range(len(LAGS))
        ]
        self.kinds = self.echo + len(LAGS) * self.echo_size
        self.left = self.kinds + KINDS * KINDS
        self.target = self.left + 2 * (2 + MOST_LEFT)
        self.style = self.target + DEGREES
        self.low = self.style + STYLES
        self.high = self.low + STEPS
        self.landing = self.high + STEPS
        self.chord = self.landing + LANDINGS
        self.ahead = self.chord + CHORDS
        self.toward = self.ahead + AHEADS
        self.root_ahead = self.toward + _TOWARDS
        self.planned = self.root_ahead + _ROOTS_AHEAD
        plain = (FIRST_ECHO + len(LAGS), self.kinds) if factored else (1, vocab_size)
        #: The columns and symbols without those of a plan, which follow them.
        self.plain_columns, self.plain_size = plain
        no_plan = [self.kinds, self.left, self.target, self.style, self.low, self.high]
        #: The symbols of a plan's factors where there is no plan.
        no_end = [self.landing, self.chord]
        self.no_plan = [*no_plan, *no_end, self.ahead, self.toward, self.root_ahead, self.planned]
        #: What is read of a header, whatever its character.
        self.nowhere = [
            *(0, self.position, self.rest, self.due, self.bar, self.form, self.key),
            *(echo + NONE * ECHO_TRUST for echo in self.echoes),
            *self.no_plan,
        ]
        self.lags = len(LAGS) + planned
        self.columns = plain[0] + planned * (PLANNED + 1)
        self.size = self.planned + ECHOED * self.echo_size if planned else plain[1]
        #: The symbols that say how a tune goes by its plan: those of the plan, and then those of
        #: the time left in the bar.
        self.plan_symbols = self.size - self.kinds + self.due - self.rest

    def by_plan(self, symbols: Any) -> tuple[Any, list[Any]]:
        """Return the columns that say how a tune goes by its plan, numbered from 0.

        Parameters
        ----------
        symbols : integer array or tensor, shape (..., F)
            As they are read.

        Returns
        -------
        the same, shape (..., PLANNED + 1)
            Those of the plan; the last is its echo.
        list of the same, shape (..., some columns)
            Those of these that are read together, and the time left. How far the tune reaches is
            not among them: it says the same everywhere.
        """
        plan = symbols[..., self.plain_columns :] - self.kinds
        time = symbols[..., _TIME_LEFT] - (self.rest - (self.size - self.kinds))
        return plan, [plan[..., :LOW], plan[..., LANDING:], time]

    def echoes_told(self, symbols: Any) -> tuple[Any, Any]:
        """Return what the echoes of all lags tell, of symbols as they are read.

        Parameters
        ----------
        symbols : integer array or tensor, shape (..., F)
            As they are read.

        Returns
        -------
        the same, shape (..., len(LAGS))
            One more than each character that is told, 0 where none is.
        the same, shape (..., len(LAGS))
            How much that is trusted.
        """
        first = self.echo + self.echo_size * np.arange(len(LAGS), dtype=np.int32)
        echoes = symbols[..., FIRST_ECHO : self.plain_columns] - first
        return echoes // ECHO_TRUST, echoes % ECHO_TRUST

    def all_told(self, symbols: Any) -> tuple[Any, Any]:
        """Return the same with the echo of the bar that a plan names, (..., len(LAGS) + 1)."""
        told, trust = self.echoes_told(symbols)
        planned = (symbols[..., -1:] - self.planned) % self.echo_size
        told, trust = (
            np.concatenate(parts, axis=-1)
            for parts in ((told, planned // ECHO_TRUST), (trust, planned % ECHO_TRUST))
        )
        return told, trust

    def places(self, bars: Bars, time: int) -> list[int]:
        """Return the symbols of the factors that describe the place of a time in a tune."""
        if not bars.body:
            return [self.position, self.rest, self.due, *self.in_form(bars)]
        return [*self.times(bars, time), *self.in_form(bars)]

    def in_form(self, bars: Bars) -> tuple[int, int, int]:
        """Return the last of these, the key included, which stay the same within a bar."""
        if not bars.body:
            return self.bar, self.form, self.key
        return (
            self.bar + min(bars.in_section, MOST_TOLD_BARS),
            self.form + 1 + min(bars.sections, MOST_TOLD_SECTIONS) * _FORMS + bars.form,
            self.key + bars.key,
        )

    def plan(self, bars: Bars, table: PlanTable) -> list[int]:
        """Return the symbols of a plan's factors that stay the same within a bar."""
        if not bars.body or not table.whole[0]:
            return self.no_plan[:LANDING]
        slot = slot_of(bars)
        kind = table.kinds[slot] if slot != NONE and bars.form != SECOND else UNPLANNED
        following = table.kinds[slot + 1] if slot not in (NONE, SLOTS - 1) else UNPLANNED
        section = min(bars.sections, MOST_SECTIONS - 1)
        sections, low, high, style = table.whole
        left = table.lengths[section] - bars.in_section
        told = (min(max(left, -1), MOST_LEFT - 1) + 2) * 2 + (section >= sections - 1)
        return [
            self.kinds + kind * KINDS + following,
            self.left + told,
            self.target + table.targets[section],
            self.style + style,
            self.low + low,
            self.high + high,
        ]

    def landing_of(
        self, bars: Bars, table: PlanTable, time: int, heard: tuple[int, int, int]
    ) -> list[int]:
        """Return the symbols of a plan's factors that say how a section comes to its end.

        Parameters
        ----------
        bars, table : Bars, PlanTable
            Where it is, and its plan.
        time : int
            In ticks.
        heard : tuple of int
            As in `abcgen.model.factors.reading.Reading`.
        """
        step, root, within = heard
        section = min(bars.sections, MOST_SECTIONS - 1)
        left = table.lengths[section] - bars.in_section
        landing, chord = self.landing, self.chord
        if not bars.body or not 0 <= left < _CADENCE:
            return [landing, chord]
        if not left:
            ticks = max(bars.size - (time - bars.began) - bars.pickup, 0)
            landed = letter_of(step) == table.targets[section]
            landing += 1 + 2 * min(ticks // RASTER, MOST_TOLD) + landed
        before, close = table.befores[section], table.closes[section]
        if close:
            last = not before or root == before
            due = close if last else before
            chord += (1 + 4 * left + 2 * last + (within == BEGUN)) * LETTERS + due
        return [landing, chord]

    def ahead_of(
        self, bars: Bars, time: int, heard: tuple[int, int, int], ahead: tuple[int, int]
    ) -> list[int]:
        """Return the symbols of a plan's factors that say what the next bar brings.

        Parameters
        ----------
        bars : Bars
            Where it is.
        time : int
            In ticks.
        heard : tuple of int
            As in `abcgen.model.factors.reading.Reading`.
        ahead : tuple of int
            The step of the next bar's first note and the letter of its first chord, 0 for none.
        """
        step, _, within = heard
        first, root = ahead
        note, toward = self.ahead, self.toward
        if first:
            near = nearness_of(bars.size - (time - bars.began))
            note += 1 + near * STEPS + first
            if step:
                steps = min(max(first - step, -_MOST_TOWARD), _MOST_TOWARD) + _MOST_TOWARD
                toward += 1 + near * (2 * _MOST_TOWARD + 1) + steps
        chord = self.root_ahead + (root and (within == BEGUN) * LETTERS + root)
        return [note, toward, chord]

    def planned_echo(self, kind: int) -> int:
        """Return what `echoes` would be for the echo of a plan in a bar of a kind."""
        return self.planned + max(kind - COPY, 0) * self.echo_size - NONE * ECHO_TRUST

    def times(self, bars: Bars, time: int) -> tuple[int, int, int]:
        """Return the first of these, which change with time; only after the header."""
        # Only an invalid text can move time back over a bar line.
        position = max(time - bars.began, 0)
        left = bars.size - (time - bars.began)
        return (
            self.position + 1 + min(position // RASTER, MOST_TOLD),
            self.rest + 1 + min(max(left, 0) // RASTER, MOST_TOLD),
            self.due + 2 + min(max((left - bars.pickup) // RASTER, -1), MOST_TOLD),
        )


def slot_of(bars: Bars) -> int:
    """Return the slot of a bar in a `PlanTable`, or `NONE` where it has none."""
    if bars.sections >= MOST_SECTIONS or bars.in_section > MOST_BARS_OF_SECTION:
        return NONE
    return bars.sections * MOST_BARS_OF_SECTION + bars.in_section - 1


def moving_table(vocabulary: Vocabulary) -> NDArray[np.int64]:
    """Return what each character becomes in a bar moved by -`MOST_MOVED` to `MOST_MOVED` steps.

    A letter that would need an octave mark becomes `NONE`; what is no letter stays: (moves, V).
    """
    table = np.tile(np.arange(len(vocabulary)), (2 * MOST_MOVED + 1, 1))
    for moved, row in enumerate(table, -MOST_MOVED):
        for place, letter in enumerate(_LETTERS):
            if letter in vocabulary.char2idx:
                inside = 0 <= place + moved < len(_LETTERS)
                becomes = _LETTERS[place + moved] if inside else ""
                row[vocabulary.char2idx[letter]] = vocabulary.char2idx.get(becomes, NONE)
    return table


def nearness_of(left: int) -> int:
    """Return the number of a time left in a bar, in ticks, as what comes next is told by it."""
    return _NEARNESS_OF[min(max(left, 0) // RASTER, _NEAR[-1])]


def letter_of(step: int) -> int:
    """Return the letter of a step, from 1 for C; 0 for none."""
    return 1 + (step - 1) % _OF_OCTAVE if step else 0


def within_steps(step: int) -> int:
    """Return a step, or the nearest that is told."""
    return min(max(step, 1), STEPS - 1)


def steps_of(vocabulary: Vocabulary) -> NDArray[np.int64]:
    """Return the step of each letter, then by how many each octave mark moves it: (2, V)."""
    steps = np.zeros((2, len(vocabulary)), np.int64)
    for row, characters in enumerate((_LETTERS, ",'")):
        for place, character in enumerate(characters):
            if character in vocabulary.char2idx:
                told = (2 * place - 1) * _OF_OCTAVE if row else MIDDLE + place
                steps[row, vocabulary.char2idx[character]] = told
    return steps


def signs_of(vocabulary: Vocabulary) -> NDArray[np.int64]:
    """Return which of `SIGNS` each character is, from 1; 0 for none: (V,)."""
    signs = np.zeros(len(vocabulary), np.int64)
    for number, character in enumerate(SIGNS, 1):
        if character in vocabulary.char2idx:
            signs[vocabulary.char2idx[character]] = number
    return signs
