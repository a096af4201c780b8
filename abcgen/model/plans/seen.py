"""Sections as they were seen in the plans that were learned, to be put together in new ways."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

import numpy as np

from abcgen.model.factors.plan import COPY, MOVED, PlannedBar
from abcgen.model.plans.counts import Counts
from abcgen.model.plans.labels import ALIGNED, NO_LAG, OTHER, Lag, lag_of

#: How often a section is of another plan than the one before it.
_CHANGES = 0.5
#: Plans of the same style and form are enough if there are so many; otherwise the style is ignored.
_ENOUGH = 4
_ANY_STYLE = 0
#: Bars that are made of no other, by kind.
_OF_ITSELF = tuple(map(PlannedBar, range(COPY)))


class SeenSection(NamedTuple):
    """A section of a plan that was learned.

    Attributes
    ----------
    bars : sequence of PlannedBar
        What its bars are.
    target : int
        The degree of its last note.
    """

    bars: Sequence[PlannedBar]
    target: int


class SeenSections:
    """The sections of the plans that were learned.

    Where a bar is made of another, a plan of the same form has a bar at that place, too. So
    sections of several plans of one form make a new plan. Whether a section ends on the tonic goes
    with it: one whose last bar is an earlier bar of its own, for example, seldom does.

    Parameters
    ----------
    counts : mapping of str to Counts
        What was seen of each choice, plan after plan: see `abcgen.model.plans.planner`.
    """

    def __init__(self, counts: Mapping[str, Counts]) -> None:
        self._bars, self._lags, self._moved = (
            counts[name].in_order() for name in ("bar", "lag", "moved")
        )
        self._forms = counts["form"].in_order()
        self._targets = counts["target"].in_order()
        #: Of each plan where its bars begin, the lags and steps that go with some of them, and its
        #: sections.
        bars = np.cumsum([0, *map(sum, self._forms)])
        ends = np.cumsum([0, *map(len, self._forms)])
        kinds, relations = np.array(self._bars).reshape(-1, 2).T
        lags = np.cumsum([0, *((relations == ALIGNED) | (relations == OTHER))])
        moved = np.cumsum([0, *(kinds >= MOVED)])
        self._starts = list(
            zip(
                *(bars.tolist(), lags[bars].tolist(), moved[bars].tolist(), ends.tolist()),
                strict=True,
            )
        )
        #: Plans by style and form.
        self._plans: dict[tuple[int, tuple[int, ...]], list[int]] = defaultdict(list)
        styles = counts["style"].in_order()
        for number, ((style,), form) in enumerate(zip(styles, self._forms, strict=True)):
            self._plans[style, form].append(number)
            self._plans[_ANY_STYLE, form].append(number)
        self._known: dict[int, list[SeenSection]] = {}

    def draw(
        self, style: int, form: tuple[int, ...], chance: random.Random
    ) -> list[SeenSection] | None:
        """Draw the sections of a plan; None if none of this form was seen."""
        plans = self._plans.get((style, form), ())
        if len(plans) < _ENOUGH:
            plans = self._plans.get((_ANY_STYLE, form), ())
        if not plans:
            return None
        drawn: list[SeenSection] = []
        plan = self.sections(plans[int(chance.random() * len(plans))])
        for section in range(len(form)):
            if section and chance.random() < _CHANGES:
                plan = self.sections(plans[int(chance.random() * len(plans))])
            drawn.append(plan[section])
        return drawn

    def sections(self, number: int) -> list[SeenSection]:
        """Return the sections of a plan that was learned, numbered from 0."""
        known = self._known.get(number)
        if known is None:
            known = self._known[number] = self._read(number)
        return known

    def _read(self, number: int) -> list[SeenSection]:
        """Put together the choices of a plan."""
        place, lags, moves, ends = self._starts[number]
        sections: list[SeenSection] = []
        for section, length in enumerate(self._forms[number]):
            planned, lag = [], NO_LAG
            for at, (kind, relation) in enumerate(self._bars[place : place + length]):
                if kind < COPY:
                    lag = NO_LAG
                    planned.append(_OF_ITSELF[kind])
                    continue
                known = lag_of(relation, lag)
                if known is None:
                    known = cast(Lag, self._lags[lags])
                    lags += 1
                lag = known
                moved = 0
                if kind >= MOVED:
                    (moved,) = self._moved[moves]
                    moves += 1
                planned.append(PlannedBar(kind, section - lag[0], at - lag[1], moved))
            (target,) = self._targets[ends + section]
            sections.append(SeenSection(planned, target))
            place += length
        return sections
