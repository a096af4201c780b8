import pytest

from abcgen.model.recipe import Recipe
from abcgen.training.schedule import learning_rate_at


def test_the_learning_rate_rises_then_falls() -> None:
    recipe = Recipe(learning_rate=0.5, warmup=0.2, epochs=10)
    rates = [learning_rate_at(recipe, epochs, 7) for epochs in range(11)]
    assert max(rates) == rates[2] == 0.5
    assert rates[:3] == sorted(rates[:3])
    assert rates[2:] == sorted(rates[2:], reverse=True)
    assert 0 < rates[-1] < 0.01


def test_other_schedules_of_the_learning_rate() -> None:
    constant = Recipe(learning_rate=0.5, warmup=0.0, schedule="constant")
    assert {learning_rate_at(constant, epochs, 7) for epochs in range(3)} == {0.5}
    inverse = Recipe(learning_rate=0.5, warmup=0.0, schedule="inverse", rate_decay=0.1)
    rates = [learning_rate_at(inverse, epochs, 10) for epochs in range(3)]
    assert rates == pytest.approx([0.5, 0.25, 0.5 / 3])
