"""The training loop: one epoch over the streams, one over the validation tunes."""

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from abcgen.errors import AbcgenError
from abcgen.generation.loop import DrawnTune, draw_tunes
from abcgen.generation.request import MAX_TUNE, Request
from abcgen.generation.sampler import Sampler
from abcgen.model.checkpoint import Checkpoint
from abcgen.model.engine import Engine, LiteRTEngine
from abcgen.model.recipes import Recipe
from abcgen.model.vocabulary import Vocabulary
from abcgen.network.build import (
    as_kept,
    backend,
    build_network,
    keras,
    load_weights,
    logits_of,
    reset_states,
    save_weights,
    weights_of,
)
from abcgen.network.engine import KerasEngine
from abcgen.support.extras import require
from abcgen.support.quiet import stderr_silenced
from abcgen.training.dataset import SnippetDataset, StreamDataset

#: Tunes drawn side by side, by the engine and, each step of which takes longer, by Keras.
_MOST_STREAMS, _MOST_STREAMS_OF_KERAS = 64, 2048
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
        backend.set_up(len(recipe.rnn_sizes))
        with stderr_silenced():  # Keras seeds TensorFlow too, wherever it is installed
            keras.utils.set_random_seed(seed)
        self.recipe = recipe
        self.vocab_size = vocab_size
        self.seed = seed
        self.network = build_network(recipe, vocab_size, recipe.batch_size, recipe.seq_length)
        self._logits = logits_of(self.network)
        self._optimizer = keras.optimizers.AdamW(
            recipe.learning_rate,
            weight_decay=recipe.weight_decay,
            use_ema=bool(recipe.averaged),
            ema_momentum=recipe.averaged,
        )
        self._optimizer.exclude_from_weight_decay(var_names=["bias"])
        self._optimizer.build(self.network.trainable_variables)
        self._train_step = backend.training_step(
            self._loss, self.network.trainable_variables, self._optimizer, recipe.clip_norm
        )
        self._test_step = backend.compiled(self._test)

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
        steps = []
        shown = np.zeros(3)
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
                steps.append(
                    self._train_step(chunk.inputs, chunk.targets, chunk.weights, chunk.forbidden)
                )
                if not bar.disable:  # to look at a figure is to wait for it
                    shown += keras.ops.convert_to_numpy(steps[-1])
                    bar.set_postfix(loss=f"{shown[0] / shown[2]:.4f}", refresh=False)
        sums = _total(steps)
        with self._as_kept():
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
        reset_states(self.network)
        sums = _total(
            [
                self._test_step(chunk.inputs, chunk.targets, chunk.weights)
                for chunk in dataset.chunks()
            ]
        )
        reset_states(self.network)
        return float(sums[0] / sums[2]), float(sums[1] / sums[2])

    def _loss(self, inputs: Any, targets: Any, weights: Any, forbidden: Any) -> tuple[Any, Any]:
        """Return what is to become less, and the sums that are told of it."""
        logits = self._logits(inputs, training=True)
        sums = _sums(logits, targets, weights)
        loss = sums[0] / sums[2]
        if self.recipe.label_smoothing:
            alike = -keras.ops.mean(keras.ops.log_softmax(logits), axis=-1)
            alike = keras.ops.sum(alike * weights) / sums[2]
            loss += self.recipe.label_smoothing * (alike - loss)
        if self.recipe.rules:
            broken = _against_the_rules(logits, forbidden)
            loss += self.recipe.rules * keras.ops.sum(broken * weights) / sums[2]
        return loss, sums

    def _test(self, inputs: Any, targets: Any, weights: Any) -> Any:
        return _sums(self._logits(inputs, training=False), targets, weights)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all that training changes: weights, optimiser's slots, dropout's generators."""
        optimizer = {
            f"optimizer/{number}": keras.ops.convert_to_numpy(variable)
            for number, variable in enumerate(self._optimizer.variables)
        }
        generators = {
            f"generator/{layer.name}": keras.ops.convert_to_numpy(layer.seed_generator.state)
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

    @contextmanager
    def _as_kept(self) -> Iterator[None]:
        """Let the weights be what a checkpoint keeps: of float16, averaged if the recipe says so.

        Then what is judged, drawn with and exported is the network that can be read again.
        """
        trained = weights_of(self.network)
        if self.recipe.averaged and self._optimizer.iterations > 0:  # else there is no average yet
            self._optimizer.finalize_variable_values(self.network.trainable_variables)
        load_weights(self.network, as_kept(weights_of(self.network)))
        yield
        load_weights(self.network, trained)

    def save_weights(self, path: Path) -> None:
        """Write the weights as Keras's HDF5."""
        with self._as_kept():
            save_weights(self.network, path)

    def engine(self) -> bytes | None:
        """Return the network as an int8 engine file; None where that cannot be made."""
        if not backend.EXPORTS:
            return None
        from abcgen.network.export import export_engine  # needs TensorFlow

        with self._as_kept():
            return export_engine(self.network, self.recipe, quantize=True)

    def draw(
        self, vocabulary: Vocabulary, tunes: range, most: int = MAX_TUNE, *, masked: bool
    ) -> list[DrawnTune]:
        """Return tunes as the network writes them now, at temperature 1.

        They are drawn by its int8 engine where that can be made, else by the network itself.

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
        with self._as_kept(), self._drawing_engine(vocabulary, len(tunes)) as engine:
            request = Request(self.seed, Sampler(1.0), raw=not masked)
            return list(draw_tunes(engine, request, tunes, most=most))

    @contextmanager
    def _drawing_engine(self, vocabulary: Vocabulary, tunes: int) -> Iterator[Engine]:
        """Give what draws so many tunes."""
        if not backend.EXPORTS:
            streams = min(tunes, _MOST_STREAMS_OF_KERAS)
            twin = build_network(self.recipe, self.vocab_size, streams, 1)
            load_weights(twin, weights_of(self.network))
            yield KerasEngine(twin, self.recipe, vocabulary)
            return
        from abcgen.network.export import exported

        checkpoint = Checkpoint(Path(), self.recipe, vocabulary, {}, {})
        with exported(self.network, checkpoint, quantize=True) as checkpoint:
            yield LiteRTEngine(checkpoint, min(tunes, _MOST_STREAMS))

    def tensorboard_log(self, folder: Path) -> Callable[[dict[str, float]], None]:
        """Return what writes a row of the history as TensorBoard events into a folder.

        Raises
        ------
        AbcgenError
            If TensorBoard, which writing events needs, is missing.
        """
        require("tensorboard", "tensorboard")
        write = backend.event_writer(folder)

        def log(row: dict[str, float]) -> None:
            for name, value in row.items():
                if name != "epoch":
                    write(name, value, int(row["epoch"]))

        return log


def _total(steps: Sequence[Any]) -> NDArray[np.float64]:
    """Return the sum of what steps gave, (3,)."""
    total: NDArray[np.float64] = np.sum(
        [keras.ops.convert_to_numpy(sums) for sums in steps], axis=0, dtype=np.float64
    )
    return total


def _against_the_rules(logits: Any, forbidden: Any) -> Any:
    """Return minus the logarithm of the probability, (N, T), of all that is not forbidden."""
    allowed = keras.ops.where(forbidden, -1e9, logits)
    return keras.ops.logsumexp(logits, axis=-1) - keras.ops.logsumexp(allowed, axis=-1)


def _sums(logits: Any, targets: Any, weights: Any) -> Any:
    """Return (summed loss in nats, characters foretold right, characters), weighted."""
    losses = keras.ops.sparse_categorical_crossentropy(targets, logits, from_logits=True)
    right = keras.ops.cast(keras.ops.argmax(logits, axis=-1) == targets, "float32")
    return keras.ops.stack(
        [keras.ops.sum(of * weights) for of in (losses, right, keras.ops.ones_like(losses))]
    )
