"""Streams that read a tune up to its free bars, draw these, and weigh them by what follows."""

from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abcgen.generation.mask import Mask
from abcgen.generation.noise import Noise
from abcgen.generation.sampler import Sampler
from abcgen.grammar.acceptor import Place
from abcgen.grammar.bar import Start
from abcgen.grammar.bar.rules import Rules
from abcgen.model.engine import Engine, State

_LINE = "|"


class FreeBar(NamedTuple):
    """A bar to be drawn: the position of its bar line in the text, and what it must be."""

    end: int
    rules: Rules


class _Waiting(NamedTuple):
    """Where a stream waits in the grammar until the others have come as far."""

    line: str = _LINE  # without a field it would be equal to `End`

    def allowed(self) -> str:
        return self.line

    def shortest(self) -> str:
        return self.line

    def after(self, character: str) -> "_Waiting":
        return self


class _Does(IntEnum):
    """What a stream does in the next step."""

    READ = 0  # the next character of the text
    DRAW = 1
    BREAK = 2  # end a full line before a free bar
    WAIT = 3


class _Halt(NamedTuple):
    """A stream where it stopped: it goes on from there, whatever is read while it waits."""

    state: State
    place: Place
    last: int


class Particles:
    """K streams in one text, some bars of which each draws for itself.

    Parameters
    ----------
    engine : Engine
        K streams over V characters; what they have read is forgotten.
    text : str
        A tune without line ends within sections; each stream ends its lines where they are full.
    free : mapping of int to FreeBar
        The bars to be drawn, by the position where their music begins.
    sampler : Sampler
        How they are drawn.

    Attributes
    ----------
    drawn : list of list of str
        For each stream the free bars that it has drawn.
    log_weight : float64 array, shape (K,)
        The natural logarithm of the probability of what each stream has read since it began or
        was resampled, among what may follow, at temperature 1; line ends are not counted. Minus
        infinity for a stream that is lost: what it has drawn does not let the text go on.
    """

    def __init__(
        self, engine: Engine, text: str, free: Mapping[int, FreeBar], sampler: Sampler
    ) -> None:
        count, vocabulary = engine.num_streams, engine.vocabulary
        self._engine, self._vocabulary = engine, vocabulary
        self._sampler, self._free = sampler, free
        self._text = vocabulary.encode(text).astype(np.int64)  # (T,)
        self._newline, self._line = (vocabulary.char2idx[mark] for mark in ("\n", _LINE))
        self._bar_ends = {vocabulary.char2idx.get(mark, -1) for mark in "|:"}
        self._noise: Noise | None = None
        self._position = np.zeros(count, np.int64)
        self._does = np.zeros(count, np.int64)
        self._last = np.zeros(count, np.int64)
        self._open: list[list[int]] = [[] for _ in range(count)]
        self._halts: list[_Halt | None] = [None] * count
        self.drawn: list[list[str]] = [[] for _ in range(count)]
        self.log_weight = np.zeros(count)

    def begin(self, state: State, last: str, place: Place, position: int) -> None:
        """Set all streams to where one has read the text.

        Parameters
        ----------
        state : State
            The network's, after all characters but the last.
        last : str
            That character.
        place : Place
            The place after it in the acceptor.
        position : int
            The text's characters before it.
        """
        self._mask = Mask(self._vocabulary, place, self._engine.num_streams)
        halt = _Halt(state, place, self._vocabulary.char2idx[last])
        self._position[:] = position
        self._halts = [halt] * self._engine.num_streams

    def use_noise(self, seed: int, draw: int) -> None:
        """Take other random noise: the seed, the number of the draw and the stream decide it."""
        count = self._engine.num_streams
        self._noise = Noise(count, len(self._vocabulary), self._sampler.temperature)
        for stream in range(count):
            self._noise.begin(stream, seed, stream + 1, draw)

    def run(self, stop: int) -> None:
        """Let all streams go on to a position of the text."""
        for stream, halt in enumerate(self._halts):
            if halt is not None:
                self._engine.restore(stream, halt.state)
                self._mask.put(stream, halt.place)
                self._last[stream] = halt.last
                self._halts[stream] = None
                self._arrive(stream, stop)
            else:
                self._lose(stream)
        while (self._does != _Does.WAIT).any():
            self._step(stop)

    def choose(self, streams: list[int]) -> None:
        """Let stream k go on from where stream ``streams[k]`` is, for all K, with equal weights."""
        self._halts = [self._halts[stream] for stream in streams]
        self._position = self._position[streams]
        self.drawn = [list(self.drawn[stream]) for stream in streams]
        self.log_weight = np.zeros(len(streams))

    def keep(self, streams: list[int]) -> None:
        """Keep only these streams, renumbered from 0."""
        weights = self.log_weight[streams]
        self._engine.keep(streams)
        self._mask.keep(streams)
        self._noise = None
        self._does, self._last = self._does[streams], self._last[streams]
        self._open = [[] for _ in streams]
        self.choose(streams)
        self.log_weight = weights

    def _arrive(self, stream: int, stop: int) -> None:
        """Decide what a stream does next, where it may have come to the stop or a free bar."""
        position = self._position.item(stream)
        self._does[stream] = _Does.READ
        if position == stop:
            self._halts[stream] = _Halt(
                self._engine.state(stream), self._mask.place(stream), self._last.item(stream)
            )
            self._wait(stream)
        elif position in self._free:
            place = self._mask.place(stream)
            self._does[stream] = _Does.BREAK
            if isinstance(place.local, Start):
                context = place.local.context._replace(rules=self._free[position].rules)
                self._mask.put(stream, place._replace(local=Start(context)))
                self._does[stream] = _Does.DRAW
                self._open[stream] = []

    def _wait(self, stream: int) -> None:
        self._does[stream] = _Does.WAIT
        self._mask.put(stream, Place(None, _Waiting()))  # type: ignore[arg-type]

    def _lose(self, stream: int) -> None:
        self.log_weight[stream] = -np.inf
        self._halts[stream] = None
        self._wait(stream)

    def _step(self, stop: int) -> None:
        """Read or draw one character in each stream."""
        # A waiting stream reads bar lines, which nobody looks at.
        logits = self._engine.step(self._last) + self._mask.forbidden()  # (K, V)
        does = self._does
        chosen = np.where(does == _Does.BREAK, self._newline, self._line)
        reading, drawing = does == _Does.READ, does == _Does.DRAW
        chosen[reading] = self._text[self._position[reading]]
        if drawing.any() and self._noise is not None:
            chosen[drawing] = self._sampler.scores(logits, self._noise.next()).argmax(1)[drawing]
        for stream in self._mask.refused(chosen):
            # Where the text may not go on, the line may be full.
            reading[stream] = False
            chosen[stream] = self._newline
            if does[stream] == _Does.BREAK or logits[stream, self._newline] == -np.inf:
                self._lose(stream)
                chosen[stream] = self._line
        streams = reading.nonzero()[0]
        self.log_weight[streams] += _log_odds(logits[streams], chosen[streams])
        self._mask.advance(chosen)
        self._last = chosen
        self._position[streams] += 1
        arrived = [stream for stream in streams.tolist() if self._turns(stream, stop)]
        arrived += [stream for stream in drawing.nonzero()[0].tolist() if self._has_drawn(stream)]
        for stream in [*arrived, *(does == _Does.BREAK).nonzero()[0].tolist()]:
            self._arrive(stream, stop)

    def _turns(self, stream: int, stop: int) -> bool:
        """Return whether a stream that has read has come to where something else begins."""
        position = self._position.item(stream)
        return position == stop or position in self._free

    def _has_drawn(self, stream: int) -> bool:
        """Take the character that a stream has drawn; return whether that ends the bar."""
        character = self._last.item(stream)
        if character not in self._bar_ends:
            self._open[stream].append(character)
            return False
        self.drawn[stream].append(self._vocabulary.decode(self._open[stream]))
        self._position[stream] = self._free[self._position.item(stream)].end + 1
        return True


def _log_odds(logits: NDArray[np.float32], chosen: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the log probabilities of characters (n,) under masked logits (n, V)."""
    shifted = logits.astype(np.float64)
    shifted -= shifted.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=1))
    found: NDArray[np.float64] = shifted[np.arange(len(chosen)), chosen] - log_sums
    return found
