"""Beams: which begin, go on and end at each note."""

from fractions import Fraction

import pytest

from abcgen.notation.beams import beams_of
from abcgen.notation.values import Value

SHORT = {
    "begin": "b",
    "continue": "c",
    "end": "e",
    "forward hook": "f",
    "backward hook": "k",
}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param("8", "-", id="a single note has a flag"),
        pytest.param("8 8 8", "b c e", id="eighths"),
        pytest.param("16 16 16 16", "bb cc cc ee", id="sixteenths"),
        pytest.param("8 16 16", "b cb ee", id="a second beam in the group"),
        pytest.param("16 16 8", "bb ce e", id="a second beam that ends"),
        pytest.param("8. 16", "b ek", id="a hook back to the dotted note"),
        pytest.param("16 8.", "bf e", id="a hook on to the dotted note"),
        pytest.param("8. 16 8. 16", "b ck c ek", id="dotted twice"),
        pytest.param("16 8. 8. 16", "bf c c ek", id="both ways"),
        pytest.param("8 16 8", "b ck e", id="a hook between equal notes"),
        pytest.param("8 16 8.", "b cf e", id="a hook before a dotted note"),
        pytest.param("8.. 32", "b ekk", id="two hooks"),
    ],
)
def test_states(values: str, expected: str) -> None:
    group = [
        Value(Fraction(1, int(value.rstrip("."))), value.count(".")) for value in values.split()
    ]
    states = ["".join(SHORT[state] for state in note) or "-" for note in beams_of(group)]
    assert " ".join(states) == expected
