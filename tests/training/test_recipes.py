import pytest

from abcgen.errors import UsageError
from abcgen.model.recipe import Recipe
from abcgen.training.recipes import HELP, find_recipe


def test_every_field_is_explained() -> None:
    assert set(HELP) == set(Recipe().to_dict()) - {"name"}


def test_a_mistyped_name_gets_a_hint() -> None:
    with pytest.raises(UsageError, match="folk"):
        find_recipe("flok")
