"""A step of training compared with a step of plain Keras and of PyTorch, at the recipe's sizes.

Each trains in a process of its own, since TensorFlow's threads are set once per process; they take
turns. Needs the extra `train`.
"""

import importlib
import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abcgen.model.factors.layout import Layout
from abcgen.model.recipe import Recipe
from benchmarks.harness.figures import MORE, Figure, not_measured, times_as_fast
from benchmarks.harness.plain_keras import plain_network
from benchmarks.harness.settings import Settings

TITLE = "A step of training"
ABOUT = (
    "Seconds on the clock for one step with the recipe's batch size and sequence length, on all "
    "cores, with the number of threads that each chooses itself. Ours does everything that "
    "`abcgen.train` does in a step, including clipping and the grammar penalty of the loss. "
    "Plain Keras is `fit` on the same network of the stock layers, whose LSTM is stateful and not "
    "unrolled, and Adam; PyTorch has `nn.LSTM`, the same dropout and Adam, with its state "
    "carried from step to step."
)
_STEPS = 6  # in a turn
_IDLE = 2  # steps that compile, and do not count
#: Runs a number of steps and returns the seconds per step.
Steps = Callable[[int], float]
_steps: Steps  # of this process


def all_layers(recipe: Recipe) -> Recipe:
    """Return the recipe of a stage in which all layers learn: a plan's layer learns alone, last."""
    return recipe.changed(plan_size=0, plan_alone=False, rules=recipe.rules or 1.0)


def batch_of(recipe: Recipe, vocab_size: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return random symbols (N, T, F) and targets (N, T)."""
    generator = np.random.default_rng(1)
    shape = recipe.batch_size, recipe.seq_length
    columns = Layout(vocab_size, recipe.factored).columns
    symbols = generator.integers(0, vocab_size, (*shape, columns), np.int32)
    return symbols, generator.integers(0, vocab_size, shape, np.int32)


def our_steps(recipe: Recipe, vocab_size: int) -> Steps:
    """Return the steps of `abcgen.train`."""
    from abcgen.training.trainer import Trainer

    trainer = Trainer(recipe, vocab_size, 1)
    symbols, targets = batch_of(recipe, vocab_size)
    weights = np.ones(targets.shape, np.float32)
    forbidden = np.zeros((*targets.shape, vocab_size) if recipe.rules else (1, 1, 1), bool)

    def step() -> None:
        np.asarray(trainer._train_step(symbols, targets, weights, forbidden))

    return _timed(step)


def keras_steps(recipe: Recipe, vocab_size: int) -> Steps:
    """Return the steps of plain Keras."""
    from abcgen.network.build import keras

    sizes = recipe.batch_size, recipe.seq_length
    network = plain_network(recipe, vocab_size, *sizes, plain_lstm=True)
    network.compile(keras.optimizers.Adam(), keras.losses.SparseCategoricalCrossentropy())
    symbols, targets = batch_of(recipe, vocab_size)

    def fit(count: int) -> float:
        many = [np.tile(values, (count, *[1] * (values.ndim - 1))) for values in (symbols, targets)]
        start = time.perf_counter()
        network.fit(*many, batch_size=recipe.batch_size, shuffle=False, verbose=0)
        return (time.perf_counter() - start) / count

    return fit


def torch_steps(recipe: Recipe, vocab_size: int) -> Steps:
    """Return the steps of PyTorch."""
    torch: Any = importlib.import_module("torch")
    nn = torch.nn
    symbols, targets = (
        torch.from_numpy(values.astype(np.int64)) for values in batch_of(recipe, vocab_size)
    )
    size = Layout(vocab_size, recipe.factored).size
    inputs, (units, *_), layers = recipe.embedding_dim, recipe.rnn_sizes, len(recipe.rnn_sizes)
    embedding = nn.Embedding(size, inputs)
    dropouts = nn.Dropout(recipe.embedding_dropout), nn.Dropout(recipe.dropout)
    lstm = nn.LSTM(inputs, units, layers, dropout=recipe.dropout, batch_first=True)
    dense = nn.Linear(units, vocab_size)
    modules = nn.ModuleList([embedding, *dropouts, lstm, dense])
    optimizer = torch.optim.Adam(modules.parameters())
    loss_of = nn.CrossEntropyLoss()
    state = None

    def step() -> None:
        nonlocal state
        outputs, after = lstm(dropouts[0](embedding(symbols).sum(2)), state)
        loss = loss_of(dense(dropouts[1](outputs)).flatten(0, 1), targets.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        state = tuple(part.detach() for part in after)

    return _timed(step)


def torch_lacks(recipe: Recipe) -> str:
    """Return why PyTorch cannot be measured, or an empty string."""
    if find_spec("torch") is None:
        return "PyTorch is not installed"
    if recipe.dense_size or recipe.batch_norm or len(set(recipe.rnn_sizes)) > 1:
        return "this recipe is not a plain stack of LSTM layers"
    return "" if recipe.embedding_dim else "this recipe has no embedding"


def _timed(step: Callable[[], object]) -> Steps:
    def steps(count: int) -> float:
        start = time.perf_counter()
        for _ in range(count):
            step()
        return (time.perf_counter() - start) / count

    return steps


def _prepare(make: Callable[[Recipe, int], Steps], recipe: Recipe, vocab_size: int) -> None:
    """Build and compile the network of this process."""
    global _steps
    _steps = make(recipe, vocab_size)
    _steps(_IDLE)


def _turn() -> float:
    return _steps(_STEPS)


def measure(settings: Settings) -> Iterator[Figure]:
    """Yield the figures."""
    checkpoint = settings.network()
    recipe, vocab_size = all_layers(checkpoint.recipe), len(checkpoint.vocabulary)
    contestants = {"ours": our_steps, "keras": keras_steps, "torch": torch_steps}
    lacking = torch_lacks(recipe)
    if lacking:
        del contestants["torch"]
    found: dict[str, list[float]] = {name: [] for name in contestants}
    context = multiprocessing.get_context("spawn")
    with ExitStack() as stack:
        pools = {name: stack.enter_context(ProcessPoolExecutor(1, context)) for name in contestants}
        for name, make in contestants.items():
            pools[name].submit(_prepare, make, recipe, vocab_size).result()
        for _ in range(settings.few):
            for name, pool in pools.items():
                found[name].append(pool.submit(_turn).result())
    sizes = f"{recipe.batch_size} x {recipe.seq_length} characters"
    what = f"a step of {sizes}: times as fast"
    yield times_as_fast(
        "training_step/keras", what, "a step of `fit`", found["ours"], found["keras"]
    )
    name, baseline = "training_step/torch", "a step of PyTorch"
    if lacking:
        yield not_measured(name, what, baseline, MORE, lacking)
    else:
        yield times_as_fast(name, what, baseline, found["ours"], found["torch"])
