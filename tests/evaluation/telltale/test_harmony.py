import math

from abcgen.evaluation.telltale.harmony import chords_of
from abcgen.evaluation.telltale.outline import outline_of
from tests.evaluation.telltale.tunes import section, tune

HARMONIZED = tune('"G"B4 "D7"c4|"Em"d2e2 G4|"D7"ABcA d4|"G"G8', key="G")


def test_chords_and_their_agreement() -> None:
    found = chords_of(outline_of(HARMONIZED))
    assert found["chord on semitone 0"] == found["chord on semitone 7"] == 2 / 5
    assert found["chord on semitone 9"] == found["minor chords"] == 1 / 5
    assert found["seventh chords"] == 2 / 5
    assert found["V to I among changes"] == found["I to V among changes"] == 1 / 4
    assert found["first chord is I"] == found["last chord is I"] == 1
    assert found["chord before the last is V"] == 1
    assert found["chords of a bar"] == 5 / 4
    assert found["bars of several chords"] == 1 / 4
    # Of eleven notes, d over Em and B over D7 are not of the chord.
    assert found["notes of the chord"] == 9 / 11
    assert found["first notes of bars of the chord"] == 3 / 4
    assert found["notes of the chord where it changes"] == 4 / 5
    assert found["long notes of the chord"] == 6 / 7


def test_chords_that_come_back() -> None:
    bars = [f'"{chord}"c8' for chord in ("C", "F", "G", "C", "C", "F", "C", "C")]
    found = chords_of(outline_of(tune("|".join(bars))))
    assert found["first section: chords of bar 5 = bar 1"] == 1
    assert found["first section: chords of bars four apart the same"] == 3 / 4
    assert math.isnan(found["second section: chords of bar 5 = bar 1"])


def test_without_chords_all_are_not_a_number() -> None:
    found = chords_of(outline_of(tune(section("ABCD"))))
    assert all(map(math.isnan, found.values()))
    assert list(found) == list(chords_of(outline_of(HARMONIZED)))
