"""The network in Keras, its batch-1 twin, and its export as a one-step engine file.

Embedding -> LSTM layers, stateful, with dropout -> TimeDistributed Dense -> softmax.
The layers are made in one place (`_Layers`), so that the network that learns, the twin that
samples and the step that is exported cannot differ.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abcgen.quiet import stderr_silenced
from abcgen.recipes import Recipe

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
with stderr_silenced():
    import keras
    import tensorflow as tf
tf.get_logger().setLevel("ERROR")

# Others take Keras and TensorFlow from here, where they are loaded without their chatter.
__all__ = [
    "build_network",
    "build_step",
    "copy_weights",
    "export_engine",
    "keras",
    "load_weights",
    "logits_of",
    "reset_states",
    "save_weights",
    "states_of",
    "tf",
    "weights_of",
]


class _Layers:
    """The layers of a recipe's network, to be called on a sequence or on one character."""

    def __init__(self, recipe: Recipe, vocab_size: int, stateful: bool) -> None:
        self.embedding = keras.layers.Embedding(vocab_size, recipe.embedding_dim, name="embedding")
        self.lstms = [
            keras.layers.LSTM(
                recipe.rnn_size,
                return_sequences=True,
                return_state=not stateful,
                stateful=stateful,
                unroll=not stateful,  # one step needs no loop
                name=f"lstm_{number}",
            )
            for number in range(1, recipe.num_layers + 1)
        ]
        self.dropouts = [
            keras.layers.Dropout(recipe.dropout, name=f"dropout_{number}")
            for number in range(recipe.num_layers + 1)
        ]
        # Named, because Keras would number it and weights are kept by their layers' names.
        dense = keras.layers.Dense(vocab_size, name="dense")
        self.logits = keras.layers.TimeDistributed(dense, name="logits")


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
        int32 (N, T) -> probabilities, float32 (N, T, V). Its state carries from call to call
        until `reset_states`. The layer ``logits`` gives them before the softmax.
    """
    # The LSTMs are not unrolled: on a GPU that would keep Keras from the fused kernel, and on a CPU
    # it was seen to train no faster but to take three times as long to compile.
    layers = _Layers(recipe, vocab_size, stateful=True)
    characters = keras.Input(batch_shape=(batch_size, seq_length), dtype="int32", name="characters")
    x = layers.dropouts[0](layers.embedding(characters))
    for lstm, dropout in zip(layers.lstms, layers.dropouts[1:], strict=True):
        x = dropout(lstm(x))
    probabilities = keras.layers.Softmax(name="probabilities")(layers.logits(x))
    return keras.Model(characters, probabilities, name=recipe.name)


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


def build_step(recipe: Recipe, vocab_size: int) -> keras.Model:
    """Return the network as a function of one character and the state before it.

    Returns
    -------
    keras.Model
        ``[characters int32 (B, 1), state float32 (B, S)] -> [logits float32 (B, V), state]``
        where S = 2 * num_layers * rnn_size: h and c of each layer, first layer first, in one
        array, so that an engine copies one array in and one out.
    """
    layers = _Layers(recipe, vocab_size, stateful=False)
    size = recipe.rnn_size
    characters = keras.Input((1,), dtype="int32", name="characters")
    state = keras.Input((2 * recipe.num_layers * size,), dtype="float32", name="state")
    x = layers.embedding(characters)
    after = []
    for number, lstm in enumerate(layers.lstms):
        start = 2 * number * size
        hidden, cell = state[:, start : start + size], state[:, start + size : start + 2 * size]
        x, hidden, cell = lstm(x, initial_state=[hidden, cell])
        after += [hidden, cell]
    logits = layers.logits(x)[:, 0, :]
    outputs = [logits, keras.ops.concatenate(after, axis=-1)]
    # Named, since Keras would number it and the engine file would hold that number.
    return keras.Model([characters, state], outputs, name="step")


def copy_weights(source: keras.Model, target: keras.Model) -> None:
    """Copy the weights of every layer to the layer of the same name."""
    for layer in source.layers:
        if layer.weights:
            target.get_layer(layer.name).set_weights(layer.get_weights())


def export_engine(step: keras.Model, quantize: bool) -> bytes:
    """Return a one-step network as a LiteRT (TensorFlow Lite) file.

    Parameters
    ----------
    step : keras.Model
        What `build_step` returns, with its weights.
    quantize : bool
        Whether to keep the weights as int8 with float scales ("dynamic range"), a quarter of
        the size and several times as fast; else as float32.

    Returns
    -------
    bytes
        The file. Its signature ``serving_default`` takes ``characters`` and ``state``.
    """
    with tempfile.TemporaryDirectory() as folder, stderr_silenced():
        archive = keras.export.ExportArchive()
        archive.track(step)
        archive.add_endpoint(
            "serve",
            lambda characters, state: dict(
                zip(("logits", "state"), step([characters, state]), strict=True)
            ),
            input_signature=[
                tf.TensorSpec((None, 1), tf.int32, name="characters"),
                tf.TensorSpec((None, step.inputs[1].shape[1]), tf.float32, name="state"),
            ],
        )
        archive.write_out(folder, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        if quantize:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        return bytes(converter.convert())


def weights_of(network: keras.Model) -> dict[str, NDArray[np.float32]]:
    """Return the weights as arrays by their path, such as ``lstm_1/lstm_cell/kernel``."""
    return {weight.path: weight.numpy() for weight in network.weights}


def load_weights(network: keras.Model, weights: dict[str, NDArray[Any]]) -> None:
    """Set the weights from what `weights_of` gave."""
    for weight in network.weights:
        weight.assign(weights[weight.path])


def save_weights(network: keras.Model, path: Path) -> None:
    """Write the weights, without any optimiser's slots, as Keras's HDF5 (``.weights.h5``)."""
    network.save_weights(path)
