"""How long pickups are."""

from fractions import Fraction

import pytest

from abcgen.errors import UsageError
from abcgen.generation.improvise.pickups import pickup_of
from abcgen.notation.chart import read_chart


def pickup(given: str | None, chords: str = "G | D", meter: str = "4/4", rhythm: str = "") -> str:
    return str(pickup_of(given, read_chart(chords), meter, rhythm))


@pytest.mark.parametrize(
    ("meter", "rhythm", "usual"),
    [
        ("4/4", "reel", "1/4"),
        ("4/4", "", "1/4"),
        ("3/4", "waltz", "1/4"),
        ("6/8", "jig", "1/8"),
        ("2/4", "", "1/8"),
        ("2/4", "polka", "0"),
        ("9/8", "slip jig", "0"),
    ],
)
def test_it_is_that_of_most_tunes(meter: str, rhythm: str, usual: str) -> None:
    assert pickup(None, meter=meter, rhythm=rhythm) == usual


def test_it_is_left_out_where_a_chord_would_stand_in_its_place() -> None:
    assert pickup(None, "G | C D G D") == "0"
    assert pickup(None, "G | C D G / || C | D") == "1/4"
    assert pickup(None, "G | C |1 C D G D :|2 G") == "0"
    with pytest.raises(UsageError, match="no room for the last chord"):
        pickup("1/4", "G | C D G D")
    assert pickup("1/8", "G | C D G D") == "1/8"


@pytest.mark.parametrize("given", ["1/3", "1/16", "5/8", "-1/8", "x", "1/0", "1e9", "", "1"])
def test_what_is_no_pickup(given: str) -> None:
    with pytest.raises(UsageError, match="must be some eighths such as 1/8") as refused:
        pickup(given)
    assert "\n" not in str(refused.value)


def test_a_length_is_a_fraction() -> None:
    assert pickup_of("2/8", read_chart("G"), "4/4", "") == Fraction(1, 4)
    assert pickup("0") == "0"
