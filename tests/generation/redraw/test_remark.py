import pytest

from abcgen.errors import CorpusError, UsageError
from abcgen.generation.prime import read_prime
from abcgen.generation.redraw.drawing import Drawing
from abcgen.generation.redraw.remark import RemarkedBars, read_redraw_remark, redraw_remark
from abcgen.generation.remark import read_remark, with_remark
from abcgen.generation.sampler import Sampler
from abcgen.grammar.faults import complaint
from tests.tunes import SPELLED

BARS = frozenset({1, 2, 3, 7})
MADE = RemarkedBars("folk 6 0f4da5ff", "0123abcd", Drawing(BARS, 7, streams=64), 3)


@pytest.mark.parametrize(
    "drawing",
    [
        Drawing(BARS, 7, streams=64),
        Drawing(BARS, 2**40, Sampler(1.25, 5, 0.9), 8, 0),
        Drawing(BARS, 0, Sampler(0), 128, strictness=0.1 + 0.2),
        Drawing(BARS, 7, streams=64, behind=4, sift=16),
        Drawing(frozenset({5, 6}), 7, streams=128, phrase=frozenset({3, 4})),
    ],
)
def test_a_remark_holds_all_that_bars_need_to_be_drawn_again(drawing: Drawing) -> None:
    made = MADE._replace(drawing=drawing)
    text = with_remark(SPELLED, redraw_remark(made))
    assert complaint(text) is None
    assert read_redraw_remark(text, "a book") == made


def test_the_number_of_streams_is_written_even_if_it_was_not_given() -> None:
    for bars, streams in ((BARS, 128), (frozenset({5}), 64)):
        assert f"streams {streams}," in redraw_remark(MADE._replace(drawing=Drawing(bars, 1)))


def test_other_readers_of_remarks_pass_it_over() -> None:
    text = with_remark(SPELLED, redraw_remark(MADE))
    assert read_remark(text, "a book") is None
    assert read_prime(text).text == SPELLED
    assert read_redraw_remark(SPELLED, "a book") is None


@pytest.mark.parametrize("change", [("seed 7", "seed x"), ("rank", "rang")])
def test_a_remark_in_other_words_is_refused(change: tuple[str, str]) -> None:
    text = with_remark(SPELLED, redraw_remark(MADE).replace(*change))
    with pytest.raises(CorpusError, match="not worded as abcgen words it"):
        read_redraw_remark(text, "a book")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("bars 1-3 7", "bars"), "expected numbers of bars"),
        (("seed 7", "seed -7"), "seed must be a whole number, 0 or more, not -7"),
        ((f"rank {MADE.rank}", "rank 0"), "rank must be a whole number, 1 or more, not 0"),
    ],
)
def test_what_nothing_can_be_drawn_by_is_refused(change: tuple[str, str], expected: str) -> None:
    text = with_remark(SPELLED, redraw_remark(MADE))
    assert read_redraw_remark(text, "a book") == MADE
    with pytest.raises(CorpusError, match=expected):
        read_redraw_remark(text.replace(*change), "a book")


def test_bars_that_have_no_room_in_it_are_refused() -> None:
    with pytest.raises(UsageError, match="no room"):
        redraw_remark(MADE._replace(drawing=Drawing(frozenset(range(1, 200, 2)), 1)))
