import math

import pytest

from abcgen.evaluation.telltale.motion import degrees_of, range_of, rhythm_of, steps_of
from abcgen.evaluation.telltale.outline import outline_of
from abcgen.evaluation.telltale.shares import FIDDLE, WHISTLE
from tests.evaluation.telltale.tunes import tune


def test_range() -> None:
    found = range_of(outline_of(tune("C4 c4", "e4 g4", key="G")))
    assert (found["lowest note"], found["highest note"], found["span in semitones"]) == (60, 79, 19)
    assert (found[WHISTLE], found[FIDDLE]) == (0, 1)
    assert found["notes below D4"] == 1 / 4
    assert found["lowest note above the tonic"] == 5
    assert found["second section higher, in steps"] == 6.5
    assert found["second section reaches higher, in steps"] == 4
    assert found["second section reaches lower, in steps"] == -9
    assert math.isnan(range_of(outline_of(tune("c8")))["second section higher, in steps"])


def test_rhythm() -> None:
    found = rhythm_of(outline_of(tune("c2d2 e2f2|c4 d2z2|c>d (3efg c4")))
    assert found["notes of eighths: 2"] == 5 / 12
    assert found["notes of eighths: 0.667"] == 3 / 12
    assert found["notes of eighths: 1.5"] == found["notes of eighths: 0.5"] == 1 / 12
    assert found["notes of a bar"] == 4
    assert (found["notes of the fullest bar"], found["notes of the emptiest bar"]) == (6, 2)
    assert found["rests"] == 1 / 13
    assert found["bars of equal notes"] == found["bars of the commonest rhythm"] == 1 / 3
    assert found["longest note in eighths"] == 4
    assert found["first note of a bar in eighths"] == pytest.approx((2 + 4 + 1.5) / 3)


def test_degrees() -> None:
    found = degrees_of(outline_of(tune("G2B2 d2^c2|A8", key="G")))
    assert found["semitones above the tonic: 0"] == found["semitones above the tonic: 6"] == 1 / 5
    assert found["notes outside of the scale"] == found["accidentals"] == 1 / 5
    assert found["bars begin on degree 1"] == found["bars begin on degree 2"] == 1 / 2
    assert found["notes of the tonic's triad"] == 3 / 5
    assert degrees_of(outline_of(tune("A4 c4", key="Am")))["notes of the tonic's triad"] == 1


def test_steps_and_leaps() -> None:
    found = steps_of(outline_of(tune("c2c2 d2c2|g2e2 c4", key="C")))
    assert found["semitones to the next note: 7"] == 1 / 6
    assert found["repeated notes"] == 1 / 6
    assert found["steps of the scale"] == 2 / 6
    assert found["leaps"] == 3 / 6
    assert found["two leaps one way"] == 1 / 5  # down from g
    assert found["turns"] == 3 / 5
    assert found["leaps answered by a turn"] == 1 / 2
    assert found["there and back"] == 1 / 5
    assert found["longest run one way"] == 2
    assert found["steps over bar lines"] == 4
