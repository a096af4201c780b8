from abcgen.melodies.melody import melody_of
from tests.melodies.known import HEADER


def test_steps_count_down_and_in_each_ending_once() -> None:
    melody = melody_of(HEADER + "|:C2D2 z2 [CG]2|[1 E8:|\n[2 E4 C4|]\n")
    assert melody.steps == [(2, 2, 1), (5, 1, 2), (-3, 4, 1), (0, 1, 2), (-4, 1, 1)]
    assert melody.bars == [1, 1, 1, 2, 3, 3]
