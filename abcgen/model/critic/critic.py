"""Decision trees that add up to a score: how much a tune is like people's."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from abcgen.errors import CheckpointError
from abcgen.model.critic.harmony import harmony_of
from abcgen.model.critic.likeness import likeness_of
from abcgen.model.critic.melody import melody_of
from abcgen.model.critic.seen import Measures, SeenTune

#: Stands for what a tune lacks: less than anything that is measured.
MISSING = -1000.0


def measures_of(text: str) -> Measures:
    """Return what a critic measures of a tune in abcgen's spelling."""
    tune = SeenTune.of(text)
    return likeness_of(tune) | melody_of(tune) | harmony_of(tune)


class Trees(NamedTuple):
    """Decision trees, one after the other; in each, what goes left comes right behind a node.

    Attributes
    ----------
    roots : int32 array, shape (trees,)
        The first node of each tree.
    measure : int16 array, shape (nodes,)
        The number of what is compared there, or -1 for a leaf.
    threshold : float16 array, shape (nodes,)
        What is at most this goes left; of a leaf, what it adds.
    skipped : uint16 array, shape (nodes,)
        How many nodes further on what goes right is; 0 for a leaf.
    """

    roots: NDArray[np.int32]
    measure: NDArray[np.int16]
    threshold: NDArray[np.float16]
    skipped: NDArray[np.uint16]

    def followed_by(self, others: Self) -> Self:
        """Return these trees and others."""
        moved = others._replace(roots=others.roots + np.int32(len(self.measure)))
        joined = {
            name: np.concatenate([getattr(self, name), getattr(moved, name)])
            for name in self._fields
        }
        return type(self)(**joined)


class Critic:
    """Says how much a tune is like people's.

    Parameters
    ----------
    names : sequence of str
        What is measured.
    trees : Trees
        They number what they compare as the names are.
    """

    def __init__(self, names: Sequence[str], trees: Trees) -> None:
        self.names, self.trees = list(names), trees

    def row(self, text: str) -> NDArray[np.float32]:
        """Return what is measured of a tune in abcgen's spelling, (names,)."""
        found = measures_of(text)
        return np.array([found.get(name, MISSING) for name in self.names], np.float32)

    def score(self, text: str) -> float:
        """Return the score of a tune in abcgen's spelling: the higher, the more like people's."""
        row, trees = self.row(text), self.trees
        nodes = trees.roots
        while True:
            measures = trees.measure[nodes]
            inner = measures >= 0
            if not inner.any():
                return float(trees.threshold[nodes].astype(np.float64).sum())
            goes_left = row[measures] <= trees.threshold[nodes]
            nodes = nodes + np.where(inner & goes_left, 1, trees.skipped[nodes])

    def save(self, path: Path) -> None:
        """Write it as an ``.npz`` file."""
        names = np.array("\n".join(self.names))
        with path.open("wb") as file:
            np.savez_compressed(file, names=names, **self.trees._asdict())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        CheckpointError
            If the file is damaged.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                trees = Trees(*(stored[name] for name in Trees._fields))
                return cls(str(stored["names"]).split("\n"), trees)
        except Exception as error:  # a damaged zip raises many kinds
            raise CheckpointError(f"{path} is damaged ({error}); restore the checkpoint") from None
