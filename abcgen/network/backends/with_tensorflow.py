"""TensorFlow below Keras."""

import contextlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from abcgen.support.quiet import stderr_silenced

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
with stderr_silenced():
    import tensorflow as tf
tf.get_logger().setLevel("ERROR")

# Other modules import `tf` from here, where it loads without printing anything.
__all__ = [
    "EXPORTS",
    "compiled",
    "event_writer",
    "lstm",
    "set_row",
    "set_up",
    "tf",
    "training_step",
]

EXPORTS = True


def _has_bfloat16() -> bool:
    """Return whether the processor multiplies bfloat16; without that, float32 is faster."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


#: The type in which matrix products are computed while training on a CPU.
_PRODUCTS = tf.bfloat16 if _has_bfloat16() else tf.float32


def set_up(layers: int) -> None:
    """Share the cores among LSTM layers; call it before TensorFlow computes anything.

    Small matrix products are faster on one core each; but a single layer would leave the other
    cores idle then. Operations that could add in an order that depends on the threads are made
    exact, so that a run can be repeated and resumed; on a CPU this costs nothing measurable.
    """
    cores = os.cpu_count() or 1
    # TensorFlow refuses this once it has computed; then training is only slower.
    with contextlib.suppress(RuntimeError):
        tf.config.threading.set_intra_op_parallelism_threads(max(1, cores // layers))
        tf.config.threading.set_inter_op_parallelism_threads(min(cores, layers))
    tf.config.experimental.enable_op_determinism()


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function as a graph."""
    graph: Callable[..., Any] = tf.function(function)
    return graph


def training_step(
    loss_of: Callable[..., Any], variables: Sequence[Any], optimizer: Any, clip_norm: float
) -> Callable[..., Any]:
    """Return the function that learns from a chunk.

    Parameters
    ----------
    loss_of : callable
        Takes the chunk's arrays; returns the loss and the result of the step.
    variables : sequence of keras.Variable
        The weights to train.
    optimizer : keras.Optimizer
        Built for them.
    clip_norm : float
        Largest norm of all gradients together; longer ones are scaled down to it.
    """

    def step(*chunk: Any) -> Any:
        with tf.GradientTape() as tape:
            loss, sums = loss_of(*chunk)
        # An embedding's gradient comes as one row for each symbol read. Keras's Adam would treat
        # these one by one, and make a step for each time a symbol was read; so they are summed.
        gradients = [tf.convert_to_tensor(of) for of in tape.gradient(loss, variables)]
        gradients, _ = tf.clip_by_global_norm(gradients, clip_norm)
        optimizer.apply(gradients)
        return sums

    return compiled(step)


def lstm(
    layer: Any, sequences: Any, states: Sequence[Any], training: bool
) -> tuple[Any, list[Any]] | None:
    """Compute an LSTM layer in training, faster than Keras does on a CPU; return None elsewhere.

    The steps are unrolled into one graph instead of a loop, so that independent operations can run
    on several cores; the inputs of all steps are multiplied at once; and where the processor has
    instructions for it, products are computed in bfloat16 and summed in float32. On two cores a
    training step takes less than half the time.

    Parameters
    ----------
    layer : keras.layers.LSTM
        Its weights are used.
    sequences : float32 tensor, (N, T, inputs)
        The inputs.
    states : sequence of two float32 tensors, (N, units)
        h and c.
    training : bool
        Whether gradients will be needed.

    Returns
    -------
    tuple or None
        Outputs, (N, T, units), and the new states.
    """
    if not training or tf.config.list_physical_devices("GPU"):
        return None
    kernel, recurrent, bias = (weight.value for weight in layer.cell.trainable_weights)
    batch, length, _ = sequences.shape
    inputs = tf.reshape(tf.transpose(sequences, (1, 0, 2)), (length * batch, -1))
    gates = tf.unstack(tf.reshape(_product(inputs, kernel) + bias, (length, batch, -1)))
    hidden, cell = states
    recurrent = tf.cast(recurrent, _PRODUCTS)
    outputs = []
    for gate in gates:
        into, forget, new, out = tf.split(gate + _product(hidden, recurrent), 4, axis=1)
        cell = tf.sigmoid(forget) * cell + tf.sigmoid(into) * tf.tanh(new)
        hidden = tf.sigmoid(out) * tf.tanh(cell)
        outputs.append(hidden)
    return tf.transpose(tf.stack(outputs), (1, 0, 2)), [hidden, cell]


def _product(values: Any, weights: Any) -> Any:
    """Return a matrix product, float32, computed as `_PRODUCTS`."""
    product = tf.matmul(tf.cast(values, _PRODUCTS), tf.cast(weights, _PRODUCTS))
    return tf.cast(product, tf.float32)


def set_row(variable: Any, row: int, values: Any) -> None:
    """Change one row of a Keras variable."""
    variable.value[row].assign(values)


def event_writer(folder: Path) -> Callable[[str, float, int], None]:
    """Return a function that writes a figure (name, value, epoch) as an event into a folder."""
    writer = tf.summary.create_file_writer(str(folder))

    def write(name: str, value: float, epoch: int) -> None:
        with writer.as_default():
            tf.summary.scalar(name, value, step=epoch)
        writer.flush()

    return write
