"""One step of the network without TensorFlow: the engine file run by LiteRT, for N streams."""

import ctypes
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from abcgen.errors import CheckpointError
from abcgen.model.checkpoint import Checkpoint
from abcgen.model.factors.layout import Layout
from abcgen.model.recipes import Recipe
from abcgen.model.vocabulary import Vocabulary
from abcgen.support.quiet import stderr_silenced

if TYPE_CHECKING:
    from abcgen.model.factors.reader import PlainReaders
    from abcgen.model.factors.readers import Readers


class State(NamedTuple):
    """What a stream was: all that what comes next depends on.

    Attributes
    ----------
    network : list of float32 arrays
        The state of the LSTM layers: h and c of each, the first layer's first.
    reading : object
        How far the tune was read, for its factors: what `Symbols` alone understands.
    """

    network: list[NDArray[np.float32]]
    reading: Any


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
        self._readers: Readers | PlainReaders | None = None
        # Imported here, since they take a while to load.
        if not recipe.factored:
            return
        try:
            from abcgen.model.factors import readers
        except ImportError:  # there was no C compiler
            from abcgen.model.factors import reader

            self._readers = reader.PlainReaders(vocabulary, num_streams)
        else:
            self._readers = readers.Readers(vocabulary, num_streams)

    def read(self, characters: NDArray[np.integer], symbols: NDArray[np.int32]) -> None:
        """Read a character a stream, (N,), and write the symbols of each, (N, F)."""
        if self._readers:
            self._readers.read(characters, symbols)
        else:
            symbols[:, 0] = characters

    def begin(self, stream: int) -> None:
        """Let a tune begin."""
        if self._readers:
            self._readers.begin(stream)

    def reading(self, stream: int) -> Any:
        """Return how far the tune of a stream has been read."""
        return self._readers.reading(stream) if self._readers else None

    def restore(self, stream: int, reading: Any) -> None:
        """Set a stream back to what `reading` gave of one."""
        if self._readers:
            self._readers.restore(stream, reading)

    def keep(self, streams: list[int]) -> None:
        """Go on with some of the streams alone, numbered anew."""
        if self._readers:
            self._readers.keep(streams)


class Engine(Protocol):
    """What samples: N streams, each with a state that carries from step to step."""

    num_streams: int
    vocabulary: Vocabulary

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

        recipe, self.vocabulary = checkpoint.recipe, checkpoint.vocabulary
        self._read = Symbols(recipe, checkpoint.vocabulary, num_streams)
        state = state_widths(recipe)
        given = {"symbols": self._read.columns, **state}
        foretold = {"logits": len(checkpoint.vocabulary), **state}
        file = checkpoint.engine_file
        try:
            with stderr_silenced():
                self._interpreter = Interpreter(model_path=str(file), num_threads=1)
                inputs, outputs = self._signature()
                self._inputs = _tensors_of(file, inputs, given)
                self._outputs = _tensors_of(file, outputs, foretold)
                self._lay_out(num_streams)
        except (ValueError, RuntimeError) as error:
            raise CheckpointError(f"{file} is no engine that LiteRT can run: {error}") from None
        for part in self._state:
            part.fill(0)

    def _signature(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what is known of inputs and of outputs, by their names."""
        runner = self._interpreter.get_signature_runner()  # nothing can be laid out while it lives
        return runner.get_input_details(), runner.get_output_details()

    def _lay_out(self, num_streams: int) -> None:
        """Let there be so many streams, whatever they are."""
        self.num_streams = num_streams
        for tensor, width in self._inputs:
            self._interpreter.resize_tensor_input(tensor, [num_streams, width])
        self._interpreter.allocate_tensors()
        self._symbols, *before = (self._memory_of(tensor) for tensor, _ in self._inputs)
        self._logits, *self._state = (self._memory_of(tensor) for tensor, _ in self._outputs)
        #: Where the state goes, and where it comes from. To copy arrays themselves takes longer.
        self._carried = [
            (to.data.cast("B"), of.data.cast("B"))
            for to, of in zip(before, self._state, strict=True)
        ]

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
        for to, of in self._carried:
            to[:] = of
        self._interpreter.invoke()
        return self._logits

    def reset(self, stream: int) -> None:
        """Set the state of a stream to zero, as before the first character."""
        for part in self._state:
            part[stream] = 0
        self._read.begin(stream)

    def state(self, stream: int) -> State:
        """Return a copy of a stream's state."""
        return State([part[stream].copy() for part in self._state], self._read.reading(stream))

    def restore(self, stream: int, state: State) -> None:
        """Set a stream back to a state that `state` gave."""
        for part, values in zip(self._state, state.network, strict=True):
            part[stream] = values
        self._read.restore(stream, state.reading)

    def keep(self, streams: list[int]) -> None:
        """Go on with some of the streams alone, numbered anew."""
        kept = [part[streams] for part in self._state]
        self._lay_out(len(streams))
        for part, values in zip(self._state, kept, strict=True):
            part[:] = values
        self._read.keep(streams)


def state_widths(recipe: Recipe) -> dict[str, int]:
    """Return the arrays that a network's state is in the engine file, by name, and their widths."""
    return {
        f"{part}_{number}": size
        for number, size in enumerate(recipe.rnn_sizes, 1)
        for part in ("hidden", "cell")
    }


def _tensors_of(
    file: Path, details: dict[str, Any], widths: dict[str, int]
) -> list[tuple[int, int]]:
    """Return the tensors of a signature by which there must be these, each with its width."""
    found = {name: int(detail["shape"][-1]) for name, detail in details.items()}
    if found != widths:
        raise CheckpointError(
            f"{file} does not fit its checkpoint.json: expected {widths}, found {found}"
        )
    return [(details[name]["index"], width) for name, width in widths.items()]
