"""A logistic regression of words: how much a tune is like people's."""

import math
from collections import Counter
from collections.abc import Container, Mapping
from pathlib import Path
from typing import Self

import numpy as np

from abcgen.errors import CheckpointError
from abcgen.model.critic.words import words_of


def parts_of(counts: Mapping[str, int], known: Container[str]) -> dict[str, float]:
    """Return how much of a tune each of the known words is; all parts add up to 1.

    A word that comes n times counts for 1 + log n.
    """
    parts = {word: 1 + math.log(count) for word, count in counts.items() if word in known}
    whole = sum(parts.values())
    return {word: part / whole for word, part in parts.items()}


class Critic:
    """Says how much a tune is like people's.

    Parameters
    ----------
    weights : dict from str to float
        The score of a tune that is made of one word alone.
    least : float
        What a tune must score to be accepted.
    """

    def __init__(self, weights: dict[str, float], least: float) -> None:
        self.weights, self.least = weights, least

    def score(self, text: str) -> float:
        """Return the score of a tune in abcgen's spelling: the higher, the more like people's.

        It is the logarithm of the odds that the tune is by people; minus infinity if no word of it
        is known.
        """
        parts = parts_of(Counter(words_of(text)), self.weights)
        if not parts:
            return -math.inf
        return math.fsum(part * self.weights[word] for word, part in parts.items())

    def accepts(self, text: str) -> bool:
        """Return whether a tune in abcgen's spelling is enough like people's."""
        return self.score(text) >= self.least

    def save(self, path: Path) -> None:
        """Write it as an ``.npz`` file."""
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                words=np.array("\n".join(self.weights)),
                weights=np.array(list(self.weights.values()), np.float16),
                least=np.array(self.least),
            )

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        CheckpointError
            If the file is damaged, or an earlier version of abcgen wrote it.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                if "words" not in stored:
                    raise CheckpointError(
                        f"{path} is from an earlier version of abcgen: train it again by python -m "
                        f"abcgen.train BOOK --critic {path.parent}, or use --no-critic"
                    )
                words, weights = str(stored["words"]).split("\n"), stored["weights"].tolist()
                return cls(dict(zip(words, weights, strict=True)), float(stored["least"]))
        except CheckpointError:
            raise
        except Exception as error:  # a damaged zip raises many kinds
            raise CheckpointError(f"{path} is damaged ({error}); restore the checkpoint") from None
