"""Many texts side by side, with their factors: `abcgen.factors.reader` in numpy."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abcgen.factors.bars import LAGS, NONE, Bars
from abcgen.factors.layout import ECHO_TRUST, MOST_TOLD, RASTER, TRUST, Layout, trust
from abcgen.factors.lexing import OVER, START, State
from abcgen.factors.reader import NEVER
from abcgen.vocabulary import Vocabulary

_LAGS = len(LAGS)
_UNKNOWN = -1
#: Characters that a text may have at first; there is room made for more.
_ROOM = 512
#: States of the lexing that the table has room for at first, and for so many more each time.
_ROWS = 256
_TRUSTED = np.array([trust(count) for count in range(TRUST[-1] + 1)], np.int32)


class Kept(NamedTuple):
    """How far the tune of a stream has been read: what it can be set back to.

    Attributes
    ----------
    state : State
        Of the characters.
    bars : Bars
        Of the bars.
    text, beats_before : int32 array, shape (characters,)
        The tune's characters, and the beats up to each.
    beat_times, beat_places : int32 array, shape (beats,)
        Where time went on: to what, and behind which character.
    heads, beats, bases, told, matched : array, shape (L,)
        What is compared with, lag by lag, as in `Readers`.
    """

    state: State
    bars: Bars
    text: NDArray[np.int32]
    beats_before: NDArray[np.int32]
    beat_times: NDArray[np.int32]
    beat_places: NDArray[np.int32]
    heads: NDArray[np.int64]
    beats: NDArray[np.int64]
    bases: NDArray[np.int32]
    told: NDArray[np.int32]
    matched: NDArray[np.int32]


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
        self._streams = np.arange(num_streams)
        # What a character does: a row for each state of the lexing.
        self._states: list[State] = []
        self._row_of: dict[State, int] = {}
        self._ways = np.empty((0, 3), np.int32)  # state behind it, ticks, event
        self._events = [(0, 0)]
        # For each stream its text and how long it is; and its beats, the characters by which time
        # goes on: to what, and where they are. The first beat is before the text.
        self._text = np.zeros((num_streams, _ROOM), np.int32)
        self._length = np.zeros(num_streams, np.int64)
        self._beats_before = np.zeros((num_streams, _ROOM), np.int32)
        self._beat_times = np.zeros((num_streams, _ROOM), np.int32)
        self._beat_places = np.full((num_streams, _ROOM), -1, np.int32)
        self._beat = np.zeros(num_streams, np.int64)  # the last
        self._time = np.zeros(num_streams, np.int32)
        self._row = np.zeros(num_streams, np.int64)
        self._bars = [Bars() for _ in range(num_streams)]
        self._unit, self._began, self._size, self._body = np.zeros((4, num_streams), np.int32)
        # For each lag what is compared with: the beat reached, the place in the text whose
        # character is told, and the time at which its bar began.
        self._heads = np.zeros((num_streams, _LAGS), np.int64)
        self._beats = np.zeros((num_streams, _LAGS), np.int64)
        self._bases = np.full((num_streams, _LAGS), NEVER, np.int32)
        self._told = np.full((num_streams, _LAGS), NONE, np.int32)
        self._matched = np.zeros((num_streams, _LAGS), np.int32)
        self._echo_base = layout.echo + layout.echo_size * np.arange(_LAGS, dtype=np.int32)
        self._first_echo = layout.columns - _LAGS
        self._symbols = np.zeros((num_streams, layout.columns), np.int32)
        self._room_left = 0
        for stream in range(num_streams):
            self.begin(stream)

    def begin(self, stream: int) -> None:
        """Let a tune begin."""
        self._length[stream] = self._beat[stream] = self._time[stream] = 0
        self._row[stream] = self._number(START)
        self._bars[stream] = Bars()
        self._heads[stream] = self._beats[stream] = self._matched[stream] = 0
        self._bases[stream] = NEVER
        self._told[stream] = NONE
        self._note_bars(stream)

    def restore(self, stream: int, kept: Kept) -> None:
        """Set a stream back to what `reading` gave of one."""
        length, beats = len(kept.text), len(kept.beat_times)
        self._length[stream] = length
        self._make_room()
        self._text[stream, :length] = kept.text
        self._beats_before[stream, :length] = kept.beats_before
        self._beat_times[stream, :beats] = kept.beat_times
        self._beat_places[stream, :beats] = kept.beat_places
        self._beat[stream] = beats - 1
        self._time[stream] = kept.beat_times[-1]
        self._row[stream] = self._number(kept.state)
        self._bars[stream] = kept.bars.copy()
        self._heads[stream] = kept.heads
        self._beats[stream] = kept.beats
        self._bases[stream] = kept.bases
        self._told[stream] = kept.told
        self._matched[stream] = kept.matched
        self._note_bars(stream)

    def reading(self, stream: int) -> Kept:
        """Return how far the tune of a stream has been read."""
        length, beats = self._length[stream], self._beat[stream] + 1
        return Kept(
            self._states[self._row[stream]],
            self._bars[stream].copy(),
            self._text[stream, :length].copy(),
            self._beats_before[stream, :length].copy(),
            self._beat_times[stream, :beats].copy(),
            self._beat_places[stream, :beats].copy(),
            self._heads[stream].copy(),
            self._beats[stream].copy(),
            self._bases[stream].copy(),
            self._told[stream].copy(),
            self._matched[stream].copy(),
        )

    def read(self, characters: NDArray[np.int32]) -> NDArray[np.int32]:
        """Read a character a stream.

        Parameters
        ----------
        characters : int32 array, shape (N,)
            Each 0 to V - 1.

        Returns
        -------
        int32 array, shape (N, F)
            The symbols of each. The array is changed by the next call.
        """
        ways = self._row * len(self._characters) + characters
        following, ticks, events = self._ways.take(ways, axis=0).T
        if following.min() == _UNKNOWN:
            for stream in (following == _UNKNOWN).nonzero()[0].tolist():
                self._work_out(self._row.item(stream), characters.item(stream))
            following, ticks, events = self._ways.take(ways, axis=0).T
        self._row = following.astype(np.int64)
        if not self._room_left:
            self._make_room()
        self._room_left -= 1
        streams, moved = self._streams, ticks != 0
        self._time += ticks * self._unit
        self._beat += moved
        # Where time did not go on, the last beat is written again as it was.
        self._beat_times[streams, self._beat] = self._time
        places = self._beat_places[streams, self._beat]
        self._beat_places[streams, self._beat] = np.where(moved, self._length, places)
        self._text[streams, self._length] = characters
        self._beats_before[streams, self._length] = self._beat
        self._length += 1
        self._listen(characters, moved)
        if np.count_nonzero(events):
            for stream in events.nonzero()[0].tolist():
                self._take(stream, *self._events[events.item(stream)])
        return self._write_symbols(characters)

    def _listen(self, characters: NDArray[np.int32], moved: NDArray[np.bool_]) -> None:
        """Do what `Reader` does for a lag, for all streams and lags at once."""
        self._matched += 1
        self._matched *= self._told == characters[:, None]
        target = self._bases + (self._time - self._began)[:, None]
        # Places in all texts laid end to end.
        offsets = (self._streams * self._text.shape[1])[:, None]
        text = self._text.reshape(-1)
        times, places = self._beat_times.reshape(-1), self._beat_places.reshape(-1)
        heads, beats = self._heads, self._beats
        beats += offsets
        reached = times.take(beats)
        behind = reached < target
        if np.count_nonzero(behind):
            while np.count_nonzero(behind):
                beats += behind
                reached = times.take(beats)
                behind = reached < target
            np.copyto(heads, places.take(beats) + 1, where=moved[:, None] & (self._bases != NEVER))
        resting = (reached == target) & ~moved[:, None]
        breaks = (characters == self._newline)[:, None]
        heads += offsets
        heads += resting & (text.take(heads) == self._newline) & ~breaks
        next_beat = places.take(beats + 1) + offsets
        heads += resting & (heads < next_beat) & (~breaks | (text.take(heads) == self._newline))
        self._told = np.where(reached == target, text.take(heads), NONE)
        heads -= offsets
        beats -= offsets

    def _take(self, stream: int, event: int, value: int) -> None:
        """Take note of an event in one stream."""
        if event == OVER:
            self.begin(stream)
            return
        bars, length = self._bars[stream], self._length.item(stream)
        if bars.take(event, value, self._time.item(stream), length):
            for lag, start in enumerate(bars.compared()):
                known = start != NONE
                beat = self._beats_before[stream, start - 1] if known else 0
                self._heads[stream, lag] = start if known else 0
                self._beats[stream, lag] = beat
                self._bases[stream, lag] = self._beat_times[stream, beat] if known else NEVER
                heard = known and start < length
                self._told[stream, lag] = self._text[stream, start] if heard else NONE
        self._note_bars(stream)

    def _note_bars(self, stream: int) -> None:
        """Lay out what the bars of a stream say, as read for every character until they change."""
        bars = self._bars[stream]
        self._unit[stream], self._began[stream], self._size[stream] = (
            bars.unit,
            bars.began,
            bars.size,
        )
        self._body[stream] = bars.body
        self._symbols[stream, 1 : self._first_echo] = self._layout.places(bars, bars.began)

    def _write_symbols(self, characters: NDArray[np.int32]) -> NDArray[np.int32]:
        position = self._time - self._began
        symbols = self._symbols
        symbols[:, 0] = characters
        since, until = self._layout.position, self._layout.rest
        symbols[:, 1] = since + self._body * (1 + np.minimum(position // RASTER, MOST_TOLD))
        rest = np.clip((self._size - position) // RASTER, 0, MOST_TOLD)
        symbols[:, 2] = until + self._body * (1 + rest)
        trusted = _TRUSTED.take(np.minimum(self._matched, TRUST[-1]))
        symbols[:, self._first_echo :] = (
            self._echo_base + (self._told - NONE) * ECHO_TRUST + trusted
        )
        return symbols

    def _number(self, state: State) -> int:
        """Return the row of a state, a new one if it has none."""
        row = self._row_of.setdefault(state, len(self._states))
        if row == len(self._states):
            self._states.append(state)
            size = len(self._characters)
            if len(self._ways) < (row + 1) * size:
                more = np.full((len(self._ways) + _ROWS * size, 3), _UNKNOWN, np.int32)
                more[: len(self._ways)] = self._ways
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
        self._ways[row * len(self._characters) + character] = following, way.ticks, event

    def _make_room(self) -> None:
        """See to it that every text has room for another character and another beat."""
        longest = self._length.max().item()
        while longest + 2 > self._text.shape[1]:
            self._text, self._beats_before, self._beat_times, self._beat_places = (
                np.concatenate([array, np.full_like(array, -1)], axis=1)
                for array in (
                    self._text,
                    self._beats_before,
                    self._beat_times,
                    self._beat_places,
                )
            )
        self._room_left = self._text.shape[1] - longest - 1
