import re

import pytest

from abcgen.errors import CorpusError
from abcgen.generation.remark import read_remark, remark_of, with_remark
from abcgen.generation.request import Request
from abcgen.generation.sampler import Sampler
from abcgen.grammar.faults import complaint
from abcgen.grammar.wishes import Wishes

TUNE = "X:3\nT:The Title\nR:jig\nM:6/8\nL:1/8\nK:Edor\n|:EFG ABc|d6:|\n"


@pytest.mark.parametrize(
    ("made", "most"),
    [
        (Request(7, checkpoint="folk 2 1f3a9c2b"), None),
        (Request(0, Sampler(1.25, 5, 0.9), checkpoint="folk 2 1f3a9c2b"), 233),
        (
            Request(
                2**40,
                Sampler(0),
                Wishes("Edor", "6/8", "jig", "The Title", (8, 8), True),
                "X:1\nT:The Title\nR:jig\nM:6/8\nL:1/8\nK:Edor\n|:E",
                engine="keras",
                checkpoint="mine 1 00",
                version="9.9.9",
            ),
            4000,
        ),
        (Request(1, wishes=Wishes(chords=False), checkpoint="mine 1 00"), None),
    ],
)
def test_a_remark_holds_all_that_a_tune_needs_to_be_made_again(
    made: Request, most: int | None
) -> None:
    for attempt in (1, 2, 50):
        text = with_remark(TUNE, remark_of(made, 12, most, attempt))
        assert complaint(text) is None
        assert ("try" in text) == (attempt > 1)
        remade = read_remark(text, "book.abc")
        assert remade is not None
        assert remade.request == made
        assert (remade.tune, remade.attempt, remade.most, remade.number) == (12, attempt, most, 3)


def test_every_meter_can_be_asked_for() -> None:
    made = Request(7, wishes=Wishes(meter="C|"), checkpoint="folk 2 1f3a9c2b")
    text = with_remark("X:1\nT:a\nM:C|\nL:1/8\nK:C\nC8|]\n", remark_of(made, 1))
    assert complaint(text) is None
    remade = read_remark(text, "book.abc")
    assert remade is not None
    assert remade.request == made


def test_a_tune_without_a_remark_says_nothing() -> None:
    assert read_remark(TUNE, "book.abc") is None


@pytest.mark.parametrize("change", [("seed 7", "seed seven"), ("tune 1", "tone 1")])
def test_a_remark_in_other_words_is_refused(change: tuple[str, str]) -> None:
    made = Request(7, checkpoint="folk 2 1f3a9c2b")
    text = with_remark(TUNE, remark_of(made, 1)).replace(*change)
    with pytest.raises(CorpusError, match="not worded as abcgen words it"):
        read_remark(text, "book.abc")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("tune 1", "tune 0"), "tune must be a whole number, 1 or more, not 0"),
        (("tune 1", "tune 1, try 0"), "try must be a whole number, 1 or more, not 0"),
        (("seed 7", "seed -7"), "seed must be a whole number, 0 or more, not -7"),
        (("form 8 8", "form 0"), "no form '0'"),
        (("form 8 8", "form 8 8, prime -5"), "prime must be a whole number, 0 or more"),
        (("form 8 8", "form 8 8, at most 0"), "at most must be a whole number, 1 or more"),
        (("M:6/8", "M:11/8"), "no metre '11/8'"),
        (("K:Edor", "K:H"), "no key 'H'"),
        (("R:jig", "R:tango"), "no rhythm 'tango'"),
    ],
)
def test_what_no_tune_can_be_is_refused(change: tuple[str, str], expected: str) -> None:
    wishes = Wishes("Edor", "6/8", "jig", form=(8, 8))
    made = Request(7, wishes=wishes, checkpoint="folk 2 1f3a9c2b")
    text = with_remark(TUNE, remark_of(made, 1))
    assert change[0] in text
    with pytest.raises(CorpusError, match=f"a tune of book.abc was made: {re.escape(expected)}"):
        read_remark(text.replace(*change), "book.abc")


def test_an_edited_key_is_spelled_as_abcgen_spells_it() -> None:
    made = Request(7, wishes=Wishes("Edor"), checkpoint="folk 2 1f3a9c2b")
    text = with_remark(TUNE, remark_of(made, 1)).replace("K:Edor", "K:E dorian")
    remade = read_remark(text)
    assert remade is not None
    assert remade.request.wishes == Wishes("Edor")
