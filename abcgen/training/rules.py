"""What the grammar forbids after each character of a tune: a table, and a number for each row."""

import numpy as np
from numpy.typing import NDArray

from abcgen.grammar.acceptor import begin_tune
from abcgen.model.vocabulary import Vocabulary


class ForbiddenTable:
    """What the grammar forbids after each character of tunes.

    Parameters
    ----------
    vocabulary : Vocabulary
        V characters.

    Attributes
    ----------
    table : bool array, shape (kinds, V)
        For each number the characters that are forbidden; row 0 forbids none.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._start = begin_tune(vocabulary.alphabet)
        self._numbers: dict[str, int] = {"": 0}
        self._rows = [np.zeros(len(vocabulary), bool)]
        self.table = np.array(self._rows)

    def after(self, tune: str) -> NDArray[np.int32]:
        """Return the number of what is forbidden after each character of a canonical tune.

        The last of them stands for the blank line that ends it: int32, (len(tune) + 1,).
        """
        numbers, place = [], self._start
        for character in tune:
            place = place.after(character)
            numbers.append(self._number(place.allowed()))
        numbers.append(self._number(self._start.allowed()))
        self.table = np.array(self._rows) if len(self._rows) > len(self.table) else self.table
        return np.array(numbers, np.int32)

    def _number(self, allowed: str) -> int:
        if allowed not in self._numbers:
            self._numbers[allowed] = len(self._rows)
            self._rows.append(np.array([c not in allowed for c in self._vocabulary.idx2char]))
        return self._numbers[allowed]
