"""Bars are written with the accidentals, ties, tuplets and beams that they need."""

from fractions import Fraction

import pytest

from abcgen.errors import NotationError
from abcgen.formats.bar_text import QUARTER, UNIT, Accidentals, Event, Head, bar_text

A, B, SHARP = Head("A", 0), Head("B", 0), Head("F", 1)


def text_of(
    *timed: tuple[Head | None, int | Fraction], meter: str = "4/4", key: str = "C", origin: int = 0
) -> str:
    now: int | Fraction = 0
    events = []
    for head, length in timed:
        events.append(Event([head] if head else [], length, now))
        now += length
    return bar_text(events, Accidentals(key), meter, origin)


def test_lengths_and_beams() -> None:
    assert text_of(*[(A, UNIT)] * 8) == "AAAA AAAA"
    assert text_of(*[(A, UNIT)] * 6, meter="6/8") == "AAA AAA"
    assert text_of(*[(A, UNIT)] * 4, meter="2/4") == "AA AA"
    assert text_of((A, 3 * UNIT // 2), (B, UNIT // 2), (None, QUARTER)) == "A3/2B/2z2"
    # A pickup has the last beats of a bar.
    assert text_of(*[(A, UNIT)] * 6, origin=-2 * UNIT) == "AA AAAA"


def test_a_length_that_is_not_safe_is_tied() -> None:
    assert text_of((A, 5 * UNIT), (B, 3 * UNIT)) == "A4-AB3"
    assert text_of((Head("A", 0, tied=True), 9 * UNIT)) == "A8-A-"


def test_a_length_that_is_not_safe_is_tied_within_a_tuplet() -> None:
    assert text_of((A, QUARTER // 6), (B, 5 * QUARTER // 6)) == "(3A/2B2-B/2"
    assert text_of((None, 5 * QUARTER // 6), (A, QUARTER // 6)) == "(3z2z/2A/2"
    # Parts are counted among the notes.
    assert text_of((A, 7 * QUARTER // 12), (B, 5 * QUARTER // 12)) == "(3:2:4A3/2-A/4B-B/4"


def test_accidentals_hold_to_the_end_of_the_bar_and_over_ties() -> None:
    natural = Head("F", 0)
    assert text_of((SHARP, UNIT), (SHARP, UNIT), (natural, UNIT)) == "^FF=F"
    assert text_of((Head("F", 1, continued=True), UNIT), (natural, UNIT)) == "FF"
    assert text_of((Head("F", 2), UNIT), (Head("f", -2), UNIT)) == "^^F__f"
    assert Accidentals("C").written(SHARP, passing=True) == "^F"


def test_groups_with_ties_of_some_notes() -> None:
    both = [Head("A", 0, tied=True), Head("c", 0, tied=True)]
    one = [Head("A", 0, tied=True), Head("c", 0)]
    bar = Accidentals("C")
    assert bar.group(both, Fraction(2)) == "[Ac]2-"
    assert bar.group(one, Fraction(2)) == "[A-c]2"


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ([3, 3, 3], "(3AAA"),
        ([6, 3], "(3:2:2A2A"),
        ([5, 5, 5, 5, 5], "(5:4:5AAAAA"),
        ([7] * 7, "(7:4:7" + "A" * 7),
    ],
)
def test_tuplets(parts: list[int], text: str) -> None:
    whole = {3: 2, 5: 4, 7: 4}[parts[-1]]
    lengths = [Fraction(whole * UNIT * part, sum(parts)) for part in parts]
    assert text_of(*((A, length) for length in lengths)) == text


def test_a_long_note_into_a_triplet_is_cut_at_the_beats() -> None:
    """Else a tuplet of half a bar would be written, with lengths that nobody reads."""
    third = Fraction(QUARTER, 3)
    assert text_of((A, 3 * QUARTER + 2 * third), (B, third)) == "A6-(3:2:2A2B"
    assert text_of((None, QUARTER + third), (A, 2 * third)) == "z2(3:2:2zA2"
    # Triplets of longer notes stay what they are.
    assert text_of(*[(A, 2 * third)] * 3) == "(3A2A2A2"


def test_a_tuplet_over_the_bar_line_is_refused() -> None:
    with pytest.raises(NotationError, match="over a bar line"):
        text_of((A, Fraction(2 * UNIT, 3)))
    with pytest.raises(NotationError, match="no tuplet"):
        text_of(*[(A, Fraction(UNIT, 11))] * 11)
