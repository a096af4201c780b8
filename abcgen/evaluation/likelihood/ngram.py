"""An n-gram of characters with interpolated Kneser-Ney smoothing.

Kneser and Ney, "Improved backing-off for m-gram language modeling" (1995); interpolated as in
Chen and Goodman, "An empirical study of smoothing techniques for language modeling" (1998).
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from abcgen.evaluation.likelihood.text_model import Score, predicted
from abcgen.model.vocabulary import END_OF_TUNE, Vocabulary

ORDER = 6


class NGram:
    """A character's probability from the `order` - 1 characters before it.

    Each tune stands alone: before its first character there is nothing but ends of tunes.

    Parameters
    ----------
    vocabulary : Vocabulary
        Every character that may come; the probabilities of all of them add up to 1.
    order : int
        n, 1 or more.
    """

    def __init__(self, vocabulary: Vocabulary, order: int = ORDER) -> None:
        self.name = f"{order}-gram, Kneser-Ney"
        self.vocabulary = vocabulary
        self.order = order
        self._start = END_OF_TUNE * (order - 1)
        # For each length of context: context -> what followed it, how often.
        self._counts: list[dict[str, Counter[str]]] = []
        self._discounts: list[float] = []

    def available(self) -> str | None:
        """Return None: it is always there."""
        return None

    def train(self, tunes: Sequence[str]) -> None:
        """Count what follows what.

        Raises
        ------
        VocabularyError
            If a tune holds a character outside the vocabulary.
        """
        longest: dict[str, Counter[str]] = defaultdict(Counter)
        for tune in tunes:
            self.vocabulary.encode(tune)
            text = self._start + predicted(tune)
            for place in range(self.order - 1, len(text)):
                longest[text[place - self.order + 1 : place]][text[place]] += 1
        self._counts = [longest]
        for _ in range(self.order - 1):
            # Kneser and Ney's idea: with less context, count not how often a character came but
            # after how many different characters; what comes in one phrase only is rare elsewhere.
            shorter: dict[str, Counter[str]] = defaultdict(Counter)
            for context, followers in self._counts[0].items():
                shorter[context[1:]].update(followers.keys())
            self._counts.insert(0, shorter)
        self._discounts = [_discount(counts) for counts in self._counts]

    def probabilities(self, history: str) -> NDArray[np.float64]:
        """Return how likely each character is after a history.

        Parameters
        ----------
        history : str
            What came before; its last `order` - 1 characters count.

        Returns
        -------
        float64 array, shape (V,)
            More than 0 each, 1 in all.
        """
        result = np.full(len(self.vocabulary), 1 / len(self.vocabulary))
        for length in range(min(self.order - 1, len(history)) + 1):
            followers = self._counts[length].get(history[len(history) - length :])
            if followers is None:
                break  # a longer context was not seen either
            discount, total = self._discounts[length], followers.total()
            result *= discount * len(followers) / total
            for character, count in followers.items():
                result[self.vocabulary.char2idx[character]] += (count - discount) / total
        return result

    def score(self, tunes: Sequence[str]) -> Score:
        """Judge tunes, character by character."""
        bits, right = 0.0, 0
        for tune in tunes:
            text = self._start + predicted(tune)
            targets = self.vocabulary.encode(text)
            for place in range(self.order - 1, len(text)):
                chances = self.probabilities(text[place - self.order + 1 : place])
                bits -= float(np.log2(chances[targets[place]]))
                right += int(chances.argmax() == targets[place])
        return Score(bits, right)


def _discount(counts: dict[str, Counter[str]]) -> float:
    """Return what is taken off each count for what was never seen: n1 / (n1 + 2 n2).

    Ney, Essen and Kneser's estimate (1994) from how many counts are 1 and how many 2.
    """
    number = Counter(count for followers in counts.values() for count in followers.values())
    ones, twos = number[1], number[2]
    # Of a few tunes there may be no count of 1; something must be left for the unseen even then.
    return ones / (ones + 2 * twos) if ones else 0.5
