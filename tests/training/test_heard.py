"""What a layer learns from that learns alone: each planned character, with what is heard of it."""

from itertools import count

import numpy as np
from numpy.typing import NDArray

from abcgen.model.factors.layout import LANDING, STYLE
from abcgen.model.vocabulary import Vocabulary
from abcgen.training.dataset import StreamDataset
from abcgen.training.encoding import Chunk, EncodedTunes
from abcgen.training.heard import HeardDataset
from tests.tunes import made_up_tune

TUNES = [made_up_tune(number) for number in range(1, 6)]
OWN = made_up_tune(9)
SIZE = 2, 7


class Layers:
    """Layers that say of a character how many came before it in its stream, and which it is."""

    def __init__(self) -> None:
        self.heard = 0
        self._before = 0

    def __call__(self, symbols: NDArray[np.int32], afresh: bool) -> NDArray[np.float16]:
        self._before = 0 if afresh else self._before
        places = np.arange(self._before, self._before + symbols.shape[1])
        self._before += symbols.shape[1]
        self.heard += symbols.shape[0] * symbols.shape[1]
        both = np.broadcast_arrays(places[None], symbols[..., 0])
        return np.stack(both, axis=-1).astype(np.float16)


def chunks_of(dataset: HeardDataset, own: list[str]) -> list[Chunk]:
    return list(dataset.chunks(np.random.default_rng(0), own))


def dataset_of(layers: Layers) -> HeardDataset:
    vocabulary = Vocabulary.of("\n".join([*TUNES, OWN]))
    encoded = EncodedTunes(TUNES, vocabulary, factored=True, planned=True)
    return HeardDataset(StreamDataset(encoded, *SIZE), layers)


def test_every_planned_character_comes_once_with_what_is_heard_of_it() -> None:
    dataset = dataset_of(Layers())
    tunes = dataset._tunes.drawn(None, [OWN])
    layout = dataset._tunes.layout
    expected = sorted(
        (*row[: layout.columns].tolist(), following, place, row[0])
        for tune in tunes
        # The blank line before a tune is heard first.
        for place, row, following in zip(count(1), tune, tune[1:, 0], strict=False)
        if row[layout.plain_columns + STYLE] != layout.style
    )
    found = []
    for chunk in chunks_of(dataset, [OWN]):
        assert chunk.heard is not None
        rows = [chunk.inputs, chunk.targets[..., None], chunk.heard.astype(int)]
        found += np.concatenate(rows, axis=-1).reshape(SIZE[0] * SIZE[1], -1).tolist()
    assert len(expected) - SIZE[0] * SIZE[1] < len(found) <= len(expected)
    assert set(map(tuple, found)) <= set(expected)


def test_what_was_heard_is_not_computed_again_but_for_new_tunes() -> None:
    layers = Layers()
    dataset = dataset_of(layers)
    chunks_of(dataset, [])
    once = layers.heard
    chunks_of(dataset, [])
    assert layers.heard == once
    chunks_of(dataset, [OWN, OWN])
    assert once < layers.heard < once + 2 * SIZE[0] * (len(OWN) + 2 * SIZE[1])


def test_the_last_bars_of_sections_count_more() -> None:
    dataset = dataset_of(Layers())
    layout = dataset._tunes.layout
    for chunk in chunks_of(dataset, []):
        last = chunk.inputs[..., layout.plain_columns + LANDING] != layout.landing
        assert set(chunk.weights[last]) <= {4.0}
        assert set(chunk.weights[~last]) <= {1.0}
