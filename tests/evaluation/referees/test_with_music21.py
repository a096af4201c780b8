from abcgen.evaluation.referees import (
    Music21,
)
from tests.evaluation.referees.tried_tunes import GOOD, HEADER


def test_music21_sees_bars_before_it_splits_them() -> None:
    long_bars = HEADER + "GABc|GABcdefg|GABc|G4|]\n"
    assert Music21().judge([long_bars, GOOD]) == ["bar 2 lasts 1 where 1/2 is due", None]


def test_music21_is_given_no_bar_that_fills_the_memory() -> None:
    endless = GOOD.replace("M:2/4", "M:none") + "GA20002|\n"
    assert Music21().judge([endless]) == ["a note lasts 10001 quarter notes"]


def test_music21_that_cannot_read_is_a_reason() -> None:
    (reason,) = Music21().judge(["X:1\nT:No key\nABC|\n"])
    assert reason is not None and "no active default note length" in reason
