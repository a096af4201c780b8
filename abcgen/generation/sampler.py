"""The choice of the next character: temperature, top-k and top-p over logits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abcgen.errors import UsageError
from abcgen.support import defaults, values

#: Temperatures below this count as 0: only the likeliest character would ever be drawn anyway.
_GREEDY = 1e-6
#: At this temperature all characters are about equally likely.
_HIGHEST = 1e6


@dataclass(frozen=True)
class Sampler:
    """How a character is drawn from the network's logits.

    Attributes
    ----------
    temperature : float
        Logits are divided by it: below 1 likely characters become likelier, above 1 less likely;
        0 always takes the likeliest.
    top_k : int
        Draw only among the k likeliest characters, and those as likely as the last of them; 0 for
        all.
    top_p : float
        Draw only among the fewest likeliest characters whose probabilities reach p; 1 for all.

    Raises
    ------
    UsageError
        If one of them is no number, or out of range.
    """

    temperature: float = defaults.TEMPERATURE
    top_k: int = defaults.TOP_K
    top_p: float = defaults.TOP_P

    def __post_init__(self) -> None:
        # Plain numbers, so that the remark of a tune (N:) can be read again.
        object.__setattr__(self, "temperature", values.number("temperature", self.temperature))
        object.__setattr__(self, "top_k", values.whole("top-k", self.top_k, 0))
        object.__setattr__(self, "top_p", values.number("top-p", self.top_p))
        if not 0 <= self.temperature <= _HIGHEST:  # which is also false for NaN
            raise UsageError(f"temperature must be 0 to {_HIGHEST:,.0f}, not {self.temperature}")
        if not 0 < self.top_p <= 1:
            raise UsageError(f"top-p must be above 0 and at most 1, not {self.top_p}")

    @property
    def greedy(self) -> bool:
        """Whether the likeliest character is always taken."""
        return self.temperature < _GREEDY

    @property
    def truncates(self) -> bool:
        """Whether top-k or top-p is in use, so that all logits decide what may be drawn."""
        return self.top_k > 0 or self.top_p < 1

    def scores(
        self, logits: NDArray[np.float32], noise: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return scores; the character with the highest score is drawn.

        Parameters
        ----------
        logits : float32 array, shape (N, V)
            One row a stream; minus infinity for what must not be drawn.
        noise : float32 array, shape (N, V)
            Gumbel noise scaled by the temperature: see `abcgen.generation.noise`.

        Returns
        -------
        float32 array, shape (N, V)
            Each row depends only on the same row of logits and noise. To reject the character
            with the highest score, set its logit to minus infinity and ask again with the same
            noise: what comes has the distribution of a draw without that character.
        """
        if self.truncates:
            logits = np.where(self.weights(logits) > 0, logits, np.float32(-np.inf))
        return logits + noise

    def weights(self, logits: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the probability of each character, relative to that of the likeliest.

        Parameters
        ----------
        logits : float32 array, shape (N, V)
            One row a stream; minus infinity for what must not be drawn.

        Returns
        -------
        float64 array, shape (N, V)
            1 for the likeliest of a row, 0 for what is never drawn.
        """
        weights = logits.astype(np.float64)
        weights -= np.maximum.reduce(logits, axis=1, keepdims=True)
        if self.greedy:
            return np.where(weights == 0, 1.0, 0.0)
        weights /= self.temperature
        np.exp(weights, out=weights)
        if 0 < self.top_k < weights.shape[1]:
            least = np.partition(weights, -self.top_k, axis=1)[:, -self.top_k, None]
            weights[weights < least] = 0
        if self.top_p < 1:
            weights[weights < self._top_p_threshold(weights)] = 0
        return weights

    def _top_p_threshold(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return for each row, (N, 1), the weight of the last character that top-p keeps."""
        descending = -np.sort(-weights, axis=1)
        sums = descending.cumsum(axis=1)
        last = (sums >= self.top_p * sums[:, -1:]).argmax(axis=1)
        least: NDArray[np.float64] = descending[np.arange(len(weights)), last][:, None]
        return least
