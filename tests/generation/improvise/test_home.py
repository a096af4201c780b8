"""The key of chords, and the keys and chords in which the network reads."""

import pytest

from abcgen.generation.improvise.home import chord_at_home, home_of, key_of_chords
from abcgen.notation.chart import read_chart


@pytest.mark.parametrize(
    ("chords", "key"),
    [
        ("G C D7 G Em Am D7 G", "G"),
        ("Em D Em Bm Em D Em", "Em"),
        ("Dm7 G7 Cmaj7 Cmaj7", "C"),
        ("Am Dm E7 Am F C Dm-E7 Am", "Am"),
        ("F7 F7 F7 F7 Bb7 Bb7 F7 F7 C7 Bb7 F7 C7", "F"),
        ("Ab Fm7 Bbm7 Eb7 Abmaj7 Dbmaj7 Gdim Ab", "Ab"),
        ("C#m F#m G#7 C#m", "C#m"),
        ("C Am F G Am", "Am"),  # where the last chord decides
    ],
)
def test_the_key_of_chords(chords: str, key: str) -> None:
    assert key_of_chords(read_chart(chords)) == key


@pytest.mark.parametrize(
    ("key", "home"), [("C", "D"), ("Ab", "G"), ("Am", "Bm"), ("Fm", "Em"), ("Gdor", "Ador")]
)
def test_home_is_near_and_in_the_same_mode(key: str, home: str) -> None:
    assert home_of(key) == home


def test_chords_at_home_are_simpler() -> None:
    assert [chord_at_home(chord, 2) for chord in ("Cmaj7", "Am7/G", "Ebdim7", "G9", "F#m")] == [
        "D", "Bm", "Fdim", "A7", "G#m"
    ]  # fmt: skip
