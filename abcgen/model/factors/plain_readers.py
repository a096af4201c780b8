"""The factors of N streams in plain Python, where nothing could be compiled."""

import numpy as np
from numpy.typing import NDArray

from abcgen.model.factors.plan import PlanTable
from abcgen.model.factors.reader import Reader
from abcgen.model.factors.reading import Reading
from abcgen.model.vocabulary import Vocabulary


class PlainReaders:
    """Reads N streams of characters, each by a `Reader` of its own.

    The same as `abcgen.model.factors.readers.Readers`, for where nothing could be compiled.

    Parameters
    ----------
    vocabulary : Vocabulary
        V characters.
    num_streams : int
        N.
    planned : bool
        Whether there are factors of a plan.
    """

    def __init__(self, vocabulary: Vocabulary, num_streams: int, planned: bool = False) -> None:
        readers = [Reader(vocabulary, planned) for _ in range(num_streams)]
        #: Each with an array over the symbols that it writes.
        self._readers = [(reader, np.frombuffer(reader.symbols, np.int32)) for reader in readers]

    def begin(self, stream: int) -> None:
        """Start a new tune."""
        self._readers[stream][0].begin()

    def plan(self, stream: int, table: PlanTable) -> None:
        """Let the tune of a stream go by a plan."""
        self._readers[stream][0].plan(table)

    def reading(self, stream: int) -> Reading:
        """Return how far the tune of a stream has been read."""
        return self._readers[stream][0].reading()

    def restore(self, stream: int, reading: Reading) -> None:
        """Set a stream back to what `reading` returned."""
        self._readers[stream][0].restore(reading)

    def keep(self, streams: list[int]) -> None:
        """Keep only these streams, renumbered from 0; one may be there several times."""
        seen: set[int] = set()
        kept = []
        for stream in streams:
            reader, read = self._readers[stream]
            if stream in seen:
                reader = reader.copy()
                read = np.frombuffer(reader.symbols, np.int32)
            seen.add(stream)
            kept.append((reader, read))
        self._readers = kept

    def read(self, characters: NDArray[np.integer], symbols: NDArray[np.int32]) -> None:
        """Read a character a stream, (N,), and write the symbols of each, (N, F)."""
        for character, (reader, read), row in zip(
            characters.tolist(), self._readers, symbols, strict=True
        ):
            reader.read(character)
            row[:] = read

    def situate(self, situations: NDArray[np.int32]) -> None:
        """Write in what situation the tune of each stream is, (N, SITUATIONS)."""
        for (reader, _), row in zip(self._readers, situations, strict=True):
            row[:] = reader.situation()
