"""Export a network as the engine file: one step, from a character and the state before it.

The step uses few operations, since each costs an engine that reads one character at a time about as
much as its arithmetic. So the gates of an LSTM are computed side by side by one function, since
tanh(x) = 2 sigmoid(2x) - 1; the input from the layer below and the layer's own state are multiplied
at once; and batch normalisation, which is a factor and a term once training is over, is just that.
Each part of the state is an array of its own: splitting and joining a single one would cost an
engine with many streams more than all these functions.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abcgen.model.checkpoint import ENGINE_FILE
from abcgen.model.engine import state_widths
from abcgen.model.factors.layout import (
    CHORD,
    ECHO_TRUST,
    HIGH,
    LANDING,
    LOW,
    STYLE,
    TARGET,
    Layout,
)
from abcgen.model.factors.plan import LETTERS
from abcgen.model.recipe import Recipe
from abcgen.network.backends.with_tensorflow import tf
from abcgen.network.build import LETTERS_TOLD, REACH_TOLD, keras, weights_of
from abcgen.support.quiet import stderr_silenced

#: What the step calls the weights that read a plan, and their paths.
_OF_PLAN = {
    "embedding": "plan_embedding/embeddings",
    "kernel": "plan/plan_dense/kernel",
    "bias": "plan/plan_dense/bias",
    "out": "plan_logits/plan_out/kernel",
    "gates": "plan_gating/plan_gates/kernel",
    "gates_bias": "plan_gating/plan_gates/bias",
    "trust": "plan_trust/embeddings",
    "letters": f"{LETTERS_TOLD}/embeddings",
    "reach": f"{REACH_TOLD}/embeddings",
    "landing": "plan_landing/embeddings",
}


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
        The file. Its signature ``serving_default`` takes ``symbols``, int32 (B, F), and the state,
        and returns ``logits``, float32 (B, V), and the new state. The state of layer n, from
        1, is ``hidden_n`` and ``cell_n``, float32 (B, the layer's size).
    """
    step = _Step(network, recipe)
    with tempfile.TemporaryDirectory() as folder, stderr_silenced():
        tf.saved_model.save(step, folder, signatures=step.concrete())
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
        vocab_size = network.output.shape[-1]
        self._layout = Layout(vocab_size, recipe.factored, recipe.planned)
        self._embedding = tf.Variable(weights["embedding/embeddings"])
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
        self._strength = recipe.plan_strength
        self._plan = {
            name: tf.Variable(weights[path]) for name, path in _OF_PLAN.items() if path in weights
        }
        self._dense = [
            [tf.Variable(weights[f"{path}/{name}"]) for name in ("kernel", "bias")]
            for path in ("relu/dense_relu", "logits/dense")
            if f"{path}/kernel" in weights
        ]
        self._norms = [
            [tf.Variable(values) for values in _as_factor_and_term(network, f"norm_{number}")]
            for number in range(1, len(self._layers) + len(self._dense))
            if recipe.batch_norm
        ]

    def concrete(self) -> Any:
        """Return the step as a function of arrays of any batch size."""
        state = [
            tf.TensorSpec((None, width), tf.float32, name=name)
            for name, width in self._state.items()
        ]
        symbols = tf.TensorSpec((None, self._layout.columns), tf.int32, name="symbols")
        return tf.function(self._step).get_concrete_function(symbols, *state)

    def _step(self, symbols: Any, *state: Any) -> dict[str, Any]:
        plain = symbols[:, : self._layout.plain_columns] if self._plan else symbols
        x = tf.reduce_sum(tf.gather(self._embedding, plain), axis=1)
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
        if self._plan:
            logits += self._plan_logits(x, symbols)
        return {"logits": logits, **dict(zip(self._state, after, strict=True))}

    def _plan_logits(self, x: Any, symbols: Any) -> Any:
        layout, weights = self._layout, self._plan
        plan, time = layout.by_plan(symbols)
        vectors = tf.gather(weights["embedding"], tf.concat([plan, time], 1))
        x = tf.matmul(x, weights["kernel"]) + weights["bias"] + tf.reduce_sum(vectors, axis=1)
        x = tf.nn.relu(x)
        echo = plan[:, -1] - (layout.planned - layout.kinds)
        told = tf.gather(
            tf.eye(layout.vocab_size + 1)[:, 1:], echo % layout.echo_size // ECHO_TRUST
        )
        trusted = tf.gather(
            weights["trust"], echo // layout.echo_size * ECHO_TRUST + echo % ECHO_TRUST
        )
        letters = tf.gather(weights["letters"], plan[:, TARGET] - (layout.target - layout.kinds))
        due = tf.gather(weights["letters"], (plan[:, CHORD] - (layout.chord - layout.kinds)) % LETTERS)
        reach = tf.gather(weights["reach"], plan[:, LOW : HIGH + 1] - (layout.low - layout.kinds))
        gates = tf.matmul(x, weights["gates"]) + weights["gates_bias"]
        says = tf.matmul(x, weights["out"]) + tf.reduce_sum(reach, axis=1)
        low, high = tf.split(letters, 2, axis=1)
        landing = tf.gather(
            weights["landing"], plan[:, LANDING] - (layout.landing - layout.kinds)
        )
        says += landing[:, :-1] + told * (gates[:, :1] + trusted)
        wanted = gates[:, 1:3] + landing[:, -1:]
        says += low * wanted[:, :1] + high * wanted[:, 1:]
        says += due[:, : layout.vocab_size] * gates[:, 3:]
        there = plan[:, STYLE : STYLE + 1] > layout.style - layout.kinds
        return says * (self._strength * tf.cast(there, tf.float32))

    def _normalised(self, number: int, x: Any) -> Any:
        if not self._norms:
            return x
        factor, term = self._norms[number]
        return x * factor + term


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
