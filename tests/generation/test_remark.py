import pytest

from abcgen.errors import CorpusError
from abcgen.generation.remark import Provenance, read_provenance, with_remark
from abcgen.generation.sampler import Choice
from abcgen.grammar.faults import complaint
from abcgen.grammar.wishes import ANYTHING, Wishes

TUNE = "X:3\nT:The Title\nR:jig\nM:6/8\nL:1/8\nK:Edor\n|:EFG ABc|d6:|\n"


@pytest.mark.parametrize(
    ("made", "most"),
    [
        (Provenance("folk 2 1f3a9c2b", 7, Choice()), None),
        (Provenance("folk 2 1f3a9c2b", 0, Choice(1.25, 5, 0.9)), 233),
        (
            Provenance(
                "mine 1 00",
                2**40,
                Choice(0),
                Wishes("Edor", "6/8", "jig", "The Title", (8, 8), True),
                "X:1\nT:The Title\nR:jig\nM:6/8\nL:1/8\nK:Edor\n|:E",
                "keras",
                "9.9.9",
            ),
            4000,
        ),
        (Provenance("mine 1 00", 1, Choice(), Wishes(chords=False)), None),
    ],
)
def test_a_remark_tells_all_that_a_tune_needs_to_be_made_again(
    made: Provenance, most: int | None
) -> None:
    for attempt in (1, 2, 50):
        text = with_remark(TUNE, made.remark(12, most, attempt))
        assert complaint(text) is None
        assert ("try" in text) == (attempt > 1)
        (remade,) = read_provenance(f"% a book\n\n{text}", "book.abc")
        assert remade.provenance == made
        assert (remade.tune, remade.attempt, remade.most, remade.number) == (12, attempt, most, 3)


def test_every_meter_can_be_asked_for() -> None:
    made = Provenance("folk 2 1f3a9c2b", 7, Choice(), Wishes(meter="C|"))
    text = with_remark("X:1\nT:a\nM:C|\nL:1/8\nK:C\nC8|]\n", made.remark(1))
    assert complaint(text) is None
    (remade,) = read_provenance(text, "book.abc")
    assert remade.provenance == made


def test_tunes_without_a_remark_are_passed_over_unless_there_is_no_other() -> None:
    made = Provenance("folk 2 1f3a9c2b", 7, Choice())
    both = f"{TUNE}\n{with_remark(TUNE, made.remark(1))}"
    assert len(list(read_provenance(both, "book.abc"))) == 1
    with pytest.raises(CorpusError, match=r"no tune of book\.abc says"):
        list(read_provenance(TUNE, "book.abc"))


@pytest.mark.parametrize("change", [("seed 7", "seed seven"), ("tune 1", "tone 1")])
def test_a_remark_in_other_words_is_told(change: tuple[str, str]) -> None:
    made = Provenance("folk 2 1f3a9c2b", 7, Choice(), ANYTHING)
    text = with_remark(TUNE, made.remark(1)).replace(*change)
    with pytest.raises(CorpusError, match="words that abcgen does not write"):
        list(read_provenance(text, "book.abc"))
