import pytest

from abcgen.errors import UsageError
from abcgen.generation.redraw.bars import barred
from abcgen.generation.redraw.selection import (
    Numbers,
    behind_phrase,
    named,
    one_in_eight,
    read_numbers,
    spans_of,
)
from tests.generation.engines import VOCABULARY

SIXTEEN = barred("X:1\nT:a\nM:2/4\nL:1/8\nK:D\nA|" + "ABcd|" * 15 + "ABc|]\n", VOCABULARY)


@pytest.mark.parametrize(
    ("given", "numbers"),
    [("5,6", {5, 6}), ("1-3, 7", {1, 2, 3, 7}), (5, {5}), ([5, 6, 5], {5, 6}), ("0", {0})],
)
def test_numbers_may_be_text_or_numbers(given: Numbers, numbers: set[int]) -> None:
    assert read_numbers(given) == numbers
    assert read_numbers(spans_of(numbers)) == numbers


@pytest.mark.parametrize("given", ["", ",", "x", "3-1", "-3", "1--2", [], [-1], "1-99999", "1.5"])
def test_nonsense_is_refused(given: Numbers) -> None:
    with pytest.raises(UsageError, match="expected numbers of bars"):
        read_numbers(given)


def test_bars_are_named_or_left_over() -> None:
    assert named(SIXTEEN, "5,6", None) == {5, 6}
    assert named(SIXTEEN, "1-4", "2-3") == {1, 4}
    assert named(SIXTEEN, None, "0-14") == {15, 16}


@pytest.mark.parametrize(
    ("bars", "keep", "words"),
    [
        ("40", None, "no bar 40: the tune has bars 1 to 16, and bar 0, the pickup"),
        (None, "40", "no bar 40"),
        ("5", "5", "no bar would be rewritten"),
        ("0-16", None, "all bars would be rewritten"),
        (None, None, "all bars would be rewritten"),
    ],
)
def test_what_cannot_be_redrawn_is_said(bars: str | None, keep: str | None, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        named(SIXTEEN, bars, keep)


def test_a_variation_has_one_bar_in_eight_and_keeps_the_end() -> None:
    seen = set()
    for seed in range(60):
        first, second = sorted(one_in_eight(SIXTEEN, seed))
        assert 1 <= first <= 8 < second <= 15
        seen |= {first, second}
    assert seen == set(range(1, 16))
    assert one_in_eight(SIXTEEN, 1) == one_in_eight(SIXTEEN, 1)
    with pytest.raises(UsageError, match="one bar"):
        one_in_eight(barred("X:1\nT:a\nM:2/4\nL:1/8\nK:D\nABcd|]\n", VOCABULARY), 1)


def test_an_answer_is_as_long_as_its_phrase() -> None:
    assert behind_phrase(SIXTEEN, frozenset({1, 2, 3, 4})) == {5, 6, 7, 8}
    assert behind_phrase(SIXTEEN, frozenset({0, 1, 2})) == {3, 4}
    for phrase, words in (({1, 3}, "no gaps"), ({13, 14, 15}, "as many behind"), ({0}, "as many")):
        with pytest.raises(UsageError, match=words):
            behind_phrase(SIXTEEN, frozenset(phrase))
