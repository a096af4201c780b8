"""How much more likely each choice becomes where tunes are drawn, so that they move as people's."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from abcgen.errors import CheckpointError
from abcgen.model.factors.rows import ROWS, STEP_ROWS, STEPS_AWAY
from abcgen.model.habits.choices import (
    ECHOES,
    RECALLS,
    SHAPE_OF_ECHOES,
    STEP_HABITS,
    away_of,
    classes_of,
    habits_of,
)
from abcgen.model.lookup.tables import HabitTables
from abcgen.model.vocabulary import Vocabulary

_PER_NAT = 32  # values that are distinguished
#: What all habits of the next step together take away at most from a note, and add to it, in nats.
#: A note that the network would hardly write must not come because many habits wish for a step.
_LEAST, _MOST = -4.0, 2.0


class Habits:
    """What is added to the logits of a network where tunes are drawn.

    Parameters
    ----------
    vocabulary : Vocabulary
        V characters.
    added : mapping of str to array, optional
        For each habit of `abcgen.model.habits.choices` what is added for each choice, in nats,
        (contexts, choices); nothing at first.
    """

    def __init__(
        self, vocabulary: Vocabulary, added: Mapping[str, NDArray[np.float32]] | None = None
    ) -> None:
        self.kinds = habits_of(vocabulary)
        self.added = {
            name: np.zeros(habit.shape, np.float32) if added is None else added[name]
            for name, habit in self.kinds.items()
        }
        self._vocabulary = vocabulary

    def tables(self, *, bounded: bool = True) -> HabitTables:
        """Return what is added, as it is looked up.

        Parameters
        ----------
        bounded : bool
            Whether habits of the next step together stay within bounds. While they are learned they
            need not: where others have reached a bound, a habit would grow to no effect.
        """
        steps = np.zeros((STEP_ROWS, STEPS_AWAY), np.float32)
        for name, (first, end) in STEP_HABITS.items():
            steps[first:end] = self.added[name]
        recalled = np.ascontiguousarray(self.added[RECALLS][:, 1:])
        echoes = np.ascontiguousarray(self.added[ECHOES][:, 1]).reshape(SHAPE_OF_ECHOES)
        of = self._vocabulary
        bounds = np.array([_LEAST, _MOST] if bounded else [-np.inf, np.inf], np.float32)
        found = self._rows(), steps, away_of(of), recalled, echoes, classes_of(of), bounds
        return HabitTables(*found)

    def _rows(self) -> NDArray[np.float32]:
        """Return what is added in each situation for each character, (ROWS, V)."""
        table = np.zeros((ROWS, len(self._vocabulary)), np.float32)
        for name, habit in self.kinds.items():
            if not habit.numbers.size:
                continue
            # The last number, of nothing, is -1.
            values = np.append(self.added[name].ravel(), np.float32(0))
            rows = table[habit.first : habit.first + len(habit.numbers)]
            rows[:, habit.characters] = values.take(habit.numbers, mode="wrap")
        return table

    def save(self, path: Path) -> None:
        """Write it as an ``.npz`` file, in steps of 1/32: finer ones are chance, and take room."""
        arrays: dict[str, Any] = {
            name: (np.round(_PER_NAT * kept) / _PER_NAT).astype("f2")
            for name, kept in self.added.items()
        }
        with path.open("wb") as file:
            np.savez_compressed(file, **arrays)

    @classmethod
    def load(cls, path: Path, vocabulary: Vocabulary) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        CheckpointError
            If the file is damaged, or another version of abcgen has learned other habits.
        """
        habits = cls(vocabulary)
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                added = {name: stored[name].astype(np.float32) for name in stored.files}
            if not all(np.isfinite(values).all() for values in added.values()):
                raise ValueError("a number is not finite")
        except Exception as error:  # a damaged zip raises many kinds
            raise CheckpointError(f"{path} is damaged ({error}); restore the checkpoint") from None
        shapes = [{name: of.shape for name, of in one.items()} for one in (added, habits.added)]
        if shapes[0] != shapes[1]:
            raise CheckpointError(
                f"{path} has other habits than this version of abcgen knows; learn them again: "
                f"python -m abcgen.train BOOKS --habits {path.parent}"
            )
        habits.added = added
        return habits


@lru_cache(maxsize=4)
def tables_in(path: Path, total: str, vocabulary: Vocabulary) -> HabitTables:
    """Return the tables of a file of habits with this SHA-256, the same for all engines."""
    return Habits.load(path, vocabulary).tables()
