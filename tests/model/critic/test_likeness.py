import pytest

from abcgen.model.critic.likeness import likeness_of
from abcgen.model.critic.seen import Measures, SeenTune
from tests.evaluation.telltale.tunes import section, tune


def found_of(*sections: str) -> Measures:
    return likeness_of(SeenTune.of(tune(*sections)))


def test_which_bars_come_back() -> None:
    found = found_of(section("ABCDABEF"), section("GHCDGHEH"))
    assert (found["sections"], found["bars"]) == (2, 16)
    first = {name: value for name, value in found.items() if name.startswith("section 1: bars")}
    alike = [name for name, value in first.items() if value == 1 and name.endswith("alike")]
    assert alike == ["section 1: bars 1 and 5 alike", "section 1: bars 2 and 6 alike"]
    assert found["section 1: different bars"] == 6
    assert found["same, 4 apart"] == pytest.approx(4 / 12)
    assert found["bar 3 as in the first section"] == 1
    assert found["bar 1 as in the first section"] < 0.5
    assert found["bar 2 from the end as there"] == 1


def test_bars_that_are_partly_alike() -> None:
    found = found_of("cdef gfed|cdef gfec")
    assert found["alike, 1 apart"] == pytest.approx(14 / 16)
    assert found["same, 1 apart"] == 0
    assert found["same rhythm, 1 apart"] == 1


def test_a_sequence_is_moved_and_its_model_is_not() -> None:
    assert found_of("cdef gfed|defg agfe")["moved, 1 apart"] == 1
    assert found_of("cdef gfed|cdef gfed")["moved, 1 apart"] == 0
    assert "moved, 1 apart" not in found_of("c4 d4|d4 e4")  # too few notes to be one


def test_places_that_a_tune_lacks_are_left_out() -> None:
    found = found_of(section("AB"))
    assert "section 1: bars 1 and 5 alike" not in found
    assert not any(name.startswith("section 2") for name in found)
