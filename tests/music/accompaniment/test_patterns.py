from fractions import Fraction

import pytest

from abcgen.music.accompaniment.patterns import pattern_of, rhythm_in
from abcgen.notation.rhythms import CUSTOMARY_METERS, RHYTHMS
from abcgen.notation.tune import read_meter


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Reel", "reel"),
        ("double jig", "jig"),
        ("Slip Jigs", "jig"),
        ("single jig", "slide"),
        ("Slow Air", "air"),
        ("barn dance", "schottische"),
        ("Highland fling", "schottische"),
        ("fair", ""),
        ("", ""),
    ],
)
def test_the_rhythm_that_a_field_names(text: str, expected: str) -> None:
    assert rhythm_in(text) == expected


@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_every_dance_begins_with_the_bass_and_fills_its_bars(rhythm: str) -> None:
    for meter in {"3/4", "2/4", "6/4", "12/8", *CUSTOMARY_METERS.get(rhythm, ())}:
        signs, places = zip(*pattern_of(rhythm_in(rhythm), meter), strict=True)
        assert signs[0] == "B"
        assert places == tuple(sorted(set(places)))
        length = read_meter(meter)
        assert length - Fraction(3, 8) <= places[-1] < length
