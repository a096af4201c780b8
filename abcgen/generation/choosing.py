"""A character chosen again where the first choice breaks a rule, or the tune has to end soon."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abcgen.generation.mask import Mask
from abcgen.grammar.acceptor import Place
from abcgen.grammar.closing import fewest

#: From logits and noise, both float32 (N, V), to scores: `Sampler.scores`.
Scores = Callable[[NDArray[np.float32], NDArray[np.float32]], NDArray[np.float32]]

# Where a tune is to end, so many times the fewest characters of a whole tune, and so many more, are
# always enough: the place that is furthest from an end is the beginning of a section.
_RESERVE_FACTOR, _RESERVE = 3, 100


def reserve_of(place: Place) -> int:
    """Return how many characters before its limit a tune that starts at a place is steered.

    No tune needs more to end. A tune that ends before that is the same without a limit.
    """
    return _RESERVE_FACTOR * fewest(place) + _RESERVE


class Choice(NamedTuple):
    """The characters that N streams have chosen among V, to be chosen again where that is needed.

    Attributes
    ----------
    mask : Mask
        Knows the tunes.
    chosen : int64 array, shape (N,)
        The characters; changed by the methods, as are the logits.
    logits, noise : float32 array, shape (N, V)
        What they were chosen by.
    """

    mask: Mask
    chosen: NDArray[np.int64]
    logits: NDArray[np.float32]
    noise: NDArray[np.float32]

    def allow(self, stream: int, scores: Scores) -> None:
        """Choose the character of a stream, by its scores, among those that the grammar allows."""
        self.logits[stream] += self.mask.forbidden_to(stream)
        self._again(stream, scores)

    def end_in_time(self, stream: int, scores: Scores, left: int) -> None:
        """Choose a character after which the tune can still end with so many characters left.

        What is forbidden must be known already: see `allow`.
        """
        while 1 + fewest(self.mask.place_after(stream, self.chosen.item(stream))) > left:
            self.logits[stream, self.chosen.item(stream)] = -np.inf
            self._again(stream, scores)

    def _again(self, stream: int, scores: Scores) -> None:
        row = slice(stream, stream + 1)
        self.chosen[stream] = scores(self.logits[row], self.noise[row]).argmax()
