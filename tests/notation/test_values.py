"""Note values: what a length is written as."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.notation.values import Ratio, Value, implied_ratio, values_of, written_as

F = Fraction
WHOLE, HALF, QUARTER, EIGHTH, SIXTEENTH = (F(1, 2**n) for n in range(5))


@pytest.mark.parametrize(
    ("length", "values"),
    [
        (F(1, 4), [Value(QUARTER)]),
        (F(3, 8), [Value(QUARTER, 1)]),
        (F(7, 8), [Value(HALF, 2)]),
        (F(5, 8), [Value(HALF), Value(EIGHTH)]),
        (F(9, 8), [Value(WHOLE), Value(EIGHTH)]),
        (F(11, 16), [Value(HALF), Value(EIGHTH, 1)]),
        (F(15, 16), [Value(HALF, 1), Value(EIGHTH, 1)]),
        (F(2), [Value(F(2))]),
        (F(4), [Value(F(2), 1), Value(WHOLE)]),
        (F(1, 128), [Value(F(1, 128))]),
    ],
)
def test_a_length_as_values(length: Fraction, values: list[Value]) -> None:
    assert list(values_of(length)) == values


@given(st.integers(1, 4096), st.integers(6, 10))
def test_values_make_up_the_length_with_the_longest_first(above: int, power: int) -> None:
    length = F(above, 2**power)
    values = values_of(length)
    assert sum(value.length for value in values) == length
    assert sorted(values, key=lambda value: -value.length) == list(values)
    assert len(values) == 1 or all(value.dots < 2 for value in values)


@pytest.mark.parametrize(
    ("length", "ratio"),
    [(F(1, 8), None), (F(3, 16), None), (F(1, 12), Ratio(3, 2)), (F(3, 40), Ratio(5, 4))],
)
def test_a_ratio_that_only_the_length_tells(length: Fraction, ratio: Ratio | None) -> None:
    assert implied_ratio(length) == ratio


@pytest.mark.parametrize(
    ("duration", "ratio", "expected"),
    [
        (F(1, 12), Ratio(3, 2), (Ratio(3, 2), [(Value(EIGHTH), F(1, 12))])),
        (F(1, 8), Ratio(3, 2), (Ratio(3, 2), [(Value(EIGHTH, 1), F(1, 8))])),
        (F(1, 12), None, (Ratio(3, 2), [(Value(EIGHTH), F(1, 12))])),
        (F(1, 36), Ratio(3, 2), (Ratio(9, 4), [(Value(SIXTEENTH), F(1, 36))])),
    ],
)
def test_in_a_tuplet(duration: Fraction, ratio: Ratio | None, expected: tuple) -> None:
    found, values = written_as(duration, ratio)
    assert (found, list(values)) == expected


@pytest.mark.parametrize(("base", "beams"), [(F(2), 0), (QUARTER, 0), (EIGHTH, 1), (F(1, 64), 4)])
def test_beams_of_a_value(base: Fraction, beams: int) -> None:
    assert Value(base, 1).beams == beams
