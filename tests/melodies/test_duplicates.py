import pytest

from abcgen.melodies.duplicates import DuplicateFinder, content_hash
from abcgen.melodies.melody import played_steps
from abcgen.notation.form import read_sections
from abcgen.notation.tune import read_tune
from tests.tunes import made_up_tune


def steps_of(text: str) -> list[tuple[int, int, int]]:
    return played_steps(read_sections(read_tune(text)))


def test_key_and_note_length_make_no_difference() -> None:
    in_c = steps_of("X:1\nM:4/4\nL:1/8\nK:C\nCDEF GABc|c4 C4|\n")
    in_d_twice_as_long = steps_of("X:1\nM:4/4\nL:1/4\nK:D\nDEFG|ABcd|d4 D4|\n")
    assert in_c == in_d_twice_as_long
    assert content_hash(in_c) == content_hash(in_d_twice_as_long)
    assert content_hash(in_c) != content_hash(in_c[:-1])


def test_of_notes_that_begin_together_the_highest_counts() -> None:
    assert steps_of("X:1\nL:1/8\nK:C\n[CEc]2 [GB]2|\n") == [(-1, 1, 1)]


def test_a_tune_with_a_few_notes_changed_is_found() -> None:
    finder = DuplicateFinder()
    for number in range(20):
        assert finder.add(steps_of(made_up_tune(number))) is None
    changed = made_up_tune(7).replace("K:", "T:other\nK:", 1)
    head, _, body = changed.rpartition("|:")
    other = body.replace(body[3], "G", 1)
    assert finder.add(steps_of(f"{head}|:{other}")) == 7


def test_different_tunes_are_not_duplicates() -> None:
    finder = DuplicateFinder()
    found = [finder.add(steps_of(made_up_tune(number))) for number in range(200)]
    assert found == [None] * 200


def test_very_short_tunes_do_not_fail() -> None:
    finder = DuplicateFinder()
    assert finder.add([]) is None
    assert finder.add([(1, 1, 1)]) is None
    assert finder.add([(1, 1, 1)]) == 1


def test_a_book_with_more_steps_than_there_are_numbers_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("abcgen.melodies.duplicates._NUMBERS", 8)
    finder = DuplicateFinder()
    melodies = [[(place * number, 1, 1) for place in range(20)] for number in range(1, 9)]
    for melody in melodies:
        finder.add(melody)
    assert finder.add(melodies[0]) == 0
