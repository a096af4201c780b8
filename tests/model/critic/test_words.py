from collections import Counter

import pytest

from abcgen.model.critic.words import words_of
from tests.evaluation.telltale.tunes import section, tune


def found_of(*sections: str, **of: str) -> Counter[str]:
    return Counter(words_of(tune(*sections, **of)))


def test_steps_from_degrees_and_lengths() -> None:
    found = found_of("c2 d2 e2 G2|c8")
    assert {word: found[word] for word in found if word.startswith(("steps", "from"))} == {
        "from 0 1": 1,
        "from 1 1": 1,
        "from 2 -5": 1,
        "from 4 3": 1,
        "steps 1 1": 1,
        "steps 1 -5": 1,
        "steps -5 3": 1,
        "from 0 1 1 -5": 1,
        "from 1 1 -5 3": 1,
    }
    # Eighths are 48 of 1/384 notes.
    assert found["lengths 96 96 1"] == 2
    assert found["lengths 96 384 3"] == 1
    assert found["end 0 3 384"] == 1
    assert (found["lowest 19"], found["highest 24"], found["span 5"]) == (1, 1, 1)


def test_they_are_the_same_in_every_key() -> None:
    melody, higher = "c2 d2 e2 G2|c8", "d2 e2 f2 A2|d8"
    kinds = "steps", "from", "lengths", "end"
    one, other = (
        {word: count for word, count in found.items() if word.startswith(kinds)}
        for found in (found_of(melody), found_of(higher, key="D"))
    )
    assert one == other


def test_which_bars_come_back_and_with_which_rhythm() -> None:
    found = found_of(section("ABCDABEF"), section("AHCDGHEH"))
    assert found["first 4 4 same"] == found["first 5 4 same"] == 1
    assert found["first 1 1 rhythm"] == 1  # two bars of eighths
    assert found["first 2 1 none"] == 1
    assert found["later 7 2 same"] == 1
    assert found["as first 0 same"] == found["as first 2 same"] == 1
    assert found["as first 1 none"] == 1
    assert found["different 6 8"] == 2
    assert found["begin 0 0"] == 3 and found["phrase 3 4"] == 2


def test_what_chords_there_are_and_what_sounds_with_them() -> None:
    found = found_of('"C"c4 d4|"F"f4 "G"g2 ^a2|e8|"C"c8')
    assert found["chords 0"] == 2 and found["chords 3 4"] == 1
    assert found["three chords 0 3 4"] == found["three chords 3 4 0"] == 1
    assert found["last chords 4 0"] == 1
    assert found["with 0 0"] == 2 and found["with 0 1"] == found["with 4 4"] == 1
    assert found["with 4 ^5"] == found["sign ^5"] == 1
    assert found["with 3 3"] == 1 and not found["with 3 4"]  # the second chord ends the first


def test_leaps_beyond_nine_steps_are_one() -> None:
    found = found_of("C2 c'2 C2 e'2|z8")
    assert found["from 0 9"] == 2 and found["from 0 -9"] == 1


def test_rests_are_no_notes() -> None:
    found = found_of("z4 c4|z8|d8")
    assert found["lengths 192 384 1"] == 1
    assert not any(word.startswith("steps") for word in found)


@pytest.mark.parametrize("text", [tune("z8|z8"), tune("c8"), "X:1\nM:4/4\nL:1/8\nK:C\n"])
def test_the_smallest_tunes_have_words_or_none(text: str) -> None:
    assert len(words_of(text)) < 15
