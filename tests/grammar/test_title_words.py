import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.grammar import title_words
from abcgen.grammar.header import MOST_IN_TITLE
from abcgen.grammar.title_words import TitleWords

words = st.text("abAB'.", min_size=1, max_size=30)
titles = st.lists(st.lists(words, min_size=1, max_size=5).map(" ".join), min_size=1, max_size=9)


def same(text: str) -> set[str]:
    """Return the words of a text, without what collections put around titles; see below."""
    return {word.casefold().strip(" .,;:-'") for word in text.split(" ")}


def walk(known: TitleWords, chance: random.Random) -> str:
    """Return a title drawn from what is allowed."""
    title = ""
    while (character := chance.choice(known.allowed(title))) != "\n":
        title += character
    return title


def test_words_are_known_and_titles_are_not() -> None:
    known = TitleWords(["The Lark", "A Reel", "The Reel of Tullo", "Reel"])
    assert known.allowed("") == "ART"
    assert known.allowed("T") == "h"
    assert known.allowed("The ") == "ALRTo"
    assert known.allowed("The T") == "hu"
    assert known.allowed("The Re") == "e"
    assert known.allowed("The Reel") == " \n"
    assert known.allowed("The Lark") == " "
    assert len(known) == 6


def test_a_title_begins_and_ends_as_known_ones_do() -> None:
    known = TitleWords(["The Lark", "A Reel", "The Reel of Tullo", "Reel", "Lark The"])
    assert "\n" not in known.allowed("The Reel of") + known.allowed("A Reel The")
    assert "\n" in known.allowed("The Reel of Reel")
    assert known.allowed("") == "ALRT"
    assert known.allowed("T") == "h"


@given(titles, st.randoms(use_true_random=False))
def test_every_title_ends_in_time_and_is_made_of_known_words(
    given_titles: list[str], chance: random.Random
) -> None:
    short = [title for title in given_titles if len(title) <= MOST_IN_TITLE]
    known = TitleWords([*short, "a"])
    title = walk(known, chance)
    assert len(title) <= MOST_IN_TITLE
    assert same(title) <= same(" ".join([*short, "a"]))


@pytest.mark.parametrize("seed", range(20))
def test_no_title_is_a_known_one_where_another_can_be_made(seed: int) -> None:
    known = ["The Lark", "A Reel", "The Reel of Tullo", "Reel", "The", "A", "of"]
    assert walk(TitleWords(known), random.Random(seed)) not in known


def test_titles_with_numbers_or_brackets_give_no_words() -> None:
    known = TitleWords(["Polka No. 2", "The Cripple (Miss Bell)", "What Then ?", "Oh !", "Reel"])
    assert known.allowed("") == "R"
    assert len(known) == 1


def test_lines_without_a_word_are_no_titles() -> None:
    known = TitleWords(["", " ", "X  Y "])
    assert len(known) == 2
    assert known.allowed("") == "X"
    assert known.allowed("X ") == "XY"


def test_a_known_title_will_do_where_no_other_fits() -> None:
    longest = "a" * MOST_IN_TITLE
    assert TitleWords([longest]).allowed(longest) == "\n"


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ("BARNEY'S GOAT -- JIG", ["Barney's", "Goat"]),
        ("'GOOD GIRL', THE", ["The", "Good", "Girl"]),
        ("O'NEILL'S II MARCH.", ["O'Neill's", "II", "March"]),
        ("Crow's Nest., The", ["The", "Crow's", "Nest"]),
        ("Cuckoo's Nest. -- HORNPIPE", ["Cuckoo's", "Nest"]),
        ("'POP GOES.'", ["Pop", "Goes"]),
        ("Go, Down", ["Go", "Down"]),
        ("Johnny, Come Down", ["Johnny", "Come", "Down"]),
        ("'Neath the Moon - 4 Part", ["'Neath", "the", "Moon"]),
        ("Miss J. McLeod's", ["Miss", "J.", "McLeod's"]),
    ],
)
def test_what_collections_put_around_titles_is_no_word(known: str, words: list[str]) -> None:
    plain = " ".join(words)
    made = TitleWords([known])
    assert all(plain[at] in made.allowed(plain[:at]) for at in range(len(plain)))
    assert len(made) == len(words)
    # It is known in either spelling.
    assert "\n" not in made.allowed(plain)


@given(st.text("aB.,;:- 'ETh", max_size=12))
def test_titles_that_are_passed_over_would_not_change(title: str) -> None:
    changed = title_words._plain(title)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(title_words, "_NOT_PLAIN", re.compile(""))
        assert title_words._plain(title) == changed
