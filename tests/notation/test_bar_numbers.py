"""Bars are counted as musicians do."""

import pytest

from abcgen.notation.bar_numbers import section_numbers

SHORT, FULL = True, False


@pytest.mark.parametrize(
    ("bars", "endings", "before", "numbers"),
    [
        pytest.param([FULL, FULL], [], 0, [1, 2], id="full bars"),
        pytest.param([SHORT, FULL, SHORT], [], 0, [0, 1, 2], id="a pickup"),
        pytest.param([SHORT, FULL, SHORT], [], 8, [8, 9, 10], id="the pickup of a later section"),
        pytest.param([FULL], [[FULL, FULL], [FULL]], 0, [1, 2, 3, 4], id="endings"),
        pytest.param([FULL, SHORT], [[SHORT], [SHORT]], 0, [1, 2, 2, 2], id="endings in a bar"),
        pytest.param([FULL], [[SHORT], [SHORT]], 0, [1, 2, 3], id="short endings"),
    ],
)
def test_numbers(
    bars: list[bool], endings: list[list[bool]], before: int, numbers: list[int]
) -> None:
    assert section_numbers(bars, endings, before) == numbers
