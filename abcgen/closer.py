"""Sections that end where the network wants them to."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abcgen.engine import State
from abcgen.notation.acceptor import Place, closing_bar
from abcgen.vocabulary import Vocabulary


class Bar(NamedTuple):
    """What a tune was when a bar began.

    Attributes
    ----------
    length : int
        Its characters.
    state : State
        The state of the network before the last of them.
    last : int
        The last of them.
    place : Place
        Where it was in the acceptor.
    """

    length: int
    state: State
    last: int
    place: Place


class Closer:
    """Says where a bar is to be drawn again, so that a section can end with it.

    A network that does not reckon well with pickups writes a last bar that is too long or too
    short, and then wants ``:|`` or ``|]``, which is forbidden. It has missed the end, and would
    ramble on. So it goes back to where the bar began and draws one that can be the last; once.

    Parameters
    ----------
    vocabulary : Vocabulary
        V characters.
    num_streams : int
        N, the tunes that are drawn side by side.
    """

    def __init__(self, vocabulary: Vocabulary, num_streams: int) -> None:
        known = vocabulary.char2idx
        # A vocabulary without them serves for --raw.
        self._colon, self._bar_line = known.get(":", -1), known.get("|", -1)
        self._closers = np.zeros(len(vocabulary), bool)
        self._closers[[known[character] for character in ":|]" if character in known]] = True
        #: Of each stream the bar that is drawn, and the one before.
        self._bars: list[list[Bar]] = [[] for _ in range(num_streams)]
        #: Of each stream where the bar began that was drawn again: never again before it, so that
        #: every tune goes on.
        self._again = [0] * num_streams

    def reset(self, stream: int) -> None:
        """Let a new tune begin."""
        self._bars[stream] = []
        self._again[stream] = 0

    def begin_bar(self, stream: int, bar: Bar) -> None:
        """Let a bar begin."""
        self._bars[stream] = [*self._bars[stream][-1:], bar]

    def bars_again(
        self,
        wanted: NDArray[np.int64],
        forbidden: NDArray[np.bool_],
        last: NDArray[np.int32],
        length: NDArray[np.int64],
    ) -> list[tuple[int, Bar]]:
        """Return the streams that are to go back, each with the bar as it is to begin again.

        Parameters
        ----------
        wanted : int64 array, shape (N,)
            What the network finds likeliest.
        forbidden : bool array, shape (N, V)
            What may not follow.
        last : int32 array, shape (N,)
            The characters before.
        length : int64 array, shape (N,)
            The characters so far.
        """
        closing = self._closers.take(wanted)
        if not np.count_nonzero(closing):
            return []
        again = []
        for stream in closing.nonzero()[0].tolist():
            character = wanted.item(stream)
            # The : of :| comes behind music; the second sign of || and |] behind the first.
            behind_bar_line = last.item(stream) == self._bar_line
            if not forbidden[stream, character] or behind_bar_line == (character == self._colon):
                continue
            bars = self._bars[stream]
            if bars and bars[-1].length == length.item(stream):
                bars = bars[:-1]  # it has just begun: the one before was to be the last
            if not bars or bars[-1].length <= self._again[stream]:
                continue
            place = closing_bar(bars[-1].place)
            if place is not None:
                self._bars[stream] = bars
                self._again[stream] = bars[-1].length
                again.append((stream, bars[-1]._replace(place=place)))
        return again
