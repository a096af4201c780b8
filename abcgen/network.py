"""The network in Keras, and its batch-1 twin.

Embedding -> LSTM layers, stateful, with dropout -> TimeDistributed Dense -> softmax. What is
embedded are symbols (`abcgen.factors.layout`): a character and, in a factored network, what is
known of its place; the vectors of these are summed.
"""

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from abcgen.factors.layout import Layout
from abcgen.quiet import stderr_silenced
from abcgen.recipes import Recipe

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
with stderr_silenced():
    import keras
    import tensorflow as tf
tf.get_logger().setLevel("ERROR")


def _has_bfloat16() -> bool:
    """Say whether the processor multiplies bfloat16; elsewhere that is slower than float32."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


#: What matrix products are computed in while training on a CPU.
_PRODUCTS = tf.bfloat16 if _has_bfloat16() else tf.float32

# Others take Keras and TensorFlow from here, where they are loaded without their chatter.
__all__ = [
    "build_network",
    "keras",
    "load_weights",
    "logits_of",
    "reset_states",
    "save_weights",
    "states_of",
    "tf",
    "use_cores",
    "weights_of",
]


class _UnrolledLSTM(keras.layers.LSTM):  # type: ignore[misc]
    """Keras's LSTM, faster in training on a CPU; weights, states and results are the same.

    The steps stand side by side in one graph instead of in a loop, so that what does not wait for
    one another can run on several cores; the inputs of all steps are multiplied at once; and where
    the processor has instructions for it, products are of bfloat16 and summed in float32. On two
    cores a step takes less than half the time.
    """

    def call(
        self, sequences: Any, initial_state: Any = None, mask: Any = None, training: bool = False
    ) -> Any:
        """Read (N, T, inputs); return (N, T, units)."""
        if not training or tf.config.list_physical_devices("GPU"):
            return super().call(sequences, initial_state, mask=mask, training=training)
        kernel, recurrent, bias = (weight.value for weight in self.cell.trainable_weights)
        batch, length, _ = sequences.shape
        inputs = tf.reshape(tf.transpose(sequences, (1, 0, 2)), (length * batch, -1))
        gates = tf.unstack(tf.reshape(_product(inputs, kernel) + bias, (length, batch, -1)))
        hidden, cell = (state.value for state in self.states)
        recurrent = tf.cast(recurrent, _PRODUCTS)
        outputs = []
        for gate in gates:
            into, forget, new, out = tf.split(gate + _product(hidden, recurrent), 4, axis=1)
            cell = tf.sigmoid(forget) * cell + tf.sigmoid(into) * tf.tanh(new)
            hidden = tf.sigmoid(out) * tf.tanh(cell)
            outputs.append(hidden)
        for state, value in zip(self.states, (hidden, cell), strict=True):
            state.assign(value)
        return tf.transpose(tf.stack(outputs), (1, 0, 2))


def _product(values: Any, weights: Any) -> Any:
    """Return a matrix product, float32, computed as `_PRODUCTS`."""
    product = tf.matmul(tf.cast(values, _PRODUCTS), tf.cast(weights, _PRODUCTS))
    return tf.cast(product, tf.float32)


def use_cores(layers: int) -> None:
    """Share the cores among LSTM layers; to be called before TensorFlow's first computation.

    Small products are faster if each is one core's; but a single layer leaves others idle then.
    """
    cores = os.cpu_count() or 1
    # Later it is refused; then it stays as it is, which is slower and nothing else.
    with contextlib.suppress(RuntimeError):
        tf.config.threading.set_intra_op_parallelism_threads(max(1, cores // layers))
        tf.config.threading.set_inter_op_parallelism_threads(min(cores, layers))


def build_network(recipe: Recipe, vocab_size: int, batch_size: int, seq_length: int) -> keras.Model:
    """Return the stateful network.

    Parameters
    ----------
    recipe : Recipe
        Its sizes and dropout.
    vocab_size : int
        V, the number of characters.
    batch_size, seq_length : int
        N and T of what it will be called on. With 1 and 1 it is the sampler's twin.

    Returns
    -------
    keras.Model
        int32 (N, T, F), the symbols of characters -> probabilities, float32 (N, T, V). Its state
        carries from call to call until `reset_states`. The layer ``logits`` gives them before the
        softmax.
    """
    layout = Layout(vocab_size, recipe.factored)
    one_hot = not recipe.embedding_dim
    shape = (batch_size, seq_length, layout.columns)
    symbols = keras.Input(batch_shape=shape, dtype="int32", name="symbols")
    vectors = keras.layers.Embedding(
        layout.size,
        recipe.embedding_dim or layout.size,
        embeddings_initializer="identity" if one_hot else "uniform",
        trainable=not one_hot,
        name="embedding",
    )(symbols)
    x = keras.ops.sum(vectors, axis=2)
    x = keras.layers.Dropout(recipe.embedding_dropout, name="dropout_0")(x)
    # Layers are named, since their weights are kept by name.
    layers = [
        _UnrolledLSTM(size, return_sequences=True, stateful=True, name=f"lstm_{number}")
        for number, size in enumerate(recipe.rnn_sizes, 1)
    ]
    if recipe.dense_size:
        dense = keras.layers.Dense(recipe.dense_size, activation="relu", name="dense_relu")
        layers.append(keras.layers.TimeDistributed(dense, name="relu"))
    for number, layer in enumerate(layers, 1):
        x = keras.layers.Dropout(recipe.dropout, name=f"dropout_{number}")(layer(x))
        if recipe.batch_norm:
            x = keras.layers.BatchNormalization(name=f"norm_{number}")(x)
    dense = keras.layers.Dense(vocab_size, name="dense")
    x = keras.layers.TimeDistributed(dense, name="logits")(x)
    probabilities = keras.layers.Softmax(name="probabilities")(x)
    return keras.Model(symbols, probabilities, name=recipe.name)


def logits_of(network: keras.Model) -> keras.Model:
    """Return the same network, weights and state shared, ending at its logits."""
    return keras.Model(network.input, network.get_layer("logits").output)


def reset_states(network: keras.Model) -> None:
    """Set the state of every LSTM layer to zero, as before the first character."""
    for layer in network.layers:
        if isinstance(layer, keras.layers.LSTM):
            layer.reset_state()


def states_of(network: keras.Model) -> list[keras.Variable]:
    """Return the variables that carry the state of a stateful network, h and c of each layer."""
    return [
        state
        for layer in network.layers
        if isinstance(layer, keras.layers.LSTM)
        for state in layer.states
    ]


def weights_of(network: keras.Model) -> dict[str, NDArray[np.float32]]:
    """Return the weights as arrays by their path, such as ``lstm_1/lstm_cell/kernel``."""
    return {weight.path: weight.numpy() for weight in network.weights}


def load_weights(network: keras.Model, weights: dict[str, NDArray[Any]]) -> None:
    """Set the weights from what `weights_of` gave."""
    for weight in network.weights:
        weight.assign(weights[weight.path])


def save_weights(network: keras.Model, path: Path) -> None:
    """Write the weights, without any optimiser's slots, as Keras's HDF5 (``.weights.h5``).

    They are kept as float16, which halves the file; to text the difference is nothing. Keras reads
    them into a network of float32.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        whole = Path(folder) / "whole.weights.h5"
        network.save_weights(whole)
        with h5py.File(whole) as full, h5py.File(path, "w") as half:

            def copy(name: str, item: Any) -> None:
                if isinstance(item, h5py.Dataset):
                    half.create_dataset(name, data=item[()].astype(np.float16), compression="gzip")
                else:
                    half.require_group(name).attrs.update(item.attrs)

            full.visititems(copy)
