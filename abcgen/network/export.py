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
    AHEAD,
    CHORD,
    CHORDS,
    ECHO_TRUST,
    LANDINGS,
    LOW,
    STYLE,
    TARGET,
    Layout,
)
from abcgen.model.factors.plan import ECHOED, KINDS, LETTERS, STYLES
from abcgen.model.recipe import Recipe
from abcgen.network.backends.with_tensorflow import tf
from abcgen.network.build import AHEAD_TOLD, FRESH, LETTERS_TOLD, REACH_TOLD, keras, weights_of
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
        dense = [
            [weights[f"{path}/{name}"] for name in ("kernel", "bias")]
            for path in ("relu/dense_relu", "logits/dense")
            if f"{path}/kernel" in weights
        ]
        told: dict[str, NDArray[np.float32]] = {}
        if recipe.planned:
            told = _of_plan(weights, self._layout, recipe.plan_strength)
            # What the layers below say is multiplied by the weights of both at once.
            dense[-1] = [
                np.concatenate([values, weights[f"plan/plan_dense/{name}"]], axis=-1)
                for name, values in zip(("kernel", "bias"), dense[-1], strict=True)
            ]
        self._plan = {name: tf.Variable(values) for name, values in told.items()}
        self._dense = [[tf.Variable(values) for values in layer] for layer in dense]
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
            vocab_size = self._layout.vocab_size
            logits, plan = logits[:, :vocab_size], logits[:, vocab_size:]
            logits += self._plan_logits(plan, symbols)
        return {"logits": logits, **dict(zip(self._state, after, strict=True))}

    def _plan_logits(self, hidden: Any, symbols: Any) -> Any:
        layout, weights = self._layout, self._plan
        plan, read = layout.by_plan(symbols)
        vectors = tf.gather(weights["embedding"], tf.concat(read, 1))
        x = tf.nn.relu(hidden + tf.reduce_sum(vectors, axis=1))
        direct = plan[:, LOW : AHEAD + 1] - (layout.low - layout.kinds)
        says = tf.matmul(x, weights["out"]) + weights["out_bias"]
        says += tf.reduce_sum(tf.gather(weights["direct"], direct), axis=1)
        says, echo_gate, low_gate, high_gate, chord_gate = tf.split(
            says, [layout.vocab_size, 1, 1, 1, 1], axis=1
        )
        echo = plan[:, -1] - (layout.planned - layout.kinds)
        says += tf.gather(weights["told"], echo) * (echo_gate + tf.gather(weights["trust"], echo))
        target = plan[:, TARGET] - (layout.target - layout.kinds)
        says += tf.gather(weights["low"], target) * low_gate
        says += tf.gather(weights["high"], target) * high_gate
        chord = plan[:, CHORD] - (layout.chord - layout.kinds)
        says += tf.gather(weights["due"], chord) * chord_gate
        style = plan[:, STYLE] - (layout.style - layout.kinds)
        says *= tf.gather(weights["strength"], style)
        told, trust = layout.echoes_told(symbols)
        fresh = tf.gather(weights["fresh"], plan[:, :1] // KINDS * ECHO_TRUST + trust)
        return says + tf.reduce_sum(tf.gather(weights["heard"], told) * fresh, axis=1)

    def _normalised(self, number: int, x: Any) -> Any:
        if not self._norms:
            return x
        factor, term = self._norms[number]
        return x * factor + term


def _of_plan(
    weights: dict[str, NDArray[np.float32]], layout: Layout, strength: float
) -> dict[str, NDArray[np.float32]]:
    """Return the tables of a step that goes by a plan, with few operations; see `build`.

    Parameters
    ----------
    weights : dict of str to float32 array
        Of the network.
    layout : Layout
        V characters and four gates: of the echo, of a low and a high last note, of a chord.
    strength : float
        How much the plan counts.
    """
    size = layout.vocab_size
    landing, reach = weights["plan_landing/embeddings"], weights[f"{REACH_TOLD}/embeddings"]
    direct = np.zeros((layout.toward - layout.low, size + 4), np.float32)
    direct[: len(reach), :size] = reach
    after = direct[len(reach) : len(reach) + LANDINGS]
    after[:, :size], after[:, size + 1 : size + 3] = landing[:, :-1], landing[:, -1:]
    chords, ahead = layout.chord - layout.low, layout.ahead - layout.low
    direct[chords:ahead, -1:] = weights["plan_chord/embeddings"]
    direct[ahead:, :size] = weights[f"{AHEAD_TOLD}/embeddings"]
    letters = weights[f"{LETTERS_TOLD}/embeddings"]
    notes = letters[1:LETTERS].reshape(-1, size).sum(axis=0)
    echoes = np.arange(ECHOED * layout.echo_size)
    kind, echo = np.divmod(echoes, layout.echo_size)
    gates = [weights[f"plan_gating/plan_gates/{name}"] for name in ("kernel", "bias")]
    return {
        "embedding": weights["plan_embedding/embeddings"],
        "direct": direct,
        "out": np.concatenate([weights["plan_logits/plan_out/kernel"], gates[0]], axis=1),
        "out_bias": np.concatenate([np.zeros(size, np.float32), gates[1]]),
        "told": np.eye(size + 1, dtype=np.float32)[echo // ECHO_TRUST, 1:],
        "trust": weights["plan_trust/embeddings"][kind * ECHO_TRUST + echo % ECHO_TRUST],
        "heard": np.eye(size + 1, dtype=np.float32)[:, 1:] * notes,
        "fresh": FRESH.reshape(-1, 1),
        "low": letters[:, :size],
        "high": letters[:, size:],
        "due": letters[np.arange(CHORDS) % LETTERS, :size],
        "strength": np.array([[0.0]] + (STYLES - 1) * [[strength]], np.float32),
    }


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
