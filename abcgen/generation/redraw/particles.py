"""Streams that read a tune up to its free bars, draw these, and weigh them by what follows."""

from collections.abc import Callable, Mapping
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from abcgen.generation.mask import Mask
from abcgen.generation.noise import Noise
from abcgen.generation.sampler import Sampler
from abcgen.generation.waiting import LINE, WAITING
from abcgen.grammar.acceptor import Place
from abcgen.grammar.bar import Start
from abcgen.grammar.bar.rules import Rules
from abcgen.model.engine import Engine, State

#: Rows that wait are dropped when they are this part: that takes as long as a step or two.
_WAITING_PART = 4
#: So many rows take the network hardly longer than one.
_ABREAST = 4
#: The fewest rows that are added, since that takes as long as some rows need for some steps.
_MORE = 8
#: The row of a stream that has stopped.
_NO_ROW = -1
#: The mask that was last used with an engine.
_masks: WeakKeyDictionary[Engine, Mask] = WeakKeyDictionary()
#: What a note begins with.
_BEGINS_NOTE = frozenset("ABCDEFGabcdefg^_=")


class FreeBar(NamedTuple):
    """A bar to be drawn: the position of its bar line in the text, and what it must be."""

    end: int
    rules: Rules


class _Does:
    """What a row does in the next step; plain numbers, since members of an enum are slower."""

    READ = 0  # the next character of the text
    DRAW = 1
    BREAK = 2  # end a full line before a free bar
    WAIT = 3


class _Halt(NamedTuple):
    """A row where it stopped: its streams go on from there, whatever is read while they wait."""

    state: State
    place: Place
    last: int


class Particles:
    """K streams in one text, some bars of which each draws for itself.

    Parameters
    ----------
    engine : Engine
        Of any number of streams over V characters; what they have read is forgotten.
    count : int
        K.
    text : str
        A tune without line ends within sections; each stream ends its lines where they are full.
    free : mapping of int to FreeBar
        The bars to be drawn, by the position where their music begins.
    sampler : Sampler
        How they are drawn.
    density : float
        Added to the logits of what begins a note, where something is drawn.

    Attributes
    ----------
    drawn : list of list of str
        For each stream the free bars that it has drawn.
    log_weight : float64 array, shape (K,)
        The natural logarithm of the probability of what each stream has read since it began or
        was resampled, among what may follow, at temperature 1; line ends are not counted. Minus
        infinity for a stream that is lost: what it has drawn does not let the text go on.

    Notes
    -----
    Streams that have read the same are one row of the engine and the mask until they part, since
    the network predicts the same for them: each draws by noise of its own. There are R rows; those
    that have come to the stop wait until they are of use again, or so many wait that they are
    dropped.
    """

    def __init__(
        self,
        engine: Engine,
        count: int,
        text: str,
        free: Mapping[int, FreeBar],
        sampler: Sampler,
        density: float = 0.0,
    ) -> None:
        vocabulary = engine.vocabulary
        self._engine, self._vocabulary = engine, vocabulary
        self._sampler, self._free = sampler, free
        self._text = vocabulary.encode(text).astype(np.int64)  # (T,)
        self._newline, self._line = (vocabulary.char2idx[mark] for mark in ("\n", LINE))
        self._ends_bar = np.array([one in "|:" for one in vocabulary.idx2char])  # (V,)
        begins = [one in _BEGINS_NOTE for one in vocabulary.idx2char]
        self._bias = np.where(begins, np.float32(density), np.float32(0))  # (V,)
        self._draw: tuple[int, int] | None = None
        self._noise: Noise | None = None
        self._begun = 0  # where in the text all streams are before they run
        self._last: NDArray[np.int64] = np.zeros(0, np.int64)  # the last character of each row
        self._halts: list[_Halt | None] = [None] * count
        self._at: list[int] | None = None  # where no stream has a halt, their rows
        self._reached: list[int] = []  # rows that have just come to the stop
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
        count = self._engine.num_streams
        # What a mask has worked out for other tunes is of use for this one.
        known = _masks.get(self._engine)
        self._mask = known or Mask(self._vocabulary, WAITING)
        _masks[self._engine] = self._mask
        self._mask.keep([0] * count)
        for row in range(count):
            self._mask.put(row, WAITING)
        self._begun, self._at = position, None
        self._halts = [_Halt(state, place, self._vocabulary.char2idx[last])] * len(self._halts)

    def use_noise(self, seed: int, draw: int) -> None:
        """Draw in the next run: the seed, the number of the draw and the stream decide what."""
        self._draw = seed, draw

    def run(self, stop: int, heed: Callable[[float], None] | None = None) -> None:
        """Let all streams go on to a position of the text.

        After each step `heed` is told, if given, how much of the way is behind them, 0 to 1; what
        it raises ends the work.
        """
        start, self._begun = self._begun, stop
        self._lay_out(start)
        for row in range(len(self._does)):
            self._arrive(row, stop)
        self._settle()
        turns = np.zeros(len(self._text) + 1, bool)  # where something else begins
        turns[[stop, *self._free]] = True
        while self._at is None and (self._row != _NO_ROW).any():
            if _WAITING_PART * self._stopped >= len(self._does) > _ABREAST:
                self._drop_waiting()
            self._step(stop, turns)
            self._settle()
            if heed:
                last = self._position[self._does != _Does.WAIT].min(initial=stop)
                heed((int(last) - start) / max(stop - start, 1))
        self._draw = self._noise = None

    def choose(self, streams: list[int]) -> None:
        """Let stream k go on from where stream ``streams[k]`` is, for all K, with equal weights."""
        self._halts = [self._halts[stream] for stream in streams]
        self._at = self._at and [self._at[stream] for stream in streams]
        self.drawn = [list(self.drawn[stream]) for stream in streams]
        self.log_weight = np.zeros(len(streams))

    def keep(self, streams: list[int]) -> None:
        """Keep only these streams, renumbered from 0."""
        weights = self.log_weight[streams]
        self.choose(streams)
        self.log_weight = weights

    def _lay_out(self, start: int) -> None:
        """Let streams go on from a position of the text: one row for all that are at one place."""
        halts = {id(halt): halt for halt in self._halts if halt}
        at = self._at or [id(halt) if halt else _NO_ROW for halt in self._halts]
        streams = [stream for stream, one in enumerate(at) if one != _NO_ROW]
        places = list(dict.fromkeys(at[stream] for stream in streams))
        rows = {one: row for row, one in enumerate(places)}
        self._stream = np.array(streams, np.int64)  # those that go on, (S,)
        self._row = np.array([rows[at[stream]] for stream in streams], np.int64)
        if self._draw:
            self._noise = Noise(len(streams), len(self._vocabulary), self._sampler.temperature)
            for place, stream in enumerate(streams):
                self._noise.begin(place, self._draw[0], stream + 1, self._draw[1])
        count = len(places)
        if self._at:
            for part in (self._engine, self._mask):
                part.keep(places)
            last = self._last[places]
        else:
            if places and count != self._engine.num_streams:
                self._engine.keep([0] * count)
                self._mask.keep([0] * count)
            for row, halt in enumerate(halts.values()):
                self._engine.restore(row, halt.state)
                self._mask.put(row, halt.place)
            last = np.array([halt.last for halt in halts.values()], np.int64)
        self._halts, self._at = [None] * len(self._halts), None
        self._stopped = 0  # rows that have come to wait since their number changed
        self._last = last
        self._position = np.full(count, start)
        self._does = np.full(count, _Does.READ)
        self._open = [""] * count  # of the bar that is being drawn

    def _arrange(self, rows: list[int]) -> None:
        """Let row r be what row ``rows[r]`` is."""
        for part in (self._engine, self._mask):
            part.keep(rows)
        self._position, self._does, self._last = (
            of[rows] for of in (self._position, self._does, self._last)
        )
        self._open = [self._open[row] for row in rows]

    def _drop_waiting(self) -> None:
        """Drop the rows that wait, and the streams that have come to the stop."""
        kept = (self._does != _Does.WAIT).nonzero()[0]
        self._arrange(kept.tolist())
        self._stopped = 0
        going = (self._row != _NO_ROW).nonzero()[0]
        self._stream, self._row = self._stream[going], np.searchsorted(kept, self._row[going])
        if self._noise:
            self._noise.keep(going.tolist())

    def _copies(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return as many other rows, and let them be what these are."""
        spare = (self._does == _Does.WAIT).nonzero()[0]
        count = len(self._does)
        self._stopped = max(self._stopped - len(rows), 0)
        if (lacking := len(rows) - len(spare)) > 0:
            more = min(max(lacking, _MORE), len(self._stream) - count)
            more += -(count + more) % _ABREAST
            self._stopped = 0
            spare = np.concatenate([spare, np.arange(count, count + more)])
            self._arrange([*range(count), *[0] * more])
            for row in range(count, count + more):
                self._wait(row)
        places: NDArray[np.int64] = spare[: len(rows)]
        order = np.arange(len(self._does))
        order[places] = rows
        self._arrange(order.tolist())
        return places

    def _members(self, row: int) -> list[int]:
        """Return the streams that are in a row."""
        streams: list[int] = self._stream[self._row == row].tolist()
        return streams

    def _arrive(self, row: int, stop: int) -> None:
        """Decide what a row does next, where it may have come to the stop or a free bar."""
        position = self._position.item(row)
        self._does[row] = _Does.READ
        if position == stop:
            self._reached.append(row)
        elif position in self._free:
            place = self._mask.place(row)
            self._does[row] = _Does.BREAK
            if isinstance(place.local, Start):
                context = place.local.context._replace(rules=self._free[position].rules)
                self._mask.put(row, place._replace(local=Start(context)))
                self._does[row] = _Does.DRAW
                self._open[row] = ""

    def _settle(self) -> None:
        """Let the rows wait that have just come to the stop; note where their streams go on.

        If all have that go on, they stay where they are, since the engine takes no more steps.
        """
        reached, self._reached = self._reached, []
        if not reached:
            return
        if np.isin(self._row, [*reached, _NO_ROW]).all() and not any(self._halts):
            self._at = [_NO_ROW] * len(self._halts)
            for stream, row in zip(self._stream.tolist(), self._row.tolist(), strict=True):
                self._at[stream] = row
            return
        for row in reached:
            halt = _Halt(self._engine.state(row), self._mask.place(row), self._last.item(row))
            for stream in self._members(row):
                self._halts[stream] = halt
            self._stop(row)

    def _wait(self, row: int) -> None:
        self._does[row] = _Does.WAIT
        self._mask.put(row, WAITING)

    def _stop(self, row: int) -> None:
        """Let a row wait, and its streams be in none."""
        self._row[self._row == row] = _NO_ROW
        self._stopped += 1
        self._wait(row)

    def _lose(self, row: int) -> None:
        self.log_weight[self._members(row)] = -np.inf
        self._stop(row)

    def _step(self, stop: int, turns: NDArray[np.bool_]) -> None:
        """Read or draw one character in each row."""
        # A waiting row reads bar lines, which nobody looks at.
        logits = self._engine.step(self._last) + self._mask.forbidden()  # (R, V)
        if self._noise and (self._does == _Does.DRAW).any():
            drawn = self._drawn(logits, self._noise.next())
        does = self._does
        chosen = np.where(does == _Does.BREAK, self._newline, self._line)
        reading, drawing = does == _Does.READ, does == _Does.DRAW
        chosen[reading] = self._text[self._position[reading]]
        if self._noise and drawing.any():
            chosen[drawing] = drawn[drawing]
        for row in self._mask.refused(chosen):
            # Where the text may not go on, the line may be full.
            reading[row] = False
            chosen[row] = self._newline
            if does[row] == _Does.BREAK or logits[row, self._newline] == -np.inf:
                self._lose(row)
                chosen[row] = self._line
        rows = reading.nonzero()[0]
        odds = np.zeros(len(does) - _NO_ROW)  # the last is for streams that are in no row
        odds[rows] = _log_odds(logits[rows], chosen[rows])
        self.log_weight[self._stream] += odds[self._row]
        self._mask.advance(chosen)
        self._last = chosen
        self._position[rows] += 1
        arrived: list[int] = rows[turns[self._position[rows]]].tolist()
        arrived += self._add(drawing.nonzero()[0])
        for row in [*arrived, *(does == _Does.BREAK).nonzero()[0].tolist()]:
            self._arrive(row, stop)

    def _drawn(self, logits: NDArray[np.float32], noise: NDArray[np.float32]) -> NDArray[np.int64]:
        """Draw a character for each stream in a row that draws; where they differ, part the row.

        Parameters
        ----------
        logits : float32 array, shape (R, V)
            Masked.
        noise : float32 array, shape (S, V)
            That of each stream.

        Returns
        -------
        int64 array, shape (R,)
            The character that all streams in a row have drawn; there may be more rows than before.
        """
        size = len(self._vocabulary)
        at = ((self._row != _NO_ROW) & (self._does[self._row] == _Does.DRAW)).nonzero()[0]
        rows = self._row[at]
        scores = self._sampler.scores(logits[rows] + self._bias, noise[at])
        pairs, pair_of = np.unique(rows * size + scores.argmax(axis=1), return_inverse=True)
        rows, characters = np.divmod(pairs, size)
        further = (rows[1:] == rows[:-1]).nonzero()[0] + 1  # the first pair of a row stays there
        if further.size:
            rows[further] = self._copies(rows[further])
        self._row[at] = rows[pair_of]
        drawn = np.zeros(len(self._does), np.int64)
        drawn[rows] = characters
        return drawn

    def _add(self, rows: NDArray[np.int64]) -> list[int]:
        """Take the characters that rows have drawn; return those in which they end the bar."""
        ended = []
        characters = self._last[rows]
        for row, character, ends in zip(
            rows.tolist(), characters.tolist(), self._ends_bar[characters].tolist(), strict=True
        ):
            if not ends:
                self._open[row] += self._vocabulary.idx2char[character]
                continue
            for stream in self._members(row):
                self.drawn[stream].append(self._open[row])
            self._position[row] = self._free[self._position.item(row)].end + 1
            ended.append(row)
        return ended


def _log_odds(logits: NDArray[np.float32], chosen: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the log probabilities of characters (n,) under masked logits (n, V)."""
    shifted = logits.astype(np.float64)
    shifted -= shifted.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=1))
    found: NDArray[np.float64] = shifted[np.arange(len(chosen)), chosen] - log_sums
    return found
