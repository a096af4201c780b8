"""Many texts side by side, with their factors: `abcgen.factors.reader` in numpy."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abcgen.factors.bars import LAGS, NONE, Bars
from abcgen.factors.layout import ECHO_TRUST, MOST_TOLD, RASTER, TRUST, TRUSTED, Layout
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
_TRUSTED = np.array(TRUSTED, np.int32)


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
    tune : int32 array, shape (4, length + 1)
        Of each character and each beat what is known of it, as in `Readers`.
    lags : int64 array, shape (5, L)
        What is compared with, lag by lag, as in `Readers`.
    """

    state: State
    bars: Bars
    length: int
    beat: int
    tune: NDArray[np.int32]
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
        self._streams = np.arange(num_streams)
        # What a character does: a row for each state of the lexing.
        self._states: list[State] = []
        self._row_of: dict[State, int] = {}
        self._ways = np.empty((0, 3), np.int32)  # state behind it, ticks, event
        self._events = [(0, 0)]
        # For each stream its text and how long it is; and its beats, the characters by which time
        # goes on: to what, and where they are. The first beat is before the text.
        self._lay_out(np.zeros((4, num_streams, 0), np.int32), _ROOM)
        self._length = np.zeros(num_streams, np.int64)
        self._beat = np.zeros(num_streams, np.int64)  # the last
        self._time = np.zeros(num_streams, np.int32)
        self._row = np.zeros(num_streams, np.int64)
        self._bars = [Bars() for _ in range(num_streams)]
        self._unit, self._began, self._size, self._pickup, self._body = np.zeros(
            (5, num_streams), np.int32
        )
        # For each lag what is compared with: the beat reached, the place in the text whose
        # character is told, and the time at which its bar began; what is told, and for how many
        # characters that has been right. They are laid out so that all can be kept at once.
        self._lay_out_lags(np.zeros((5, num_streams, _LAGS), np.int64))
        self._echo_base = layout.echo + layout.echo_size * np.arange(_LAGS, dtype=np.int32)
        self._first_echo = layout.columns - _LAGS
        self._symbols = np.zeros((num_streams, layout.columns), np.int32)
        self._room_left = 0
        for stream in range(num_streams):
            self.begin(stream)

    def begin(self, stream: int) -> None:
        """Let a tune begin."""
        self._length[stream] = self._beat[stream] = self._time[stream] = 0
        self._beat_times[stream, 0], self._beat_places[stream, 0] = 0, -1
        self._row[stream] = self._number(START)
        self._bars[stream] = Bars()
        self._heads[stream] = self._beats[stream] = self._matched[stream] = 0
        self._bases[stream] = NEVER
        self._told[stream] = NONE
        self._note_bars(stream)

    def keep(self, streams: list[int]) -> None:
        """Go on with some of the streams alone, numbered anew."""
        self._streams = np.arange(len(streams))
        room = self._length[streams].max().item() + 2
        self._lay_out(self._tune[:, streams, :room], self._text.shape[1])
        for name in ("length", "beat", "time", "row", "unit", "began", "size", "pickup", "body"):
            setattr(self, f"_{name}", getattr(self, f"_{name}")[streams])
        self._bars = [self._bars[stream] for stream in streams]
        self._lay_out_lags(self._lags[:, streams])
        self._symbols = self._symbols[streams]

    def restore(self, stream: int, kept: Kept) -> None:
        """Set a stream back to what `reading` gave of one."""
        self._length[stream], self._beat[stream] = kept.length, kept.beat
        self._make_room()
        self._tune[:, stream, : kept.length + 1] = kept.tune
        self._lags[:, stream] = kept.lags
        self._time[stream] = self._beat_times[stream, kept.beat]
        self._row[stream] = self._number(kept.state)
        self._bars[stream] = kept.bars.copy()
        self._note_bars(stream)

    def reading(self, stream: int) -> Kept:
        """Return how far the tune of a stream has been read."""
        length = self._length.item(stream)
        return Kept(
            self._states[self._row.item(stream)],
            self._bars[stream].copy(),
            length,
            self._beat.item(stream),
            self._tune[:, stream, : length + 1].copy(),
            self._lags[:, stream].copy(),
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

    def _listen(self, characters: NDArray[np.integer], moved: NDArray[np.bool_]) -> None:
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
            went_on = behind
            while np.count_nonzero(behind):
                beats += behind
                reached = times.take(beats)
                behind = reached < target
            # Elsewhere a head stays where it is, even if time has gone back and comes there again.
            np.copyto(heads, places.take(beats) + 1, where=went_on)
        resting = (reached == target) & ~moved[:, None]
        breaks = (characters == self._newline)[:, None]
        heads += offsets
        heads += resting & (text.take(heads) == self._newline) & ~breaks
        next_beat = places.take(beats + 1) + offsets
        heads += resting & (heads < next_beat) & (~breaks | (text.take(heads) == self._newline))
        self._told.fill(NONE)
        np.copyto(self._told, text.take(heads), where=reached == target)
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
                beat = self._beats_before[stream, start - 1]
                known = start != NONE and self._beat_times[stream, beat] < bars.began
                beat = beat if known else 0
                self._heads[stream, lag] = start if known else 0
                self._beats[stream, lag] = beat
                self._bases[stream, lag] = self._beat_times[stream, beat] if known else NEVER
                heard = known and start < length
                self._told[stream, lag] = self._text[stream, start] if heard else NONE
        self._note_bars(stream)

    def _note_bars(self, stream: int) -> None:
        """Lay out what the bars of a stream say, as read for every character until they change."""
        bars = self._bars[stream]
        self._unit[stream], self._began[stream] = bars.unit, bars.began
        self._size[stream], self._pickup[stream] = bars.size, bars.pickup
        self._body[stream] = bars.body
        self._symbols[stream, 1 : self._first_echo] = self._layout.places(bars, bars.began)

    def _write_symbols(self, characters: NDArray[np.integer]) -> NDArray[np.int32]:
        position = self._time - self._began
        symbols = self._symbols
        symbols[:, 0] = characters
        layout, body, left = self._layout, self._body, self._size - position
        symbols[:, 1] = layout.position + body * (1 + np.minimum(position // RASTER, MOST_TOLD))
        symbols[:, 2] = layout.rest + body * (1 + np.clip(left // RASTER, 0, MOST_TOLD))
        due = np.clip((left - self._pickup) // RASTER, -1, MOST_TOLD)
        symbols[:, 3] = layout.due + body * (2 + due)
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
        if longest + 2 > self._text.shape[1]:
            self._lay_out(self._tune, longest + _ROOM)
        self._room_left = self._text.shape[1] - longest - 1

    def _lay_out(self, tune: NDArray[np.int32], room: int) -> None:
        """Let all that is known of the streams' tunes be in one array, with room for so much."""
        self._tune = np.zeros((*tune.shape[:2], room), np.int32)
        self._tune[:, :, : tune.shape[2]] = tune
        self._text, self._beats_before, self._beat_times, self._beat_places = self._tune

    def _lay_out_lags(self, lags: NDArray[np.int64]) -> None:
        """Let the same be so for what is compared with."""
        self._lags = lags
        self._heads, self._beats, self._bases, self._told, self._matched = lags
