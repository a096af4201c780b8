import pytest

from abcgen.errors import UsageError
from abcgen.generation.wishes import read_wishes
from abcgen.grammar.wishes import ANYTHING, Wishes


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"key": "e dorian"}, Wishes(key="Edor")),
        ({"key": "Em"}, Wishes(key="Em")),
        ({"key": "bb"}, Wishes(key="Bb")),
        ({"meter": "C|"}, Wishes(meter="C|")),
        ({"rhythm": "Jigs"}, Wishes(rhythm="jig")),
        ({"form": "8,8"}, Wishes(form=(8, 8))),
        ({"form": " 4, 12 "}, Wishes(form=(4, 12))),
        ({"form": "8 8"}, Wishes(form=(8, 8))),
        ({"chords": False}, Wishes(chords=False)),
        ({"title": "The  Cat's Whiskers"}, Wishes(title="The Cat's Whiskers")),
        ({}, ANYTHING),
    ],
)
def test_wishes_are_read_as_people_write_them(given: dict[str, object], read: Wishes) -> None:
    assert read_wishes(**given) == read  # type: ignore[arg-type]


def test_a_title_is_written_plainly_and_that_is_reported() -> None:
    said: list[str] = []
    wishes = read_wishes(title="Caf\u00e9 \u2018An \u00c9ireann\u2019", on_change=said.append)
    assert wishes.title == "Cafe 'An Eireann'"
    assert said == ["""the title is written as "Cafe 'An Eireann'\""""]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"key": "H"}, "no key 'H'"),
        ({"key": ""}, "no key"),
        ({"key": "G#"}, "no key"),
        ({"meter": "6/7"}, "expected one of 2/4, 3/4"),
        ({"rhythm": "gig"}, "did you mean jig"),
        ({"form": "8,0"}, "1 or more"),
        ({"form": "8,-1"}, "1 or more"),
        ({"form": ""}, "1 or more"),
        ({"form": "\u0668"}, "1 or more"),
        ({"form": "AABB"}, "such as 8,8"),
        ({"form": "100,100"}, "128 bars"),
        ({"title": 'The "Best"'}, "character 5"),
        ({"title": "Two\nLines"}, "character 4"),
        ({"title": "\u2663 Clubs"}, "black club suit"),
        ({"title": "   "}, "at least one character"),
        ({"title": "a" * 100}, "80 characters"),
        ({"rhythm": "hornpipe", "meter": "6/8"}, "hornpipe"),
        ({"chords": True, "meter": "7/8"}, "leave out chords"),
    ],
)
def test_what_no_tune_can_have_is_refused(given: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read_wishes(**given)  # type: ignore[arg-type]
