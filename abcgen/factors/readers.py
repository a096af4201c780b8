"""Many texts side by side, with their factors: `abcgen.factors.reader` in numpy."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abcgen.factors.bars import LAGS, NONE, Bars
from abcgen.factors.layout import ECHO_TRUST, FIRST_ECHO, MOST_TOLD, RASTER, TRUSTED, Layout
from abcgen.factors.lexing import OVER, START, State
from abcgen.factors.reader import NEVER
from abcgen.vocabulary import Vocabulary

_LAGS = len(LAGS)
_UNKNOWN = -1
#: Characters that a text may have at first, and so many more each time that one has as many: no
#: tune that is drawn has. What none has takes no memory, since it is never written to.
_ROOM = 4352
#: States of the lexing that the table has room for at first, and for so many more each time.
_ROWS = 256
_TRUSTED = np.array(TRUSTED)
#: What is compared with where there is nothing, as in `Readers`.
_NO_LAG = np.array([0, 0, NEVER, NONE, 0])[:, None]


class Kept(NamedTuple):
    """How far the tune of a stream has been read: what it can be set back to.

    Attributes
    ----------
    state : State
        Of the characters.
    bars : Bars
        Of the bars.
    length, beat : int
        The tune's characters, and its last beat.
    tune : int64 array, shape (4, length + 1)
        Of each character and each beat what is known of it, as in `Readers`.
    lags : int64 array, shape (5, L)
        What is compared with, lag by lag, as in `Readers`.
    """

    state: State
    bars: Bars
    length: int
    beat: int
    tune: NDArray[np.int64]
    lags: NDArray[np.int64]


class Readers:
    """Reads N streams of characters and gives each character its factors.

    What it gives is what a `Reader` for each stream would.

    Parameters
    ----------
    vocabulary : Vocabulary
        V characters.
    num_streams : int
        N.
    """

    def __init__(self, vocabulary: Vocabulary, num_streams: int) -> None:
        self._characters = vocabulary.idx2char
        self._newline = vocabulary.char2idx.get("\n", NONE)
        self._layout = layout = Layout(len(vocabulary), factored=True)
        # What a character does: a column for each state of the lexing and each character.
        self._states: list[State] = []
        self._row_of: dict[State, int] = {}
        self._ways = np.empty((3, 0), np.int64)  # state behind it, ticks, event
        self._events = [(0, 0)]
        # For each stream its text and how long it is; and its beats, the characters by which time
        # goes on: to what, and where they are. The first beat is before the text.
        self._lay_out(np.zeros((4, num_streams, 0), np.int64), _ROOM)
        self._length = np.zeros(num_streams, np.int64)
        self._beat = np.zeros(num_streams, np.int64)  # the last
        self._time = np.zeros(num_streams, np.int64)
        self._row = np.zeros(num_streams, np.int64)
        self._bars = [Bars() for _ in range(num_streams)]
        # What the bars say, as read for every character until they change.
        self._lay_out_said(np.zeros((8, num_streams), np.int64))
        # For each lag what is compared with: the beat reached, the place in the text whose
        # character is told, and the time at which its bar began; what is told, and for how many
        # characters that has been right. They are laid out so that all can be kept at once, and so
        # that what is done to all streams is done to long rows.
        self._lay_out_lags(np.zeros((5, _LAGS, num_streams), np.int64))
        self._echo_base = np.array(layout.echoes)[:, None]
        # The symbols of times, for as many ticks as are told apart, and where there are none.
        told = np.arange((MOST_TOLD + 1) * RASTER, dtype=np.int32) // RASTER
        self._positions, self._rests = layout.position + 1 + told, layout.rest + 1 + told
        self._dues = layout.due + 1 + np.arange((MOST_TOLD + 2) * RASTER, dtype=np.int32) // RASTER
        self._in_header = np.array([[layout.position], [layout.rest], [layout.due]], np.int32)
        self._symbols = np.zeros((layout.columns, num_streams), np.int32)
        self._room_left = 0
        for stream in range(num_streams):
            self.begin(stream)

    def begin(self, stream: int) -> None:
        """Let a tune begin."""
        self._length[stream] = self._beat[stream] = self._time[stream] = 0
        self._tune[2:, stream, 0] = 0, -1
        self._row[stream] = self._number(START)
        self._bars[stream] = Bars()
        self._lags[:, :, stream] = _NO_LAG
        self._note_bars(np.array([stream]))

    def keep(self, streams: list[int]) -> None:
        """Go on with some of the streams alone, numbered anew."""
        room = self._length[streams].max().item() + 2
        self._lay_out(self._tune[:, streams, :room], self._tune.shape[2])
        for name in ("length", "beat", "time", "row"):
            setattr(self, f"_{name}", getattr(self, f"_{name}")[streams])
        self._bars = [self._bars[stream] for stream in streams]
        self._lay_out_said(self._said.take(streams, axis=1))
        self._lay_out_lags(self._lags.take(streams, axis=2))
        self._symbols = self._symbols.take(streams, axis=1)

    def restore(self, stream: int, kept: Kept) -> None:
        """Set a stream back to what `reading` gave of one."""
        self._length[stream], self._beat[stream] = kept.length, kept.beat
        self._make_room()
        self._tune[:, stream, : kept.length + 1] = kept.tune
        self._lags[:, :, stream] = kept.lags
        self._time[stream] = kept.tune[2, kept.beat]
        self._row[stream] = self._number(kept.state)
        self._bars[stream] = kept.bars.copy()
        self._note_bars(np.array([stream]))

    def reading(self, stream: int) -> Kept:
        """Return how far the tune of a stream has been read."""
        length = self._length.item(stream)
        return Kept(
            self._states[self._row.item(stream)],
            self._bars[stream].copy(),
            length,
            self._beat.item(stream),
            self._tune[:, stream, : length + 1].copy(),
            self._lags[:, :, stream].copy(),
        )

    def read(self, characters: NDArray[np.integer]) -> NDArray[np.int32]:
        """Read a character a stream.

        Parameters
        ----------
        characters : integer array, shape (N,)
            Each 0 to V - 1.

        Returns
        -------
        int32 array, shape (N, F)
            The symbols of each. The array is changed by the next call.
        """
        ways = self._row * len(self._characters) + characters
        following, ticks, events = self._ways.take(ways, axis=1)
        if following.min() == _UNKNOWN:
            for stream in (following == _UNKNOWN).nonzero()[0].tolist():
                self._work_out(self._row.item(stream), characters.item(stream))
            following, ticks, events = self._ways.take(ways, axis=1)
        self._row = following
        if not self._room_left:
            self._make_room()
        self._room_left -= 1
        moved = ticks != 0
        self._time += ticks * self._unit
        # Where time does not go on, there is no such beat, and another will be written over it.
        behind = self._offsets + self._beat + 1
        self._beat_times[behind] = self._time
        self._beat_places[behind] = self._length
        self._beat += moved
        end = self._offsets + self._length
        self._text[end] = characters
        self._beats_before[end] = self._beat
        self._length += 1
        self._listen(characters, moved)
        streams = events.nonzero()[0]
        if len(streams):
            self._take(streams, events[streams])
        return self._write_symbols(characters)

    def _listen(self, characters: NDArray[np.integer], moved: NDArray[np.bool_]) -> None:
        """Do what `Reader` does for a lag, for all streams and lags at once."""
        self._matched += 1
        self._matched *= self._told == characters
        target = self._bases + (self._time - self._began)
        text, times, places = self._text, self._beat_times, self._beat_places
        heads, beats, offsets = self._heads, self._beats, self._offsets
        beats += offsets
        reached = times.take(beats)
        behind = reached < target
        if np.count_nonzero(behind):
            went_on = behind
            while np.count_nonzero(behind):
                beats += behind
                reached = times.take(beats)
                behind = reached < target
            # Elsewhere a head stays where it is, even if time has gone back and comes there again.
            np.copyto(heads, places.take(beats) + 1, where=went_on)
        level = reached == target
        resting = level & ~moved
        heads += offsets
        breaks, at_break = characters == self._newline, text.take(heads) == self._newline
        # Past a break where there is none here; then past another character that takes no time.
        heads += resting & (at_break > breaks)
        next_beat = places.take(beats + 1) + offsets
        heads += resting & (heads < next_beat) & (at_break >= breaks)
        self._told[:] = np.where(level, text.take(heads), NONE)
        heads -= offsets
        beats -= offsets

    def _take(self, streams: NDArray[np.int64], events: NDArray[np.int64]) -> None:
        """Take note of an event in each of some streams."""
        compared, starts = [], []
        each = (streams, events, self._time[streams], self._length[streams])
        for stream, event, time, length in zip(*(of.tolist() for of in each), strict=True):
            kind, value = self._events[event]
            if kind == OVER:
                self.begin(stream)
            elif self._bars[stream].take(kind, value, time, length):
                compared.append(stream)
                starts.append(self._bars[stream].compared())
        self._note_bars(streams)
        if compared:
            self._compare(np.array(compared), np.array(starts).T)

    def _compare(self, streams: NDArray[np.int64], starts: NDArray[np.int64]) -> None:
        """Begin to compare some streams with other bars: where these start, lag by lag."""
        offsets = self._offsets[streams]
        beats = self._beats_before.take(offsets + starts - 1)
        bases = self._beat_times.take(offsets + beats)
        # As in `Reader`: not with one that time was taken back over.
        known = (starts != NONE) & (bases < self._began[streams])
        heads = starts * known
        heard = known & (starts < self._length[streams])
        self._heads[:, streams] = heads
        self._beats[:, streams] = beats * known
        self._bases[:, streams] = np.where(known, bases, NEVER)
        self._told[:, streams] = np.where(heard, self._text.take(offsets + heads), NONE)

    def _note_bars(self, streams: NDArray[np.int64]) -> None:
        """Lay out what the bars of some streams say."""
        rows = []
        for stream in streams.tolist():
            bars = self._bars[stream]
            times = bars.unit, bars.began, bars.size, bars.pickup, bars.body
            rows.append((*times, *self._layout.in_form(bars)))
        self._said[:, streams] = np.array(rows).T

    def _write_symbols(self, characters: NDArray[np.integer]) -> NDArray[np.int32]:
        symbols = self._symbols
        symbols[0] = characters
        position = self._time - self._began
        left = self._size - position
        self._positions.take(position, mode="clip", out=symbols[1])
        self._rests.take(left, mode="clip", out=symbols[2])
        self._dues.take(left - self._pickup + RASTER, mode="clip", out=symbols[3])
        np.copyto(symbols[1:4], self._in_header, where=self._body == 0)
        symbols[4:FIRST_ECHO] = self._in_form
        echoes = self._told * ECHO_TRUST
        echoes += _TRUSTED.take(self._matched, mode="clip")
        echoes += self._echo_base
        symbols[FIRST_ECHO:] = echoes
        return symbols.T

    def _number(self, state: State) -> int:
        """Return the row of a state, a new one if it has none."""
        row = self._row_of.setdefault(state, len(self._states))
        if row == len(self._states):
            self._states.append(state)
            size = len(self._characters)
            columns = self._ways.shape[1]
            if columns < (row + 1) * size:
                more = np.full((3, columns + _ROWS * size), _UNKNOWN)
                more[:, :columns] = self._ways
                self._ways = more
        return row

    def _work_out(self, row: int, character: int) -> None:
        """Fill in what a character does in a state."""
        way = self._states[row].way(self._characters[character])
        following = self._number(way.state)
        event = 0
        if way.event:
            self._events.append((way.event, way.value))
            event = len(self._events) - 1
        self._ways[:, row * len(self._characters) + character] = following, way.ticks, event

    def _make_room(self) -> None:
        """See to it that every text has room for another character and another beat."""
        longest = self._length.max().item()
        if longest + 2 > self._tune.shape[2]:
            self._lay_out(self._tune, longest + _ROOM)
        self._room_left = self._tune.shape[2] - longest - 1

    def _lay_out(self, tune: NDArray[np.int64], room: int) -> None:
        """Let all that is known of the streams' tunes be in one array, with room for so much.

        Of each thing known there are places in all texts laid end to end.
        """
        kinds, num_streams, length = tune.shape
        self._tune = np.zeros((kinds, num_streams, room), np.int64)
        self._tune[:, :, :length] = tune
        self._offsets = room * np.arange(num_streams)
        self._text, self._beats_before, self._beat_times, self._beat_places = self._tune.reshape(
            kinds, -1
        )

    def _lay_out_said(self, said: NDArray[np.int64]) -> None:
        """Let the same be so for what the bars say."""
        self._said = said
        self._unit, self._began, self._size, self._pickup, self._body = said[:5]
        self._in_form = said[5:]

    def _lay_out_lags(self, lags: NDArray[np.int64]) -> None:
        """Let the same be so for what is compared with."""
        self._lags = lags
        self._heads, self._beats, self._bases, self._told, self._matched = lags
