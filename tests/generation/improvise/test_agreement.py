"""The share of notes of the chord on beats."""

from abcgen.generation.improvise.agreement import Agreement, agreement_of

HEADER = "X:1\nT:T\nM:4/4\nL:1/8\nK:G\n"


def test_notes_that_begin_on_beats_are_counted() -> None:
    """G d belong to G, and e does not; A between the beats does not count; f is F sharp in D7."""
    assert agreement_of(HEADER + '"G"GAd2 "D7"f2e2|]\n') == Agreement(3, 4)


def test_beats_of_compound_metres_and_notes_before_any_chord() -> None:
    tune = HEADER.replace("4/4", "6/8") + 'G3 "C"c2d|"D"eef a3|]\n'
    assert agreement_of(tune) == Agreement(2, 3)


def test_shares_add_up() -> None:
    assert Agreement(1, 2).plus(Agreement(2, 2)) == Agreement(3, 4)
    assert (Agreement(3, 4).share, Agreement().share) == (0.75, 1)
