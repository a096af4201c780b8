import math

from abcgen.evaluation.telltale.cadence import cadence_of, form_of
from abcgen.evaluation.telltale.outline import outline_of
from abcgen.evaluation.telltale.shares import AUTHENTIC
from tests.evaluation.telltale.tunes import section, tune


def degrees(found: dict[str, float], name: str) -> list[int]:
    return [degree for degree in range(1, 8) if found[f"{name} degree {degree}"] == 1]


def test_where_sections_and_halves_end() -> None:
    found = cadence_of(outline_of(tune(section("ABCDABCH"), section("ABCEABCD"))))
    assert degrees(found, "first section ends on") == [1]  # GFED C4
    assert degrees(found, "last section ends on") == [5]  # fedc B2G2
    assert degrees(found, "first section: bar 4 ends on") == [5]
    assert degrees(found, "last section: bar 4 ends on") == [6]  # cBcd efga
    assert degrees(found, "tune begins on") == [1]
    assert found["first section: last note in eighths"] == 4
    assert found["sections that end on the tonic"] == 1 / 2
    assert found["last section: last note above the first, in steps"] == -3
    assert found["last step in semitones"] == -4
    assert math.isnan(found[AUTHENTIC])


def test_degrees_count_from_the_tonic_of_the_key() -> None:
    found = cadence_of(outline_of(tune(section("ABCDABCH"), key="Am")))
    assert degrees(found, "last section ends on") == [3]
    assert degrees(found, "last section: bar 4 ends on") == [7]


def test_v_i() -> None:
    assert cadence_of(outline_of(tune('"G"d8|"C"c8')))[AUTHENTIC] == 1
    assert cadence_of(outline_of(tune('"F"d8|"C"c8')))[AUTHENTIC] == 0


def test_form() -> None:
    with_pickup = tune("G|" + section("ABCDABC") + "|GFED C3", section("ABCD"))
    found = form_of(outline_of(with_pickup))
    assert (found["sections"], found["bars"]) == (2, 12)
    assert (found["bars of the first section"], found["bars of the second section"]) == (8, 4)
    assert found["sections of eight bars"] == found["sections with a pickup"] == 1 / 2
    assert found["length of the pickups in eighths"] == 1
    assert found["short last bars"] == 1 / 2
    assert found["sections with the first one's pickup"] == 0
    assert found["repeated sections"] == 1
    assert (found["tonic above C"], found["minor mode"]) == (0, 0)
    changed = form_of(outline_of(tune("c8|c8|\nK:Am\nc8|c8")))
    assert changed["bars in another key"] == 1 / 2
    assert form_of(outline_of(tune("c8", key="Edor")))["minor mode"] == 1
