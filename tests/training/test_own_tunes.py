import numpy as np

from abcgen.generation.loop import DrawnTune
from abcgen.training.own_tunes import OwnTunes
from tests.tunes import SPELLED

OTHER_NOTES = SPELLED.replace("gec A2", "edc d2").replace("The Plain One", "Another")
TOO_LONG_A_BAR = SPELLED.replace("gec A2", "gec A4")
OTHER_FORM = SPELLED.replace("gec A2:|", "gec A2|dfa agf|gec A2:|")
NO_END = SPELLED.replace("dAF D2:|\n", "dAF D2")


def chosen(*texts: str, whole: bool = True) -> list[str]:
    return OwnTunes([SPELLED]).fitting([DrawnTune(text + "\n" * whole, whole) for text in texts])


def test_valid_tunes_of_a_known_form_are_learned() -> None:
    assert chosen(OTHER_NOTES, TOO_LONG_A_BAR, OTHER_FORM, NO_END, "X:1\nbla\n", "\n") == [
        OTHER_NOTES
    ]


def test_a_tune_that_was_given_up_is_not_learned() -> None:
    assert chosen(OTHER_NOTES, whole=False) == []


def test_the_longest_tune_of_the_book_has_room_to_end() -> None:
    assert OwnTunes([SPELLED, OTHER_FORM]).longest == len(OTHER_FORM + "\n")


def test_easy_kinds_are_not_learned_more_often_than_people_play_them() -> None:
    rare = SPELLED.replace("R:jig", "R:slide")
    in_g = SPELLED.replace("K:D", "K:G")
    people = OwnTunes([SPELLED] * 6 + [in_g] * 2 + [rare] * 2)
    own = [SPELLED] * 80 + [in_g] * 12 + [rare] * 8
    learned = people.balanced(own, np.random.default_rng(1))
    assert len(learned) in range(95, 106)
    assert sum("slide" in tune for tune in learned) in range(18, 23)
    assert sum("K:G" in tune for tune in learned) in range(18, 23)
    # So few are not made to stand for all that is missing.
    assert people.balanced([SPELLED] * 99 + [rare], np.random.default_rng(1)).count(rare) == 6
    assert people.balanced([], np.random.default_rng(1)) == []


def test_leaps_are_learned_as_often_as_people_play_them() -> None:
    steps = SPELLED.replace("gec A2", "gfe d2")
    people = OwnTunes([SPELLED] * 5 + [steps] * 5)
    learned = people.balanced([SPELLED] * 20 + [steps] * 80, np.random.default_rng(1))
    assert sum("gfe d2" in tune for tune in learned) in range(45, 56)


def test_a_kind_that_people_do_not_play_is_not_learned() -> None:
    assert chosen(SPELLED.replace("K:D", "K:Bb")) == []
