from fractions import Fraction

import pytest

from abcgen.errors import NotationError
from abcgen.notation.tune import default_unit, read_meter, read_tune, read_unit


def test_header_and_body() -> None:
    tune = read_tune("X: 12\nT: First \nT:Second\nM:6/8 % jig time\nL:1/8\nK:D Major\nabc|\n")
    assert tune.number == 12
    assert tune.title == "First"
    assert tune.field("M") == "6/8"
    assert tune.field("K") == "D Major"
    assert tune.field("Q") is None
    assert tune.body == "abc|"


def test_what_is_not_music_is_left_out_of_the_body() -> None:
    tune = read_tune("X:1\nK:C\nP:A\nw:some words\nabc|% remark\n%%scale 0.7\nM:3/4\nc3|\n")
    assert tune.body == "[P:A]\nabc|\nM:3/4\nc3|"


def test_what_is_for_playing_is_an_inline_field() -> None:
    tune = read_tune("X:1\nK:C\n%%MIDI program 7\nabc|\nQ:1/4=60 % slow\n%%MIDI program 8\nc3|\n")
    assert tune.body == "abc|\n[Q:1/4=60]\n[I:MIDI program 8]\nc3|"
    assert tune.directives == ("program 7",)
    with pytest.raises(NotationError, match="no music after K:"):
        read_tune("X:1\nK:C\nQ:1/4=60\nP:A\n")


def test_music_that_looks_like_a_field_is_music() -> None:
    tune = read_tune("X:1\nK:C\n|:c3|\nd:|\nA|:c\n")
    assert "d:|" in tune.body


def test_music_glued_to_a_field_is_parted_from_it() -> None:
    tune = read_tune("X:1\nM:9/8\nK:C\nM:6/8 Ddd e3|f3 g3|\nL:1/4 c|\n")
    assert tune.body == "M:6/8\nDdd e3|f3 g3|\nL:1/4\nc|"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("T:a\nK:C\nabc|\n", "X: is missing"),
        ("X:1\nT:a\n", "K: is missing"),
        ("X:1\nT:a\nabc|\n", "K: is missing before the music"),
        ("X:1\nK:C\n", "no music"),
        ("X:1\nK:C\nV:1\nabc|\nV:2\nabc|\n", "voices"),
    ],
)
def test_what_is_no_tune(text: str, reason: str) -> None:
    with pytest.raises(NotationError, match=reason):
        read_tune(text)


@pytest.mark.parametrize(
    ("text", "meter"), [("C", 1), ("C|", 1), ("6/8", Fraction(3, 4)), ("2/4", Fraction(1, 2))]
)
def test_metres(text: str, meter: Fraction) -> None:
    assert read_meter(text) == meter


@pytest.mark.parametrize("text", ["none", "", "0/4", "3/5", "4", "6/8/2"])
def test_what_is_no_metre(text: str) -> None:
    with pytest.raises(NotationError):
        read_meter(text)


def test_units() -> None:
    assert read_unit("1/8") == Fraction(1, 8)
    with pytest.raises(NotationError):
        read_unit("1/7")
    assert default_unit(Fraction(2, 4)) == Fraction(1, 16)
    assert default_unit(Fraction(3, 4)) == Fraction(1, 8)


def test_positions_in_the_body_are_found_in_the_text() -> None:
    text = (
        "X:1\nT:A\nM:4/4\nK:C\n%%text\n\n  AB|% no music\nw:la la\nM:6/8 cd|\n%\nL: 1/16 \n\tef|]\n"
    )
    tune = read_tune(text)
    for note in "ABcdef":
        assert text[tune.offset_of(tune.body.index(note))] == note
