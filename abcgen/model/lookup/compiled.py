"""Tables looked up in C: the same as `abcgen.model.lookup.plain`."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from abcgen import __version__
from abcgen.model.factors.layout import Layout
from abcgen.model.lookup import _lookup
from abcgen.model.lookup.tables import HabitTables, Tables, plain_rows, plan_rows, situation_rows

if _lookup.version != __version__:
    raise ImportError(f"compiled for abcgen {_lookup.version}; install it again")


class Lookup:
    """Looks up what a network reads and what a plan says, of N streams.

    Parameters and methods are those of `abcgen.model.lookup.plain.Lookup`; all arrays must be in C
    order.
    """

    def __init__(self, layout: Layout, tables: Tables) -> None:
        self._numbers = _numbers_of(layout)
        self._by_character, self._by_step = (np.stack(rows) for rows in situation_rows())
        self._summed = [(tables.vectors, np.stack(plain_rows(layout)))]
        if tables.plan is None:
            return
        plan, (read, direct) = tables.plan, (np.stack(rows) for rows in plan_rows(layout))
        self._summed.append((plan.vectors, read))
        self._add_plan = partial(
            _lookup.add_plan,
            *(plan.direct, direct, plan.trust, plan.fresh, plan.letters.astype(np.int32)),
            *(plan.notes(), plan.strength, self._numbers),
        )

    def vectors(self, symbols: NDArray[np.int32], vectors: NDArray[np.float32]) -> None:
        """Write the sums of the vectors of symbols, (N, F): first those without a plan, (N, E + S).

        S is 0 without a plan.
        """
        start = 0
        for table, rows in self._summed:
            _lookup.add_up(table, rows, symbols, vectors, start)
            start += table.shape[1]

    def add_habits(
        self,
        habits: HabitTables,
        situations: NDArray[np.int32],
        symbols: NDArray[np.int32],
        logits: NDArray[np.float32],
    ) -> None:
        """Add habits to logits; see `abcgen.model.lookup.plain.Lookup.add_habits`."""
        _lookup.add_on(habits.rows, self._by_character, situations, logits)
        _lookup.add_steps(
            *(habits.steps, self._by_step, habits.away, habits.recalled, habits.bounds),
            *(situations, logits),
        )
        _lookup.add_echoes(
            *(habits.echoes, habits.classes, self._numbers, situations, symbols, logits)
        )

    def add_plan(
        self,
        symbols: NDArray[np.int32],
        before: NDArray[np.float32],
        says: NDArray[np.float32],
        logits: NDArray[np.float32],
    ) -> None:
        """Write logits with what a plan says; see `abcgen.model.lookup.plain.Lookup.add_plan`."""
        self._add_plan(symbols, before, says, logits)


def _numbers_of(layout: Layout) -> NDArray[np.int64]:
    """Return what C must know of a layout, in the order of its struct."""
    return np.array(
        [
            *(layout.vocab_size, layout.columns, layout.plain_columns),
            *(layout.echo, layout.echo_size),
            *(layout.kinds, layout.target, layout.style, layout.chord, layout.planned),
        ],
        np.int64,
    )
