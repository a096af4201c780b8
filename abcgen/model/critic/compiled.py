"""Words counted in C: the same as `abcgen.model.critic.words`."""

import numpy as np
from numpy.typing import NDArray

from abcgen import __version__
from abcgen.model.critic import _words
from abcgen.model.critic.seen import tonic_of
from abcgen.model.critic.words import TICKS
from abcgen.model.plans.outline import bars_of

if _words.version != __version__:
    raise ImportError(f"compiled for abcgen {_words.version}; install it again")


class Words:
    """Counts words; see `abcgen.model.critic.words.Words`."""

    def __init__(self, known: list[str]) -> None:
        self._known, self._size = _words.known(known), len(known)

    def count(self, text: str) -> NDArray[np.int32]:
        """Return how often each is in a tune in abcgen's spelling, (W,)."""
        counts = np.zeros(self._size, np.int32)
        _words.count(self._known, list(bars_of(text.rstrip("\n"))), tonic_of(text), TICKS, counts)
        return counts
