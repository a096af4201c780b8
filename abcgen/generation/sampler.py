"""The choice of the next character: temperature, top-k and top-p over logits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abcgen.errors import UsageError
from abcgen.support import defaults

#: Temperatures below this are taken for 0: nothing but the likeliest would be drawn anyway.
_GREEDY = 1e-6
#: At this, all characters are as likely as any other.
_HIGHEST = 1e6


@dataclass(frozen=True)
class Choice:
    """How characters are drawn from what the network foretells.

    Attributes
    ----------
    temperature : float
        What logits are divided by: below 1 the likely becomes likelier, above 1 less so; 0 takes
        the likeliest always.
    top_k : int
        Draw among the k likeliest characters alone; 0 for all.
    top_p : float
        Draw among the fewest likeliest characters whose probabilities reach p; 1 for all.
    """

    temperature: float = defaults.TEMPERATURE
    top_k: int = defaults.TOP_K
    top_p: float = defaults.TOP_P

    def __post_init__(self) -> None:
        if not 0 <= self.temperature <= _HIGHEST:  # which is false for what is no number, too
            raise UsageError(f"temperature must be 0 to {_HIGHEST:g}, not {self.temperature}")
        if self.top_k < 0:
            raise UsageError(f"top-k must be 0 or more, not {self.top_k}")
        if not 0 < self.top_p <= 1:
            raise UsageError(f"top-p must be above 0 and at most 1, not {self.top_p}")

    @property
    def narrows(self) -> bool:
        """Whether it is the other characters' logits, too, that decide what may be drawn."""
        return self.top_k > 0 or self.top_p < 1

    def scores(
        self, logits: NDArray[np.float32], noise: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return scores, of which the highest is the character drawn.

        Parameters
        ----------
        logits : float32 array, shape (N, V)
            One row a stream; minus infinity for what must not be drawn.
        noise : float32 array, shape (N, V)
            What chance decides by: that of `abcgen.generation.noise`, as large as the temperature.

        Returns
        -------
        float32 array, shape (N, V)
            A row depends on that row of logits and of noise alone. Where the character with the
            highest may not be had, its logit is set to minus infinity, and with the same noise
            another is drawn as if there had never been that one.
        """
        if self.narrows:
            logits = np.where(self.odds(logits) > 0, logits, np.float32(-np.inf))
        return logits + noise

    def odds(self, logits: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the odds with which each character is drawn.

        Parameters
        ----------
        logits : float32 array, shape (N, V)
            One row a stream; minus infinity for what must not be drawn.

        Returns
        -------
        float64 array, shape (N, V)
            1 for the likeliest of a row, 0 for what is never drawn.
        """
        odds = logits.astype(np.float64)
        odds -= np.maximum.reduce(logits, axis=1, keepdims=True)
        if self.temperature < _GREEDY:
            return np.where(odds == 0, 1.0, 0.0)
        odds /= self.temperature
        np.exp(odds, out=odds)
        if 0 < self.top_k < odds.shape[1]:
            least = np.partition(odds, -self.top_k, axis=1)[:, -self.top_k, None]
            odds[odds < least] = 0
        if self.top_p < 1:
            odds[odds < self._least_of_top_p(odds)] = 0
        return odds

    def _least_of_top_p(self, odds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return for each row the odds of the last character that top-p lets in."""
        falling = -np.sort(-odds, axis=1)
        sums = falling.cumsum(axis=1)
        last = (sums >= self.top_p * sums[:, -1:]).argmax(axis=1)
        least: NDArray[np.float64] = falling[np.arange(len(odds)), last][:, None]
        return least
