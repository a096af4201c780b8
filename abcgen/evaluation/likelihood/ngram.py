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
    """The probability of a character, given the `order` - 1 characters before it.

    Each tune is read alone: before its first character there are only ends of tunes.

    Parameters
    ----------
    vocabulary : Vocabulary
        All characters; their probabilities add up to 1.
    order : int
        n, 1 or more.
    """

    def __init__(self, vocabulary: Vocabulary, order: int = ORDER) -> None:
        self.name = f"{order}-gram, Kneser-Ney"
        self.vocabulary = vocabulary
        self.order = order
        self._start = END_OF_TUNE * (order - 1)
        # For each length of context: context -> how often each character followed it.
        self._counts: list[dict[str, Counter[str]]] = []
        self._discounts: list[float] = []

    def available(self) -> str | None:
        """Return None: it is part of abcgen."""
        return None

    def train(self, tunes: Sequence[str]) -> None:
        """Count which characters follow which contexts.

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
            # Kneser and Ney's idea: for a shorter context, do not count how often a character
            # came, but after how many different longer ones. A character that occurs often, but
            # only in one phrase, is unlikely elsewhere.
            shorter: dict[str, Counter[str]] = defaultdict(Counter)
            for context, followers in self._counts[0].items():
                shorter[context[1:]].update(followers.keys())
            self._counts.insert(0, shorter)
        self._discounts = [_discount(counts) for counts in self._counts]

    def probabilities(self, history: str) -> NDArray[np.float64]:
        """Return the probability of each character after a history.

        Parameters
        ----------
        history : str
            The characters before; at most the last `order` - 1 of them are used.

        Returns
        -------
        float64 array, shape (V,)
            Each more than 0; their sum is 1.
        """
        result = np.full(len(self.vocabulary), 1 / len(self.vocabulary))
        for length in range(min(self.order - 1, len(history)) + 1):
            followers = self._counts[length].get(history[len(history) - length :])
            if followers is None:
                break  # then no longer context was seen either
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
                found = self.probabilities(text[place - self.order + 1 : place])
                bits -= float(np.log2(found[targets[place]]))
                right += int(found.argmax() == targets[place])
        return Score(bits, right)


def _discount(counts: dict[str, Counter[str]]) -> float:
    """Return the discount: what is taken from each count and given to unseen characters.

    It is n1 / (n1 + 2 n2), where n1 counts are 1 and n2 are 2: the estimate of Ney, Essen and
    Kneser (1994).
    """
    number = Counter(count for followers in counts.values() for count in followers.values())
    ones, twos = number[1], number[2]
    # In a few tunes there may be no count of 1; unseen characters must have a probability all the
    # same.
    return ones / (ones + 2 * twos) if ones else 0.5
