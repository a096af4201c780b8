"""How much the grammar changed of what the network would have drawn."""

import numpy as np
from numpy.typing import NDArray

from abcgen.generation.sampler import Sampler


class Stats:
    """Counts over all tunes drawn so far.

    Attributes
    ----------
    characters : int
        Characters drawn.
    replaced : int
        Those of them where an invalid character would have been drawn without the mask.
    removed : float
        The probability of the invalid characters, summed over all characters drawn.
    """

    def __init__(self) -> None:
        self.characters, self.replaced, self.removed = 0, 0, 0.0

    def count(
        self,
        sampler: Sampler,
        logits: NDArray[np.float32],
        noise: NDArray[np.float32],
        forbidden: NDArray[np.bool_],
    ) -> None:
        """Count one step: logits, noise and forbidden characters, each (N, V)."""
        weights = sampler.weights(logits)
        self.removed += float(((weights * forbidden).sum(axis=1) / weights.sum(axis=1)).sum())
        unmasked = sampler.scores(logits, noise).argmax(axis=1)
        self.replaced += int(forbidden[np.arange(len(unmasked)), unmasked].sum())
        self.characters += len(unmasked)

    def take(self) -> "Stats":
        """Return the counts since this was last called, and start again from zero."""
        taken = Stats()
        taken.add(self)
        self.characters, self.replaced, self.removed = 0, 0, 0.0
        return taken

    def add(self, other: "Stats") -> None:
        """Add the counts of another."""
        self.characters += other.characters
        self.replaced += other.replaced
        self.removed += other.removed

    def __str__(self) -> str:
        return (
            f"of {self.characters} characters drawn, {self.replaced} "
            f"({self.replaced / self.characters:.2%}) would have been invalid; the grammar removed "
            f"{self.removed / self.characters:.2%} of the probability"
        )
