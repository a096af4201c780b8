from fractions import Fraction

import pytest

from abcgen.music.accompaniment.grid import measures_of
from abcgen.music.notes import music_of
from abcgen.notation.tune import read_tune


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("d2|c8|c8|", [(0, 2, 6, -1), (2, 10, 0, 0), (10, 18, 0, 1)]),
        ("c8|c6|c8|c8|", [(0, 8, 0, 0), (8, 14, 0, 1), (14, 22, 0, 2), (22, 30, 0, 3)]),
        ("|:d2|c6:|", [(0, 2, 6, -1), (2, 10, 0, 0), (10, 16, 0, 1)]),
        ("Z2|c8|", [(0, 8, 0, 0), (8, 16, 0, 1), (16, 24, 0, 2)]),
        ("c12|c8|", [(0, 8, 0, 0), (8, 12, 0, 1), (12, 20, 0, 2)]),
    ],
    ids=["pickup", "short", "short and pickup", "rest", "too long"],
)  # fmt: skip
def test_bars_as_they_are_counted(body: str, expected: list[tuple[int, ...]]) -> None:
    music = music_of(read_tune(f"X:1\nM:4/4\nL:1/8\nK:C\n{body}\n"))
    found = [(m.onset * 8, m.end * 8, m.skipped * 8, m.number) for m in measures_of(music.bars)]
    assert found == [tuple(map(Fraction, one)) for one in expected]
