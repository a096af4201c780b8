from fractions import Fraction

import pytest

from abcgen.errors import NotationError
from abcgen.notation.fields import MeterField, apart, read_meter_field, read_unit, rest_of


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("C", MeterField("C")),
        ("C|", MeterField("C|")),
        ("c|", MeterField("C|")),
        (" 6 / 8 ", MeterField("6/8")),
        ("2+3/8", MeterField("5/8")),
        ("2+2+3/8", MeterField("7/8")),
        ("(2+3+2)/8", MeterField("7/8")),
        ("2/4 + 3/8", MeterField("7/8")),
        ("6/8 (slow)", MeterField("6/8", rest="(slow)")),
        ('"brisk" 2/4', MeterField("2/4")),
        ("none", MeterField("4/4", free=True)),
        ("3", MeterField("4/4", free=True, rest="3")),
        ("7/5", MeterField("4/4", free=True, rest="7/5")),
        ("words", MeterField("4/4", free=True, rest="words")),
    ],
)
def test_metres(written: str, read: MeterField) -> None:
    assert read_meter_field(written) == read


@pytest.mark.parametrize(
    ("written", "unit"), [("1", 1), ("1/1", 1), ("1/512", Fraction(1, 512)), ("1 / 8 (or so)", 0)]
)
def test_units(written: str, unit: Fraction) -> None:
    assert read_unit(written) == (unit or Fraction(1, 8))
    assert rest_of("L", written) == ("" if unit else "(or so)")


@pytest.mark.parametrize("written", ["1/7", "1/1024", "3/8", "2", "x", ""])
def test_what_is_no_unit(written: str) -> None:
    with pytest.raises(NotationError, match="unit note length"):
        read_unit(written)


def test_fields_on_one_line_are_taken_apart() -> None:
    assert apart("M", "4/4 L: 1/8  K:G") == [("M", "4/4"), ("L", "1/8"), ("K", "G")]
    assert apart("L", "1/8") == [("L", "1/8")]
    assert apart("T", "K: L: M:") == [("T", "K: L: M:")]
