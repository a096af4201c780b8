"""The training loop: one epoch over the streams, one over the validation tunes."""

import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from abcgen.checkpoint import Checkpoint
from abcgen.choice import Choice
from abcgen.dataset import SnippetDataset, StreamDataset
from abcgen.draw import MAX_TUNE, REFERENCE, Drawn, draw_tunes
from abcgen.engine import LiteRTEngine
from abcgen.errors import AbcgenError
from abcgen.export import export_engine, exported
from abcgen.extras import require
from abcgen.network import (
    build_network,
    keras,
    load_weights,
    logits_of,
    reset_states,
    save_weights,
    tf,
    use_cores,
    weights_of,
)
from abcgen.notation.acceptor import ANYTHING
from abcgen.recipes import Recipe
from abcgen.steering import begin, read_prime
from abcgen.vocabulary import Vocabulary

_MOST_STREAMS = 64  # tunes drawn side by side
_DIGITS = 6  # of the figures in the history
_FINAL_LEARNING_RATE = 0.01  # share of the highest, at the end of the schedule


def learning_rate_at(recipe: Recipe, done: float, steps: int) -> float:
    """Return the learning rate at a point of the schedule.

    Parameters
    ----------
    recipe : Recipe
        Its `learning_rate` is the highest, `warmup` the share of the way up to it, `schedule` how
        it goes on.
    done : float
        The epochs that are done, and the share of the one that is not.
    steps : int
        The steps of an epoch.
    """
    progress = done / recipe.epochs
    if progress < recipe.warmup:
        return recipe.learning_rate * max(progress / recipe.warmup, _FINAL_LEARNING_RATE)
    if recipe.schedule == "constant":
        return recipe.learning_rate
    if recipe.schedule == "inverse":
        return recipe.learning_rate / (1 + recipe.rate_decay * done * steps)
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
        use_cores(len(recipe.rnn_sizes))
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
        self,
        epoch: int,
        training: StreamDataset | SnippetDataset,
        validation: StreamDataset,
        own: Sequence[str] = (),
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
        training : StreamDataset or SnippetDataset
            The tunes to learn from, in an order and in keys that the seed and the epoch decide.
        validation : StreamDataset
            Those to judge by, in their own.
        own : sequence of str
            Tunes to learn from besides, in this epoch alone.

        Returns
        -------
        dict of str to float
            The row of ``history.csv``: losses in nats a character, accuracies 0 to 1.
        """
        order = np.random.default_rng([self.seed, epoch])
        chunks = list(training.chunks(order, own))
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
                done = epoch - 1 + number / len(chunks)
                rate = learning_rate_at(self.recipe, done, len(chunks))
                self._optimizer.learning_rate.assign(rate)
                if not training.carries:
                    reset_states(self.network)
                sums += self._train_step(
                    chunk.inputs, chunk.targets, chunk.weights, chunk.forbidden
                )
                bar.set_postfix(loss=f"{sums[0] / sums[2]:.4f}", refresh=False)
        loss, accuracy = self.judge(validation)
        if not (np.isfinite(sums[0]) and np.isfinite(loss)):
            raise AbcgenError(
                f"the loss of epoch {epoch} is no number any more; "
                f"try a lower --learning-rate than {self.recipe.learning_rate:g}"
            )
        return {
            "epoch": epoch,
            "learning_rate": round(learning_rate_at(self.recipe, epoch, len(chunks)), _DIGITS),
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

    def _train_step_eagerly(self, inputs: Any, targets: Any, weights: Any, forbidden: Any) -> Any:
        with tf.GradientTape() as tape:
            logits = self._logits(inputs, training=True)
            sums = _sums(logits, targets, weights)
            loss = sums[0] / sums[2]
            if self.recipe.rules:
                broken = _against_the_rules(logits, forbidden)
                loss += self.recipe.rules * tf.reduce_sum(broken * weights) / sums[2]
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
        """Return the dropout layers that draw: those of a rate of 0 have no generator."""
        layers = self.network.layers
        return [one for one in layers if isinstance(one, keras.layers.Dropout) and one.rate]

    def save_weights(self, path: Path) -> None:
        """Write the weights as Keras's HDF5."""
        save_weights(self.network, path)

    def engine(self) -> bytes:
        """Return the network as an int8 engine file."""
        return export_engine(self.network, self.recipe, quantize=True)

    def draw(
        self, vocabulary: Vocabulary, tunes: range, most: int = MAX_TUNE, *, masked: bool
    ) -> list[Drawn]:
        """Return tunes as the network writes them now, at temperature 1, by its int8 engine.

        Parameters
        ----------
        vocabulary : Vocabulary
            V characters.
        tunes : range
            Their numbers: with the seed and the weights they decide the tunes.
        most : int
            Characters after which a tune is given up.
        masked : bool
            Whether they are held to the rules.
        """
        prime, place = begin(vocabulary, ANYTHING, read_prime("")) if masked else (REFERENCE, None)
        checkpoint = Checkpoint(Path(), self.recipe, vocabulary, {}, {})
        with exported(self.network, checkpoint, quantize=True) as checkpoint:
            engine = LiteRTEngine(checkpoint, min(len(tunes), _MOST_STREAMS))
            drawn = draw_tunes(
                engine,
                vocabulary,
                Choice(1.0),
                self.seed,
                prime,
                place,
                tunes=len(tunes),
                first=tunes.start,
                most=most,
            )
            return list(drawn)

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


def _against_the_rules(logits: Any, forbidden: Any) -> Any:
    """Return minus the logarithm of the probability, (N, T), of all that is not forbidden."""
    allowed = tf.where(forbidden, tf.constant(-1e9, logits.dtype), logits)
    return tf.reduce_logsumexp(logits, -1) - tf.reduce_logsumexp(allowed, -1)


def _sums(logits: Any, targets: Any, weights: Any) -> Any:
    """Return (summed loss in nats, characters foretold right, characters), weighted."""
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits)
    right = tf.cast(tf.equal(tf.argmax(logits, -1, tf.int32), targets), tf.float32)
    return tf.stack(
        [tf.reduce_sum(losses * weights), tf.reduce_sum(right * weights), tf.reduce_sum(weights)]
    )
