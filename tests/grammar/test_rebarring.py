"""Bar lines are put where they belong; what sounds stays as it is."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.errors import NotationError
from abcgen.grammar.alphabet import FIRST_EDITION
from abcgen.grammar.spelling import canonical
from abcgen.music.notes import music_of
from abcgen.notation.tune import read_tune
from tests.tunes import made_up_tune

HEADER = "X:1\nT:x\nM:4/4\nL:1/8\nK:C\n"


def body_of(written: str) -> str:
    text = canonical(read_tune(f"{HEADER}{written}\n"))
    assert text.startswith(HEADER)
    return text.removeprefix(HEADER)


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        pytest.param(
            "|:c8|d6|[1 e2|f8:|[2 g2|a8|]",
            "|:c8|[1 d6 e2|f8:|[2 d6 g2|\na8|]\n",
            id="endings that begin within a bar",
        ),
        pytest.param("|:c8|d4|e4|f8:|", "|:c8|d4 e4|f8:|\n", id="a bar cut in two"),
        pytest.param("|:c2|d8|e4|f2:|", "|:c2|d8|e4 f2:|\n", id="a cut bar that lacks the pickup"),
        pytest.param("c8|d8 e8|f8|]", "c8|d8|e8|f8|]\n", id="a bar line left out"),
        pytest.param("|:c2|d8 e6:|", "|:c2|d8|e6:|\n", id="the last one left out"),
        pytest.param("|:c2 d8|e6:|", "|:c2|d8|e6:|\n", id="the one behind a pickup left out"),
        pytest.param("c8|d8 e4|f4|g8|]", "c8|d8|e4 f4|g8|]\n", id="one that stands too late"),
        pytest.param("c2||\nd8|e8|]", "c2|d8|e8|]\n", id="a pickup before a double bar line"),
        pytest.param("c8|d4-d4-d4 e4|f8|]", "c8|d4-d4-|d4 e4|f8|]\n", id="under a tie"),
        pytest.param("|:c8|^d4|^d4|f8:|", "|:c8|^d4 ^d4|f8:|\n", id="accidentals of their own"),
    ],
)
def test_bar_lines_are_put_right(written: str, spelled: str) -> None:
    assert body_of(written) == spelled
    with pytest.raises(NotationError):
        canonical(read_tune(f"{HEADER}{written}\n"), edition=FIRST_EDITION)
    if "||" not in written:
        before, after = (music_of(read_tune(HEADER + music)) for music in (written, spelled))
        assert (before.notes, before.duration) == (after.notes, after.duration)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("|:c8|^d4|d4|f8:|", id="an accidental would reach further"),
        pytest.param("c8|^d8 d8|f8|]", id="or less far"),
        pytest.param("|:c8|^d6|[1 D2|f8:|[2 g2|a8|]", id="in another octave, too"),
        pytest.param("c8|d7(3efg a7|f8|]", id="within a tuplet"),
        pytest.param("c8|d7e>f g7|f8|]", id="between notes that are dotted"),
        pytest.param("c8|d6c/2e>f g/2g7|f8|]", id="behind the sign that dots them"),
        pytest.param("|:c8|d6|[1 e2|f8:|[2 g3|a8|]", id="an ending that does not complete the bar"),
        pytest.param("|:d6|[1 e2|f8:|[2 g2|a8|]", id="nothing would be left before the endings"),
        pytest.param("c8|d4|e2|f8|]", id="parts that make no bar"),
        pytest.param("c8|d8 e8 f8|g8|]", id="three bars"),
    ],
)
def test_what_would_sound_otherwise_is_left(written: str) -> None:
    with pytest.raises(NotationError):
        body_of(written)


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        pytest.param("c2|d8|e8:|", "c2|:d8|e8:|\n", id="the start of the tune"),
        pytest.param("c8|d6||\ne2|f8|g8:|", "c8|d6||\ne2|:f8|g8:|\n", id="of a later section"),
        pytest.param(
            "c2|d8|[1 e8:|[2 f6||\ng2|a8|]", "c2|:d8|[1 e8:|[2 f6||\ng2|a8|]\n", id="with endings"
        ),
    ],
)
def test_a_repeat_without_its_sign_begins_behind_the_pickup(written: str, spelled: str) -> None:
    assert body_of(written) == spelled
    with pytest.raises(NotationError):
        canonical(read_tune(f"{HEADER}{written}\n"), edition=FIRST_EDITION)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("|:c2|d8|e8:|", id="the sign stands before the pickup"),
        pytest.param("c2|d8|e7:|", id="the last bar is not full"),
        pytest.param("c2|d8|[1 e7:|[2 e8|]", id="nor the first ending"),
        pytest.param("c8|d8||\ne2|f8|g8:|", id="the pickup is too much anyway"),
    ],
)
def test_or_it_has_no_spelling(written: str) -> None:
    with pytest.raises(NotationError):
        body_of(written)


def test_a_repeat_without_its_sign_may_begin_with_the_pickup() -> None:
    assert body_of("c2|d8|e6:|") == "|:c2|d8|e6:|\n"


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        pytest.param("c4z2>d2|", "c4z3d|", id="behind a rest"),
        pytest.param("c4d2<z2|", "c4dz3|", id="before one"),
        pytest.param("[ce]2>d2 e>f g2|", "[ce]3d e>f g2|", id="notes at once"),
        pytest.param("c4d2>-d2|", "c4d3-d|", id="a tie"),
        pytest.param("c4e2>d2-|d8|", "c4e3d-|d8|", id="a tie behind it"),
    ],
)
def test_dots_are_written_out_beside_what_is_no_plain_note(written: str, spelled: str) -> None:
    assert body_of(f"{written}g8|]") == f"{spelled}g8|]\n"
    with pytest.raises(NotationError):
        canonical(read_tune(f"{HEADER}{written}g8|]\n"), edition=FIRST_EDITION)
    before, after = (music_of(read_tune(HEADER + music)) for music in (written, spelled))
    assert before.notes == after.notes


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("c4z2>>d2|", id="two at once"),
        pytest.param("c4z>d>e f|", id="at one note"),
        pytest.param("c3z2>d3|", id="between different lengths"),
        pytest.param("(3cdez2>d2 e2|", id="near a tuplet"),
    ],
)
def test_dots_that_not_everyone_reads_alike_stay(written: str) -> None:
    with pytest.raises(NotationError):
        body_of(f"{written}g8|]")


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_bar_line_that_is_lost_or_too_much_is_put_right(number: int, seed: int) -> None:
    text = canonical(read_tune(made_up_tune(number)))
    header, music = text.partition("\n|:")[0], "|:" + text.partition("\n|:")[2]
    draw = random.Random(seed)
    inner = [found.start() for found in re.finditer(r"\|(?=[A-Ga-g])", music)]
    lost = draw.choice(inner)
    one = music[:lost] + music[lost + 1 :]
    assert canonical(read_tune(f"{header}\n{one}")) == text
    # Beams part where a bar line was.
    bar = draw.choice(list(re.finditer(r"(?<=\|)[^|:]+(?=\|)", music)))
    beams = [bar.start() + at for at, character in enumerate(bar[0]) if character == " "]
    if beams:
        at = draw.choice(beams)
        assert canonical(read_tune(f"{header}\n{music[:at]}|{music[at + 1 :]}")) == text


HORNPIPE = "X:1\nT:x\nR:hornpipe\nM:4/4\nL:1/8\nK:C\n"


@pytest.mark.parametrize("music", ["c>d e2 f4|g8|]", "c4 z4|g8|]", "[ce]8|g8|]"])
def test_a_hornpipe_that_is_dotted_already_is_no_longer_called_one(music: str) -> None:
    tune = read_tune(HORNPIPE + music + "\n")
    assert canonical(tune) == HORNPIPE.replace("R:hornpipe\n", "") + music + "\n"
    with pytest.raises(NotationError):
        canonical(tune, edition=FIRST_EDITION)
    # Another one stays what it is, even where bar lines are put right.
    plain = HORNPIPE + "|:g8|cdef g4|g8:|\n"
    assert canonical(read_tune(plain)) == plain
    assert canonical(read_tune(plain.replace("f g", "f|g"))) == plain
