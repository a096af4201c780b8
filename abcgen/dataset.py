"""What a network reads: tunes as parallel streams in chunks, or snippets drawn at random."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abcgen.augmentation import Versions
from abcgen.errors import CorpusError
from abcgen.factors.reader import read_text
from abcgen.notation.acceptor import begin_tune
from abcgen.notation.bars import Alphabet
from abcgen.vocabulary import Vocabulary

#: A tune ends with a blank line. So a blank line is also what stands before the first tune: the
#: character that a network is shown first, and after which it begins a tune.
END_OF_TUNE = "\n"


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one step reads and is to foretell; N = batch_size, T = seq_length.

    Attributes
    ----------
    inputs : int32 array, shape (N, T, F)
        The symbols of the characters read (`abcgen.factors.layout`), the character's own first.
    targets : int32 array, shape (N, T)
        The characters shifted by one: what comes next.
    weights : float32 array, shape (N, T)
        1 where a target counts, 0 behind the end of a stream.
    forbidden : bool array, shape (N, T, V) or (1, 1, 1)
        What the rules of ABC forbid to come next; the smaller where nobody asks.
    """

    inputs: NDArray[np.int32]
    targets: NDArray[np.int32]
    weights: NDArray[np.float32]
    forbidden: NDArray[np.bool_]


class _Rules:
    """What the rules of ABC forbid after each character of tunes.

    Parameters
    ----------
    vocabulary : Vocabulary
        V characters.

    Attributes
    ----------
    table : bool array, shape (kinds, V)
        What is forbidden where a number stands; nothing, for 0.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._start = begin_tune(Alphabet.of(frozenset(vocabulary.idx2char)))
        self._numbers: dict[str, int] = {"": 0}
        self._rows = [np.zeros(len(vocabulary), bool)]
        self.table = np.array(self._rows)

    def after(self, tune: str) -> NDArray[np.int32]:
        """Return for each character of a canonical tune, its blank line included, a number."""
        numbers, place = [], self._start
        for character in tune:
            place = place.after(character)
            numbers.append(self._number(place.allowed()))
        numbers.append(self._number(self._start.allowed()))
        self.table = np.array(self._rows) if len(self._rows) > len(self.table) else self.table
        return np.array(numbers, np.int32)

    def _number(self, allowed: str) -> int:
        if allowed not in self._numbers:
            self._numbers[allowed] = len(self._rows)
            self._rows.append(np.array([c not in allowed for c in self._vocabulary.idx2char]))
        return self._numbers[allowed]


class _Tunes:
    """Tunes as symbols, each in the versions in which it may be read.

    Parameters
    ----------
    tunes : sequence of str
        Tunes in abcgen's spelling, without the blank line behind each.
    vocabulary : Vocabulary
        Must hold every character of the tunes.
    factored : bool
        Whether characters come with factors.
    versions : sequence of Versions
        For each tune, what may be read in its place; or none.
    transposed : float
        How likely that is each time that the tunes are drawn, 0 to 1.
    ruled : bool
        Whether the last column says what the rules forbid, by its number in ``rules.table``.
    """

    def __init__(
        self,
        tunes: Sequence[str],
        vocabulary: Vocabulary,
        factored: bool,
        versions: Sequence[Versions],
        transposed: float,
        ruled: bool,
    ) -> None:
        if not tunes:
            raise CorpusError("there are no tunes to read; expected one at least")
        self._vocabulary = vocabulary
        self._factored = factored
        self.rules = _Rules(vocabulary) if ruled else None
        self._versions = versions if transposed else ()
        #: For each tune, up to where in 0 to 1 a number drawn stands for each version.
        self._bounds = [np.cumsum(version.shares)[:-1] for version in self._versions]
        self._transposed = transposed
        self._read: dict[str, NDArray[np.int16]] = {}
        self.start = self._symbols("")  # the end of the tune before the first
        self._tunes = [self._symbols(tune) for tune in tunes]

    def __len__(self) -> int:
        return len(self._tunes)

    def drawn(self, chance: np.random.Generator | None) -> list[NDArray[np.int16]]:
        """Return each tune, or another version of it: (length, F symbols and the rules' number)."""
        if chance is None or not self._versions:
            return self._tunes
        changes, places = chance.random((2, len(self._tunes)))
        return [
            self._symbols(
                self._versions[number].texts[
                    int(np.searchsorted(self._bounds[number], place, "right"))
                ]
            )
            if change < self._transposed
            else tune
            for number, (tune, change, place) in enumerate(
                zip(self._tunes, changes, places, strict=True)
            )
        ]

    def _symbols(self, tune: str) -> NDArray[np.int16]:
        if tune not in self._read:
            characters = self._vocabulary.encode(tune + END_OF_TUNE)
            columns = [
                read_text(self._vocabulary, characters.tolist())
                if self._factored
                else characters[:, None]
            ]
            if self.rules:
                columns.append(self.rules.after(tune)[:, None])
            self._read[tune] = np.concatenate(columns, axis=1).astype(np.int16)
        return self._read[tune]

    def chunk(self, symbols: NDArray[np.int32], weights: NDArray[np.float32]) -> Chunk:
        """Return the chunk of N windows of T + 1 characters, as `drawn` gives them."""
        inputs, targets = symbols[:, :-1], symbols[:, 1:, 0]
        if self.rules:
            return Chunk(inputs[..., :-1], targets, weights, self.rules.table[inputs[..., -1]])
        return Chunk(inputs, targets, weights, np.zeros((1, 1, 1), bool))


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
    factored : bool
        Whether characters come with factors.
    versions : sequence of Versions, optional
        For each tune, what may be read in its place.
    transposed : float
        How likely that is each time that the tunes are shuffled, 0 to 1.
    ruled : bool
        Whether chunks say what the rules of ABC forbid; then the tunes must be canonical.

    Attributes
    ----------
    carries : bool
        Whether the state of a network is to be carried from chunk to chunk: it is.

    Raises
    ------
    CorpusError
        If there are no tunes.
    VocabularyError
        If a tune holds a character outside the vocabulary.
    """

    carries = True

    def __init__(
        self,
        tunes: Sequence[str],
        vocabulary: Vocabulary,
        batch_size: int,
        seq_length: int,
        *,
        factored: bool = False,
        versions: Sequence[Versions] = (),
        transposed: float = 0.0,
        ruled: bool = False,
    ) -> None:
        self._tunes = _Tunes(tunes, vocabulary, factored, versions, transposed, ruled)
        self.batch_size = batch_size
        self.seq_length = seq_length

    def streams(
        self,
        order: Sequence[int] | NDArray[np.int64],
        shuffle: np.random.Generator | None = None,
    ) -> list[NDArray[np.int16]]:
        """Return the N streams, each (length, F), when tunes are dealt out in the order given.

        With `shuffle`, versions of the tunes are drawn.
        """
        tunes = self._tunes.drawn(shuffle)
        dealt: list[list[NDArray[np.int16]]] = [[self._tunes.start] for _ in range(self.batch_size)]
        lengths = np.zeros(self.batch_size, np.int64)
        for tune in order:
            shortest = int(lengths.argmin())
            dealt[shortest].append(tunes[tune])
            lengths[shortest] += len(tunes[tune])
        return [np.concatenate(stream) for stream in dealt]

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
        text = np.zeros((self.batch_size, width + 1, streams[0].shape[1]), np.int32)
        weights = np.zeros((self.batch_size, width), np.float32)
        for row, stream in enumerate(streams):
            text[row, : len(stream)] = stream
            weights[row, : len(stream) - 1] = 1
        for start in range(0, width, self.seq_length):
            window = text[:, start : start + self.seq_length + 1]
            yield self._tunes.chunk(window, weights[:, start : start + self.seq_length])


class SnippetDataset:
    """Snippets of the tunes of a split, drawn at random.

    Parameters
    ----------
    tunes, vocabulary, batch_size, seq_length, factored, versions, transposed, ruled
        As for `StreamDataset`; N snippets a chunk, of T characters and one that follows.
    steps : int
        The chunks of an epoch; 0 for as many as hold as many characters as the tunes.

    Attributes
    ----------
    carries : bool
        Whether the state of a network is to be carried from chunk to chunk: it is not.

    Raises
    ------
    CorpusError
        If the tunes are shorter than a snippet.
    """

    carries = False

    def __init__(
        self,
        tunes: Sequence[str],
        vocabulary: Vocabulary,
        batch_size: int,
        seq_length: int,
        *,
        factored: bool = False,
        versions: Sequence[Versions] = (),
        transposed: float = 0.0,
        ruled: bool = False,
        steps: int = 0,
    ) -> None:
        self._tunes = _Tunes(tunes, vocabulary, factored, versions, transposed, ruled)
        self.batch_size = batch_size
        self.seq_length = seq_length
        length = sum(map(len, self._tunes.drawn(None)))
        if length < seq_length:
            raise CorpusError(
                f"the tunes have {length} characters; expected {seq_length} at least, a snippet"
            )
        self.steps = steps or max(1, length // (batch_size * seq_length))

    def chunks(self, shuffle: np.random.Generator) -> Iterator[Chunk]:
        """Yield the chunks of one epoch, of which `shuffle` draws all."""
        tunes = self._tunes.drawn(shuffle)
        order = shuffle.permutation(len(tunes))
        text = np.concatenate([self._tunes.start, *(tunes[number] for number in order)])
        weights = np.ones((self.batch_size, self.seq_length), np.float32)
        within = np.arange(self.seq_length + 1)
        for _ in range(self.steps):
            starts = shuffle.integers(len(text) - self.seq_length, size=self.batch_size)
            yield self._tunes.chunk(text[starts[:, None] + within].astype(np.int32), weights)
