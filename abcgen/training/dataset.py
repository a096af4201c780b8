"""What a network reads: tunes as parallel streams in chunks, or snippets drawn at random."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abcgen.errors import CorpusError
from abcgen.grammar.acceptor import begin_tune
from abcgen.grammar.alphabet import Alphabet
from abcgen.model.factors.reader import read_text
from abcgen.model.vocabulary import END_OF_TUNE, Vocabulary
from abcgen.training.augmentation import Versions

#: How a tune begins whose title may be another's: with the title, then what kind of tune it is.
_TITLE = re.compile(r"(?P<title>X:.*\nT:.*\n)(?P<kind>(?:[RM]:.*\n)*)")


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one step reads and is to foretell; N = batch_size, T = seq_length.

    Attributes
    ----------
    inputs : int32 array, shape (N, T, F)
        The symbols of the characters read (`abcgen.model.factors.layout`), the character's own
        first.
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


class EncodedTunes:
    """Tunes as symbols, drawn anew each epoch: in another key, by another title.

    Parameters
    ----------
    tunes : sequence of str
        Tunes in abcgen's spelling, without the blank line behind each.
    vocabulary : Vocabulary
        Must hold every character of the tunes.
    factored : bool
        Whether characters come with factors.
    ruled : bool
        Whether it is said what the rules of ABC forbid; then the tunes must be canonical.
    versions : sequence of Versions
        For each tune, what may be read in its place; or none.
    transposed : float
        How likely that is each time that the tunes are drawn, 0 to 1.
    retitled : float
        How likely a tune goes by the title of another of its rhythm and metre, 0 to 1.
    times : sequence of float
        How often each tune is drawn in the mean, 0 or more; or none, for once.

    Attributes
    ----------
    start : int16 array, shape (1, columns)
        The end of the tune before the first.

    Raises
    ------
    CorpusError
        If there are no tunes.
    VocabularyError
        If a tune holds a character outside the vocabulary.

    Notes
    -----
    A row stands for each character: its F symbols, and what the rules forbid behind it, by a number
    that `chunk` looks up.
    """

    def __init__(
        self,
        tunes: Sequence[str],
        vocabulary: Vocabulary,
        *,
        factored: bool = False,
        ruled: bool = False,
        versions: Sequence[Versions] = (),
        transposed: float = 0.0,
        retitled: float = 0.0,
        times: Sequence[float] = (),
    ) -> None:
        if not tunes:
            raise CorpusError("there are no tunes to read; expected one at least")
        self._vocabulary = vocabulary
        self._factored = factored
        self._rules = _Rules(vocabulary) if ruled else None
        self._versions = versions if transposed else ()
        #: For each tune, up to where in 0 to 1 a number drawn stands for each version.
        self._bounds = [np.cumsum(version.shares)[:-1] for version in self._versions]
        self._transposed = transposed
        self._retitled = retitled
        self._times = np.array(times) if set(times) - {1.0} else None
        self._known: dict[str, NDArray[np.int16]] = {}
        self._tunes = tunes
        self.start = self._encoded("")
        for tune in tunes:
            self._encoded(tune)

    def __len__(self) -> int:
        return len(self._tunes)

    def drawn(
        self, chance: np.random.Generator | None, own: Sequence[str] = ()
    ) -> list[NDArray[np.int16]]:
        """Return each tune, or another version of it, and behind them others: (length, columns).

        Parameters
        ----------
        chance : numpy.random.Generator or None
            Draws the versions and titles; without it the tunes are read as they are.
        own : sequence of str
            Tunes to be read this time only; none of them gives its title to another.
        """
        if chance is None:
            return [self._encoded(tune) for tune in (*self._tunes, *own)]
        models = self._in_keys(chance)
        texts = [*models, *own]
        tunes = [self._encoded(text) for text in texts]
        if self._retitled:
            self._exchange_titles(texts, tunes, len(models), chance)
        for text in own:
            self._known.pop(text, None)
        return tunes

    def _in_keys(self, chance: np.random.Generator) -> Sequence[str]:
        """Return the tunes that are drawn, each in the key that is."""
        numbers = list(range(len(self._tunes)))
        if self._times is not None:
            counts = np.floor(self._times + chance.random(len(self._times))).astype(int)
            numbers = np.repeat(numbers, counts).tolist()
            if not numbers:
                raise CorpusError("no tune was drawn to read; give higher --weights")
        if not self._versions:
            return [self._tunes[number] for number in numbers]
        changes, places = chance.random((2, len(numbers)))
        return [
            self._versions[number].texts[int(np.searchsorted(self._bounds[number], place, "right"))]
            if change < self._transposed
            else self._tunes[number]
            for number, change, place in zip(numbers, changes, places, strict=True)
        ]

    def _exchange_titles(
        self,
        texts: Sequence[str],
        tunes: list[NDArray[np.int16]],
        models: int,
        chance: np.random.Generator,
    ) -> None:
        """Let tunes begin as others of their kind do, up to the title, of the first so many."""
        titles = [_TITLE.match(text) for text in texts]
        donors: dict[str, list[NDArray[np.int16]]] = {}
        for title, tune in zip(titles[:models], tunes, strict=False):
            if title:
                donors.setdefault(title["kind"], []).append(tune[: title.end("title")])
        for number, title in enumerate(titles):
            if title and title["kind"] in donors and chance.random() < self._retitled:
                heads = donors[title["kind"]]
                # Characters of a header have no factors, so that these rows fit anywhere.
                head = heads[int(chance.integers(len(heads)))]
                tunes[number] = np.concatenate([head, tunes[number][title.end("title") :]])

    def _encoded(self, tune: str) -> NDArray[np.int16]:
        if tune not in self._known:
            characters = self._vocabulary.encode(tune + END_OF_TUNE)
            columns = [
                read_text(self._vocabulary, characters.tolist())
                if self._factored
                else characters[:, None]
            ]
            if self._rules:
                columns.append(self._rules.after(tune)[:, None])
            self._known[tune] = np.concatenate(columns, axis=1).astype(np.int16)
        return self._known[tune]

    def chunk(self, rows: NDArray[np.int32], weights: NDArray[np.float32]) -> Chunk:
        """Return the chunk of N windows of T + 1 rows."""
        inputs, targets = rows[:, :-1], rows[:, 1:, 0]
        if self._rules:
            return Chunk(inputs[..., :-1], targets, weights, self._rules.table[inputs[..., -1]])
        return Chunk(inputs, targets, weights, np.zeros((1, 1, 1), bool))


class StreamDataset:
    """Tunes laid out as N streams.

    Row i of each chunk continues row i of the chunk before it: a network that keeps its state
    from step to step reads each stream as one long text. Each stream begins with the end of a
    tune and holds whole tunes, the streams as even in length as the tunes allow. Where a stream is
    over before the longest one, its weights are 0.

    Parameters
    ----------
    tunes : EncodedTunes
        What is read.
    batch_size : int
        N, the number of streams.
    seq_length : int
        T, the characters of a stream in a chunk.

    Attributes
    ----------
    carries : bool
        Whether the state of a network is to be carried from chunk to chunk: it is.
    """

    carries = True

    def __init__(self, tunes: EncodedTunes, batch_size: int, seq_length: int) -> None:
        self._tunes = tunes
        self.batch_size = batch_size
        self.seq_length = seq_length

    def streams(
        self, shuffle: np.random.Generator | None = None, own: Sequence[str] = ()
    ) -> list[NDArray[np.int16]]:
        """Return the N streams, each (length, columns); see `chunks`."""
        tunes = self._tunes.drawn(shuffle, own)
        count = len(tunes)
        order = np.arange(count) if shuffle is None else shuffle.permutation(count)
        dealt = [[self._tunes.start] for _ in range(self.batch_size)]
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
            Draws the versions that are read of the tunes, and their order; without it the tunes
            come as they were given. With versions, the number of chunks may differ a little from
            one time to the next.
        own : sequence of str
            Tunes that are read this time only.
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
            yield self._tunes.chunk(window, weights[:, start : start + self.seq_length])


class SnippetDataset:
    """Snippets of tunes, drawn at random.

    Parameters
    ----------
    tunes : EncodedTunes
        What is read.
    batch_size, seq_length : int
        N snippets a chunk, of T characters and one that follows.
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
        self, tunes: EncodedTunes, batch_size: int, seq_length: int, steps: int = 0
    ) -> None:
        self._tunes = tunes
        self.batch_size = batch_size
        self.seq_length = seq_length
        length = sum(map(len, tunes.drawn(None)))
        if length < seq_length:
            raise CorpusError(
                f"the tunes have {length} characters; expected {seq_length} at least, a snippet"
            )
        self.steps = steps or max(1, length // (batch_size * seq_length))

    def chunks(self, shuffle: np.random.Generator, own: Sequence[str] = ()) -> Iterator[Chunk]:
        """Yield the chunks of one epoch, of which `shuffle` draws all; `own` as for streams."""
        tunes = self._tunes.drawn(shuffle, own)
        order = shuffle.permutation(len(tunes))
        text = np.concatenate([self._tunes.start, *(tunes[number] for number in order)])
        weights = np.ones((self.batch_size, self.seq_length), np.float32)
        within = np.arange(self.seq_length + 1)
        for _ in range(self.steps):
            starts = shuffle.integers(len(text) - self.seq_length, size=self.batch_size)
            yield self._tunes.chunk(text[starts[:, None] + within].astype(np.int32), weights)
