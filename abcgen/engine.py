"""One step of the network without TensorFlow: the engine file run by LiteRT, for N streams."""

import ctypes
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self, cast

import numpy as np
from numpy.typing import NDArray

from abcgen.checkpoint import Checkpoint
from abcgen.errors import CheckpointError
from abcgen.factors.layout import Layout
from abcgen.quiet import stderr_silenced
from abcgen.recipes import Recipe
from abcgen.vocabulary import Vocabulary

if TYPE_CHECKING:
    from abcgen.factors.reader import Reader, Reading
    from abcgen.factors.readers import Kept, Readers
    from abcgen.network import keras

#: For so few streams numpy's calls take longer than a plain loop.
_FEW = 4


class State(NamedTuple):
    """What a stream was: all that what comes next depends on.

    Attributes
    ----------
    network : float32 array, shape (S,)
        The state of the LSTM layers.
    reading : object
        How far the tune was read, for its factors: what `Symbols` alone understands.
    """

    network: NDArray[np.float32]
    reading: "Reading | Kept | None"


class Symbols:
    """The symbols of what N streams read: characters alone, or with their factors.

    Parameters
    ----------
    recipe : Recipe
        Says whether there are factors.
    vocabulary : Vocabulary
        V characters.
    num_streams : int
        N.

    Attributes
    ----------
    columns : int
        F.
    """

    def __init__(self, recipe: Recipe, vocabulary: Vocabulary, num_streams: int) -> None:
        self.columns = Layout(len(vocabulary), recipe.factored).columns
        #: Readers, each with its symbols, which it changes.
        self._alone: list[tuple[Reader, NDArray[np.int32]]] = []
        self._together: Readers | None = None
        # Imported here, since a process needs one of them and they take a while to load.
        if not recipe.factored:
            return
        if num_streams <= _FEW:
            from abcgen.factors import reader

            alone = [reader.Reader(vocabulary) for _ in range(num_streams)]
            self._alone = [(one, np.frombuffer(one.symbols, np.int32)) for one in alone]
        else:
            from abcgen.factors import readers

            self._together = readers.Readers(vocabulary, num_streams)

    def read(self, characters: NDArray[np.integer], symbols: NDArray[np.int32]) -> None:
        """Read a character a stream, (N,), and write the symbols of each, (N, F)."""
        if self._together:
            symbols[:] = self._together.read(characters)
        elif self._alone:
            for stream, character in enumerate(characters.tolist()):
                reader, read = self._alone[stream]
                reader.read(character)
                symbols[stream] = read
        else:
            symbols[:, 0] = characters

    def begin(self, stream: int) -> None:
        """Let a tune begin."""
        if self._together:
            self._together.begin(stream)
        elif self._alone:
            self._alone[stream][0].begin()

    def reading(self, stream: int) -> "Reading | Kept | None":
        """Return how far the tune of a stream has been read."""
        if self._together:
            return self._together.reading(stream)
        return self._alone[stream][0].reading() if self._alone else None

    def restore(self, stream: int, reading: "Reading | Kept | None") -> None:
        """Set a stream back to what `reading` gave of one."""
        if self._together:
            self._together.restore(stream, cast("Kept", reading))
        elif self._alone:
            self._alone[stream][0].restore(cast("Reading", reading))

    def keep(self, streams: list[int]) -> None:
        """Go on with some of the streams alone, numbered anew."""
        if self._together:
            self._together.keep(streams)
        elif self._alone:
            self._alone = [self._alone[stream] for stream in streams]


class Engine(Protocol):
    """What samples: N streams, each with a state that carries from step to step."""

    num_streams: int

    def step(self, characters: NDArray[np.integer]) -> NDArray[np.float32]:
        """Read a character a stream, integers (N,); return logits, float32 (N, V).

        The array is changed by the next step.
        """

    def reset(self, stream: int) -> None:
        """Set the state of a stream to zero, as before the first character."""

    def state(self, stream: int) -> State:
        """Return a copy of a stream's state."""

    def restore(self, stream: int, state: State) -> None:
        """Set a stream back to a state that `state` gave."""

    def keep(self, streams: list[int]) -> None:
        """Go on with some of the streams alone, numbered anew; no others take their places."""


class LiteRTEngine:
    """The int8 network of a checkpoint's engine file.

    Parameters
    ----------
    checkpoint : Checkpoint
        A verified checkpoint.
    num_streams : int
        N, the streams that are sampled side by side. What a stream gives does not depend on N.

    Raises
    ------
    CheckpointError
        If the engine file does not fit the checkpoint's recipe and vocabulary.
    """

    def __init__(self, checkpoint: Checkpoint, num_streams: int = 1) -> None:
        # Imported here, so that the errors of a command come before the cost of loading it.
        from ai_edge_litert.interpreter import Interpreter

        recipe = checkpoint.recipe
        vocab_size = len(checkpoint.vocabulary)
        self._read = Symbols(recipe, checkpoint.vocabulary, num_streams)
        try:
            with stderr_silenced():
                self._interpreter = Interpreter(
                    model_path=str(checkpoint.engine_file), num_threads=1
                )
                inputs = {
                    "state" if np.issubdtype(detail["dtype"], np.floating) else "symbols": detail
                    for detail in self._interpreter.get_input_details()
                }
                outputs = {
                    int(detail["shape"][-1]): detail["index"]
                    for detail in self._interpreter.get_output_details()
                }
                self._inputs = [inputs[name]["index"] for name in ("symbols", "state")]
                self._outputs = [outputs[vocab_size], outputs[recipe.state_size]]
                self._widths = [self._read.columns, recipe.state_size]
                self._lay_out(num_streams)
        except KeyError:
            raise CheckpointError(
                f"{checkpoint.engine_file} does not fit its checkpoint.json: expected outputs of "
                f"{vocab_size} and {recipe.state_size}, found {sorted(outputs)}"
            ) from None
        except (ValueError, RuntimeError) as error:
            raise CheckpointError(
                f"{checkpoint.engine_file} is no engine that LiteRT can run: {error}"
            ) from None
        self._next_state.fill(0)

    def _lay_out(self, num_streams: int) -> None:
        """Let there be so many streams, whatever they are."""
        self.num_streams = num_streams
        for tensor, width in zip(self._inputs, self._widths, strict=True):
            self._interpreter.resize_tensor_input(tensor, [num_streams, width])
        self._interpreter.allocate_tensors()
        self._symbols, self._state = map(self._memory_of, self._inputs)
        self._logits, self._next_state = map(self._memory_of, self._outputs)

    def _memory_of(self, tensor: int) -> NDArray[Any]:
        """Return the engine's own memory of a tensor, until tensors are laid out anew.

        LiteRT's own views of it would be safer, but it refuses to run while one is held; and to
        make them for every step takes as long as a layer of the network.
        """
        view = self._interpreter.tensor(tensor)()
        memory = (ctypes.c_char * view.nbytes).from_address(view.ctypes.data)
        return np.frombuffer(memory, view.dtype).reshape(view.shape)

    def step(self, characters: NDArray[np.integer]) -> NDArray[np.float32]:
        """Read a character a stream and return what each foretells.

        Parameters
        ----------
        characters : integer array, shape (N,)
            Indices into the vocabulary.

        Returns
        -------
        float32 array, shape (N, V)
            Logits, in the engine's own memory: the next step changes them.
        """
        self._read.read(characters, self._symbols)
        np.copyto(self._state, self._next_state)
        self._interpreter.invoke()
        return self._logits

    def reset(self, stream: int) -> None:
        """Set the state of a stream to zero, as before the first character."""
        self._next_state[stream] = 0
        self._read.begin(stream)

    def state(self, stream: int) -> State:
        """Return a copy of a stream's state."""
        return State(np.array(self._next_state[stream]), self._read.reading(stream))

    def restore(self, stream: int, state: State) -> None:
        """Set a stream back to a state that `state` gave."""
        self._next_state[stream] = state.network
        self._read.restore(stream, state.reading)

    def keep(self, streams: list[int]) -> None:
        """Go on with some of the streams alone, numbered anew."""
        kept = self._next_state[streams]
        self._lay_out(len(streams))
        self._next_state[:] = kept
        self._read.keep(streams)


class KerasEngine:
    """A stateful Keras network, called a character at a time; slow, and needs what trained it.

    As the batch-1 twin of a checkpoint it shows that the other engine is right. Of more streams it
    draws tunes on a GPU.

    Parameters
    ----------
    twin : keras.Model
        What `abcgen.network.build_network` gives for N streams and a sequence of 1.
    recipe : Recipe
        What it was built from.
    vocabulary : Vocabulary
        V characters.
    """

    def __init__(self, twin: "keras.Model", recipe: Recipe, vocabulary: Vocabulary) -> None:
        from abcgen.network import backend, logits_of, states_of

        #: Which row of the network each stream is; the network's own number of rows stays.
        self._rows = list(range(twin.input.shape[0]))
        self.num_streams = len(self._rows)
        self._read = Symbols(recipe, vocabulary, self.num_streams)
        self._symbols = np.zeros((self.num_streams, 1, self._read.columns), np.int32)
        self._call = backend.compiled(logits_of(twin))
        self._states = states_of(twin)
        self._set_row = backend.set_row

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> Self:
        """Return the batch-1 twin of a checkpoint's network."""
        from abcgen.network import build_network

        twin = build_network(checkpoint.recipe, len(checkpoint.vocabulary), 1, 1)
        twin.load_weights(checkpoint.weights_file)
        return cls(twin, checkpoint.recipe, checkpoint.vocabulary)

    def step(self, characters: NDArray[np.integer]) -> NDArray[np.float32]:
        """Read a character a stream, integers (N,); return logits, float32 (N, V)."""
        from abcgen.network import keras

        symbols = np.empty((self.num_streams, self._read.columns), np.int32)
        self._read.read(characters, symbols)
        self._symbols[self._rows, 0] = symbols
        logits = keras.ops.convert_to_numpy(self._call(self._symbols))
        # Indexed, it is a copy, which may be written to.
        read: NDArray[np.float32] = logits[self._rows, 0]
        return read

    def reset(self, stream: int) -> None:
        """Set the state of a stream to zero, as before the first character."""
        size = sum(part.shape[-1] for part in self._states)
        self._read.begin(stream)
        self.restore(stream, State(np.zeros(size, np.float32), self._read.reading(stream)))

    def state(self, stream: int) -> State:
        """Return a copy of a stream's state."""
        from abcgen.network import keras

        row = self._rows[stream]
        parts = [keras.ops.convert_to_numpy(part[row]) for part in self._states]
        return State(np.concatenate(parts), self._read.reading(stream))

    def restore(self, stream: int, state: State) -> None:
        """Set a stream back to a state that `state` gave."""
        ends = np.cumsum([part.shape[-1] for part in self._states])
        for part, values in zip(self._states, np.split(state.network, ends[:-1]), strict=True):
            self._set_row(part, self._rows[stream], values)
        self._read.restore(stream, state.reading)

    def keep(self, streams: list[int]) -> None:
        """Go on with some of the streams alone, numbered anew."""
        self._rows = [self._rows[stream] for stream in streams]
        self.num_streams = len(streams)
        self._read.keep(streams)
