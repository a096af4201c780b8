"""One step of the network without TensorFlow: the engine file run by LiteRT, for N streams."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from abcgen.checkpoint import Checkpoint
from abcgen.errors import CheckpointError
from abcgen.quiet import stderr_silenced


class Engine(Protocol):
    """What samples: N streams, each with a state that carries from step to step."""

    num_streams: int

    def step(self, characters: NDArray[np.int32]) -> NDArray[np.float32]:
        """Read a character a stream, int32 (N,); return logits, float32 (N, V)."""

    def reset(self, stream: int) -> None:
        """Set the state of a stream to zero, as before the first character."""

    def state(self, stream: int) -> NDArray[np.float32]:
        """Return a copy of a stream's state."""

    def restore(self, stream: int, state: NDArray[np.float32]) -> None:
        """Set a stream back to a state that `state` gave."""


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
        state_size = 2 * recipe.num_layers * recipe.rnn_size
        self.num_streams = num_streams
        try:
            with stderr_silenced():
                self._interpreter = Interpreter(
                    model_path=str(checkpoint.engine_file), num_threads=1
                )
                inputs = {
                    "state" if np.issubdtype(detail["dtype"], np.floating) else "characters": detail
                    for detail in self._interpreter.get_input_details()
                }
                characters, state = inputs["characters"]["index"], inputs["state"]["index"]
                self._interpreter.resize_tensor_input(characters, [num_streams, 1])
                self._interpreter.resize_tensor_input(state, [num_streams, state_size])
                self._interpreter.allocate_tensors()
            outputs = {
                int(detail["shape"][-1]): detail["index"]
                for detail in self._interpreter.get_output_details()
            }
            # Each gives a view of the engine's own memory. A view must not outlive the line it is
            # made in: the engine refuses to run while one is held.
            self._characters = self._interpreter.tensor(characters)
            self._state = self._interpreter.tensor(state)
            self._logits = self._interpreter.tensor(outputs[vocab_size])
            self._next_state = self._interpreter.tensor(outputs[state_size])
        except KeyError:
            raise CheckpointError(
                f"{checkpoint.engine_file} does not fit its checkpoint.json: expected outputs of "
                f"{vocab_size} and {state_size}, found {sorted(outputs)}"
            ) from None
        except (ValueError, RuntimeError) as error:
            raise CheckpointError(
                f"{checkpoint.engine_file} is no engine that LiteRT can run: {error}"
            ) from None
        self._next_state().fill(0)

    def step(self, characters: NDArray[np.int32]) -> NDArray[np.float32]:
        """Read a character a stream and return what each foretells.

        Parameters
        ----------
        characters : int32 array, shape (N,)
            Indices into the vocabulary.

        Returns
        -------
        float32 array, shape (N, V)
            Logits. The array is the caller's.
        """
        self._characters()[:, 0] = characters
        np.copyto(self._state(), self._next_state())
        self._interpreter.invoke()
        return np.array(self._logits())

    def reset(self, stream: int) -> None:
        """Set the state of a stream to zero, as before the first character."""
        self._next_state()[stream] = 0

    def state(self, stream: int) -> NDArray[np.float32]:
        """Return a copy of a stream's state."""
        return np.array(self._next_state()[stream])

    def restore(self, stream: int, state: NDArray[np.float32]) -> None:
        """Set a stream back to a state that `state` gave."""
        self._next_state()[stream] = state


class KerasEngine:
    """The batch-1 stateful twin of the network that was trained, as a reference.

    It is slow and needs TensorFlow; it shows that the other is right.

    Parameters
    ----------
    checkpoint : Checkpoint
        A verified checkpoint.
    """

    num_streams = 1

    def __init__(self, checkpoint: Checkpoint) -> None:
        from abcgen.network import build_network, logits_of, reset_states, states_of, tf

        self._twin = build_network(checkpoint.recipe, len(checkpoint.vocabulary), 1, 1)
        self._twin.load_weights(checkpoint.weights_file)
        self._call = tf.function(logits_of(self._twin))
        self._reset_states = reset_states
        self._states = states_of(self._twin)

    def step(self, characters: NDArray[np.int32]) -> NDArray[np.float32]:
        """Read a character, int32 (1,), and return logits, float32 (1, V)."""
        return np.array(self._call(characters.reshape(1, 1))[:, 0])

    def reset(self, stream: int) -> None:
        """Set the state to zero, as before the first character."""
        self._reset_states(self._twin)

    def state(self, stream: int) -> NDArray[np.float32]:
        """Return a copy of the state."""
        return np.concatenate([np.asarray(part).ravel() for part in self._states])

    def restore(self, stream: int, state: NDArray[np.float32]) -> None:
        """Set the state back to one that `state` gave."""
        parts = np.split(state, len(self._states))
        for part, values in zip(self._states, parts, strict=True):
            part.assign(values.reshape(part.shape))
