"""The network in Keras.

Embedding -> LSTM layers, stateful, with dropout -> TimeDistributed Dense -> softmax. The embedding
reads symbols (`abcgen.model.factors.layout`): a character and, in a factored network, the factors
of its place; their vectors are summed.

Importing this module imports Keras, which computes with the library that `abcgen.network.backends`
has loaded, or else with TensorFlow.
"""

import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from abcgen.model.factors.layout import (
    AHEAD,
    AHEADS,
    CHORD,
    CHORDS,
    ECHO_TRUST,
    HIGH,
    LANDING,
    LANDINGS,
    LOW,
    STYLE,
    TARGET,
    Layout,
)
from abcgen.model.factors.plan import (
    DEGREES,
    ECHOED,
    KINDS,
    LETTERS,
    STEPS,
)
from abcgen.model.recipe import Recipe
from abcgen.network import backends
from abcgen.network.drawing import FRESH, MORE_TRUST, REACH_STRENGTH, TARGET_STRENGTH
from abcgen.support.quiet import stderr_silenced

backend = backends.loaded()
with stderr_silenced():
    import keras

# Other modules import Keras and the backend from here, where they load without printing anything.
__all__ = [
    "AHEAD_TOLD",
    "LETTERS_TOLD",
    "REACH_TOLD",
    "as_kept",
    "backend",
    "build_network",
    "halves_of",
    "keras",
    "load_weights",
    "logits_of",
    "reset_states",
    "save_weights",
    "states_of",
    "weights_of",
]


#: What each step keeps of the moving averages of batch normalisation. With Keras's 0.99, hundreds
#: of steps pass before they are right, and of a small book that many make up ten epochs.
_MOMENTUM = 0.9
#: The layer that knows the letters and does not learn, that of the reach of a tune, and that of
#: what leads to the next bar.
LETTERS_TOLD, REACH_TOLD, AHEAD_TOLD = "plan_target", "plan_reach", "plan_ahead"

#: Binary digits that are kept of a weight that was trained, behind the first. The engine file,
#: whose weights are int8, has no more; and weight files are more than a quarter smaller.
_KEPT_BITS = 5


class _UnrolledLSTM(keras.layers.LSTM):  # type: ignore[misc]
    """Keras's LSTM, computed as is fastest on the backend; weights, states and results are its own.

    Weight files refer to it by the name of this class.
    """

    def call(
        self, sequences: Any, initial_state: Any = None, mask: Any = None, training: bool = False
    ) -> Any:
        """Read (N, T, inputs); return (N, T, units)."""
        computed = backend.lstm(self, sequences, [one.value for one in self.states], training)
        if computed is None:
            return super().call(sequences, initial_state, mask=mask, training=training)
        outputs, states = computed
        for state, value in zip(self.states, states, strict=True):
            state.assign(value)
        return outputs


class TimeDistributed(keras.layers.TimeDistributed):  # type: ignore[misc]
    """Keras's wrapper of a dense layer, called once on all steps instead of once for each.

    The results are the same. But with a call for each step, the order in which their gradients are
    added depends on the threads, so that no two training runs agree to the last bit; and training
    takes a quarter longer.

    Weight files refer to it by the name of this class.
    """

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Read (N, T, inputs); return (N, T, units)."""
        return self.layer.call(inputs)


def build_network(
    recipe: Recipe, vocab_size: int, batch_size: int, seq_length: int, *, drawing: bool = False
) -> keras.Model:
    """Return the stateful network.

    Parameters
    ----------
    recipe : Recipe
        Its sizes and dropout.
    vocab_size : int
        V, the number of characters.
    batch_size, seq_length : int
        N and T of the arrays it will be called on.
    drawing : bool
        Whether tunes are drawn from it; then a plan counts by the recipe's `plan_strength`.

    Returns
    -------
    keras.Model
        Maps symbols, int32 (N, T, F), to probabilities, float32 (N, T, V). Its state carries from
        call to call until `reset_states`. The layer ``logits`` is the one before the softmax.
    """
    layout = Layout(vocab_size, recipe.factored, recipe.planned)
    one_hot = not recipe.embedding_dim
    shape = (batch_size, seq_length, layout.columns)
    symbols = keras.Input(batch_shape=shape, dtype="int32", name="symbols")
    vectors = keras.layers.Embedding(
        layout.plain_size,
        recipe.embedding_dim or layout.plain_size,
        embeddings_initializer="identity" if one_hot else "uniform",
        trainable=not one_hot,
        name="embedding",
    )(symbols[..., : layout.plain_columns] if recipe.planned else symbols)
    x = keras.ops.sum(vectors, axis=2)
    if recipe.character_dropout:
        whole = (batch_size, seq_length, 1)
        x = keras.layers.Dropout(
            recipe.character_dropout, noise_shape=whole, name="character_dropout"
        )(x)
    x = keras.layers.Dropout(recipe.embedding_dropout, name="dropout_0")(x)
    # Layers have names, since `weights_of` and `load_weights` go by them.
    layers = [
        _UnrolledLSTM(size, return_sequences=True, stateful=True, name=f"lstm_{number}")
        for number, size in enumerate(recipe.rnn_sizes, 1)
    ]
    if recipe.dense_size:
        dense = keras.layers.Dense(recipe.dense_size, activation="relu", name="dense_relu")
        layers.append(TimeDistributed(dense, name="relu"))
    for number, layer in enumerate(layers, 1):
        x = keras.layers.Dropout(recipe.dropout, name=f"dropout_{number}")(layer(x))
        if recipe.batch_norm:
            norm = keras.layers.BatchNormalization(momentum=_MOMENTUM, name=f"norm_{number}")
            x = norm(x)
    dense = keras.layers.Dense(vocab_size, name="dense")
    logits = TimeDistributed(dense, name="logits")(x)
    if recipe.planned:
        logits += _plan_logits(recipe, layout, x, symbols, drawing)
    probabilities = keras.layers.Softmax(name="probabilities")(logits)
    return keras.Model(symbols, probabilities, name=recipe.name)


def _plan_logits(recipe: Recipe, layout: Layout, x: Any, symbols: Any, drawing: bool) -> Any:
    """Return what a plan adds to the logits, (N, T, V).

    It stands beside the LSTM layers: what they remember of people's tunes by heart, they would
    follow rather than any plan.

    Parameters
    ----------
    recipe, layout : Recipe, Layout
        Its sizes, and how symbols are numbered.
    x : float32 tensor, (N, T, H)
        What the last of the other layers says.
    symbols : int32 tensor, (N, T, F)
        What is read.
    drawing : bool
        As in `build_network`.
    """
    # Behind the end of a stream, where nothing counts, all symbols are 0. None of a column is below
    # its first.
    symbols = keras.ops.maximum(symbols, np.array(layout.nowhere, np.int32))
    plan, read = layout.by_plan(symbols)
    vectors = keras.layers.Embedding(
        layout.plan_symbols,
        recipe.plan_size,
        embeddings_initializer="normal",
        name="plan_embedding",
    )(keras.ops.concatenate(read, axis=-1))
    dense = keras.layers.Dense(recipe.plan_size, name="plan_dense")
    x = TimeDistributed(dense, name="plan")(x)
    x = keras.layers.Activation("relu", name="plan_relu")(x + keras.ops.sum(vectors, axis=2))
    x = keras.layers.Dropout(recipe.embedding_dropout, name="plan_dropout")(x)
    # At first a plan changes little.
    out = keras.layers.Dense(
        layout.vocab_size, use_bias=False, kernel_initializer="zeros", name="plan_out"
    )
    gates = keras.layers.Dense(4, kernel_initializer="zeros", name="plan_gates")
    gated = TimeDistributed(gates, name="plan_gating")(x)
    says = TimeDistributed(out, name="plan_logits")(x)
    letters = keras.layers.Embedding(
        DEGREES,
        2 * layout.vocab_size,
        embeddings_initializer="zeros",
        trainable=False,
        name=LETTERS_TOLD,
    )
    says = _with_tables(says, gated, layout, plan, letters, drawing)
    # Where there is no plan, it changes nothing.
    there = keras.ops.greater(plan[..., STYLE : STYLE + 1], layout.style - layout.kinds)
    says *= keras.ops.cast(there, "float32")
    if not drawing:
        return says
    return says * recipe.plan_strength + _fresh(layout, plan, symbols, letters)


def _fresh(layout: Layout, plan: Any, symbols: Any, letters: Any) -> Any:
    """Return what is added to the notes that echoes tell, (N, T, V); see `FRESH`."""
    told, trust = layout.echoes_told(symbols)
    fresh = keras.ops.take(FRESH.ravel(), plan[..., :1] // KINDS * ECHO_TRUST + trust)
    heard = keras.ops.one_hot(told, layout.vocab_size + 1)[..., 1:]
    all_letters = letters(plan[..., :1] * 0 + np.arange(1, LETTERS, dtype=np.int32))
    notes = sum(keras.ops.split(keras.ops.sum(all_letters, axis=-2), 2, axis=-1))
    return keras.ops.sum(heard * fresh[..., None], axis=-2) * notes


def _with_tables(
    says: Any, gated: Any, layout: Layout, plan: Any, letters: Any, drawing: bool
) -> Any:
    """Add what a plan says of characters by itself, wherever that may be.

    Parameters
    ----------
    says : float32 tensor, (N, T, V)
        What the layer says so far.
    gated : float32 tensor, (N, T, 4)
        How much the echo is wanted, the last note, written low or high, and the chord.
    layout, plan : Layout, int32 tensor
        How symbols are numbered, and what `Layout.by_plan` returned.
    letters : keras.layers.Layer
        The letter that a section ends on may stand for a low or a high note; a chord's, only for
        the character of a low one. See `abcgen.network.transfer.letters_told`.
    drawing : bool
        As in `build_network`.
    """

    def table(name: str, rows: int, columns: int) -> Any:
        return keras.layers.Embedding(rows, columns, embeddings_initializer="zeros", name=name)

    size = layout.vocab_size
    echo = plan[..., -1] - (layout.planned - layout.kinds)
    trust = echo // layout.echo_size * ECHO_TRUST + echo % ECHO_TRUST
    trusted = table("plan_trust", ECHOED * ECHO_TRUST, 1)(trust)
    if drawing:
        trusted += keras.ops.take(MORE_TRUST.ravel(), trust)[..., None]
    # The first of these is that no character is told.
    told = keras.ops.one_hot(echo % layout.echo_size // ECHO_TRUST, size + 1)[..., 1:]
    target = letters(plan[..., TARGET] - (layout.target - layout.kinds))
    chord = plan[..., CHORD] - (layout.chord - layout.kinds)
    due = letters(chord % LETTERS)
    now = table("plan_chord", CHORDS, 1)(chord)
    reach = table(REACH_TOLD, 2 * STEPS, size)(
        plan[..., LOW : HIGH + 1] - (layout.low - layout.kinds)
    )
    if drawing:
        target *= TARGET_STRENGTH
        reach *= REACH_STRENGTH
    low, high = keras.ops.split(target, 2, axis=-1)
    # Which characters end a section on time, and how much its last note is wanted.
    landing = table("plan_landing", LANDINGS, size + 1)(
        plan[..., LANDING] - (layout.landing - layout.kinds)
    )
    wanted = landing[..., size:]
    # Which characters lead to the first note of the next bar.
    says += table(AHEAD_TOLD, AHEADS, size)(plan[..., AHEAD] - (layout.ahead - layout.kinds))
    says += keras.ops.sum(reach, axis=2)
    says += landing[..., :size]
    says += told * (gated[..., :1] + trusted)
    says += low * (gated[..., 1:2] + wanted) + high * (gated[..., 2:3] + wanted)
    return says + due[..., :size] * (gated[..., 3:] + now)


def halves_of(network: keras.Model) -> tuple[keras.Model, keras.Model]:
    """Return what is below the logits of a network that reads plans, and the logits by that.

    Returns
    -------
    tuple of keras.Model
        The first maps symbols to what the last layer below says, (N, T, H); the second maps that
        and the symbols to the logits. Weights and state are shared.
    """
    below = network.get_layer("logits").input
    logits = network.get_layer("probabilities").input
    return keras.Model(network.input, below), keras.Model([below, network.input], logits)


def logits_of(network: keras.Model) -> keras.Model:
    """Return the network up to its logits; weights and state are shared."""
    return keras.Model(network.input, network.get_layer("probabilities").input)


def reset_states(network: keras.Model) -> None:
    """Set the state of every LSTM layer to zero, as before the first character."""
    for layer in network.layers:
        if isinstance(layer, keras.layers.LSTM):
            layer.reset_state()


def states_of(network: keras.Model) -> list[keras.Variable]:
    """Return the variables that hold the state: h and c of each LSTM layer, in order."""
    return [
        state
        for layer in network.layers
        if isinstance(layer, keras.layers.LSTM)
        for state in layer.states
    ]


def weights_of(network: keras.Model) -> dict[str, NDArray[np.float32]]:
    """Return the weights as arrays by their path, such as ``lstm_1/lstm_cell/kernel``."""
    return {weight.path: keras.ops.convert_to_numpy(weight) for weight in network.weights}


def load_weights(network: keras.Model, weights: dict[str, NDArray[Any]]) -> None:
    """Set the weights to those that `weights_of` returned."""
    for weight in network.weights:
        weight.assign(weights[weight.path])


def as_kept(
    weights: dict[str, NDArray[Any]], learned: Collection[str]
) -> dict[str, NDArray[np.float16]]:
    """Return weights with the precision of a weight file.

    Parameters
    ----------
    weights : dict of str to array
        The result of `weights_of`.
    learned : collection of str
        The paths of those that were trained. They are rounded; the others stay as they were read.
    """
    return {
        path: _rounded(values) if path in learned else values.astype(np.float16)
        for path, values in weights.items()
    }


def _rounded(values: NDArray[Any]) -> NDArray[np.float16]:
    """Return numbers as float16, rounded to `_KEPT_BITS` binary digits behind the first."""
    dropped = np.finfo(np.float16).nmant - _KEPT_BITS
    bits = values.astype(np.float16).view(np.uint16).astype(np.int64)
    bits = (bits + (1 << (dropped - 1))) >> dropped << dropped
    rounded: NDArray[np.float16] = bits.astype(np.uint16).view(np.float16)
    return rounded


def save_weights(network: keras.Model, path: Path) -> None:
    """Write the weights, without any optimiser's slots, as Keras's HDF5 (``.weights.h5``).

    They are stored as float16, which makes no difference to the tunes. Keras reads them into a
    network of float32.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        whole = Path(folder) / "whole.weights.h5"
        network.save_weights(whole)
        with h5py.File(whole) as full, h5py.File(path, "w") as half:

            def copy(name: str, item: Any) -> None:
                if isinstance(item, h5py.Dataset):
                    values = item[()].astype(np.float16)
                    half.create_dataset(name, data=values, compression="gzip", shuffle=True)
                else:
                    half.require_group(name).attrs.update(item.attrs)

            full.visititems(copy)
