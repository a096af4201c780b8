"""The factors of many texts side by side: `abcgen.model.factors.reader` in C."""

from dataclasses import fields
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abcgen import __version__
from abcgen.model.factors import _readers
from abcgen.model.factors.layout import Layout, moving_table, signs_of, steps_of
from abcgen.model.factors.lexing import START, State
from abcgen.model.factors.melody import Melody
from abcgen.model.factors.plan import MOST_SECTIONS, SLOTS, PlanTable
from abcgen.model.factors.position import LAGS, MOST_BARS, NEVER, NONE, Bars
from abcgen.model.factors.rows import FIGURES
from abcgen.model.vocabulary import Vocabulary

if _readers.version != __version__:
    raise ImportError(f"compiled for abcgen {_readers.version}; install it again")

_UNKNOWN = -1
#: Characters that a text has room for at first, and how many are added when one is full, which no
#: drawn tune is. Unused room takes no memory, since it is never written to.
_ROOM = 4352
#: States of the lexing that the table has room for at first, and how many are added at a time.
_ROWS = 256

_OF_BARS = [of.name for of in fields(Bars)][:-3]  # the last are lists
_HEARD = ("kind", "shift", "step", "root", "within", "ahead", "first", "first_root")
_MELODY = Melody._fields[:-1]  # the last is a tuple
_OF_PLAN = ("planned", "low", "high", "style")
_SOURCES, _KINDS = ("sources", "later_before", "later_behind"), ("kinds", "moved", "themes")
_OF_SECTIONS = ("lengths", "targets", "befores", "closes")
#: How far a tune has been read; after the first two, names are those of `Bars` and `Reader`.
_TUNE = np.dtype(
    [
        ("row", np.int64),  # the first of its state in the table of ways
        ("length", np.int64),
        *((name, np.int64) for name in _OF_BARS),
        ("firsts", np.int64, MOST_SECTIONS),
        *((name, np.int64, len(LAGS) + 1) for name in ("heads", "bases", "told", "matched")),
        *((name, np.int64) for name in (*_HEARD, *_MELODY, *_OF_PLAN)),
        *((name, np.int64, MOST_SECTIONS) for name in _OF_SECTIONS),
        ("recalled", np.int16, FIGURES),
        # Small numbers, for so much of it is copied and read with every tune. Together with the
        # others they must fill whole words: see `_WORDS`.
        *((name, np.int32, MOST_BARS) for name in ("starts", "fulls")),
        *((name, np.int16, SLOTS) for name in _SOURCES),
        *((name, np.int8, SLOTS) for name in _KINDS),
    ]
)
_WORDS = np.dtype((np.int64, _TUNE.itemsize // 8))


class Kept(NamedTuple):
    """How far the tune of a stream has been read; a stream can be set back to it.

    Attributes
    ----------
    state : State
        The state of the lexing.
    tune : structured array, shape (1,)
        Everything else known about it.
    text : int64 array, shape (2, characters of the tune)
        The characters, and the time after each.
    """

    state: State
    tune: NDArray[np.void]
    text: NDArray[np.int64]


class Readers:
    """Reads N streams of characters and gives each character its factors.

    The result is the same as with a `Reader` for each stream.

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
        self._characters = vocabulary.idx2char
        layout = Layout(len(vocabulary), factored=True, planned=planned)
        places = (layout.position, layout.rest, layout.due, layout.bar, layout.form, layout.key)
        newline = vocabulary.char2idx.get("\n", NONE)
        numbers = (len(vocabulary), newline, *places, *layout.echoes, layout.lags, layout.columns)
        quote = vocabulary.char2idx.get('"', NONE)
        plan = (*layout.no_plan, layout.echo_size, quote)
        self._layout = np.array((*numbers, *plan), np.int64)
        #: The last rows are those of steps, of octave marks, and of signs.
        self._moving = np.vstack(
            [moving_table(vocabulary), steps_of(vocabulary), signs_of(vocabulary)]
        )
        # What a character does: a row for each state of the lexing and each character.
        self._states: list[State] = []
        self._row_of: dict[State, int] = {}
        self._ways = np.empty(
            (0, 4), np.int64
        )  # the first row of the next state, ticks, event, value
        self._beginning = np.zeros(1, _TUNE)
        for name in _OF_BARS:
            self._beginning[name] = getattr(Bars(), name)
        self._beginning["row"] = self._number(START)
        self._beginning["bases"], self._beginning["told"] = NEVER, NONE
        self._beginning["ahead"] = NONE
        self._tunes = self._beginning.repeat(num_streams)
        #: Of the most streams that there have been; those of the streams there are, a view.
        self._whole_texts = self._texts = np.zeros((num_streams, 2, _ROOM), np.int64)
        self._room_left = _ROOM - 1

    def begin(self, stream: int) -> None:
        """Start a new tune in a stream."""
        self._tunes.view(_WORDS)[stream] = self._beginning.view(_WORDS)[0]

    def plan(self, stream: int, table: PlanTable) -> None:
        """Let the tune of a stream go by a plan from the next bar on."""
        for name, value in zip(_OF_PLAN, table.whole, strict=True):
            self._tunes[name][stream] = value
        for name in (*_SOURCES, *_KINDS, *_OF_SECTIONS):
            self._tunes[name][stream] = getattr(table, name)

    def keep(self, streams: list[int]) -> None:
        """Keep only some of the streams, numbered from 0 in the order given."""
        moved = {at: stream for at, stream in enumerate(streams) if at != stream}
        whole = self._whole_texts
        overwritten = any(of < at and of in moved for at, of in moved.items())
        if overwritten or len(streams) > len(whole):
            whole = self._whole_texts = self._texts_of(streams, whole.shape[2])
        else:  # in place, one after the other, which is quicker
            for at, stream in moved.items():
                length = self._tunes["length"].item(stream)
                whole[at, :, :length] = whole[stream, :, :length]
        self._texts = whole[: len(streams)]
        if len(streams) == len(self._tunes):
            words = self._tunes.view(_WORDS)
            words[list(moved)] = words[list(moved.values())]
        else:
            self._tunes = self._tunes.take(streams)  # quicker than by an index

    def reading(self, stream: int) -> Kept:
        """Return how far the tune of a stream has been read."""
        tune = self._tunes[stream : stream + 1].copy()
        state = self._states[tune["row"].item() // len(self._characters)]
        return Kept(state, tune, self._texts[stream, :, : tune["length"].item()].copy())

    def restore(self, stream: int, kept: Kept) -> None:
        """Set a stream back to what `reading` returned."""
        length = kept.text.shape[1]
        # There must be room for as many more characters as was said, and for one behind them.
        if length + self._room_left >= self._texts.shape[2]:
            self._make_room(length)
        self._texts[stream, :, :length] = kept.text
        # As words, which are copied at once; a tune field by field.
        self._tunes.view(_WORDS)[stream] = kept.tune.view(_WORDS)[0]
        self._tunes["row"][stream] = self._number(kept.state)

    def read(self, characters: NDArray[np.integer], symbols: NDArray[np.int32]) -> None:
        """Read a character a stream.

        Parameters
        ----------
        characters : integer array, shape (N,)
            Each 0 to V - 1.
        symbols : int32 array, shape (N, F)
            Where the symbols of each are written.
        """
        if not self._room_left:
            self._make_room()
        self._room_left -= 1
        given = np.ascontiguousarray(characters, np.int64)
        while True:
            unknown = _readers.read(
                self._tunes,
                self._beginning,
                self._texts,
                self._ways,
                self._layout,
                self._moving,
                given,
                symbols,
            )
            if unknown < 0:
                return
            self._work_out(self._tunes["row"].item(unknown), given.item(unknown))

    def situate(self, situations: NDArray[np.int32]) -> None:
        """Write in what situation the tune of each stream is, (N, SITUATIONS)."""
        _readers.situate(self._tunes, self._texts, situations)

    def _number(self, state: State) -> int:
        """Return the first row of a state, a new one if it has none."""
        size = len(self._characters)
        row = self._row_of.setdefault(state, size * len(self._states))
        if row == size * len(self._states):
            self._states.append(state)
            if len(self._ways) < row + size:
                more = np.full((_ROWS * size, self._ways.shape[1]), _UNKNOWN)
                self._ways = np.concatenate([self._ways, more])
        return row

    def _work_out(self, row: int, character: int) -> None:
        """Fill in what a character does in a state."""
        state, *does = self._states[row // len(self._characters)].way(self._characters[character])
        self._ways[row + character] = self._number(state), *does

    def _make_room(self, length: int = 0) -> None:
        """Make room for another character in every text, and for a text of a given length."""
        longest = max(self._tunes["length"].max().item(), length)
        if longest + 2 > self._texts.shape[2]:
            streams = list(range(len(self._texts)))
            self._whole_texts = self._texts = self._texts_of(streams, longest + _ROOM)
        self._room_left = self._texts.shape[2] - longest - 1

    def _texts_of(self, streams: list[int], room: int) -> NDArray[np.int64]:
        """Return the texts of some streams, with room for a number of characters."""
        texts = np.zeros((len(streams), 2, room), np.int64)
        for text, stream in zip(texts, streams, strict=True):
            length = self._tunes["length"].item(stream)
            text[:, :length] = self._texts[stream, :, :length]
        return texts
