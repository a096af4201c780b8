"""TensorFlow and PyTorch train the same network; the tests of PyTorch need it installed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from abcgen.errors import CheckpointError, UsageError
from abcgen.model.checkpoint import read_checkpoint
from abcgen.model.recipe import Recipe
from abcgen.network import backends
from tests.conftest import ROOT, Run, one_error_line
from tests.network.test_build import DENSE, PLAIN, RECIPE, VOCABULARY, V

pytestmark = pytest.mark.keras

#: Trains a network whose weights are given for an epoch, and prints the row of the history.
EPOCH = """
import json, sys
import numpy as np
from abcgen.network import backends
backends.load(sys.argv[3])
from abcgen.model.recipe import Recipe
from abcgen.network.build import load_weights
from abcgen.training.trainer import Trainer
from tests.network.test_build import V, dataset_of

recipe = Recipe.from_dict(json.loads(sys.argv[1]))
trainer = Trainer(recipe, V, seed=3)
load_weights(trainer.network, dict(np.load(sys.argv[2])))
dataset = dataset_of(recipe)
before, _ = trainer.judge(dataset)
print(json.dumps([before, trainer.run_epoch(1, dataset, dataset)]))
"""


def run_epoch(recipe: Recipe, weights: Path, backend: str) -> subprocess.CompletedProcess[str]:
    """Run `EPOCH` with a backend in a process of its own: Keras chooses once in a process."""
    return subprocess.run(
        [sys.executable, "-c", EPOCH, json.dumps(recipe.to_dict()), str(weights), backend],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )


def test_a_process_has_one_backend() -> None:
    module = backends.load("tensorflow")
    assert backends.load("tensorflow") is backends.loaded() is module
    with pytest.raises(UsageError, match="Keras uses tensorflow in this process"):
        backends.load("torch")


@pytest.mark.slow
@pytest.mark.parametrize("recipe", [RECIPE, PLAIN, DENSE], ids=["factored", "plain", "dense"])
def test_both_train_the_same_network(recipe: Any, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from abcgen.network.build import build_network, weights_of

    recipe = recipe.changed(dropout=0.0, embedding_dropout=0.0, learning_rate=0.003, rules=0.0)
    weights = tmp_path / "weights.npz"
    np.savez(weights, **weights_of(build_network(recipe, V, 1, 1)))
    found = []
    for backend in ("tensorflow", "torch"):
        done = run_epoch(recipe, weights, backend)
        assert done.returncode == 0, done.stderr
        found.append(json.loads(done.stdout))
    (loss, row), (loss_by_torch, row_by_torch) = found
    assert loss == pytest.approx(loss_by_torch, abs=1e-4)
    # TensorFlow's products in training may be of bfloat16.
    assert row["loss"] == pytest.approx(row_by_torch["loss"], abs=0.02)
    assert row["val_loss"] == pytest.approx(row_by_torch["val_loss"], abs=0.02)
    assert row["val_loss"] < loss - 0.05


def test_what_is_read_often_is_learned_by_the_sum_of_its_gradients() -> None:
    from abcgen.network.build import backend, keras

    embedding = keras.layers.Embedding(2, 1, embeddings_initializer="zeros")
    embedding.build()
    optimizer = keras.optimizers.AdamW(0.1, weight_decay=0.0)
    optimizer.build(embedding.trainable_variables)

    def loss_of(symbols: Any, weights: Any) -> tuple[Any, Any]:
        loss = keras.ops.sum(embedding(symbols)[:, 0] * weights)
        return loss, loss

    step = backend.training_step(loss_of, embedding.trainable_variables, optimizer, 100.0)
    # The first symbol is read three times, the second once, and both count as much.
    step(np.array([0, 0, 0, 1], np.int32), np.array([1, 1, 1, 3], np.float32))
    np.testing.assert_allclose(embedding.get_weights()[0], [[-0.1], [-0.1]], rtol=1e-4)


@pytest.mark.slow
def test_what_pytorch_trained_is_sampled_once_it_is_converted(
    run: Run, book: Path, tmp_path: Path
) -> None:
    pytest.importorskip("torch")
    options = ("--rnn-sizes", "16,16", "--embedding-dim", 8, "--epochs", 2, "--own", 0.3)
    trained = run("train", book, "--out", tmp_path, "--name", "t", "--backend", "torch", *options)
    assert trained.returncode == 0, trained.stderr
    assert "epoch 2/2" in trained.stderr
    assert len(trained.stderr.splitlines()) <= 8, trained.stderr  # no library's chatter
    sampled = run("sample", "--checkpoint", tmp_path / "t", "--length", 300, "--seed", 1)
    assert sampled.stdout.startswith("X:1\n"), sampled.stderr


def without_engine(tiny: Path, folder: Path) -> Path:
    """Return a copy of a checkpoint, such as PyTorch leaves it."""
    folder.mkdir()
    manifest = json.loads((tiny / "checkpoint.json").read_text())
    for name in manifest["files"]:
        if name != "engine.tflite":
            (folder / name).write_bytes((tiny / name).read_bytes())
    del manifest["files"]["engine.tflite"]
    (folder / "checkpoint.json").write_text(json.dumps(manifest))
    return folder


def test_a_checkpoint_without_an_engine_file_is_not_sampled_until_it_has_one(
    tiny: Path, tmp_path: Path, run: Run
) -> None:
    folder = without_engine(tiny, tmp_path / "trained")
    with pytest.raises(CheckpointError, match=r"python -m abcgen\.convert .*trained makes it"):
        read_checkpoint(str(folder))
    assert read_checkpoint(str(folder), sampled=False).vocabulary
    converted = run("convert", folder)
    assert (converted.returncode, converted.stdout, converted.stderr) == (0, "", "")
    assert (folder / "engine.tflite").read_bytes() == (tiny / "engine.tflite").read_bytes()


def test_an_older_checkpoint_is_converted(tiny: Path, tmp_path: Path, run: Run) -> None:
    folder = without_engine(tiny, tmp_path / "older")
    manifest = json.loads((folder / "checkpoint.json").read_text())
    (folder / "checkpoint.json").write_text(json.dumps({**manifest, "format": 3}))
    with pytest.raises(CheckpointError, match=r"python -m abcgen\.convert .*older makes"):
        read_checkpoint(str(folder))
    assert run("convert", folder).returncode == 0
    assert read_checkpoint(str(folder)).vocabulary


def test_what_cannot_be_converted_is_named(tmp_path: Path, run: Run) -> None:
    missing = run("convert", tmp_path / "nothing")
    assert missing.returncode == 1
    assert "there is no folder" in one_error_line(missing.stderr)
    assert run("convert").returncode == 2


def test_many_streams_of_keras_are_as_each_alone() -> None:
    from abcgen.network.build import build_network, load_weights, weights_of
    from abcgen.network.engine import KerasEngine

    several = build_network(RECIPE, V, 3, 1)
    single = build_network(RECIPE, V, 1, 1)
    load_weights(single, weights_of(several))
    together = KerasEngine(several, RECIPE, VOCABULARY)
    rows = np.random.default_rng(1).integers(0, V, (40, 3))
    seen = [together.step(row) for row in rows[:30]]
    kept = together.state(1)
    together.keep([0, 2])
    seen_later = [together.step(row[[0, 2]]) for row in rows[30:]]
    for stream in range(3):
        alone = KerasEngine(single, RECIPE, VOCABULARY)
        alone.reset(0)
        expected = [alone.step(row[stream : stream + 1])[0] for row in rows[:30]]
        np.testing.assert_allclose([logits[stream] for logits in seen], expected, atol=1e-5)
        if stream == 1:
            for part, expected in zip(kept.network, alone.state(0).network, strict=True):
                np.testing.assert_allclose(part, expected, atol=1e-5)
            continue
        later = [alone.step(row[stream : stream + 1])[0] for row in rows[30:]]
        place = [0, 2].index(stream)
        np.testing.assert_allclose([logits[place] for logits in seen_later], later, atol=1e-5)
