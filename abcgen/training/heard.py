"""The dataset of a layer that learns alone: what the layers below it say is computed only once.

Where only the layer learns that reads the plan, the others say the same of a tune in every epoch,
and each character can be learned from by itself.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from abcgen.model.factors.layout import CHORD, LANDING, STYLE
from abcgen.model.factors.plan import LETTERS
from abcgen.training.dataset import StreamDataset
from abcgen.training.encoding import Chunk

#: Maps symbols, (N, T, F), to what the layers below say, (N, T, H); begins afresh if it is told to.
Hear = Callable[[NDArray[np.int32], bool], NDArray[np.float16]]

_Rows = NDArray[np.int16]
_Heard = NDArray[np.float16]
#: How many times more a character counts in the last bar of a section, and one that names a chord
#: of its cadence. There are few of these, and how a section ends is what one hears first.
_CADENCE = 4.0


class HeardDataset:
    """The characters that are read by a plan, in random order.

    Parameters
    ----------
    dataset : StreamDataset
        The tunes, with plans, and the size of a chunk.
    hear : Hear
        The layers below.

    Attributes
    ----------
    carries : bool
        False: a chunk has nothing to do with the one before.
    """

    carries = False

    def __init__(self, dataset: StreamDataset, hear: Hear) -> None:
        self._tunes, self._hear = dataset.tunes, hear
        self._size = dataset.batch_size, dataset.seq_length
        #: What was heard of each tune in the last epoch.
        self._known: dict[bytes, _Heard] = {}

    def chunks(self, shuffle: np.random.Generator, own: Sequence[str] = ()) -> Iterator[Chunk]:
        """Yield the chunks of an epoch; see `StreamDataset.chunks`."""
        tunes = self._tunes.drawn(shuffle, own)
        known = self._heard_of(tunes)
        layout = self._tunes.layout
        rows, heard, targets = [], [], []
        for tune in tunes:
            planned = tune[:-1, layout.plain_columns + STYLE] != layout.style
            rows.append(tune[:-1][planned])
            targets.append(tune[1:, 0][planned])
            heard.append(known[tune.tobytes()][:-1][planned])
        all_rows, all_heard, all_targets = map(np.concatenate, (rows, heard, targets))
        landing = all_rows[:, layout.plain_columns + LANDING] != layout.landing
        chord = (all_rows[:, layout.plain_columns + CHORD] - layout.chord) // LETTERS
        named = (chord > 0) & (chord % 2 == 0)
        weights = np.where(landing | named, _CADENCE, 1.0).astype(np.float32)
        streams, length = self._size
        order = shuffle.permutation(len(all_rows))
        for start in range(0, len(order) - streams * length + 1, streams * length):
            chosen = order[start : start + streams * length].reshape(streams, length)
            inputs = all_rows[chosen].astype(np.int32)
            # What is forbidden is not looked up: the plan's layer cannot change much of it.
            yield Chunk(
                inputs[..., : layout.columns],
                all_targets[chosen].astype(np.int32),
                weights[chosen],
                np.zeros((1, 1, 1), bool),
                all_heard[chosen],
            )

    def _heard_of(self, tunes: Sequence[_Rows]) -> dict[bytes, _Heard]:
        """Return what is heard of each different tune, by its bytes."""
        different = {tune.tobytes(): tune for tune in tunes}
        self._known = {key: self._known[key] for key in different if key in self._known}
        new = [key for key in different if key not in self._known]
        new.sort(key=len)
        streams = self._size[0]
        for start in range(0, len(new), streams):
            keys = new[start : start + streams]
            heard = self._listen([different[key] for key in keys])
            self._known.update(zip(keys, heard, strict=True))
        return self._known

    def _listen(self, tunes: Sequence[_Rows]) -> list[_Heard]:
        """Return what is heard of some tunes, each behind a blank line."""
        streams, length = self._size
        columns = self._tunes.layout.columns
        longest = 1 + max(map(len, tunes))
        width = length * -(-longest // length)
        text = np.zeros((streams, width, columns), np.int32)
        for row, tune in enumerate(tunes):
            text[row, : 1 + len(tune)] = np.concatenate([self._tunes.start, tune])[:, :columns]
        heard = np.concatenate(
            [
                self._hear(text[:, start : start + length], start == 0)
                for start in range(0, width, length)
            ],
            axis=1,
        )
        return [heard[row, 1 : 1 + len(tune)].copy() for row, tune in enumerate(tunes)]
