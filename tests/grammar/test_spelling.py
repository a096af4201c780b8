import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.errors import NotationError
from abcgen.grammar.alphabet import EVERYTHING
from abcgen.grammar.faults import NotCanonicalError, complaint
from abcgen.grammar.reasons.kinds import (
    BEFORE_REPEAT,
    CHORD_PLACE,
    LAST,
    LONG,
    SHORT,
    SINGLE,
    TIE,
)
from abcgen.grammar.spelling import canonical, spell
from abcgen.music.notes import music_of
from abcgen.notation.tune import read_tune
from tests.tunes import SPELLED, made_up_tune, respell
from tests.walks import some_wishes, tame_alphabet, walk

HEADER = "M:4/4\nL:1/8\nK:C\n"


def body_of(music: str, header: str = HEADER) -> str:
    """Return the body as it is spelled, the header cut off."""
    return respell(f"X:7\nT:x\n{header}{music}\n").partition("K:")[2].partition("\n")[2]


def canonical_body(music: str, header: str = HEADER) -> str:
    """Return the body in its canonical spelling, the header cut off."""
    text = canonical(read_tune(f"X:7\nT:x\n{header}{music}\n"))
    return text.partition("K:")[2].partition("\n")[2]


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
    assert body_of("a8|\nL:1/4\na4|\nK:G\na4|") == "a8|a8||\nK:G\na8|]\n"


def test_a_length_that_players_refuse_is_a_reason() -> None:
    with pytest.raises(NotationError, match="5/8"):
        body_of("a5 b3|")


def test_lines_break_at_bars() -> None:
    lines = body_of("|".join(["abcd abcd"] * 10) + "|").splitlines()
    assert [line.count("|") for line in lines] == [4, 4, 2]
    long_bars = "|".join(['"Am7/G"^c/2_d/2^c/2_d/2 ^c/2_d/2^c/2_d/2 ^c/2_d/2^c/2_d/2 c2'] * 4)
    for line in body_of(long_bars + "|").splitlines():
        assert len("".join(line.split('"')[::2])) <= 75


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("|:C8|[1 D8:|E8|]", "a first ending has no second"),
        ("|:C8|[1,2 D8:|[3 E8|]", r"ending \[1,2 stands where \[1 would"),
        ("|:C8|1 D8:|2 E8|F8|1 G8:|2 A8|]", r"ending \[1 stands where \[3 would"),
        ("|::C8::|", "a section is played 3 times"),
    ],
)
def test_what_the_one_spelling_cannot_say_is_refused(body: str, reason: str) -> None:
    with pytest.raises(NotationError, match=reason):
        respell(f"X:1\nM:4/4\nL:1/8\nK:C\n{body}\n")


# Canonical tunes.
@given(st.integers(0, 10**6), st.integers(0, 400))
def test_what_the_acceptor_takes_is_spelled_as_it_is(seed: int, length: int) -> None:
    draw = random.Random(seed)
    alphabet = EVERYTHING if seed % 2 else tame_alphabet(draw)
    text = walk(draw, length, some_wishes(draw), alphabet).text
    # Numbers are given when tunes are written, and the unit length is 1/8 wherever it fits.
    text = "X:1\n" + text.partition("\n")[2].removesuffix("\n")
    assert complaint(text) is None
    if "\nL:1/8\n" in text:
        assert canonical(read_tune(text)) == text


@given(st.integers(0, 10**6), st.integers(0, 400))
def test_another_unit_length_is_another_spelling_of_the_same_music(seed: int, length: int) -> None:
    draw = random.Random(seed)
    tune = read_tune(walk(draw, length, some_wishes(draw), tame_alphabet(draw)).text)
    try:
        spelled = canonical(tune)
    except NotCanonicalError:
        # In eighths, a pickup may lack no single eighth, and some are wider than a line.
        assert tune.setting.unit == Fraction(1, 16)
        return
    before, after = music_of(tune), music_of(read_tune(spelled))
    assert before.notes == after.notes
    assert before.chords == after.chords
    assert before.duration == after.duration
    assert canonical(read_tune(spelled)) == spelled


@given(st.integers(0, 10_000))
def test_a_plain_tune_keeps_its_music(number: int) -> None:
    tune = read_tune(made_up_tune(number))
    text = canonical(tune)
    assert complaint(text) is None
    assert canonical(read_tune(text)) == text
    assert music_of(read_tune(text)) == music_of(tune)
    # The same tune as careless people write it.
    head, _, body = made_up_tune(number).partition("\n|:")
    careless = f"{head}\n{body}".replace(":|\n|:", "::!\n").replace("|", " | ").replace(":: ", "::")
    careless = careless.replace(": | ", ":|")
    assert canonical(read_tune(careless)) == text


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("c8|d8:|", "|:c8|d8:|\n"),
        ("c8|d8:|e8|f8:|", "|:c8|d8:|\n|:e8|f8:|\n"),
        ("c8|d8::e8|f8:|", "|:c8|d8:|\n|:e8|f8:|\n"),
        ("c8|d8|!\ne8|f8|]", "c8|d8|e8|f8|]\n"),
        ("c8|d8", "c8|d8|]\n"),
        ("|:c8|d8", "c8|d8|]\n"),
        ("c4 -c4|d8 - | d8|", "c4-c4|d8-|d8|]\n"),
        ("c4-d4|e8-|f8|", "c4d4|e8|f8|]\n"),
        ("c4-C4|", "c4C4|]\n"),
        ("c4-^c4|", None),
        ("G2|c8|d6|", "G2|c8|d6|]\n"),
        ("G2|c8|d8|", "G2|c8|d8|]\n"),
        ("c8|d8|\nK:G\ne8|f8|]", "c8|d8||\nK:G\ne8|f8|]\n"),
        ("c8|d4||e4|f8|]", "c8|d4||\ne4|f8|]\n"),
        ("c8|d4|e4|f8|]", "c8|d4||\ne4|f8|]\n"),
        ("c8|d6|", "c8|d6z2|]\n"),
        ("G2|c8|d4|", "G2|c8|d4z2|]\n"),
        ("c8|1 d8:|2 e8|]", "|:c8|[1 d8:|[2 e8|]\n"),
        ("c8|[1d8:|[2e8||f8|]", "|:c8|[1 d8:|[2 e8||\nf8|]\n"),
        # A section of a cut bar before a pickup, and a pickup with the one bar that lacks it.
        ("|:c8:|\ne4||\n|:f4|c8|c4:|", "|:c8:|\ne4||\n|:f4|c8|c4:|\n"),
        ("e2|c6|]", "e2|c6|]\n"),
        ("c8|c6||\ne2|c8|]", "c8|c6||\ne2|c8|]\n"),
    ],
)
def test_what_is_certain_is_mended(written: str, spelled: str | None) -> None:
    if spelled is None:
        with pytest.raises(NotCanonicalError):
            canonical_body(written)
    else:
        assert canonical_body(written) == spelled


@pytest.mark.parametrize(
    ("written", "bar", "kind"),
    [
        ("c8|d7|e8|]", 2, SHORT),
        ("c8|d8|e8f|g8|]", 3, LONG),
        ("c8|d8e|f8|]", 2, LONG),
        ("c8|d8|e4:|", 3, BEFORE_REPEAT),
        ("|:c2|d8|e8:|", 2, BEFORE_REPEAT),
        ("c8|d4|e8|]", 2, SHORT),
        ("G2|c8|d7|]", 2, LAST),
        ("c8|d4-^d4|e8|]", 2, TIE),
        ("c8|d/4e3 f4d3/4|g8|]", 2, SINGLE),
        ('c8|"C"d/2"G"d/2 e3 f4|', 2, CHORD_PLACE),
    ],
)
def test_what_is_not_certain_is_rejected_with_its_bar(written: str, bar: int, kind: str) -> None:
    with pytest.raises(NotCanonicalError) as raised:
        canonical_body(written)
    assert raised.value.fault.bar == bar
    assert str(raised.value).startswith(f"bar {bar}: ")
    assert raised.value.fault.kind == kind


@pytest.mark.parametrize(
    "written", ["|:c8|[1 d8:|[3 e8|]", "c8|d8|1 e8:|", "c4 M:3/4 d4|", "c5 d3|", "", "z"]
)
def test_what_cannot_be_read_is_rejected(written: str) -> None:
    with pytest.raises(NotationError):
        canonical_body(written)
