"""Tables looked up in numpy, where nothing could be compiled."""

import numpy as np
from numpy.typing import NDArray

from abcgen.model.factors.layout import CHORD, ECHO_TRUST, STYLE, TARGET, Layout
from abcgen.model.factors.plan import KINDS, LETTERS
from abcgen.model.factors.rows import ECHOING, RECALLED, RECALLING, STEP
from abcgen.model.factors.situations import changes_of, recalls
from abcgen.model.lookup.tables import (
    CHORD_GATE,
    ECHO_GATE,
    HIGH_GATE,
    LOW_GATE,
    HabitTables,
    Rows,
    Tables,
    plain_rows,
    plan_rows,
    situation_rows,
)


class Lookup:
    """Looks up what a network reads and what a plan says, of N streams.

    Parameters
    ----------
    layout : Layout
        How symbols are numbered: F columns, V characters.
    tables : Tables
        With the shapes of `abcgen.model.lookup.tables.shapes_of`.
    """

    def __init__(self, layout: Layout, tables: Tables) -> None:
        self._layout, self._tables = layout, tables
        self._plain = plain_rows(layout)
        if tables.plan:
            self._read, self._direct = plan_rows(layout)
            self._notes = tables.plan.notes()

    def vectors(self, symbols: NDArray[np.int32], vectors: NDArray[np.float32]) -> None:
        """Write the sums of the vectors of symbols, (N, F): first those without a plan, (N, E + S).

        S is 0 without a plan.
        """
        tables = self._tables
        size = tables.vectors.shape[1]
        vectors.fill(0)
        _add_rows(tables.vectors, self._plain, symbols, vectors[:, :size])
        if tables.plan:
            _add_rows(tables.plan.vectors, self._read, symbols, vectors[:, size:])

    def add_habits(
        self,
        habits: HabitTables,
        situations: NDArray[np.int32],
        symbols: NDArray[np.int32],
        logits: NDArray[np.float32],
    ) -> None:
        """Add habits to logits, (N, V), by the situations, (N, SITUATIONS), and echoes."""
        add_habits(self._layout, habits, situations, symbols, logits)

    def add_plan(
        self,
        symbols: NDArray[np.int32],
        before: NDArray[np.float32],
        says: NDArray[np.float32],
        logits: NDArray[np.float32],
    ) -> None:
        """Write logits with what a plan says.

        Parameters
        ----------
        symbols : int32 array, shape (N, F)
            What was read.
        before : float32 array, shape (N, V)
            The logits without it.
        says : float32 array, shape (N, V + GATES)
            What the network says by the plan, of characters and of the gates.
        logits : float32 array, shape (N, V)
            What is written.
        """
        layout, tables = self._layout, self._tables.plan
        assert tables, "only a network that reads plans says something by them"
        logits[:] = before
        plan, _ = layout.by_plan(symbols)
        says = says.copy()
        _add_rows(tables.direct, self._direct, symbols, says)
        says, gates = np.split(says, [layout.vocab_size], axis=1)
        gates[:, [LOW_GATE, HIGH_GATE]] *= tables.strength[1]
        # Where there is no plan, it changes nothing.
        strength = np.where(plan[:, STYLE] > layout.style - layout.kinds, tables.strength[0], 0)
        logits += strength[:, None] * says
        target = plan[:, TARGET] - (layout.target - layout.kinds)
        due = (plan[:, CHORD] - (layout.chord - layout.kinds)) % LETTERS
        kind, echo = np.divmod(plan[:, -1] - (layout.planned - layout.kinds), layout.echo_size)
        trust = tables.trust[kind * ECHO_TRUST + echo % ECHO_TRUST]
        low, high = tables.letters.T.astype(np.int64)
        for told, wanted in (
            (low[target], gates[:, LOW_GATE]),
            (high[target], gates[:, HIGH_GATE]),
            (low[due], gates[:, CHORD_GATE]),
            (echo // ECHO_TRUST, gates[:, ECHO_GATE] + trust),
        ):
            _add_to(logits, told, strength * wanted)
        all_told, trusted = layout.echoes_told(symbols)
        fresh = tables.fresh[plan[:, :1] // KINDS * ECHO_TRUST + trusted]
        for told, added in zip(all_told.T, fresh.T, strict=True):
            _add_to(logits, told, added * self._notes[told - 1])


def add_habits(
    layout: Layout,
    habits: HabitTables,
    situations: NDArray[np.int32],
    symbols: NDArray[np.int32],
    logits: NDArray[np.float32],
) -> None:
    """Add habits to logits; see `Lookup.add_habits`."""
    by_character, by_step = situation_rows()
    _add_rows(habits.rows, by_character, situations, logits)
    _add_steps(habits, by_step, situations, logits)
    kind = situations[:, ECHOING]
    for lag, (told, trust) in enumerate(
        zip(*(part.T for part in layout.all_told(symbols)), strict=True)
    ):
        which = habits.classes[told - 1]
        added = habits.echoes[kind - 1, lag, trust, which - 1]
        _add_to(logits, told, np.where(kind > 0, added, np.float32(0)))


def _add_steps(
    habits: HabitTables, rows: Rows, situations: NDArray[np.int32], logits: NDArray[np.float32]
) -> None:
    """Add to notes by how many steps up each is, where there is a step so far."""
    steps = np.zeros((len(situations), habits.steps.shape[1]), np.float32)
    _add_rows(habits.steps, rows, situations, steps)
    change = changes_of(steps.shape[1])
    followed = recalls(situations[:, RECALLED, None], change)
    stage = np.maximum(situations[:, RECALLING] - 1, 0)
    weights = np.pad(habits.recalled, ((0, 0), (1, 0)))[stage]
    steps += np.take_along_axis(weights, followed, axis=1)
    steps = np.clip(steps, *habits.bounds)
    away = habits.away[situations[:, STEP]]
    there = (away >= 0) & (situations[:, STEP] > 0)[:, None]
    logits += np.where(there, np.take_along_axis(steps, np.maximum(away, 0), axis=1), np.float32(0))


def _add_to(
    logits: NDArray[np.float32], told: NDArray[np.integer], added: NDArray[np.float32]
) -> None:
    """Add to the logit of one character a stream: one more than that, (N,), or 0 for none."""
    streams = np.flatnonzero(told)
    logits[streams, told[streams] - 1] += added[streams]


def _add_rows(
    table: NDArray[np.float32],
    rows: Rows,
    symbols: NDArray[np.int32],
    sums: NDArray[np.float32],
) -> None:
    """Add the rows of a table that belong to symbols to sums, (N, width), one after the other."""
    for column, offset in zip(rows.columns, rows.offsets, strict=True):
        sums += table[symbols[:, column] - offset]
