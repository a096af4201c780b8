"""How likely each chord is in a slot, and after another; and the likeliest chords of a section."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abcgen.generation.harmonize.slots import Slot, features_of

#: The model that comes with abcgen.
SHIPPED = Path(__file__).with_name("chords.npz")
#: How much the succession of chords counts beside the notes: both know the place in the form.
_SUCCESSION = 0.3
_NEVER = -1e9


@dataclass(frozen=True)
class Harmony:
    """What has been learned of K chords from F features.

    Attributes
    ----------
    chords : list of (int, str)
        Semitones of the root above the tonic, and the quality: nothing, ``m``, ``7`` or ``dim``.
    weights : float64 array, shape (F + 1, K)
        Of a softmax regression; the last row is added.
    successions : float64 array, shape (2, K, K)
        Natural logarithm of how much likelier a chord is after another than otherwise: within a
        bar, and across a bar line.
    """

    chords: list[tuple[int, str]]
    weights: NDArray[np.float64]
    successions: NDArray[np.float64]

    @classmethod
    def load(cls, path: Path = SHIPPED) -> "Harmony":
        """Return a model that `save` has written."""
        with np.load(path, allow_pickle=False) as kept:
            chords = [(int(root), str(quality)) for root, quality in kept["chords"].tolist()]
            return cls(chords, kept["weights"].astype(float), kept["successions"].astype(float))

    def save(self, path: Path) -> None:
        """Write the model into a file, in half precision."""
        np.savez_compressed(
            path,
            chords=np.array([(str(root), quality) for root, quality in self.chords]),
            weights=self.weights.astype(np.float16),
            successions=self.successions.astype(np.float16),
        )

    def scores(self, slots: list[Slot]) -> NDArray[np.float64]:
        """Return the log probability of each chord in each slot by itself, (T, K)."""
        logits = features_of(slots) @ self.weights[:-1] + self.weights[-1]
        logits -= logits.max(axis=1, keepdims=True)
        scores: NDArray[np.float64] = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return scores

    def likeliest(
        self, slots: list[Slot], scores: NDArray[np.float64], held: NDArray[np.bool_]
    ) -> list[int]:
        """Return the chords, as numbers, with the highest sum of scores and successions.

        Parameters
        ----------
        slots : list of Slot
            T of them.
        scores : float64 array, shape (T, K)
            What speaks for each chord.
        held : bool array, shape (T,)
            Where the chord of the slot before must go on.

        Notes
        -----
        Source: A. Viterbi, "Error bounds for convolutional codes and an asymptotically optimum
        decoding algorithm", 1967.
        """
        best, behind = scores[0], []
        holding = np.where(np.eye(len(self.chords), dtype=bool), 0, _NEVER)
        for at in range(1, len(slots)):
            across = slots[at].half == 0
            following = holding if held[at] else _SUCCESSION * self.successions[int(across)]
            ways = best[:, None] + following
            behind.append(ways.argmax(axis=0))
            best = ways.max(axis=0) + scores[at]
        path = [int(best.argmax())]
        for ways_to in reversed(behind):
            path.append(int(ways_to[path[-1]]))
        return path[::-1]
