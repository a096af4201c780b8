import math

import pytest

from abcgen.model.critic.melody import melody_of
from abcgen.model.critic.seen import SeenTune
from tests.evaluation.telltale.tunes import section, tune


def test_steps_degrees_and_lengths() -> None:
    found = melody_of(SeenTune.of(tune("c2 d2 e2 G2|c8")))
    assert found["step 1"] == pytest.approx(2 / 4)
    assert found["step -5"] == pytest.approx(1 / 4)
    assert found["leaps"] == 0
    assert found["degree 0"] == pytest.approx(2 / 5)
    assert found["first degree 0"] == 1
    assert found["steps over bar lines"] == 3
    assert found["length 96"] == pytest.approx(4 / 5)  # quarters, of 1/384 notes
    assert found["notes of a bar"] == 2.5
    assert found["turns"] == pytest.approx(2 / 3)
    assert found["longest run"] == 2
    assert found["variety of steps"] == pytest.approx(math.log2(3))


def test_how_sections_end() -> None:
    found = melody_of(SeenTune.of(tune(section("ABCDABEF"), section("GH"))))
    assert found["section 2: last degree"] == 0
    assert found["section 2: last length"] == 4
    assert found["section 1: last length"] == 1
    assert found["section 2: notes of the last bar"] == 5
    assert found["section 1: half: last degree"] == 4
    assert found["section 2: lowest"] == found["lowest"]
    assert found["second section higher"] < -5


def test_rests_are_no_notes() -> None:
    found = melody_of(SeenTune.of(tune("z4 c4|z8|d8")))
    assert found["rests"] == 0.5
    assert "step 1" not in found  # of two notes nothing is said
