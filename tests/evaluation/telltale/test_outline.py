import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.errors import NotationError
from abcgen.evaluation.telltale.outline import TICKS, BarMelody, outline_of
from tests.evaluation.telltale.tunes import BARS, section, tune
from tests.tunes import made_up_tune


@given(st.lists(st.integers(0, 7), min_size=1, max_size=8))
def test_the_plan_has_a_letter_for_each_melody(numbers: list[int]) -> None:
    known: list[int] = []
    for number in numbers:
        if number not in known:
            known.append(number)
    expected = "".join("ABCDEFGH"[known.index(number)] for number in numbers)
    (part,) = outline_of(tune("|".join(BARS[number] for number in numbers))).parts
    assert part.plan == expected


def test_chords_make_no_other_bar() -> None:
    outline = outline_of(tune('"C"cdef gfed|"G"cdef gfed|cdef gfe^d|cdef gfe2'))
    assert outline.parts[0].plan == "AABC"
    assert [bar.chords for bar in outline.bars] == [("C",), ("G",), (), ()]


def test_a_pickup_is_no_bar_and_the_first_ending_is_taken() -> None:
    text = tune("G|cdef gfed|egfe dcBA|[1 GFED C3:|[2 GFED C2E")
    (part,) = outline_of(text.replace("E:|", "E|]")).parts
    assert part.pickup and part.pickup.length == TICKS
    assert [bar.steps[0] for bar in part.bars] == [7, 9, 4]
    assert part.bars[-1].steps[-1] == 0  # C of the first ending
    assert part.last.pitch == 64  # E, with which it ends in the last one
    assert part.endings and part.repeated


def test_sections_end_with_their_own_last_note() -> None:
    first, second = outline_of(tune("cdef gfed|GFED C4", "egfe dcBA|GABc d2e2")).parts
    assert (first.last.pitch, second.last.pitch) == (60, 76)


def melody(text: str) -> BarMelody:
    return outline_of(tune(text)).bars[0]


@pytest.mark.parametrize(
    ("one", "other", "sequence", "moved"),
    [
        ("cdef gfed", "defg agfe", True, True),
        ("c2e2 g4", "d2f2 a4", True, True),
        ("c2e2 g4", "d2g2 a4", True, False),  # up and up, but not by the same steps
        ("c2e2 g4", "c2f2 a4", False, False),  # it begins with the same note
        ("c2e2 g4", "d2f2 e4", False, False),  # another contour
        ("c2e2 g4", "d4 f2a2", False, False),  # another rhythm
        ("c2e2 g4", "c2e2 g4", False, False),
        ("c8", "d8", False, False),  # one note has no contour
        ("z2c2 e4", "z2d2 f4", True, True),
    ],
)
def test_sequences(one: str, other: str, sequence: bool, moved: bool) -> None:
    earlier, later = melody(one), melody(other)
    assert later.is_sequence_of(earlier) == sequence
    assert later.is_moved(earlier) == moved


def test_sixteenths_and_onsets() -> None:
    bar = melody("(3cde z2 f/g/ c3")
    assert len(bar.sixteenths) == 16
    heard = [step for step, _ in bar.sixteenths]
    assert heard == [7, 7, 8, 9, *[None] * 4, 10, 11, *[7] * 6]
    third = 2 * TICKS // 3
    assert bar.onsets == {0, third, 2 * third, 4 * TICKS, 9 * TICKS // 2, 5 * TICKS}
    assert bar.length == 8 * TICKS


def test_made_up_tunes_have_the_bars_that_they_are_made_of() -> None:
    for number in range(20):
        outline = outline_of(made_up_tune(number))
        assert [len(part.bars) for part in outline.parts] == [4, 4]
        assert sum(len(bar.steps) for bar in outline.bars) == len(outline.notes)


def test_the_tonic_is_that_of_the_header() -> None:
    assert outline_of(tune(section("AB"), key="Edor")).tonic == 4


def test_rests_alone_have_no_part() -> None:
    assert outline_of(tune("z8|z8")).parts == []


def test_what_cannot_be_read_is_an_error() -> None:
    with pytest.raises(NotationError):
        outline_of("X:1\nK:C\n|:A/0B:|\n")
