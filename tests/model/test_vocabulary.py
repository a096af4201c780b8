import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abcgen.errors import VocabularyError
from abcgen.grammar.alphabet import BY_EDITION
from abcgen.model.vocabulary import Vocabulary


def test_indices_follow_the_sorted_characters() -> None:
    vocabulary = Vocabulary.of("cabba\n")
    assert vocabulary.idx2char == ("\n", "a", "b", "c")
    assert vocabulary.char2idx == {"\n": 0, "a": 1, "b": 2, "c": 3}
    assert len(vocabulary) == 4


@given(st.text(min_size=1))
def test_decoding_undoes_encoding(text: str) -> None:
    vocabulary = Vocabulary.of(text)
    encoded = vocabulary.encode(text)
    assert encoded.dtype == np.int32
    assert vocabulary.decode(encoded) == text


def test_what_can_be_written_depends_on_the_edition_of_the_spelling() -> None:
    first, newest = (Vocabulary("X:1\nabc", edition=edition) for edition in BY_EDITION)
    assert first != newest and hash(first) != hash(newest)
    assert newest == Vocabulary("X:1\nabc")
    assert first.alphabet.letters == newest.alphabet.letters == "cab"
    assert [one.alphabet.edition for one in (first, newest)] == list(BY_EDITION)
    with pytest.raises(VocabularyError, match="edition 3 of the spelling is none of 1, 2"):
        Vocabulary("abc", edition=3)


@pytest.mark.parametrize("characters", [["ab"], ["a", "a"], [], [""]])
def test_what_is_not_a_vocabulary_is_refused(characters: list[str]) -> None:
    with pytest.raises(VocabularyError):
        Vocabulary(characters)


@pytest.mark.parametrize(
    ("character", "remedy"),
    [
        ("\u00e9", "write 'e' instead"),
        ("E", "write 'e' instead"),
        ("\t", "write ' ' instead"),
        ("\u2019", 'write "\'" instead'),
        ("\u2603", "leave it out"),
    ],
)
def test_a_character_outside_is_named_with_its_place_and_a_remedy(
    character: str, remedy: str
) -> None:
    vocabulary = Vocabulary.of("T:caf e'\n")
    with pytest.raises(VocabularyError) as caught:
        vocabulary.encode(f"T:caf\ncaf{character}")
    message = str(caught.value)
    assert f"U+{ord(character):04X}" in message
    assert "line 2, column 4" in message
    assert remedy in message
