from fractions import Fraction

import pytest

from abcgen.music.notes import music_of
from abcgen.music.timeline import Beat, beat_of, beats_of, moments_of
from abcgen.notation.tune import read_tune

ENDINGS = "X:1\nT:a\nM:2/4\nL:1/4\nK:C\nC|:D E|[1 F2:|[2 [GB] z|]\n"


@pytest.mark.parametrize(
    ("meter", "beat"),
    [("4/4", "1/4"), ("C|", "1/2"), ("6/8", "3/8"), ("3/2", "1/2"), ("7/8", "1/8")],
)
def test_the_beat_of_a_metre(meter: str, beat: str) -> None:
    assert beat_of(meter) == Fraction(beat)


def test_moments_are_played_notes_at_their_places_in_the_text() -> None:
    moments = list(moments_of(read_tune(ENDINGS)))
    assert "".join(ENDINGS[moment.offset] for moment in moments) == "CDEFDE[z"
    assert [moment.bar for moment in moments] == [0, 1, 1, 2, 1, 1, 3, 3]
    quarters = [4 * moment.onset for moment in moments]
    assert quarters == [0, 1, 2, 3, 5, 6, 7, 8]
    assert 4 * moments[3].duration == 2


def test_a_pickup_has_the_last_beats_of_a_bar() -> None:
    beats = list(beats_of(music_of(read_tune(ENDINGS)).bars))
    assert beats[:3] == [
        Beat(Fraction(0), False),
        Beat(Fraction(1, 4), True),
        Beat(Fraction(1, 2), False),
    ]
    assert len(beats) == 9
