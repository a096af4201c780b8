import pytest

from abcgen.errors import UsageError
from abcgen.model.recipe import Recipe


def test_a_recipe_survives_its_dictionary() -> None:
    recipe = Recipe(rnn_sizes=(17,) * 3, dropout=0.1)
    assert Recipe.from_dict(recipe.to_dict()) == recipe


@pytest.mark.parametrize(
    "values",
    [
        {"rnn_sizes": (16, 0)},
        {"rnn_sizes": ()},
        {"embedding_dim": -1},
        {"schedule": "cosinus"},
        {"rate_decay": -1.0},
        {"batch_size": -1},
        {"epochs": 1.5},
        {"dropout": 1.0},
        {"learning_rate": 3.0},
        {"warmup": 1.0},
        {"warmup": float("nan")},
        {"clip_norm": float("nan")},
        {"clip_norm": 0.0},
        {"weight_decay": -0.1},
        {"transposed": 1.1},
        {"transposed": float("nan")},
    ],
)
def test_values_that_make_no_network_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(UsageError, match=next(iter(values))):
        Recipe().changed(**values)


def test_a_mistyped_field_gets_a_hint() -> None:
    with pytest.raises(UsageError, match="rnn_sizes"):
        Recipe.from_dict({"rnnsizes": [3]})
