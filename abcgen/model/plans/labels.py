"""What the bars of a plan are, told relative to where they are: so what was seen can come again."""

from typing import NamedTuple

from abcgen.model.factors.plan import COPY, PlannedBar

#: How the bar that a bar is made of relates to it: none; the one after that of the bar before; at
#: the same place of an earlier section; another; one of some near ones.
NONE, GOES_ON, ALIGNED, OTHER, FIRST_NEAR = range(5)
NEAR = ((0, 1), (0, 2), (0, 4), (0, 8))
#: How far before a bar is what it is made of: sections and bars, as (0, 4) for four bars before.
Lag = tuple[int, int]
NO_LAG: Lag = (-1, -1)


class Label(NamedTuple):
    """What a bar is, relative to where it is."""

    kind: int
    lag: Lag = NO_LAG
    moved: int = 0
    #: One of the relations above.
    relation: int = NONE

    @property
    def brief(self) -> tuple[int, int]:
        """Kind and relation."""
        return self.kind, self.relation


START = Label(-1)


def label_of(bar: PlannedBar, section: int, at: int, before: Label) -> Label:
    """Return what a bar of a plan is, after the bar before."""
    if bar.kind < COPY:
        return Label(bar.kind)
    lag = section - bar.section, at - bar.bar
    return Label(bar.kind, lag, bar.moved, relation_of(lag, before.lag))


def relation_of(lag: Lag, before: Lag) -> int:
    """Return the relation of a lag, after the lag of the bar before."""
    if lag == before:
        return GOES_ON
    if lag[1] == 0:
        return ALIGNED
    return NEAR.index(lag) + FIRST_NEAR if lag in NEAR else OTHER


def lag_of(relation: int, before: Lag) -> Lag | None:
    """Return the lag of a relation; None where it says too little."""
    if relation == GOES_ON:
        return before
    if relation >= FIRST_NEAR:
        return NEAR[relation - FIRST_NEAR]
    return None
