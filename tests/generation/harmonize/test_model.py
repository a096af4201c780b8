"""The likeliest chords, against trying all of them; the shipped model."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from abcgen.generation.harmonize.model import _SUCCESSION, SHIPPED, Harmony
from abcgen.generation.harmonize.slots import Slot, features_of, slotted
from abcgen.notation.chords import QUALITIES
from abcgen.notation.tune import read_tune
from tests.tunes import SPELLED


def slots() -> list[Slot]:
    return slotted(read_tune(SPELLED))[0].slots


def best_of_all(
    harmony: Harmony, these: list[Slot], scores: np.ndarray, held: np.ndarray
) -> list[int]:
    """Try every way."""
    ways = []
    for way in itertools.product(range(len(harmony.chords)), repeat=len(these)):
        total = sum(scores[at, chord] for at, chord in enumerate(way))
        for at in range(1, len(way)):
            across = int(these[at].half == 0)
            if held[at]:
                total += 0 if way[at] == way[at - 1] else -1e9
            else:
                total += _SUCCESSION * harmony.successions[across, way[at - 1], way[at]]
        ways.append((total, way))
    return list(max(ways)[1])


@pytest.mark.parametrize("seed", range(8))
def test_the_likeliest_chords(seed: int) -> None:
    draw = np.random.default_rng(seed)
    these = slots()
    count = features_of(these).shape[1] + 1
    harmony = Harmony(
        [(0, ""), (5, ""), (7, "7")], draw.normal(size=(count, 3)), draw.normal(0, 4, (2, 3, 3))
    )
    scores = draw.normal(size=(len(these), 3))
    held = np.array([False, *(draw.random(len(these) - 1) < 0.4)])
    assert harmony.likeliest(these, scores, held) == best_of_all(harmony, these, scores, held)


def test_a_model_is_kept_in_a_file(tmp_path: Path) -> None:
    shipped = Harmony.load()
    shipped.save(tmp_path / "copy.npz")
    copy = Harmony.load(tmp_path / "copy.npz")
    assert copy.chords == shipped.chords
    assert (copy.weights == shipped.weights).all()
    assert (copy.successions == shipped.successions).all()


def test_the_shipped_model_knows_the_features_and_is_small() -> None:
    harmony = Harmony.load()
    assert harmony.weights.shape == (features_of(slots()).shape[1] + 1, len(harmony.chords))
    assert {quality for _, quality in harmony.chords} <= QUALITIES.keys()
    assert np.exp(harmony.scores(slots())).sum(axis=1) == pytest.approx(1)
    assert SHIPPED.stat().st_size < 20_000
