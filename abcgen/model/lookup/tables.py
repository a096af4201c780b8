"""The tables that a network looks things up in, and where in them each symbol has its row."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from abcgen.model.factors.layout import AHEAD, ECHO_TRUST, LOW, Layout
from abcgen.model.factors.plan import DEGREES, ECHOED, KINDS, LETTERS
from abcgen.model.factors.rows import BY_CHARACTER, BY_STEP, SITUATIONS
from abcgen.model.recipe import Recipe

#: What a plan weighs by what the network says: the echo of the planned bar, a low and a high last
#: note, and the chord that is due.
ECHO_GATE, LOW_GATE, HIGH_GATE, CHORD_GATE = range(4)
GATES = 4
#: A table of int8 has its scale beside it, under its name and this.
_SCALE = "_scale"
#: What the names of a plan's tables begin with.
_PLAN = "plan_"
_LARGEST = 127
#: Tables of fewer numbers are stored as they are.
_LARGE = 1024


class PlanTables(NamedTuple):
    """What a network looks up that goes by a plan, float32.

    Attributes
    ----------
    vectors : array, shape (symbols, S)
        The vector of each symbol of `Layout.by_plan` that is read together.
    direct : array, shape (symbols, V + GATES)
        What the symbols from the lowest note to the next bar's first note say of each character,
        and of the gates.
    trust : array, shape (ECHOED * ECHO_TRUST,)
        How much more the echo of the planned bar is wanted, by the kind of bar and the trust in it.
    fresh : array, shape (KINDS * ECHO_TRUST,)
        What is added to a note that an echo tells, by the kind of bar and the trust in it.
    letters : array, shape (DEGREES, 2)
        One more than the character of each letter for low notes, and for high ones; 0 for none.
    strength : array, shape (2,)
        How much a plan counts, and how many times more the last note of a section.
    """

    vectors: NDArray[np.float32]
    direct: NDArray[np.float32]
    trust: NDArray[np.float32]
    fresh: NDArray[np.float32]
    letters: NDArray[np.float32]
    strength: NDArray[np.float32]

    def notes(self) -> NDArray[np.float32]:
        """Return 1 for the characters of notes, 0 for others, (V,)."""
        notes = np.zeros(1 + self.direct.shape[1] - GATES, np.float32)
        notes[self.letters[1:LETTERS].astype(np.int64)] = 1
        return notes[1:]


class Tables(NamedTuple):
    """What a network looks up.

    Attributes
    ----------
    vectors : float32 array, shape (symbols, E)
        The vector of each symbol without a plan, which the first layer reads.
    plan : PlanTables or None
        What else, if it reads plans.
    """

    vectors: NDArray[np.float32]
    plan: PlanTables | None = None

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return them by name; those of a plan begin ``plan_``."""
        named = self.plan._asdict() if self.plan else {}
        return {"vectors": self.vectors} | {_PLAN + name: table for name, table in named.items()}

    def packed(self, quantize: bool) -> dict[str, NDArray[Any]]:
        """Return them as they are stored, by name: large ones as int8 with a scale, if wanted."""
        stored: dict[str, NDArray[Any]] = {}
        for name, table in self.arrays().items():
            if not quantize or table.size < _LARGE:
                stored[name] = table.astype(np.float32)
                continue
            scale = float(np.abs(table).max()) / _LARGEST or 1.0
            stored[name] = np.round(table / scale).astype(np.int8)
            stored[name + _SCALE] = np.array([scale], np.float32)
        return stored

    @classmethod
    def unpacked(cls, stored: Mapping[str, NDArray[Any]]) -> Self:
        """Make them of what `packed` returned."""
        tables = {
            name: np.ascontiguousarray(table * stored.get(name + _SCALE, 1), np.float32)
            for name, table in stored.items()
            if not name.endswith(_SCALE)
        }
        of_plan = {name.removeprefix(_PLAN): tables[name] for name in tables.keys() - {"vectors"}}
        return cls(tables["vectors"], PlanTables(**of_plan) if of_plan else None)

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of each, by name."""
        return {name: table.shape for name, table in self.arrays().items()}


def shapes_of(recipe: Recipe, layout: Layout) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the tables of a network, by name."""
    width = recipe.embedding_dim or layout.plain_size
    shapes: dict[str, tuple[int, ...]] = {"vectors": (layout.plain_size, width)}
    if not recipe.planned:
        return shapes
    return shapes | {
        "plan_vectors": (layout.plan_symbols, recipe.plan_size),
        "plan_direct": (layout.toward - layout.low, layout.vocab_size + GATES),
        "plan_trust": (ECHOED * ECHO_TRUST,),
        "plan_fresh": (KINDS * ECHO_TRUST,),
        "plan_letters": (DEGREES, 2),
        "plan_strength": (2,),
    }


class Rows(NamedTuple):
    """Where the rows of a table are that are added up.

    Attributes
    ----------
    columns : int64 array, shape (n,)
        The columns of symbols, as they are read, that have a row each.
    offsets : int64 array, shape (n,)
        The symbol in each column that has the first row.
    """

    columns: NDArray[np.int64]
    offsets: NDArray[np.int64]


def plain_rows(layout: Layout) -> Rows:
    """Return the rows of `Tables.vectors`."""
    columns = np.arange(layout.plain_columns)
    return Rows(columns, np.zeros_like(columns))


class HabitTables(NamedTuple):
    """What is added to logits where tunes are drawn, as people choose: `abcgen.model.habits`.

    Attributes
    ----------
    rows : float32 array, shape (ROWS, V)
        By the rows of a situation that characters are chosen by.
    steps : float32 array, shape (STEP_ROWS, STEPS_AWAY)
        By those that the next step is chosen by: for each number of steps up.
    away : int32 array, shape (STEPS, V)
        From each step, how many steps up a character is, by number; -1 if it is no note.
    recalled : float32 array, shape (STYLES * STAGES, 2)
        By how far a tune is, for a change that has followed the last one before, and for one that
        has followed the last two.
    echoes : float32 array, shape (ECHOINGS, len(LAGS) + 1, ECHO_TRUST, CLASSES)
        For a note that an echo tells, for a length, and for another character, by the kind of bar,
        the lag, of which the last is the bar that the plan names, and the trust in the echo.
    classes : int32 array, shape (V,)
        1 for the characters of notes, 2 for those of lengths, 3 for others.
    bounds : float32 array, shape (2,)
        The least and the most that those by the next step, with those recalled, add together.
    """

    rows: NDArray[np.float32]
    steps: NDArray[np.float32]
    away: NDArray[np.int32]
    recalled: NDArray[np.float32]
    echoes: NDArray[np.float32]
    classes: NDArray[np.int32]
    bounds: NDArray[np.float32]


def situation_rows() -> tuple[Rows, Rows]:
    """Return the rows of `HabitTables.rows`, and of `HabitTables.steps`, in a situation."""
    columns = np.arange(SITUATIONS)
    of_each = columns[BY_CHARACTER], columns[BY_STEP]
    return Rows(of_each[0], np.zeros_like(of_each[0])), Rows(of_each[1], np.zeros_like(of_each[1]))


def plan_rows(layout: Layout) -> tuple[Rows, Rows]:
    """Return the rows of `PlanTables.vectors`, and of `PlanTables.direct`."""
    # What is subtracted from a column is seen where all symbols are 0.
    symbols = np.zeros((2, layout.columns), np.int64)
    symbols[1] = np.arange(layout.columns)
    _, read = layout.by_plan(symbols)
    zeros, numbered = np.concatenate(read, axis=-1)
    first = layout.plain_columns
    direct = np.arange(first + LOW, first + AHEAD + 1)
    return Rows(numbered - zeros, -zeros), Rows(direct, np.full(len(direct), layout.low))
