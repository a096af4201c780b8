import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.grammar.alphabet import EVERYTHING, GRID, Alphabet, lengths_of
from abcgen.grammar.header import (
    CHORD_METERS,
    KEYS,
    METERS,
    MOST_IN_TITLE,
    TITLE_CHARACTERS,
    UNITS,
    Header,
    continuations,
)
from abcgen.grammar.wishes import ANYTHING, Wishes
from abcgen.notation.keys import fifths_of, spell_key
from abcgen.notation.rhythms import CUSTOMARY_METERS, HORNPIPE, HORNPIPE_METERS, RHYTHMS
from abcgen.notation.tune import read_meter, read_unit
from tests.walks import some_alphabet, some_wishes

SPELLED = "X:12\nT:Made Up No. 1\nR:jig\nM:6/8\nL:1/8\nK:Ador\n"


def read(text: str, wishes: Wishes = ANYTHING, alphabet: Alphabet = EVERYTHING) -> Header:
    """Return the place after a text; each of its characters must be allowed."""
    place = Header(wishes, alphabet)
    for character in text:
        assert character in place.allowed(), (text, character)
        place = place.after(character)
    return place


def test_a_header_is_read() -> None:
    header = read(SPELLED)
    assert header.done
    assert (header.rhythm, header.meter, header.unit, header.key) == ("jig", "6/8", "1/8", "Ador")
    assert not read(SPELLED[:-1]).done


@pytest.mark.parametrize(
    ("after", "fields"),
    [("", "X"), ("X:1\n", "T"), ("X:1\nT:x\n", "RM"), ("X:1\nT:x\nM:C\n", "L")],
)
def test_the_order_of_fields(after: str, fields: str) -> None:
    assert read(after).allowed() == fields


def test_a_remark_stands_only_where_it_may() -> None:
    assert "N" in read("X:1\nT:x\n", Wishes(remark=True)).allowed()
    assert "N" in read("X:1\nT:x\nR:jig\n", Wishes(remark=True)).allowed()
    assert "N" not in read("X:1\nT:x\nR:jig\n").allowed()


def test_a_rhythm_that_is_asked_for_must_stand_there() -> None:
    assert read("X:1\nT:x\n", Wishes(rhythm="reel")).allowed() == "R"
    assert read("X:1\nT:x\n", Wishes(rhythm="reel")).values("R") == ("reel",)


def test_titles() -> None:
    title = "".join(TITLE_CHARACTERS.split())[:MOST_IN_TITLE]
    assert "\n" not in read("X:1\nT:").allowed()  # not empty
    assert " " not in read("X:1\nT:").allowed()  # not a space first,
    assert " " not in read("X:1\nT:a ").allowed()  # nor two,
    assert "\n" not in read("X:1\nT:a ").allowed()  # nor one last
    assert read(f"X:1\nT:{title}").allowed() == "\n"
    assert read("X:1\nT:", Wishes(title="Made Up")).allowed() == "M"
    assert read("X:1\nT:Made Up", Wishes(title="Made Up")).allowed() == "\n"


def test_numbers_have_no_zero_first_and_few_digits() -> None:
    assert read("X:").allowed() == "123456789"
    assert read("X:10").allowed() == "0123456789\n"
    assert read("X:1234567").allowed() == "\n"


@pytest.mark.parametrize("meter", METERS)
def test_metres_have_their_eighths(meter: str) -> None:
    assert read_meter(meter) * 8 == METERS[meter]


@pytest.mark.parametrize("unit", UNITS)
def test_units_have_their_grid_units(unit: str) -> None:
    assert UNITS[unit] * read_unit(unit) * 8 == GRID


def test_keys_have_up_to_seven_accidentals_in_all_modes() -> None:
    assert len(set(KEYS)) == len(KEYS) == 15 * 7
    for key in KEYS:
        assert spell_key(key) == key
        assert abs(fifths_of(key)) <= 7


def test_values_that_go_together() -> None:
    hornpipe = read("X:1\nT:x\nR:hornpipe\n")
    assert set(hornpipe.values("M")) == HORNPIPE_METERS
    assert HORNPIPE not in Header(Wishes(meter="6/8"), EVERYTHING).values("R")
    assert set(Header(Wishes(chords=True), EVERYTHING).values("M")) == CHORD_METERS
    for meter in METERS:
        for rhythm in Header(Wishes(meter=meter), EVERYTHING).values("R"):
            assert meter in CUSTOMARY_METERS.get(rhythm, METERS)
    assert set(Header(ANYTHING, EVERYTHING).values("R")) == set(RHYTHMS)


def test_a_rhythm_that_is_asked_for_has_a_customary_metre_if_it_can_be_written() -> None:
    for rhythm in RHYTHMS:
        meters = Header(Wishes(rhythm=rhythm), EVERYTHING).values("M")
        assert set(meters) == set(CUSTOMARY_METERS.get(rhythm, METERS))
    # Players have no accompaniment for 3/2; and not every network knows its digits.
    three_two = Header(Wishes(rhythm="three-two", chords=True), EVERYTHING)
    assert set(three_two.values("M")) == CHORD_METERS
    no_six = EVERYTHING._replace(characters=EVERYTHING.characters - {"6"})
    assert Header(Wishes(rhythm="jig"), no_six).values("M")
    # Where a metre is asked for, it is that.
    assert Header(Wishes(rhythm="jig", meter="9/8"), EVERYTHING).values("M") == ("9/8",)


@given(st.integers(0, 10**6))
def test_values_can_be_written_and_bars_be_filled(seed: int) -> None:
    draw = random.Random(seed)
    header = Header(ANYTHING, some_alphabet(draw))
    for field in "RMLK":
        for value in header.values(field):
            assert header.alphabet.characters.issuperset(value)
    for unit in header.values("L"):
        eighth = UNITS[unit]
        shortest = min(units for _, units in lengths_of(header.alphabet, eighth))
        assert all(METERS[meter] * eighth % shortest == 0 for meter in METERS)


@given(st.integers(0, 10**6), st.integers(0, 60))
def test_the_way_to_the_end_has_the_fewest_characters(seed: int, length: int) -> None:
    draw = random.Random(seed)
    place = Header(some_wishes(draw), EVERYTHING)
    while not place.done and length:
        place, length = place.after(draw.choice(place.allowed())), length - 1
    count = place.fewest()
    while not place.done:
        character = place.shortest()
        assert character in place.allowed()
        # No character leads nearer than the shortest way.
        assert place.after(character).fewest() == count - 1
        place, count = place.after(character), count - 1
    assert count == 0


def test_how_values_go_on() -> None:
    assert continuations(("jig", "jigs", "reel"), "") == ("jr", False)
    assert continuations(("jig", "jigs", "reel"), "jig") == ("s", True)
    assert continuations(("jig", "jigs", "reel"), "x") == ("", False)
