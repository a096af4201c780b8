"""Which bar of which section is being read, and which earlier bars it is compared with."""

from dataclasses import dataclass, field, replace
from typing import Self

from abcgen.model.factors.lexing import BAR, BODY, FORK, KEY, METER, REWIND, SECTION, UNIT, WHOLE

#: A bar is compared with those this many bars before: tunes repeat motifs, phrases and sections.
LAGS = (1, 2, 4, 8, 16)
#: Bars of a tune that are distinguished.
MOST_BARS = 512
#: Stand for no such bar, and for the time at which it began.
NONE, NEVER = -1, -(1 << 30)
#: Where in a form a bar is: in a section without repeat, in one with a repeat, in its first ending,
#: between the endings, in the second ending.
PLAIN, REPEATED, FIRST, BETWEEN, SECOND = range(5)


@dataclass(eq=False, repr=False, slots=True)  # what it leaves out would delay sampling
class Bars:
    """The bars of one tune so far.

    Bars are numbered so that corresponding ones are compared: a pickup belongs to the bar after it,
    what is missing at the end of a section is supplied by the next pickup, and a second ending has
    the numbers of the first.

    Attributes
    ----------
    size : int
        Ticks of a full bar.
    compound : int
        1 if it counts in dotted beats, otherwise 0.
    unit : int
        How many sixteenths the unit note length is.
    body : bool
        Whether the header is over.
    key : int
        The number of the key.
    began : int
        The time at the last bar line, in ticks.
    number : int
        The number of the bar being read, from 0.
    in_section : int
        Its number within its section, from 1.
    form : int
        One of the places in a form above.
    sections : int
        Sections finished.
    opening : bool
        Whether the section has had no bar line so far.
    pickup : int
        Ticks of the section's pickup; until its first bar line, those missing in the bar before.
    lacking : int
        Ticks missing in the last bar.
    pickup_before : int
        The pickup of the section before.
    fork, fork_in_section : int
        The numbers that the first ending began with.
    firsts : list of int
        For each section the number of its first bar.
    starts, fulls : list of int
        For each number the characters of the tune before that bar, with and without its pickup.
    """

    size: int = WHOLE
    compound: int = 0
    unit: int = 2
    body: bool = False
    key: int = 0
    began: int = 0
    number: int = 0
    in_section: int = 1
    form: int = PLAIN
    sections: int = 0
    opening: bool = True
    pickup: int = 0
    lacking: int = 0
    pickup_before: int = 0
    fork: int = 0
    fork_in_section: int = 1
    firsts: list[int] = field(default_factory=lambda: [0])
    starts: list[int] = field(default_factory=list)
    fulls: list[int] = field(default_factory=list)

    def take(self, event: int, value: int, time: int, length: int) -> bool:
        """Update the bars by an event.

        Parameters
        ----------
        event, value : int
            As in `abcgen.model.factors.lexing.Way`.
        time : int
            Ticks since the tune began.
        length : int
            Characters of the tune so far, the one of the event included.

        Returns
        -------
        bool
            Whether the bars to compare with have changed.
        """
        if event == BAR and self.body:
            fresh = self._bar_line(time, length)
            if value:
                self._section(length)
                self.form = BETWEEN if self.form == FIRST else PLAIN
            return fresh or bool(value)
        if event == METER:
            self.size, self.compound = divmod(value, 2)
        elif event == UNIT:
            self.unit = value
        elif event == BODY:
            self.body, self.key = True, value
            self._begin(0, length)
        elif not self.body:
            return False
        elif event == SECTION:
            self._section(length)
            self.form = REPEATED if value else PLAIN
        elif event == FORK:
            self.fork, self.fork_in_section, self.form = self.number, self.in_section, FIRST
            return False
        elif event == KEY:
            self.key = value
            return False
        elif event == REWIND:
            self.in_section = self.fork_in_section
            self._begin(self.fork, length)
            self.began = time
            self.opening, self.pickup = False, self.pickup_before
            self.form, self.sections = SECOND, max(self.sections - 1, 0)
        return self.body

    def _bar_line(self, time: int, length: int) -> bool:
        held, self.began = time - self.began, time
        if not held:
            return False
        if self.opening and held < self.size:
            self.pickup = held
            self.fulls[self.number] = length
        else:
            if self.opening:
                self.pickup = 0
            self.lacking = max(self.size - held, 0)
            self.in_section += 1
            self._begin(min(self.number + 1, MOST_BARS - 1), length)
        self.opening = False
        return True

    def _section(self, length: int) -> None:
        self.pickup_before = self.pickup
        if self.in_section > 1:  # else there was only a pickup, which is this section's
            self.pickup = self.lacking
            self.sections += 1
            self.firsts[self.sections :] = [self.number]
        self.opening, self.in_section = True, 1
        self.starts[self.number] = self.fulls[self.number] = length

    def _begin(self, number: int, length: int) -> None:
        self.number = number
        self.starts[number:] = [length]
        self.fulls[number:] = [length]

    def compared(self) -> list[int]:
        """Return for each of `LAGS` where in the text the bar compared with begins, or `NONE`."""
        begins = self.starts if self.opening else self.fulls
        return [begins[self.number - lag] if lag <= self.number else NONE for lag in LAGS]

    def begin_of(self, section: int, bar: int) -> int:
        """Return where in the text a bar of a section begins, or `NONE` if it is not before."""
        number = self.firsts[section] + bar if section <= self.sections else self.number
        begins = self.starts if self.opening else self.fulls
        return begins[number] if number < self.number else NONE

    def copy(self) -> Self:
        """Return a copy that can be restored later."""
        return replace(self, firsts=self.firsts[:], starts=self.starts[:], fulls=self.fulls[:])
