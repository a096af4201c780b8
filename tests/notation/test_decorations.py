"""Decorations: one name for each sign."""

import pytest

from abcgen.notation.decorations import name_of


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (".", "staccato"),
        ("~", "roll"),
        ("T", "trill"),
        ("!trill!", "trill"),
        ("+trill+", "trill"),
        ("!>!", "accent"),
        ("!emphasis!", "accent"),
        ("!+!", "plus"),
        ("!<(!", "crescendo("),
        ("!D.C.!", "D.C."),
        ("k", "k"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert name_of(text) == name
