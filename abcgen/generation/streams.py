"""The tunes that are being drawn, one in each stream, all one character longer with each step."""

import numpy as np
from numpy.typing import NDArray

from abcgen.generation.request import MAX_TUNE


class Streams:
    """What each of N streams is drawing.

    Parameters
    ----------
    num_streams : int
        N.

    Attributes
    ----------
    number, attempt : list of int
        For each stream the number of its tune, and the attempt at it, from 1.
    """

    def __init__(self, num_streams: int) -> None:
        self.number = [0] * num_streams
        self.attempt = [0] * num_streams
        #: The last MAX_TUNE characters of each stream, (MAX_TUNE, N): no tune has more.
        self._history = np.empty((MAX_TUNE, num_streams), np.int32)
        self._step = 0
        #: For each stream the step of its tune's first character, and the step it must end by.
        self._began = [0] * num_streams
        self._end = np.zeros(num_streams, np.int64)
        self._first_end = 0

    def __len__(self) -> int:
        return len(self.number)

    def begin(self, stream: int, number: int, attempt: int, most: int) -> None:
        """Begin a tune of at most so many characters."""
        self.number[stream], self.attempt[stream] = number, attempt
        self._began[stream], self._end[stream] = self._step, self._step + most
        self._first_end = self._end.min().item()

    def keep(self, streams: list[int]) -> None:
        """Keep only these streams, renumbered from 0."""
        self._history, self._end = self._history[:, streams], self._end[streams]
        self.number, self.attempt, self._began = (
            [of[stream] for stream in streams] for of in (self.number, self.attempt, self._began)
        )
        self._first_end = self._end.min(initial=self._step + MAX_TUNE).item()

    def add(self, chosen: NDArray[np.int64]) -> None:
        """Add one character to each tune, (N,)."""
        self._history[self._step % MAX_TUNE] = chosen
        self._step += 1

    def drawn(self, stream: int) -> list[int]:
        """Return the characters drawn of a tune."""
        steps = np.arange(self._began[stream], self._step) % MAX_TUNE
        characters: list[int] = self._history[steps, stream].tolist()
        return characters

    def left(self, stream: int) -> int:
        """Return how many more characters a tune may have."""
        return self._end.item(stream) - self._step

    def near_their_end(self, reserve: int) -> list[int]:
        """Return the streams that may have at most one character more than the reserve."""
        near = self._step + reserve + 1
        if near < self._first_end:
            return []
        streams: list[int] = (self._end <= near).nonzero()[0].tolist()
        return streams

    @property
    def any_is_over(self) -> bool:
        """Whether some tune may have no more characters."""
        return self._step >= self._first_end

    def over(self) -> NDArray[np.bool_]:
        """Return which tunes may have no more characters, bool (N,)."""
        return self._end <= self._step
