import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.evaluation.likeness.inner_bars import inner_bars_right

HEADER = "X:1\nT:T\nM:2/4\nL:1/8\nK:G\n"


@pytest.mark.parametrize(
    ("music", "right"),
    [
        ("|:G|ABcd|efg:|\n", True),
        ("|:G|ABc|efg:|\n", False),
        ("|:G|ABcde|efg:|\n", False),
        ("ABcde|ABcd|AB|]\n", True),  # only the outer ones are wrong
        ("ABcd|ef||ga|bagf|]\n", True),
        ("|:G|ABcd|[1 e|fgab|c:|[2 e|fga|c||\n", False),
        ("|:G|ABcd|[1 e|fgab|c:|[2 e|fgab|c||\n", True),
        ("|:G|Z4|A>Bcd|efg:|\n", True),
        ("|:G|Z4A|A>Bcd|efg:|\n", False),
        ("|:G|(3ABc d2|efg:|\n", True),
        ("|:G|(3ABcd2|[efg:|\n", False),  # it cannot be read
        ("|:G|ABcd|(3ef:|\n", False),
        ("|:G|ABcd\nM:6/8\nABcdef|g3:|\n", False),
        ("|:G|ABcd|\nM:6/8\nABcdef|g3:|\n", True),
        ("A^^^B", False),
        ("", False),
    ],
)
def test_inner_bars(music: str, right: bool) -> None:
    assert inner_bars_right(HEADER + music) is right


@given(st.text("|:[]12GAz/>(3-\nMK", max_size=40))
def test_whatever_a_network_writes_is_right_or_not(music: str) -> None:
    assert inner_bars_right(HEADER + music) in (True, False)
