from fractions import Fraction

import pytest

from abcgen.generation.redraw.bars import barred
from abcgen.generation.redraw.drawing import Drawing
from abcgen.generation.redraw.taste import beat_of, notes_of, pitch_at, taste_of
from tests.generation.engines import VOCABULARY

TUNE = barred("X:1\nT:a\nM:4/4\nL:1/8\nK:D\nDEFG A2d2|e4f4|g8|d8|]\n", VOCABULARY)


def test_a_variation_pays_for_each_note_that_changes_on_a_beat() -> None:
    taste = taste_of(TUNE, Drawing(frozenset({1, 2}), 1, strictness=0.5))
    assert taste is not None
    assert taste(["DEFG A2d2", "e4f4"]) == 0
    assert (
        taste(["DAFA ABde", "e4f2g2"]) == 0 - 0.5 * 0
    )  # nothing changes on a beat that has a note
    assert taste(["DEFG B2d2", "e4g4"]) == -1
    assert taste(["DEFG z2d2", "z8"]) == -1.5
    assert taste_of(TUNE, Drawing(frozenset({1}), 1)) is None


def test_an_answer_begins_like_its_phrase_and_ends_on_the_tonic() -> None:
    drawing = Drawing(frozenset({3, 4}), 1, phrase=frozenset({1, 2}))
    taste = taste_of(TUNE, drawing)
    assert taste is not None
    best = taste(["DEFG A2d2", "e4d4"])
    assert best > taste(["DEFG A2d2", "e4f4"]) > taste(["f8", "e4f4"])
    assert best == taste(["DEFG A2d2", "A4D4"])
    assert best > taste(["DEFG A4", "e4d4"]) > taste(["f8", "e4d4"])


@pytest.mark.parametrize(
    ("meter", "beat"), [("6/8", "3/8"), ("4/4", "1/4"), ("C|", "1/2"), ("2/4", "1/4")]
)
def test_beats(meter: str, beat: str) -> None:
    assert beat_of(meter) == Fraction(beat)


def test_notes_of_a_bar_are_in_its_key_and_the_highest_counts() -> None:
    notes = notes_of('"D"F2[Ac]2 z2^d2-', "D", "4/4", "1/8")
    assert [note.pitch for note in notes] == [66, 73, 75]
    quarter = Fraction(1, 4)
    assert [pitch_at(notes, beat * quarter) for beat in range(4)] == [66, 73, None, 75]
