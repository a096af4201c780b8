from pathlib import Path
from typing import Any

import numpy as np
import pytest

from abcgen.grammar.spelling import canonical
from abcgen.model.checkpoint import Checkpoint
from abcgen.model.engine import LiteRTEngine, Symbols
from abcgen.model.factors.layout import Layout
from abcgen.model.recipe import Recipe
from abcgen.model.vocabulary import Vocabulary
from abcgen.network.engine import KerasEngine
from abcgen.network.transfer import grown_vocabulary, taken_over
from abcgen.notation.tune import read_tune
from abcgen.training.dataset import SnippetDataset, StreamDataset
from abcgen.training.encoding import EncodedTunes
from tests.tunes import made_up_tune

pytestmark = pytest.mark.keras

RECIPE = Recipe(
    embedding_dim=8, rnn_sizes=(24, 16, 20), batch_size=4, seq_length=16, epochs=1, transposed=0.0
)
PLAIN = RECIPE.changed(factored=False)
#: Everything that a recipe can ask for at once.
DENSE = PLAIN.changed(embedding_dim=0, dense_size=12, batch_norm=True, rnn_sizes=(24, 16))
KINDS = pytest.mark.parametrize(
    "recipe", [RECIPE, PLAIN, DENSE], ids=["factored", "plain", "dense"]
)
TUNES = [made_up_tune(number) for number in range(30)]
VOCABULARY = Vocabulary.of("\n" + "".join(TUNES))
V = len(VOCABULARY)


def dataset_of(recipe: Recipe) -> StreamDataset:
    """Return all tunes as a recipe's network reads them."""
    size = (recipe.batch_size, recipe.seq_length)
    return StreamDataset(EncodedTunes(TUNES, VOCABULARY, factored=recipe.factored), *size)


def loss_of(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Cross-entropy in nats, character by character."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_odds = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return -np.take_along_axis(log_odds, targets[..., None], axis=-1)[..., 0]


def test_the_network_gives_probabilities_of_the_shape_that_is_documented() -> None:
    from abcgen.network.build import build_network

    network = build_network(RECIPE, V, 4, 16)
    probabilities = np.asarray(network(np.zeros((4, 16, Layout(V, True).columns), np.int32)))
    assert probabilities.shape == (4, 16, V)
    np.testing.assert_allclose(probabilities.sum(axis=-1), 1, rtol=1e-5)
    kinds = [type(layer).__name__.removeprefix("_Unrolled") for layer in network.layers]
    assert kinds.count("LSTM") == 3
    assert kinds.count("Dropout") == 4
    assert kinds[-2:] == ["TimeDistributed", "Softmax"]


@pytest.mark.parametrize("recipe", [RECIPE, PLAIN], ids=["factored", "plain"])
def test_state_carries_over_from_chunk_to_chunk(recipe: Recipe) -> None:
    """With a learning rate of 0, the streams cost what they cost as one long sequence each."""
    from abcgen.network.build import build_network, load_weights, logits_of, weights_of
    from abcgen.training.trainer import Trainer

    recipe = recipe.changed(learning_rate=0.0, dropout=0.0, embedding_dropout=0.0)
    trainer = Trainer(recipe, V, seed=3)
    dataset = dataset_of(recipe)
    row = trainer.run_epoch(1, dataset, dataset)

    total, count = 0.0, 0
    for stream in dataset.streams(np.random.default_rng([3, 1])):
        length = len(stream) - 1
        network = build_network(recipe, V, 1, length)
        load_weights(network, weights_of(trainer.network))
        logits = np.asarray(logits_of(network)(stream[None, :-1]), np.float64)
        total += loss_of(logits[0], stream[1:, 0].astype(np.int64)).sum()
        count += length
    assert count == sum(len(tune) + 1 for tune in TUNES)
    assert row["loss"] == pytest.approx(total / count, abs=2e-5)


def test_judging_neither_learns_nor_leaves_a_state_behind() -> None:
    from abcgen.training.trainer import Trainer

    trainer = Trainer(RECIPE, V, seed=3)
    dataset = dataset_of(RECIPE)
    before = trainer.arrays()
    assert trainer.judge(dataset) == trainer.judge(dataset)
    after = trainer.arrays()
    assert all(np.array_equal(before[name], after[name]) for name in before)


def checkpoint_of(folder: Path, recipe: Recipe, quantize: bool) -> tuple[Checkpoint, Any]:
    """Return a checkpoint with an engine of random weights, and its batch-1 twin."""
    from abcgen.network.build import build_network
    from abcgen.network.export import export_engine

    twin = build_network(recipe, V, 1, 1)
    for layer in twin.layers:  # normalisation that does something
        if layer.name.startswith("norm"):
            layer.set_weights(
                [np.random.default_rng(1).uniform(0.5, 1.5, w.shape) for w in layer.get_weights()]
            )
    (folder / "engine.tflite").write_bytes(export_engine(twin, recipe, quantize))
    return Checkpoint(folder, recipe, VOCABULARY, {}, {}), twin


@KINDS
def test_the_exported_engine_agrees_with_keras(tmp_path: Path, recipe: Recipe) -> None:
    from abcgen.network.build import logits_of

    checkpoint, twin = checkpoint_of(tmp_path, recipe, quantize=False)
    reference = logits_of(twin)
    engine = LiteRTEngine.of(checkpoint)
    symbols = Symbols(recipe, VOCABULARY, 1)
    for character in VOCABULARY.encode(TUNES[0][:80]):
        read = np.empty((1, symbols.columns), np.int32)
        symbols.read(character.reshape(1), read)
        expected = np.asarray(reference(read[:, None]))[:, 0]
        np.testing.assert_allclose(engine.step(character.reshape(1)), expected, atol=1e-5, rtol=0)


def test_snippets_are_read_from_a_state_of_zero() -> None:
    """With a learning rate of 0, an epoch costs what its snippets cost one by one."""
    from abcgen.network.build import build_network, load_weights, logits_of, weights_of
    from abcgen.training.trainer import Trainer

    recipe = PLAIN.changed(learning_rate=0.0, dropout=0.0, embedding_dropout=0.0, snippets=True)
    dataset = SnippetDataset(
        EncodedTunes(TUNES, VOCABULARY), recipe.batch_size, recipe.seq_length, steps=3
    )
    trainer = Trainer(recipe, V, seed=3)
    row = trainer.run_epoch(1, dataset, dataset_of(recipe))
    network = build_network(recipe, V, recipe.batch_size, recipe.seq_length)
    load_weights(network, weights_of(trainer.network))
    losses = []
    for chunk in dataset.chunks(np.random.default_rng([3, 1])):
        for lstm in network.layers:
            if hasattr(lstm, "reset_state"):
                lstm.reset_state()
        logits = np.asarray(logits_of(network)(chunk.inputs), np.float64)
        losses.append(loss_of(logits, chunk.targets.astype(np.int64)).mean())
    assert len(losses) == 3
    assert row["loss"] == pytest.approx(np.mean(losses), abs=2e-5)


@KINDS
def test_a_network_that_knows_more_characters_predicts_the_same(recipe: Recipe) -> None:
    from abcgen.network.build import build_network, load_weights, weights_of

    larger = grown_vocabulary(VOCABULARY, "~!" + TUNES[0])
    assert larger.idx2char == (*VOCABULARY.idx2char, "!", "~")
    old, new = (Layout(len(v), recipe.factored) for v in (VOCABULARY, larger))
    small = build_network(recipe, len(VOCABULARY), 1, 1)
    large = build_network(recipe, len(larger), 1, 1)
    if recipe.embedding_dim:
        load_weights(large, taken_over(weights_of(small), old, new))
        engines = [
            KerasEngine(small, recipe, VOCABULARY),
            KerasEngine(large, recipe, larger),
        ]
        for character in VOCABULARY.encode(TUNES[0][:80]):
            before, after = (engine.step(character.reshape(1))[0] for engine in engines)
            np.testing.assert_allclose(after[: len(VOCABULARY)], before, atol=1e-5)
            assert (after[len(VOCABULARY) :] < before.min() + 1).all()


def test_what_is_against_the_rules_becomes_unlikely_sooner_where_it_has_weight() -> None:
    from abcgen.network.build import logits_of
    from abcgen.training.trainer import Trainer

    tunes = [canonical(read_tune(tune)) for tune in TUNES]
    vocabulary = Vocabulary.of("".join(tunes) + "]")
    broken = {}
    for rules in (0.0, 3.0):
        recipe = RECIPE.changed(learning_rate=0.03, warmup=0.0, epochs=8, rules=rules)
        trainer = Trainer(recipe, len(vocabulary), seed=3)
        dataset = StreamDataset(EncodedTunes(tunes, vocabulary, factored=True, ruled=True), 4, 16)
        for epoch in range(1, 9):
            trainer.run_epoch(epoch, dataset, dataset)
        chunk = next(dataset.chunks())
        logits = np.asarray(logits_of(trainer.network)(chunk.inputs), np.float64)
        odds = np.exp(logits - logits.max(axis=-1, keepdims=True))
        shares = (odds * chunk.forbidden).sum(axis=-1) / odds.sum(axis=-1)
        broken[rules] = shares.mean()
    assert broken[3.0] < 0.95 * broken[0.0]


@KINDS
def test_weights_are_kept_in_half_the_bytes_and_read_into_a_network_like_it(
    recipe: Recipe, tmp_path: Path
) -> None:
    from abcgen.network.build import build_network, save_weights, weights_of

    network, other = (build_network(recipe, V, 2, 3) for _ in range(2))
    path = tmp_path / "network.weights.h5"
    save_weights(network, path)
    other.load_weights(path)
    kept = weights_of(other)
    for name, values in weights_of(network).items():
        assert kept[name].dtype == np.float32
        np.testing.assert_array_equal(kept[name], values.astype(np.float16))


def test_what_was_trained_is_kept_with_few_digits_and_the_rest_as_it_was_read() -> None:
    from abcgen.network.build import as_kept

    values = np.random.default_rng(1).normal(size=1000).astype(np.float32)
    kept = as_kept({"trained": values, "read": values}, {"trained"})
    np.testing.assert_array_equal(kept["read"], values.astype(np.float16))
    assert np.abs(kept["trained"] / values - 1).max() <= 2**-6 + 2**-11
    assert len(np.unique(np.frexp(np.abs(kept["trained"]))[0])) == 2**5
    again = as_kept({"trained": kept["trained"]}, {"trained"})
    np.testing.assert_array_equal(again["trained"], kept["trained"])


def trained(recipe: Recipe, epochs: int = 4) -> Any:
    """Return a trainer behind some epochs of all tunes."""
    from abcgen.training.trainer import Trainer

    trainer = Trainer(recipe.changed(learning_rate=0.02, warmup=0.0, epochs=epochs or 1), V, seed=3)
    for epoch in range(1, epochs + 1):
        trainer.run_epoch(epoch, dataset_of(recipe), dataset_of(recipe))
    return trainer


def test_smoothed_labels_make_it_less_sure_and_the_loss_told_is_the_plain_one() -> None:
    sure = {}
    for smoothing in (0.0, 0.4):
        trainer = trained(PLAIN.changed(label_smoothing=smoothing, rules=0.0))
        chunk = next(dataset_of(PLAIN).chunks())
        odds = np.asarray(trainer.network(chunk.inputs), np.float64)
        sure[smoothing] = odds.max(axis=-1).mean()
        losses = -np.log(np.take_along_axis(odds, chunk.targets[..., None].astype(int), -1))
        told = trainer._test_step(chunk.inputs, chunk.targets, chunk.weights)
        assert float(told[0]) == pytest.approx(losses.sum(), rel=0.2)  # but for the state
    assert sure[0.4] < 0.9 * sure[0.0]


def test_averaged_weights_are_what_is_judged_and_kept_but_not_trained(tmp_path: Path) -> None:
    from abcgen.network.build import build_network, weights_of

    plain, averaged = trained(PLAIN), trained(PLAIN.changed(averaged=0.9))
    trained_weights = weights_of(averaged.network)
    for name, values in weights_of(plain.network).items():
        np.testing.assert_allclose(trained_weights[name], values, atol=1e-6)
    averaged.save_weights(tmp_path / "network.weights.h5")
    kept = build_network(PLAIN, V, 1, 1)
    kept.load_weights(tmp_path / "network.weights.h5")
    bias = "logits/dense/bias"
    assert np.abs(weights_of(kept)[bias] - trained_weights[bias]).max() > 1e-3
    np.testing.assert_array_equal(weights_of(averaged.network)[bias], trained_weights[bias])
    assert averaged.judge(dataset_of(PLAIN)) == plain.judge(dataset_of(PLAIN))


def test_before_the_first_step_there_is_no_average(tmp_path: Path) -> None:
    trainer = trained(PLAIN.changed(averaged=0.9), epochs=0)
    trainer.save_weights(tmp_path / "first.weights.h5")
    from abcgen.network.build import build_network, weights_of

    kept = build_network(PLAIN, V, 1, 1)
    kept.load_weights(tmp_path / "first.weights.h5")
    assert np.abs(weights_of(kept)["logits/dense/kernel"]).max() > 0


def test_whole_embeddings_are_dropped() -> None:
    from abcgen.network.build import build_network, keras

    recipe = PLAIN.changed(character_dropout=0.5, embedding_dropout=0.0)
    network = build_network(recipe, V, 4, 16)
    vectors = keras.Model(network.input, network.get_layer("character_dropout").output)
    found = np.asarray(vectors(np.ones((4, 16, 1), np.int32), training=True))
    dropped = (found == 0).all(axis=-1)
    assert 0.2 < dropped.mean() < 0.8
    assert ((found != 0).any(axis=-1) == ~dropped).all()


def test_batch_normalisation_is_right_after_some_ten_steps() -> None:
    """In a small book an epoch has few steps, and validation goes by the moving averages."""
    from abcgen.network.build import build_network, reset_states

    network = build_network(DENSE.changed(dropout=0.0, embedding_dropout=0.0), V, 4, 16)
    symbols = next(dataset_of(DENSE).chunks()).inputs
    for _ in range(100):
        reset_states(network)
        trained = np.asarray(network(symbols, training=True))
    reset_states(network)
    np.testing.assert_allclose(np.asarray(network(symbols)), trained, atol=0.005)
