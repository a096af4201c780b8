"""Training by TensorFlow."""

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

# `tf` is taken from here, where it is loaded without its chatter.
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
    """Say whether the processor multiplies bfloat16; elsewhere that is slower than float32."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


#: What matrix products are computed in while training on a CPU.
_PRODUCTS = tf.bfloat16 if _has_bfloat16() else tf.float32


def set_up(layers: int) -> None:
    """Share the cores among LSTM layers; to be called before TensorFlow's first computation.

    Small products are faster if each is one core's; but a single layer leaves others idle then.
    Where the threads decide in which order gradients are added, a run that is resumed drifts away
    from one that was not; so that is fixed. It costs nothing measurable on a CPU.
    """
    cores = os.cpu_count() or 1
    # Later it is refused; then it stays as it is, which is slower and nothing else.
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
    """Return what learns from a chunk.

    Parameters
    ----------
    loss_of : callable
        Takes the chunk's arrays; returns the loss and what the step is to return.
    variables : sequence of keras.Variable
        What is trained.
    optimizer : keras.Optimizer
        Built for them.
    clip_norm : float
        Norm to which longer gradients are scaled down, all together.
    """

    def step(*chunk: Any) -> Any:
        with tf.GradientTape() as tape:
            loss, sums = loss_of(*chunk)
        # An embedding's comes as a row for each symbol that was read. Keras's Adam would square
        # these one by one, and take as many steps for a symbol as it was read.
        gradients = [tf.convert_to_tensor(of) for of in tape.gradient(loss, variables)]
        gradients, _ = tf.clip_by_global_norm(gradients, clip_norm)
        optimizer.apply(gradients)
        return sums

    return compiled(step)


def lstm(
    layer: Any, sequences: Any, states: Sequence[Any], training: bool
) -> tuple[Any, list[Any]] | None:
    """Compute an LSTM layer in training, faster than Keras on a CPU; elsewhere return None.

    The steps stand side by side in one graph instead of in a loop, so that what does not wait for
    one another can run on several cores; the inputs of all steps are multiplied at once; and where
    the processor has instructions for it, products are of bfloat16 and summed in float32. On two
    cores a step takes less than half the time.

    Parameters
    ----------
    layer : keras.layers.LSTM
        Its weights are used.
    sequences : float32 tensor, (N, T, inputs)
        What is read.
    states : sequence of two float32 tensors, (N, units)
        h and c.
    training : bool
        Whether gradients will be asked for.

    Returns
    -------
    tuple or None
        Outputs, (N, T, units), and the states behind them.
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
    """Return what writes a figure, its name, value and epoch, as an event into a folder."""
    writer = tf.summary.create_file_writer(str(folder))

    def write(name: str, value: float, epoch: int) -> None:
        with writer.as_default():
            tf.summary.scalar(name, value, step=epoch)
        writer.flush()

    return write
