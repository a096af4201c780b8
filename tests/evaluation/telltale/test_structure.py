import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.evaluation.telltale.outline import TICKS, BarMelody, outline_of
from abcgen.evaluation.telltale.structure import by_pitch, by_rhythm, structure_of
from tests.evaluation.telltale.tunes import section, tune

NOTES = st.tuples(
    st.one_of(st.none(), st.integers(0, 9)),
    st.sampled_from(["", "^"]),
    st.sampled_from([TICKS // 2, TICKS, 3 * TICKS // 2, 2 * TICKS, 2 * TICKS // 3]),
)
MELODIES = st.lists(NOTES, min_size=1, max_size=8).map(
    lambda notes: BarMelody(tuple(notes), sum(length for _, _, length in notes))
)


def sounding(bar: BarMelody, place: Fraction) -> tuple[int | None, str] | None:
    """Return what sounds at a place, in ticks, found by a walk through the bar."""
    now = 0
    for step, accidental, length in bar.notes:
        if now <= place < now + length:
            return step, accidental
        now += length
    return None


@given(MELODIES, MELODIES)
def test_likeness_by_pitch_is_what_a_walk_finds(one: BarMelody, other: BarMelody) -> None:
    places = [Fraction(TICKS, 2) * n for n in range(math.ceil(max(one.length, other.length) / 24))]
    pairs = [(sounding(one, place), sounding(other, place)) for place in places]
    same = sum(a == b and a is not None for a, b in pairs)
    assert by_pitch(one, other) == pytest.approx(same / len(places))
    assert by_pitch(one, other) == by_pitch(other, one)
    assert by_pitch(one, one) == by_rhythm(one, one) or not one.steps


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("c8", "c4 c4", 1 / 2),
        ("c4 c4", "d4 e4", 1),
        ("cccc c4", "c4 cccc", 2 / 8),
        ("c4 z4", "c8", 1),
    ],
)
def test_likeness_by_rhythm_is_of_onsets(one: str, other: str, alike: float) -> None:
    a, b = outline_of(tune(f"{one}|{other}")).bars
    assert by_rhythm(a, b) == by_rhythm(b, a) == alike


def test_what_comes_back_where() -> None:
    found = structure_of(outline_of(tune(section("ABCDABEH"), section("EFGDEFCH"))))
    assert found["first section: bar 5 = bar 1"] == found["first section: bar 6 = bar 2"] == 1
    assert found["first section: bar 7 = bar 3"] == 0
    assert found["first section: different bars"] == 6
    assert found["second section: bar 6 = bar 2"] == 1
    assert found["second section: bars of the first"] == 5 / 8
    assert found["second section: bar 4 that of the first"] == 1
    assert found["second section: bar 1 that of the first"] == 0
    assert found["bar 1 from the end that of the first section"] == 1
    assert found["bar 2 from the end that of the first section"] == 0
    assert found["bars 4 apart the same"] == 4 / 12
    assert found["different bars / bars"] == 8 / 16


def test_what_a_tune_lacks_is_not_a_number() -> None:
    found = structure_of(outline_of(tune(section("ABC"))))
    for name in (
        "first section: bar 5 = bar 1",
        "second section: bar 2 = bar 1",
        "second section: bars of the first",
        "pitches of bars 4 apart alike",
        "bar 1 from the end that of the first section",
    ):
        assert math.isnan(found[name]), name
    assert found["first section: bar 3 = bar 1"] == 0


def test_sequences_at_several_distances() -> None:
    found = structure_of(outline_of(tune("c2e2 g4|d2f2 a4|e2g2 b4")))
    assert found["sequences of 1 bars before"] == found["bars of 2 before moved"] == 1
    assert math.isnan(found["sequences of 4 bars before"])
