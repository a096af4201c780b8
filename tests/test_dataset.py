from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.augmentation import Versions
from abcgen.dataset import END_OF_TUNE, Chunk, StreamDataset
from abcgen.errors import CorpusError
from abcgen.vocabulary import Vocabulary

tunes = st.lists(st.text("abc", min_size=1, max_size=30), min_size=1, max_size=20)
sizes = st.integers(1, 6)


def laid_out(dataset: StreamDataset, vocabulary: Vocabulary, chunks: list[Chunk]) -> list[str]:
    """Return what each stream is to foretell, put together again from the chunks."""
    targets = np.concatenate([chunk.targets for chunk in chunks], axis=1)
    weights = np.concatenate([chunk.weights for chunk in chunks], axis=1)
    return [
        vocabulary.decode(row[weight == 1]) for row, weight in zip(targets, weights, strict=True)
    ]


@given(tunes, sizes, sizes, st.integers(0, 3))
def test_every_tune_is_foretold_once_and_whole(
    texts: list[str], batch_size: int, seq_length: int, seed: int
) -> None:
    vocabulary = Vocabulary.of("abc\n")
    dataset = StreamDataset(texts, vocabulary, batch_size, seq_length)
    chunks = list(dataset.chunks(np.random.default_rng(seed)))
    rows = laid_out(dataset, vocabulary, chunks)
    foretold = [tune for row in rows for tune in row.split(END_OF_TUNE)[:-1]]
    assert sorted(foretold) == sorted(texts)


@given(tunes, sizes, sizes)
def test_targets_are_the_inputs_shifted_by_one_across_chunks(
    texts: list[str], batch_size: int, seq_length: int
) -> None:
    vocabulary = Vocabulary.of("abc\n")
    chunks = list(StreamDataset(texts, vocabulary, batch_size, seq_length).chunks())
    inputs = np.concatenate([chunk.inputs for chunk in chunks], axis=1)
    targets = np.concatenate([chunk.targets for chunk in chunks], axis=1)
    assert all(chunk.inputs.shape == (batch_size, seq_length) for chunk in chunks)
    np.testing.assert_array_equal(inputs[:, 1:], targets[:, :-1])
    # The first thing that a stream is shown is the end of a tune.
    assert set(inputs[:, 0]) == {vocabulary.char2idx[END_OF_TUNE]}


def test_the_order_is_another_each_epoch_and_decided_by_the_generator() -> None:
    vocabulary = Vocabulary.of("abcdefgh\n")
    dataset = StreamDataset(list("abcdefgh"), vocabulary, 1, 16)

    def order(seed: int) -> str:
        chunks = list(dataset.chunks(np.random.default_rng(seed)))
        return laid_out(dataset, vocabulary, chunks)[0]

    assert order(1) == order(1)
    assert order(1) != order(2)


def test_streams_are_even() -> None:
    vocabulary = Vocabulary.of("a\n")
    dataset = StreamDataset(["a" * 10] * 64, vocabulary, 8, 16)
    lengths = {len(stream) for stream in dataset.streams(range(64))}
    assert lengths == {1 + 8 * 11}


VERSIONS = [Versions(("a", "b"), (0.75, 0.25)), Versions(("c",), (1.0,))]


def read_in(epoch: int, transposed: float, versions: Sequence[Versions] = VERSIONS) -> str:
    """Return what the one stream of an epoch is to foretell, of the tunes "a" and "c"."""
    vocabulary = Vocabulary.of("abc\n")
    dataset = StreamDataset(["a", "c"], vocabulary, 1, 8, versions=versions, transposed=transposed)
    chunks = list(dataset.chunks(np.random.default_rng([1, epoch])))
    return laid_out(dataset, vocabulary, chunks)[0]


def test_versions_are_drawn_anew_each_epoch_by_their_shares() -> None:
    for transposed in (0.5, 1.0):
        epochs = [read_in(epoch, transposed) for epoch in range(2000)]
        assert epochs == [read_in(epoch, transposed) for epoch in range(2000)]
        assert all(epoch.count("c") == 1 for epoch in epochs)
        share = sum("b" in epoch for epoch in epochs) / len(epochs)
        assert share == pytest.approx(0.25 * transposed, abs=0.03)


def test_without_versions_the_order_is_the_same() -> None:
    orders = {read_in(epoch, 0.0) for epoch in range(20)}
    assert orders == {"a\nc\n", "c\na\n"}
    for epoch in range(20):
        assert read_in(epoch, 0.0) == read_in(epoch, 0.0, []) == read_in(epoch, 1.0, [])


def test_unshuffled_the_tunes_are_as_they_were_given() -> None:
    vocabulary = Vocabulary.of("abc\n")
    dataset = StreamDataset(["a", "c"], vocabulary, 1, 8, versions=VERSIONS, transposed=1.0)
    assert laid_out(dataset, vocabulary, list(dataset.chunks())) == ["a\nc\n"]


def test_no_tunes_is_an_error() -> None:
    with pytest.raises(CorpusError):
        StreamDataset([], Vocabulary.of("a\n"), 1, 1)
