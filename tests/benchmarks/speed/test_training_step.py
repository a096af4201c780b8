import pytest

from abcgen.model.recipe import Recipe
from benchmarks.speed.training_step import all_layers, keras_steps, our_steps

pytestmark = pytest.mark.keras


def test_a_network_that_goes_by_plans_has_a_step_to_measure() -> None:
    last = Recipe(
        embedding_dim=4, rnn_sizes=(6,), plan_size=5, plan_alone=True, batch_size=2, seq_length=3
    )
    recipe = all_layers(last)
    assert our_steps(recipe, 9)(1) > 0
    assert keras_steps(recipe, 9)(1) > 0
