"""Weights in a larger vocabulary, and what the layer of plans knows before it has learned."""

import numpy as np
import pytest
from numpy.typing import NDArray

from abcgen.model.factors.layout import Layout
from abcgen.model.factors.plan import COPY, NEW, STEPS, Plan, PlannedBar, PlanTable
from abcgen.model.factors.reader import read_text
from abcgen.model.plans.outline import plan_of
from abcgen.model.recipe import Recipe
from abcgen.model.vocabulary import Vocabulary
from abcgen.network.engine import KerasEngine
from abcgen.network.transfer import grown_vocabulary, letters_told, reach_told, taken_over
from tests.tunes import made_up_tune

pytestmark = pytest.mark.keras

RECIPE = Recipe(embedding_dim=8, rnn_sizes=(24,), plan_size=6, batch_size=1, seq_length=1)
TUNE = made_up_tune(3)
VOCABULARY = Vocabulary.of("\n" + TUNE)


def test_a_network_that_knows_more_characters_goes_by_the_same_plan() -> None:
    from abcgen.network.build import LETTERS_TOLD, build_network, load_weights, weights_of

    larger = grown_vocabulary(VOCABULARY, "~!%")
    old, new = (Layout(len(v), factored=True, planned=True) for v in (VOCABULARY, larger))
    chance = np.random.default_rng(0)
    small = build_network(RECIPE, len(VOCABULARY), 1, 1, drawing=True)
    some = {
        path: chance.normal(size=values.shape) if path.startswith("plan") else values
        for path, values in weights_of(small).items()
    }
    told = f"{LETTERS_TOLD}/embeddings"
    load_weights(small, {**some, told: letters_told(VOCABULARY)})
    large = build_network(RECIPE, len(larger), 1, 1, drawing=True)
    taken = taken_over(weights_of(small), old, new)
    load_weights(large, {**taken, told: letters_told(larger)})
    engines = KerasEngine(small, RECIPE, VOCABULARY), KerasEngine(large, RECIPE, larger)
    plan = plan_of(TUNE)
    assert plan is not None
    for engine in engines:
        engine.reset(0)
        engine.plan(0, plan)
    for character in VOCABULARY.encode("\n" + TUNE):
        before, after = (engine.step(character.reshape(1))[0] for engine in engines)
        if VOCABULARY.idx2char[character] == "\n":  # a blank line ends the plan
            for engine in engines:
                engine.plan(0, plan)
        np.testing.assert_allclose(after[: len(VOCABULARY)], before, atol=1e-4)


def test_it_knows_at_first_which_characters_are_beyond_the_notes_of_a_plan() -> None:
    vocabulary = Vocabulary.of("\nABCDEFGabcdefg,'|")
    told = reach_told(vocabulary).reshape(2, STEPS, -1)

    def beyond(which: int, step: int) -> set[str]:
        return {vocabulary.idx2char[place] for place in np.flatnonzero(told[which, step] < 0)}

    low_d, high_b = 16, 28
    assert beyond(0, low_d) == {"C", ","}
    assert beyond(0, low_d - 2) == set()  # B below: an octave mark is needed
    assert beyond(1, high_b) == {"'"}
    assert beyond(1, high_b - 2) == {"a", "b", "'"}
    assert beyond(0, 0) == beyond(1, 0) == set()


@pytest.mark.parametrize(("kind", "told"), [(NEW, "CDEF"), (COPY, "")])
def test_where_tunes_are_drawn_new_bars_are_kept_from_what_echoes_tell(
    kind: int, told: str
) -> None:
    from abcgen.network.build import (
        LETTERS_TOLD,
        build_network,
        keras,
        load_weights,
        logits_of,
        weights_of,
    )

    first = "X:1\nT:a\nM:C\nL:1/8\nK:C\nC2D2E2F2|"
    text = first + "C2D2E2F2|]\n"
    vocabulary = Vocabulary.of(text)
    sections = [[PlannedBar(NEW), PlannedBar(kind)]]
    table = PlanTable(Plan(sections, [1], 15, 28, style=1))
    symbols = read_text(vocabulary, vocabulary.encode(text).tolist(), planned=True, table=table)
    recipe = Recipe(embedding_dim=4, rnn_sizes=(6,), plan_size=5, plan_strength=1.0)
    logits = []
    weights: dict[str, NDArray[np.float32]] = {}
    for drawing in (False, True):
        network = build_network(recipe, len(vocabulary), 1, len(text), drawing=drawing)
        weights = weights or weights_of(network)
        weights[f"{LETTERS_TOLD}/embeddings"] = letters_told(vocabulary)
        load_weights(network, weights)
        logits.append(keras.ops.convert_to_numpy(logits_of(network)(symbols[None]))[0])
    places, characters = np.nonzero(~np.isclose(*logits, atol=1e-5))
    assert (logits[1] <= logits[0] + 1e-5).all()
    assert "".join(vocabulary.idx2char[one] for one in characters) == told
    # Each is told by the bar before, after what stands before it.
    assert [text[place + 1] for place in places] == list(told)
    assert all(place >= len(first) - 1 for place in places)
