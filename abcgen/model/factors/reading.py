"""How far a tune has been read."""

from typing import NamedTuple

from abcgen.model.factors.lexing import START, State
from abcgen.model.factors.melody import Melody
from abcgen.model.factors.plan import UNPLANNED, PlanTable
from abcgen.model.factors.position import NEVER, NONE, Bars


class Reading(NamedTuple):
    """How far a tune has been read; a reader can be set back to it.

    Attributes
    ----------
    state : State
        Of the lexing.
    bars : Bars
        The bars so far.
    text, times : tuple of int
        The tune's characters, and the time after each.
    heads : tuple of int
        For each lag the place in the text compared with, whose character is the echo.
    bases : tuple of int
        The time at which the bar compared with began, or `NEVER`.
    told, matched : tuple of int
        For each lag the character that the echo predicts, or `NONE`, and how many characters in a
        row it has predicted right.
    table : PlanTable
        The plan of the tune.
    source : tuple of int
        The kind of the bar, and the steps by which it is moved from the one that it is made of.
    heard : tuple of int
        The step of the last note and the letter of the last chord, 0 for none, and how far a chord
        symbol is, as in `abcgen.model.factors.layout`, 0 outside of one.
    melody : Melody
        What is known of the melody beside its last note.
    ahead : tuple of int
        Where in the text the bar begins like which the next one does, or `NONE`; the step of the
        next bar's first note and the letter of its first chord, 0 where they are not known.
    """

    state: State
    bars: Bars
    text: tuple[int, ...]
    times: tuple[int, ...]
    heads: tuple[int, ...]
    bases: tuple[int, ...]
    told: tuple[int, ...]
    matched: tuple[int, ...]
    table: PlanTable
    source: tuple[int, int]
    heard: tuple[int, int, int]
    melody: Melody
    ahead: tuple[int, int, int]


def beginning(lags: int) -> Reading:
    """Return the reading of a tune before its first character, with a number of echoes."""
    no_lags = (0,) * lags
    return Reading(
        *(START, Bars(), (), (), no_lags, (NEVER,) * lags, (NONE,) * lags, no_lags),
        *(PlanTable(), (UNPLANNED, 0), (0, 0, 0), Melody(), (NONE, 0, 0)),
    )
