"""Tunes as parallel streams of characters, cut into chunks, so that state carries over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abcgen.augmentation import Versions
from abcgen.errors import CorpusError
from abcgen.vocabulary import Vocabulary

#: A tune ends with a blank line. So a blank line is also what stands before the first tune: the
#: character that a network is shown first, and after which it begins a tune.
END_OF_TUNE = "\n"


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one step reads and is to foretell; N = batch_size, T = seq_length.

    Attributes
    ----------
    inputs : int32 array, shape (N, T)
        Indices of the characters read.
    targets : int32 array, shape (N, T)
        The inputs shifted by one: what comes next.
    weights : float32 array, shape (N, T)
        1 where a target counts, 0 behind the end of a stream.
    """

    inputs: NDArray[np.int32]
    targets: NDArray[np.int32]
    weights: NDArray[np.float32]


class StreamDataset:
    """The tunes of a split, laid out as N streams.

    Row i of each chunk continues row i of the chunk before it: a network that keeps its state
    from step to step reads each stream as one long text. Each stream begins with the end of a
    tune and holds whole tunes, the streams as even in length as the tunes allow. Where a stream is
    over before the longest one, its weights are 0.

    Parameters
    ----------
    tunes : sequence of str
        Tunes in abcgen's spelling, without the blank line behind each.
    vocabulary : Vocabulary
        Must hold every character of the tunes.
    batch_size : int
        N, the number of streams.
    seq_length : int
        T, the characters of a stream in a chunk.
    versions : sequence of Versions, optional
        For each tune, what may be read in its place.
    transposed : float
        How likely that is each time that the tunes are shuffled, 0 to 1.

    Raises
    ------
    CorpusError
        If there are no tunes.
    VocabularyError
        If a tune holds a character outside the vocabulary.
    """

    def __init__(
        self,
        tunes: Sequence[str],
        vocabulary: Vocabulary,
        batch_size: int,
        seq_length: int,
        *,
        versions: Sequence[Versions] = (),
        transposed: float = 0.0,
    ) -> None:
        if not tunes:
            raise CorpusError("there are no tunes to read; expected one at least")
        self._tunes = [vocabulary.encode(tune + END_OF_TUNE) for tune in tunes]
        self._versions = [
            [vocabulary.encode(text + END_OF_TUNE) for text in version.texts]
            for version in versions
        ]
        #: For each tune, up to where in 0 to 1 a number drawn stands for each version.
        self._bounds = [np.cumsum(version.shares)[:-1] for version in versions]
        self._transposed = transposed
        self._start = vocabulary.encode(END_OF_TUNE)
        self.batch_size = batch_size
        self.seq_length = seq_length

    def streams(
        self,
        order: Sequence[int] | NDArray[np.int64],
        shuffle: np.random.Generator | None = None,
    ) -> list[NDArray[np.int32]]:
        """Return the N streams, int32, when the tunes are dealt out in the order given.

        With `shuffle`, versions of the tunes are drawn.
        """
        tunes = self._tunes if shuffle is None else self._drawn(shuffle)
        dealt: list[list[NDArray[np.int32]]] = [[self._start] for _ in range(self.batch_size)]
        lengths = np.zeros(self.batch_size, np.int64)
        for tune in order:
            shortest = int(lengths.argmin())
            dealt[shortest].append(tunes[tune])
            lengths[shortest] += len(tunes[tune])
        return [np.concatenate(stream) for stream in dealt]

    def _drawn(self, shuffle: np.random.Generator) -> list[NDArray[np.int32]]:
        """Return the tunes, some of them in another version; nothing is drawn where none may be."""
        if not (self._versions and self._transposed):
            return self._tunes
        changes, places = shuffle.random((2, len(self._tunes)))
        return [
            self._versions[number][int(np.searchsorted(self._bounds[number], place, "right"))]
            if change < self._transposed
            else tune
            for number, (tune, change, place) in enumerate(
                zip(self._tunes, changes, places, strict=True)
            )
        ]

    def chunks(self, shuffle: np.random.Generator | None = None) -> Iterator[Chunk]:
        """Yield the chunks of one epoch, in order.

        Parameters
        ----------
        shuffle : numpy.random.Generator, optional
            Draws the order of the tunes, and the versions that are read of them; without it the
            tunes come as they were given. With versions, the number of chunks may differ a little
            from one time to the next.
        """
        count = len(self._tunes)
        order = np.arange(count) if shuffle is None else shuffle.permutation(count)
        streams = self.streams(order, shuffle)
        width = self.seq_length * -(-max(len(stream) - 1 for stream in streams) // self.seq_length)
        text = np.zeros((self.batch_size, width + 1), np.int32)
        weights = np.zeros((self.batch_size, width), np.float32)
        for row, stream in enumerate(streams):
            text[row, : len(stream)] = stream
            weights[row, : len(stream) - 1] = 1
        for start in range(0, width, self.seq_length):
            window = text[:, start : start + self.seq_length + 1]
            yield Chunk(window[:, :-1], window[:, 1:], weights[:, start : start + self.seq_length])
