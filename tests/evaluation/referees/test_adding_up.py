from fractions import Fraction

import pytest

from abcgen.evaluation.referees.adding_up import BarLine, Meter, bar_complaint


def _symbols(text: str) -> list[Fraction | Meter | BarLine]:
    """Read `M4/4 8 | 8`: metres, bars by their length in eighths, and bar lines."""
    lines = {
        "|": BarLine(),
        "|:": BarLine(opens=True),
        ":|": BarLine(closes=True),
        "::": BarLine(opens=True, closes=True),
        "||": BarLine(double=True),
        "[": BarLine(ending=True, drawn=False),
        "|[": BarLine(ending=True),
    }
    return [
        lines[word]
        if word in lines
        else Meter(Fraction(word[1:]))
        if word[0] == "M"
        else Fraction(int(word), 8)
        for word in text.split()
    ]


@pytest.mark.parametrize(
    "text",
    [
        "M4/4 8 | 8 | 4 4 ||",
        "M4/4 2 | 8 | 6 ||",
        "M4/4 |: 2 | 8 | 6 :| |: 2 | 8 | 6 :|",
        "M4/4 2 | 8 | 6 :: 2 | 8 | 6 :|",
        "M4/4 |: 8 | 8 |[ 8 :| [ 8 || |: 8 | 8 :|",
        "M4/4 |: 2 | 8 | 8 |[ 6 :| [ 6 || 2 | 8 | 6 ||",
        "M4/4 |: 2 | 8 | 4 [ 2 :| [ 2 :| |: 2 | 6 :|",  # endings that begin inside of a bar
        "M4/4 |: 2 | 8 | 4 || 4 | 6 :|",  # a double line inside of a bar
        "M4/4 2 | 8 | 8 ||",  # the last bar may be full
        "M4/4 2 | 8 |[ 6 :| [ 8 ||",
        "M4/4 |: 2 | 8 | 6 :| M6/8 |: 1 | 6 | 5 :|",
        "M4/4 |: 2 | 8 | M6/8 6 | M4/4 8 | 6 :|",
        "8 | 3 | 5 ||",  # no metre, no measure
    ],
)
def test_right_bars(text: str) -> None:
    assert bar_complaint(_symbols(text)) is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("M4/4 8 | 7 | 8 ||", "bar 2 lasts 7/8 where 1 is due"),
        ("M4/4 9 | 8 | 8 ||", "bar 1 lasts 9/8 where 1 is due"),
        ("M4/4 8 | 8 | 6 ||", "the last bar lacks 1/4, but the tune begins with a pickup of 0"),
        ("M4/4 2 | 8 | 5", "the last bar lacks 3/8, but the tune begins with a pickup of 1/4"),
        ("M4/4 2 | 8 | 8 :|", "bar 2 lacks 0, but its repeat begins with a pickup of 1/4"),
        ("M4/4 2 | 8 | 6 :| 4 | 8 | 4 :|", "bar 2 lasts 1/2 where 1/4 is due"),
        ("M4/4 8 | 8 :| 2 | 8 | 6 :|", "bar 2 lasts 1/4 where 1 is due"),
        ("M4/4 8 |[ 8 :| [ 6 ||", "the last bar lacks 1/4, but the tune begins with a pickup of 0"),
        ("M4/4 8 |[ 6 :| [ 8 ||", "bar 2 lacks 1/4, but its repeat begins with a pickup of 0"),
        ("M4/4 8 | M6/8 8 | 6 ||", "bar 2 lasts 1 where 3/4 is due"),
        ("M4/4", "it holds no note"),
    ],
)
def test_wrong_bars(text: str, complaint: str) -> None:
    assert bar_complaint(_symbols(text)) == complaint
