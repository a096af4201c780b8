import pytest

from abcgen.model.critic.harmony import harmony_of
from abcgen.model.critic.seen import SeenTune
from tests.evaluation.telltale.tunes import tune


def test_what_chords_there_are_and_whether_the_melody_agrees() -> None:
    found = harmony_of(SeenTune.of(tune('"C"c4 d4|"F"f4 "G"g2 a2|e8|"C"c8')))
    assert found["chords"] == 4
    assert found["chords of a bar"] == 1
    assert found["bars of several chords"] == found["bars without chords"] == 0.25
    assert found["chord 0"] == 0.5
    assert (found["chord before the last"], found["last chord"]) == (4, 0)
    # d is not of C, a and e not of G.
    assert found["of the chord"] == pytest.approx(4 / 7)
    assert found["first notes of the chord"] == 1
    assert found["time of the chord"] == pytest.approx((4 + 4 + 2 + 8) / 32)


def test_a_tune_without_chords() -> None:
    assert harmony_of(SeenTune.of(tune("c8"))) == {"chords": 0}
