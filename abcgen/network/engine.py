"""The network in Keras as an engine: the slow reference, and a GPU's way to draw tunes."""

from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from abcgen.model.checkpoint import Checkpoint
from abcgen.model.recipes import Recipe
from abcgen.model.vocabulary import Vocabulary

if TYPE_CHECKING:
    from abcgen.network.build import keras
from abcgen.model.engine import State, Symbols


class KerasEngine:
    """A stateful Keras network, called a character at a time; slow, and needs what trained it.

    As the batch-1 twin of a checkpoint it shows that the other engine is right. Of more streams it
    draws tunes on a GPU.

    Parameters
    ----------
    twin : keras.Model
        What `abcgen.network.build.build_network` gives for N streams and a sequence of 1.
    recipe : Recipe
        What it was built from.
    vocabulary : Vocabulary
        V characters.
    """

    def __init__(self, twin: "keras.Model", recipe: Recipe, vocabulary: Vocabulary) -> None:
        from abcgen.network.build import backend, logits_of, states_of

        #: Which row of the network each stream is; the network's own number of rows stays.
        self._rows = list(range(twin.input.shape[0]))
        self.num_streams = len(self._rows)
        self.vocabulary = vocabulary
        self._read = Symbols(recipe, vocabulary, self.num_streams)
        self._symbols = np.zeros((self.num_streams, 1, self._read.columns), np.int32)
        self._call = backend.compiled(logits_of(twin))
        self._states = states_of(twin)
        self._set_row = backend.set_row

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> Self:
        """Return the batch-1 twin of a checkpoint's network."""
        from abcgen.network.build import build_network

        twin = build_network(checkpoint.recipe, len(checkpoint.vocabulary), 1, 1)
        twin.load_weights(checkpoint.weights_file)
        return cls(twin, checkpoint.recipe, checkpoint.vocabulary)

    def step(self, characters: NDArray[np.integer]) -> NDArray[np.float32]:
        """Read a character a stream, integers (N,); return logits, float32 (N, V)."""
        from abcgen.network.build import keras

        symbols = np.empty((self.num_streams, self._read.columns), np.int32)
        self._read.read(characters, symbols)
        self._symbols[self._rows, 0] = symbols
        logits = keras.ops.convert_to_numpy(self._call(self._symbols))
        # Indexed, it is a copy, which may be written to.
        read: NDArray[np.float32] = logits[self._rows, 0]
        return read

    def reset(self, stream: int) -> None:
        """Set the state of a stream to zero, as before the first character."""
        self._read.begin(stream)
        zeros = [np.zeros(part.shape[-1], np.float32) for part in self._states]
        self.restore(stream, State(zeros, self._read.reading(stream)))

    def state(self, stream: int) -> State:
        """Return a copy of a stream's state."""
        from abcgen.network.build import keras

        row = self._rows[stream]
        parts = [keras.ops.convert_to_numpy(part[row]) for part in self._states]
        return State(parts, self._read.reading(stream))

    def restore(self, stream: int, state: State) -> None:
        """Set a stream back to a state that `state` gave."""
        for part, values in zip(self._states, state.network, strict=True):
            self._set_row(part, self._rows[stream], values)
        self._read.restore(stream, state.reading)

    def keep(self, streams: list[int]) -> None:
        """Go on with some of the streams alone, numbered anew."""
        self._rows = [self._rows[stream] for stream in streams]
        self.num_streams = len(streams)
        self._read.keep(streams)
