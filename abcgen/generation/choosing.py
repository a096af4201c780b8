"""A character chosen again where the first choice breaks a rule, or the tune has to end soon."""

from collections.abc import Callable

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


def choose_allowed(
    mask: Mask,
    stream: int,
    chosen: NDArray[np.int64],
    scores: Scores,
    logits: NDArray[np.float32],
    noise: NDArray[np.float32],
) -> None:
    """Choose the character of a stream among those that the grammar allows.

    Parameters
    ----------
    mask : Mask
        Knows the tune of the stream.
    stream : int
        Which of N streams.
    chosen : int64 array, shape (N,)
        The characters of all streams; that of this one changes.
    scores : callable
        Gives the scores of the stream's characters.
    logits, noise : float32 array, shape (N, V)
        Those of all streams; the logits of this one change.
    """
    logits[stream] += mask.forbidden_to(stream)
    _choose(stream, chosen, scores, logits, noise)


def choose_in_time(
    mask: Mask,
    stream: int,
    left: int,
    chosen: NDArray[np.int64],
    scores: Scores,
    logits: NDArray[np.float32],
    noise: NDArray[np.float32],
) -> None:
    """Choose a character after which the tune can still end with so many characters left.

    Parameters are those of `choose_allowed`, which comes first.
    """
    while 1 + fewest(mask.place_after(stream, chosen.item(stream))) > left:
        logits[stream, chosen.item(stream)] = -np.inf
        _choose(stream, chosen, scores, logits, noise)


def _choose(
    stream: int,
    chosen: NDArray[np.int64],
    scores: Scores,
    logits: NDArray[np.float32],
    noise: NDArray[np.float32],
) -> None:
    """Choose the character of one stream by its logits as they are now."""
    row = slice(stream, stream + 1)
    chosen[stream] = scores(logits[row], noise[row]).argmax()
