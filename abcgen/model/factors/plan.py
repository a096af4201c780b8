"""The plan of a tune: which of its bars return, how its sections end, and how far it reaches.

A network that reads what was played hears when a bar returns; it does not know that one should. A
plan says so beforehand. It is drawn before the first note, and read together with it.
"""

from array import array
from collections.abc import Sequence
from typing import NamedTuple

#: What a bar is: not planned, new, the same as an earlier one, one that begins, ends or mostly goes
#: like it, one that goes like it some steps higher or lower, exactly or only in its contour.
UNPLANNED, NEW, COPY, BEGINS, ENDS, RESEMBLES, MOVED, CONTOUR = range(8)
KINDS = 8
#: The kinds of bars that are made of another, numbered from `COPY`.
ECHOED = KINDS - COPY
#: Bars left in a section that are distinguished; more count as this many.
MOST_LEFT = 16
#: The degree of a note: none, the seven of the key, or another note.
_OF_KEY = 7
DEGREES = 1 + _OF_KEY + 1
#: Letters of notes and chords that are told: none, C to B.
LETTERS = 1 + 7
#: Not planned, without chords, with chords.
STYLES = 3
#: Notes from C, two octaves below middle C, by letters; 0 is none.
STEPS = 1 + 36
#: Bars are moved by up to this many steps.
MOST_MOVED = 7
#: Sections of a plan, and bars of a section, that are distinguished.
MOST_SECTIONS, MOST_BARS_OF_SECTION = 8, 32
SLOTS = MOST_SECTIONS * MOST_BARS_OF_SECTION
_NO_SLOTS = bytes(SLOTS)


class PlannedBar(NamedTuple):
    """What a bar is.

    Attributes
    ----------
    kind : int
        One of the kinds above.
    section, bar : int
        The section and the bar that it is made of, from 0.
    moved : int
        Steps of the scale that it is moved by.
    """

    kind: int = UNPLANNED
    section: int = 0
    bar: int = 0
    moved: int = 0


class Plan(NamedTuple):
    """The plan of a tune.

    Attributes
    ----------
    sections : sequence of sequences of PlannedBar
        The bars of each section; second endings are not planned.
    targets : sequence of int
        For each section the degree of its last note, 1 for the tonic, 8 for one out of the key.
    low, high : int
        Its lowest and highest note in letters; 29 is middle C's octave's first.
    style : int
        2 if there are chords, otherwise 1.
    tonic : int
        The letter of the tonic, 0 for C to 6 for B.
    closes : sequence of (int, int)
        For each section the degrees of the roots of its last two chords that differ, 0 for none.
    openings : sequence of int
        For each section whether it is repeated, as in `abcgen.grammar.wishes.Wishes`; empty where
        that is open. Networks do not read this.
    """

    sections: Sequence[Sequence[PlannedBar]]
    targets: Sequence[int]
    low: int
    high: int
    style: int
    tonic: int = 0
    closes: Sequence[tuple[int, int]] = ()
    openings: Sequence[int] = ()


class PlanTable:
    """A plan in numbers, as readers look it up.

    Attributes
    ----------
    kinds, sources, moved : array of int
        For each bar of each section, in rows of `MOST_BARS_OF_SECTION`, its kind, the slot of the
        bar that it is made of, and the steps it is moved by.
    themes : array of int
        Whether a later bar is made of each.
    later_before, later_behind : array of int
        For each bar one more than the slot of an earlier one that will come before it where it
        comes again, and of one that will come behind it there; 0 if there is none, or the bars are
        neighbours now.
    lengths, targets : list of int
        Of each section; 0 where there is none. A target is told as a letter, from 1 for C.
    befores, closes : list of int
        The letters of the last chord but one, and of the last, of each section; 0 for none.
    whole : list of int
        Sections, lowest note, highest note, style.
    """

    def __init__(self, plan: Plan | None = None) -> None:
        # Arrays are copied into those of the readers much faster than lists.
        self.kinds, self.moved = array("b", _NO_SLOTS), array("b", _NO_SLOTS)
        self.sources, self.themes = array("h", 2 * _NO_SLOTS), array("b", _NO_SLOTS)
        self.later_before, self.later_behind = array("h", 2 * _NO_SLOTS), array("h", 2 * _NO_SLOTS)
        self.lengths, self.targets = [0] * MOST_SECTIONS, [0] * MOST_SECTIONS
        self.befores, self.closes = [0] * MOST_SECTIONS, [0] * MOST_SECTIONS
        self.whole = [0, 0, 0, 0]
        if plan is None:
            return
        self.whole = [len(plan.sections), plan.low, plan.high, plan.style]
        for number, bars in enumerate(plan.sections[:MOST_SECTIONS]):
            self.lengths[number] = len(bars)
            self.targets[number] = _letter(plan.targets[number], plan.tonic)
            at = number * MOST_BARS_OF_SECTION
            for kind, section, bar, moved in bars[:MOST_BARS_OF_SECTION]:
                self.kinds[at], self.moved[at] = kind, moved
                self.sources[at] = section * MOST_BARS_OF_SECTION + bar
                if kind >= COPY and section < MOST_SECTIONS and bar < MOST_BARS_OF_SECTION:
                    self.themes[self.sources[at]] = 1
                at += 1
        self._join()
        for number, (before, close) in enumerate(plan.closes[:MOST_SECTIONS]):
            self.befores[number] = _letter(before, plan.tonic)
            self.closes[number] = _letter(close, plan.tonic)

    def _join(self) -> None:
        """Find the bars that come together only where both come again.

        What leads into the first bar of a section is left alone: its pickup does.
        """
        #: Of each slot, that from which its end comes, and its beginning.
        ends, begins = list(range(SLOTS)), list(range(SLOTS))
        last = 0
        for section, length in enumerate(self.lengths):
            first = section * MOST_BARS_OF_SECTION
            for at in range(first, first + min(length, MOST_BARS_OF_SECTION)):
                kind, source = self.kinds[at], self.sources[at]
                if source < at:
                    if kind in (COPY, ENDS):
                        ends[at] = ends[source]
                    if kind in (COPY, BEGINS):
                        begins[at] = begins[source]
                one, other = ends[last], begins[at]
                if one < last and other < at:
                    if one < other - 1 and other % MOST_BARS_OF_SECTION:
                        self.later_before[other] = 1 + one
                    elif one > other:
                        self.later_behind[one] = 1 + other
                last = at


def _letter(degree: int, tonic: int) -> int:
    """Return the letter of a degree of the key, from 1 for C; of another, the same."""
    return 1 + (tonic + degree - 1) % _OF_KEY if 1 <= degree <= _OF_KEY else degree
