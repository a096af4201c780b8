"""The datasets of training: tunes as parallel streams in chunks, or snippets drawn at random."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from abcgen.errors import CorpusError
from abcgen.training.encoding import Chunk, EncodedTunes


class StreamDataset:
    """Tunes laid out as N streams.

    Row i of each chunk continues row i of the chunk before it: a network that keeps its state from
    step to step reads each stream as one long text. Each stream begins with the blank line that
    ends a tune and consists of whole tunes; the streams are as equal in length as the tunes allow.
    After the end of a stream its weights are 0.

    Parameters
    ----------
    tunes : EncodedTunes
        The tunes.
    batch_size : int
        N, the number of streams.
    seq_length : int
        T, the characters of each stream in a chunk.

    Attributes
    ----------
    tunes, batch_size, seq_length
        The parameters.
    carries : bool
        True: the network's state carries over from chunk to chunk.
    """

    carries = True

    def __init__(self, tunes: EncodedTunes, batch_size: int, seq_length: int) -> None:
        self.tunes = tunes
        self.batch_size = batch_size
        self.seq_length = seq_length

    def streams(
        self, shuffle: np.random.Generator | None = None, own: Sequence[str] = ()
    ) -> list[NDArray[np.int16]]:
        """Return the N streams, each (length, columns); see `chunks`."""
        tunes = self.tunes.drawn(shuffle, own)
        count = len(tunes)
        order = np.arange(count) if shuffle is None else shuffle.permutation(count)
        dealt = [[self.tunes.start] for _ in range(self.batch_size)]
        lengths = np.zeros(self.batch_size, np.int64)
        for tune in order:
            shortest = int(lengths.argmin())
            dealt[shortest].append(tunes[tune])
            lengths[shortest] += len(tunes[tune])
        return [np.concatenate(stream) for stream in dealt]

    def chunks(
        self, shuffle: np.random.Generator | None = None, own: Sequence[str] = ()
    ) -> Iterator[Chunk]:
        """Yield the chunks of one epoch, in order.

        Parameters
        ----------
        shuffle : numpy.random.Generator, optional
            Draws the versions of the tunes and their order; without it the tunes come as they were
            given. With versions, the number of chunks may vary a little between epochs.
        own : sequence of str
            Further tunes, for this epoch only.
        """
        streams = self.streams(shuffle, own)
        width = self.seq_length * -(-max(len(stream) - 1 for stream in streams) // self.seq_length)
        text = np.zeros((self.batch_size, width + 1, streams[0].shape[1]), np.int32)
        weights = np.zeros((self.batch_size, width), np.float32)
        for row, stream in enumerate(streams):
            text[row, : len(stream)] = stream
            weights[row, : len(stream) - 1] = 1
        for start in range(0, width, self.seq_length):
            window = text[:, start : start + self.seq_length + 1]
            yield self.tunes.chunk(window, weights[:, start : start + self.seq_length])


class SnippetDataset:
    """Snippets of tunes, drawn at random.

    Parameters
    ----------
    tunes : EncodedTunes
        The tunes.
    batch_size, seq_length : int
        N snippets a chunk, of T characters and the one that follows.
    steps : int
        Chunks in an epoch; 0 for as many as have about as many characters as the tunes.

    Attributes
    ----------
    carries : bool
        False: the network's state is reset before each chunk.

    Raises
    ------
    CorpusError
        If the tunes are shorter than a snippet.
    """

    carries = False

    def __init__(
        self, tunes: EncodedTunes, batch_size: int, seq_length: int, steps: int = 0
    ) -> None:
        self.tunes = tunes
        self.batch_size = batch_size
        self.seq_length = seq_length
        length = sum(map(len, tunes.drawn(None)))
        if length < seq_length:
            raise CorpusError(
                f"the tunes have {length} characters; expected at least {seq_length}, one snippet"
            )
        self.steps = steps or max(1, length // (batch_size * seq_length))

    def chunks(self, shuffle: np.random.Generator, own: Sequence[str] = ()) -> Iterator[Chunk]:
        """Yield the chunks of one epoch, drawn by `shuffle`; `own` is as for streams."""
        tunes = self.tunes.drawn(shuffle, own)
        order = shuffle.permutation(len(tunes))
        text = np.concatenate([self.tunes.start, *(tunes[number] for number in order)])
        weights = np.ones((self.batch_size, self.seq_length), np.float32)
        within = np.arange(self.seq_length + 1)
        for _ in range(self.steps):
            starts = shuffle.integers(len(text) - self.seq_length, size=self.batch_size)
            yield self.tunes.chunk(text[starts[:, None] + within].astype(np.int32), weights)
