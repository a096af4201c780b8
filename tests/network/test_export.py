import itertools
from pathlib import Path

import numpy as np
import pytest

from abcgen.model.checkpoint import read_checkpoint
from abcgen.model.engine import LiteRTEngine
from abcgen.model.factors.plan import KINDS, NEW, Plan, PlannedBar
from abcgen.model.habits.habits import Habits
from abcgen.model.recipe import Recipe
from abcgen.model.vocabulary import Vocabulary
from abcgen.network.engine import KerasEngine
from abcgen.tunebooks.corpus import read_corpus

pytestmark = pytest.mark.keras


def test_the_engine_costs_less_than_a_hundredth_of_a_bit(tiny: Path, book: Path) -> None:
    """The shipped int8 engine against the Keras weights, on validation tunes."""
    from abcgen.model.vocabulary import END_OF_TUNE

    checkpoint = read_checkpoint(str(tiny))
    tunes = read_corpus([str(book)]).split("validation")
    engines = {"engine": LiteRTEngine.of(checkpoint), "keras": KerasEngine.of(checkpoint)}
    losses = {"engine": 0.0, "keras": 0.0}
    count = 0
    for tune in tunes:
        characters = checkpoint.vocabulary.encode(END_OF_TUNE + tune + END_OF_TUNE)
        for name, engine in engines.items():
            engine.reset(0)
            for character, target in itertools.pairwise(characters):
                logits = engine.step(character.reshape(1))[0].astype(float)
                losses[name] += float(np.log(np.exp(logits).sum()) - logits[target])
        count += len(characters) - 1
    assert abs(losses["engine"] - losses["keras"]) / count / np.log(2) < 0.01


@pytest.mark.parametrize("kind", range(1, KINDS))
def test_the_engine_goes_by_a_plan_as_keras_does(kind: int) -> None:
    """Without int8, to what floats round; in a bar of each kind, which is made of the first."""
    from abcgen.network.build import build_network, load_weights, weights_of
    from abcgen.network.export import exported

    text = 'X:1\nT:a\nM:C\nL:1/8\nK:C\n"C"C2D2E2F2|"C"D2E2F2G2|C2D2E2F2|]\n\n'
    vocabulary = Vocabulary.of(text)
    recipe = Recipe(embedding_dim=4, rnn_sizes=(6,), plan_size=5, plan_strength=1.5)
    network, twin = (
        build_network(recipe, len(vocabulary), 1, 1, drawing=drawing) for drawing in (False, True)
    )
    numbers = np.random.default_rng(kind)
    weights = {
        path: values if path.startswith("plan_target") else numbers.normal(0, 0.5, values.shape)
        for path, values in weights_of(network).items()
    }
    for one in (network, twin):
        load_weights(one, weights)
    plan = Plan([[PlannedBar(NEW), PlannedBar(kind, 0, 0, 1), PlannedBar(NEW)]], [1], 15, 28, 2)
    habits = Habits(vocabulary)
    for added in habits.added.values():
        added[:] = numbers.normal(size=added.shape)
    with exported(network, recipe, quantize=False) as file:
        of = recipe, vocabulary
        engines = (
            LiteRTEngine(file, *of, habits=habits.tables()),
            KerasEngine(twin, *of, habits=habits.tables()),
        )
        for engine in engines:
            engine.reset(0)
            engine.plan(0, plan)
        for character in vocabulary.encode(text):
            one, other = (engine.step(character.reshape(1)) for engine in engines)
            np.testing.assert_allclose(one, other, atol=1e-4)
