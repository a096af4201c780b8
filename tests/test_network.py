import numpy as np
import pytest

from abcgen.checkpoint import Checkpoint
from abcgen.dataset import StreamDataset
from abcgen.engine import LiteRTEngine
from abcgen.recipes import Recipe
from abcgen.vocabulary import Vocabulary
from tests.tunes import made_up_tune

pytestmark = pytest.mark.keras

RECIPE = Recipe(embedding_dim=8, rnn_size=24, batch_size=4, seq_length=16, epochs=1)
TUNES = [made_up_tune(number) for number in range(30)]
VOCABULARY = Vocabulary.of("\n" + "".join(TUNES))
V = len(VOCABULARY)


def loss_of(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Cross-entropy in nats, character by character."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_odds = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return -np.take_along_axis(log_odds, targets[..., None], axis=-1)[..., 0]


def test_the_network_gives_probabilities_of_the_shape_that_is_documented() -> None:
    from abcgen.network import build_network

    network = build_network(RECIPE, V, 4, 16)
    probabilities = np.asarray(network(np.zeros((4, 16), np.int32)))
    assert probabilities.shape == (4, 16, V)
    np.testing.assert_allclose(probabilities.sum(axis=-1), 1, rtol=1e-5)
    kinds = [type(layer).__name__ for layer in network.layers]
    assert kinds.count("LSTM") == 3
    assert kinds.count("Dropout") == 4
    assert kinds[-2:] == ["TimeDistributed", "Softmax"]


def test_state_carries_over_from_chunk_to_chunk() -> None:
    """With a learning rate of 0, the streams cost what they cost as one long sequence each."""
    from abcgen.network import build_network, copy_weights, logits_of
    from abcgen.trainer import Trainer

    trainer = Trainer(RECIPE.changed(learning_rate=0.0, dropout=0.0), V, seed=3)
    dataset = StreamDataset(TUNES, VOCABULARY, RECIPE.batch_size, RECIPE.seq_length)
    row = trainer.run_epoch(1, dataset, dataset)

    total, count = 0.0, 0
    order = np.random.default_rng([3, 1]).permutation(len(TUNES))
    for stream in dataset.streams(order):
        length = len(stream) - 1
        network = build_network(RECIPE, V, 1, length)
        copy_weights(trainer.network, network)
        logits = np.asarray(logits_of(network)(stream[None, :-1]), np.float64)
        total += loss_of(logits[0], stream[1:]).sum()
        count += length
    assert count == sum(len(tune) + 1 for tune in TUNES)
    assert row["loss"] == pytest.approx(total / count, abs=2e-5)


def test_judging_neither_learns_nor_leaves_a_state_behind() -> None:
    from abcgen.trainer import Trainer

    trainer = Trainer(RECIPE, V, seed=3)
    dataset = StreamDataset(TUNES, VOCABULARY, RECIPE.batch_size, RECIPE.seq_length)
    before = trainer.arrays()
    assert trainer.judge(dataset) == trainer.judge(dataset)
    after = trainer.arrays()
    assert all(np.array_equal(before[name], after[name]) for name in before)


def checkpoint_of(tmp_path, step, quantize: bool) -> Checkpoint:  # type: ignore[no-untyped-def]
    from abcgen.network import export_engine

    (tmp_path / "engine.tflite").write_bytes(export_engine(step, quantize))
    return Checkpoint(tmp_path, RECIPE, VOCABULARY, {}, {})


def test_the_exported_engine_agrees_with_keras(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from abcgen.network import build_network, build_step, copy_weights, logits_of

    twin = build_network(RECIPE, V, 1, 1)
    step = build_step(RECIPE, V)
    copy_weights(twin, step)
    reference = logits_of(twin)
    engine = LiteRTEngine(checkpoint_of(tmp_path, step, quantize=False))
    for character in np.random.default_rng(0).integers(V, size=50).astype(np.int32):
        expected = np.asarray(reference(character.reshape(1, 1)))[:, 0]
        np.testing.assert_allclose(engine.step(character.reshape(1)), expected, atol=1e-5, rtol=0)


def test_a_stream_does_not_depend_on_how_many_run_beside_it(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from abcgen.network import build_step

    checkpoint = checkpoint_of(tmp_path, build_step(RECIPE, V), quantize=True)
    characters = np.random.default_rng(1).integers(V, size=(20, 7)).astype(np.int32)
    together = LiteRTEngine(checkpoint, 7)
    outputs = np.stack([together.step(row) for row in characters])
    for stream in range(7):
        alone = LiteRTEngine(checkpoint, 1)
        single = np.stack([alone.step(row[stream : stream + 1])[0] for row in characters])
        np.testing.assert_array_equal(single, outputs[:, stream])


def test_reset_forgets_one_stream_only(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from abcgen.network import build_step

    engine = LiteRTEngine(checkpoint_of(tmp_path, build_step(RECIPE, V), quantize=True), 2)
    characters = np.array([3, 3], np.int32)
    first = engine.step(characters)
    second = engine.step(characters)
    engine.reset(0)
    third = engine.step(characters)
    np.testing.assert_array_equal(third[0], first[0])
    assert not np.array_equal(third[1], second[1])
    assert not np.array_equal(third[1], first[1])


def test_the_learning_rate_rises_then_falls() -> None:
    from abcgen.trainer import learning_rate_at

    recipe = Recipe(learning_rate=0.5, warmup=0.2)
    rates = [learning_rate_at(recipe, progress / 10) for progress in range(11)]
    assert max(rates) == rates[2] == 0.5
    assert rates[:3] == sorted(rates[:3])
    assert rates[2:] == sorted(rates[2:], reverse=True)
    assert 0 < rates[-1] < 0.01
