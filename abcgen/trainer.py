"""The training loop: one epoch over the streams, one over the validation tunes."""

import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from abcgen.dataset import StreamDataset
from abcgen.errors import AbcgenError
from abcgen.extras import require
from abcgen.network import (
    build_network,
    build_step,
    copy_weights,
    export_engine,
    keras,
    load_weights,
    logits_of,
    reset_states,
    save_weights,
    tf,
    weights_of,
)
from abcgen.recipes import Recipe

_DIGITS = 6  # of the figures in the history
_FINAL_LEARNING_RATE = 0.01  # share of the highest, at the end of the schedule


def learning_rate_at(recipe: Recipe, progress: float) -> float:
    """Return the learning rate at a point of the schedule.

    Parameters
    ----------
    recipe : Recipe
        Its `learning_rate` is the highest and `warmup` the share of the way up to it.
    progress : float
        The share of all epochs that is done, 0 to 1.
    """
    if progress < recipe.warmup:
        return recipe.learning_rate * max(progress / recipe.warmup, _FINAL_LEARNING_RATE)
    fall = (progress - recipe.warmup) / (1 - recipe.warmup)
    floor = _FINAL_LEARNING_RATE
    return recipe.learning_rate * (floor + (1 - floor) * (1 + math.cos(math.pi * fall)) / 2)


class Trainer:
    """A network with its optimiser, and the steps that train and judge it.

    Parameters
    ----------
    recipe : Recipe
        What to build and how to train it.
    vocab_size : int
        V.
    seed : int
        Decides first weights, dropout and, with the epoch's number, the order of the tunes and
        the keys in which they are read.
    """

    def __init__(self, recipe: Recipe, vocab_size: int, seed: int) -> None:
        keras.utils.set_random_seed(seed)
        # Otherwise the threads decide in which order gradients are added, and a run that is
        # resumed drifts away from one that was not. It costs nothing measurable on a CPU.
        tf.config.experimental.enable_op_determinism()
        self.recipe = recipe
        self.vocab_size = vocab_size
        self.seed = seed
        self.network = build_network(recipe, vocab_size, recipe.batch_size, recipe.seq_length)
        self._logits = logits_of(self.network)
        self._optimizer = keras.optimizers.AdamW(
            recipe.learning_rate, weight_decay=recipe.weight_decay
        )
        self._optimizer.exclude_from_weight_decay(var_names=["bias"])
        self._optimizer.build(self.network.trainable_variables)
        self._train_step = tf.function(self._train_step_eagerly)
        self._test_step = tf.function(self._test_step_eagerly)

    def run_epoch(
        self, epoch: int, training: StreamDataset, validation: StreamDataset
    ) -> dict[str, float]:
        """Train for one epoch, then judge.

        Raises
        ------
        AbcgenError
            If the loss grows past what is a number.

        Parameters
        ----------
        epoch : int
            Counted from 1.
        training, validation : StreamDataset
            The tunes to learn from, in an order and in keys that the seed and the epoch decide,
            and those to judge by, in their own.

        Returns
        -------
        dict of str to float
            The row of ``history.csv``: losses in nats a character, accuracies 0 to 1.
        """
        order = np.random.default_rng([self.seed, epoch])
        chunks = list(training.chunks(order))
        sums = np.zeros(3)
        reset_states(self.network)
        with tqdm(
            chunks,
            desc=f"epoch {epoch}/{self.recipe.epochs}",
            unit="step",
            leave=False,
            file=sys.stderr,
            disable=not sys.stderr.isatty(),
        ) as bar:
            for number, chunk in enumerate(bar):
                progress = (epoch - 1 + number / len(chunks)) / self.recipe.epochs
                rate = learning_rate_at(self.recipe, progress)
                self._optimizer.learning_rate.assign(rate)
                sums += self._train_step(chunk.inputs, chunk.targets, chunk.weights)
                bar.set_postfix(loss=f"{sums[0] / sums[2]:.4f}", refresh=False)
        loss, accuracy = self.judge(validation)
        if not (np.isfinite(sums[0]) and np.isfinite(loss)):
            raise AbcgenError(
                f"the loss of epoch {epoch} is no number any more; "
                f"try a lower --learning-rate than {self.recipe.learning_rate:g}"
            )
        return {
            "epoch": epoch,
            "learning_rate": round(
                learning_rate_at(self.recipe, epoch / self.recipe.epochs), _DIGITS
            ),
            "loss": round(float(sums[0] / sums[2]), _DIGITS),
            "accuracy": round(float(sums[1] / sums[2]), _DIGITS),
            "val_loss": round(loss, _DIGITS),
            "val_accuracy": round(accuracy, _DIGITS),
        }

    def judge(self, dataset: StreamDataset) -> tuple[float, float]:
        """Return loss (nats a character) and accuracy on a dataset, without learning from it.

        Notes
        -----
        The network's state is reset before and after.
        """
        sums = np.zeros(3)
        reset_states(self.network)
        for chunk in dataset.chunks():
            sums += self._test_step(chunk.inputs, chunk.targets, chunk.weights)
        reset_states(self.network)
        return float(sums[0] / sums[2]), float(sums[1] / sums[2])

    def _train_step_eagerly(self, inputs: Any, targets: Any, weights: Any) -> Any:
        with tf.GradientTape() as tape:
            logits = self._logits(inputs, training=True)
            sums = _sums(logits, targets, weights)
            loss = sums[0] / sums[2]
        gradients = tape.gradient(loss, self.network.trainable_variables)
        gradients, _ = tf.clip_by_global_norm(gradients, self.recipe.clip_norm)
        self._optimizer.apply(gradients)
        return sums

    def _test_step_eagerly(self, inputs: Any, targets: Any, weights: Any) -> Any:
        return _sums(self._logits(inputs, training=False), targets, weights)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all that training changes: weights, optimiser's slots, dropout's generators."""
        optimizer = {
            f"optimizer/{number}": variable.numpy()
            for number, variable in enumerate(self._optimizer.variables)
        }
        generators = {
            f"generator/{layer.name}": layer.seed_generator.state.numpy()
            for layer in self._dropouts()
        }
        weights = {f"weight/{path}": values for path, values in weights_of(self.network).items()}
        return {**weights, **optimizer, **generators}

    def restore(self, arrays: dict[str, NDArray[Any]]) -> None:
        """Set all that training changes from what `arrays` gave."""
        prefix = "weight/"
        load_weights(
            self.network,
            {n.removeprefix(prefix): v for n, v in arrays.items() if n.startswith(prefix)},
        )
        for number, variable in enumerate(self._optimizer.variables):
            variable.assign(arrays[f"optimizer/{number}"])
        for layer in self._dropouts():
            layer.seed_generator.state.assign(arrays[f"generator/{layer.name}"])

    def _dropouts(self) -> list[Any]:
        return [layer for layer in self.network.layers if isinstance(layer, keras.layers.Dropout)]

    def save_weights(self, path: Path) -> None:
        """Write the weights as Keras's HDF5."""
        save_weights(self.network, path)

    def engine(self) -> bytes:
        """Return the network as an int8 engine file."""
        step = build_step(self.recipe, self.vocab_size)
        copy_weights(self.network, step)
        return export_engine(step, quantize=True)

    def tensorboard_log(self, folder: Path) -> Callable[[dict[str, float]], None]:
        """Return what writes a row of the history as TensorBoard events into a folder.

        Raises
        ------
        AbcgenError
            If TensorBoard, which TensorFlow's summaries need, is missing.
        """
        require("tensorboard", "tensorboard")
        writer = tf.summary.create_file_writer(str(folder))

        def log(row: dict[str, float]) -> None:
            with writer.as_default():
                for name, value in row.items():
                    if name != "epoch":
                        tf.summary.scalar(name, value, step=int(row["epoch"]))
            writer.flush()

        return log


def _sums(logits: Any, targets: Any, weights: Any) -> Any:
    """Return (summed loss in nats, characters foretold right, characters), weighted."""
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits)
    right = tf.cast(tf.equal(tf.argmax(logits, -1, tf.int32), targets), tf.float32)
    return tf.stack(
        [tf.reduce_sum(losses * weights), tf.reduce_sum(right * weights), tf.reduce_sum(weights)]
    )
