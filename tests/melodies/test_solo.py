from fractions import Fraction

import pytest

from abcgen.melodies.solo import (
    BARS_OF_PHRASE,
    KINDS,
    LENGTHS,
    MOST_STEPS,
    Harmony,
    Value,
    phrases_of,
    value_of,
)
from abcgen.model.vocabulary import Vocabulary

HEADER = "X:1\nT:Solo\nM:4/4\nL:1/8\nK:C\n"


def values_of(music: str) -> list[tuple[str, str, int]]:
    """Return kind, eighths and step of each value of a tune."""
    (phrase,) = phrases_of(HEADER + music)
    values = map(value_of, phrase)
    return [(value.kind, str(8 * value.length), value.step) for value in values]


def test_each_value_is_a_character_of_its_own() -> None:
    values = [
        Value(kind, length, step)
        for kind in KINDS
        for length in LENGTHS
        for step in range(-MOST_STEPS, MOST_STEPS + 1)
    ]
    characters = [value.character for value in values]
    assert list(map(value_of, characters)) == values
    assert len(Vocabulary(characters)) == len(values)
    assert all(0xE000 <= ord(character) < 0xF900 for character in characters)  # private use


def test_notes_are_told_by_their_chord_length_and_step() -> None:
    assert values_of('"C"CD^F2 z2^c2|"G7"b4 B,4|]\n') == [
        ("C", "1", 0),
        ("S", "1", 1),
        ("A", "2", 1),  # below the fifth
        ("R", "2", 0),
        ("A", "2", 2),  # above the root, and below a note of the next chord
        ("C", "4", 3),
        ("C", "4", -4),  # two octaves, and more than is told
    ]


def test_approaches_look_at_the_next_chord() -> None:
    chords = [(Fraction(0), "C"), (Fraction(1), "Am")]
    harmony = Harmony(chords, "C")
    assert [harmony.kind_of(pitch, Fraction(0)) for pitch in (60, 62, 68, 70)] == [*"CSAA"]
    assert Harmony(chords[:1], "C").kind_of(70, Fraction(0)) == "X"


def test_a_solo_begins_with_its_first_chord_and_is_cut_into_phrases() -> None:
    bars = ["c8|"] * 2 + ['"C"c8|'] + ["c8|"] * (2 * BARS_OF_PHRASE - 4) + ["c8|]"]
    phrases = phrases_of(HEADER + "".join(bars) + "\n")
    assert list(map(len, phrases)) == [BARS_OF_PHRASE - 2, BARS_OF_PHRASE]
    assert phrases_of(HEADER + "c8|c8|]\n") == []


@pytest.mark.parametrize(("written", "eighths"), [("5", "4"), ("7/2", "3"), ("1/4", "1/2")])
def test_odd_lengths_count_as_the_nearest(written: str, eighths: str) -> None:
    values = values_of(f'"C"c{written}|]\n'.replace("1/4", "/4"))
    assert values[0][1] == eighths
