"""Chord symbols stand before the notes that they begin with."""

from fractions import Fraction

import pytest

from abcgen.formats.bar_text import UNIT, Accidentals, Event, Head, bar_text
from abcgen.formats.chord_places import with_chords


def written(
    lengths: str, *chords: tuple[float, str], begin: int = 0, origin: int = 0, grace: str = ""
) -> str:
    """Return notes c of lengths in eighths, z before one for a rest, with chords at eighths."""
    events, now = [], Fraction(begin * UNIT)
    for length in lengths.split():
        heads = [] if length.startswith("z") else [Head("c", 0)]
        events.append(Event(heads, Fraction(length.strip("z")) * UNIT, now, grace))
        now += events[-1].length
    timed = [(int(place * UNIT), symbol) for place, symbol in chords]
    return bar_text(with_chords(events, timed, origin * UNIT), Accidentals("C"), "4/4", 0)


@pytest.mark.parametrize(
    ("lengths", "chords", "text"),
    [
        ("4 4", [(0, "C"), (4, "F")], '"C"c4 "F"c4'),
        ("8", [(0, "C"), (4, "F")], '"C"c4-"F"c4'),
        ("8", [(2, "F")], 'c2-"F"c6'),
        ("z8", [(0, "C"), (6, "F")], '"C"z6 "F"z2'),
        ("8", [(0, "C"), (2, "D"), (4, "E")], '"C"c2-"D"c2-"E"c4'),
        # Behind the last note there is nothing to stand before.
        ("2 2", [(4, "G")], "c2c2"),
        # A place within an eighth, or in a triplet: the next note has the symbol.
        ("4 4", [(0.5, "G")], 'c4 "G"c4'),
        ("2/3 2/3 2/3 2", [(1, "G")], '(3cc"G"c c2'),
        # The last of two for one note.
        ("4 4", [(1.5, "C"), (4, "G")], 'c4 "G"c4'),
    ],
)
def test_where_a_symbol_stands(lengths: str, chords: list[tuple[float, str]], text: str) -> None:
    assert written(lengths, *chords).replace(" ", "") == text.replace(" ", "")


def test_grace_notes_stay_with_the_first_part_and_behind_the_symbol() -> None:
    assert written("8", (0, "C"), (4, "F"), grace="{g}") == '"C"{g}c4-"F"c4'


def test_eighths_are_counted_from_the_full_bar() -> None:
    """In a pickup of a sixteenth and an eighth, places are counted back from the bar line."""
    assert with_chords([Event([Head("c", 0)], UNIT * 3 // 2, 0)], [(UNIT // 2, "G")], -UNIT // 2)[
        1
    ].onset == (UNIT // 2)


def test_a_note_that_was_tied_is_still_tied_when_it_is_cut() -> None:
    first, second = with_chords(
        [Event([Head("c", 0, True, True)], 8 * UNIT, 0)], [(4 * UNIT, "G")], 0
    )
    assert [(one.heads[0].tied, one.heads[0].continued) for one in (first, second)] == [
        (True, True),
        (True, True),
    ]
