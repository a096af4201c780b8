"""The tables that an engine looks things up in, from the weights of a network."""

import numpy as np
from numpy.typing import NDArray

from abcgen.model.factors.layout import LANDINGS, Layout
from abcgen.model.lookup.tables import (
    CHORD_GATE,
    HIGH_GATE,
    LOW_GATE,
    PlanTables,
    Tables,
    shapes_of,
)
from abcgen.model.recipe import Recipe
from abcgen.network.build import AHEAD_TOLD, LETTERS_TOLD, REACH_TOLD, keras, weights_of
from abcgen.network.drawing import FRESH, MORE_TRUST, REACH_STRENGTH, TARGET_STRENGTH


def tables_of(network: keras.Model, recipe: Recipe) -> Tables:
    """Return what tunes that are drawn from a network look up; see `abcgen.network.drawing`."""
    weights = weights_of(network)
    layout = Layout(network.output.shape[-1], recipe.factored, recipe.planned)
    vectors = weights["embedding/embeddings"]
    if not recipe.planned:
        return Tables(vectors)
    size = layout.vocab_size
    letters = weights[f"{LETTERS_TOLD}/embeddings"].reshape(-1, 2, size)
    plan = PlanTables(
        vectors=weights["plan_embedding/embeddings"],
        direct=_direct(weights, layout, shapes_of(recipe, layout)["plan_direct"]),
        trust=weights["plan_trust/embeddings"].ravel() + MORE_TRUST.ravel(),
        fresh=FRESH.ravel(),
        letters=np.where(letters.any(axis=-1), 1 + letters.argmax(axis=-1), 0).astype(np.float32),
        strength=np.array([recipe.plan_strength, TARGET_STRENGTH], np.float32),
    )
    return Tables(vectors, plan)


def _direct(
    weights: dict[str, NDArray[np.float32]], layout: Layout, shape: tuple[int, ...]
) -> NDArray[np.float32]:
    size = layout.vocab_size
    landing, reach = weights["plan_landing/embeddings"], weights[f"{REACH_TOLD}/embeddings"]
    direct = np.zeros(shape, np.float32)
    direct[: len(reach), :size] = REACH_STRENGTH * reach
    after = direct[len(reach) : len(reach) + LANDINGS]
    after[:, :size] = landing[:, :size]
    for gate in (LOW_GATE, HIGH_GATE):
        after[:, size + gate] = landing[:, size]
    chords, ahead = layout.chord - layout.low, layout.ahead - layout.low
    direct[chords:ahead, size + CHORD_GATE] = weights["plan_chord/embeddings"][:, 0]
    direct[ahead:, :size] = weights[f"{AHEAD_TOLD}/embeddings"]
    return direct
