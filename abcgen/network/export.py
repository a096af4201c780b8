"""Export a network as the engine file: one step, from a character and the state before it.

The step uses few operations, since each costs an engine that reads one character at a time about as
much as its arithmetic. So what stands in tables is looked up outside (`abcgen.model.lookup`); the
gates of an LSTM are computed side by side by one function, since tanh(x) = 2 sigmoid(2x) - 1; the
input from the layer below and the layer's own state are multiplied at once; and batch
normalisation, which is a factor and a term once training is over, is just that. Each part of the
state is an array of its own: splitting and joining a single one would cost an engine with many
streams more than all these functions.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abcgen.model.checkpoint import ENGINE_FILE
from abcgen.model.engine_file import STEP, TABLES, state_widths, step_widths
from abcgen.model.factors.layout import Layout
from abcgen.model.recipe import Recipe
from abcgen.network.backends.with_tensorflow import tf
from abcgen.network.build import keras, weights_of
from abcgen.network.tables import tables_of
from abcgen.support.quiet import stderr_silenced


def export_engine(network: keras.Model, recipe: Recipe, quantize: bool) -> bytes:
    """Return a network as a LiteRT (TensorFlow Lite) file.

    Parameters
    ----------
    network : keras.Model
        The result of `abcgen.network.build.build_network`, of any batch size and sequence length.
    recipe : Recipe
        What it was built from.
    quantize : bool
        Whether to store the weights as int8 with float scales ("dynamic range"): a quarter of
        the size and several times as fast. Otherwise they are float32.

    Returns
    -------
    bytes
        The file. Its function ``step`` takes ``vectors``, float32 (B, E + S), which are looked up
        and added up beforehand, and the state, and returns ``logits``, float32 (B, V), in a network
        with plans ``says``, float32 (B, V + GATES), and the new state. The state of layer n, from
        1, is ``hidden_n`` and ``cell_n``, float32 (B, the layer's size). Its function ``tables``
        returns what is looked up: see `abcgen.model.lookup`.
    """
    step = _Step(network, recipe)
    stored = tables_of(network, recipe).packed(quantize)
    with tempfile.TemporaryDirectory() as folder, stderr_silenced():
        tf.saved_model.save(step, folder, {STEP: step.concrete(), TABLES: _returning(stored)})
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        if quantize:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        return bytes(converter.convert())


@contextmanager
def exported(network: keras.Model, recipe: Recipe, quantize: bool) -> Iterator[Path]:
    """Export a network to a temporary engine file; parameters as for `export_engine`."""
    # Windows cannot remove a file that is still open; so the folder may stay behind there.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        file = Path(folder, ENGINE_FILE)
        file.write_bytes(export_engine(network, recipe, quantize))
        yield file


class _Step(tf.Module):  # type: ignore[misc]
    """The mathematics of `abcgen.network.build`, for one character and without dropout."""

    def __init__(self, network: keras.Model, recipe: Recipe) -> None:
        super().__init__()
        weights = weights_of(network)
        self._state = state_widths(recipe)
        self._layout = Layout(network.output.shape[-1], recipe.factored, recipe.planned)
        self._inputs, _ = step_widths(recipe, self._layout)
        self._plan_size = recipe.plan_size
        self._layers = []
        for number, size in enumerate(recipe.rnn_sizes, 1):
            cell = f"lstm_{number}/lstm_cell"
            kernel, recurrent, bias = (
                _tanh_as_sigmoid(weights[f"{cell}/{name}"], size)
                for name in ("kernel", "recurrent_kernel", "bias")
            )
            self._layers.append(
                [tf.Variable(np.concatenate([kernel, recurrent])), tf.Variable(bias)]
            )
        dense = [
            [weights[f"{path}/{name}"] for name in ("kernel", "bias")]
            for path in ("relu/dense_relu", "logits/dense")
            if f"{path}/kernel" in weights
        ]
        self._plan: list[Any] = []
        if recipe.planned:
            self._plan = [tf.Variable(values) for values in _of_plan(weights, self._layout)]
            # What the layers below say is multiplied by the weights of both at once.
            dense[-1] = [
                np.concatenate([values, weights[f"plan/plan_dense/{name}"]], axis=-1)
                for name, values in zip(("kernel", "bias"), dense[-1], strict=True)
            ]
        self._dense = [[tf.Variable(values) for values in layer] for layer in dense]
        self._norms = [
            [tf.Variable(values) for values in _as_factor_and_term(network, f"norm_{number}")]
            for number in range(1, len(self._layers) + len(self._dense))
            if recipe.batch_norm
        ]

    def concrete(self) -> Any:
        """Return the step as a function of arrays of any batch size."""
        specs = [
            tf.TensorSpec((None, width), tf.float32, name=name)
            for name, width in self._inputs.items()
        ]
        return tf.function(self._step).get_concrete_function(*specs)

    def _step(self, vectors: Any, *state: Any) -> dict[str, Any]:
        width = self._inputs["vectors"] - self._plan_size
        x, planned = vectors[:, :width], vectors[:, width:]
        after: list[Any] = []
        for number, (kernel, bias) in enumerate(self._layers):
            hidden, cell = state[2 * number : 2 * number + 2]
            gates = tf.sigmoid(tf.matmul(tf.concat([x, hidden], 1), kernel) + bias)
            into, forget, new, out = tf.split(gates, 4, axis=1)
            cell = forget * cell + into * (2 * new - 1)
            hidden = out * tf.tanh(cell)
            after += [hidden, cell]
            x = self._normalised(number, hidden)
        *relus, (kernel, bias) = self._dense
        for number, (relu_kernel, relu_bias) in enumerate(relus, len(self._layers)):
            x = self._normalised(number, tf.nn.relu(tf.matmul(x, relu_kernel) + relu_bias))
        logits = tf.matmul(x, kernel) + bias
        says = {}
        if self._plan:
            kernel, bias = self._plan
            size = self._layout.vocab_size
            logits, hidden = logits[:, :size], logits[:, size:]
            says["says"] = tf.matmul(tf.nn.relu(hidden + planned), kernel) + bias
        return {"logits": logits, **says, **dict(zip(self._state, after, strict=True))}

    def _normalised(self, number: int, x: Any) -> Any:
        if not self._norms:
            return x
        factor, term = self._norms[number]
        return x * factor + term


def _of_plan(
    weights: dict[str, NDArray[np.float32]], layout: Layout
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return weights and bias of what a plan's layer says of characters and of the gates."""
    gates = [weights[f"plan_gating/plan_gates/{name}"] for name in ("kernel", "bias")]
    kernel = np.concatenate([weights["plan_logits/plan_out/kernel"], gates[0]], axis=1)
    return kernel, np.concatenate([np.zeros(layout.vocab_size, np.float32), gates[1]])


def _returning(stored: dict[str, NDArray[Any]]) -> Any:
    """Return a function that returns some arrays by name."""
    return tf.function(
        lambda: {name: tf.constant(values) for name, values in stored.items()}
    ).get_concrete_function()


def _tanh_as_sigmoid(values: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Return weights, (..., 4 x size), with those of the third gate, the tanh, doubled.

    Doubling is exact, and does not change how int8 rounds them.
    """
    into, forget, new, out = np.split(values, range(size, 4 * size, size), axis=-1)
    return np.concatenate([into, forget, 2 * new, out], axis=-1)


def _as_factor_and_term(network: keras.Model, name: str) -> list[NDArray[np.float32]]:
    """Return the factor and the term that a batch normalisation applies outside of training."""
    layer = network.get_layer(name)
    gamma, beta, mean, variance = layer.get_weights()
    factor = gamma / np.sqrt(variance + layer.epsilon)
    return [factor, beta - mean * factor]
