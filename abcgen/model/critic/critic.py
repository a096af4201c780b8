"""A logistic regression of words: how much a tune is like people's."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from abcgen.errors import CheckpointError

if TYPE_CHECKING:
    from abcgen.model.critic import compiled, words


def parts_of(counts: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return what share of a tune each word is, from how often each comes, at least once.

    A word that comes n times counts for 1 + log n.
    """
    parts: NDArray[np.float64] = 1 + np.log(counts)
    return parts / math.fsum(parts)


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
        self._words, self._values = words_in(list(weights)), np.array(list(weights.values()))

    def __reduce__(self) -> tuple[type[Self], tuple[dict[str, float], float]]:
        # So that it can be sent to another process; what counts its words in C cannot.
        return type(self), (self.weights, self.least)

    def score(self, text: str) -> float:
        """Return the score of a tune in abcgen's spelling: the higher, the more like people's.

        It is the logarithm of the odds that the tune is by people; minus infinity if no word of it
        is known.
        """
        counts = self._words.count(text)
        there = np.flatnonzero(counts)
        if not there.size:
            return -math.inf
        # Rounded once, so that the score is the same in whatever order its words are.
        return math.fsum(parts_of(counts[there]) * self._values[there])

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


def words_in(known: list[str]) -> "compiled.Words | words.Words":
    """Return what counts these words, in C if that was compiled."""
    try:
        from abcgen.model.critic import compiled
    except ImportError:  # there was no C compiler, or it was for another version
        from abcgen.model.critic import words

        return words.Words(known)
    return compiled.Words(known)
