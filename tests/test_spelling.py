import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.errors import NotationError
from abcgen.notation.music import music_of
from abcgen.notation.spelling import plain_text, respell, spell
from abcgen.notation.tune import read_tune
from tests.tunes import SPELLED, made_up_tune


def body_of(music: str, header: str = "M:4/4\nL:1/8\nK:C\n") -> str:
    """Return the body as it is spelled, the header cut off."""
    return respell(f"X:7\nT:x\n{header}{music}\n").partition("K:")[2].partition("\n")[2]


def test_a_tune_in_the_spelling_stays_as_it_is() -> None:
    assert respell(SPELLED) == SPELLED


@given(st.integers(0, 10_000))
def test_spelling_is_idempotent_and_keeps_the_music(number: int) -> None:
    tune = read_tune(made_up_tune(number))
    spelled = spell(tune)
    again = read_tune(spelled)
    assert spell(again) == spelled
    assert music_of(again) == music_of(tune)


def test_the_header_has_one_order_and_no_remarks() -> None:
    text = "X: 31\nS:a book\nK:A Dorian\n"
    with pytest.raises(NotationError):
        respell(text)
    text = "X: 31\nT:Caf\u00e9  Reel\nT:Other\nS:a book\nN:a note\nR:Reel\nM:C|\nK:A Dorian\nA8|\n"
    assert respell(text) == "X:1\nT:Cafe Reel\nR:reel\nM:C|\nL:1/8\nK:Ador\nA8|]\n"


def test_a_rhythm_is_given_only_to_a_tune_without_one() -> None:
    tune = read_tune("X:1\nT:x\nM:6/8\nK:C\nA3 B3|\n")
    assert "R:jig\n" in spell(tune, rhythm="jig")
    tune = read_tune("X:1\nT:x\nR:slide\nM:6/8\nK:C\nA3 B3|\n")
    assert "R:slide\n" in spell(tune, rhythm="jig")


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("abcd abcd:|", "|:abcd abcd:|\n"),
        ("abcd abcd::efga efga:|", "|:abcd abcd:|\n|:efga efga:|\n"),
        ("a8|1 b8:|2 c8|]", "|:a8|[1 b8:|[2 c8|]\n"),
        ("a8||b8|]", "a8||\nb8|]\n"),
        ("a4 - | a8 |", "a4-|a8|]\n"),
        ("a// b/ c3/2 d2 e3|", "a/4 b/2 c3/2 d2 e3|]\n"),
        ('"Gm/bb" a8|"(D7)"a8|', '"Gm/Bb"a8|"D7"a8|]\n'),
        ('{g}a4 "^slow"~b4|!', "a4 b4|]\n"),
        ("[C2E2]2 [CE]4|", "[CE]4 [CE]4|]\n"),
        ("a > b c<d e4|", "a>b c<d e4|]\n"),
    ],
)
def test_bodies(written: str, spelled: str) -> None:
    assert body_of(written) == spelled


def test_lengths_are_written_in_eighths_where_they_fit() -> None:
    quarters = body_of("a b/ c/ d2|", "M:4/4\nL:1/4\nK:C\n")
    assert quarters == "a2 b c d4|]\n"
    text = respell("X:1\nT:x\nM:2/4\nL:1/16\nK:C\na/2b/2c d2 e4|\n")
    assert "L:1/8\n" in text
    assert text.endswith("a/4b/4c/2 d e2|]\n")
    shorter = respell("X:1\nT:x\nM:2/4\nL:1/16\nK:C\na/4b/4c/2 d2 e4|\n")
    assert "L:1/16\n" in shorter


def test_a_change_of_unit_is_reckoned_in() -> None:
    assert body_of("a8|\nL:1/4\na4|\nK:G\na4|") == "a8|a8|\nK:G\na8|]\n"


def test_a_length_that_players_refuse_is_a_reason() -> None:
    with pytest.raises(NotationError, match="5/8"):
        body_of("a5 b3|")


def test_lines_break_at_bars() -> None:
    lines = body_of("|".join(["abcd abcd"] * 10) + "|").splitlines()
    assert [line.count("|") for line in lines] == [4, 4, 2]
    long_bars = "|".join(['"Am7/G"^c/2_d/2^c/2_d/2 ^c/2_d/2^c/2_d/2 ^c/2_d/2^c/2_d/2 c2'] * 4)
    for line in body_of(long_bars + "|").splitlines():
        assert len("".join(line.split('"')[::2])) <= 75


def test_titles_are_plain_text() -> None:
    assert plain_text("  L\u00e0 \u2019n   D\u00e9 ") == "La 'n De"
    assert "T:Untitled\n" in respell("X:1\nK:C\nA8|\n")
