"""The training loop: an epoch over the tunes to learn from, then one over the validation tunes."""

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
from abcgen.model.engine import Engine, LiteRTEngine
from abcgen.model.plans.planner import Planner
from abcgen.model.recipe import Recipe
from abcgen.model.vocabulary import Vocabulary
from abcgen.network.build import (
    as_kept,
    backend,
    build_network,
    halves_of,
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
from abcgen.training.encoding import Chunk
from abcgen.training.heard import HeardDataset
from abcgen.training.loss import loss_and_sums, sums_of, total
from abcgen.training.schedule import learning_rate_at

#: Tunes drawn side by side by the engine, and by Keras, each step of which takes longer.
_MOST_STREAMS, _MOST_STREAMS_OF_KERAS = 64, 2048
_DIGITS = 6  # of the figures in the history


class Trainer:
    """A network with its optimiser, and the steps that train and judge it.

    Parameters
    ----------
    recipe : Recipe
        What to build and how to train it.
    vocab_size : int
        V.
    seed : int
        Decides the first weights, the dropout and, with the number of the epoch, the order of the
        tunes and the keys in which they are read.
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
        self._learned = [
            variable
            for variable in self.network.trainable_variables
            if variable.path.startswith("plan") or not recipe.plan_alone
        ]
        self._optimizer = keras.optimizers.AdamW(
            recipe.learning_rate,
            weight_decay=recipe.weight_decay,
            use_ema=bool(recipe.averaged),
            ema_momentum=recipe.averaged,
        )
        self._optimizer.exclude_from_weight_decay(var_names=["bias"])
        self._optimizer.build(self._learned)
        self._train_step = backend.training_step(
            self._loss, self._learned, self._optimizer, recipe.clip_norm
        )
        self._test_step = backend.compiled(self._test)
        if recipe.plan_alone:
            below, self._above = halves_of(self.network)
            self._below = backend.compiled(below)

    def run_epoch(
        self,
        epoch: int,
        training: StreamDataset | SnippetDataset | HeardDataset,
        validation: StreamDataset,
        own: Sequence[str] = (),
    ) -> dict[str, float]:
        """Train for one epoch, then judge.

        Parameters
        ----------
        epoch : int
            Counted from 1.
        training : StreamDataset, SnippetDataset or HeardDataset
            The tunes to learn from; seed and epoch decide their order and keys.
        validation : StreamDataset
            The tunes to judge by, in their own keys.
        own : sequence of str
            Further tunes to learn from in this epoch only.

        Returns
        -------
        dict of str to float
            The row of ``history.csv``: losses in nats a character, accuracies 0 to 1.

        Raises
        ------
        AbcgenError
            If the loss is no longer a finite number.
        """
        chunks = list(training.chunks(np.random.default_rng([self.seed, epoch]), own))
        sums = self._learn(epoch, chunks, carries=training.carries)
        with self._as_kept():
            loss, accuracy = self.judge(validation)
        if not (np.isfinite(sums[0]) and np.isfinite(loss)):
            raise AbcgenError(
                f"the loss of epoch {epoch} is not a finite number; "
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

    def _learn(self, epoch: int, chunks: Sequence[Chunk], *, carries: bool) -> NDArray[np.float64]:
        """Learn from the chunks of an epoch, showing a bar; return the sums of all steps, (3,)."""
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
                if not carries:
                    reset_states(self.network)
                given = (chunk.inputs, chunk.targets, chunk.weights, chunk.forbidden)
                heard = () if chunk.heard is None else (chunk.heard,)
                steps.append(self._train_step(*given, *heard))
                if not bar.disable:  # reading a result waits for it, so only where it is shown
                    shown += keras.ops.convert_to_numpy(steps[-1])
                    bar.set_postfix(loss=f"{shown[0] / shown[2]:.4f}", refresh=False)
        return total(steps)

    def judge(self, dataset: StreamDataset) -> tuple[float, float]:
        """Return loss (nats a character) and accuracy on a dataset, without learning from it.

        Notes
        -----
        The network's state is reset before and after.
        """
        reset_states(self.network)
        sums = total(
            [
                self._test_step(chunk.inputs, chunk.targets, chunk.weights)
                for chunk in dataset.chunks()
            ]
        )
        reset_states(self.network)
        return float(sums[0] / sums[2]), float(sums[1] / sums[2])

    def hear(self, symbols: NDArray[np.int32], afresh: bool) -> NDArray[np.float16]:
        """Return what the layers below the logits say of symbols, (N, T, F): (N, T, H).

        Parameters
        ----------
        symbols : int32 array
            They go on from those of the last call,
        afresh : bool
            unless this is true.
        """
        if afresh:
            reset_states(self.network)
        heard = keras.ops.convert_to_numpy(self._below(symbols))
        halved: NDArray[np.float16] = heard.astype(np.float16)
        return halved

    def _loss(
        self, inputs: Any, targets: Any, weights: Any, forbidden: Any, heard: Any = None
    ) -> tuple[Any, Any]:
        if heard is None:
            logits = self._logits(inputs, training=True)
        else:
            logits = self._above([keras.ops.cast(heard, "float32"), inputs], training=True)
        return loss_and_sums(self.recipe, logits, targets, weights, forbidden)

    def _test(self, inputs: Any, targets: Any, weights: Any) -> Any:
        return sums_of(self._logits(inputs, training=False), targets, weights)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything that training changes: weights, optimiser slots, dropout generators."""
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
        """Set everything that training changes to what `arrays` returned."""
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
        """Return the dropout layers that draw; those with a rate of 0 have no generator."""
        layers = self.network.layers
        return [one for one in layers if isinstance(one, keras.layers.Dropout) and one.rate]

    @contextmanager
    def _as_kept(self) -> Iterator[None]:
        """Use the weights that a checkpoint would hold: rounded, averaged if the recipe says so.

        So the network that is judged, drawn from and exported is the one that can be read again.
        """
        trained = weights_of(self.network)
        # Before the first step there is no average yet.
        if self.recipe.averaged and self._optimizer.iterations > 0:
            self._optimizer.finalize_variable_values(self._learned)
        learned = {variable.path for variable in self._learned}
        load_weights(self.network, as_kept(weights_of(self.network), learned))
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
        self,
        vocabulary: Vocabulary,
        tunes: range,
        most: int = MAX_TUNE,
        *,
        masked: bool,
        planner: Planner | None = None,
    ) -> list[DrawnTune]:
        """Draw tunes from the network as it is now, at temperature 1.

        Its int8 engine draws them where it can be made, otherwise the network itself.

        Parameters
        ----------
        vocabulary : Vocabulary
            V characters.
        tunes : range
            Their numbers; with the seed and the weights they decide the tunes.
        most : int
            Characters after which a tune is given up.
        masked : bool
            Whether only characters that the grammar allows are drawn.
        planner : Planner, optional
            Draws their plans, where the network reads plans.
        """
        with self._as_kept(), self._drawing_engine(vocabulary, len(tunes), planner) as engine:
            request = Request(self.seed, Sampler(1.0), raw=not masked)
            return list(draw_tunes(engine, request, tunes, most=most))

    @contextmanager
    def _drawing_engine(
        self, vocabulary: Vocabulary, tunes: int, planner: Planner | None
    ) -> Iterator[Engine]:
        """Give the engine that draws a number of tunes."""
        if not backend.EXPORTS:
            streams = min(tunes, _MOST_STREAMS_OF_KERAS)
            twin = build_network(self.recipe, self.vocab_size, streams, 1, drawing=True)
            load_weights(twin, weights_of(self.network))
            yield KerasEngine(twin, self.recipe, vocabulary, planner)
            return
        from abcgen.network.export import exported  # needs TensorFlow

        with exported(self.network, self.recipe, quantize=True) as file:
            yield LiteRTEngine(file, self.recipe, vocabulary, min(tunes, _MOST_STREAMS), planner)

    def tensorboard_log(self, folder: Path) -> Callable[[dict[str, float]], None]:
        """Return a function that writes a row of the history as TensorBoard events into a folder.

        Raises
        ------
        AbcgenError
            If TensorBoard is not installed.
        """
        require("tensorboard", "tensorboard")
        write = backend.event_writer(folder)

        def log(row: dict[str, float]) -> None:
            for name, value in row.items():
                if name != "epoch":
                    write(name, value, int(row["epoch"]))

        return log
